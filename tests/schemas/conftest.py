"""The schemas as the tests use them: read from the package's folder, resolved among themselves, never fetched."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def schemas() -> dict[str, Any]:
    return {
        path.name: json.loads(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "schemas").glob("*.json"))
    }


@pytest.fixture(scope="session")
def validator(schemas: dict[str, Any]) -> Callable[[str], Draft202012Validator]:
    """A validator of the place named: ``comp.json`` or ``common.json#/$defs/date``."""
    registry: Registry[Any] = Registry().with_resources(
        (name, Resource.from_contents(schema)) for name, schema in schemas.items()
    )
    checker = Draft202012Validator.FORMAT_CHECKER
    return lambda place: Draft202012Validator({"$ref": place}, registry=registry, format_checker=checker)


@pytest.fixture(scope="session")
def problems(validator: Callable[[str], Draft202012Validator]) -> Callable[[str, str], list[str]]:
    """What is wrong with a YAML text of one kind: ``path keyword``, sorted. Dates are text, as granger reads them."""

    def find(kind: str, text: str) -> list[str]:
        document = _dates_as_text(yaml.safe_load(text))
        errors = validator(f"{kind}.json").iter_errors(document)
        return sorted(f"{'/'.join(map(str, error.absolute_path))} {error.validator}".strip() for error in errors)

    return find


def _dates_as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _dates_as_text(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_dates_as_text(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value
