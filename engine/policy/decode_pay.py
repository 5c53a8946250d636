"""Pay plans: target pay, gates, bonuses and commissions."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from ..amounts import percent
from ..currencies import is_currency
from ..language.tree import Literal
from ..periods import MONTHS_IN
from .decode_credit import credit
from .decode_rates import check_limits, check_limits_per_credit, limit, pays, rate_table
from .decode_settlement import clawback, draws, holdbacks
from .decode_shapes import cases
from .model_pay import Amortise, Bonus, Component, Exchange, Gate, OverTime, Plan, Pool, Target
from .model_settlement import CARRY, Clawback
from .reading import Reading

_A_TIME = re.compile(r"(.*\S) per (month|quarter|half|year)", re.DOTALL)


def plan(top: Reading, frame: dict[str, Any]) -> Plan:
    written = top.text("period", "quarter")
    period = written if written in MONTHS_IN else "quarter"  # another one was reported by the schema
    components = tuple(_component(row, period) for row in top.readings("components"))
    found = Plan(
        **frame,
        payees=top.expression("payees"),
        period=period,
        components=components,
        facts_as_of=top.text("facts_as_of"),
        pay=_target(top.inner("pay")) if top.has("pay") else None,
        gates=_gates(top),
        cap=limit(top, "cap"),
        floor=limit(top, "floor"),
        draws=draws(top),
        holdbacks=holdbacks(top),
        negative=top.text("negative", CARRY),
        currency=top.text("currency"),
        exchange=_exchange(top.inner("exchange")) if top.has("exchange") else None,
        pay_currency=top.text("pay_currency"),
        currency_span=top.span_of("currency"),
        pay_currency_span=top.span_of("pay_currency"),
    )
    if found.currency and not is_currency(found.currency):
        top.problem("unknown-currency", top.span_of("currency"), found=found.currency)
    _check_weights(top, found)
    check_limits(top, found.cap, found.floor)
    for each in (found.cap, found.floor):
        if each is not None and each.is_share and found.pay is None:
            top.problem("part-of-no-pay", each.span)
    return found


def _gates(row: Reading) -> tuple[Gate, ...]:
    return tuple(
        Gate(each.text("gate"), when, each.span_of("gate"), each.text("because"))
        for each in row.readings("gates")
        if (when := each.expression("when"))
    )


def _exchange(row: Reading) -> Exchange:
    return Exchange(row.text("table"), row.text("by"), row.span_of("table"))


def _check_weights(top: Reading, found: Plan) -> None:
    """Weights that are plain percentages total 100 %; a bonus needs variable pay to be a part of."""
    bonuses = [component.bonus for component in found.components if component.bonus]
    if bonuses and found.pay is None:
        top.problem("bonus-without-pay", top.span_of("name"))
    weights = [bonus.weight[0].value for bonus in bonuses if len(bonus.weight) == 1]
    known = [w.root.value for w in weights if hasattr(w.root, "value") and isinstance(w.root.value, Fraction)]
    if bonuses and len(known) == len(bonuses) and sum(known) != 1:
        top.problem(
            "weights-total", top.key_span("components"), found=percent(sum(known, Fraction(0))), expected="100%"
        )


def _target(row: Reading) -> Target:
    keys = [key for key in ("on_target", "base", "variable") if row.has(key)]
    found = {key: paid for key in keys if (paid := _over_time(row, key))}
    if len(keys) != 2:
        row.problem("pay-two-of-three", row.span, found=", ".join(keys) or "none of them")
    elif "on_target" not in keys and any(not paid.per for paid in found.values()):
        row.problem("part-of-pay", row.span)
    elif _is_negative(found):
        row.problem("pay-negative", row.span)
    return Target(row.span, **found, prorate=row.text("prorate", "days"))


def _over_time(row: Reading, key: str) -> OverTime | None:
    """``8_000 per month``, ``own_variable per year``; or ``40%``, a part of on_target."""
    text = row.text(key)
    if found := _A_TIME.fullmatch(text):
        value = row.leading(key, len(found[1]))
        return OverTime(value, found[2]) if value is not None else None
    is_amount = text[:1].isdigit() and not text.endswith("%")
    if key == "on_target" or is_amount or " per " in text:
        row.problem("pay-form", row.span_of(key), found=text)
        return None
    value = row.expression(key)
    return OverTime(value) if value is not None else None


def _is_negative(pay: dict[str, OverTime]) -> bool:
    """Whether some of it is known to be less than nothing, or one of the two parts more than both together."""
    known = {key: _known(paid) for key, paid in pay.items()}
    parts = [(pay[key].per, value) for key, value in known.items() if value is not None]
    whole = known.get("on_target")
    return any(
        value < 0 or (not per and value > 1) or (per and whole is not None and value > whole) for per, value in parts
    )


def _known(paid: OverTime) -> Fraction | None:
    """The amount a year, or the part, where it is the same for every payee."""
    root = paid.value.root
    if not isinstance(root, Literal) or not isinstance(root.value, Fraction):
        return None
    return root.value * 12 / MONTHS_IN[paid.per] if paid.per else root.value


def _component(row: Reading, plan_period: str) -> Component:
    period = row.text("period", plan_period)
    if MONTHS_IN.get(period, 1) > MONTHS_IN.get(plan_period, 12):
        row.problem("period-longer", row.span_of("period"), found=period, plan=plan_period)
    is_bonus = row.has("weight") or row.has("measure") or row.has("pays")
    if [is_bonus, row.has("credit"), row.has("pool")].count(True) != 1:
        row.problem("component-form", row.span_of("component"), name=row.text("component"))
        is_bonus = False
    else:
        _of_another(row, "bonus" if is_bonus else "commission" if row.has("credit") else "pool")
    ways = [key for key in ("rate", "rate_table") if row.has(key)]
    if not is_bonus and row.has("credit") and len(ways) != 1:
        found_ways = "both" if ways else "neither"
        row.problem("component-rate", row.span_of("component"), name=row.text("component"), found=found_ways)
    limits = {key: limit(row, key) for key in ("cap", "floor")}
    for each in limits.values():
        if each is not None and each.is_share and not is_bonus:
            wanted = "an amount of money (a commission has no target amount to be a part of)"
            row.problem("wrong-result", each.span, found="a percentage", expected=wanted)
    check_limits(row, limits["cap"], limits["floor"])
    found = Component(
        name=row.text("component"),
        span=row.span_of("component"),
        bonus=_bonus(row) if is_bonus else None,
        pool=_pool(row, row.inner("pool")) if row.has("pool") else None,
        credit=credit(row.inner("credit")) if row.has("credit") else None,
        rates=cases(row, "rate"),
        table=rate_table(row.inner("rate_table")) if row.has("rate_table") else None,
        period=period,
        cap=limits["cap"],
        floor=limits["floor"],
        cap_per_credit=row.number("cap_per_credit"),
        floor_per_credit=row.number("floor_per_credit"),
        gates=_gates(row),
        rounding=row.text("rounding", "half_up"),
        each_credit=row.text("round") == "each_credit",
        amortise=_amortise(row) if row.has("amortise") else None,
        because=row.text("because"),
        clawback=_clawback(row, is_bonus),
    )
    check_limits_per_credit(row, found)
    return found


_OF_ONE = {
    "bonus": ("target", "if_missing"),
    "commission": ("rate", "rate_table", "round"),
}
"""Keys that other forms of a component would leave unread; more of them have a message of their own."""


def _of_another(row: Reading, what: str) -> None:
    for other, keys in _OF_ONE.items():
        for key in keys if other != what and (what, other) != ("pool", "commission") else ():
            if row.has(key):
                row.problem("component-key", row.key_span(key), key=key, what=what, other=other)


def _pool(component: Reading, row: Reading) -> Pool:
    keys = ("rate", "rate_table", "cap", "floor", "cap_per_credit", "floor_per_credit", "round")
    for key in keys:
        if component.has(key):
            component.problem("pool-alone", component.key_span(key), key=key)
    return Pool(row.text("measure"), row.span_of("measure"), row.required("parts"))


def _clawback(row: Reading, is_bonus: bool) -> Clawback | None:
    if not row.has("clawback"):
        return None
    if is_bonus or row.has("pool"):
        row.problem("clawback-without-credit", row.key_span("clawback"), name=row.text("component"))
        return None
    return clawback(row.inner("clawback"))


def _amortise(row: Reading) -> Amortise | None:
    inner = row.inner("amortise")
    if not row.has("credit"):
        row.problem("amortise-without-credit", inner.span)
        return None
    return Amortise(inner.required("months"), inner.span, inner.expression("from"))


def _bonus(row: Reading) -> Bonus:
    for key in ("weight", "measure", "pays", "if_missing"):
        if not row.has(key):
            row.problem("bonus-incomplete", row.span_of("component"), name=row.text("component"), key=key)
    if row.text("if_missing") == "target" and not row.has("target"):
        row.problem("missing-as-target", row.span_of("if_missing"))
    kind, shape = pays(row.inner("pays"))
    return Bonus(
        weight=cases(row, "weight"),
        measure=row.text("measure"),
        measure_span=row.span_of("measure"),
        kind=kind,
        pays=shape,
        if_missing=row.text("if_missing", "wait"),
        target=row.expression("target"),
        accumulate=row.inner("pays").text("accumulate", "period"),
    )
