"""The page about messages is made from the table of codes, and holds every one of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from granger.engine.messages import MESSAGES
from granger.engine.writers.message_reference import main, message_reference

PAGE = Path(__file__).resolve().parents[2] / "docs" / "messages.md"


def rows() -> list[list[str]]:
    found = [line for line in message_reference().splitlines() if line.startswith("| `")]
    return [re.split(r" (?<!\\)\| ", line.removeprefix("| ").removesuffix(" |")) for line in found]


def test_the_committed_page_is_what_is_generated_now() -> None:
    assert PAGE.read_text(encoding="utf-8") == message_reference(), "write it anew with: make docs"


def test_every_code_has_its_row_in_order() -> None:
    assert len(MESSAGES) > 100
    assert [cells[0] for cells in rows()] == [f"`{code}`" for code in sorted(MESSAGES)]


def test_a_row_has_four_cells_and_no_slot_is_left_as_code() -> None:
    for cells in rows():
        assert len(cells) == 4, cells
        assert cells[1] == str(MESSAGES[cells[0].strip("`")].severity)
        assert not re.search(r"\{\w+(![rs])?\}", "".join(cells)), cells
        assert "{{" not in "".join(cells), cells


def test_main_writes_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "page.md")]) == 0
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == message_reference()
    assert main([]) == 0
    assert capsys.readouterr().out == message_reference()
