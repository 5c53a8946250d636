"""The codes of health scores, pay, repeats, duties and policy tests: a small workspace for each, as in test_codes."""

from __future__ import annotations

HEALTH = "kind: health\nname: h\neffective: {from: 2026-01-01}\n"
PLAN = "kind: comp\nname: p\neffective: {from: 2026-01-01}\npayees: role == 'seller'\nperiod: quarter\n"
BOOK = "kind: playbook\nname: b\neffective: {from: 2026-01-01}\nplays:\n  - play: p\n    anchor: signed_on\n"
TOUCHES = "    touches: [{task: t, owner: csm}]\n"
LIBRARY = "kind: library\nname: l\neffective: {from: 2026-01-01}\n"
COMPANY = LIBRARY + "measures: {m: {per: company, sum: amount, over: amount, table: deals}}\n"
ONE = "measures: [{measure: seats, weight: 100%, missing: exclude, bands: [{points: 9, from: 5}, {points: 0}]}]\n"
PAYS = "pays: {kind: linear, curve: [[0%, 0%], [100%, 100%]], below_first: hold, above_last: hold}"
BONUS = "components:\n  - {component: c, weight: 100%, measure: m, if_missing: wait, " + PAYS + "}\n"
CREDIT = "credit: {table: deals, amount: amount, to: sold_by}"
PAY = "pay: {base: 1 per month, variable: 1 per month}\n"


def health(old: str, new: str) -> dict[str, str]:
    assert old in ONE
    return {"h.yaml": HEALTH + ONE.replace(old, new)}


def bonus(old: str, new: str, pay: str = PAY) -> dict[str, str]:
    assert old in BONUS
    return {"p.yaml": PLAN + pay + BONUS.replace(old, new), "l.yaml": COMPANY}


def credited_to(to: str) -> dict[str, str]:
    credit = f"credit: {{table: deals, amount: amount, {to}}}"
    return {"p.yaml": PLAN + "components:\n  - component: c\n    rate: 1%\n    " + credit + "\n"}


def exchanged(
    keys: str,
    rates: str = "from_currency: text, to_currency: text, rate: number, day: date",
    dated: str = "dated_by: day, ",
) -> dict[str, str]:
    credit = "credit: {table: deals, amount: amount, to: sold_by}"
    plan = PLAN + keys + "components:\n  - component: c\n    rate: 1%\n    " + credit + "\n"
    return {"p.yaml": plan, "granger.yaml+": f"  rates: {{{dated}fields: {{{rates}}}}}\n"}


def table(text: str) -> dict[str, str]:
    return {"p.yaml": PLAN + "components:\n  - component: c\n    " + CREDIT + "\n    rate_table: " + text + "\n"}


