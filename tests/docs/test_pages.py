"""The pages written by hand: their YAML is taken from packs and tests and is sound, their links lead somewhere, and
what they say about cells is so.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from granger.engine.diagnostics import Span
from granger.engine.periods import Duration
from granger.engine.policy.decode_tests import OUTPUTS
from granger.engine.program import decisions
from granger.engine.runners.memory import DEFAULT_HORIZON
from granger.engine.source.reader import read
from granger.engine.source.schema import check
from granger.engine.tables.cells import cell_reader
from granger.engine.tables.records import Bad
from granger.engine.tables.shape import Field, Shape, Value

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("how-to-*.md"))]
LINKING = [*PAGES, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted(ROOT.glob("docs/*.md"))]
SOURCES = [
    *sorted(ROOT.glob("rules/*/*.yaml")),
    *sorted(ROOT.glob("tests/cases/good/**/*.yaml")),
    *sorted(ROOT.glob("tests/foreign/workspaces/*/*.yaml")),
]
NOWHERE = Span("page", 1, 1, 1, 2)


def blocks() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for block in re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
            yield page.name, block


def taken_from(block: str) -> list[Path]:
    """The files that hold these lines in one piece."""
    return [path for path in SOURCES if f"\n{block}" in "\n" + path.read_text(encoding="utf-8")]


BLOCKS = list(blocks())


def test_the_sweep_meets_every_page() -> None:
    assert len(PAGES) >= 10
    assert len(BLOCKS) >= 45
    assert {page for page, _ in BLOCKS} == {path.name for path in PAGES}
    assert len([block for _, block in BLOCKS if block.startswith("kind:")]) >= 4


@pytest.mark.parametrize(("page", "block"), BLOCKS)
def test_yaml_is_taken_verbatim_and_is_sound(page: str, block: str) -> None:
    assert taken_from(block), f"{page} shows YAML that no pack and no case has:\n{block}"
    text = textwrap.dedent(block)
    text = "items:\n" + text if text.startswith("- ") else text
    document, problems = read(text.encode("utf-8"), page)
    assert problems == []
    assert document is not None
    if "kind" in document.root.entries:
        assert check(document) == []


def test_a_broken_block_would_be_seen() -> None:
    assert not taken_from("kind: segmentation\nname: nobody-wrote-this\n")
    document, problems = read(b"kind: segmentation\nname: x\n", "page")
    assert document is not None
    assert problems == []
    assert check(document) != []


def test_links_lead_to_files_and_headings() -> None:
    followed = 0
    for page in dict.fromkeys(LINKING):
        text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            file, _, heading = target.partition("#")
            path = (page.parent / file).resolve() if file else page
            assert path.exists(), f"{page.name} links to {target}"
            assert ROOT in path.parents
            if heading:
                headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
                anchors = [re.sub(r"[^\w\- ]", "", found.lower()).replace(" ", "-") for found in headings]
                assert heading in anchors, f"{page.name} links to {target}"
            followed += 1
    assert followed > 60


@pytest.mark.parametrize("page", list(dict.fromkeys(LINKING)), ids=lambda path: path.name)
def test_pages_name_no_place_of_this_machine(page: Path) -> None:
    assert not re.search(r"(?<![\w.])/(?:home|work|tmp|root|Users)/", page.read_text(encoding="utf-8"))


def cell(kind: str, raw: str, **keys: object) -> Value | Bad:
    field = Field("x", "x", kind, NOWHERE, **keys)  # type: ignore[arg-type]
    return cell_reader(field, Shape("t", (field,), NOWHERE), None)(raw)


@pytest.mark.parametrize(
    ("kind", "raw", "keys", "expected"),
    [
        ("integer", "1200", {}, Fraction(1200)),
        ("integer", "1,200", {}, Fraction(1200)),
        ("number", "1,234.50", {}, Fraction("1234.5")),
        ("number", "-3", {}, Fraction(-3)),
        ("percent", "80%", {}, Fraction(4, 5)),
        ("percent", "12.5 %", {}, Fraction(1, 8)),
        ("percent", "80", {"scale": 100}, Fraction(4, 5)),
        ("percent", "0.8", {"scale": 1}, Fraction(4, 5)),
        ("money", "$1,234.50", {"currency": "USD"}, Fraction("1234.5")),
        ("money", "EUR 12", {"currency": "EUR"}, Fraction(12)),
        ("money", "(12.00)", {"currency": "EUR"}, Fraction(-12)),
        ("date", "2026-01-31", {}, date(2026, 1, 31)),
        ("date", "2026/01/31", {"format": "YYYY/MM/DD"}, date(2026, 1, 31)),
        ("date", "31.1.26", {"format": "D.M.YY"}, date(2026, 1, 31)),
        ("date", "31 Jan 2026", {"format": "DD MMM YYYY"}, date(2026, 1, 31)),
        ("boolean", "Yes", {}, True),
        ("boolean", "0", {}, False),
        ("enum", "new", {"one_of": ("new",)}, "new"),
    ],
)
def test_cells_that_are_read(kind: str, raw: str, keys: dict[str, object], expected: Value) -> None:
    found = cell(kind, raw, **keys)
    assert (type(found), found) == (type(expected), expected)


@pytest.mark.parametrize(
    ("kind", "raw", "keys"),
    [
        ("integer", "12.5", {}),
        ("number", "1e3", {}),
        ("percent", "80", {}),
        ("money", "€12", {"currency": "USD"}),
        ("date", "31/01/26", {}),
        ("enum", "New", {"one_of": ("new",)}),
    ],
)
def test_cells_that_are_not_read(kind: str, raw: str, keys: dict[str, object]) -> None:
    assert isinstance(cell(kind, raw, **keys), Bad)


def test_every_status_of_an_account_is_told() -> None:
    page = (ROOT / "docs" / "how-to-write-tiers.md").read_text(encoding="utf-8")
    names = ("DECIDED", "TENTATIVE", "OVERRIDDEN", "UNDECIDED", "UNMATCHED", "CONFLICT", "OUT_OF_SCOPE")
    for status in (getattr(decisions, name) for name in names):
        assert f"\n| `{status}` |" in page


@pytest.mark.parametrize(
    ("page", "file", "column"),
    [
        ("health", "health", "status"),
        ("lifecycles", "stages", "status"),
        ("success", "successes", "status"),
        ("measures", "measures", "status"),
        ("policy-tests", None, None),
    ],
)
def test_every_status_and_every_output_is_told(page: str, file: str | None, column: str | None) -> None:
    text = (ROOT / "docs" / f"how-to-write-{page}.md").read_text(encoding="utf-8")
    if file is None:
        names = list(OUTPUTS)
    else:
        schema = json.loads((ROOT / "schemas" / "outputs" / f"{file}.json").read_text(encoding="utf-8"))
        (names,) = [found["one_of"] for found in schema["columns"] if found["name"] == column]
    assert len(names) >= 3
    told = {
        name for row in re.findall(r"^\| (`[^|]+) \|", text, re.MULTILINE) for name in re.findall(r"`([\w ]+)`", row)
    }
    assert set(names) <= told


def test_how_far_ahead_and_the_ceiling_are_as_told() -> None:
    assert Duration(90, "days") == DEFAULT_HORIZON
    assert Shape("t", (), NOWHERE).reject_ceiling == Fraction(5, 100)
