"""The policy reference: one Markdown page of every kind and key, made from the JSON Schemas.

``python -m granger.engine.writers.reference docs/policy-reference.md`` writes the page (``make docs``).
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, TypeAlias

Schema: TypeAlias = Mapping[str, Any]

SHARED = "common.json"
DECIDING = ("segmentation", "health", "lifecycle", "success")
KINDS = ("workspace", "library", *DECIDING, "playbook", "staffing", "watchlist", "comp", "tests")
FIRST = tuple(f"{kind}.json" for kind in KINDS)
LONGEST_EXAMPLE = 90
LATER = " Comes in a later version."

INTRO = """# Policy reference

<!-- Generated from schemas/ by `make docs`: change the schemas, not this page. -->

Every file of a workspace says its `kind`. This page lists the kinds, their keys, what each key takes, and what holds
when the key is left out. Keys marked **required** must be written. Dates `before` a day leave that day out.
"""
TABLE_HEAD = ("| key | takes | when left out | meaning |", "|---|---|---|---|")
PLAIN_TYPES = {"string": "text", "number": "number", "integer": "whole number", "boolean": "`true` or `false`"}


def policy_reference(schemas: Mapping[str, Mapping[str, object]]) -> str:
    """The page for these schemas. They are known by their ``$id``; the keys of the mapping do not matter."""
    known: dict[str, Schema] = {str(schema["$id"]): schema for schema in schemas.values()}
    shared = known[SHARED]
    kinds = [name for name in FIRST if name in known] + sorted(known.keys() - {*FIRST, SHARED})
    headings = [str(known[name]["title"]) for name in kinds] + [str(shared["title"])]
    parts = [INTRO, "\n".join(f"- {_link(heading)}" for heading in headings), ""]
    for name in kinds:
        parts += _kind(known[name], shared)
    parts += _shared(shared)
    return "\n".join(parts).rstrip() + "\n"


def read_schemas() -> dict[str, Mapping[str, object]]:
    """granger's own schemas, by file name."""
    folder = resources.files("granger.schemas")
    files = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".json")), key=lambda entry: entry.name)
    return {file.name: json.loads(file.read_text(encoding="utf-8")) for file in files}


def main(arguments: Sequence[str]) -> int:
    page = policy_reference(read_schemas())
    if arguments:
        Path(arguments[0]).write_text(page, encoding="utf-8", newline="\n")
    else:
        sys.stdout.write(page)
    return 0


# --- sections --------------------------------------------------------------------------------------------------------
def _kind(schema: Schema, shared: Schema) -> Iterator[str]:
    title = str(schema["title"])
    yield from (f"## {title}", "", _prose(schema["description"]), "")
    if example := schema.get("x-example"):
        yield from ("```yaml", *example, "```", "")
    yield from _keys(schema, title, schema, shared)
    for name in _nested(schema, schema.get("$defs", {})):
        part = schema["$defs"][name]
        yield from (f"### {title}: {part['title']}", "", _prose(part["description"]), "")
        yield from _keys(part, title, schema, shared) if "properties" in part else _examples(part)


def _shared(shared: Schema) -> Iterator[str]:
    title = str(shared["title"])
    yield from (f"## {title}", "", _prose(shared["description"]), "")
    for part in shared["$defs"].values():
        yield from (f"### {part['title']}", "", _prose(part["description"]), "")
        yield from _examples(part)
        for branch in (part, *part.get("oneOf", ())):
            if "properties" in branch:
                yield from _keys(branch, title, shared, shared)


def _examples(part: Schema) -> Iterator[str]:
    if examples := part.get("examples"):
        yield from ("Examples: " + ", ".join(_code(_yaml(each)) for each in examples), "")


