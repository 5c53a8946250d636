"""Drawn commission and bonus plans: rates, tables, splits, roles and duties, gates, versions that meet in the quarter."""

from __future__ import annotations

from random import Random

from .workspace_frame import FROM, policy
from .workspace_pay_credits import SPLITS as SPLITS_ON_TOP
from .workspace_pay_credits import TRANCHES, abroad, exchange, exchanged
from .workspace_pay_forms import amortised
from .workspace_pay_settlement import settlement_plans
from .workspace_pay_tables import ENDS, PAYS_MORE, TABLES, tables_plan

RATES: list[object] = [
    "12%", "4%", "2.5%", "1/3", "rate", "pct", "pct / 3", "amount / base", "0%", "n / 7", "-5%", "low",
    [{"rate": "12%", "when": "type == 'new'", "because": "new"}, {"rate": "1/3", "when": "amount > base"}, {"rate": "2.5%"}],
    [{"rate": "0%", "when": "paid"}, {"rate": "pct", "when": "flag"}, {"rate": "rate"}],
    [{"rate": "1 / (n - n)", "when": "type == 'new'"}, {"rate": "amount / base", "when": "amount / base >= 1"}, {"rate": "1/7"}],
]  # fmt: skip
AMOUNTS = ["amount", "amount", "amount", "amount * 1/3", "amount + base", "round(amount / 7, 2)", "amount * n / 2"]
WHERES = ["type == 'new'", "amount > 0", "flag", "paid or type == 'new'", "first_tier != 'odd'"]
SPLITS: list[object] = [
    "sold_by",
    "csm",
    "owner",
    [{"to": "sold_by", "share": "70%"}, {"to": "helped_by", "share": "30%"}],
    *SPLITS_ON_TOP,
]
MORE: list[dict[str, object]] = [{}, {}, {}, {"cap": 500}, {"floor": 3}, {"period": "month"}]


PLAIN: list[dict[str, object]] = [
    {"component": "all of it", "credit": {"table": "deals", "amount": "amount", "to": "sold_by"}, "rate": "100%"},
    {
        "component": "half",
        "credit": {"table": "deals", "amount": "amount", "to": "sold_by"},
        "rate": "50%",
        "round": "each_credit",
    },
    {"component": "pool", "pool": {"measure": "pot", "parts": "level"}},
]
"""In every workspace: sums of all of a payee's deals, and a tie at half a cent wherever an amount is odd."""


def plans(random: Random, seed: int) -> dict[str, str]:
    """The first has two versions, which meet inside the quarter; the second pays bonuses too."""
    period = random.choice(["quarter", "month"])
    found = {
        "one.yaml": _plan(random, "one", period, effective={**FROM, "before": "2026-08-10"}),
        "one-later.yaml": _plan(random, "one", period, effective={"from": "2026-08-10"}),
        "two.yaml": _plan(random, "two", "quarter", bonuses=True),
        "abroad.yaml": abroad(random),
        "plain.yaml": policy("comp", "plain", payees="true", period="quarter", components=PLAIN),
        "long.yaml": _long(random),
        **tables_plan(random, seed),
    }
    # drawn from what is there, so that it moves nothing that is drawn after it
    return {**found, **settlement_plans(Random(found["one.yaml"]))}


def _long(random: Random) -> str:
    """A plan that pays by halves or years, with reasons wherever one may stand; whatever is drawn after stays as it is."""
    own = Random()
    own.setstate(random.getstate())
    period, shorter = own.choice([("half", "quarter"), ("year", "half"), ("year", "year")])
    rates = [{"rate": "3%", "when": "amount > base", "because": "large"}, {"rate": own.choice(["2%", "pct"])}]
    weights = [{"weight": "100%", "because": "all of it"}]
    credit = {"table": "deals", "amount": "amount", "to": "sold_by"}
    return policy(
        "comp",
        "long",
        because="sellers who stay",
        payees="true",
        period=period,
        facts_as_of=own.choice(["period_start", "period_end"]),
        pay={"base": "1_000 per month", "variable": "9_000 per year"},
        components=[
            {"component": "sold", "because": "sold", "period": shorter, "credit": credit, "rate": rates},
            {**_bonus(own, "kept", "100%"), "weight": weights, "period": shorter},
        ],
    )


def _plan(random: Random, name: str, period: str, *, bonuses: bool = False, **keys: object) -> str:
    if random.random() < 0.4:
        keys["gates"] = [
            {"gate": "g", "when": random.choice(["level > 2", "kept > 1/3", "company > 0"]), "because": "agreed"}
        ]
    components = [_commission(random, f"c{i}") for i in range(2)]
    if bonuses:
        keys["pay"] = {"on_target": "100_000 per year", "base": "60_000 per year"}
        components += [_bonus(random, measure, "50%") for measure in ("kept", "share_kept")]
    payees = random.choice(["job == 'seller'", "job == 'seller' or level > 2", "true"])
    return policy(
        "comp",
        name,
        payees=payees,
        period=period,
        facts_as_of=random.choice(["period_start", "period_end"]),
        **keys,
        **exchange(random),
        components=components,
    )


def _commission(random: Random, name: str) -> dict[str, object]:
    credit: dict[str, object] = {"table": "deals", "amount": random.choice(AMOUNTS), "to": random.choice(SPLITS)}
    if random.random() < 0.6:
        credit["where"] = random.choice(WHERES)
    if random.random() < 0.15:
        credit = exchanged(random, credit)
    if random.random() < 0.2:
        credit["tranches"] = random.choice(TRANCHES)
    pays = {"rate_table": random.choice(TABLES)} if random.random() < 0.25 else {"rate": random.choice(RATES)}
    rounding = {
        "round": random.choice(["each_credit", "payout_line"]),
        "rounding": random.choice(["half_up", "half_even"]),
    }
    if "year" in str(pays):
        rounding.pop("round")
    return {"component": name, "credit": credit, **pays, **rounding, **random.choice(MORE), **amortised(credit)}


def _bonus(random: Random, measure: str, weight: str) -> dict[str, object]:
    pays: dict[str, object] = {
        "kind": "linear",
        "curve": [["50%", "0%"], ["100%", "100%"], ["120%", "160%"]],
        "below_first": random.choice(ENDS),
        "above_last": random.choice(ENDS),
    }
    if random.random() < 0.4:
        pays = {
            "kind": "steps",
            "bands": [{"earns": "120%", "from": "90%"}, {"earns": "1/3", "from": "50%"}, {"earns": "0%"}],
        }
    if random.random() < 0.3:
        pays = random.choice([each for each in PAYS_MORE if each.get("accumulate") != "year"])
    return {
        "component": f"bonus {measure}",
        "weight": weight,
        "measure": measure,
        "target": random.choice(["75%", "1/3"]),
        "if_missing": random.choice(["wait", "zero", "target"]),
        "pays": pays,
        "cap": "300%",
    }
