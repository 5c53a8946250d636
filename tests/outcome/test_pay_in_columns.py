"""Pay in columns against the reference, on random plans and nasty rows: the same credits, lines, reasons, to the cent."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import granger
import pytest

from .pay_both_ways import alike, both

ROOT = Path(__file__).resolve().parents[2]
GOOD = sorted(path.parent for path in (ROOT / "tests" / "cases").glob("good/*/granger.yaml"))

TOP = """
kind: workspace
name: w
currency: {currency}
roles: {{csm: {{fallback: [lead]}}, lead: {{}}}}
tables:
  accounts:
    file: accounts.csv
    key: account_id
    fields: {{account_id: text, factor: {{kind: number, required: false}}, hot: {{kind: boolean, required: false}}}}
  people:
    file: people.csv
    key: person
    fields: {{person: person, role: {{required: false}}, goal: {{kind: number, required: false}}}}
  assignments:
    file: assignments.csv
    valid: {{from: starts_on, before: ends_on}}
    fields:
      account_id: {{refers_to: accounts}}
      role: text
      person: {{refers_to: people}}
      starts_on: {{kind: date, required: false}}
      ends_on: {{kind: date, required: false}}
      split: {{kind: percent, required: false}}
  deals:
    file: deals.csv
    {key}
    dated_by: closed_on
    fields:
      deal_id: {{required: false}}
      account_id: {{refers_to: accounts, required: false}}
      kind: {{required: false}}
      amount: {{kind: money, required: false}}
      base: {{kind: money, required: false}}
      pct: {{kind: number, required: false}}
      paid: {{kind: boolean, required: false}}
      closed_on: {{kind: date, required: false}}
      sold_by: {{kind: person, required: false}}
      helped_by: {{kind: person, required: false}}
