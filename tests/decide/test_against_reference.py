"""Deciding one account at speed is held to the reference: the same dict, or the same refusal."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import granger
import pytest
from granger.engine.amounts import places, plain
from granger.engine.decide import reference
from granger.engine.decide.prepared import Prepared
from granger.engine.diagnostics import DataRejected, RequestRejected
from granger.engine.language.generated import Replay
from granger.engine.policy.names import ACCOUNTS, account_field
from granger.engine.tables.shape import Shape, Table

ROOT = Path(__file__).resolve().parents[2]
GOOD = sorted(path.parent for path in (ROOT / "tests" / "cases" / "good").glob("*/granger.yaml"))
DAYS = {"starter": date(2026, 9, 30), "renewal-kpi": date(2026, 9, 30)}
PACKS = [ROOT / "rules" / name for name in DAYS] + GOOD

Case = tuple[dict[str, Any], dict[str, Any]]
"""An account with its rows, and the rows of nobody."""


def day_of(folder: Path) -> date:
    return DAYS.get(folder.name) or date.fromisoformat((folder / "run.txt").read_text(encoding="utf-8").split()[0])


def written(random: Random, shape: Shape, name: str, value: object) -> object:
    """A value as one of the forms that a caller may bring it in."""
    field = shape.field(name)
    assert field is not None
    if isinstance(value, Fraction) and field.kind == "percent":
        shown = plain(value * 100, None if places(value) is not None else 9)
        shown = shown.replace(".", ",") if shape.decimal == "comma" else shown
        return f"{shown}%" if field.scale is None else value * 100 if field.scale == 100 else value
    if isinstance(value, Fraction) and shape.decimal == "comma":
        return value
    if isinstance(value, Fraction):
        whole = value.denominator == 1
        forms: list[object] = [value, str(int(value)) if whole else float(value), f"{float(value):,.6f}"]
        if whole:
            forms += [int(value)] * 4
        if value * 10**6 == int(value * 10**6):
            forms += [Decimal(int(value * 10**6)).scaleb(-6), str(Decimal(int(value * 10**6)) / 10**6)]
        return random.choice(forms)
    if isinstance(value, date):
        return random.choice([value, value, value.isoformat()])
    return random.choice([value, value, f" {value} "]) if isinstance(value, str) else value


def cases(pack: granger.Pack, day: date, random: Random) -> Iterator[Case]:
    """Every account of a pack's own data, with the rows that are its own under it."""
    tables: Mapping[str, Table] = pack.run(as_of=day).outcome.tables
    shapes = pack.policies.workspace.shapes
    for i in range(len(tables[ACCOUNTS])):
        record = tables[ACCOUNTS].record(i).items()
        account = {k: written(random, shapes[ACCOUNTS], k, v) for k, v in record if v is not None}
        account["account_id"] = tables[ACCOUNTS].record(i)["account_id"]
        rows: dict[str, Any] = {}
        for name, table in tables.items():
            link = account_field(shapes[name])
            if name == ACCOUNTS:
                continue
            records = [table.record(j) for j in range(len(table))]
            if link is not None:
                records = [record for record in records if record[link.name] == account["account_id"]]
            told = [
                {k: written(random, shapes[name], k, v) for k, v in record.items() if v is not None}
                for record in records
            ]
            if link is None:
                rows[name] = told
            elif told:
                account[name] = [{k: v for k, v in row.items() if k != link.name} for row in told]
        yield account, rows


NASTY: list[object] = [
    0, 1, -1, 7, Fraction(1, 3), Fraction(-5, 2), Decimal("0.005"), Decimal("30000.005"), 29_999.995, 10**40, -(2**63), 2**127, 2**128, 10**300,
    Fraction(1, 10**12), "1,234.50", "(5.00)", "12%", "-0.30", "007", "1e3", "", "  ", None, True, False, float("nan"), float("inf"),
    Decimal("1E-300"), Decimal("0E-500"), date(2026, 9, 30), date(1, 1, 1), date(9999, 12, 31), "2026-02-30", "2026-W40-3", "20260930",
    "core", "none", "Ärger & Söhne", "=1+1", "a\0b", "\ud800", [], {},
]  # fmt: skip


def mutated(random: Random, account: dict[str, Any], rows: dict[str, Any], days: date) -> Case:
    """One to three things about it are another way."""
    account = {k: [dict(r) for r in v] if isinstance(v, list) else v for k, v in account.items()}
    rows = {name: [dict(row) for row in some] for name, some in rows.items()}
    for _ in range(random.choice([1, 1, 1, 2, 3])):
        children = [name for name, value in account.items() if isinstance(value, list) and value]
        fields = [name for name, value in account.items() if not isinstance(value, list)]
        roll = random.random()
        if roll < 0.35 and fields:
            name = random.choice(fields)
            if random.random() < 0.2 or name == "account_id":
                account.pop(name)
            else:
                account[name] = near(random, account[name])
        elif roll < 0.45:
            account[random.choice(fields or ["x"])] = random.choice(NASTY)
        elif children:
            some = account[random.choice(children)]
            row = random.choice(some)
            if roll < 0.55:
                some.remove(row)
            elif roll < 0.62:
                some.append(dict(row))
            elif roll < 0.66:
                row[random.choice(list(row))] = random.choice(NASTY)
            elif roll < 0.7:
                row.pop(random.choice(list(row)))
            else:
                name = random.choice(list(row))
                row[name] = near(random, row[name])
    if random.random() < 0.03:
        account[random.choice(["arrr", "usage", ACCOUNTS])] = random.choice([1, [], [5], "text", {}])
    if random.random() < 0.03:
        rows[random.choice(["people", "nobody"])] = random.choice([[], [{}], None, "text"])
    return account, rows


