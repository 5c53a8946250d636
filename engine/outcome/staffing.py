"""The ratios of staffing as rows of ``staffing.csv``: how many people the load needs beside those there are."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from ..language.tree import Expression
from ..policy.model_staffing import Ratio, Staffing
from ..program.compile import Aggregate, Formula
from ..program.evaluate import Book
from ..program.measured import COMPANY, Line
from ..program.spoken import lacking, source_of, spoken

SHORT, ENOUGH, SPARE, MISSING = "short", "enough", "spare", "missing"


@dataclass(frozen=True, slots=True)
class StaffingRow:
    """One line of a ratio. ``needed`` is in whole people, ``short`` negative where some are spare, ``over`` the load
    that those there are do not carry."""

    policy: str
    ratio: str
    of: str
    load: Fraction | None
    one_carries: Fraction | None
    needed: Fraction | None
    have: Fraction | None
    short: Fraction | None
    over: Fraction | None
    status: str
    because: str
    source: str


def staffing_rows(book: Book) -> list[StaffingRow]:
    """In the order of policy, ratio and whose line it is."""
    rows = [
        _row(book, policy, ratio, who)
        for policy in book.program.force.staffings
        for ratio in policy.ratios
        for who in _lines(book, ratio)
    ]
    return sorted(rows, key=lambda row: (row.policy, row.ratio, row.of))


def _lines(book: Book, ratio: Ratio) -> list[str]:
    """Whoever has one of the measures that the ratio reads."""
    if ratio.per == COMPANY:
        return [COMPANY]
    read = dict.fromkeys(name for part in _parts(ratio) for name in part.names)
    found = book.program.definitions
    measures = [d for name in read if isinstance(d := found.get(name), Aggregate | Formula)]
    return sorted({who for measure in measures if measure.per == ratio.per for who in book.measured(measure.name)})


def _parts(ratio: Ratio) -> tuple[Expression, Expression, Expression]:
    return ratio.load, ratio.one_carries, ratio.have


def _row(book: Book, policy: Staffing, ratio: Ratio, who: str) -> StaffingRow:
    line = Line(book, who)
    values = [book.value(part, line) for part in _parts(ratio)]
    load, carries, have = (value if isinstance(value, Fraction) else None for value in values)
    needed = short = over = None
    status, because = MISSING, ""
    lacks = [book.missing(part, line) for part, value in zip(_parts(ratio), values, strict=True) if value is None]
    if load is None or carries is None or have is None:
        because = f"cannot be counted without {lacking(dict.fromkeys(name for names in lacks for name in names))}"
    elif carries <= 0:
        because = f"one person carries {spoken(carries)}: it must be more than 0"
    else:
        needed = Fraction(max(ceil(load / carries), 0))
        short, over = needed - have, max(load - carries * have, Fraction(0))
        status = SHORT if short > 0 else SPARE if short < 0 else ENOUGH
        because = ratio.because or policy.because
    return StaffingRow(
        policy=policy.name,
        ratio=ratio.name,
        of=who,
        load=load,
        one_carries=carries,
        needed=needed,
        have=have,
        short=short,
        over=over,
        status=status,
        because=because,
        source=source_of(ratio.span),
    )
