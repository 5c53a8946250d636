"""Dates in columns: days since 1970-01-01, and months counted from year 0. What leaves the calendar is missing."""

from __future__ import annotations

from datetime import date

from ...periods import MONTHS_IN, FiscalCalendar
from ..ranges import Range
from .steps import INTEGER, Graph, Step

_EPOCH = date(1970, 1, 1)
FIRST_DAY, LAST_DAY = (date.min - _EPOCH).days, (date.max - _EPOCH).days
FIRST_MONTH, LAST_MONTH = 12, 9999 * 12 + 11
"""Year 1 to year 9999."""

FARTHEST = 4_000_000
"""Days or months: more than the calendar is long."""


class Days:
    def __init__(self, graph: Graph, calendar: FiscalCalendar) -> None:
        self.graph, self.calendar = graph, calendar

    def add_days(self, day: Step, count: Step) -> Step:
        near = self._between(count, -FARTHEST, FARTHEST)
        return self._between(self.graph.add(day, near), FIRST_DAY, LAST_DAY)

    def add_months(self, day: Step, count: Step) -> Step:
        """On the month's last day where the month is too short."""
        near = self._between(count, -FARTHEST, FARTHEST)
        month = self._between(self.graph.add(self._month(day), near), FIRST_MONTH, LAST_MONTH)
        of_month, length = self._day_of_month(day), self._length(month)
        fits = self.graph.compare("<=", of_month, length)
        kept = self.graph.where(fits, of_month, length)
        return self.graph.subtract(self.graph.add(self._start(month), kept), self.graph.constant(1))

    def months_between(self, start: Step, end: Step) -> Step:
        """One less than the months' distance where the end's day of the month comes first, and is not its last."""
        graph, month = self.graph, self._month(end)
        early = graph.compare(">", self._day_of_month(start), self._day_of_month(end))
        unfinished = graph.compare("<", self._day_of_month(end), self._length(month))
        short = graph.truth_as_number(graph.all_of([early, unfinished]))
        return graph.subtract(graph.subtract(month, self._month(start)), short)

    def edge(self, unit: str, day: Step, *, last: bool) -> Step:
        """The first or last day of the fiscal period that holds the day."""
        graph, length = self.graph, MONTHS_IN[unit]
        month = self._month(day)
        shifted = graph.add(month, graph.constant(1 - self.calendar.starts_month))
        whole = graph.multiply(graph.floor_divide(shifted, graph.constant(length)), graph.constant(length))
        start = graph.subtract(month, graph.subtract(shifted, whole))
        if not last:
            return self._start(self._between(start, FIRST_MONTH, LAST_MONTH))
        end = graph.add(start, graph.constant(length - 1))
        after = graph.add(self._between(end, FIRST_MONTH, LAST_MONTH), graph.constant(1))
        return graph.subtract(self._start(after), graph.constant(1))

    def _month(self, day: Step) -> Step:
        """Months since year 0."""
        return self.graph.special("month", INTEGER, (day,), None, Range(FIRST_MONTH, LAST_MONTH))

    def _day_of_month(self, day: Step) -> Step:
        return self.graph.special("day_of_month", INTEGER, (day,), None, Range(1, 31))

    def _start(self, month: Step) -> Step:
        """The first day of a month."""
        return self.graph.special("month_start", INTEGER, (month,), None, Range(FIRST_DAY, LAST_DAY + 1))

    def _length(self, month: Step) -> Step:
        following = self.graph.add(month, self.graph.constant(1))
        found = self.graph.subtract(self._start(following), self._start(month))
        return self.graph.bounded(found, Range(28, 31))

    def _between(self, step: Step, low: int, high: int) -> Step:
        """Missing outside of the bounds."""
        if low <= step.range.low and step.range.high <= high:
            return step
        graph = self.graph
        bounds = [graph.compare(">=", step, graph.constant(low)), graph.compare("<=", step, graph.constant(high))]
        return graph.bounded(graph.only_where(graph.all_of(bounds), step), Range(low, high))
