"""Overlaps, gaps and rows out of reach: found on small tables with an example that is real; none on whole tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

import granger
import pytest
from granger.engine.amounts import parse_decimal
from granger.engine.diagnostics import Diagnostic, Severity
from granger.engine.language.rowwise import evaluate
from granger.engine.language.tree import Expression, Value
from granger.engine.policy.load import load_policies
from granger.engine.policy.model import Segmentation

TOP = """\
kind: workspace
name: w
currency: CNY
tables:
  accounts:
    key: account_id
    fields:
      account_id: text
      arr: {kind: money, at_least: 0}
      seats: {kind: integer, at_least: 1, at_most: 100}
      units: {kind: number, digits: 0}
      rate: percent
      fit: {kind: enum, one_of: [core, edge, none]}
      vip: boolean
      region: text
      backup: text
      signed_on: date
measures:
  doubled: {value: arr * 2}
"""
FRAME = "kind: segmentation\nname: grade\neffective: {from: 2026-01-01}\n"
LIBRARY = "kind: library\nname: l\neffective: {from: 2026-01-01}\nsettings: {edge: 30_000}\n"

Checked = Callable[..., tuple[list[Diagnostic], Segmentation]]


@pytest.fixture
def checked(workspace: Callable[[Mapping[str, str]], Path]) -> Checked:
    def check(*rows: str, more: str = "") -> tuple[list[Diagnostic], Segmentation]:
        tiers = "".join(f'  - {{tier: T{i}, when: "{row}"}}\n' for i, row in enumerate(rows))
        folder = workspace({"granger.yaml": TOP, "s.yaml": FRAME + more + "tiers:\n" + tiers, "l.yaml": LIBRARY})
        policies = load_policies(folder).policies
        assert policies is not None
        (segmentation,) = policies.on(date(2026, 1, 1)).segmentations
        return list(granger.check(folder)[1]), segmentation

    return check


def test_a_table_is_tried_again_once_a_setting_that_it_reads_changes(
    workspace: Callable[[Mapping[str, str]], Path],
) -> None:
    rows = "tiers: [{tier: A, when: arr >= edge}, {tier: B, when: arr < 30_000}]\n"
    later = LIBRARY.replace("from: 2026-01-01", "from: 2026-07-01").replace("30_000", "20_000")
    early = LIBRARY.replace("from: 2026-01-01", "from: 2026-01-01, before: 2026-07-01")
    for files, found in (({"l.yaml": LIBRARY}, 0), ({"l.yaml": early, "m.yaml": later}, 1)):
        folder = workspace({"granger.yaml": TOP, "s.yaml": FRAME + rows, **files})
        assert [d.code for d in granger.check(folder)[1] if d.severity == Severity.ERROR] == ["tiers-overlap"] * found


def witness(diagnostic: Diagnostic) -> dict[str, Value]:
    """The example account of a message, read back from its words."""
    _, _, text = diagnostic.message.partition("for example where ")
    assert text
    found: dict[str, Value] = {"edge": Fraction(30_000), "as_of": date(2026, 1, 1)}
    for part in re.split(r", (?=[a-z_]+ = )", text):
        name, _, shown = part.partition(" = ")
        plain = shown.removesuffix(" CNY").removesuffix("%").replace(",", "")
        if (value := parse_decimal(plain)) is not None:
            found[name] = value / 100 if shown.endswith("%") else value
        elif re.fullmatch(r"\d{4}-\d\d-\d\d", shown):
            found[name] = date.fromisoformat(shown)
        else:
            found[name] = shown == "yes" if shown in ("yes", "no") else shown
    if "doubled" not in found and "arr" in found:
        found["doubled"] = found["arr"] * 2  # type: ignore[operator]
    return found


def holding(segmentation: Segmentation, account: dict[str, Value]) -> list[str]:
    conditions: list[tuple[str, Expression]] = [(t.name, t.when) for t in segmentation.tiers if t.when is not None]
    return [name for name, when in conditions if evaluate(when, account) is True]


OVERLAPS = [
    (["arr >= 10", "arr <= 10"], "T0 T1"), (["arr >= 10", "arr < 10.01"], "T0 T1"),
    (["seats > 3", "seats < 5"], "T0 T1"),
    (["fit == 'core'", "vip"], "T0 T1"), (["fit in ('core', 'edge')", "fit == 'edge'", "fit == 'none'"], "T0 T1"),
    (["arr > edge", "arr > 5"], "T0 T1"),
    (["signed_on < date('2026-05-01')", "signed_on >= date('2026-04-30')"], "T0 T1"),
    (["rate > 30%", "rate <= 30% and not vip", "vip"], "T0 T2"), (["region == 'EU'", "region != 'US'"], "T0 T1"),
    (["arr >= 10 and vip", "arr < 20 and vip", "not vip"], "T0 T1"), (["true", "vip"], "T0 T1"),
    (["10 <= arr <= 20", "20 <= arr"], "T0 T1"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "pair"), OVERLAPS, ids=[" | ".join(rows) for rows, _ in OVERLAPS])
def test_an_overlap_is_an_error_with_a_real_account(rows: list[str], pair: str, checked: Checked) -> None:
    diagnostics, segmentation = checked(*rows)
    overlap = next(d for d in diagnostics if d.code == "tiers-overlap")
    assert overlap.severity is Severity.ERROR
    assert set(pair.split()) <= set(holding(segmentation, witness(overlap)))
    lines = {str(overlap.place).split(":")[1], str(overlap.related[0].place).split(":")[1]}
    assert lines == {str(5 + int(name[1:])) for name in pair.split()}


GAPS = [
    ["arr > 10", "arr < 10"], ["seats > 3", "seats < 3"], ["fit == 'core'", "fit == 'edge'"],
    ["vip and arr > 5", "not vip"],
    ["signed_on < date('2026-05-01')", "signed_on > date('2026-05-01')"], ["rate > 30%", "rate < 30%"],
    ["region == 'EU'", "region == 'US'"],
    ["arr > edge", "arr < edge"], ["0 < arr < 10", "arr >= 10"], ["seats < 100"], ["false"],
]  # fmt: skip


@pytest.mark.parametrize("rows", GAPS, ids=[" | ".join(rows) for rows in GAPS])
def test_a_gap_is_shown_by_a_real_account_and_closed_by_an_otherwise(rows: list[str], checked: Checked) -> None:
    diagnostics, segmentation = checked(*rows)
    gap = next(d for d in diagnostics if d.code == "tier-gap")
    if rows != ["false"]:
        assert gap.severity is Severity.WARNING and holding(segmentation, witness(gap)) == []
    assert [d.code for d in checked(*rows, more="otherwise: rest\n")[0] if d.code == "tier-gap"] == []


WHOLE = [
    ["arr >= 10", "arr < 10"], ["seats > 3", "seats <= 3"], ["fit == 'core'", "fit == 'edge'", "fit == 'none'"],
    ["vip", "not vip"],
    ["fit == 'core' and arr >= edge", "(fit == 'core' and arr < edge) or fit == 'edge'", "fit == 'none'"],
    ["arr < 1", "1 <= arr < 2", "2 <= arr < 3", "arr >= 3"],
    ["region == 'EU'", "region == 'US'", "region not in ('EU', 'US')"],
    ["signed_on < date('2026-05-01')", "date('2026-05-01') <= signed_on"],
    ["rate >= 50% and vip", "rate < 50% and vip", "not vip"],
    ["seats >= 50", "seats < 50 and seats >= 1"], ["arr >= 0"], ["seats <= 100"], ["doubled >= 5", "doubled < 5"],
]  # fmt: skip


@pytest.mark.parametrize("rows", WHOLE, ids=[" | ".join(rows) for rows in WHOLE])
def test_a_whole_table_without_overlap_has_no_finding(rows: list[str], checked: Checked) -> None:
    assert [(d.code, d.message) for d in checked(*rows)[0]] == []


@pytest.mark.parametrize("rows", [["units > 10", "units < 11"], ["units >= 1", "units <= 0"]], ids=["overlap", "gap"])
def test_an_example_respects_the_digits_of_its_field(rows: list[str], checked: Checked) -> None:
    found = [d.message for d in checked(*rows)[0] if "example" in d.message]
    assert all("." not in message.partition("where ")[2] for message in found)


def test_an_overlap_of_measured_values_is_only_a_warning(checked: Checked) -> None:
    """doubled and arr hang together, so that the example may be one that cannot occur."""
    found = [d for d in checked("doubled > 10", "arr <= 5")[0] if d.code == "tiers-overlap"]
    assert [d.severity for d in found] == [Severity.WARNING]


@pytest.mark.parametrize("policy", ["first", "any", "collect"])
def test_rows_may_overlap_under_other_hit_policies(policy: str, checked: Checked) -> None:
    codes = [d.code for d in checked("arr >= 10", "arr >= 5", more=f"hit_policy: {policy}\notherwise: rest\n")[0]]
    assert codes == []


UNREACHABLE = [
    ("hit_policy: first\n", ["arr >= 10", "arr >= 20", "arr < 10"], ["T1"]),
    ("hit_policy: first\n", ["arr >= 20", "arr >= 10", "arr < 10"], []),
    ("", ["arr < 5 and arr > 10", "true"], ["T0"]), ("", ["arr < 0", "arr >= 0"], ["T0"]),
    ("", ["seats > 100", "seats <= 100"], ["T0"]),
    ("for: fit == 'core'\n", ["fit == 'edge'", "fit != 'edge'"], ["T0"]),
    ("hit_policy: first\n", ["vip", "not vip", "arr > 5"], ["T2"]),
    ("hit_policy: first\n", ["1 / arr > 5", "1 / arr > 6", "true"], []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "rows", "names"), UNREACHABLE, ids=[f"{m.strip()} {' | '.join(r)}" for m, r, _ in UNREACHABLE]
)
def test_rows_out_of_reach(more: str, rows: list[str], names: list[str], checked: Checked) -> None:
    found = [d for d in checked(*rows, more=more)[0] if d.code == "row-unreachable"]
    assert [d.message.split("'")[1] for d in found] == names


@pytest.mark.parametrize(
    "rows", [["region != backup", "region == backup"], ["arr < 1 < seats", "arr >= 1 or seats <= 1"]]
)
def test_a_row_that_can_be_reached_is_not_called_out_of_reach(rows: list[str], checked: Checked) -> None:
    assert [d.code for d in checked(*rows)[0] if d.code == "row-unreachable"] == []


def test_a_large_table_is_tried_in_bounded_time_and_always_alike(checked: Checked) -> None:
    rows = [f"{i * 10} <= arr < {i * 10 + 10} and seats > {i} and fit == 'core' and rate > {i}%" for i in range(30)]
    first = [(d.code, d.message) for d in checked(*rows)[0]]
    assert first == [(d.code, d.message) for d in checked(*rows)[0]]
    assert {code for code, _ in first} <= {"tier-gap"}


def test_what_was_swept() -> None:
    assert len(OVERLAPS) + len(GAPS) + len(WHOLE) + len(UNREACHABLE) == 44
