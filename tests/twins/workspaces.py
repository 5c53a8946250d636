"""Whole workspaces drawn by a seed, and their runs by both readings, byte for byte."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

import granger
from granger.engine.decide import reference
from granger.engine.language.generated import Replay
from granger.engine.runners.memory import PARTS

from . import workspace_figures, workspace_frame, workspace_kinds, workspace_pay, workspace_plays, workspace_policies
from .workspace_days import with_days
from .workspace_pay_terms import with_terms
from .workspace_rows import Rows
from .workspace_team import with_team


def written(seed: int, folder: Path, *, accounts: int = 40, edge: bool = False) -> Path:
    """The folder of a drawn workspace, with its data. Every second has numbers that no column holds; ``edge`` as in
    ``Rows``."""
    random = Random(seed)
    files = {
        "granger.yaml": workspace_frame.top(random),
        **workspace_figures.library(random),
        **workspace_policies.segmentations(random),
        "seen.yaml": workspace_policies.seen(),
        **{f"h{i}.yaml": workspace_policies.health(random, f"h{i}") for i in range(2)},
        **workspace_kinds.kinds(random),
        **{f"book{i}.yaml": workspace_plays.playbook(random, f"book{i}") for i in range(2)},
        **workspace_pay.plans(Random(f"pay {seed}"), seed),
        **Rows(random, accounts, huge=seed % 2 == 1 and not edge, edge=edge).files(),
    }
    folder.mkdir(parents=True)
    for name, text in with_terms(seed, with_team(seed, with_days(seed, files))).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@dataclass(frozen=True)
class Ran:
    """The files of a run; ``replayed`` accounts were left to the reference."""

    texts: dict[str, str]
    replayed: int

    @property
    def lines(self) -> Counter[str]:
        return Counter({name.split("/")[0]: text.count("\n") for name, text in self.texts.items()})


def ran(
    pack: granger.Pack, reading: str, as_of: date, previous: Path | None = None, parts: Iterable[str] = PARTS
) -> Ran:
    run = pack.run(as_of=as_of, reading=reading, previous=previous, parts=parts)
    texts = run.texts()
    record = json.loads(texts["run.json"])
    assert record.pop("reading") == reading
    replayed = record.pop("replayed", 0)
    texts["run.json"] = json.dumps(record)
    return Ran(texts, replayed)


def difference(one: Ran, other: Ran) -> str:
    """The first line that differs, with its file; empty where all is alike."""
    if one.texts.keys() != other.texts.keys():
        return f"files {sorted(one.texts.keys() ^ other.texts.keys())}"
    for name, text in one.texts.items():
        if text != other.texts[name]:
            pairs = zip(text.split("\n"), other.texts[name].split("\n"), strict=False)
            first = next(((a, b) for a, b in pairs if a != b), ("", "more lines"))
            return f"{name}\n  {first[0]}\n  {first[1]}"
    return ""


Asked = tuple[dict[str, object], dict[str, list[dict[str, str]]], dict[str, object]]
"""An account as a caller brings it, the rows of nobody, and what the reference decides."""


def asked(pack: granger.Pack, folder: Path, as_of: date, count: int) -> Iterator[Asked]:
    """Some accounts one at a time."""
    texts = {path.stem: io.StringIO(path.read_bytes().decode("utf-8"), newline="") for path in folder.glob("*.csv")}
    rows = {name: list(csv.DictReader(text)) for name, text in texts.items()}
    people = {name: rows[name] for name in ("people", "time_off") if name in rows}
    for account in rows["accounts"][:count]:
        given: dict[str, object] = dict(account)
        for name in ("events", "deals", "assignments", "overrides"):
            own = [row for row in rows[name] if row["account_id"] == account["account_id"]]
            given[name] = [{key: value for key, value in row.items() if key != "account_id"} for row in own]
        yield given, people, reference.decide(pack.policies, given, as_of, people)


def decided(pack: granger.Pack, accounts: Iterable[Asked], as_of: date) -> Iterator[tuple[str, object, object]]:
    """Of each account: how (fast or slow), as it was decided, and as the reference decides."""
    prepared = pack.deciders.on(as_of)
    for given, people, expected in accounts:
        try:
            if prepared is None:  # people have days of their own: the reference decides
                yield "reference", pack.deciders.decide(given, as_of, people), expected
            else:
                yield "fast", prepared.decide(given, people), expected
        except Replay:
            yield "slow", pack.deciders.decide(given, as_of, people), expected
