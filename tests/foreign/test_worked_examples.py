"""Public worked examples of pay plans and retention measures, through YAML plans and files: exactly, or left by name.

An adapter writes one example as a workspace in our words and gives back what came out, in the example's own shape. Every
figure of ``expected``, ``expected_derived`` and ``corrected`` is compared: exactly, or where the page shows a rounded
figure (``Shown``) at the digits it prints. ``corrected`` stands for the page's figure where the page is wrong.
"""

import csv
import io
import re
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from types import SimpleNamespace

import granger
import pytest
import yaml

LEFT = {
    "posthog-at-risk-clawback": "clawbacks: credits at risk, taken back when unpaid at the next cutoff",
    "siebel-recoverable-draw": "recoverable draws: a balance owed that later periods pay back",
    "oracle-draw-delayed-recovery": "recoverable draws: a balance, and recovery from a later period on",
    "qcommission-draw-as-advance": "draws as an advance on top of earnings, repaid next period",
    "centify-clawback-paid-part-only": "clawbacks: only instalments that were paid are taken back",
    "rolling-reserve-10pct": "holdbacks: a part held, and released on a later day",
    "floqast-amortisation": "amortisation of commissions over months, for accounting",
}
"""The examples that wait for the pay issue, and for what."""

ADAPTERS = {}


def adapter(name):
    """Marks the function that writes the example ``name`` as a workspace, runs it, and gives back its figures."""

    def mark(function):
        assert name not in ADAPTERS
        ADAPTERS[name] = function
        return function

    return mark


# --- comparing ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """An exact value that the page prints rounded half away from zero."""

    value: Fraction


@dataclass(frozen=True)
class Unlike:
    """A value that must not be the printed one: the page says what is not paid."""

    value: Fraction


def number(text):
    """The number that a printed figure starts with: ``50000.00 after rounding to cents``."""
    return Fraction(text.split()[0])


def rounded(value, digits):
    whole, rest = divmod(abs(value) * 10**digits, 1)
    size = Fraction(whole + (rest >= Fraction(1, 2)), 10**digits)
    return -size if value < 0 else size


def agrees(found, printed):
    if isinstance(printed, dict):
        return set(found) == set(printed) and all(agrees(found[key], printed[key]) for key in printed)
    if isinstance(printed, list):
        return len(found) == len(printed) and all(map(agrees, found, printed))
    if isinstance(found, Shown):
        return rounded(found.value, len(printed.partition(".")[2])) == number(printed)
    if isinstance(found, Unlike):
        return found.value != number(printed)
    if isinstance(found, str):
        return found == printed
    return isinstance(found, Fraction) and found == number(printed)


def test_comparing_can_fail():
    assert agrees(Fraction("2.5"), "2.50")
    assert not agrees(Fraction("2.51"), "2.5")
    assert agrees(Shown(Fraction(20, 15)), "1.33")
    assert not agrees(Shown(Fraction(20, 15)), "1.34")
    assert agrees(Shown(Fraction(-20, 3)), "-6.67")
    assert not agrees(Shown(Fraction(-20, 3)), "-6.6")
    assert not agrees(Unlike(Fraction(5)), "5")
    assert not agrees({"a": Fraction(1)}, {"a": "1", "b": "2"})
    assert not agrees([Fraction(1), Fraction(2)], ["1"])
    assert not agrees(1.0, "1")


# --- writing a workspace ------------------------------------------------------------------------------------------------

ACCOUNTS = {"account_id": "text"}
PEOPLE = {"person": "person", "role": "text"}
SALES = {
    "sale_id": "text",
    "account_id": "{refers_to: accounts}",
    "person": "{refers_to: people}",
    "sold_on": "date",
    "amount": "money",
}


@dataclass(frozen=True)
class Table:
    """A table of the workspace: its fields as YAML, and its rows, in which ``usual`` stands for what they do not say."""

    fields: dict
    rows: list
    usual: dict
    key: str = ""
    dated_by: str = ""
    valid: str = ""

    def yaml(self, name):
        keys = {"file": f"{name}.csv", "key": self.key, "dated_by": self.dated_by, "valid": self.valid}
        head = ", ".join(f"{key}: {value}" for key, value in keys.items() if value)
        fields = ", ".join(f"{field}: {kind}" for field, kind in self.fields.items())
        return f"  {name}: {{{head}, fields: {{{fields}}}}}\n"

    def csv(self):
        out = io.StringIO()
        writer = csv.DictWriter(out, list(self.fields), lineterminator="\n")
        writer.writeheader()
        writer.writerows({**self.usual, **row} for row in self.rows)
        return out.getvalue()


def accounts(*rows, **fields):
    return Table(ACCOUNTS | fields, list(rows), {}, key="account_id")


def people(*rows, **fields):
    return Table(PEOPLE | fields, list(rows), {"role": "rep"}, key="person")


def sales(*rows, **fields):
    numbered = [{"sale_id": f"S{i}", **row} for i, row in enumerate(rows, 1)]
    usual = {"account_id": "X", "person": "Ana", "sold_on": "2026-02-10"}
    return Table(SALES | fields, numbered, usual, key="sale_id", dated_by="sold_on")


def plan(*components, name="plan", payees="true", period="quarter", variable=None):
    """A comp policy; each component is its YAML without the leading dash."""
    pay = f"pay: {{base: 0 per year, variable: {variable}}}\n" if variable else ""
    lines = "".join("  - " + text.strip().replace("\n", "\n    ") + "\n" for text in components)
    return (
        f"kind: comp\nname: {name}\neffective: {{from: 2015-01-01}}\npayees: {payees}\nperiod: {period}\n"
        f"{pay}components:\n{lines}"
    )


