"""Measures of persons, fields and the company in columns against the reference, on random measures and nasty rows."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import granger
import pytest
from granger.engine.program.columnar import people
from granger.engine.program.compile import Aggregate
from granger.engine.program.evaluate import Book
from granger.engine.program.measured import COMPANY, Measured, measure
from granger.engine.runners.books import Books

AS_OF = date(2026, 9, 30)

TOP = """
kind: workspace
name: w
currency: CNY
roles: {csm: {fallback: [lead]}, lead: {}, am: {}}
tables:
  people: {file: people.csv, key: person, fields: {person: person}}
  accounts:
    file: accounts.csv
    key: account_id
    fields:
      account_id: text
      region: {required: false}
      seats: {kind: number, required: false}
      factor: {kind: number, required: false}
      due_on: {kind: date, required: false}
      hot: {kind: boolean, required: false}
  assignments:
    file: assignments.csv
    valid: {from: starts_on, until: ends_on}
    fields:
      account_id: {}
      role: text
      person: {required: false}
      starts_on: {kind: date, required: false}
      ends_on: {kind: date, required: false}
      split: {kind: percent, required: false}
  rows:
    file: rows.csv
    dated_by: on_day
    fields:
      account_id: {refers_to: accounts, required: false}
      on_day: {kind: date, required: false}
      due: {kind: money, required: false}
      paid: {kind: money, required: false}
      n: {kind: number, required: false}
      kept: {kind: boolean, required: false}
      word: {required: false}
      small: {kind: enum, one_of: [z, y, x], required: false}
      until: {kind: date, required: false}
      seller: {kind: person, required: false}
  loose:
    file: loose.csv
    fields: {n: {kind: number, required: false}, word: {required: false}, small: {kind: enum, one_of: [z, y, x], required: false}}
"""
TIERS = """
kind: segmentation
name: grade
effective: {from: 2026-01-01}
hit_policy: first
tiers:
  - {tier: A, when: seats > 10, gives: {weight: 1/3}}
  - {tier: B, when: hot, gives: {weight: 0.5}}
otherwise: C
"""
LIBRARY = """
kind: library
name: l
effective: {from: 2026-01-01}
settings: {half: {value: 1/2}, word_of_all: {value: "'all'"}}
duties:
  owner: [{role: lead, when: hot}, {role: am, when: as_of < date('2026-08-01') and seats > 3}, {role: csm}]
  plain: {role: csm}
measures:
  of_account: {sum: n, table: rows}
  overall: {per: company, average: n, table: rows}
  ratio_of_all: {per: company, sum: paid * factor, over: due, table: rows, where: n < overall * 2}
