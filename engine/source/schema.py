"""Checks a Document against the JSON Schema of its kind.

The schema is chosen by ``kind`` before anything is validated, so that no message is about the wrong kind of policy.
Nothing is fetched: every schema that another one may refer to lies in ``granger/schemas``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from itertools import islice
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from .. import messages
from ..diagnostics import Diagnostic, in_order
from ..messages import diagnose, did_you_mean
from .blame import Blame, without_echoes
from .document import Document, Scalar
from .plain import first_key, is_date, plain, value_span
from .scalars import shown

NOT_BUILT = ("whatif",)
"""Kinds that the language has and this version does not read."""

MAX_FINDINGS = 1_000

_SHARED = "common"


@dataclass(frozen=True)
class Schemas:
    """The schemas by kind, those that they share under other names."""

    by_kind: Mapping[str, Mapping[str, Any]]

    @property
    def kinds(self) -> list[str]:
        return sorted(kind for kind in self.by_kind if kind != _SHARED)

    def registry(self) -> Registry[Any]:
        known: list[tuple[str, Resource[Any]]] = []
        for kind, schema in self.by_kind.items():
            resource = Resource.from_contents(schema, default_specification=DRAFT202012)
            known += [(f"{kind}.json", resource), (str(schema.get("$id", f"{kind}.json")), resource)]
        return Registry[Any]().with_resources(known)


@cache
def packaged() -> Schemas:
    """The schemas that granger is delivered with."""
    folder = resources.files("granger.schemas")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".json")), key=lambda file: file.name)
    read = {file.name.removesuffix(".json"): file.read_text(encoding="utf-8") for file in files}
    return Schemas({kind: json.loads(text, parse_float=Decimal) for kind, text in read.items()})


def check(document: Document, schemas: Schemas | None = None) -> list[Diagnostic]:
    """Everything that the schema of the document's kind finds wrong with it, in order."""
    schemas = schemas or packaged()
    kind, problem = _kind(document, schemas)
    if problem is not None:
        return [problem]
    schema = schemas.by_kind.get(kind)
    if schema is None:
        return []
    registry = schemas.registry()
    validator = _Validator(schema, registry=registry, format_checker=_formats())
    base = str(schema.get("$id", f"{kind}.json"))
    blame = Blame(document, schema, registry.resolver(base_uri=base), validator)
    all_findings = (found for error in validator.iter_errors(plain(document.root)) for found in blame.findings(error))
    findings = list(islice(all_findings, MAX_FINDINGS + 1))
    diagnostics = in_order(found.diagnostic for found in without_echoes(findings[:MAX_FINDINGS]))
    if len(findings) > MAX_FINDINGS:
        diagnostics.append(diagnose("more-problems", first_key(document.root), most=f"{MAX_FINDINGS:,}"))
    return diagnostics


def _kind(document: Document, schemas: Schemas) -> tuple[str, Diagnostic | None]:
    """The kind of a document, empty where it cannot be read and that is told already."""
    node, kinds = document.root.get("kind"), ", ".join(schemas.kinds)
    if node is None:
        return "", diagnose("missing-kind", first_key(document.root), kinds=kinds)
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        if isinstance(node, Scalar) and node.broken:
            return "", None
        return "", diagnose(
            "unknown-kind",
            value_span(node),
            word=getattr(node, "text", "…"),
            hint=messages.HINTS["known"].format(words=kinds),
        )
    if node.broken:
        return "", None
    if node.value in schemas.kinds:
        return node.value, None
    word = shown(node.value)
    if node.value in NOT_BUILT:
        return "", diagnose("kind-not-built", node.span, word=word, kinds=kinds)
    hint = did_you_mean(node.value, [*schemas.kinds, *NOT_BUILT]) or messages.HINTS["known"].format(words=kinds)
    return "", diagnose("unknown-kind", node.span, word=word, hint=hint)


def _later(validator: Any, later: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if later is True:
        yield ValidationError("not built yet")


def _formats() -> FormatChecker:
    formats = FormatChecker(formats=())
    formats.checks("date")(is_date)
    return formats


_Validator: Any = extend(Draft202012Validator, {"x-later": _later})  # type: ignore[no-untyped-call]