def near(random: Random, value: object) -> object:
    """A value not far from this one, where edges and ties are."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | Fraction):
        return random.choice(
            [value + 1, value - 1, -value, value * 2, value * 10, value + Fraction(1, 2), value * 10**9, 0]
        )
    if isinstance(value, date):
        days = value.toordinal() + random.choice([-400, -31, -7, -1, 1, 7, 30, 90, 365])
        return date.fromordinal(min(max(days, 1), date.max.toordinal()))
    return random.choice([value, None, f"{value}x"])


def outcome_of(decide: Any, *arguments: Any) -> Any:
    try:
        return decide(*arguments)
    except (RequestRejected, DataRejected) as refusal:
        return type(refusal).__name__, [(d.code, d.message) for d in refusal.diagnostics]
    except (TypeError, ValueError, AttributeError, OverflowError) as failure:
        return type(failure).__name__  # what nobody should bring


DRAWN = {folder.name: 600 if folder.name == "renewal-kpi" else 150 for folder in PACKS}
FAST = {
    "renewal-kpi": 200, "starter": 50, "after": 60, "bonus": 40, "cadences": 60, "dirt": 60, "forms": 60, "health": 80, "health-groups": 80, "hit-policies": 70,
    "lifecycle": 75, "memory": 80, "offsets": 75, "pay-forms": 40, "reconcile": 60, "repeats": 50, "staffing": 80, "success": 50, "tables": 35, "versions": 35,
    "windows": 50, "yen": 40,
}  # fmt: skip
"""Of the drawn accounts, so many at least are not left to the reference."""

LEFT = 10
"""Of the accounts that are, which the reference decides by all means, every so many is looked at."""


def test_the_sweep_is_large_enough() -> None:
    assert sum(DRAWN.values()) >= 2_000
    assert sum(FAST.values()) >= 1_000
    assert FAST.keys() <= DRAWN.keys()


@pytest.mark.parametrize("folder", PACKS, ids=lambda path: path.name)
def test_decide_is_what_the_reference_decides(folder: Path) -> None:
    pack, day, random = granger.load(folder), day_of(folder), Random(folder.name)
    known = list(cases(pack, day, random))
    fresh = [mutated(random, *random.choice(known), day) for _ in range(DRAWN[folder.name])]
    prepared = pack.deciders.on(day)
    met = Counter[str]()
    for kind, (account, rows) in [("given", case) for case in known] + [("mutated", case) for case in fresh]:
        way = way_of(prepared, account, rows)
        met[f"{kind} {way}"] += 1
        if way == "fast" or met[f"{kind} slow"] % LEFT == 1:
            hold_to_the_reference(pack, day, account, rows)
    assert met["mutated fast"] >= FAST.get(folder.name, 0)
    assert folder.name != "renewal-kpi" or (met["given fast"] > 50 and not met["given slow"])


def way_of(prepared: Prepared | None, account: dict[str, Any], rows: dict[str, Any]) -> str:
    if prepared is None:
        return "slow"
    try:
        prepared.decide(account, rows)
    except Replay:
        return "slow"
    return "fast"


def hold_to_the_reference(pack: granger.Pack, day: date, account: dict[str, Any], rows: dict[str, Any]) -> None:
    expected = outcome_of(reference.decide, pack.policies, account, day, rows)
    found = outcome_of(pack.deciders.decide, account, day, rows)
    assert found == expected, (account, rows)
    if isinstance(expected, dict):
        assert list(found) == list(expected)
        for name in ("tiers", "health"):
            assert [list(row) for row in found[name].values()] == [list(row) for row in expected[name].values()]
        for name in ("measures", "tasks", "unserved"):
            assert [list(row) for row in found[name]] == [list(row) for row in expected[name]]


def test_a_row_of_nobody_that_does_not_say_whose_it_is_is_refused() -> None:
    pack, day = granger.load(ROOT / "rules" / "renewal-kpi"), DAYS["renewal-kpi"]
    account = {
        "account_id": "A", "name": "A", "arr": 64_000, "fit": "core", "seats": 20, "signed_on": date(2025, 1, 14),
        "renewal_on": date(2027, 1, 14), "days_overdue": 0,
    }  # fmt: skip
    for row in ({"used_on": day, "active_users": 20}, {"account_id": None, "used_on": day, "active_users": 20}):
        for rows in ({"usage": [row]}, {"usage": [{"account_id": "A", **row}]}):
            expected = outcome_of(reference.decide, pack.policies, account, day, rows)
            assert outcome_of(pack.deciders.decide, account, day, rows) == expected
    assert outcome_of(pack.deciders.decide, account, day, {"usage": [row]})[0] == "DataRejected"


def test_polars_is_not_loaded_to_decide() -> None:
    code = """
import sys
from datetime import date
import granger
pack = granger.load(sys.argv[1])
account = {
    "account_id": "A", "name": "A", "arr": 64_000, "fit": "core", "seats": 20, "signed_on": "2025-01-14",
    "renewal_on": "2027-01-14", "days_overdue": 0, "usage": [{"used_on": "2026-09-28", "active_users": 20}],
}
assert pack.decide(account, as_of=date(2026, 9, 30))["tiers"]["account-grade"]["tier"] == "A"
assert pack.deciders.on(date(2026, 9, 30)) is not None
print("polars" in sys.modules)
"""
    told = subprocess.run(
        [sys.executable, "-c", code, str(ROOT / "rules" / "renewal-kpi")], check=True, capture_output=True, text=True
    )
    assert told.stdout == "False\n"