def _keys(part: Schema, title: str, file: Schema, shared: Schema) -> Iterator[str]:
    """The table of ``part``'s keys, then those that are not built yet."""
    later = {key: value for key, value in part["properties"].items() if value.get("x-later")}
    yield from TABLE_HEAD
    for key, value in part["properties"].items():
        if key not in later:
            takes = _takes(value, title, file, shared)
            cells = (f"`{key}`", takes, _left_out(key, value, part), _meaning(value))
            yield _row(cells)
    rest = part.get("additionalProperties")
    if isinstance(rest, Mapping) and "description" in rest:
        yield _row(("any other name", _takes(rest, title, file, shared), "—", _meaning(rest)))
    yield ""
    if later:
        yield from ("Not yet built:", "")
        yield from (f"- `{key}`: {_prose(value['description'].removesuffix(LATER))}" for key, value in later.items())
        yield ""


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _nested(schema: Schema, defs: Schema) -> Iterator[str]:
    """The names of ``defs`` in the order in which a reader meets them, each before those inside it."""
    met: dict[str, None] = {}

    def visit(node: object) -> None:
        if isinstance(node, Mapping):
            name = str(node.get("$ref", "")).removeprefix("#/$defs/")
            if name in defs and name not in met:
                met[name] = None
                visit(defs[name])
            for key, value in node.items():
                if key != "$defs":
                    visit(value)
        elif isinstance(node, list):
            for value in node:
                visit(value)

    visit(schema)
    yield from met


# --- cells -----------------------------------------------------------------------------------------------------------
def _takes(value: Schema, title: str, file: Schema, shared: Schema) -> str:
    """What a key may hold, in words; constructs with a section of their own are linked."""

    def inner(node: Schema) -> str:
        return _takes(node, title, file, shared)

    if "$ref" in value:
        place, name = value["$ref"].split("#/$defs/")
        if place or file is shared:
            return _link(shared["$defs"][name]["title"])
        part = file["$defs"][name]
        return _link(f"{title}: {part['title']}", part["title"])
    if "const" in value:
        return _code(_yaml(value["const"]))
    if "enum" in value:
        return _either(_code(_yaml(each)) for each in value["enum"])
    if "oneOf" in value:
        return _either(inner(branch) for branch in value["oneOf"])
    kinds = value["type"]
    if kinds == "array":
        return "a list, each: " + inner(value["items"])
    if kinds == "object":
        return "names, each with: " + inner(value["additionalProperties"])
    if "x-expected" in value:
        return _prose(value["x-expected"])
    words = _either(PLAIN_TYPES[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds))
    return f"{words}, {value['minimum']} to {value['maximum']}" if {"minimum", "maximum"} <= value.keys() else words


def _left_out(key: str, value: Schema, part: Schema) -> str:
    if key in part.get("required", ()):
        return "**required**"
    if "default" in value:
        return _code(_yaml(value["default"]))
    return _prose(value.get("x-default", "—"))


def _meaning(value: Schema) -> str:
    shown = [_yaml(each) for each in value.get("examples", ()) if "const" not in value]
    short = next((text for text in shown if len(text) <= LONGEST_EXAMPLE), None)
    return _prose(value["description"]) + (f" Example: {_code(short)}" if short else "")


def _either(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def _link(heading: str, text: str | None = None) -> str:
    anchor = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
    return f"[{text or heading}](#{anchor})"


def _prose(text: str) -> str:
    """Plain words as Markdown: what would be read as markup is escaped."""
    return re.sub(r"(?<!\w)_|_(?!\w)|[*<>`\[\]]", lambda found: "\\" + found[0], text)


def _code(text: str) -> str:
    return f"`{text}`"


def _yaml(value: object, inside: bool = False) -> str:
    """A value as it may be written on one line of YAML; ``inside`` braces or brackets a comma needs quotes."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_yaml(each, True)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_yaml(each, True) for each in value) + "]"
    if not isinstance(value, str):
        return json.dumps(value)
    special = r"^[\s\"'\[\]{}>|*&!%#@`,?]|: | #|[\x00-\x1f]|\s$" + (r"|[,\[\]{}]" if inside else "")
    return json.dumps(value, ensure_ascii=False) if re.search(special, value) or not value else value


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
