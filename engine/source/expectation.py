"""What a schema expects at a place: its own words for it (``x-expected``), the keys it knows, the types it takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..messages import EXPECTED

_INTO_CHILD = {"items", "additionalProperties", "unevaluatedProperties", "contains", "propertyNames"}
_INTO_NAMED_CHILD = {"properties", "patternProperties", "prefixItems"}
_SAME_PLACE = {"oneOf", "anyOf", "allOf", "dependentSchemas"}


def expectation(schema: Mapping[str, Any], resolver: Any, steps: Iterable[str | int]) -> str:
    """The ``x-expected`` nearest to where an error's schema path leads, of the subschemas for the same value.

    The path leaves references out: they are followed wherever the next step is not in the schema itself.
    """
    walk, words = list(steps), str(schema.get("x-expected", ""))
    at = 0
    while at < len(walk):
        schema, resolver = _followed(schema, resolver, walk[at])
        words = str(schema.get("x-expected", words))
        step = str(walk[at])
        inner = schema.get(step)
        if step in _INTO_NAMED_CHILD | _SAME_PLACE and at + 1 < len(walk) and inner is not None:
            words = words if step in _SAME_PLACE else ""
            inner, at = inner[walk[at + 1]], at + 1
        elif step in _INTO_CHILD:
            words = ""
        if not isinstance(inner, Mapping):
            break
        schema, at = inner, at + 1
        words = str(schema.get("x-expected", words))
    return words


def _followed(schema: Mapping[str, Any], resolver: Any, step: str | int) -> tuple[Mapping[str, Any], Any]:
    while step not in schema and "$ref" in schema:
        found = resolver.lookup(schema["$ref"])
        over = {"x-expected": schema["x-expected"]} if "x-expected" in schema else {}
        schema, resolver = {**found.contents, **over}, found.resolver
    return schema, resolver


def allowed_keys(schema: Mapping[str, Any], resolver: Any) -> Iterator[str]:
    """The keys that a mapping may have by name; those not built yet are not proposed to anybody."""
    for key, inner in schema.get("properties", {}).items():
        if not (isinstance(inner, Mapping) and inner.get("x-later")):
            yield key
    for part in _parts(schema):
        yield from allowed_keys(part, resolver)
    if "$ref" in schema:
        found = resolver.lookup(schema["$ref"])
        yield from allowed_keys(found.contents, found.resolver)


def is_known(key: str, schema: Mapping[str, Any], resolver: Any) -> bool:
    """Whether the schema names the key anywhere, later ones too."""
    if key in schema.get("properties", {}):
        return True
    if any(is_known(key, part, resolver) for part in _parts(schema)):
        return True
    if "$ref" in schema:
        found = resolver.lookup(schema["$ref"])
        return is_known(key, found.contents, found.resolver)
    return False


def _parts(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The subschemas for the same value that are written inside it."""
    for word in ("allOf", "anyOf", "oneOf"):
        yield from (branch for branch in schema.get(word, ()) if isinstance(branch, Mapping))
    yield from (schema[word] for word in ("if", "then", "else") if isinstance(schema.get(word), Mapping))


def types_in_words(types: object, schema: Mapping[str, Any]) -> str:
    """``["string", "number"]`` as "text or a number"."""
    if schema.get("format") == "date":
        return EXPECTED["date"]
    names = types if isinstance(types, list) else [types]
    return " or ".join(EXPECTED.get(str(name), EXPECTED["other"]) for name in names)


def branch_types(branches: Iterable[Mapping[str, Any]], resolver: Any) -> str:
    """The types that alternatives take, in words."""
    words: list[str] = []
    for branch in branches:
        inner = resolver
        while "type" not in branch and "x-expected" not in branch and "$ref" in branch:
            found = inner.lookup(branch["$ref"])
            branch, inner = found.contents, found.resolver
        word = str(branch.get("x-expected", "")) or types_in_words(branch.get("type", "other"), branch)
        words += [word] if word not in words else []
    return ", or ".join(words)
