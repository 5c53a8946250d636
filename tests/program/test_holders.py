"""Who holds a role on a day: half-open, with fall-backs; two holders are nobody."""

from __future__ import annotations

from datetime import date

import pytest
from granger.engine.diagnostics import Span
from granger.engine.policy.model import Role
from granger.engine.program.holders import Holders
from granger.engine.tables.shape import Field, Shape, Table

SPAN = Span("granger.yaml", 1, 1, 1, 2)
NAMES = ("account_id", "role", "person", "starts_on", "ends_on")
ROLES = {
    "csm": Role("csm", SPAN, ("lead", "owner")),
    "lead": Role("lead", SPAN),
    "owner": Role("owner", SPAN),
    "ops": Role("ops", SPAN),
}


def holders(text: str, until: bool = False) -> Holders:
    """One assignment a line: role person from-before."""
    end = {"valid_until": "ends_on"} if until else {"valid_before": "ends_on"}
    shape = Shape("assignments", tuple(Field(n, n, "text", SPAN) for n in NAMES), SPAN, valid_from="starts_on", **end)  # type: ignore[arg-type]
    records: list[tuple[object, ...]] = []
    for line in text.split("; "):
        role, person, days = line.split()
        start, _, before = days.partition("..")
        records.append(("a", role, person, *(date.fromisoformat(d) if d else None for d in (start, before))))
    columns = {name: [record[i] for record in records] for i, name in enumerate(NAMES)}
    rows = tuple(range(2, len(records) + 2))
    return Holders(Table(shape, "assignments.csv", columns, rows, read=len(rows)), ROLES)  # type: ignore[arg-type]


def on(text: str, role: str, day: str, until: bool = False) -> tuple[str | None, str]:
    held = holders(text, until).on("a", role, date.fromisoformat(day))
    return held.person, held.role


@pytest.mark.parametrize(
    ("text", "role", "day", "held"),
    [
        ("csm ann 2026-01-01..2026-07-01", "csm", "2026-01-01", ("ann", "csm")),
        ("csm ann 2026-01-01..2026-07-01", "csm", "2026-06-30", ("ann", "csm")),
        ("csm ann 2026-01-01..2026-07-01", "csm", "2026-07-01", (None, "csm")),
        ("csm ann 2026-01-01..2026-07-01", "csm", "2025-12-31", (None, "csm")),
        ("csm ann 2026-01-01..2026-07-01; csm bob 2026-07-01..", "csm", "2026-06-30", ("ann", "csm")),
        ("csm ann 2026-01-01..2026-07-01; csm bob 2026-07-01..", "csm", "2026-07-01", ("bob", "csm")),
        ("csm ann ..2026-07-01", "csm", "1900-01-01", ("ann", "csm")),
        ("csm ann 2026-01-01..", "csm", "2999-01-01", ("ann", "csm")),
        ("csm ann ..; csm ann ..", "csm", "2026-01-01", ("ann", "csm")),
        ("csm ann ..; csm bob ..", "csm", "2026-01-01", (None, "csm")),
        ("lead cat ..", "csm", "2026-01-01", ("cat", "lead")),
        ("owner dan ..", "csm", "2026-01-01", ("dan", "owner")),
        ("owner dan ..; lead cat ..", "csm", "2026-01-01", ("cat", "lead")),
        ("csm ann ..; csm bob ..; lead cat ..", "csm", "2026-01-01", (None, "csm")),
        ("lead cat ..", "ops", "2026-01-01", (None, "ops")), ("lead cat ..", "lead", "2026-01-01", ("cat", "lead")),
        ("csm ann 2026-07-01..2026-07-01", "csm", "2026-07-01", (None, "csm")),
    ],
)  # fmt: skip
def test_who_holds(text: str, role: str, day: str, held: tuple[str | None, str]) -> None:
    assert on(text, role, day) == held


def test_until_includes_its_day() -> None:
    assert on("csm ann 2026-01-01..2026-07-01", "csm", "2026-07-01", until=True) == ("ann", "csm")
    assert on("csm ann 2026-01-01..2026-07-01", "csm", "2026-07-02", until=True) == (None, "csm")


def test_the_reasons() -> None:
    day = date(2026, 7, 1)
    assert holders("csm bob ..; csm ann ..").on("a", "csm", day).reason == "2 people hold csm on 2026-07-01: ann, bob"
    assert holders("ops bob ..").on("a", "csm", day).reason == "nobody holds csm or lead or owner on 2026-07-01"
    assert holders("ops bob ..").on("zz", "ops", day).reason == "nobody holds ops on 2026-07-01"
    assert Holders(None, ROLES).on("a", "ops", day).person is None


def test_the_row_of_the_assignment_is_remembered() -> None:
    assert holders("csm ann ..2026-07-01; csm bob 2026-07-01..").on("a", "csm", date(2026, 7, 1)).row == 3


def test_an_end_at_the_last_day_of_the_calendar() -> None:
    """9999-12-31 is what many exports write for "no end"."""
    assert on("csm ann 2026-01-01..9999-12-31", "csm", "2026-07-01") == ("ann", "csm")


def test_a_last_day_at_the_end_of_the_calendar() -> None:
    try:
        assert on("csm ann 2026-01-01..9999-12-31", "csm", "2026-07-01", until=True) == ("ann", "csm")
    except OverflowError as error:
        pytest.fail(str(error))
