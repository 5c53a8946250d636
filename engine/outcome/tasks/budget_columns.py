"""The column twin of ``budgets``: what every account may cost beside what is planned for it, as lines in columns.

Figures that 128 bits cannot multiply are the reference's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from ...columns import DATE, INT128, ExactColumn
from ...language.tree import Expression
from ...lines import Lines, columns_of
from ...policy.model_staffing import Budget, Staffing
from ...program.columns import Columns
from ...program.spoken import source_of
from ...program.spoken_columns import lacking_texts
from ...texts import constant, magnitude
from ..words import everywhere, words
from .budget_costs import APART, costs, joined
from .budget_touches import planned_in_columns
from .budgets import NOTHING_ALLOWED, BudgetRow, Budgets, because_of, budget_rows, no_time, word_of
from .calendar import Calendars
from .routed_columns import field_texts
from .schedule import each

_ROOM = INT128[-1] // 2


@dataclass(frozen=True, slots=True)
class BudgetLines:
    """The rows of ``budgets`` for the accounts that columns hold, one part a budget."""

    parts: Sequence[Mapping[str, ExactColumn]]

    @property
    def height(self) -> int:
        return sum(len(part["account_id"]) for part in self.parts)

    def slices(self, lines: int) -> Iterator[Lines]:
        for part in self.parts:
            for start in range(0, len(part["account_id"]), lines):
                yield Lines({name: column.slice(start, lines) for name, column in part.items()})


def budgets_in_columns(columns: Columns, calendars: Calendars, others: Sequence[str]) -> tuple[BudgetLines, Budgets]:
    """The lines in columns; and in rows what the reference has to tell: of ``others``, and of what does not fit. Its
    roles ``without`` a cost are those of all."""
    parts: list[Mapping[str, ExactColumn]] = []
    rows: list[BudgetRow] = []
    without: set[str] = set()
    ids = columns.account_ids.cast(pl.String)
    pairs = [(policy, budget) for policy in columns.program.force.staffings for budget in policy.budgets]
    for policy, budget in sorted(pairs, key=lambda pair: (pair[0].name, pair[1].name)):
        try:
            one = _Budgeting(columns, calendars, policy, budget)
            parts.append(one.lines())
            without |= one.costs.without
            late = ids.filter(one.late).to_list()
        except OverflowError:  # not an error: figures that no column holds exactly
            late = ids.to_list()
        told = budget_rows(columns.book, calendars, policy, budget, sorted([*others, *late]))
        rows += told.rows
        without |= told.without
    return BudgetLines(parts), Budgets(rows, without)


class _Budgeting:
    """One budget of all accounts; ``late`` are those whose figures do not fit."""

    def __init__(self, columns: Columns, calendars: Calendars, policy: Staffing, budget: Budget) -> None:
        self.columns, self.policy, self.budget = columns, policy, budget
        self.every = pl.repeat(True, len(columns.account_ids), dtype=pl.Boolean, eager=True)
        population = budget.population
        self.inside = columns.value(population).series if population is not None else self.every
        self.asked = self.inside.fill_null(False)
        self.first, self.before = self._days(budget.start), self._days(budget.before)
        self.in_time = self.asked & (self.first < self.before).fill_null(False)
        times = pl.DataFrame({"first": self.first, "before": self.before}).with_row_index("row")
        self.costs = costs(columns, planned_in_columns(columns, calendars, times.filter(self.in_time)))
        self.allowed = columns.value(budget.allow)
        known = self.in_time & (self.costs.lacks == "")
        self.planned = self.costs.planned.zip_with(known, pl.Series([None], dtype=pl.Int128))
        self.above, self.below, self.late = self._share()

    def _days(self, edge: Expression) -> pl.Series:
        column = self.columns.value(edge)
        return column.series if column.kind == DATE else pl.repeat(None, len(self.every), dtype=pl.Date, eager=True)

    def _share(self) -> tuple[pl.Series, pl.Series, pl.Series]:
        """planned / allowed as two whole numbers, null where there is none; and the accounts that they do not fit."""
        edges = [band.edge for band in self.budget.bands.rows if band.edge is not None]
        most = max((max(abs(edge.numerator), edge.denominator) for edge in edges), default=1)
        allowed, divisor = self.allowed.series.cast(pl.Int128), self._divisors()
        number = self.planned
        room, least = _ROOM // most // self.costs.divisor, magnitude(number) * magnitude(divisor) * most
        if least > _ROOM:
            raise OverflowError("what touches cost")
        late = self.asked & ~allowed.is_between(constant(-room, allowed), constant(room, allowed)).fill_null(True)
        none = pl.Series([None], dtype=pl.Int128)
        allowed = allowed.zip_with((allowed > constant(0, allowed)) & ~late, none)
        above, below = number * divisor, allowed * constant(self.costs.divisor, allowed)
        both = above.is_not_null() & below.is_not_null()
        return above.zip_with(both, none), below.zip_with(both, none), late

    def _divisors(self) -> pl.Series:
        divisor = self.allowed.divisor
        return pl.Series([divisor], dtype=pl.Int128) if isinstance(divisor, int) else divisor.cast(pl.Int128)

    def _bands(self) -> pl.Series:
        """The row of the bands that the share is in; one more where there is none."""
        bands, code = self.budget.bands, pl.lit(None, dtype=pl.UInt32)
        shares = pl.DataFrame({"above": self.above, "below": self.below})
        for i, band in reversed(list(enumerate(bands.rows))):
            here = pl.lit(i, dtype=pl.UInt32)
            if band.edge is None:
                code = here
                continue
            left = pl.col("above") * pl.lit(band.edge.denominator, dtype=pl.Int128)
            right = pl.col("below") * pl.lit(band.edge.numerator, dtype=pl.Int128)
            code = pl.when(left < right if bands.rising else left >= right).then(here).otherwise(code)
        none = pl.lit(len(bands.rows), dtype=pl.UInt32)
        return shares.select(pl.when(pl.col("above").is_null()).then(none).otherwise(code)).to_series()

    def _missing(self) -> pl.Series:
        budget, parts = self.budget, list[pl.Series]()
        if budget.population is not None:
            parts.append(self._lacking(budget.population, self.inside.is_null()))
        for expression, value in (
            (budget.allow, self.allowed.series),
            (budget.start, self.first),
            (budget.before, self.before),
        ):
            parts.append(self._lacking(expression, self.asked & value.is_null()))
        empty = (self.asked & ~self.in_time & self.first.is_not_null() & self.before.is_not_null()).arg_true()
        told = each(no_time, pl.String, self.first.gather(empty), self.before.gather(empty))
        parts.append(self._nothing.scatter(empty, told))
        parts.append(self.costs.lacks)
        barred = self.planned.is_not_null() & (self.allowed.series <= constant(0, self.allowed.series)).fill_null(False)
        parts.append(self._nothing.scatter(barred.arg_true(), NOTHING_ALLOWED))
        return each(lambda text: ", ".join(dict.fromkeys(text.split(APART))), pl.String, joined(parts))

    @property
    def _nothing(self) -> pl.Series:
        return pl.repeat("", len(self.every), dtype=pl.String, eager=True)

    def _lacking(self, expression: Expression, absent: pl.Series) -> pl.Series:
        """What the expression lacks, for those for whom it has no value."""
        if not absent.any():
            return self._nothing
        names = lacking_texts(self.columns.missing(expression)).str.replace_all(", ", APART, literal=True)
        return names.zip_with(absent, pl.Series([""]))

    def lines(self) -> Mapping[str, ExactColumn]:
        policy, budget, bands = self.policy, self.budget, self.budget.bands.rows
        rows = (self.inside.fill_null(True) & ~self.late).arg_true()
        code = self._bands().gather(rows)
        allowed = self.allowed.gather(rows)
        shown = allowed.series.zip_with(self.asked.gather(rows), pl.Series([None], dtype=allowed.series.dtype))
        below = self.below.gather(rows)
        return columns_of(
            {
                "policy": everywhere(policy.name, len(rows)),
                "budget": everywhere(budget.name, len(rows)),
                "account_id": self.columns.account_ids.gather(rows),
                "account_name": field_texts(self.columns, "name").gather(rows).fill_null(""),
                "allowed": shown,
                "planned": self.planned.gather(rows),
                "share": self.above.gather(rows),
                "service": words([*map(word_of, bands), ""]).gather(code),
                "currency": everywhere(self.columns.program.force.workspace.currency, len(rows)),
                "because": words(because_of(policy, budget, band) for band in (*bands, None)).gather(code),
                "missing": self._missing().gather(rows),
                "source": words(map(source_of, [*(band.span for band in bands), budget.span])).gather(code),
            },
            {"allowed": allowed.divisor, "planned": self.costs.divisor, "share": below},
        )