"""
LIBRARY = (
    "kind: library\nname: l\neffective: {{from: {start}{before}}}\nsettings: {{r: {rate}}}\n"
    "duties:\n  owner: [{{role: lead, when: hot}}, {{role: csm}}]\n"
)
PLAN = "kind: comp\nname: {name}\neffective: {{from: {start}{before}}}\npayees: {payees}\nperiod: {period}\n{gates}components:\n"

RATES = [
    "12%", "4%", "2.5%", "1/3", "r", "pct", "pct / 3", "amount / base", "0%", "factor / 7", "-5%",
    "[{rate: 12%, when: kind == 'new', because: new}, {rate: 1/3, when: amount > base}, {rate: 2.5%}]",
    "[{rate: 0%, when: paid, because: paid}, {rate: pct, when: hot}, {rate: r}]",
    "[{rate: 1 / (factor - factor), when: kind == 'new'}, {rate: amount / base, when: amount / base > 1}, {rate: 1/7}]",
]  # fmt: skip
AMOUNTS = ["amount", "amount", "amount", "amount * 1/3", "amount + base", "round(amount / 7, 2)", "amount * factor / 2"]
WHERES = ["", "", "where: kind == 'new', ", "where: amount > 0, ", "where: hot, ", "where: paid or kind == 'new', "]
SPLITS = [
    "sold_by", "sold_by", "csm", "owner", "[{to: sold_by, share: 70%}, {to: helped_by, share: 30%}]",
    "[{to: csm, share: 2/3}, {to: sold_by, share: 1/3}, {to: sold_by, overlay: pct}]", "[{to: owner, overlay: factor}]",
    "[{to: csm, share: 0.9}, {to: helped_by, share: pct}]", "[{to: sold_by, share: 1 - pct}, {to: csm, share: pct}]",
]  # fmt: skip
MORE = [
    "", "", "", "", ", cap: 500", ", floor: 3", ", period: month", ", period: month, cap: 90", ", cap_per_credit: 40, floor_per_credit: 0.5",
    ", gates: [{gate: own, when: goal > 1}]", ", period: month, gates: [{gate: own, when: goal > 1, because: agreed}], floor: 1",
]  # fmt: skip
TABLES = [
    "{kind: marginal, bands: [{rate: 1/3, from: 100}, {rate: 2.5%}], accumulate: period}",
    "{kind: marginal, of: goal * 100, bands: [{rate: 12%, above: 150%}, {rate: 7%, above: 50%, retroactive: true}, {rate: r}], accumulate: period}",
    "{kind: linear, curve: [[0, 5], [1000, 70]], below_first: hold, above_last: extend, accumulate: period}",
    "{kind: matrix, across: goal, columns: [{from: 3}, {}], rows: [{from: 500, rate: [9%, 8%]}, {rate: [1/7, 0%]}], accumulate: period}",
    "{kind: whole_amount, bands: [{rate: 12%, from: 50}, {rate: 5%}], accumulate: each_credit}",
    "{kind: marginal, bands: [{rate: 12%, from: 500}, {rate: 5%}], accumulate: running}",
    "{kind: marginal, bands: [{rate: 12%, from: 500}, {rate: 5%}], accumulate: year}",
]
PEOPLE = ["Ann", "Bob", "Cat", "Dé 'x'", "=SUM(A1)", "eve, jr", "Zoë"]
STRANGERS = ["Nobody", "ann"]


def component(rng: random.Random, name: str) -> str:
    credit = f"{{table: deals, {rng.choice(WHERES)}amount: {quoted(rng.choice(AMOUNTS))}, to: {rng.choice(SPLITS)}}}"
    rounding = (
        f", round: {rng.choice(['each_credit', 'payout_line'])}, rounding: {rng.choice(['half_up', 'half_even'])}"
    )
    rate = f"rate: {rng.choice(RATES)}"
    more = rng.choice(MORE)
    if rng.random() < 0.3:
        table = rng.choice(TABLES)
        rate = f"rate_table: {table}"
        rounding = "" if "year" in table else rounding
        more = (
            more
            if "each_credit" in table or "running" in table
            else re.sub(", (cap|floor)_per_credit: [0-9.]+", "", more)
        )
    because = ", because: all" if rng.random() < 0.3 else ""
    return f"  - {{component: {name}, credit: {credit}, {rate}{rounding}{more}{because}}}\n"


def quoted(expression: str) -> str:
    return f'"{expression}"' if "," in expression else expression


def plans(rng: random.Random) -> dict[str, str]:
    """One or two plans; the first may have two versions, which meet inside the quarter, as the library may."""
    period = rng.choice(["quarter", "quarter", "month"])
    payees = rng.choice(["role == 'seller'", "goal > 1", "role == 'seller' or goal > 3"])
    gates = rng.choice(["", "", "gates: [{gate: g, when: goal > 2, because: agreed}]\n"])

    def plan(name: str, start: str, before: str = "") -> str:
        head = PLAN.format(name=name, start=start, before=before, payees=payees, period=period, gates=gates)
        return head + "".join(component(rng, f"c{n}") for n in range(rng.randint(1, 3)))

    files = {"library.yaml": LIBRARY.format(start="2026-01-01", before="", rate="7/300")}
    if rng.random() < 0.5:
        files["library.yaml"] = LIBRARY.format(start="2026-01-01", before=", before: 2026-08-15", rate="7/300")
        files["later.yaml"] = LIBRARY.format(start="2026-08-15", before="", rate="11.125%")
    if rng.random() < 0.5:
        files["a.yaml"] = plan("one", "2026-01-01", ", before: 2026-08-10")
        files["b.yaml"] = plan("one", "2026-08-10")
    else:
        files["a.yaml"] = plan("one", "2026-01-01")
    if rng.random() < 0.4:
        files["c.yaml"] = plan("two", "2026-07-15").replace(payees, "role == 'manager' or goal > 2")
    key = "key: deal_id" if rng.random() < 0.7 else ""
    files["granger.yaml"] = TOP.format(currency=rng.choice(["CNY", "CNY", "JPY", "KWD"]), key=key)
    return files


def tables(rng: random.Random, count: int, *, wide: bool = False) -> dict[str, list[dict[str, Any]]]:
    accounts = [f"A{n}" for n in range(8)]
    known = [*PEOPLE, ""] if rng.random() < 0.8 else PEOPLE[:1]
    sizes = (
        ["10000000000000000000000000000000000000000", "-99999999999999999999", "9223372036854775807.5"] if wide else []
    )

    def money() -> str:
        roll = rng.random()
        if roll < 0.03:
            return ""
        if sizes and roll < 0.06:
            return rng.choice(sizes)
        if roll < 0.25:
            # ties at half a cent for 12 %, 4 %, 2.5 % and 10 %
            return rng.choice(
                ["0.125", "0.25", "0.05", "-0.05", "0.2", "0.6", "-0.2", "12.5", "-12.5", "0.375", "1", "0", "-1"]
            )
        return (
            f"{rng.randint(-200_000 if roll < 0.4 else 0, 2_000_000)}e".replace("e", "")
            if roll < 0.5
            else f"{rng.randint(-999, 999_999) / 100:.2f}"
        )

    def maybe(*values: str) -> str:
        return rng.choice([*values, *values, *values, ""])

    days = [date(2026, 6, 28) + timedelta(n) for n in range(97)]
    return {
        "accounts": [
            {"account_id": a, "factor": maybe("0.5", "3", "-1", "0", "0.333"), "hot": maybe("yes", "no")} for a in accounts
        ],
        "people": [
            {"person": p, "role": maybe("seller", "seller", "manager"), "goal": maybe("1", "2", "3", "4")} for p in PEOPLE
        ],
        "assignments": [
            {"account_id": a, "role": role, "person": person, "starts_on": "", "ends_on": "", "split": split}
            for a in accounts
            for role in ("csm", "lead")
            for person, split in rng.choice(
                [[], [("Ann", "")], [("Bob", "60%"), ("Cat", "40%")], [("Ann", "30%"), ("Zoë", "30%")], [("Bob", ""), ("Bob", "")],
                 [("Ann", "12.5%"), ("Bob", "37.5%"), ("Cat", "50%")]]
            )
        ],
        "deals": [
            {
                "deal_id": f"D-{rng.choice(['', '0', 'é'])}{n}",
                "account_id": maybe(*accounts),
                "kind": maybe("new", "old", "line\nbreak"),
                "amount": money(),
                "base": money(),
                "pct": maybe("0.1", "0.025", "0.333333333", "0", "-0.04", *(["0.1234567890123456789012345"] if wide else [])),
                "paid": maybe("yes", "no"),
                "closed_on": "" if rng.random() < 0.02 else str(rng.choice(days)),
                "sold_by": rng.choice([*known, *known, *STRANGERS]),
                "helped_by": rng.choice(known),
            }
            for n in range(count)
        ],
    }  # fmt: skip


@pytest.fixture
def swept(workspace: Callable[[Mapping[str, str]], Path]) -> Callable[..., tuple[int, int]]:
    """Credits compared, and how many of them came from frames."""

    def run(seed: int, count: int, *, wide: bool = False) -> tuple[int, int]:
        rng = random.Random(seed)
        for left in workspace({}).glob("*.yaml"):
            left.unlink()
        pack = granger.load(workspace(plans(rng)))
        outcome = pack.run(
            tables(rng, count, wide=wide), as_of=date(2026, 9, 30), period="2026-Q3", parts=["pay"]
        ).outcome
        reference, columns = both(pack, outcome)
        return alike(reference, columns), sum(len(each.frame) for each in columns.credits.frames)

    return run


@pytest.mark.parametrize(
    "seeds", [range(10), *(pytest.param(range(n, n + 14), marks=pytest.mark.slow) for n in range(10, 52, 14))]
)
def test_random_plans_pay_alike(seeds: range, swept: Callable[..., tuple[int, int]]) -> None:
    found = [swept(seed, 130) for seed in seeds]
    assert sum(compared for compared, _ in found) > 300 * len(seeds)
    assert sum(framed for _, framed in found) > 100 * len(seeds)


@pytest.mark.parametrize("seeds", [range(500, 508), pytest.param(range(508, 530), marks=pytest.mark.slow)])
def test_figures_that_fit_no_column_pay_alike(seeds: range, swept: Callable[..., tuple[int, int]]) -> None:
    found = [swept(seed, 60, wide=True) for seed in seeds]
    assert sum(compared for compared, _ in found) > 100 * len(seeds)
    assert sum(framed for _, framed in found) > 20 * len(seeds)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_rows_pay_alike(count: int, swept: Callable[..., tuple[int, int]]) -> None:
    assert sum(swept(seed, count)[0] for seed in range(900, 905)) >= count * 5


@pytest.mark.parametrize("case", GOOD, ids=lambda path: path.name)
def test_the_good_cases_pay_alike(case: Path) -> None:
    asked = (case / "run.txt").read_text(encoding="utf-8").split()
    pack = granger.load(case)
    outcome = pack.run(as_of=date.fromisoformat(asked[0]), period=asked[1] if len(asked) > 1 else None).outcome
    assert alike(*both(pack, outcome)) == len(outcome.credits)


@pytest.mark.parametrize(("pack", "credits"), [("starter", 7), ("renewal-kpi", 100)])
def test_the_bundled_packs_pay_alike(pack: str, credits: int) -> None:
    loaded = granger.load(ROOT / "rules" / pack)
    compared = 0
    for day in (date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30)):
        compared += alike(*both(loaded, loaded.run(as_of=day, parts=["pay"]).outcome))
    assert compared >= credits


def test_one_payee_s_credits_are_read_without_the_others(workspace: Callable[[Mapping[str, str]], Path]) -> None:
    rng = random.Random(7)
    pack = granger.load(workspace(plans(rng)))
    outcome = pack.run(tables(rng, 300), as_of=date(2026, 9, 30), period="2026-Q3", parts=["pay"]).outcome
    reference, columns = both(pack, outcome)
    for person in [*PEOPLE, *STRANGERS, ""]:
        assert columns.credits.of(person) == [credit for credit in reference.credits if credit.payee == person]
    assert columns.credits.count("credited") == sum(1 for c in reference.credits if c.status == "credited") > 50


def test_the_frame_has_every_column_of_a_credit_and_the_divisors_of_its_numbers() -> None:
    loaded = granger.load(ROOT / "rules" / "renewal-kpi")
    reference, columns = both(loaded, loaded.run(as_of=date(2026, 9, 30), parts=["pay"]).outcome)
    seen = 0
    for each in columns.credits.frames:
        whole = each.whole()
        for line, credit in zip(whole.iter_rows(named=True), each.credited(), strict=True):
            seen += 1
            earning = None if line["earning"] is None else Fraction(line["earning"], line["earning_of"])
            assert (line["payee"], line["record"], line["plan"], earning) == (
                credit.payee,
                credit.record,
                credit.plan,
                credit.earning,
            )
            assert list(line)[: len(credit.__slots__)] == list(credit.__slots__)
    assert seen == len(reference.credits) > 30


def test_what_waits_for_a_gate_stays_in_the_order_of_the_splits(
    workspace: Callable[[Mapping[str, str]], Path],
) -> None:
    """Of one row, Ann's first part has no share and her second counts; then a gate that is undecided makes both wait."""
    files = {"granger.yaml": TOP.format(currency="CNY", key="key: deal_id")}
    head = PLAN.format(name="one", start="2026-01-01", before="", payees="role == 'seller'", period="quarter", gates="gates: [{gate: g, when: goal > 2}]\n")  # fmt: skip
    to = "[{to: sold_by, overlay: pct}, {to: sold_by, overlay: 50%}]"
    files["a.yaml"] = head + f"  - {{component: c, credit: {{table: deals, amount: amount, to: {to}}}, rate: 10%}}\n"
    pack = granger.load(workspace(files))
    deal = {"deal_id": "D", "amount": "1", "closed_on": "2026-08-01", "sold_by": "Ann"}
    given = {"accounts": [], "people": [{"person": "Ann", "role": "seller"}], "assignments": [], "deals": [deal]}
    reference, columns = both(pack, pack.run(given, as_of=date(2026, 9, 30), parts=["pay"]).outcome)
    assert [credit.share for credit in reference.credits] == [None, Fraction(1, 2)]
    assert alike(reference, columns) == 2
