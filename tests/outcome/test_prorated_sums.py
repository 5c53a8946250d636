"""Sums of which each row counts by the part of the window in which it holds: all readings against days counted one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random

import granger
import pytest
from granger.engine.periods import FiscalCalendar, Period

FISCAL = FiscalCalendar(4)
AS_OF = date(2028, 3, 20)  # the last quarter of a fiscal year, with a 29 February in it
WINDOWS = ["month", "quarter", "half", "year", "previous month", "previous quarter"]
MEASURES = "\n".join(
    f"  {window.replace(' ', '_')}_{by}_{per}: "
    f"{{sum: quota, table: {table}, per: {per}, window: {window}, prorate: {by}, where: kind != 'off'}}"
    for window in WINDOWS
    for by in ("days", "months")
    for per, table in (("person", "befores"), ("company", "untils"))
)
TOP = f"""
kind: workspace
name: w
currency: CNY
fiscal_year_starts: 4
tables:
  accounts: {{file: accounts.csv, key: account_id, fields: {{account_id: text}}}}
  people: {{file: people.csv, key: person, fields: {{person: person}}}}
  befores:
    file: befores.csv
    valid: {{from: first, before: end}}
    fields: &fields
      person: {{refers_to: people, required: false}}
      quota: {{kind: money, required: false}}
      kind: {{required: false}}
      first: {{kind: date, required: false}}
      end: {{kind: date, required: false}}
  untils: {{file: untils.csv, valid: {{from: first, until: end}}, fields: FIELDS}}
measures:
{MEASURES}
"""
Row = dict[str, str | None]


def rows(random: Random, count: int = 60) -> list[Row]:
    days = [AS_OF + timedelta(days=random.randint(-450, 40)) for _ in range(40)] + [
        date(2028, 3, 1), date(2028, 2, 29), date(2028, 1, 1), date(2027, 12, 31), AS_OF, AS_OF + timedelta(days=1),
    ]  # fmt: skip
    return [
        {
            "person": random.choice(["Ann", "Ben", None]),
            "quota": random.choice(["100", "0.07", "-33.33", None]),
            "kind": random.choice(["on", "on", "off", None]),
            "first": random.choice([*map(str, days), None]),
            "end": random.choice([*map(str, days), None, None]),
        }
        for _ in range(count)
    ]


def window_of(word: str) -> Period:
    unit = word.removeprefix("previous ")
    if word != unit:
        return FISCAL.previous(unit, AS_OF)
    return Period(FISCAL.containing(unit, AS_OF).start, AS_OF + timedelta(days=1))


def expected(given: list[Row], window: str, by: str, *, until: bool) -> tuple[Fraction | None, ...]:
    """Day by day, empty where no row holds. A row that lacks something is skipped; of rows there are and nobody knows,
    a sum is missing.
    """
    within = window_of(window)
    days = [within.start + timedelta(days=n) for n in range(within.days)]
    asked = [day for day in days if by == "days" or day.day == 1]
    total, taken, skipped = Fraction(0), 0, 0
    for row in given:
        first = date.fromisoformat(row["first"]) if row["first"] else date.min
        end = date.fromisoformat(row["end"]) if row["end"] else None
        held = [day for day in days if first <= day and (end is None or (day <= end if until else day < end))]
        if not held or row["kind"] == "off":
            continue
        if row["quota"] is None or row["kind"] is None:
            skipped += 1
            continue
        taken += 1
        total += Fraction(row["quota"]) * sum(day in held for day in asked) / len(asked)
    return (total if taken else None,) if taken or skipped else ()


@pytest.mark.parametrize("seed", range(3))
def test_a_row_counts_by_the_part_of_the_window_in_which_it_holds(
    seed: int, workspace: Callable[[Mapping[str, str]], Path]
) -> None:
    fields = TOP.partition("fields: &fields\n")[2].partition("  untils")[0]
    written = ", ".join(line.strip() for line in fields.splitlines() if line.strip())
    pack = granger.load(workspace({"granger.yaml": TOP.replace("&fields", "").replace("FIELDS", f"{{{written}}}")}))
    assert [d for d in pack.diagnostics if d.is_error] == []
    random = Random(seed)
    befores, untils = rows(random), rows(random)
    tables = {
        "accounts": [],
        "people": [{"person": "Ann"}, {"person": "Ben"}],
        "befores": befores,
        "untils": untils,
    }
    wanted: dict[tuple[str, str], tuple[Fraction | None, ...]] = {}
    for window in WINDOWS:
        for by in ("days", "months"):
            name = f"{window.replace(' ', '_')}_{by}"
            for person in ("Ann", "Ben"):
                own = [row for row in befores if row["person"] == person]
                wanted[f"{name}_person", person] = expected(own, window, by, until=False)
            wanted[f"{name}_company", "company"] = expected(untils, window, by, until=True)
    for reading in ("reference", "columns"):
        outcome = pack.run(tables, as_of=AS_OF, reading=reading).outcome
        found = {(row.measure, row.of): (row.exact,) for row in outcome.measures}
        assert found == {key: value for key, value in wanted.items() if value}
    assert sum(value not in ((), (None,), (0,)) for value in wanted.values()) > 25
