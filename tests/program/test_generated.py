"""A program as one generated function gives every name and decision that the reference gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import granger
from granger.engine.decide.prepared import Prepared
from granger.engine.language.generated import Replay
from granger.engine.periods import Duration
from granger.engine.policy import model
from granger.engine.program.compile import Aggregate, compile_program
from granger.engine.program.evaluate import Book
from granger.engine.program.generated import generate
from granger.engine.program.holders import Holders
from granger.engine.tables.read import read_tables

DAY = date(2026, 9, 30)

WORKSPACE = """\
kind: workspace
name: w
currency: CNY
fiscal_year_starts: 4
roles:
  csm: {fallback: [lead]}
  lead: {}
tables:
  accounts:
    key: account_id
    fields:
      account_id: text
      name: {required: false}
      arr: {kind: money, required: false}
      seats: {kind: integer, required: false}
      discount: {kind: percent, scale: 100, required: false}
      signed_on: {kind: date, required: false}
      live: {kind: boolean, required: false}
      friend: {kind: person, required: false}
  people:
    key: person
    fields: {person: person}
  assignments:
    valid: {from: starts_on, until: ends_on}
    fields:
      account_id: {refers_to: accounts}
      role: text
      person: {refers_to: people}
      starts_on: {kind: date, required: false}
      ends_on: {kind: date, required: false}
      split: {kind: percent, scale: 100, required: false}
  events:
    dated_by: day
    fields:
      account_id: {refers_to: accounts}
      day: {kind: date, required: false}
      other: {kind: date, required: false}
      n: {kind: number, required: false}
      w: {kind: integer, required: false}
      word: {kind: text, required: false}
      flag: {kind: boolean, required: false}
"""

VERBS = {
    "sum": ["n", "w", "n / w", "w * seats"],
    "average": ["n", "w", "n * 1%"],
    "min": ["n", "w", "n / w", "day", "other"],
    "max": ["n", "w", "other"],
    "count": ["rows", "n", "n > 1", "flag", "word", "flag and n > w"],
    "latest": ["n", "word", "w", "flag", "other"],
    "earliest": ["n / w", "word", "other"],
    "any": ["flag", "n > w", "word == 'x'"],
    "share": ["flag", "n >= w"],
    "distinct": ["n", "w", "n / w", "word", "other", "flag"],
}
EXTRAS = [
    "",
    ", where: n > 0",
    ", where: flag or w > seats",
    ", window: 30 days",
    ", window: {from: -60 days, before: -7 days}",
    ", window: previous quarter",
    ", dated_by: other, window: month",
    ", dated_by: other",
]

POLICIES = {
    "tiers.yaml": """\
kind: segmentation
name: unique-one
effective: {from: 2026-01-01}
fact: unique_tier
for: live
tiers:
  - {tier: large, when: arr >= 1_000, gives: {worth: arr * 2, rate: 10%}}
  - {tier: odd, when: "arr < 1_000 and (seats == 7 or arr / seats > 3)", gives: {worth: arr / 3, rate: 1/3}}
otherwise: {tier: rest, gives: {rate: 5%}}
""",
    "first.yaml": """\
kind: segmentation
name: first-one
effective: {from: 2026-01-01}
fact: first_tier
hit_policy: first
tiers:
  - {tier: a, when: unique_tier == 'large' and m3 > 2}
  - {tier: b, when: "arr / (seats - 7) >= 50", gives: {points_given: 4}}
  - {tier: c, when: "days_between(signed_on, as_of) > 365"}
""",
    "any.yaml": """\
kind: segmentation
name: any-one
effective: {from: 2026-01-01}
fact: any_tier
hit_policy: any
tiers:
  - {tier: a, when: arr > 10}
  - {tier: a, when: seats > 3}
  - {tier: b, when: "seats > 10 and not live"}
""",
    "library.yaml": """\
kind: library
name: figures
effective: {from: 2026-01-01}
settings:
  limit: {value: 1_000 / 3}
  chosen: {choice: up, one_of: [up, down]}
duties:
  caring:
    - {role: lead, when: arr > 100_000}
    - {role: csm, when: live}
    - {role: lead}
measures:
  over_limit: {value: arr / limit - 1}
  direction: {value: arr if chosen == 'up' else seats / 0}
  cared_since: {value: held_since(caring)}
  is_lins: {value: "csm == 'Lin'"}
  ratio_of_sums: {sum: n, over: w, table: events}
  ratio_of_days: {sum: n, over: w, table: events, where: flag, window: 90 days}
