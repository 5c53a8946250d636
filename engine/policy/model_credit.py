"""What a commission counts, as values: which rows, with which amount, and for whom."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..diagnostics import Span
from ..language.tree import Expression, Literal


@dataclass(frozen=True, slots=True)
class Split:
    """Who is credited with a part of a row: a role, a duty or a field of persons.

    ``share`` None: the whole row. The shares of a row total 100 %; an ``overlay`` stands on top of them.

    ``through``: not that person is credited but who stands above by this field of people, ``levels`` of them up (None:
    all).
    """

    to: str
    span: Span
    share: Expression | None = None
    overlay: bool = False
    through: str | None = None
    through_span: Span | None = None
    levels: int | None = 1


@dataclass(frozen=True, slots=True)
class Tranche:
    """A part of each row that counts on a day of its own."""

    share: Fraction
    dated_by: str
    span: Span


@dataclass(frozen=True, slots=True)
class Credit:
    """Which rows of ``table`` earn, how much each counts, and for whom; with ``tranches`` each in parts."""

    table: str
    table_span: Span
    amount: Expression
    splits: tuple[Split, ...]
    span: Span
    where: Expression | None = None
    dated_by: str | None = None
    dated_by_span: Span | None = None
    tranches: tuple[Tranche, ...] = ()
    currency: str | None = None
    """The field with the currency in which ``amount``, a bare number, stands."""
    currency_span: Span | None = None

    @property
    def shares(self) -> tuple[Expression, ...]:
        """Those that total 100 %."""
        return tuple(split.share for split in self.splits if split.share is not None and not split.overlay)

    @property
    def shares_vary(self) -> bool:
        """Whether a row must be asked for what its shares total."""
        return written_total(self.shares) is None and bool(self.shares)


def written_total(shares: tuple[Expression, ...]) -> Fraction | None:
    """What shares total that are plain numbers; None where one is not, or there is none."""
    total = Fraction(0)
    for share in shares:
        value = share.root.value if isinstance(share.root, Literal) else None
        if not isinstance(value, Fraction):
            return None
        total += value
    return total if shares else None
