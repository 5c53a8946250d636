"""Versions of a policy: never two in force on a day, no day lost between, and which is in force when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from granger.engine.diagnostics import Diagnostic
from granger.engine.policy.load import load_policies

Found = Callable[[dict[str, str]], list[Diagnostic]]


def library(start: str, before: str = "", name: str = "figures") -> str:
    ends = f", before: {before}" if before else ""
    return f"kind: library\nname: {name}\neffective: {{from: {start}{ends}}}\nsettings: {{k_{name}: 1}}\n"


def said(diagnostics: list[Diagnostic]) -> list[tuple[str, str, str]]:
    return [(d.code, str(d.place), d.message) for d in diagnostics if d.code in ("overlapping-versions", "version-gap")]


def test_versions_that_touch_are_neither_overlap_nor_gap(found: Found) -> None:
    files = {
        "a.yaml": library("2026-01-01", "2026-07-01"),
        "b.yaml": library("2026-07-01", "2027-01-01"),
        "c.yaml": library("2027-01-01"),
    }
    assert found(files) == []


def test_policies_of_two_names_or_kinds_are_no_versions_of_each_other(found: Found) -> None:
    segmentation = (
        "kind: segmentation\n"
        "name: figures\n"
        "effective: {from: 2026-01-01}\n"
        "tiers: [{tier: A, when: arr > 1}]\n"
        "otherwise: B\n"
    )
    assert (
        found({"a.yaml": library("2026-01-01"), "b.yaml": library("2026-01-01", name="other"), "c.yaml": segmentation})
        == []
    )


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (("2026-01-01", "2026-07-02"), ("2026-07-01", ""), [("overlapping-versions", "b.yaml:3:12", "2026-07-01")]),
        (("2026-01-01", ""), ("2026-07-01", ""), [("overlapping-versions", "b.yaml:3:12", "2026-07-01")]),
        (("2026-01-01", ""), ("2026-01-01", ""), [("overlapping-versions", "b.yaml:3:12", "2026-01-01")]),
        (
            ("2026-01-01", "2026-06-30"),
            ("2026-07-01", ""),
            [("version-gap", "b.yaml:3:12", "from 2026-06-30 until before 2026-07-01")],
        ),
    ],
)
def test_an_overlap_is_an_error_and_a_lost_day_a_finding(
    first: tuple[str, str], second: tuple[str, str], expected: list[tuple[str, str, str]], found: Found
) -> None:
    diagnostics = found({"a.yaml": library(*first), "b.yaml": library(*second).replace("k_", "j_")})
    shown = said(diagnostics)
    assert [(code, place) for code, place, _ in shown] == [(code, place) for code, place, _ in expected]
    assert expected[0][2] in shown[0][2]
    assert str(diagnostics[0].related[0].place) == "a.yaml:3:12"


def test_a_version_that_spans_two_others_overlaps_both(found: Found) -> None:
    files = {
        "a.yaml": library("2026-01-01"), "b.yaml": library("2026-02-01", "2026-03-01").replace("k_", "j_"),
        "c.yaml": library("2026-04-01").replace("k_", "i_"),
    }  # fmt: skip
    assert [(code, place) for code, place, _ in said(found(files))] == [
        ("overlapping-versions", "b.yaml:3:12"), ("overlapping-versions", "c.yaml:3:12"),
    ]  # fmt: skip


def test_every_version_is_checked_on_its_own_days(found: Found) -> None:
    """The later version reads a setting that the library of its days does not have."""
    files = {
        "a.yaml": library("2026-01-01", "2026-07-01"),
        "b.yaml": library("2026-07-01").replace("k_figures", "new_figure"),
        "segmentation": "tiers: [{tier: A, when: arr > 100 * k_figures}]\notherwise: B\n",
    }
    assert [(d.code, str(d.place)) for d in found(files)] == [("unknown-name", "segmentation.yaml:4:37")]


def test_what_is_in_force_on_a_day(workspace: Callable[[Mapping[str, str]], Path], top: str) -> None:
    folder = workspace(
        {
            "granger.yaml": top,
            "a.yaml": library("2026-01-01", "2026-07-01"), "b.yaml": library("2026-07-01", "2026-10-01"),
            "z.yaml": library("2026-03-15", name="aaa"),
        }
    )  # fmt: skip
    policies = load_policies(folder).policies
    assert policies is not None

    def files(day: str) -> list[str]:
        return [found.file for found in policies.on(date.fromisoformat(day)).libraries]

    assert files("2025-12-31") == []
    assert files("2026-01-01") == ["a.yaml"]
    assert files("2026-03-15") == files("2026-06-30") == ["z.yaml", "a.yaml"]  # in the order of names
    assert files("2026-07-01") == files("2026-09-30") == ["z.yaml", "b.yaml"]
    assert files("2026-10-01") == ["z.yaml"]
    days = [str(day) for day in policies.version_days()]
    assert days == ["2026-01-01", "2026-03-15", "2026-07-01", "2026-10-01"]
    assert str(policies.version_day(date(2026, 6, 30))) == "2026-03-15"
    assert policies.version_day(date(2026, 7, 1)) == date(2026, 7, 1)


def test_the_digest_changes_with_a_policy_s_text_and_not_with_line_ends(
    workspace: Callable[[Mapping[str, str]], Path], top: str
) -> None:
    def digest(text: str) -> str:
        folder = workspace({"granger.yaml": top})
        (folder / "a.yaml").write_bytes(text.encode())
        policies = load_policies(folder).policies
        assert policies is not None
        return policies.digest

    text = library("2026-01-01")
    assert digest(text) == digest(text.replace("\n", "\r\n"))
    assert digest(text) != digest(text.replace("k_figures: 1", "k_figures: 2"))
