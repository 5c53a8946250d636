"""The policy reference is made from the schemas, is up to date, and leads to every key."""

import re
from pathlib import Path
from typing import Any

import pytest
from granger.engine.writers.reference import main, policy_reference, read_schemas

PAGE = Path(__file__).resolve().parents[2] / "docs" / "policy-reference.md"


def test_the_committed_page_is_what_is_generated_now() -> None:
    assert PAGE.read_text(encoding="utf-8") == policy_reference(read_schemas()), "write it anew with: make docs"


def test_the_packaged_schemas_are_those_of_the_folder(schemas: dict[str, Any]) -> None:
    assert read_schemas() == schemas


def test_headings_are_unique_and_links_lead_to_them() -> None:
    page = policy_reference(read_schemas())
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    anchors = [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]
    links = re.findall(r"\]\(#([^)]+)\)", page)
    assert len(anchors) == len(set(anchors))
    assert len(links) > 50
    assert set(links) <= set(anchors)


def test_every_key_of_every_kind_is_on_the_page(schemas: dict[str, Any]) -> None:
    page = policy_reference(read_schemas())

    def keys(node: Any) -> set[str]:
        if isinstance(node, list):
            return set().union(*map(keys, node))
        if not isinstance(node, dict):
            return set()
        own = set(node["properties"]) if isinstance(node.get("properties"), dict) else set()
        return own.union(*(keys(value) for key, value in node.items() if key != "examples"))

    listed = set(re.findall(r"^(?:\| |- )`([a-z_]+)`", page, re.MULTILINE))
    assert listed == keys(list(schemas.values()))


def test_rows_of_tables_have_four_cells() -> None:
    rows = [line for line in policy_reference(read_schemas()).splitlines() if line.startswith("| ")]
    assert len(rows) > 80
    for row in rows:
        assert len(re.findall(r"(?<!\\)\|", row)) == 5, row


def test_a_small_schema_becomes_a_small_page() -> None:
    page = policy_reference(
        {
            "common": {"$id": "common.json", "title": "Shared", "description": "All kinds.", "$defs": {}},
            "toy": {
                "$id": "toy.json",
                "title": "Toy",
                "description": "For play.",
                "x-example": ["kind: toy"],
                "required": ["many"],
                "properties": {
                    "many": {
                        "description": "How many.",
                        "type": "integer",
                        "minimum": 1,
                        "maximum": 9,
                        "examples": [3],
                    },
                    "noise": {"description": "Loud | soft_.", "enum": ["on", "a, b"], "default": "on"},
                    "hold": {"description": "Keeps it. Comes in a later version.", "x-later": True},
                },
            },
        }
    )
    assert "```yaml\nkind: toy\n```" in page
    assert "| `many` | whole number, 1 to 9 | **required** | How many. Example: `3` |" in page
    assert "| `noise` | `on` or `a, b` | `on` | Loud \\| soft\\_. |" in page
    assert "Not yet built:\n\n- `hold`: Keeps it.\n" in page


def test_main_writes_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "page.md")]) == 0
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == policy_reference(read_schemas())
    assert main([]) == 0
    assert capsys.readouterr().out == policy_reference(read_schemas())
