"""Says what a schema found in an author's words, at the key or value to blame and not at what contains it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeAlias

from jsonschema import ValidationError

from ..diagnostics import Diagnostic, Span
from ..messages import EXPECTED, HINTS, diagnose, did_you_mean
from .branches import Branches
from .document import Document, List, Map, Node, Scalar
from .expectation import allowed_keys, branch_types, expectation, is_known, types_in_words
from .found import described, hint_for_type
from .plain import is_broken, key_span, nodes_along, plain, value_span
from .scalars import shown

Path: TypeAlias = tuple[str | int, ...]

LISTED = 12  # so many words are named in a message; of more, only the nearest


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic, the path of the node it is about, and the key it names (an ``unknown-key``: the one it guesses)."""

    diagnostic: Diagnostic
    path: Path
    key: str = ""


def without_echoes(findings: Iterable[Finding]) -> list[Finding]:
    """Without what another finding explains: a key that is missing because it is misspelt or because the form is not
    built yet, a word that is unknown because it is no text.
    """
    findings = list(findings)
    misspelt = {(f.path, f.key) for f in findings if f.diagnostic.code == "unknown-key"}
    later = {f.path[:-1] for f in findings if f.diagnostic.code == "not-yet-built"}

    no_text = {f.path for f in findings if f.diagnostic.code == "wrong-kind"}

    def is_echo(finding: Finding) -> bool:
        if finding.diagnostic.code == "unknown-word":
            return finding.path in no_text
        missing = finding.diagnostic.code in ("missing-key", "missing-one-key")
        return missing and (finding.path in later or (finding.path, finding.key) in misspelt)

    return [finding for finding in findings if not is_echo(finding)]


@dataclass(frozen=True, slots=True)
class Blame:
    """``resolver`` finds what the schema refers to; ``validator`` tries a single value against a part of it."""

    document: Document
    schema: Mapping[str, Any]
    resolver: Any
    validator: Any

    def findings(self, error: ValidationError) -> Iterator[Finding]:
        path = tuple(error.absolute_path)
        nodes = nodes_along(self.document, path)
        if any(is_broken(node) for node in nodes):
            return
        if "propertyNames" in error.absolute_schema_path:
            yield self._bad_name(error, path)
            return
        word = str(error.validator)
        yield from _BY_KEYWORD.get(word, _limit if word in EXPECTED else _other)(self, error, path, nodes[-1])

    def expected(self, error: ValidationError, otherwise: str) -> str:
        return expectation(self.schema, self.resolver, error.absolute_schema_path) or otherwise

    def where(self, path: Path) -> str:
        keys = [step for step in path if isinstance(step, str)]
        return HINTS["in"].format(key=shown(keys[-1])) if keys else HINTS["at-top"]

    def key_of(self, path: Path) -> Span:
        return key_span(self.document, list(path))

    def _bad_name(self, error: ValidationError, path: Path) -> Finding:
        key = str(error.instance)
        instead = "".join(char if char.isascii() and char.isalnum() else "_" for char in key.lower()).strip("_")[:64]
        valid = bool(instead) and self.validator.evolve(schema=error.schema).is_valid(instead)
        hint = HINTS["rename"].format(instead=instead) if valid else ""
        expected = self.expected(error, EXPECTED["string"])
        place = self.key_of((*path, key))
        return Finding(diagnose("bad-name", place, key=shown(key), expected=expected, hint=hint), path)


Blamer: TypeAlias = Callable[[Blame, ValidationError, Path, Node], Iterator[Finding]]


def _not_yet(blame: Blame, error: ValidationError, path: Path, node: Node) -> Iterator[Finding]:
    key = str(path[-1]) if path else ""
    yield Finding(diagnose("not-yet-built", blame.key_of(path), key=shown(key)), path)


def _unknown_keys(blame: Blame, error: ValidationError, path: Path, node: Node) -> Iterator[Finding]:
    if not isinstance(node, Map):
        return
    schema = error.schema if isinstance(error.schema, Mapping) else {}
    known = sorted(set(allowed_keys(schema, blame.resolver)))
    absent = [key for key in known if key not in node]
    for key in node.entries:
        if is_known(key, schema, blame.resolver):
            continue
        near = get_close_matches(key, absent, n=1, cutoff=0.6)
        place = blame.key_of((*path, key))
        if key in schema.get("x-outside", ()):
            yield Finding(diagnose("rrule-part-outside", place, key=key), path)
            continue
        hint = did_you_mean(key, absent if near else known)
        yield Finding(diagnose("unknown-key", place, key=shown(key), hint=hint), path, near[0] if near else "")


def _missing_key(blame: Blame, error: ValidationError, path: Path, node: Node) -> Iterator[Finding]:
    if not isinstance(node, Map) or not isinstance(error.validator_value, list):
        return
    for key in error.validator_value:
        if key not in node:
            yield Finding(diagnose("missing-key", blame.key_of(path), key=key, where=blame.where(path)), path, key)


def _missing_partner(blame: Blame, error: ValidationError, path: Path, node: Node) -> Iterator[Finding]:
    """``dependentRequired``: a key that another one needs beside it."""
    if not isinstance(node, Map) or not isinstance(error.validator_value, dict):
        return
    for key, needed in error.validator_value.items():
        for partner in needed if key in node else ():
            if partner not in node:
                place, where = blame.key_of((*path, key)), HINTS["beside"].format(key=key)
                yield Finding(diagnose("missing-key", place, key=partner, where=where), path, partner)


