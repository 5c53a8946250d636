"""Numbers in words and holders of roles, found quickly, are those of the reference."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from random import Random

from granger.engine.decide.owners import Assignments
from granger.engine.decide.words import speaker
from granger.engine.diagnostics import Span
from granger.engine.language.types import MONEY, NUMBER, Type
from granger.engine.policy.model import Role
from granger.engine.program.generated import Slot
from granger.engine.program.holders import Holders
from granger.engine.program.spoken import spoken
from granger.engine.tables.read import read_tables
from granger.engine.tables.shape import Field, Shape

HERE = Span("granger.yaml", 1, 1, 1, 2)
KINDS = [
    None,
    Type(NUMBER),
    Type(NUMBER, percent=True),
    Type(MONEY, "EUR"),
    Type(MONEY, "JPY"),
    Type(MONEY, "KWD"),
    Type(MONEY),
]


def test_numbers_are_said_alike() -> None:
    random, told = Random(5), set()
    values = [Fraction(k, d) for k in range(-30, 31) for d in (1, 2, 8, 200, 20_000, 2_000_000)]
    values += [
        Fraction(random.randint(-(10**12), 10**12), random.choice([1, 3, 7, 64, 100, 10**4, 10**5, 10**6]))
        for _ in range(3_000)
    ]
    for value in values:
        for kind in KINDS:
            factor = random.choice([1, 2, 30])
            found = (value.numerator * factor, value.denominator * factor)
            said = speaker(Slot(0, 0, 1), kind)(found)
            assert said == spoken(value, kind), (value, kind)
            told.add(said)
    assert len(told) > 15_000
    assert speaker(Slot(0, 100), None)((None,)) == speaker(Slot(0), None)((None,)) == spoken(None)


def test_holders_are_found_alike() -> None:
    accounts = Shape("accounts", (Field("account_id", "id", "text", HERE),), HERE, key="account_id")
    people = Shape("people", (Field("person", "p", "text", HERE),), HERE, key="person")
    roles = {
        "csm": Role("csm", HERE, ("lead", "head")),
        "lead": Role("lead", HERE, ("head",)),
        "head": Role("head", HERE),
    }
    random, day, seen = Random(3), date(2026, 9, 30), set()
    for ending in ("valid_before", "valid_until"):
        fields = (
            Field("account_id", "a", "text", HERE, refers_to="accounts"), Field("role", "r", "text", HERE), Field("person", "p", "person", HERE, required=False),
            Field("start", "s", "date", HERE, required=False), Field("end", "e", "date", HERE, required=False), Field("split", "x", "percent", HERE, required=False, scale=100),
        )  # fmt: skip
        shape = Shape("assignments", fields, HERE, valid_from="start", **{ending: "end"})  # type: ignore[arg-type]
        for _ in range(400):
            near = [None, *(day + timedelta(days=shift) for shift in (-40, -1, 0, 1, 30)), date.max]
            rows = [
                {
                    "account_id": "A", "role": random.choice(list(roles)), "person": random.choice(["Lin", "Max", "Lin", None]), "start": random.choice(near),
                    "end": random.choice(near), "split": random.choice([None, None, None, 40, 60]),
                }
                for _ in range(random.choice([0, 1, 1, 2, 3]))
            ]  # fmt: skip
            sources = {"accounts": [{"account_id": "A"}], "people": [], "assignments": rows}
            table = read_tables([accounts, people, shape], sources, as_of=day).tables["assignments"]
            pairs = [(None, 1) if row["split"] is None else (row["split"], 100) for row in rows]
            records = [
                (row["account_id"], row["role"], row["person"], row["start"], row["end"], pair)
                for row, pair in zip(rows, pairs, strict=True)
            ]
            owners, expected = Assignments(shape, roles, day).of("A", records), Holders(table, roles)
            for role in ("csm", "lead", "head", "seller"):
                for shift in (-41, -40, -1, 0, 1, 2, 30, 31):
                    asked = day + timedelta(days=shift)
                    held = expected.on("A", role, asked)
                    person, found = owners.held(role, asked)
                    assert person == held.person and (person is None or found == held.role), (rows, role, asked)
                    assert owners.on(role, asked).reason == held.reason
                    assert owners.on(role, asked).since == held.since
                    seen.add((person, found, held.reason[:20]))
    assert len(seen) > 12