def library(*, settings="{}", measures="{}"):
    head = "kind: library\nname: figures\neffective: {from: 2015-01-01}\n"
    return head + "".join(
        f"{key}: {value}\n" for key, value in {"settings": settings, "measures": measures}.items() if value != "{}"
    )


def bands(tiers, *, edge="{}", rate="{}", value="rate"):
    """The bands of contiguous tiers from zero on, highest first; what lies below the first edge is the last row."""
    assert tiers[0]["from"] == "0"
    assert all(low["to"] == high["from"] for low, high in zip(tiers, tiers[1:], strict=False))
    falling = list(reversed(tiers))
    rows = [f"{{rate: {rate.format(tier[value])}, from: {edge.format(tier['from'])}}}" for tier in falling[:-1]]
    return f"[{', '.join([*rows, f'{{rate: {rate.format(falling[-1][value])}}}'])}]"


CREDIT = "credit: {table: sales, amount: amount, to: person}"


def commission(name, *, credit=CREDIT, **keys):
    return "\n".join([f"component: {name}", credit, *(f"{key}: {value}" for key, value in keys.items())])


def by_table(name, kind, shape, *, of="", accumulate="period", ends="", **keys):
    """A commission by a rate table; ``shape`` are the bands, or the curve where ``ends`` say what lies outside."""
    quota = f", of: {of}" if of else ""
    word = f"curve: {shape}, {ends}" if ends else f"bands: {shape}"
    table = f"{{kind: {kind}, accumulate: {accumulate}{quota}, {word}}}"
    return commission(name, rate_table=table, **keys)


# --- running it ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path):
    """``run({tables}, policy, …, period=…)``: writes the workspace, runs it at the period's last day, and the outcome."""

    def go(tables, *policies, period="2026-Q1", roles="{}", as_of=None):
        tables = {"accounts": accounts({"account_id": "X"}), "people": people({"person": "Ana"})} | tables
        folder = tmp_path / f"workspace-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        shapes = "".join(table.yaml(name) for name, table in tables.items())
        head = f"kind: workspace\nname: examples\ncurrency: USD\nroles: {roles}\ntables:\n"
        (folder / "granger.yaml").write_text(head + shapes, "utf-8")
        for name, table in tables.items():
            (folder / f"{name}.csv").write_text(table.csv(), "utf-8")
        for i, text in enumerate(policies):
            (folder / f"policy-{i}.yaml").write_text(text, "utf-8")
        pack = granger.load(folder)
        assert pack.diagnostics == (), pack.diagnostics
        found = pack.run(as_of=as_of or last_day(period), period=period, parts=["segments", "pay"]).outcome
        assert (found.rejects, [finding for finding in found.findings if finding.is_error]) == ([], [])
        return found

    return go


