"""A node as a message names it ("text 'abc'", "the number 5", "a list"), and what to write instead of it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from ..amounts import parse_decimal
from ..messages import FOUND, HINTS
from .document import List, Map, Node, Scalar
from .scalars import shown

_YES = frozenset({"yes", "on", "y", "true"})
_NO = frozenset({"no", "off", "n", "false"})


def described(node: Node) -> str:
    if isinstance(node, Map):
        return FOUND["mapping"]
    if isinstance(node, List):
        return FOUND["list"]
    return FOUND[_word(node)].format(text=shown(node.text))


def _word(node: Scalar) -> str:
    if isinstance(node.value, bool):
        return "boolean"
    if isinstance(node.value, Fraction):
        return "number"
    return "date" if isinstance(node.value, date) else "text"


def hint_for_type(node: Node, types: object, takes_text: bool) -> str:
    """What to write instead: ``takes_text`` says that the node's text would do if it were in quotes."""
    if not isinstance(node, Scalar):
        return ""
    wanted = {str(name) for name in (types if isinstance(types, list) else [types])}
    if "array" in wanted and "\n" not in node.text:
        return HINTS["list"].format(text=shown(node.text))
    if not isinstance(node.value, str):
        return HINTS["quote"].format(text=shown(node.text)) if takes_text else ""
    text = node.text.strip()
    if "boolean" in wanted and text.lower() in _YES | _NO:
        return HINTS["boolean"].format(text=text, instead="true" if text.lower() in _YES else "false")
    if wanted & {"number", "integer"}:
        return _number_hint(text)
    return ""


def _number_hint(text: str) -> str:
    bare = text.replace(",", "")
    instead = bare.lstrip("0") if bare[:1] == "0" and len(bare) > 1 and bare[1].isdigit() else bare
    instead = instead or "0"
    if len(text) <= 60 and parse_decimal(instead) is not None:
        return HINTS["number"].format(text=text, instead=instead)
    return HINTS["no-number"].format(text=shown(text))
