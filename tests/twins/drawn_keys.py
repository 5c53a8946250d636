"""The keys of a kind of policy, as its schema has them, and those of them that a document writes.

A key is named by where it stands: ``touch.flex``; a word that a key may have, by both: ``touch.roll=nearest``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any, TypeAlias

Schema: TypeAlias = Mapping[str, Any]


@cache
def schema_of(name: str) -> Schema:
    found: Schema = json.loads(resources.files("granger.schemas").joinpath(name).read_text(encoding="utf-8"))
    return found


def keys_of(kind: str) -> set[str]:
    """All of them but those that come in a later version."""
    return set(_keys(*_root(kind), set()))


def keys_in(document: Mapping[str, Any]) -> set[str]:
    """Those that the document of a policy writes."""
    return set(_written(document, *_root(document["kind"])))


def _root(kind: str) -> tuple[Schema, str, str]:
    return schema_of(f"{kind}.json"), f"{kind}.json", kind


def _followed(schema: Schema, file: str, place: str) -> tuple[Schema, str, str]:
    """What a ``$ref`` names, which gives the place its name."""
    if "$ref" not in schema:
        return schema, file, place
    other, _, name = schema["$ref"].partition("#/$defs/")
    file = other or file
    return _followed(schema_of(file)["$defs"][name], file, name)


def _inside(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """The keys of a mapping with their schemas; of any other part the name is empty."""
    yield from schema.get("properties", {}).items()
    for part in ("items", "additionalProperties"):
        if isinstance(schema.get(part), dict):
            yield "", schema[part]
    yield from (("", branch) for branch in schema.get("oneOf", ()))


def _keys(schema: Schema, file: str, place: str, met: set[tuple[str, str]]) -> Iterator[str]:
    schema, file, place = _followed(schema, file, place)
    yield from (f"{place}={word}" for word in schema.get("enum", ()))
    if "properties" in schema and (file, place) in met:
        return
    met.add((file, place))
    for key, inner in _inside(schema):
        if inner.get("x-later"):
            continue
        yield from [f"{place}.{key}"] if key else []
        yield from _keys(inner, file, f"{place}.{key}" if key else place, met)


def _written(value: Any, schema: Schema, file: str, place: str) -> Iterator[str]:
    schema, file, place = _followed(schema, file, place)
    if isinstance(value, str) and value in schema.get("enum", ()):
        yield f"{place}={value}"
    known, others = schema.get("properties", {}), schema.get("additionalProperties")
    for key, some in value.items() if isinstance(value, dict) else ():
        if key in known:
            yield f"{place}.{key}"
            yield from _written(some, known[key], file, f"{place}.{key}")
        elif isinstance(others, dict):
            yield from _written(some, others, file, place)
    for some in value if isinstance(value, list) else ():
        yield from _written(some, schema.get("items", {}), file, place)
    for branch in schema.get("oneOf", ()):
        yield from _written(value, branch, file, place)
