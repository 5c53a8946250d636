"""Public worked examples of pay plans and retention measures, through YAML plans and files: exactly.

The adapters in ``worked`` write each example as a workspace in our words and give back what came out, in the example's
own shape. Every figure of ``expected``, ``expected_derived`` and ``corrected`` is compared: exactly, or where the page
shows a rounded figure (``Shown``) at the digits it prints. ``corrected`` stands where the page's own figure is wrong.
"""

import importlib.util
import sys
from fractions import Fraction
from pathlib import Path

import granger
import pytest
import yaml


def load_package():
    place = Path(__file__).with_name("worked")
    spec = importlib.util.spec_from_file_location(
        "worked", place / "__init__.py", submodule_search_locations=[str(place)]
    )
    sys.modules["worked"] = package = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(package)
    return package


WORKED = load_package()
ADAPTERS = WORKED.ADAPTERS


@pytest.fixture
def run(tmp_path):
    """``run({tables}, policy, …, period=…)``: writes the workspace, runs it at the period's last day: the outcome."""

    def go(tables, *policies, period="2026-Q1", roles="{}", as_of=None):
        folder = tmp_path / f"workspace-{len(list(tmp_path.iterdir()))}"
        WORKED.writing.write(folder, tables, policies, roles)
        pack = granger.load(folder)
        assert pack.diagnostics == ()
        day = as_of or WORKED.reading.last_day(period)
        found = pack.run(as_of=day, period=period, parts=["segments", "pay"]).outcome
        assert (found.rejects, [finding for finding in found.findings if finding.is_error]) == ([], [])
        return found

    return go


@pytest.fixture(scope="module")
def cases(foreign):
    found = yaml.safe_load(foreign("comp_worked_examples.yaml").read_text("utf-8"))["cases"]
    return {case["id"]: case for case in found}


@pytest.mark.parametrize(
    "name",
    list(ADAPTERS),
)
def test_a_worked_example_comes_out_exactly(name, cases, run):
    case = cases[name]
    printed = {**case["expected"], **case.get("expected_derived", {}), **case.get("corrected", {})}
    found = ADAPTERS[name](case, run)
    assert WORKED.compare.agrees(found, printed), f"{found}\n{printed}"


def test_every_example_is_used(cases):
    assert len(cases) == 42
    assert set(ADAPTERS) == set(cases)


def test_comparing_can_fail():
    agrees, Shown, Unlike = WORKED.compare.agrees, WORKED.compare.Shown, WORKED.compare.Unlike  # noqa: N806
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