CASES: dict[str, dict[str, str]] = {
    "bands-form": health("{points: 0}", "«{points: 0, below: 3}"),
    "bands-order": health("[{points: 9, from: 5}", "«[{points: 7, from: 3}, {points: 9, from: 5}"),
    "weights-total": health("measures: [{measure: seats, weight: 100%", "«measures: [{measure: seats, weight: 90%"),
    "shares-total": credited_to("«to: [{to: sold_by, share: 60%}, {to: sold_by, share: 30%}, {to: sold_by, overlay: 10%}]"),
    "split-form": credited_to("to: [{to: sold_by, share: 100%}, {to: «sold_by, share: 10%, overlay: 10%}]"),
    "upwards-on-top": {
        **credited_to("to: [{to: sold_by, share: 90%}, {to: sold_by, through: «lead, share: 10%}]"),
        "granger.yaml+": "  terms: {valid: {from: since}, fields: {person: {refers_to: people}, since: date, lead: {refers_to: people}}}\n",
    },
    "levels-of-what": credited_to("to: [{to: sold_by, overlay: 10%, levels: «all}]"),
    "tranches-total": credited_to("to: sold_by, «tranches: [{share: 50%, dated_by: closed_on}]"),
    "tranches-have-days": credited_to("to: sold_by, dated_by: «closed_on, tranches: [{share: 1, dated_by: closed_on}]"),
    "exchange-needed": {"p.yaml": PLAN + "currency: EUR\ncomponents:\n  - component: c\n    rate: 1%\n    " + CREDIT.replace("amount: amount", "amount: «amount") + "\n"},
    "rates-need": exchanged("exchange: {table: «rates, by: plan_rate}\n", "from_currency: text, rate: number, day: date"),
    "rates-undated": exchanged("exchange: {table: «rates, by: plan_rate}\n", dated=""),
    "currency-differs": {
        "p.yaml": PLAN + "currency: EUR\nexchange: {table: rates, by: plan_rate}\ncomponents:\n  - component: c\n    " + CREDIT
        + "\n    rate_table: {kind: marginal, of: «goal, accumulate: period, bands: [{rate: 9%}]}\n",
        "l.yaml": LIBRARY + "measures: {goal: {per: company, sum: amount, table: deals}}\n",
        "granger.yaml+": "  rates: {dated_by: day, fields: {from_currency: text, to_currency: text, rate: number, day: date}}\n",
    },
    "pool-alone": {
        "p.yaml": PLAN + "components:\n  - component: c\n    pool: {measure: m, parts: 1}\n    «cap: 5\n",
        "l.yaml": LIBRARY + "measures: {m: {per: company, sum: amount, table: deals}}\n",
    },
    "pool-of-what": {
        "p.yaml": PLAN + "components:\n  - component: c\n    pool: {measure: «m, parts: 1}\n",
        "l.yaml": LIBRARY + "measures: {m: {sum: amount, table: deals}}\n",
    },
    "scored-form": health("{measure: seats", "«{group: g, measure: seats"),
    "points-form": health(
        "{measure: seats, weight: 100%, missing: exclude, bands", "{measure: «seats, weight: 100%, missing: exclude, curve: [[0, 0], [1, 1]], bands"
    ),
    "exception-form": {"h.yaml": HEALTH + ONE + "exceptions: [«{when: arr > 1, at_most: 4, at_least: 2}]\n"},
    "curve-order": health("bands: [{points: 9, from: 5}, {points: 0}]", "curve: «[[5, 0], [5, 9]]"),
    "bonus-without-pay": {"p.yaml": PLAN.replace("name: p", "name: «p") + BONUS, "l.yaml": COMPANY},
    "bonus-incomplete": bonus("component: c, weight: 100%, measure: m, if_missing: wait", "component: «c, weight: 100%, measure: m"),
    "missing-as-target": bonus("if_missing: wait", "if_missing: «target"),
    "curve-ends": bonus(PAYS, "pays: «{kind: linear, curve: [[0%, 0%], [100%, 100%]], below_first: hold}"),
    "pays-form": bonus(PAYS, "pays: «" + PAYS[6:].replace("kind: linear", "kind: steps").replace("curve", "curve")),
    "component-form": {"p.yaml": PLAN + PAY + BONUS.replace("{component: c", "{component: «c, " + CREDIT + ", rate: 1%"), "l.yaml": COMPANY},
    "component-rate": {"p.yaml": PLAN + "components:\n  - component: «c\n    " + CREDIT + "\n"},
    "component-key": bonus("measure: m", "measure: m, «rate: 5%"),
    "rate-above-all": {"p.yaml": PLAN + "components:\n  - component: c\n    rate: «10\n    " + CREDIT + "\n"},
    "cap-below-zero": {"p.yaml": PLAN + "components:\n  - component: c\n    cap: «-5\n    rate: 1%\n    " + CREDIT + "\n"},
    "period-longer": {"p.yaml": PLAN + "components:\n  - component: c\n    period: «year\n    rate: 1%\n    " + CREDIT + "\n"},
    "pay-form": bonus("component: c", "component: c", "pay: {base: «1 per fortnight, variable: 1 per month}\n"),
    "part-of-pay": bonus("component: c", "component: c", "pay: «{base: 1 per month, variable: 40%}\n"),
    "pay-two-of-three": bonus("component: c", "component: c", "pay: «{base: 1 per month}\n"),
    "pay-negative": bonus("component: c", "component: c", "pay: «{on_target: 1 per month, base: 2 per month}\n"),
    "terms-without-dates": {"granger.yaml+": "  «terms: {fields: {person: {refers_to: people}}}\n"},
    "terms-of-whom": {
        "granger.yaml+": "  terms: {valid: {from: starts_on}, fields: {«person: person, starts_on: date}}\n"
    },
    "overage-without-quota": table("«{kind: top_tier_on_overage, accumulate: period, bands: [{rate: 2%, from: 1}, {rate: 1%}]}"),
    "measure-of-the-year": bonus(
        "measure: m, if_missing: wait, pays: {kind: linear,", "measure: «m, if_missing: wait, pays: {kind: linear, accumulate: year,"
    ),
    "limits-crossed": bonus("if_missing: wait", "if_missing: wait, cap: 90%, floor: «95%"),
    "limit-per-credit": bonus("if_missing: wait", "if_missing: wait, «cap_per_credit: 5"),
    "part-of-no-pay": {"p.yaml": PLAN + "cap: «200%\ncomponents:\n  - component: c\n    rate: 1%\n    " + CREDIT + "\n"},
    "retroactive-kind": table("{kind: whole_amount, accumulate: period, bands: [{rate: 2%, from: 1, retroactive: «true}, {rate: 1%}]}"),
    "retroactive-lowest": table("{kind: marginal, accumulate: period, bands: [{rate: 2%, from: 1}, {rate: 1%, retroactive: «true}]}"),
    "matrix-across": table("«{kind: matrix, accumulate: period, rows: [{rate: [1%]}]}"),
    "matrix-cells": table("{kind: matrix, accumulate: period, across: quota, columns: [{from: 1}, {}], rows: [{rate: «[1%]}]}"),
    "facts-needed": {
        "p.yaml": PLAN + "components:\n  - component: c\n    rate: 1%\n    " + CREDIT.replace("sold_by", "«owner_of") + "\n",
        "l.yaml": LIBRARY + "duties: {owner_of: [{role: csm, when: tier == 'A'}, {role: csm}]}\n",
        "segmentation": "tiers: [{tier: A, when: arr > 1}]\notherwise: B\n",
    },
    "facts-not-read": {
        "p.yaml": PLAN.replace("name: p", "name: «p") + "facts_as_of: period_start\ncomponents:\n  - component: c\n    rate: 1%\n    " + CREDIT + "\n"
    },
    "held-on-needed": {"l.yaml": LIBRARY + "measures: {«m: {per: csm, sum: arr, table: accounts}}\n"},
    "prorate-without": {"l.yaml": LIBRARY + "measures: {m: {sum: amount, table: deals, window: quarter, «prorate: days}}\n"},
    "unknown-per": {"l.yaml": LIBRARY + "measures: {m: {per: «crm, sum: amount, table: deals}}\n"},
    "over-without-sum": {"l.yaml": LIBRARY + "measures: {m: {average: amount, «over: amount, table: deals}}\n"},
    "definition-too-deep": {
        "l.yaml": LIBRARY + "measures:\n  m0: {value: seats}\n"
        + "".join(f"  {'«' if i == 58 else ''}m{i}: {{value: m{i - 1} + 1}}\n" for i in range(1, 59))
    },
    "repeat-with-two-ends": {"b.yaml": BOOK + "    repeat: {freq: daily, until: 2026-12-31, «count: 2}\n" + TOUCHES},
    "repeat-without-missing-day": {"b.yaml": BOOK + "    repeat: «{freq: monthly}\n" + TOUCHES},
    "unknown-output": {
        "t.yaml": "kind: tests\nname: t\ncases: [{test: a, as_of: 2026-01-31, expect: {«teirs: [{account_id: A}]}}]\n"
    },
}  # fmt: skip
CASES |= {
    "amortise-without-credit": bonus("weight: 100%", "weight: 100%, amortise: «{months: 60}"),
    "payroll-field-unknown": {
        "granger.yaml+": "payroll: {codes: [{code: A}], table: {columns: {C: code, A: amount, N: «sum}}}\n"
    },
    "payroll-table-unknown": {
        "granger.yaml+": "payroll: {codes: [{code: A}], table: {columns: {C: code, A: amount, N: «deals.amount}}}\n"
    },
    "payroll-name-unknown": {"granger.yaml+": "payroll: {codes: [«{code: A, plan: sellers}, {code: B}]}\n"},
    "payroll-code-unreached": {"granger.yaml+": "payroll: {codes: [{code: A}, «{code: B, kind: drawn}]}\n"},
}
