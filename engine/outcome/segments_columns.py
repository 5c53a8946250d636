"""The column twin of ``segments``: every account's tier as lines in columns, a slice of accounts at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from ..language.tree import Literal, Value
from ..lines import Lines, columns_of
from ..program.columns import Columns, Decided
from ..program.compile import Choice
from ..program.decisions import DECIDED, OVERRIDDEN, Decision
from ..program.spoken_columns import known_texts
from .segments import fact_of, gifts, gives_text, told
from .words import everywhere, words


class SegmentLines:
    """What ``segments`` gives for the accounts of ``columns``, in the same order."""

    def __init__(self, columns: Columns) -> None:
        choices = columns.program.choices.values()
        self.choices = [_ChoiceLines(columns, choice) for choice in sorted(choices, key=lambda choice: choice.name)]
        self.accounts = len(columns.account_ids)

    @property
    def height(self) -> int:
        return sum(int(choice.counts.gather(choice.codes).sum()) for choice in self.choices)

    def slices(self, lines: int) -> Iterator[Lines]:
        for choice in self.choices:
            for start in range(0, self.accounts, lines):
                yield choice.lines(start, min(start + lines, self.accounts))


@dataclass(frozen=True, slots=True)
class _Told:
    """The lines of all decisions that differ: ``lines[code]`` are indices into the others."""

    lines: pl.Series
    tiers: pl.Series
    because: pl.Series
    sources: pl.Series


class _ChoiceLines:
    """A choice, and for every account which of its different decisions (``codes``) it has."""

    def __init__(self, columns: Columns, choice: Choice) -> None:
        self.columns, self.choice = columns, choice
        self.decided = columns.decision(choice)
        self.codes, decisions = _different(columns, choice, self.decided)
        self.told = _told(choice, decisions)
        self.counts = self.told.lines.list.len()
        self.one_each = bool((self.counts == 1).all())
        self.gives = _gives_by_tier(columns, choice)

    def lines(self, start: int, end: int) -> Lines:
        """The lines of the accounts ``[start, end)``."""
        codes = self.codes.slice(start, end - start)
        rows = pl.int_range(start, end, dtype=pl.UInt32, eager=True)
        found = self.told.lines.gather(codes)
        if not self.one_each:
            rows = pl.select(pl.lit(rows).repeat_by(self.counts.gather(codes)).explode()).to_series()
        index = found.explode()
        columns = columns_of(
            {
                "policy": everywhere(self.choice.name, len(rows)),
                "fact": everywhere(fact_of(self.columns.program, self.choice), len(rows)),
                "account_id": self.columns.account_ids.gather(rows),
                "tier": self.told.tiers.gather(index),
                "status": self.decided.status.gather(rows),
                "gives": self._gives(rows),
                "because": self.told.because.gather(index),
                "missing": self.decided.missing.gather(rows),
                "source": self.told.sources.gather(index),
            }
        )
        return Lines(columns)

    def _gives(self, rows: pl.Series) -> pl.Series:
        if self.gives is not None:
            return self.gives.gather(self.decided.hit.gather(rows))
        program = self.columns.program
        texts: list[pl.Expr] = []
        for pick in gifts(program, self.choice):
            values = self.columns.name(pick.name).gather(rows)
            texts.append(pl.lit(f"{pick.name}=") + known_texts(values, program.types.get(pick.name)))
        return pl.select(pl.concat_str(texts, separator="; ", ignore_nulls=True)).to_series()


def _different(columns: Columns, choice: Choice, decided: Decided) -> tuple[pl.Series, list[Decision]]:
    """The decisions that tell different things, and which of them each account has.

    Where one row of the choice is hit, that row alone tells; the rest differ in few ways, but for overrides.
    """
    plain = decided.hit.is_not_null() & (decided.status != OVERRIDDEN)
    if choice.hit_policy == "collect":
        plain = pl.repeat(False, len(plain), dtype=pl.Boolean, eager=True)
    decisions = [Decision(DECIDED, (hit,)) for hit in range(len(choice.rows))]
    late = (~plain).arg_true()
    seen = pl.DataFrame(
        {
            "status": decided.status.gather(late),
            "hits": decided.hits.gather(late).cast(pl.List(pl.String)).list.join(","),
            "missing": decided.missing.gather(late),
        }
    )
    pinned = (seen["status"] == OVERRIDDEN).fill_null(False)
    who = columns.account_ids.gather(late)
    seen = seen.with_columns(who.zip_with(pinned, pl.Series([None], dtype=pl.String)).alias("who"))
    distinct = seen.unique(maintain_order=True).with_row_index("code", offset=len(decisions))
    codes = seen.join(distinct, on=seen.columns, how="left", nulls_equal=True, maintain_order="left")["code"]
    for status, hits, missing, account_id in distinct.drop("code").iter_rows():
        override = columns.book.overrides[choice.name, account_id] if account_id is not None else None
        rows = tuple(int(hit) for hit in hits.split(",") if hit)
        decisions.append(Decision(status, rows, tuple(missing.split(", ")) if missing else (), override))
    whole = decided.hit.cast(pl.UInt32).scatter(late, codes) if len(late) else decided.hit.cast(pl.UInt32)
    return whole, decisions


def _told(choice: Choice, decisions: Sequence[Decision]) -> _Told:
    found: list[tuple[str, str, str]] = []
    lines: list[list[int]] = []
    for decision in decisions:
        one = sorted(told(choice, decision), key=lambda line: (line[0], line[2]))
        lines.append(list(range(len(found), len(found) + len(one))))
        found += one
    tiers, because, sources = ([line[i] for line in found] for i in range(3))
    return _Told(pl.Series(lines, dtype=pl.List(pl.UInt32)), words(tiers), words(because), words(sources))


def _gives_by_tier(columns: Columns, choice: Choice) -> pl.Series | None:
    """What each row of the choice gives, where that is written down; None where it is computed for the account."""
    found = []
    if choice.hit_policy == "collect":
        return words([""] * len(choice.rows))
    for row in range(len(choice.rows)):
        values: dict[str, Value] = {}
        for pick in gifts(columns.program, choice):
            expression = pick.values[row]
            root = expression.root if expression is not None else Literal(None)
            if not isinstance(root, Literal):
                return None
            values[pick.name] = root.value
        found.append(gives_text(values, columns.program))
    return words(found)