"""

NUMBERS = [
    "n",
    "n / 3",
    "n / seats",
    "n * factor",
    "n * weight",
    "of_account",
    "n * half",
    "n - overall",
    "round(n / 7, 2)",
]
TRUTHS = ["kept", "n > 1", "hot", "n / seats >= 1", "tier == 'A'", "n < overall", "kept and hot", "ratio_of_all > n"]
WORDS = ["word", "small", "region", "seller", "tier"]
DATES = ["until", "due_on", "add_days(until, 3)"]
ACCOUNT = {
    "numbers": ["seats", "factor / 3", "seats * weight", "of_account / seats", "overall * seats", "1 / factor"],
    "truths": ["hot", "seats > 3", "tier == 'C'", "of_account >= 0", "seats < overall"],
    "words": ["region", "tier"],
    "dates": ["due_on", "add_months(due_on, 1)"],
}
LOOSE = {
    "numbers": ["n", "n * half", "n / 3"],
    "truths": ["n > 1", "word == 'a'"],
    "words": ["word", "small"],
    "dates": [],
}
ROWS = {"numbers": NUMBERS, "truths": TRUTHS, "words": WORDS, "dates": DATES}
PER = {
    "rows": ["csm", "csm", "owner", "owner", "plain", "am", "company", "seller", "word", "small", "region", "tier", "word_of_all"],
    "accounts": ["csm", "owner", "owner", "plain", "company", "region", "tier"],
    "loose": ["company", "word", "small"],
}  # fmt: skip


def a_measure(rng: random.Random) -> str:
    table = rng.choice(["rows", "rows", "rows", "accounts", "loose"])
    given = {"rows": ROWS, "accounts": ACCOUNT, "loose": LOOSE}[table]
    verb = rng.choice(
        ["sum", "sum", "sum", "average", "min", "max", "any", "share", "count", "distinct", "latest", "earliest"]
    )
    if table != "rows" and verb in ("latest", "earliest"):
        verb = "sum"
    per, kinds = rng.choice(PER[table]), list(given)
    of = {
        "sum": given["numbers"], "average": given["numbers"], "any": given["truths"], "share": given["truths"],
        "min": given["numbers"] + given["dates"], "max": given["numbers"] + given["dates"], "count": ["rows", *given["truths"], *given["words"]],
    }.get(verb) or [each for kind in kinds for each in given[kind]]  # fmt: skip
    parts = [f"per: {per}", f'{verb}: "{rng.choice(of)}"', f"table: {table}"]
    if verb == "sum" and rng.random() < 0.5:
        parts.append(f'over: "{rng.choice(given["numbers"])}"')
    if rng.random() < 0.5:
        parts.append(f'where: "{rng.choice(given["truths"])}"')
    if table == "rows" and rng.random() < 0.5:
        parts.append(f"window: {rng.choice(['quarter', 'month', '30 days', 'previous month'])}")
    if table == "rows" and rng.random() < 0.1:
        parts.append("dated_by: until")
    if per in ("csm", "owner", "plain", "am") and (table == "accounts" or rng.random() < 0.2):
        parts.append(f"held_on: {rng.choice(['due_on', 'due_on', 'as_of'])}")
    if rng.random() < 0.3:
        parts.append(f"min_population: {rng.randint(2, 6)}")
    return "{" + ", ".join(parts) + "}"


SPLITS = [
    [], [("Ann", "")], [("Ann", "")], [("Bob", "60%"), ("Cat", "40%")], [("Ann", "30%"), ("Zoë", "30%")], [("Bob", ""), ("Bob", "")],
    [("Ann", "12.5%"), ("Bob", "37.5%"), ("Cat", "50%")], [("Cat", "-50%"), ("=1+1", "150%")], [("Ann", "0%"), ("a,\"b\n", "100%")],
    [("", ""), ("Ann", "100%")],
]  # fmt: skip
LONG = [("Ann", "33.3333333333333333333333%"), ("Bob", "66.6666666666666666666667%")]


def tables(rng: random.Random, count: int, *, wide: bool) -> dict[str, list[dict[str, Any]]]:
    ids = [f"A{n}" for n in range(rng.choice([1, 12, 40]))]
    huge = ["1" + "0" * 40, "-" + "9" * 30, str(2**63), "0.000000000000000000000001"] if wide else []

    def maybe(*values: str) -> str:
        return rng.choice([*values, *values, *values, ""])

    def number(*more: str) -> str:
        found = [
            "0",
            "-1",
            "1",
            "0.5",
            "3",
            "7",
            "0.125",
            "-0.005",
            "1000000000.01",
            str(rng.randint(-999, 999)),
            *more,
        ]
        return rng.choice(huge) if huge and rng.random() < 0.02 else maybe(*found)

    days = [str(date(2026, 6, 20) + timedelta(n)) for n in range(110)]
    assignments = [
        {"account_id": account, "role": role, "person": person, "starts_on": start, "ends_on": end, "split": split}
        for account in [*ids, "stranger"]
        for role in ("csm", "lead", "am", "none")
        for start, end in rng.choice(
            [[("", "")], [("", "2026-08-14"), ("2026-08-15", "")], [("2026-07-05", "2026-09-01")]]
        )
        for person, split in rng.choice([*SPLITS, LONG] if wide else SPLITS)
    ]
    return {
        "people": [{"person": name} for name in ("Ann", "Bob", "Cat")],
        "accounts": [
            {"account_id": each, "region": maybe("N", "S", "=1+1"), "seats": number("11", "4"), "factor": maybe("0.5", "-1", "0"),
             "due_on": maybe(*days), "hot": maybe("yes", "no")} for each in ids
        ],
        "assignments": rng.sample(assignments, len(assignments)),
        "rows": [
            {"account_id": maybe(*ids, *ids, "stranger", "nobody"), "on_day": maybe(*days), "due": maybe("1", "0", "2.5", "100"),
             "paid": number(), "n": number(), "kept": maybe("yes", "no"), "word": maybe("a", "b", "é", "x,y", 'say "hi"', "two\nlines"),
             "small": maybe("x", "y", "z"), "until": maybe(*days), "seller": maybe("Ann", "Bob", "Zoë")} for _ in range(count)
        ],
        "loose": [{"n": number(), "word": maybe("a", "b", "漢"), "small": maybe("x", "y", "z")} for _ in range(count // 3)],
    }  # fmt: skip


Workspace = Callable[[Mapping[str, str]], Path]


def books(workspace: Workspace, measures: str, given: Mapping[str, Any], tiers: str = TIERS) -> tuple[Book, Book]:
    """The reference, and the book whose measures are in columns."""
    pack = granger.load(workspace({"granger.yaml": TOP, "l.yaml": LIBRARY + measures, "t.yaml": tiers}))
    read = pack.run(given, as_of=AS_OF, parts=(), reading="reference").outcome.tables
    one, other = (Books(pack.policies, read, in_columns=each).on(AS_OF, AS_OF) for each in (False, True))
    return one, other


def definitions(book: Book) -> Iterator[Aggregate]:
    for definition in book.program.definitions.values():
        if isinstance(definition, Aggregate) and definition.per != "account":
            yield definition


@pytest.fixture
def replayed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The measures that columns left to the reference."""
    found: list[str] = []

    def recorded(book: Book, definition: Aggregate) -> dict[str, Measured]:
        found.append(definition.name)
        return measure(book, definition)

    monkeypatch.setattr(people, "measure", recorded)
    return found


