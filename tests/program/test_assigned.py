"""Who holds a role, in columns, against ``Holders.on``: random assignments with every trap, and some by hand."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

import polars as pl
import pytest
from granger.engine.columns import ExactColumn, exact_column
from granger.engine.diagnostics import Span
from granger.engine.policy.model import Role
from granger.engine.program.assigned import Assigned, Assignments
from granger.engine.program.divisors import Beyond
from granger.engine.program.holders import Held, Holders
from granger.engine.tables.shape import Field, Shape, Table

SPAN = Span("granger.yaml", 1, 1, 1, 2)
NAMES = ("account_id", "role", "person", "starts_on", "ends_on", "split")
ROLES = {
    "csm": Role("csm", SPAN, ("lead", "owner")),
    "lead": Role("lead", SPAN, ("csm",)),
    "owner": Role("owner", SPAN),
    "ghost": Role("ghost", SPAN, ("phantom", "lead")),
}
ASKED = ["csm", "csm", "lead", "lead", "owner", "ghost", "no such role", ""]
PEOPLE = ["ann", "Ann", "bob", "b, ob", 'say "hi"', "=1+1", "", "é", "漢字", "two\nlines"]
DAY = date(2026, 9, 30)

Record = tuple[object, ...]


def both(
    records: Sequence[Record], end: str = "before", accounts: int = 1, **columns: bool
) -> tuple[Holders, Assigned]:
    """The reference and the columns over the same records (account, role, person, start, end, split)."""
    shape = Shape(
        "assignments",
        tuple(Field(n, n, "text", SPAN) for n in NAMES),
        SPAN,
        valid_from="starts_on",
        **{f"valid_{end}": "ends_on"},
    )  # type: ignore[arg-type]
    lists = {name: [record[i] for record in records] for i, name in enumerate(NAMES)}
    if not columns.get("split", True):
        del lists["split"]
    rows = tuple(3 * i + 2 for i in range(len(records)))
    table = Table(shape, "assignments.csv", lists, rows, read=len(rows))  # type: ignore[arg-type]
    code = pl.Series([int(str(a)[1:]) if a is not None else None for a in lists["account_id"]], dtype=pl.Int64)
    ends = {end: pl.Series(lists["ends_on"], dtype=pl.Date)}
    split = exact_column("number", lists["split"]) if "split" in lists else None
    given = Assignments(
        code,
        text(lists["role"]),
        text(lists["person"]),
        pl.Series(rows, dtype=pl.UInt32),
        pl.Series(lists["starts_on"], dtype=pl.Date),
        split=split,
        **ends,
    )
    return Holders(table, ROLES), Assigned(given, ROLES)


def text(values: Sequence[object]) -> pl.Series:
    return pl.Series(values, dtype=pl.String)


def told(assigned: Assigned, role: str, pairs: Sequence[tuple[int, date]]) -> list[Held]:
    """The answers of the columns as the reference has them."""
    accounts, days = pl.Series([a for a, _ in pairs], dtype=pl.UInt32), pl.Series([d for _, d in pairs], dtype=pl.Date)
    shares: dict[int, list[tuple[str, Fraction]]] = defaultdict(list)
    for pair, person, numerator, denominator in assigned.shares(role, accounts, days).rows():
        shares[pair].append((person, Fraction(numerator, denominator)))
    frame = assigned.on(role, accounts, days)
    assert frame.schema == {
        "person": pl.String,
        "role": pl.String,
        "reason": pl.String,
        "since": pl.Date,
        "row": pl.Int64,
    }
    return [
        Held(person, name, reason, row, since, tuple(shares[i]))
        for i, (person, name, reason, since, row) in enumerate(frame.rows())
    ]


def records_of(rng: random.Random, accounts: int, roles: Sequence[str], spread: int) -> list[Record]:
    def day() -> date | None:
        if rng.random() < 0.25:
            return rng.choice([None, None, date.min, date.max, date.max - timedelta(1)])
        return DAY + timedelta(rng.randint(-spread, spread))

    half, part = Fraction(1, 2), Fraction(2, 5)
    shares = rng.choice([[None], [half], [half, part, 1 - part, None, Fraction(0), Fraction(-1, 4), Fraction(1, 4)]])
    people = rng.sample(PEOPLE, rng.choice([1, 2, 2, 4]))
    found: list[Record] = []
    for _ in range(rng.choice([0, 1, accounts, 4 * accounts, 12 * accounts, 12 * accounts, 30 * accounts])):
        if found and rng.random() < 0.1:
            found.append(rng.choice(found))
            continue
        account = f"A{rng.randrange(accounts)}" if rng.random() < 0.97 else None
        role, person = (rng.choice(names) if rng.random() < 0.97 else None for names in (roles, people))
        start, end = day(), day()
        if start and end and end < start and rng.random() < 0.9:
            start, end = end, start
        found.append((account, role, person, start, end, rng.choice(shares)))
    return found


def test_every_answer_is_that_of_the_reference() -> None:
    rng = random.Random(4)
    pairs = 0
    seen: Counter[str] = Counter()
    for turn in range(100):
        accounts, spread = rng.choice([1, 4, 12]), rng.choice([3, 12])
        records = records_of(
            rng, accounts, rng.choice([["csm"], ["csm", "lead", "owner"], ["lead", "phantom", "", "csm"]]), spread
        )
        holders, assigned = both(records, rng.choice(["before", "until"]), accounts, split=turn % 3 > 0)
        for role in ASKED:
            asked = [
                (rng.randrange(accounts + 1), DAY + timedelta(rng.randint(-spread - 1, spread + 1))) for _ in range(12)
            ]
            asked += [(rng.randrange(accounts), day) for day in (date.min, date.max, date.max - timedelta(1), DAY)]
            for (account, day), found in zip(asked, told(assigned, role, asked), strict=True):
                expected = holders.on(f"A{account}", role, day)
                assert found == expected, (records, account, role, day)
                pairs += 1
                seen["held" if found.person is not None else found.reason.partition(" ")[0]] += 1
                seen["fall-back"] += found.person is not None and found.role != role
                seen["split"] += len(found.shares) > 1
                seen["shares sum"] += "shares sum" in found.reason
                seen["unbroken"] += found.since is not None and not any(
                    r[3] == found.since and f"{r[0]}" == f"A{account}" and 3 * i + 2 == found.row
                    for i, r in enumerate(records)
                )
                seen["from the first day"] += found.since == date.min
    assert pairs >= 10_000, pairs
    assert seen["3"] + seen["4"] >= 40 and seen["nobody"] <= pairs * 4 / 5, seen
    every = ("held", "nobody", "one", "2", "fall-back", "split", "shares sum", "unbroken", "from the first day")
    assert min(seen[case] for case in every) >= 60, seen


@pytest.mark.parametrize("end", ["before", "until"])
def test_the_last_day_of_the_calendar(end: str) -> None:
    holders, assigned = both([("A0", "csm", "ann", DAY, date.max, None)], end)
    asked = [(0, day) for day in (DAY - timedelta(1), DAY, date.max - timedelta(1), date.max)]
    found = told(assigned, "csm", asked)
    assert found == [holders.on("A0", "csm", day) for _, day in asked]
    assert [held.person for held in found] == [None, "ann", "ann", "ann" if end == "until" else None]


def test_two_holders_are_nobody_and_the_reason_is_spoken_alike() -> None:
    half = Fraction(1, 2)
    records = [
        ("A0", "csm", "bob", None, None, None),
        ("A0", "csm", "ann", None, None, None),
        ("A1", "csm", "ann", None, None, half),
    ]
    _, assigned = both(records, accounts=3)
    reasons = [held.reason for held in told(assigned, "csm", [(0, DAY), (1, DAY), (2, DAY)])]
    assert reasons == [
        "2 people hold csm on 2026-09-30: ann, bob",
        "one person holds csm on 2026-09-30: ann, whose shares sum to 50%",
        "nobody holds csm or lead or owner on 2026-09-30",
    ]


def test_thirds_and_equal_parts() -> None:
    third = Fraction(1, 3)
    holders, assigned = both(
        [("A0", "csm", p, None, None, third) for p in ("cat", "ann", "bob")]
        + [("A1", "csm", "dan", None, None, Fraction(1, 2**80 + 1))]
    )
    found = told(assigned, "csm", [(0, DAY), (1, DAY)])
    assert found == [holders.on("A0", "csm", DAY), holders.on("A1", "csm", DAY)]
    assert found[0].shares == (("ann", third), ("bob", third), ("cat", third)) and found[0].row == 5


def test_shares_that_cannot_be_summed_are_refused() -> None:
    great = Fraction(2**127 - 1)
    with pytest.raises(Beyond) as refused:
        both(
            [
                ("A1", "csm", "ann", None, None, great),
                ("A1", "csm", "bob", None, None, None),
                ("A2", "csm", "ann", None, None, great),
            ]
        )
    assert refused.value.groups.to_list() == [1]


def test_no_assignments_and_no_pairs() -> None:
    none = Assigned(None, ROLES)
    assert told(none, "csm", [(0, DAY), (7, date.min)]) == [
        Holders(None, ROLES).on("a", "csm", d) for d in (DAY, date.min)
    ]
    assert told(none, "csm", []) == []
    _, assigned = both([("A0", "csm", "ann", None, None, None)])
    assert told(assigned, "csm", []) == []


def test_a_table_without_days_or_shares() -> None:
    assigned = Assigned(Assignments(pl.Series([0]), text(["csm"]), text(["ann"]), pl.Series([2])), ROLES)
    assert told(assigned, "csm", [(0, DAY)]) == [Held("ann", "csm", "", 2, date.min, (("ann", Fraction(1)),))]


def test_texts_may_be_categories_in_any_order() -> None:
    """People are spoken of, and equal shares ordered, by name; not by the order of their categories."""
    people, roles = pl.Enum(["bob", "ann"]), pl.Enum(["owner", "csm"])
    for split, expected in (
        (None, (None, [])),
        (ExactColumn("number", pl.Series([5, 5]), 10), ("ann", ["ann", "bob"])),
    ):
        given = Assignments(
            pl.Series([0, 0]),
            text(["csm"] * 2).cast(roles),
            text(["bob", "ann"]).cast(people),
            pl.Series([2, 3]),
            split=split,
        )
        found = told(Assigned(given, ROLES), "csm", [(0, DAY)])[0]
        assert (found.person, [person for person, _ in found.shares]) == expected
        assert found.reason == ("" if split else "2 people hold csm on 2026-09-30: ann, bob")


def test_many_assignments_of_one_account_are_not_paired_with_each_other() -> None:
    """30,000 spells, one after the other, and as many days: 900 million pairs if each met each."""
    count = 30_000
    starts = pl.Series([DAY + timedelta(i) for i in range(count)])
    people = text([f"p{i % 3}" for i in range(count)])
    given = Assignments(
        pl.repeat(0, count, dtype=pl.Int64, eager=True),
        text(["csm"] * count),
        people,
        pl.int_range(count, eager=True),
        starts,
        until=starts,
    )
    found = Assigned(given, ROLES).on("csm", pl.repeat(0, count, dtype=pl.Int64, eager=True), starts)
    assert found["person"].to_list() == people.to_list() and found["since"].to_list() == starts.to_list()
