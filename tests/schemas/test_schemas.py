"""Every schema is well formed, and every key says what it means, so that editors can."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

KINDS = [
    "workspace",
    "library",
    "segmentation",
    "health",
    "lifecycle",
    "success",
    "playbook",
    "staffing",
    "watchlist",
    "comp",
    "tests",
]
LATER_KEYS = [
    "database",
    "query",
    "tables",
]


def objects(schema: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every subschema that is a mapping, with its place as a JSON pointer."""
    if isinstance(schema, dict):
        yield place, schema
        for key, value in schema.items():
            if key not in {"examples", "x-example", "default", "required", "enum", "const"}:
                yield from objects(value, f"{place}/{key}")
    elif isinstance(schema, list):
        for n, value in enumerate(schema):
            yield from objects(value, f"{place}/{n}")


def places(schemas: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [found for name, schema in schemas.items() for found in objects(schema, f"{name}#")]


def keys(schemas: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Every key of the language: the place and subschema of each entry of a ``properties``."""
    return [
        (f"{place}/properties/{key}", value)
        for place, schema in places(schemas)
        if isinstance(schema.get("properties"), dict) and not place.endswith("/properties")
        for key, value in schema["properties"].items()
    ]


def test_the_kinds_of_this_version_have_a_schema_each(schemas: dict[str, Any]) -> None:
    assert sorted(schemas) == sorted(["common.json", *(f"{kind}.json" for kind in KINDS)])
    for name, schema in schemas.items():
        assert schema["$id"] == name
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        Draft202012Validator.check_schema(schema)


def test_every_key_is_told_to_people(schemas: dict[str, Any]) -> None:
    swept = keys(schemas)
    assert len(swept) > 240
    for place, schema in swept:
        wanted = {"title", "description"} if schema.get("x-later") else {"title", "description", "examples"}
        assert wanted <= schema.keys(), place
        assert schema["description"].endswith("."), place
        assert "`" not in schema["description"], f"{place}: plain words, no markup"


def test_examples_and_defaults_are_valid_themselves(
    schemas: dict[str, Any], validator: Callable[[str], Draft202012Validator]
) -> None:
    swept = 0
    for place, schema in places(schemas):
        if place.endswith(("/properties", "/$defs")):
            continue
        for value in [*schema.get("examples", ()), *([schema["default"]] if "default" in schema else ())]:
            swept += 1
            assert [error.message for error in validator(place).iter_errors(value)] == [], place
    assert swept > 350


def test_unknown_keys_are_refused_everywhere(schemas: dict[str, Any]) -> None:
    closed = 0
    for place, schema in places(schemas):
        if schema.get("type") == "object":
            rest = schema.get("additionalProperties")
            closed += rest is False
            assert rest is False or {"propertyNames", "maxProperties"} <= schema.keys(), place
            assert set(schema.get("required", ())) <= set(schema.get("properties", ())), place
    assert closed > 35


def test_lists_have_a_least_and_a_most(schemas: dict[str, Any]) -> None:
    lists = [(place, schema) for place, schema in places(schemas) if schema.get("type") == "array"]
    assert len(lists) >= 25
    for place, schema in lists:
        assert 1 <= schema["minItems"] <= 2, place
        assert schema["maxItems"] <= 10_000, place


def test_what_is_not_plain_json_says_what_is_expected(schemas: dict[str, Any]) -> None:
    swept = 0
    for place, schema in places(schemas):
        if place.endswith("/properties"):
            continue
        if "pattern" in schema or "oneOf" in schema or ("format" in schema and "type" in schema):
            swept += 1
            assert "x-expected" in schema, place
    assert swept > 20


def test_a_choice_of_shapes_can_be_told_apart_by_type(schemas: dict[str, Any]) -> None:
    def types(branch: dict[str, Any], file: str) -> set[str]:
        while "$ref" in branch:
            target, name = branch["$ref"].split("#/$defs/")
            file = target or file
            branch = schemas[file]["$defs"][name]
        kinds = branch.get("type", "string")
        return {kinds} if isinstance(kinds, str) else set(kinds)

    choices = [(place, schema["oneOf"]) for place, schema in places(schemas) if "oneOf" in schema]
    assert len(choices) >= 8
    for place, branches in choices:
        first, second = (types(branch, place.split("#")[0]) for branch in branches)
        assert not first & second, place


def test_references_stay_in_the_folder(schemas: dict[str, Any]) -> None:
    for place, schema in places(schemas):
        if "$ref" in schema:
            file, name = schema["$ref"].split("#/$defs/")
            assert name in schemas[file or place.split("#")[0]]["$defs"], place


def test_later_keys_are_known_and_take_anything(
    schemas: dict[str, Any], validator: Callable[[str], Draft202012Validator]
) -> None:
    later = [(place, schema) for place, schema in keys(schemas) if schema.get("x-later")]
    assert sorted({place.rsplit("/", 1)[1] for place, _ in later}) == sorted(LATER_KEYS)
    for place, _ in later:
        for value in (None, 1, "90 days", [1], {"a": 1}):
            assert validator(place).is_valid(value), place


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_a_kind_is_valid(
    kind: str, schemas: dict[str, Any], problems: Callable[[str, str], list[str]]
) -> None:
    assert problems(kind, "\n".join(schemas[f"{kind}.json"]["x-example"])) == []