""",
}


def pack_of(workspace: Callable[[Mapping[str, str]], Path]) -> granger.Pack:
    measures = [
        f'  m{i}: {{{verb}: "{what}", table: events{extra}}}'
        for i, (verb, what, extra) in enumerate((v, w, x) for v, whats in VERBS.items() for w in whats for x in EXTRAS)
    ]
    text = WORKSPACE + "measures:\n" + "\n".join(measures) + "\n"
    return granger.load(workspace({"granger.yaml": text, **POLICIES}))


def account_of(random: Random) -> tuple[dict[str, Any], dict[str, Any]]:
    numbers: list[object] = [None, 0, 1, 7, -3, "0.005", Fraction(1, 3), 12_345, "1,000.00", 10**30, Fraction(-5, 2)]
    whole: list[object] = [None, 0, 1, 2, 7, 8, 50, -4]
    days: list[object] = [
        None,
        *(DAY - timedelta(days=random.choice([-1, 0, 1, 29, 30, 31, 60, 91, 400])) for _ in range(4)),
    ]
    later: list[object] = [None, DAY, DAY + timedelta(days=1), date(2026, 9, 1), date(2025, 1, 1)]
    flags: list[object] = [None, True, False, True]
    account: dict[str, Any] = {
        "account_id": "A", "name": "n", "arr": random.choice(numbers), "seats": random.choice(whole),
        "discount": random.choice([None, 5, "12.5", 100]), "signed_on": random.choice(days), "live": random.choice(flags),
        "events": [
            {
                "day": random.choice(days), "other": random.choice([*days, *later]), "n": random.choice(numbers), "w": random.choice(whole),
                "word": random.choice([None, "x", "y", "a b"]), "flag": random.choice(flags),
            }
            for _ in range(random.choice([0, 1, 2, 5, 9]))
        ],
        "assignments": [
            {
                "role": random.choice(["csm", "lead"]), "person": random.choice(["Lin", "Max"]), "starts_on": random.choice(days),
                "ends_on": random.choice([*later, None]), "split": random.choice([None, None, None, 50]),
            }
            for _ in range(random.choice([0, 1, 1, 2, 3]))
        ],
    }  # fmt: skip
    return account, {"people": [{"person": "Lin"}, {"person": "Max"}]}


def test_every_name_is_what_the_reference_says(workspace: Callable[[Mapping[str, str]], Path]) -> None:
    pack = pack_of(workspace)
    program = compile_program(pack.policies.on(DAY))
    names = [name for name in program.types if name not in program.per_holder]
    function = generate(program, Book(program, {}, DAY).shared, names, [])
    prepared = Prepared(pack.policies, DAY, Duration(90, "days"))
    verbs = {d.verb for d in program.definitions.values() if isinstance(d, Aggregate)}
    assert verbs == set(model.VERBS) - {"since"} and {
        d.verb for d in program.definitions.values() if isinstance(d, Aggregate) and d.over
    } == {"sum"}
    random, swept = Random(11), Counter[str]()
    for _ in range(150):
        account, rows = account_of(random)
        book = book_of(pack, program, account, rows)
        try:
            given = prepared.reader.read(account, rows)
            found = function.run(
                given.record, [given.rows.get(n, ()) for n in function.tables], prepared.owners(given).on_day
            )
        except Replay:
            swept["replayed"] += 1
            continue
        facts = book.accounts["A"]
        for name in names:
            assert function.names[name].value(found) == facts[name], (name, account)
            assert type(function.names[name].value(found)) is type(facts[name]), (name, account)
            swept["cells"] += 1
            swept["missing"] += facts[name] is None
        for name, at in function.decisions.items():
            decision = book.decision(name, "A")
            status, hits, _ = found[at]
            assert (status, tuple(hits)) == (decision.status, decision.hits), (name, account)
            swept[f"{name} {status}"] += 1
    assert swept["cells"] > 20_000 and swept["missing"] > 2_000, swept
    assert swept["replayed"] < 30
    assert {
        "unique-one undecided",
        "unique-one out_of_scope",
        "first-one tentative",
        "any-one conflict",
    } <= swept.keys()


def book_of(pack: granger.Pack, program: Any, account: Mapping[str, Any], rows: Mapping[str, Any]) -> Book:
    """The reference over the same account."""
    shapes = pack.policies.workspace.shapes
    children = {name: [{"account_id": "A", **row} for row in account[name]] for name in ("events", "assignments")}
    own = {name: value for name, value in account.items() if name not in shapes}
    read = read_tables(shapes.values(), {"accounts": [own], **children, **rows}, as_of=DAY)
    assert not [reject for reject in read.rejects if reject.level != "finding"], read.rejects
    holders = Holders(read.tables["assignments"], pack.policies.workspace.roles)
    return Book(program, read.tables, DAY, holders=holders)