def alike(reference: Book, columns: Book, met: Counter[str]) -> None:
    for definition in definitions(reference):
        expected, found = reference.measured(definition.name), columns.measured(definition.name)
        assert list(found) == list(expected), definition
        for who, one in expected.items():
            assert found[who] == one, (definition, who)
            assert list(found[who].rows) == list(one.rows), (definition, who)
            assert type(found[who].value) is type(one.value)
            met[one.status] += 1
            met["rows"] += len(one.rows)
            met[f"per {definition.per}"] += 1
            met[f"of {definition.table}"] += 1
            met[definition.verb] += one.value is not None
            met["ratios"] += definition.over is not None and one.value is not None
            met["skipped"] += one.skipped > 0
        met["nobody"] += not expected
        met["measures"] += 1


@pytest.mark.parametrize("wide", [False, True])
def test_random_measures(workspace: Workspace, replayed: list[str], wide: bool) -> None:
    met: Counter[str] = Counter()
    for seed in range(8):
        rng = random.Random(f"{seed} {wide}")
        text = "".join(f"  m{n}: {a_measure(rng)}\n" for n in range(40))
        reference, columns = books(workspace, text, tables(rng, rng.choice([0, 1, 60, 150, 150]), wide=wide))
        alike(reference, columns, met)
    met["replayed"] = len(replayed)
    if wide:
        assert met["replayed"] > 50 and met["measures"] - met["replayed"] > 50
    else:
        assert met["replayed"] == 0
    least = {
        "measures": 300, "measured": 300, "missing": 30, "population_too_small": 30, "no_rows": 5, "rows": 1_500, "skipped": 100, "nobody": 20,
        "per csm": 30, "per owner": 30, "per plain": 30, "per am": 8, "per company": 30, "per seller": 6, "per region": 10, "per tier": 10,
        "per word": 10, "per small": 10, "per word_of_all": 2, "of rows": 100, "of accounts": 80, "of loose": 30, "ratios": 20, "sum": 50,
        "average": 10, "min": 5, "max": 5, "any": 5, "share": 5, "count": 10, "distinct": 10, "latest": 3, "earliest": 3,
    }  # fmt: skip
    assert {what: met[what] for what, floor in least.items() if met[what] < floor} == {}


ACCOUNTS = [
    {"account_id": "A", "region": "N", "seats": "4"},
    {"account_id": "B", "region": "S", "seats": "1" + "0" * 60},
]
HELD = [{"account_id": each, "role": "csm", "person": who} for each, who in (("A", "Ann"), ("B", "Bob"))]


def rows(*of: str) -> list[dict[str, str]]:
    return [{"account_id": account, "on_day": "2026-08-01", "n": str(n)} for n, account in enumerate(of, start=1)]


def test_only_measures_whose_rows_lead_to_an_account_set_aside_are_replayed(
    workspace: Workspace, replayed: list[str]
) -> None:
    """B's seats fit no column. In July nothing of B counts."""
    given = {"people": [{"person": "Ann"}], "accounts": ACCOUNTS, "assignments": HELD, "loose": [],
             "rows": [*rows("A", "B"), {"account_id": "A", "on_day": "2026-07-05", "n": "5"}]}  # fmt: skip
    text = (
        "  m: {per: csm, sum: n, table: rows, where: seats > 1}\n"
        "  a: {per: csm, sum: seats, table: accounts, held_on: as_of}\n"
        "  july: {per: csm, sum: n, table: rows, where: seats > 1, window: {from: -3 months, before: -2 months}}\n"
    )
    reference, columns = books(workspace, text, given)
    met: Counter[str] = Counter()
    alike(reference, columns, met)
    assert sorted(replayed) == ["a", "m", "overall", "ratio_of_all"]
    assert {who: one.value for who, one in columns.measured("july").items()} == {"Ann": 5}
    assert columns.measured("a")["Bob"].value == 10**60