def _wrong_kind(blame: Blame, error: ValidationError, path: Path, node: Node) -> Iterator[Finding]:
    schema = error.schema if isinstance(error.schema, Mapping) else {}
    types = error.validator_value
    takes_text = isinstance(node, Scalar) and blame.validator.evolve(schema=schema).is_valid(node.text)
    expected = blame.expected(error, types_in_words(types, schema))
    hint = hint_for_type(node, types, takes_text)
    yield Finding(diagnose("wrong-kind", value_span(node), found=described(node), expected=expected, hint=hint), path)


def _unknown_word(blame: Blame, error: ValidationError, path: Path, node: Node) -> Iterator[Finding]:
    value = error.validator_value
    words = [str(word) for word in (value if isinstance(value, list) else [value])]
    listed = EXPECTED["one-of"].format(words=", ".join(words)) if len(words) > 1 else repr(words[0])
    expected = blame.expected(error, listed if len(words) <= LISTED else EXPECTED["known-word"])
    text = node.text.lower() if isinstance(node, Scalar) and isinstance(node.value, str) else ""
    if isinstance(error.schema, Mapping) and text in error.schema.get("x-outside", ()):
        yield Finding(diagnose("rrule-rhythm-outside", value_span(node), word=text), path)
        return
    hint = did_you_mean(text, words) if get_close_matches(text, words, n=1, cutoff=0.6) else ""
    if not hint and listed != expected and len(words) <= LISTED:
        hint = listed
    yield Finding(diagnose("unknown-word", value_span(node), found=described(node), expected=expected, hint=hint), path)


def _wrong_form(blame: Blame, error: ValidationError, path: Path, node: Node) -> Iterator[Finding]:
    otherwise = EXPECTED["date"] if error.validator == "format" else EXPECTED["other"]
    expected = blame.expected(error, otherwise)
    yield Finding(diagnose("wrong-form", value_span(node), found=described(node), expected=expected, hint=""), path)


def _limit(blame: Blame, error: ValidationError, path: Path, node: Node) -> Iterator[Finding]:
    limit = error.validator_value
    expected = EXPECTED[str(error.validator)].format(limit=limit, s="" if limit == 1 else "s")
    place = value_span(node) if isinstance(node, Scalar) else blame.key_of(path)
    yield Finding(diagnose("out-of-bounds", place, found=described(node), expected=expected, hint=""), path)


def _repeated(blame: Blame, error: ValidationError, path: Path, node: Node) -> Iterator[Finding]:
    seen: list[object] = []
    for item in node.items if isinstance(node, List) else ():
        value = plain(item)
        if value in seen:
            yield Finding(diagnose("repeated-item", value_span(item), found=described(item)), path)
        seen.append(value)


def _alternatives(blame: Blame, error: ValidationError, path: Path, node: Node) -> Iterator[Finding]:
    """The errors of the alternative that the author meant, as far as that can be told."""
    branches = Branches.of(error)
    if keys := branches.alternative_keys():
        present = isinstance(node, Map) and any(key in node for key in keys)
        code = "one-key-only" if present else "missing-one-key"
        names = ", ".join(key for key in keys if not present or (isinstance(node, Map) and key in node))
        place = blame.key_of(path)
        if isinstance(node, Map) and present:
            place = [node.keys[key].span for key in keys if key in node][-1]
        yield Finding(diagnose(code, place, keys=names, where=blame.where(path)), path)
        return
    meant = branches.meant()
    if meant is not None:
        for inner in meant:
            yield from blame.findings(inner)
        return
    value = error.validator_value if isinstance(error.validator_value, list) else []
    expected = blame.expected(error, branch_types(value, blame.resolver))
    hint = hint_for_type(node, branches.types(), takes_text=False)
    yield Finding(diagnose("wrong-kind", value_span(node), found=described(node), expected=expected, hint=hint), path)


def _other(blame: Blame, error: ValidationError, path: Path, node: Node) -> Iterator[Finding]:
    """A key that the schema forbids beside the others, and whatever else it may ask."""
    expected = blame.expected(error, "")
    forbidden = error.validator_value.get("required", []) if isinstance(error.validator_value, dict) else []
    keys = [key for key in forbidden if isinstance(node, Map) and key in node]
    if error.validator in (None, "not") and not expected and (keys or path):
        key = str(keys[-1] if keys else path[-1])
        place = blame.key_of((*path, key) if keys else path)
        yield Finding(diagnose("misplaced-key", place, key=shown(key), hint=""), path)
        return
    expected = expected or EXPECTED["other"]
    yield Finding(diagnose("wrong-kind", value_span(node), found=described(node), expected=expected, hint=""), path)


_BY_KEYWORD: dict[str, Blamer] = {
    "x-later": _not_yet,
    "additionalProperties": _unknown_keys,
    "unevaluatedProperties": _unknown_keys,
    "required": _missing_key,
    "dependentRequired": _missing_partner,
    "type": _wrong_kind,
    "enum": _unknown_word,
    "const": _unknown_word,
    "pattern": _wrong_form,
    "format": _wrong_form,
    "uniqueItems": _repeated,
    "oneOf": _alternatives,
    "anyOf": _alternatives,
}
