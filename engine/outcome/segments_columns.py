"""The column twin of ``segments``: every account's tier as lines in columns, a slice of accounts at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import polars as pl

from ..language.tree import Literal, Value
from ..lines import Lines, columns_of
from ..program.columns import Columns, Decided
from ..program.compile import Choice
from ..program.decisions import DECIDED, HELD, OVERRIDDEN, Decision, Kept
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
        self.since = _since(columns, choice, self.decided)

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
                "since": self.since.gather(rows),
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


def _since(columns: Columns, choice: Choice, decided: Decided) -> pl.Series:
    """As ``segments.since_of``."""
    days, as_of = pl.repeat(None, len(decided.hit), dtype=pl.Date, eager=True), columns.as_of
    if choice.hold is None:
        return days
    known = [(account_id, *before) for account_id, before in columns.book.tiers_before(choice).items()]
    before = pl.DataFrame(known, schema={"id": pl.String, "before": pl.String, "since": pl.Date}, orient="row")
    names = pl.Series([row.name for row in choice.rows], dtype=pl.String)
    found = pl.DataFrame({"id": columns.account_ids.cast(pl.String), "tier": names.gather(decided.hit)})
    found = found.join(before, on="id", how="left", maintain_order="left")
    since = pl.when(pl.col("tier") == pl.col("before")).then("since").otherwise(pl.lit(as_of, dtype=pl.Date))
    return found.select(pl.when(pl.col("tier").is_not_null()).then(since)).to_series()


def _different(columns: Columns, choice: Choice, decided: Decided) -> tuple[pl.Series, list[Decision]]:
    """The decisions that tell different things, and which of them each account has.

    Where one row of the choice is hit, that row alone tells; the rest differ in few ways, but for overrides.
    """
    plain = decided.hit.is_not_null() & ~decided.status.is_in([OVERRIDDEN, HELD])
    if choice.hit_policy == "collect":
        plain = pl.repeat(False, len(plain), dtype=pl.Boolean, eager=True)
    decisions = [Decision(DECIDED, (hit,)) for hit in range(len(choice.rows))]
    late = (~plain).arg_true()
    seen = _seen(decided, late)
    if decided.until is not None and decided.instead is not None:
        instead = _seen(decided.instead, late).rename(lambda name: f"instead {name}")
        seen = seen.hstack([decided.until.gather(late).alias("until"), *instead])
    pinned = (seen["status"] == OVERRIDDEN).fill_null(False)
    who = columns.account_ids.gather(late)
    seen = seen.with_columns(who.zip_with(pinned, pl.Series([None], dtype=pl.String)).alias("who"))
    distinct = seen.unique(maintain_order=True).with_row_index("code", offset=len(decisions))
    codes = seen.join(distinct, on=seen.columns, how="left", nulls_equal=True, maintain_order="left")["code"]
    for row in distinct.iter_rows(named=True):
        account_id, until = row["who"], row.get("until")
        override = columns.book.overrides[choice.name, account_id] if account_id is not None else None
        found = _decision(row["status"], row["hits"], row["missing"])
        kept = None
        if until is not None:
            natural = _decision(row["instead status"], row["instead hits"], row["instead missing"])
            kept = Kept(found.hits[0], until, natural)
        decisions.append(replace(found, override=override, kept=kept))
    whole = decided.hit.cast(pl.UInt32).scatter(late, codes) if len(late) else decided.hit.cast(pl.UInt32)
    return whole, decisions


def _seen(decided: Decided, rows: pl.Series) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "status": decided.status.gather(rows),
            "hits": decided.hits.gather(rows).cast(pl.List(pl.String)).list.join(","),
            "missing": decided.missing.gather(rows),
        }
    )


def _decision(status: str, hits: str, missing: str) -> Decision:
    rows = tuple(int(hit) for hit in hits.split(",") if hit)
    return Decision(status, rows, tuple(missing.split(", ")) if missing else ())


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
