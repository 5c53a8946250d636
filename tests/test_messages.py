"""Codes are permanent and stand once; every wording can be filled."""

from __future__ import annotations

import re
import string
from pathlib import Path

from granger.engine.messages import MESSAGES
from granger.engine.messages.language import LANGUAGE
from granger.engine.messages.ledger import LEDGER
from granger.engine.messages.outcome import OUTCOME
from granger.engine.messages.policy import POLICY
from granger.engine.messages.settlement import SETTLEMENT
from granger.engine.messages.source import SOURCE
from granger.engine.messages.tables import TABLES

ENGINE = Path(__file__).resolve().parent.parent / "engine"


def test_no_code_stands_in_two_rooms() -> None:
    rooms = [SOURCE, LANGUAGE, TABLES, POLICY, OUTCOME, LEDGER, SETTLEMENT]
    assert sum(len(room) for room in rooms) == len(MESSAGES) > 120


def test_no_code_is_written_twice_in_its_room() -> None:
    for path in (ENGINE / "messages").glob("*.py"):
        codes = re.findall(r'^    "([a-z-]+)": Wording', path.read_text(encoding="utf-8"), re.MULTILINE)
        assert len(codes) == len(set(codes)), path.name


def test_codes_are_kebab_case_and_say_something() -> None:
    for code, wording in MESSAGES.items():
        assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", code)
        assert not wording.message.endswith(".")
        list(string.Formatter().parse(wording.message + wording.help))


def test_every_code_is_used() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in ENGINE.rglob("*.py") if "messages" not in path.parts)
    unused = [code for code in MESSAGES if f'"{code}"' not in text]
    assert unused == []
