"""Credits as a frame, one line a credit, numbers whole over divisors; as objects only for whom they are asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from heapq import merge
from itertools import groupby
from typing import TYPE_CHECKING, Any, overload

from ...lines import Lines, Merged, Part, columns_of
from .credits import Credited

if TYPE_CHECKING:
    import polars as pl

    from ...columns import ExactColumn

NUMBERS = ("credit_amount", "rate", "share", "earning")
COLUMNS = tuple(each.name for each in fields(Credited))
PLACE = ("table", "row")
AT_ONCE = 100_000
"""Lines that are objects at one time while all are walked through."""


@dataclass(frozen=True, slots=True)
class CreditFrame:
    """Credits of one plan, period and component, in their order.

    ``frame`` has the columns of ``Credited`` but those in ``same``, which are alike in all lines; beside them ``index``
    (the record of the table) and ``nth`` (which of the credits of a row). The four numbers are whole (Int64 or Int128)
    over ``divisors``; null is missing.
    """

    frame: pl.DataFrame
    divisors: Mapping[str, int]
    same: Mapping[str, str]

    def number(self, name: str) -> ExactColumn:
        from ...columns import NUMBER, ExactColumn

        return ExactColumn(NUMBER, self.frame[name], self.divisors[name])

    def where(self, mask: pl.Expr) -> CreditFrame:
        kept = self.frame.select(mask).to_series()
        return self if kept.all() else CreditFrame(self.frame.filter(kept), self.divisors, self.same)

    def as_found(self) -> CreditFrame:
        """In the order of the file and of a row's splits, which breaks ties where credits are paid one by one."""
        return CreditFrame(self.frame.sort("index", "nth"), self.divisors, self.same)

    def credited(self) -> Iterator[Credited]:
        """The lines as objects."""
        if self.frame.is_empty():
            return
        found: dict[str, Sequence[Any]] = {name: [self.same[name]] * len(self.frame) for name in self.same}
        for name in COLUMNS:
            if name not in found:
                found[name] = self.number(name).values() if name in NUMBERS else self.frame[name].to_list()
        for values in zip(*(found[name] for name in COLUMNS), strict=True):
            yield Credited(*values)

    def whole(self) -> pl.DataFrame:
        """The columns of ``Credited`` in their order, and after them the divisor of each number (``rate_of`` …)."""
        import polars as pl

        texts = [pl.lit(value, dtype=pl.String).alias(name) for name, value in self.same.items()]
        numbers = [pl.col(name).cast(pl.Int128) for name in NUMBERS]
        divisors = [pl.lit(self.divisors[name], dtype=pl.Int64).alias(f"{name}_of") for name in NUMBERS]
        return self.frame.with_columns(*texts, *numbers, *divisors).select(*COLUMNS, *(f"{n}_of" for n in NUMBERS))


ORDER = ("plan", "period", "payee", "component", "dated", "record", "file", "row")
"""By the row's own key before its place, so that the sorting of an export moves no cent."""


def credit_order(credit: Credited) -> tuple[object, ...]:
    return tuple(getattr(credit, name) for name in ORDER)


@dataclass
class Listed:
    """Credits as they are found."""

    frames: list[CreditFrame] = field(default_factory=list)
    singly: list[Credited] = field(default_factory=list)

    def add(self, other: Listed) -> None:
        self.frames += other.frames
        self.singly += other.singly

    def with_unpaid(self, unpaid: Listed) -> Credits:
        """All of these, and of the ``unpaid`` those whose row pays the same person by no other plan."""
        gone = self._doubled(unpaid)
        frames = [*self.frames]
        if unpaid.frames:
            import polars as pl
        for each in unpaid.frames:
            own = [row[2:] for row in gone if row[:2] == (each.same["plan"], each.same["table"])]
            double = pl.DataFrame(own, schema={"row": pl.Int64, "payee": pl.String}, orient="row")
            kept = (
                each.frame.join(double, on=["row", "payee"], how="anti", maintain_order="left") if own else each.frame
            )
            frames.append(CreditFrame(kept, each.divisors, each.same))
        singly = [c for c in unpaid.singly if (c.plan, c.table, c.row, c.payee) not in gone]
        return Credits(frames, [*self.singly, *singly])

    def _doubled(self, unpaid: Listed) -> set[tuple[str, str, int, str]]:
        if len({c.plan for c in [*self.singly, *unpaid.singly]} | {f.same["plan"] for f in self.frames}) < 2:
            return set()
        import polars as pl

        served = self._places().unique().rename({"plan": "by"})
        doubled = unpaid._places().unique().join(served, on=[*PLACE, "payee"]).filter(pl.col("by") != pl.col("plan"))
        return set(doubled.select("plan", *PLACE, "payee").unique().iter_rows())

    def _places(self) -> pl.DataFrame:
        """Of every credit the plan, table, row and payee."""
        import polars as pl

        schema = {"plan": pl.String, "table": pl.String, "row": pl.Int64, "payee": pl.String}
        rows = [(c.plan, c.table, c.row, c.payee) for c in self.singly]
        found = [pl.DataFrame(rows, schema=schema, orient="row")]
        for each in self.frames:
            same = (pl.lit(each.same[name], dtype=pl.String).alias(name) for name in ("plan", "table"))
            found.append(each.frame.select(*same, "row", "payee"))
        return pl.concat(found)


