"""Names: twins, circles, who sees what, what every name is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from granger.engine.diagnostics import Diagnostic, Severity

Found = Callable[[dict[str, str]], list[Diagnostic]]

PAY = "components: [{component: c, credit: {table: deals, amount: amount, to: sold_by}, rate: 10%}]\n"
TIERS = "tiers: [{tier: A, when: arr > 1, gives: {goal: 5%}}]\notherwise: B\n"


def at(diagnostics: list[Diagnostic]) -> list[tuple[str, str]]:
    return [(d.code, str(d.place)) for d in diagnostics if d.severity is Severity.ERROR]


@pytest.mark.parametrize(
    ("what", "files", "place"),
    [
        ("a setting and a field", {"library": "settings:\n  arr: 5\n"}, "library.yaml:5:3"),
        ("a setting and a measure of the workspace",
         {"granger.yaml+": (
             "measures:\n"
             "  goal: {value: arr}\n"
         ), "library": "settings: {goal: 5}\n"}, "granger.yaml:25:3"),
        ("a measure and a setting of one library", {"library": (
            "settings: {m: 1}\n"
            "measures: {m: {value: arr}}\n"
        )}, "library.yaml:5:12"),
        ("two libraries", {"library": "settings: {k: 1}\n", "b.yaml": (
            "kind: library\n"
            "name: b\n"
            "effective: {from: 2026-01-01}\n"
            "settings: {k: 2}\n"
        )}, "library.yaml:4:12"),
        ("a gift and a field", {"segmentation": TIERS.replace("goal", "seats")}, "segmentation.yaml:4:42"),
        ("a gift and a setting", {"segmentation": TIERS, "library": "settings: {goal: 1}\n"}, "segmentation.yaml:4:42"),
        ("the fact and a field", {"segmentation": "fact: fit\n" + TIERS}, "segmentation.yaml:2:7"),
        ("the day of the run", {"library": "settings: {as_of: 1}\n"}, "library.yaml:4:12"),
    ],
)  # fmt: skip
def test_two_visible_twins_are_an_error(what: str, files: dict[str, str], place: str, found: Found) -> None:
    assert at(found(files)) == [("twin-name", place)]


def test_two_segmentations_need_two_facts(found: Found) -> None:
    other = "kind: segmentation\nname: zoning\neffective: {from: 2026-01-01}\n" + TIERS.replace("goal", "aim")
    assert at(found({"segmentation": TIERS, "z.yaml": other})) == [("twin-name", "z.yaml:2:7")]
    assert at(found({"segmentation": TIERS, "z.yaml": other + "fact: zone\n"})) == []


def test_twins_show_both_sites(found: Found) -> None:
    (twin,) = [d for d in found({"library": "settings:\n  arr: 5\n"}) if d.code == "twin-name"]
    assert [(str(r.place), r.label) for r in twin.related] == [("granger.yaml:10:32", "the other is here")]


CHILD = "measures:\n  {first}\n  {second}\n"


@pytest.mark.parametrize("turned", [False, True])
def test_a_row_s_field_with_the_name_of_a_fact_of_its_account(turned: bool, found: Found) -> None:
    """Both orders of the two measures must give the same: `amount` is a field of deals and a fact of the account."""
    lines = ["amount: {value: arr}", "total: {sum: amount, table: deals}"]
    first, second = reversed(lines) if turned else lines
    files = {"granger.yaml+": CHILD.format(first=first, second=second), "library": "settings: {k: 1}\n"}
    assert [code for code, _ in at(found(files))] == ["name-not-visible"]


def test_the_field_that_leads_to_the_account_is_no_twin(found: Found) -> None:
    files = {
        "granger.yaml+": ("measures:\n  m: {distinct: account_id, table: deals}\n"),
        "library": "settings: {k: 1}\n",
    }
    assert at(found(files)) == []


def test_a_person_s_field_with_the_name_of_a_setting(found: Found) -> None:
    files = {
        "library": "settings: {quota: 5}\n",
        "c.yaml": "kind: comp\nname: p\neffective: {from: 2026-01-01}\npayees: quota > 3\nperiod: quarter\n" + PAY,
    }
    assert [code for code, _ in at(found(files))] == ["name-not-visible"]


QUOTA = "rate_table: {{kind: marginal, of: {}, accumulate: period, bands: [{{rate: 5%, from: 100%}}, {{rate: 1%}}]}}"
TERMS = "  terms:\n    valid: {from: since}\n    fields: {person: {refers_to: people}, since: date, quota: money, own: money}\n"


@pytest.mark.parametrize(
    ("more", "read", "code"),
    [
        ("", "quota * days_share", ""),
        ("", "quota * months_share", ""),
        ("", "own", "unknown-name"),
        (TERMS, "own", ""),
        (TERMS, "quota", "name-not-visible"),  # people have one too
        (
            "measures: {days_share: {per: company, sum: amount, table: deals}}\n",
            "quota * days_share",
            "name-not-visible",
        ),
    ],
)
def test_what_a_quota_sees_of_a_payee(more: str, read: str, code: str, found: Found) -> None:
    plan = "kind: comp\nname: p\neffective: {from: 2026-01-01}\npayees: 'true'\nperiod: quarter\n"
    files = {"granger.yaml+": more, "c.yaml": plan + PAY.replace("rate: 10%", QUOTA.format(read))}
    assert [c for c, _ in at(found(files))] == ([code] if code else [])


@pytest.mark.parametrize("place", ["payees: days_share > 0", "rate: days_share"])
def test_what_is_no_figure_of_a_payee_does_not_see_the_part_of_the_period(place: str, found: Found) -> None:
    plan = "kind: comp\nname: p\neffective: {from: 2026-01-01}\npayees: 'true'\nperiod: quarter\n" + PAY
    key = place.partition(":")[0]
    files = {"c.yaml": plan.replace({"payees": "payees: 'true'", "rate": "rate: 10%"}[key], place)}
    assert [code for code, _ in at(found(files))] == ["name-not-visible"]


@pytest.mark.parametrize("table", ["accounts", "deals"])
def test_no_field_is_named_as_of(table: str, found: Found, top: str) -> None:
    named = (
        top.replace("seats: integer", "as_of: integer")
        if table == "accounts"
        else top.replace("amount: money", "amount: money, as_of: date")
    )
    try:
        diagnostics = found(
            {"granger.yaml": named, "segmentation": "tiers: [{tier: A, when: arr > 5}]\notherwise: B\n"}
        )
    except TypeError as error:
        pytest.fail(f"a traceback: {error}")
    assert [code for code, _ in at(diagnostics)] == ["twin-name"]


@pytest.mark.parametrize("word", ["true", "false", "not", "in", "if", "and", "lambda", "from"])
def test_a_word_of_the_language_is_no_name(word: str, found: Found, top: str) -> None:
    assert at(found({"granger.yaml": top.replace("seats: integer", f"{word}: boolean")})) != []


@pytest.mark.parametrize(
    ("what", "files", "place", "way"),
    [
        ("settings", {"library": (
            "settings:\n"
            "  a: b + 1\n"
            "  b: c + 1\n"
            "  c: a + 1\n"
        )}, "library.yaml:5:3", "a → b → c → a"),
        ("itself", {"library": "settings:\n  a: a + 1\n"}, "library.yaml:5:3", "a → a"),
        ("a bound", {"library": "settings:\n  a: {value: 5, at_most: b}\n  b: a\n"}, "library.yaml:5:3", "a → b → a"),
        ("measures", {"granger.yaml+": (
            "measures:\n"
            "  m: {value: n + 1}\n"
            "  n: {value: m + 1}\n"
        ), "library": "settings: {k: 1}\n"}, "granger.yaml:25:3", "m → n → m"),
        ("a measure over rows", {"granger.yaml+": (
            "measures:\n"
            "  m: {sum: score * m, table: answers}\n"
        ), "library": "settings: {k: 1}\n"}, "granger.yaml:25:3", "m → m"),
        ("a tier and a measure",
         {"granger.yaml+": (
             "measures:\n"
             "  m: {value: \"1 if tier == 'A' else 0\"}\n"
         ), "segmentation": "tiers: [{tier: A, when: m > 5}]\notherwise: B\n"},
         "granger.yaml:25:3", "m → tier → m"),
        ("a tier and its gift", {"segmentation": (
            "tiers: [{tier: A, when: goal > 5, gives: {goal: 5}}]\n"
            "otherwise: B\n"
        )}, "segmentation.yaml:2:7", "tier → goal → tier"),
        ("a population", {"segmentation": (
            "for: tier == 'A'\n"
            "tiers: [{tier: A, when: arr > 5}]\n"
            "otherwise: B\n"
        )}, "segmentation.yaml:2:7", "tier → tier"),
    ],
)  # fmt: skip
def test_a_circle_is_shown_whole(what: str, files: dict[str, str], place: str, way: str, found: Found) -> None:
    diagnostics = found(files)
    assert at(diagnostics) == [("circular-definition", place)]
    assert way in diagnostics[0].message
    assert len(diagnostics[0].related) == way.count("→") - 1


RATE = PAY.replace("{", "{{").replace("}", "}}").replace("rate: 10%", "rate: '{}'")
VISIBLE = [
    # who reads, what, the code or ""
    ("library", "settings:\n  k: {}\n", "arr", "name-not-visible"),
    ("library", "settings:\n  k: {}\n", "tier", "name-not-visible"),
    ("library", "settings:\n  k: {}\n", "j * 2", ""), ("library", "settings:\n  k: {}\n", "nope", "unknown-name"),
    ("library", "settings:\n  k: {}\n", "add_days(as_of, 1)", ""),
    ("library", "settings:\n  k: {}\n", "amount", "unknown-name"),
    ("library", "measures:\n  k: {{value: '{}'}}\n", "arr * j", ""),
    ("library", "measures:\n  k: {{value: '{}'}}\n", "goal + 1", ""),
    ("library", "measures:\n  k: {{value: '{}'}}\n", "amount", "unknown-name"),
    ("library", "measures:\n  k: {{sum: '{}', table: deals}}\n", "amount / arr", ""),
    ("library", "measures:\n  k: {{sum: '{}', table: deals}}\n", "quota", "unknown-name"),
    ("playbook", "plays: [{{play: p, for: '{}', anchor: signed_on, touches: [{{task: t, owner: csm}}]}}]\n",
     "goal > 1", ""),
    ("playbook", "plays: [{{play: p, when: '{}', touches: [{{task: t, owner: csm}}]}}]\n",
     "amount > 1", "unknown-name"),
    ("comp", RATE, "goal", "name-not-visible"),
    ("comp", RATE, "1 if tier > 1 else 0", "name-not-visible"),
    ("comp", RATE, "arr / 10 / amount", ""),
    ("comp", RATE, "depends", "name-not-visible"),
    ("comp", RATE, "j", ""),
    ("comp", RATE, "quota / 10", "name-not-visible"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "text", "read", "code"), VISIBLE, ids=[f"{v[0]}-{i}-{v[2]}" for i, v in enumerate(VISIBLE)]
)
def test_who_sees_what(kind: str, text: str, read: str, code: str, found: Found) -> None:
    files = {
        "segmentation": TIERS,
        "j.yaml": (
            "kind: library\n"
            "name: j\n"
            "effective: {from: 2026-01-01}\n"
            "settings: {j: 5%}\n"
            "measures: {depends: {value: goal * 2}}\n"
        ),
        kind: text.format(read) if "{}" in text else text,
    }
    codes = [c for c, _ in at(found(files))]
    assert codes == ([code] if code else [])


def test_what_the_tiers_of_a_collect_policy_give_is_checked(found: Found) -> None:
    files = {
        "segmentation": (
            "hit_policy: collect\ntiers: [{tier: A, when: arr > 1, gives: {goal: nonsense + 'a'}}]\notherwise: B\n"
        )
    }
    assert [code for code, _ in at(found(files))] != []


def test_a_workspace_without_policies_is_checked_too(found: Found) -> None:
    assert [code for code, _ in at(found({"granger.yaml+": "measures:\n  m: {sum: nonsense, table: deals}\n"}))] == [
        "unknown-name"
    ]


def test_count_counts_the_rows_that_have_a_value(found: Found) -> None:
    files = {"granger.yaml+": "measures:\n  m: {count: closed_on, table: deals}\n", "library": "settings: {k: 1}\n"}
    assert at(found(files)) == []
