"""Every code of the POLICY messages: one small workspace that gives it, and nothing else, at the right place.

``«`` in a text stands before the character that is blamed.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from granger.engine.diagnostics import Diagnostic, Span
from granger.engine.messages import POLICY
from granger.engine.messages.settlement import SETTLEMENT

from . import codes_of_kinds, codes_of_pay, codes_of_settlement, codes_of_staffing

Found = Callable[[dict[str, str]], list[Diagnostic]]

FIRST = "kind: workspace\nname: w\ncurrency: CNY\n"
ACCOUNTS = "  accounts: {key: account_id, fields: {account_id: text, arr: money}}\n"
ALONE = FIRST + "tables:\n" + ACCOUNTS
PAY = "components: [{component: c, credit: {table: deals, amount: amount, to: sold_by}, rate: 10%}]\n"
HEALTH = (
    "kind: health\nname: health\neffective: {from: 2026-01-01}\n"
    "measures: [{measure: seats, weight: 100%, missing: fail, curve: [[0, 0], [9, 100]]}]\n"
)
TOUCH = "touches: [{task: t, due: 1 days, owner: csm}]"

CASES: dict[str, dict[str, str]] = {
    "unknown-currency": {"granger.yaml": ALONE.replace("CNY", "«XYZ")},
    "unknown-timezone": {"granger.yaml": ALONE + "timezone: «Asia/Atlantis\n"},
    "unknown-role": {"granger.yaml": ALONE + "roles: {csm: {fallback: [«lead]}}\n"},
    "unknown-field": {"granger.yaml": ALONE + "  notes: {dated_by: «writen_on, fields: {written_on: date}}\n"},
    "unknown-table": {"granger.yaml+": (
        "measures:\n"
        "  m: {count: rows, table: «deal}\n"
    ), "library": "settings: {k: 1}\n"},
    "form-field-unknown": {"granger.yaml": ALONE + (
        "forms: {hubspot: {columns: {Due: due, Days: «dues}}}\n"
    )},
    "form-table-unknown": {"granger.yaml": ALONE + (
        "forms: {hubspot: {columns: {Due: due, Owner: «owners.crm_id}}}\n"
    )},
    "form-column-needed": {"granger.yaml": ALONE + (
        "forms: {salesforce: «{columns: {Status: status, Id: task_id}}}\n"
    )},
    "form-words-unused": {"granger.yaml": ALONE + (
        "forms: {salesforce: {words: {channel: {«phone: Call}}}}\n"
    )},
    "form-word-unknown": {"granger.yaml": ALONE + (
        "forms: {salesforce: {words: {status: {«opened: New}}}}\n"
    )},
    "unknown-country": {"granger.yaml": ALONE + "calendar: {country: «XX}\n"},
    "subdivision-without-country": {"granger.yaml": ALONE + "calendar: {subdivision: «BY}\n"},
    "days-backwards": {
        "granger.yaml": ALONE + "calendar: {days_off: [2026-12-24, «{from: 2026-12-31, until: 2026-12-28}]}\n"
    },
    "day-off-and-worked": {
        "granger.yaml": ALONE + "calendar: {days_off: [{from: 2026-12-24, until: 2026-12-31}], days_worked: [«2026-12-28]}\n"
    },
    "queue-not-last": {"granger.yaml": ALONE + "roles: {csm: {fallback: [«pool, lead]}, lead: {}, pool: {queue: true}}\n"},
    "queue-falls-back": {"granger.yaml": ALONE + "roles: {lead: {}, pool: {queue: true, fallback: [«lead]}}\n"},
    "time-off-without-dates": {"granger.yaml": ALONE + "  «time_off: {fields: {person: text, starts_on: date}}\n"},
    "status-of-tasks": {"granger.yaml": ALONE + "  tasks: {key: task_id, fields: {task_id: text, due: date, owner: text, «status: text}}\n"},
    "reserved-name": {"granger.yaml": ALONE.replace("arr: money", "arr: money, «not: boolean")},
    "field-of-kind": {"granger.yaml": ALONE.replace("{key:", "{dated_by: «arr, key:")},
    "key-of-kind": {"granger.yaml": ALONE.replace("arr: money", "arr: {kind: number, «currency: EUR}")},
    "enum-without-words": {"granger.yaml": ALONE.replace("arr: money", "fit: {kind: «enum}")},
    "reference-without-key": {
        "granger.yaml": ALONE + "  notes: {fields: {text: text}}\n  tags: {fields: {«note: {refers_to: notes}}}\n"
    },
    "table-needed": {"granger.yaml": "«" + FIRST + "tables:\n  notes: {fields: {text: text}}\n"},
    "field-needed": {"granger.yaml": FIRST + "tables:\n  «accounts: {key: id, fields: {id: text}}\n"},
    "key-needed": {"granger.yaml": FIRST + (
        "tables:\n"
        "  «accounts: {key: arr, fields: {account_id: text, arr: text}}\n"
    )},
    "assignments-without-dates": {
        "granger.yaml": ALONE + "  «assignments: {fields: {account_id: text, role: text, person: text}}\n"
    },
    "overrides-without-end": {
        "granger.yaml": ALONE + "  pins: {fields: {account_id: {refers_to: accounts}, tier: text}}\n",
        "segmentation": "tiers: [{tier: A, when: arr > 1}]\notherwise: B\noverrides: {table: «pins}\n",
    },
    "table-without-account": {
        "granger.yaml+": "measures:\n  m: {count: rows, table: «people}\n", "library": "settings: {k: 1}\n",
    },
    "table-without-day": {
        "granger.yaml+": (
            "measures:\n"
            "  m: {sum: score, table: «answers, window: 7 days}\n"
        ), "library": "settings: {k: 1}\n",
    },
    "measure-without-verb": {"granger.yaml+": "measures:\n  «m: {because: nothing}\n"},
    "measure-without-table": {"granger.yaml+": "measures:\n  «m: {sum: score}\n"},
    "value-over-rows": {"granger.yaml+": "measures:\n  m: {value: arr, «window: 7 days}\n"},
    "measure-kept-from": {
        "granger.yaml+": "measures:\n  quiet: {value: arr, used_by: [health, watchlist]}\n  louder: {value: quiet * 2}\n",
        "s.yaml": "kind: segmentation\nname: «s\neffective: {from: 2026-01-01}\n"
        "tiers: [{tier: a, when: louder > 5}, {tier: b, when: louder <= 5}]\n",
    },
    "since-without-day": {"granger.yaml+": "measures:\n  «m: {since: rows, table: assignments}\n"},
    "at-and-window": {"granger.yaml+": "measures:\n  m: {count: rows, table: assignments, dated_by: starts_on, window: month, «at: as_of}\n"},
    "table-without-validity": {"granger.yaml+": "measures:\n  m: {sum: amount, table: «deals, at: as_of}\n"},
    "window-form": {
        "granger.yaml+": "measures:\n  m: {sum: amount, table: deals, window: «{from: -7 days, before: -7 days}}\n"
    },
    "setting-form": {"library": "settings:\n  «k: {because: nothing}\n"},
    "choice-without-words": {"library": "settings:\n  «k: {choice: a}\n"},
    "choice-unknown": {"library": "settings:\n  k: {choice: «c, one_of: [a, b]}\n"},
    "bound-of-kind": {"library": "settings:\n  k: {value: 5%, at_most: «date('2026-01-01')}\n"},
    "twin-name": {"library": "settings:\n  «arr: 5\n"},
    "duplicate-name": {
        "playbook": (
            "plays:\n"
            "  - {play: p, anchor: signed_on, "
        ) + TOUCH + "}\n  - {play: «p, anchor: signed_on, " + TOUCH + "}\n",
    },
    "circular-definition": {"library": "settings:\n  «k: j + 1\n  j: k + 1\n"},
    "gift-of-kinds": {
        "segmentation": "tiers:\n  - {tier: A, when: arr > 1, gives: {goal: 5%}}\n"
        "  - {tier: B, when: arr <= 1, gives: {goal: «date('2026-01-01')}}\n",
    },
    "period-backwards": {
        "l.yaml": (
            "kind: library\n"
            "name: figures\n"
            "effective: {from: 2026-01-01, before: «2026-01-01}\n"
            "settings: {k: 1}\n"
        )
    },
    "overlapping-versions": {
        "library": "settings: {k: 1}\n",
        "later.yaml": "kind: library\nname: figures\neffective: «{from: 2026-07-01}\nsettings: {j: 1}\n",
    },
    "version-gap": {
        "a.yaml": (
            "kind: library\n"
            "name: figures\n"
            "effective: {from: 2026-01-01, before: 2026-06-30}\n"
            "settings: {k: 1}\n"
        ),
        "b.yaml": "kind: library\nname: figures\neffective: «{from: 2026-07-01}\nsettings: {k: 1}\n",
    },
    "play-without-anchor": {"playbook": "plays:\n  - {play: «p, " + TOUCH + "}\n"},
    "business-days-without-calendar": {
        "granger.yaml": ALONE.replace("arr: money", "arr: money, owner: person, signed_on: date"),
        "playbook": (
            "plays:\n"
            "  - play: p\n"
            "    anchor: signed_on\n"
            "    touches: [{task: «t, due: 2 business days, owner: owner}]\n"
        ),
    },
    "hold-of-several": {
        "segmentation": "hit_policy: collect\ntiers: [{tier: A, when: arr > 1}]\notherwise: B\n«hold: 90 days\n",
    },
    "settle-margin": {
        "h.yaml": HEALTH + "settle: {margin: «-3 points, lasting: 7 days}\ngrades: [{grade: all}]\n",
    },
    "settle-without-grades": {"h.yaml": HEALTH + "«settle: {margin: 3 points, lasting: 7 days}\n"},
    "pay-remembers": {
        "segmentation": "tiers: [{tier: A, when: seats > 1}]\notherwise: B\nhold: 90 days\n",
        "p.yaml": (
            "kind: comp\nname: «plan\neffective: {from: 2026-01-01}\npayees: role == 'seller'\nperiod: quarter\n"
            "facts_as_of: period_end\n"
        ) + PAY.replace("rate: 10%", "rate: [{rate: 10%, when: tier == 'A'}, {rate: 5%}]"),
    },
    "trigger-without-when": {
        "playbook": "plays:\n  - {play: p, anchor: signed_on, «lasting: 7 days, " + TOUCH + "}\n",
    },
    "cooldown-needed": {
        "playbook": "plays:\n  - {play: p, when: seats > 1, «cooldown_from: completion, " + TOUCH + "}\n",
    },
    "length-of-time": {
        "playbook": "plays:\n  - {play: p, when: seats > 1, cooldown: «5 business days, " + TOUCH + "}\n",
    },
    "case-order": {"comp": PAY.replace("10%", "[«{rate: 10%}, {rate: 5%}]")},
}  # fmt: skip
OF_REPEATS = {
    "rrule-numbered-day": "{freq: weekly, byday: [«5MO]}",
    "rrule-number-too-large": "{freq: monthly, byday: [«6MO]}",
    "rrule-number-zero": "{freq: monthly, bymonthday: [1, «0]}",
    "rrule-month-day-in-week": "{freq: weekly, «bymonthday: [1]}",
    "rrule-position-alone": "{freq: weekly, «bysetpos: [1]}",
    "repeat-never-occurs": "«{freq: monthly, byday: [1FR], bymonthday: [20]}",
    "count-at-changing-pace": "{freq: daily, interval: [{interval: 1, when: seats > 1}, {interval: 2}], «count: 3}",
    "exdate-without-effect": "{freq: weekly, byday: [MO], exdate: [2026-12-21, «2026-12-24]}",
}
CASES |= {
    code: {"playbook": f"plays:\n  - {{play: p, anchor: signed_on, repeat: {repeat}, {TOUCH}}}\n"}
    for code, repeat in OF_REPEATS.items()
}
AFTER = {
    "after-unknown-task": "[{task: t, due: 1 days, owner: csm, after: «u}]",
    "circular-after": "[{task: t, due: 1 days, owner: csm, after: «u}, {task: u, due: 1 days, owner: csm, after: t}]",
    "escalate-too-soon": "[{task: t, due: 1 days, owner: csm, escalate: [{to: csm, overdue: «0 days}]}]",
}
CASES |= {
    code: {"playbook": f"plays:\n  - {{play: p, anchor: signed_on, touches: {touches}}}\n"}
    for code, touches in AFTER.items()
}
DUE = {
    "due-without-setting": "{task: t, due: «+wait days, owner: csm}",
    "due-before-trigger": "{task: t, due: «-3 days, owner: csm}",
    "flex-order": "{task: t, flex: «[1 day, -1 day], owner: csm}",
}
CASES |= {
    code: {"playbook": f"plays:\n  - {{play: p, when: seats > 1, touches: [{touch}]}}\n"} for code, touch in DUE.items()
}
CASES["due-of-setting"] = {
    "library": "settings: {wait: 1 / 2}\n",
    "playbook": "plays:\n  - {play: p, anchor: signed_on, touches: [{task: t, due: «+wait days, owner: csm}]}\n",
}
CASES["repeat-never-ends"] = {
    "playbook": "plays:\n  - {play: p, when: seats > 1, repeat: «{freq: weekly}, " + TOUCH + "}\n"
}
CASES |= codes_of_pay.CASES
CASES |= codes_of_staffing.CASES
CASES |= codes_of_kinds.CASES
CASES |= codes_of_settlement.CASES
TOP_LINES = 23
"""Lines of the small workspace in conftest.py, and of the first lines of each kind."""
FRAME_LINES = {"library": 3, "segmentation": 3, "playbook": 3, "comp": 5}


@pytest.mark.parametrize("code", sorted(POLICY | SETTLEMENT))
def test_one_mistake_gives_one_diagnostic_at_its_place(code: str, found: Found) -> None:
    files = CASES[code]
    diagnostics = found({name: text.replace("«", "") for name, text in files.items()})
    shown = [(d.code, str(d.place), d.message) for d in diagnostics]
    assert [d.code for d in diagnostics] == [code], shown
    (place,) = (d.place for d in diagnostics)
    assert isinstance(place, Span)
    ((name, text),) = [(name, text) for name, text in files.items() if "«" in text]
    before = text[: text.index("«")]
    offset = TOP_LINES if name.endswith("+") else FRAME_LINES.get(name, 0)
    line = offset + before.count("\n") + 1
    assert (place.line, place.column) == (line, len(before) - before.rfind("\n")), shown


SOUND_REPEATS = [
    ("when: seats > 1, trigger: level", "{freq: weekly}"),
    ("when: seats > 1", "{freq: weekly, count: 2}"),
    ("anchor: signed_on", "{freq: weekly}"),
    ("anchor: signed_on", "{freq: yearly, bymonth: [2], bymonthday: [29], on_missing_day: skip}"),
    ("anchor: signed_on", "{freq: yearly, bymonth: [2], bymonthday: [31], on_missing_day: clamp}"),
    ("anchor: signed_on", "{freq: yearly, byday: [53FR]}"),
    ("anchor: signed_on", "{freq: monthly, byday: [5FR], bymonth: [2]}"),
    ("anchor: signed_on", "{freq: daily, byday: [FR], bymonthday: [13]}"),
    ("anchor: signed_on", "{freq: monthly, bymonth: [3], exdate: [2026-03-31, 2027-03-01], on_missing_day: skip}"),
]


@pytest.mark.parametrize(("start", "repeat"), SOUND_REPEATS)
def test_what_a_repeat_can_say(start: str, repeat: str, found: Found) -> None:
    assert found({"playbook": f"plays:\n  - {{play: p, {start}, repeat: {repeat}, {TOUCH}}}\n"}) == []


OF_TRIGGERS = [
    ("trigger: level", "trigger-without-when", False),
    ("lasting: 7 days", "trigger-without-when", False),
    ("cooldown: 7 days", "trigger-without-when", False),
    ("at_most: {times: 1, during: 7 days}", "trigger-without-when", False),
    ("lasting: 3 business days", "length-of-time", True),
    ("lasting: -1 day", "length-of-time", True),
    ("cooldown: 0 days", "length-of-time", True),
    ("at_most: {times: 1, during: 9 business days}", "length-of-time", True),
    ("trigger: often", "unknown-word", True),
    ("at_most: {times: 0, during: 9 days}", "out-of-bounds", True),
    ("at_most: {times: 2}", "missing-key", True),
]


@pytest.mark.parametrize(("keys", "code", "when"), OF_TRIGGERS)
def test_what_a_trigger_cannot_say(keys: str, code: str, when: bool, found: Found) -> None:
    start = "when: seats > 1" if when else "anchor: signed_on"
    assert [d.code for d in found({"playbook": f"plays:\n  - {{play: p, {start}, {keys}, {TOUCH}}}\n"})] == [code]


@pytest.mark.parametrize("what", codes_of_staffing.WRONG)
def test_what_staffing_cannot_say(what: str, found: Found) -> None:
    files, codes = codes_of_staffing.WRONG[what]
    assert [d.code for d in found(files)] == codes


OF_SETTLING = [
    ("settle: {margin: 3, lasting: 7 days}", "settle-margin"),
    ("settle: {margin: 1e3 points, lasting: 7 days}", "settle-margin"),
    ("settle: {margin: 3 points, lasting: 2 business days}", "length-of-time"),
    ("settle: {margin: 3 points}", "missing-key"),
]


@pytest.mark.parametrize(("key", "code"), OF_SETTLING)
def test_what_settling_cannot_say(key: str, code: str, found: Found) -> None:
    assert [d.code for d in found({"h.yaml": f"{HEALTH}{key}\ngrades: [{{grade: all}}]\n"})] == [code]


@pytest.mark.parametrize("hold", ["0 days", "5 business days"])
def test_what_hold_cannot_say(hold: str, found: Found) -> None:
    tiers = f"tiers: [{{tier: A, when: seats > 1}}]\notherwise: B\nhold: {hold}\n"
    assert [d.code for d in found({"segmentation": tiers})] == ["length-of-time"]


def test_pay_that_reads_a_settled_grade_through_a_measure_is_warned_of(found: Found) -> None:
    settled = HEALTH + "settle: {margin: 3 points, lasting: 7 days}\ngrades: [{grade: all}]\n"
    plan = (
        "kind: comp\nname: plan\neffective: {from: 2026-01-01}\npayees: role == 'seller'\nperiod: quarter\n"
        "facts_as_of: period_end\n"
    ) + PAY.replace("rate: 10%", "rate: [{rate: 10%, when: well}, {rate: 5%}]")
    files = {"h.yaml": settled, "p.yaml": plan, "library": "measures:\n  well: {value: health_grade == 'all'}\n"}
    diagnostics = found(files)
    assert [(d.code, d.is_error) for d in diagnostics] == [("pay-remembers", False)]
    assert "reads 'well', which rests on the `settle` of 'health'" in diagnostics[0].message


def test_every_code_is_covered() -> None:
    assert set(CASES) == set(POLICY | SETTLEMENT)


TWICE = {
    "a column of a table that is not declared": (
        {"granger.yaml": ALONE + "forms: {hubspot: {columns: {Due: due, Owner: people.crm_id}}}\n"}, "table-needed"
    ),
    "a column of no field of a table": (
        {"granger.yaml": ALONE + "forms: {hubspot: {columns: {Due: due, Owner: accounts.crm_id}}}\n"}, "unknown-field"
    ),
    "a form that there is not": ({"granger.yaml": ALONE + "forms: {salesfarce: {}}\n"}, "unknown-key"),
    "a field that cannot be once together": (
        {"granger.yaml": ALONE.replace("{key:", "{unique: [arr, month], key:")}, "unknown-field"
    ),
    "a text that cannot rise": (
        {"granger.yaml": ALONE.replace("{key:", "{in_order: [arr, account_id], key:")}, "field-of-kind"
    ),
    "a number and a date that cannot rise": (
        {"granger.yaml": ALONE.replace("arr: money", "arr: money, on: date".replace("on:", "day:")).replace(
            "{key:", "{in_order: [arr, day], key:"
        )}, "field-of-kind"
    ),
    "a key that is no field": ({"granger.yaml": ALONE.replace("key: account_id", "key: acount_id")}, "unknown-field"),
    "a window of no length": ({"granger.yaml+": (
        "measures:\n"
        "  m: {sum: amount, table: deals, window: 0 days}\n"
    )}, "wrong-form"),
    "an overlap of versions that hold tiers": (
        {
            "segmentation": "tiers: [{tier: A, when: arr > 1}]\notherwise: B\n",
            "later.yaml": (
                "kind: segmentation\n"
                "name: grade\n"
                "effective: {from: 2026-07-01}\n"
                "tiers: [{tier: A, when: arr > 1}]\n"
                "otherwise: B\n"
            ),
        },
        "overlapping-versions",
    ),
    "a circle through a tier": (
        {"segmentation": (
            "tiers: [{tier: A, when: goal > 5, gives: {goal: 5}}]\n"
            "otherwise: B\n"
        )}, "circular-definition",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", sorted(TWICE))
def test_one_mistake_is_not_blamed_twice(what: str, found: Found) -> None:
    files, code = TWICE[what]
    assert [d.code for d in found(files)] == [code]


def test_a_bound_of_too_many_digits_is_no_traceback(found: Found) -> None:
    bound = "arr: {kind: percent, at_most: " + "9" * 5000 + "%}"
    try:
        assert found({"granger.yaml": ALONE.replace("arr: money", bound)}) != []
    except ValueError as error:
        pytest.fail(str(error))


def test_a_draw_is_in_the_currency_of_the_plan(found: Found, top: str) -> None:
    abroad = top.replace("quota: money", "quota: {kind: money, currency: EUR}")
    draw = "draws: [{draw: d, kind: guarantee, amount: quota per month, recover: never}]\n"
    # in the plan's currency it is at home; the deals are then those that must be exchanged
    for currency, codes in (("", ["currency-differs"]), ("currency: EUR\n", ["exchange-needed"])):
        files = {"granger.yaml": abroad, "comp": f"{currency}{draw}{PAY}"}
        assert [each.code for each in found(files)] == codes