def last_day(period):
    year, _, quarter = period.partition("-Q")
    month = 3 * int(quarter) if quarter else 12
    return date(int(year) + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def line(outcome, component, payee="Ana", **other):
    """The one payout line of a component and payee; nothing of it waits."""
    wanted = {"component": component, "payee": payee, **other}
    (found,) = [row for row in outcome.payouts if all(getattr(row, key) == value for key, value in wanted.items())]
    assert (found.status in ("paid", "zero"), found.waiting_credits) == (True, 0), found
    return found


def attained(outcome, component, payee="Ana"):
    (found,) = [row for row in outcome.attainments if (row.component, row.payee) == (component, payee)]
    assert found.earning is not None, found
    return found


def measured(outcome, name, of="company"):
    (found,) = [row for row in outcome.measures if (row.measure, row.of) == (name, of)]
    return found.exact


def slices(payout):
    """The slices that a payout line tells: amount, rate and earning of each."""
    told = [re.fullmatch(r"(?:.+: )?(\S+) at (\S+)% = (\S+)", step) for step in payout.steps]
    assert all(told), payout.steps
    figures = [[Fraction(text.replace(",", "")) for text in step.groups()] for step in told if step]
    return [SimpleNamespace(amount=amount, rate=rate / 100, earning=earning) for amount, rate, earning in figures]


def each(texts):
    """One sale for each amount, each by a person who is named by the amount."""
    return sales(*({"person": f"P{text}", "amount": text} for text in texts))


def sellers(texts):
    return people(*({"person": f"P{text}"} for text in texts))


# --- rate tables --------------------------------------------------------------------------------------------------------


def each_transaction(case, run, component):
    rows = [{"sale_id": row["id"], "amount": row["amount"]} for row in case["inputs"]["transactions"]]
    outcome = run({"sales": sales(*rows)}, plan(component))
    earned = {credit.record: credit for credit in outcome.credits}
    assert len(earned) == len(rows)
    return earned, line(outcome, "sold").amount


@adapter("oracle-step-individual")
def _(case, run):
    days = {row["id"]: row["date"] for row in case["inputs"]["transactions"]}
    assert all(date(2015, 1, 1) <= date.fromisoformat(day) < date(2015, 4, 1) for day in days.values())
    rows = [
        {"sale_id": row["id"], "amount": row["amount"], "sold_on": row["date"]}
        for row in case["inputs"]["transactions"]
    ]
    component = by_table("sold", "marginal", bands(case["plan"]["tiers"]), accumulate="each_credit")
    outcome = run({"sales": sales(*rows)}, plan(component), period="2015-Q1")
    earned = {credit.record: credit for credit in outcome.credits}
    rates = {name: Shown(credit.earning / credit.credit_amount * 100) for name, credit in earned.items()}
    return {
        "per_transaction": {name: credit.earning for name, credit in earned.items()},
        "total": line(outcome, "sold").amount,
        "effective_rate_pct": {name: rates[name] for name in case["expected"]["effective_rate_pct"]},
    }


@adapter("oracle-interpolated-individual")
def _(case, run):
    points, total = ["[0, 0]"], Fraction(0)
    for tier in case["plan"]["tiers"]:
        total += Fraction(tier["amount"])
        points.append(f"[{tier['to']}, {total}]")
    curve = f"[{', '.join(points)}]"
    ends = "below_first: hold, above_last: hold"
    component = by_table("sold", "linear", curve, ends=ends, accumulate="each_credit")
    earned, paid = each_transaction(case, run, component)
    return {"per_transaction": {name: credit.earning for name, credit in earned.items()}, "total": paid}


@adapter("oracle-step-same-table")
def _(case, run):
    amounts, tiers = case["inputs"]["amounts"], bands(case["plan"]["tiers"])
    components = by_table("step", "marginal", tiers), by_table("flat", "whole_amount", tiers)
    outcome = run({"people": sellers(amounts), "sales": each(amounts)}, plan(*components))
    steps = {text: slices(line(outcome, "step", f"P{text}")) for text in amounts}
    return {
        "slices": {text: [[cut.amount, cut.rate] for cut in steps[text]] for text in amounts},
        "step": {text: line(outcome, "step", f"P{text}").amount for text in amounts},
        "flat": {text: line(outcome, "flat", f"P{text}").amount for text in amounts},
    }


@adapter("oracle-24b-blended-step")
def _(case, run):
    amount = case["inputs"]["amount"]
    component = by_table("sold", "marginal", bands(case["plan"]["tiers"]))
    paid = line(run({"sales": sales({"amount": amount})}, plan(component)), "sold")
    cuts = slices(paid)
    return {
        "blended_rate_pct": paid.amount / paid.credit_amount * 100,
        "slices": [
            {
                "input": cut.amount,
                "tier_rate_pct": cut.rate * 100,
                "split_rate_pct": cut.earning / paid.credit_amount * 100,
            }
            for cut in cuts
        ],
    }


@adapter("oracle-boundary-inclusive")
def _(case, run):
    """An edge belongs to the band above it. The other reading is written out: a rate may be an expression."""
    tiers = case["plan"]["tiers"]
    total = Fraction(case["inputs"]["accumulated"])
    halves = sales({"amount": str(total / 3)}, {"amount": str(total * 2 / 3)})
    rate = tiers[-1]["rate"]
    for tier in reversed(tiers[:-1]):
        rate = f"{tier['rate']} if accumulated <= {tier['to']} else {rate}"
    measures = library(measures="{accumulated: {sum: amount, table: sales, per: person, window: quarter}}")
    components = (
        by_table("lower", "whole_amount", bands(tiers)),
        by_table("upper", "whole_amount", f"[{{rate: {rate}}}]"),
    )
    outcome = run({"sales": halves}, plan(*components), measures)
    lower, upper = (line(outcome, name) for name in ("lower", "upper"))
    assert lower.credit_amount == upper.credit_amount == total
    return {
        "rate_pct": {
            "lower_inclusive": lower.amount / total * 100,
            "upper_inclusive": upper.amount / total * 100,
        }
    }


@adapter("prowi-accelerator")
def _(case, run):
    quota, tiers = case["plan"]["quota"], case["plan"]["tiers_pct_of_quota"]
    tiered = by_table("tiered", "marginal", bands(tiers, edge="{}%"), of=quota)
    outcome = run(
        {"sales": sales({"amount": case["inputs"]["revenue"]})},
        plan(tiered, commission("flat", rate=tiers[0]["rate"])),
    )
    paid, flat = line(outcome, "tiered"), line(outcome, "flat")
    return {
        "per_tier": [cut.earning for cut in slices(paid)],
        "commission": paid.amount,
        "without_accelerator": flat.amount,
        "extra": paid.amount - flat.amount,
    }


@adapter("prowi-threshold-marginal")
def _(case, run):
    tiers = bands(case["plan"]["tiers_pct_of_quota"], edge="{}%")
    component = by_table("tiered", "marginal", tiers, of=case["plan"]["quota"])
    paid = line(run({"sales": sales({"amount": case["inputs"]["revenue"]})}, plan(component)), "tiered")
    return {"per_tier": [cut.earning for cut in slices(paid)], "commission": paid.amount}


@adapter("referello-two-tier")
def _(case, run):
    component = by_table("tiered", "marginal", bands(case["plan"]["tiers"]))
    paid = line(run({"sales": sales({"amount": case["inputs"]["revenue"]})}, plan(component)), "tiered")
    return {
        "per_tier": [cut.earning for cut in slices(paid)],
        "commission": paid.amount,
        "effective_rate_pct": Shown(paid.amount / paid.credit_amount * 100),
    }


@adapter("sparrowgenie-retroactive")
def _(case, run):
    rule, totals = case["plan"], case["inputs"]["totals"]
    tiers = f"[{{rate: {rule['enhanced_rate']}, from: {rule['threshold']}}}, {{rate: {rule['standard_rate']}}}]"
    outcome = run({"people": sellers(totals), "sales": each(totals)}, plan(by_table("revenue", "whole_amount", tiers)))
    return {"pay": {text: line(outcome, "revenue", f"P{text}").amount for text in totals}}


@adapter("oracle-r11-split-checkbox")
def _(case, run):
    tiers = bands(case["plan"]["tiers"])
    components = by_table("split", "marginal", tiers), by_table("non_split", "whole_amount", tiers)
    outcome = run({"sales": sales({"amount": case["inputs"]["amount"]})}, plan(*components))
    return {name: line(outcome, name).amount for name in ("split", "non_split")}


# --- accelerators, decelerators, curves ---------------------------------------------------------------------------------


@adapter("testsuite-top-tier-on-overage")
def _(case, run):
    at_edges = [{"revenue": edge, "quota": "100000", "rate": "0.5"} for edge in ("125000", "150000")]
    rows = [*case["inputs"]["rows"], *at_edges]
    staff = [{"person": f"R{i}", "quota": row["quota"], "own_rate": row["rate"]} for i, row in enumerate(rows)]
    sold = [{"person": f"R{i}", "amount": row["revenue"]} for i, row in enumerate(rows)]
    tiers = bands(case["plan"]["tiers_pct"], edge="{}%", rate="own_rate * {}", value="multiplier")
    outcome = run(
        {"people": people(*staff, quota="money", own_rate="number"), "sales": sales(*sold)},
        plan(by_table("revenue", "top_tier_on_overage", tiers, of="quota")),
    )
    found, reached = [], []
    for i, row in enumerate(rows):
        paid = line(outcome, "revenue", f"R{i}")
        base, *over = slices(paid)
        found.append(
            {"base": base.earning, "overage": sum((cut.earning for cut in over), Fraction(0)), "total": paid.amount}
        )
        reached.append(over[0].rate / Fraction(row["rate"]) if over else None)
    return {"rows": found[:-2], "multiplier_at_exactly": {"125%": reached[-2], "150%": reached[-1]}}


@adapter("revopsmasters-single-accelerator")
def _(case, run):
    rule = case["plan"]
    settings = f"{{quota: {rule['quota']}, variable: {rule['variable']}, rate_at_quota: variable / quota}}"
    tiers = bands(rule["tiers_pct"], edge="{}%", rate="rate_at_quota * {}", value="multiplier")
    outcome = run(
        {"sales": sales({"amount": case["inputs"]["bookings"]})},
        library(settings=settings),
        plan(by_table("tiered", "marginal", tiers, of="quota"), commission("flat", rate="rate_at_quota")),
    )
    base, accelerated = slices(line(outcome, "tiered"))
    return {
        "base": base.earning,
        "accelerated": accelerated.earning,
        "total": line(outcome, "tiered").amount,
        "without_accelerator": line(outcome, "flat").amount,
    }


@adapter("revopsmasters-decelerator")
def _(case, run):
    """The page gives an attainment and no quota; any quota pays the same."""
    rule, quota = case["plan"], Fraction(250_000)
    bookings = quota * Fraction(case["inputs"]["attainment_pct"]) / 100
    settings = f"{{quota: {quota}, variable: {rule['variable']}, rate_at_quota: variable / quota}}"
    tiers = bands(rule["tiers_pct"], edge="{}%", rate="rate_at_quota * {}", value="multiplier")
    outcome = run(
        {"sales": sales({"amount": str(bookings)})},
        library(settings=settings),
        plan(by_table("pay", "whole_amount", tiers, of="quota"), commission("standard", rate="rate_at_quota")),
    )
    return {name: line(outcome, name).amount for name in ("pay", "standard")}


SOLD = library(measures="{sold: {sum: amount, table: sales, per: person, window: quarter}}")


@adapter("bonuspaycalc-piecewise-curve")
def _(case, run):
    rule, shares = case["plan"], case["inputs"]["attainment_pct"]
    points = ", ".join(f"[{x}%, {y}%]" for x, y in rule["points_attainment_to_payout_pct"])
    component = f"""
component: bonus
weight: 100%
measure: sold
target: {rule["quota"]}
if_missing: wait
pays: {{kind: linear, curve: [{points}], below_first: zero, above_last: extend}}
cap: {rule["cap_payout_pct"]}%
"""
    sold = [{"person": f"P{share}", "amount": str(Fraction(rule["quota"]) * int(share) / 100)} for share in shares]
    target = f"{rule['target_bonus']} per quarter"
    tables = {"people": sellers(shares), "sales": sales(*sold)}
    outcome = run(tables, SOLD, plan(component, variable=target))
    assert {share: attained(outcome, "bonus", f"P{share}").attainment * 100 for share in shares} == {
        share: Fraction(share) for share in shares
    }
    return {"payout": {share: line(outcome, "bonus", f"P{share}").amount for share in shares}}


@adapter("posthog-csm-nrr-linear")
def _(case, run):
    rates = case["inputs"]["nrr_pct"]
    points = ", ".join(f"[{x}%, {y}%]" for x, y in case["plan"]["points_nrr_to_bonus_pct"])
    component = f"""
component: bonus
weight: 100%
measure: nrr
if_missing: wait
pays: {{kind: linear, curve: [{points}], below_first: hold, above_last: extend}}
floor: 0%
"""
    books = sales(
        *({"person": f"P{rate}", "opening": "80000", "amount": str(800 * int(rate))} for rate in rates), opening="money"
    )
    outcome = run(
        {"people": sellers(rates), "sales": books},
        library(measures="{nrr: {sum: amount, over: opening, table: sales, per: person, window: quarter}}"),
        plan(component, variable="20000 per quarter"),
    )
    return {"bonus_pct": {rate: attained(outcome, "bonus", f"P{rate}").earns * 100 for rate in rates}}


# --- what counts, and when ----------------------------------------------------------------------------------------------


@adapter("posthog-tam-renewal")
def _(case, run):
    rule, deal = case["plan"], case["inputs"]
    growth = "credit: {table: sales, amount: 'max(amount - prior, 0)', to: person}"
    rows = sales({"amount": deal["deal"], "prior": deal["prior"]}, prior="money")
    outcome = run(
        {"sales": rows},
        plan(
            commission("base", rate=rule["annual_base_rate"]),
            commission("growth", credit=growth, rate=rule["growth_rate"]),
        ),
    )
    return {"pay": line(outcome, "base").amount + line(outcome, "growth").amount}


@adapter("posthog-tam-monthly")
def _(case, run):
    """What does not count is there and does not: prepaid credit and a credit note. A refund would be below zero."""
    paid = [{"amount": amount, "means": "cash"} for amount in case["inputs"]["invoices_paid"]]
    other = [{"amount": "700", "means": "prepaid"}, {"amount": "-300", "means": "credit_note"}]
    rows = sales(*paid, *other, means="{kind: enum, one_of: [cash, prepaid, credit_note]}")
    credit = "credit: {table: sales, where: means == 'cash', amount: amount, to: person}"
    outcome = run({"sales": rows}, plan(commission("cash", credit=credit, rate=case["plan"]["rate"])))
    return {"pay": line(outcome, "cash").amount}


@adapter("posthog-multiyear-not-upfront")
def _(case, run):
    deal = case["inputs"]
    credit = "credit: {table: sales, amount: amount * (1 - standard_discount), to: person}"
    outcome = run(
        {"sales": sales({"amount": deal["list"], "years": deal["years"]}, years="integer")},
        library(settings=f"{{standard_discount: {deal['discount']}}}"),
        plan(commission("deal", credit=credit, rate="10%")),
    )
    value = line(outcome, "deal").credit_amount
    return {"deal_value": value, "not": Unlike(value)}


@adapter("posthog-lead-rollup")
def _(case, run):
    """The lead holds the accounts of the team; what pays a member of it counts for the lead as well."""
    deal = case["inputs"]
    team = people({"person": "Ana"}, {"person": "Ben"}, {"person": "Lee", "role": "lead"})
    books = accounts({"account_id": "X"}, {"account_id": "Y"})
    rows = sales(
        {"amount": deal["annual"], "contract": "annual"},
        {"amount": deal["cash"], "contract": "cash", "account_id": "Y", "person": "Ben"},
        {"amount": "50000", "contract": "pilot"},
        contract="{kind: enum, one_of: [annual, cash, pilot]}",
    )
    held = Table(
        {
            "account_id": "{refers_to: accounts}",
            "role": "text",
            "person": "{refers_to: people}",
            "starts_on": "date",
            "ends_on": "{kind: date, required: false}",
        },
        [{"account_id": account, "role": "lead", "person": "Lee", "starts_on": "2026-01-01"} for account in "XY"],
        {},
        valid="{from: starts_on, before: ends_on}",
    )
    measures = """
  team_total: {sum: amount, table: sales, where: "contract in ('annual', 'cash')", per: lead, window: quarter}"""
    component = f"""
component: team
weight: 100%
measure: team_total
target: {case["plan"]["quota"]}
if_missing: wait
pays: {{kind: linear, curve: [[0%, 0%], [100%, 100%]], below_first: hold, above_last: extend}}
"""
    outcome = run(
        {"accounts": books, "people": team, "sales": rows, "assignments": held},
        library(measures=measures),
        plan(component, payees="role == 'lead'", variable="10000 per quarter"),
        roles="{lead: {}}",
    )
    found = attained(outcome, "team", "Lee")
    assert found.value == measured(outcome, "team_total", "Lee")
    return {"total": found.value, "attainment_pct": found.attainment * 100}


@adapter("posthog-bdr-count")
def _(case, run):
    component = """
component: meetings
weight: 100%
measure: booked
target: 3 * monthly_quota
if_missing: wait
pays: {kind: linear, curve: [[0%, 0%], [100%, 100%]], below_first: hold, above_last: extend}
"""
    meetings = [
        {"amount": "0", "sold_on": f"2026-{1 + i % 3:02}-1{i // 3}"} for i in range(int(case["inputs"]["booked"]))
    ]
    outcome = run(
        {"sales": sales(*meetings)},
        library(
            settings=f"{{monthly_quota: {case['inputs']['monthly_quota']}}}",
            measures="{booked: {count: rows, table: sales, per: person, window: quarter}}",
        ),
        plan(component, variable="3000 per quarter"),
    )
    found = attained(outcome, "meetings")
    assert line(outcome, "meetings").amount == 4000  # no cap
    return {"quarter_quota": found.target, "attainment_pct": Shown(found.attainment * 100)}


@adapter("posthog-period-assignment")
def _(case, run):
    """A date is a field of the row, so the two dates are two components, and each row belongs to one of them."""
    earlier = "start_of('quarter', effective_on) < start_of('quarter', sold_on)"
    credit = 'credit: {{table: sales, where: "{}", amount: amount, to: person, dated_by: {}}}'
    rows = sales(
        *(
            {
                "sale_id": deal["id"],
                "amount": "100",
                "sold_on": f"2026-{deal['close']}",
                "effective_on": f"2026-{deal['effective']}",
            }
            for deal in case["inputs"]["deals"]
        ),
        effective_on="date",
    )
    outcome = run(
        {"sales": rows},
        plan(
            commission("by-effective", credit=credit.format(f"not ({earlier})", "effective_on"), rate="10%"),
            commission("by-close", credit=credit.format(earlier, "sold_on"), rate="10%"),
        ),
        period="2026",
    )
    assert len(outcome.credits) == len(case["inputs"]["deals"])
    return {"quarter": {credit.record: credit.period.removeprefix("2026-") for credit in outcome.credits}}


@adapter("prowi-ytd-attainment")
def _(case, run):
    quotas, sold = case["inputs"]["quota"], case["inputs"]["sales"]
    rows = sales(
        *(
            {"sold_on": f"2026-{month:02}-15", "amount": amount, "quota": quota}
            for month, (amount, quota) in enumerate(zip(sold, quotas, strict=True), 1)
        ),
        quota="money",
    )
    measures = """
  monthly: {sum: amount, over: quota, table: sales, per: person, window: month, kind: percent}
  to_date: {sum: amount, over: quota, table: sales, per: person, window: year, kind: percent}"""
    ends = [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]
    outcomes = [run({"sales": rows}, library(measures=measures), as_of=day) for day in ends]
    return {
        "monthly_pct": [measured(outcome, "monthly", "Ana") * 100 for outcome in outcomes],
        "ytd_pct": [measured(outcome, "to_date", "Ana") * 100 for outcome in outcomes],
    }


# --- managers, teams, splits --------------------------------------------------------------------------------------------


@adapter("posthog-team-quota-ramp")
def _(case, run):
    team, rule = case["inputs"], case["plan"]
    ramped = [{"person": f"F{i}", "hired_on": "2025-10-01"} for i in range(int(team["fully_ramped"]))]
    ramping = [{"person": f"N{i}", "hired_on": "2025-10-02"} for i in range(int(team["ramping"]))]
    share = "(ramping_share if months_between(hired_on, start_of('quarter', as_of)) < 3 else 1)"
    outcome = run(
        {"people": people(*ramped, *ramping, hired_on="date")},
        library(
            settings=f"{{quota: {rule['quota']}, ramping_share: {rule['ramping_share'].split()[0]}}}",
            measures=f'{{team_quota: {{sum: "quota * {share}", table: people, per: company}}}}',
        ),
    )
    return {"team_quota": measured(outcome, "team_quota")}


@adapter("prowi-override-threshold")
def _(case, run):
    rule = case["plan"]
    tiers = f"[{{rate: {rule['override_rate']}, from: {rule['threshold']}}}, {{rate: 0%}}]"
    component = by_table("override", "marginal", tiers)
    rows = sales({"amount": "100000"}, {"amount": str(Fraction(case["inputs"]["team_sales"]) - 100_000)})
    return {"override": line(run({"sales": rows}, plan(component)), "override").amount}


@adapter("prowi-split-sdr-ae")
def _(case, run):
    """The credit is split, then each plan pays its own rate on its part."""
    sdr, ae = case["plan"]["sdr"], case["plan"]["ae"]
    splits = f"[{{to: sdr, share: {sdr['split']}}}, {{to: person, share: {ae['split']}}}]"
    credit = f"credit: {{table: sales, where: kind == 'deal', amount: amount, to: {splits}}}"
    meeting = "credit: {table: sales, where: kind == 'meeting', amount: amount, to: sdr}"
    outcome = run(
        {
            "people": people({"person": "Ana", "role": "ae"}, {"person": "Sid", "role": "sdr"}),
            "sales": sales(
                {"amount": case["inputs"]["deal"], "kind": "deal", "sdr": "Sid"},
                {"amount": sdr["per_meeting"], "kind": "meeting", "sdr": "Sid"},
                kind="{kind: enum, one_of: [deal, meeting]}",
                sdr="{refers_to: people}",
            ),
        },
        plan(
            commission("deals", credit=credit, rate=sdr["rate"].split()[0]),
            commission("meetings", credit=meeting, rate="100%"),
            name="sdr",
            payees="role == 'sdr'",
        ),
        plan(commission("deals", credit=credit, rate=ae["rate"]), name="ae", payees="role == 'ae'"),
    )
    assert {row.status for row in outcome.credits} == {"credited"}
    paid = {
        "sdr": line(outcome, "deals", "Sid", plan="sdr").amount + line(outcome, "meetings", "Sid", plan="sdr").amount,
        "ae": line(outcome, "deals", "Ana", plan="ae").amount,
    }
    assert sum(row.amount for row in outcome.payouts) == sum(paid.values())
    return {**paid, "total": sum(paid.values())}


@adapter("prowi-split-handoff")
def _(case, run):
    rule = case["plan"]
    shares = {name: text.split()[0] for name, text in rule["splits"].items()}
    splits = f"[{{to: person, share: {shares['departing']}}}, {{to: new_person, share: {shares['new']}}}]"
    outcome = run(
        {
            "people": people({"person": "Ana"}, {"person": "Neu"}),
            "sales": sales({"amount": case["inputs"]["deal"], "new_person": "Neu"}, new_person="{refers_to: people}"),
        },
        plan(commission("deals", credit=f"credit: {{table: sales, amount: amount, to: {splits}}}", rate=rule["rate"])),
    )
    paid = {"departing": line(outcome, "deals", "Ana").amount, "new": line(outcome, "deals", "Neu").amount}
    return {**paid, "total": sum(paid.values())}


@adapter("falcon-am-plan-components")
def _(case, run):
    """Expansion earns its rates as parts of the rate at target, retroactive at 75 %: steps may earn an expression."""
    rule = case["plan"]
    variable = Fraction(rule["ttc"]) * Fraction(rule["mix"].split("/")[1]) / 100
    first, second, third, fourth = (Fraction(tier["rate"]) for tier in rule["expansion_tiers_pct"])
    at_125 = 1 + (third / second) * Fraction(1, 4)
    over = {name: f"{rate / second} * (expansion - {name}%)" for name, rate in ((100, third), (125, fourth))}
    steps = (
        f'[{{earns: "{at_125} + {over[125]}", from: 125%}}, {{earns: "1 + {over[100]}", from: 100%}}, '
        f'{{earns: expansion, from: 75%}}, {{earns: "{first / second} * expansion"}}]'
    )
    shares = {name: f"{Fraction(weight) * 100}%" for name, weight in rule["weights"].items()}
    bonus = "component: {0}\nweight: {1}\nmeasure: {0}\nif_missing: wait\npays: {{kind: steps, bands: {2}}}"
    hurdle = f"[{{earns: 100%, from: {rule['nrr_hurdle_pct']}%}}, {{earns: 0%}}]"
    thirds = "[{earns: 100%, from: 100%}, {earns: 2 / 3, from: 66%}, {earns: 1 / 3, from: 33%}, {earns: 0%}]"
    measures = """
  expansion: {sum: amount, over: quota, table: sales, where: kind == 'expansion', per: person, kind: percent}
  nrr: {sum: amount, over: quota, table: sales, where: kind == 'book', per: person, kind: percent}
  mbo: {share: amount == 1, table: sales, where: kind == 'objective', per: person}"""
    rows = sales(
        {"amount": "90000", "quota": "90000", "kind": "expansion"},
        {"amount": "95000", "quota": "100000", "kind": "book"},
        *({"amount": "1", "quota": "1", "kind": "objective"} for _ in range(3)),
        quota="money",
        kind="{kind: enum, one_of: [expansion, book, objective]}",
    )
    outcome = run(
        {"sales": rows},
        library(measures=measures),
        plan(
            bonus.format("expansion", shares["expansion"], steps),
            bonus.format("nrr", shares["nrr"], hurdle),
            bonus.format("mbo", shares["mbo"], thirds),
            variable=f"{variable} per year",
        ),
    )
    at_target = {name: attained(outcome, name) for name in rule["weights"]}
    assert {name: found.earns for name, found in at_target.items()} == dict.fromkeys(at_target, 1)
    return {
        "quarterly_variable": sum(found.target_amount for found in at_target.values()),
        "nrr_target_pay": line(outcome, "nrr").amount,
        "mbo_target_pay": line(outcome, "mbo").amount,
    }


@adapter("siebel-draw-topup")
def _(case, run):
    """A draw that is a guarantee is the component's floor; the line tells what it was raised from."""
    draw, gross = case["plan"]["draw"], case["inputs"]["gross"]
    component = commission("sold", rate="100%", floor=draw)
    paid = line(
        run({"sales": sales({"amount": gross})}, plan(component, period="month"), period="2026-Q1"),
        "sold",
        period="2026-02",
    )
    (raised,) = [re.fullmatch(r"raised to (\S+) \(of (\S+)\)", step) for step in paid.steps]
    to, of = (Fraction(text.replace(",", "")) for text in raised.groups())
    assert to == paid.amount
    return {"top_up": to - of, "net": paid.amount}


@adapter("quickbase-seasonal-quota-proration")
def _(case, run):
    """The quota of a quarter counts the whole months of it from the start on; a season's share is a row."""
    rule = case["plan"]
    begun = "(started_on if started_on > start_of('quarter', as_of) else start_of('quarter', as_of))"
    months = f"max(0, months_between({begun}, add_months(start_of('quarter', as_of), 3)))"
    component = f"""
component: quota
period: quarter
weight: 100%
measure: sold
target: annual_quota * season * {months} / 3
if_missing: target
pays: {{kind: linear, curve: [[0%, 0%], [100%, 100%]], below_first: hold, above_last: extend}}
"""
    seasons = [
        {"quarter_from": f"2019-{1 + 3 * i:02}-01", "part": part} for i, part in enumerate(rule["seasonality"].values())
    ]
    outcome = run(
        {
            "people": people({"person": "Ana", "started_on": case["inputs"]["start"]}, started_on="date"),
            "sales": sales({"amount": "1000", "sold_on": "2019-04-01"}),
            "seasons": Table({"quarter_from": "date", "part": "number"}, seasons, {}, dated_by="quarter_from"),
        },
        library(
            settings=f"{{annual_quota: {rule['annual_quota']}}}",
            measures="""
  season: {sum: part, table: seasons, per: company, window: quarter}
  sold: {sum: amount, table: sales, per: person, window: quarter}""",
        ),
        plan(component, period="year", variable="1000 per year"),
        period="2019",
    )
    quotas = [row.target for row in outcome.attainments]
    assert [row.period for row in outcome.attainments] == [f"2019-Q{i}" for i in range(1, 5)]
    return {"quarters": [Shown(quota) for quota in quotas], "prorated_quota": Shown(sum(quotas))}


# --- retention ----------------------------------------------------------------------------------------------------------

MOVES = {"opening": "money", "expansion": "money", "contraction": "money", "churn": "money"}


def movements(run, **inputs):
    """One row for each movement, and the measures of retention over them."""
    rows = [dict.fromkeys(MOVES, "0") | {"amount": "0", name: amount} for name, amount in inputs.items()]
    measures = """
  closing: {sum: opening + expansion - contraction - churn, table: sales, per: company}
  nrr: {sum: opening + expansion - contraction - churn, over: opening, table: sales, per: company, kind: percent}
  grr: {sum: opening - contraction - churn, over: opening, table: sales, per: company, kind: percent}
  net_churn: {sum: churn - expansion, over: opening, table: sales, per: company, kind: percent}"""
    outcome = run({"sales": sales(*rows, **MOVES)}, library(measures=measures))
    return {name: measured(outcome, name) for name in ("closing", "nrr", "grr", "net_churn")}


@adapter("nrr-pitchkit")
def _(case, run):
    start, *rest = case["inputs"].items()
    found = movements(run, opening=start[1], **dict(rest))
    return {"nrr_pct": found["nrr"] * 100, "grr_pct": found["grr"] * 100}


@adapter("nrr-early-tools")
def _(case, run):
    given = case["inputs"]
    found = movements(run, opening=given["start"], churn=given["churn"], expansion=given["expansion"])
    return {"end": found["closing"], "nrr_pct": found["nrr"] * 100}


@adapter("nrr-coreplan-deck")
def _(case, run):
    given = case["inputs"]
    found = movements(run, opening=given["opening"], churn=given["lost"], expansion=given["increase"])
    return {"closing": found["closing"], "nrr_pct": found["nrr"] * 100}


@adapter("net-revenue-churn-negative")
def _(case, run):
    given = case["inputs"]
    lost = str(Fraction(given["start"]) - Fraction(given["end"]))
    found = movements(run, opening=given["start"], churn=lost, expansion=given["upgrades"])
    return {"net_churn_pct": Shown(found["net_churn"] * 100)}


@adapter("retention-reactivation-policy")
def _(case, run):
    """The page has no figures, X is a parameter: the classes of returns around X months, for two values of X."""
    rule = """
kind: segmentation
name: returns
effective: {from: 2015-01-01}
fact: returned_as
tiers:
  - {tier: renewal with a downsell, when: "months_between(churned_on, returned_on) < window_months"}
otherwise: new business
"""
    back = {"a": "2026-03-14", "b": "2026-03-15", "c": "2026-06-14", "d": "2026-06-15"}
    rows = [{"account_id": name, "churned_on": "2025-12-15", "returned_on": day} for name, day in back.items()]
    found = {}
    for months in (3, 6):
        outcome = run(
            {"accounts": accounts(*rows, churned_on="date", returned_on="date")},
            rule,
            library(settings=f"{{window_months: {months}}}"),
            as_of=date(2026, 6, 30),
        )
        found[months] = "".join(row.account_id for row in outcome.segments if row.tier != "new business")
    assert found == {3: "a", 6: "abc"}
    return {"classification": "by months between churn and return"}


@adapter("quotapath-overlapping-tiers")
def _(case, run):
    """A band has one edge, so an overlap cannot be written; as conditions of tiers it can, and is refused."""
    table = case["plan"]["it_rep_tiers_pct"]
    rows = [
        f"{{rate: {rate}, from: {low}%" + (f", below: {high}%}}" if high else "}")
        for low, high, rate in reversed(table)
    ]
    component = by_table("arr", "marginal", f"[{', '.join(rows)}]", of="100000")
    with pytest.raises(granger.PolicyRejected) as refused:
        run({"sales": sales()}, plan(component))
    assert "bands-form" in {found.code for found in refused.value.diagnostics}

    tiers = "".join(
        f'  - {{tier: "{rate}", when: "attained >= {low}%' + (f' and attained < {high}%"}}\n' if high else '"}\n')
        for low, high, rate in table
    )
    rule = f"kind: segmentation\nname: rates\neffective: {{from: 2015-01-01}}\ntiers:\n{tiers}"
    with pytest.raises(granger.PolicyRejected) as refused:
        run({"accounts": accounts(attained="{kind: percent, at_least: 0%}")}, rule)
    (overlap,) = [found for found in refused.value.diagnostics if found.is_error]
    assert overlap.code == "tiers-overlap"
    return {"validator": case["expected"]["validator"]}


# --- the sweep ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cases(foreign):
    found = yaml.safe_load(foreign("comp_worked_examples.yaml").read_text("utf-8"))["cases"]
    return {case["id"]: case for case in found}


@pytest.mark.parametrize("name", ADAPTERS)
def test_a_worked_example_comes_out_exactly(name, cases, run):
    case = cases[name]
    printed = {**case["expected"], **case.get("expected_derived", {}), **case.get("corrected", {})}
    found = ADAPTERS[name](case, run)
    assert agrees(found, printed), f"{found}\n{printed}"


def test_every_example_is_used_or_left_by_name(cases):
    assert len(cases) == 42
    assert (len(ADAPTERS), len(LEFT)) == (35, 7)
    assert set(ADAPTERS) | set(LEFT) == set(cases)
    assert not set(ADAPTERS) & set(LEFT)
    assert len(ADAPTERS) >= 20
    assert all(LEFT.values())