def test_a_company_measure_that_columns_leave_may_read_another(workspace: Workspace, replayed: list[str]) -> None:
    """While the columns of a book are being made its tiers ask for both; the second is too long for a column."""
    tiers = TIERS.replace("when: hot", "when: deep > 1")
    text = (
        "  deep: {per: company, sum: n * wide, table: rows, where: n < overall + 100}\n"
        "  wide: {per: company, max: n * n * n, table: rows}\n"
    )
    given = {"people": [], "accounts": ACCOUNTS[:1], "assignments": [], "loose": [],
             "rows": [{"account_id": "A", "on_day": "2026-08-01", "n": "9" * 30}, *rows("A")]}  # fmt: skip
    reference, columns = books(workspace, text, given, tiers)
    assert columns.accounts["A"]["tier"] == reference.accounts["A"]["tier"]
    alike(reference, columns, met := Counter())
    assert met["measures"] == 4 and {"deep", "wide"} <= set(replayed)
    assert columns.measured("wide")[COMPANY].value == int("9" * 30) ** 3


def test_rows_are_found_when_they_are_asked_for(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "people": [],
        "accounts": ACCOUNTS[:1],
        "assignments": HELD,
        "loose": [],
        "rows": rows("A", "A", "stranger"),
    }
    _, columns = books(workspace, "  m: {per: csm, sum: n, table: rows, where: n > 1}\n", given)
    found = columns.measured("m")["Ann"]
    asked: list[str] = []
    owned = people.People._owned
    monkeypatch.setattr(people.People, "_owned", lambda self, of: asked.append(of.name) or owned(self, of))
    assert found.value == 2 and asked == []
    assert found.rows == (1,) and found.rows[:5] == [1] and len(found.rows) == 1 and asked == ["m"]
    assert found.rows != (2,) and found != columns.measured("overall")[COMPANY]


def test_a_figure_that_no_column_holds_sets_all_accounts_aside(workspace: Workspace) -> None:
    """A setting, and a measure of no names, of 50 digits: the reference has all accounts, and the run ends."""
    tiers = TIERS.replace("when: hot", "when: seats * 3 > far or far > further")
    text = f"  far: {{value: half * {10**50}}}\n  further: {{value: {10**49}}}\n  m: {{per: csm, count: seats > far, table: accounts, held_on: as_of}}\n"
    pack = granger.load(workspace({"granger.yaml": TOP, "l.yaml": LIBRARY + text, "t.yaml": tiers}))
    given = {"people": [], "accounts": ACCOUNTS, "assignments": HELD, "loose": [], "rows": rows("A")}
    reference, columns = (pack.run(given, as_of=AS_OF, reading=each) for each in ("reference", "columns"))
    assert columns.outcome.replayed == 2
    files = {name: text for name, text in columns.texts().items() if name != "run.json"}
    assert files.items() <= reference.texts().items() and len(files) >= 10
    assert [(one.of, one.exact) for one in columns.outcome.measures if one.measure == "m"] == [("Ann", 0), ("Bob", 1)]


def test_a_share_of_a_number_that_leaves_128_bits_is_the_references(workspace: Workspace, replayed: list[str]) -> None:
    """30 digits times 24: nothing may be lost on the way."""
    held = [{"account_id": "A", "role": "csm", "person": person, "split": split} for person, split in LONG]
    given = {"people": [], "accounts": ACCOUNTS[:1], "assignments": held, "loose": [],
             "rows": [{"account_id": "A", "on_day": "2026-08-01", "n": "9" * 30, "due": "1"}, *rows("A")]}  # fmt: skip
    text = "  m: {per: csm, sum: n, table: rows}\n  r: {per: csm, sum: due, over: n, table: rows}\n  c: {per: csm, average: n, table: rows}\n"
    reference, columns = books(workspace, text, given)
    alike(reference, columns, met := Counter())
    assert met["rows"] == 12 and "c" not in replayed and "m" in replayed and "r" in replayed