class Credits(Sequence[Credited]):
    """All credits of a run in their order: those in frames, and those that were paid row by row (``singly``)."""

    def __init__(self, frames: Sequence[CreditFrame] = (), singly: Sequence[Credited] = ()) -> None:
        self.frames = sorted(frames, key=lambda f: (f.same["plan"], f.same["period"], f.same["component"]))
        self.singly = sorted(singly, key=credit_order)
        self._singly: dict[str, list[Credited]] = {}
        for credit in self.singly:
            self._singly.setdefault(credit.payee, []).append(credit)

    def of(self, payee: str) -> list[Credited]:
        """One payee's credits."""
        found = list(self._singly.get(payee, []))
        if self.frames:
            import polars as pl

            found += [c for each in self.frames for c in each.where(pl.col("payee") == pl.lit(payee)).credited()]
        return sorted(found, key=credit_order)

    def of_payees(self, payees: Collection[str]) -> list[Credited]:
        """The credits of several payees."""
        kept = frozenset(payees)
        found = [credit for credit in self.singly if credit.payee in kept]
        if self.frames and kept:
            import polars as pl

            asked = pl.col("payee").is_in(sorted(kept))
            found += [credit for each in self.frames for credit in each.where(asked).credited()]
        return sorted(found, key=credit_order)

    def of_records(self, plan: str, component: str, records: Collection[str]) -> list[Credited]:
        """The credits of a plan's component for these records."""
        kept = frozenset(records)
        found = [c for c in self.singly if (c.plan, c.component) == (plan, component) and c.record in kept]
        frames = [each for each in self.frames if (each.same["plan"], each.same["component"]) == (plan, component)]
        if frames and kept:
            import polars as pl

            asked = pl.col("record").is_in(sorted(kept))
            found += [credit for each in frames for credit in each.where(asked).credited()]
        return sorted(found, key=credit_order)

    def count(self, value: Any) -> int:
        """How often this credit is there; or, of a status, how many credits have it."""
        if not isinstance(value, str):
            return super().count(value)
        in_frames = sum(int((each.frame["status"] == value).sum()) for each in self.frames)
        return in_frames + sum(1 for credit in self.singly if credit.status == value)

    @property
    def part(self) -> Part | None:
        """The lines in columns, those paid row by row between them; None where all were."""
        return Merged(CreditLines(self.frames), self.singly, ORDER) if self.frames else None

    def __len__(self) -> int:
        return sum(len(each.frame) for each in self.frames) + len(self.singly)

    def __iter__(self) -> Iterator[Credited]:
        return merge(self._framed(), iter(self.singly), key=credit_order)

    def _framed(self) -> Iterator[Credited]:
        """Plan by plan, period by period, payee by payee."""
        groups: dict[tuple[str, str], list[CreditFrame]] = {}
        for each in self.frames:
            groups.setdefault((each.same["plan"], each.same["period"]), []).append(each)
        for frames in groups.values():
            yield from merge(*map(_in_slices, frames), key=credit_order)

    @overload
    def __getitem__(self, index: int) -> Credited: ...
    @overload
    def __getitem__(self, index: slice) -> list[Credited]: ...
    def __getitem__(self, index: int | slice) -> Credited | list[Credited]:
        return list(self)[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(_same, self, other))

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class CreditLines:
    """Frames of credits as lines of one file."""

    frames: Sequence[CreditFrame]

    @property
    def height(self) -> int:
        return sum(len(each.frame) for each in self.frames)

    def slices(self, lines: int) -> Iterator[Lines]:
        """Plan by plan and period by period; several components of one lie between each other."""
        for _, group in groupby(self.frames, key=lambda each: (each.same["plan"], each.same["period"])):
            frames = list(group)
            whole = frames[0].whole() if len(frames) == 1 else self._together(frames)
            for start in range(0, len(whole), lines):
                some = whole.slice(start, lines)
                divisors = {name: some[f"{name}_of"] for name in NUMBERS}
                yield Lines(columns_of({name: some[name] for name in COLUMNS}, divisors))

    def _together(self, frames: Sequence[CreditFrame]) -> pl.DataFrame:
        import polars as pl

        return pl.concat(each.whole() for each in frames).sort(ORDER, maintain_order=True)


def _same(one: object, other: object) -> bool:
    return one == other


def _in_slices(credits: CreditFrame) -> Iterator[Credited]:
    for start in range(0, len(credits.frame), AT_ONCE):
        yield from CreditFrame(credits.frame.slice(start, AT_ONCE), credits.divisors, credits.same).credited()
