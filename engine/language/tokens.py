"""The first look at an expression's text: only harmless tokens pass on to Python's parser.

A number directly followed by ``%`` is a percentage; the sign is blanked out, so that every column stays where it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..diagnostics import Diagnostic, Origin
from ..messages import diagnose

MAX_LENGTH = 2000
MAX_TOKENS = 500
MAX_DIGITS = 60
MAX_TEXT = 500
MAX_NESTING = 40

WORDS = frozenset({"and", "or", "not", "in", "if", "else"})
_FOREIGN_WORDS = frozenset(
    [
        "False",
        "None",
        "True",
        "as",
        "assert",
        "async",
        "await",
        "break",
        "class",
        "continue",
        "def",
        "del",
        "elif",
        "except",
        "finally",
        "for",
        "from",
        "global",
        "import",
        "is",
        "lambda",
        "nonlocal",
        "pass",
        "raise",
        "return",
        "try",
        "while",
        "with",
        "yield",
    ]
)
RESERVED = WORDS | _FOREIGN_WORDS | {"true", "false"}
"""The words that no expression can read as a name."""

_INSTEAD = {
    "True": "write true, in small letters",
    "False": "write false, in small letters",
    "None": "a missing value is asked for with is_missing(…)",
    "is": "write == to compare, or is_missing(…)",
    "=": "write == to compare",
    "&&": "write and",
    "&": "write and",
    "||": "write or",
    "|": "write or",
    "!": "write not",
    "<>": "write !=",
    "**": "powers are not part of the language",
    "//": "write floor(a / b)",
    ".": "names have no parts: write the field's own name",
    "%": "a % stands directly behind a number: 80%",
    "‘": "use the plain quotation mark '",
    "’": "use the plain quotation mark '",
    "“": "use the plain quotation mark '",
    "”": "use the plain quotation mark '",
    "，": "use the plain comma ,",
    "（": "use the plain bracket (",
    "）": "use the plain bracket )",
}

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<number>[0-9](?:[0-9_]*)(?:\.[0-9_]*)?[A-Za-z_0-9.]*)
      | (?P<word>[A-Za-z_][A-Za-z_0-9]*)
      | (?P<text>'[^'\n]*'|"[^"\n]*")
      | (?P<open>[(\[])
      | (?P<close>[)\]])
      | (?P<operator>\*\*|//|<>|&&|\|\||==|!=|<=|>=|[-+*/<>,])
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_NUMBER = re.compile(r"(0|[1-9][0-9]*(_[0-9]+)*)(\.[0-9]+(_[0-9]+)*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Tokens:
    """``source`` is as long as the text, for Python's parser; ``percents`` are the offsets where percentages start."""

    source: str
    percents: frozenset[int]


def tokenize(text: str, origin: Origin) -> Tokens | list[Diagnostic]:
    """The tokens of ``text``, or every reason why it is not an expression."""
    if not text.strip():
        return [diagnose("expression-empty", origin.span(0, 1))]
    if len(text) > MAX_LENGTH:
        return [diagnose("expression-too-long", origin.span(0, 1), length=len(text), limit=MAX_LENGTH)]
    problems: list[Diagnostic] = []
    source, percents, count, nesting, number_at = list(text), set[int](), 0, 0, 0
    for kind, token, start in _scan(text):
        end = start + len(token)
        if kind in ("percent", "space"):
            source[start:end] = " " * len(token)
            if kind == "percent":
                percents.add(number_at)
            continue
        count += 1
        number_at = start
        problem = _problem(kind, token)
        if problem is not None:
            code, values = problem
            problems.append(diagnose(code, origin.span(start, end), **values))
        nesting += {"open": 1, "close": -1}.get(kind, 0)
        if nesting > MAX_NESTING:
            return [diagnose("expression-too-deep", origin.span(start, end), limit=MAX_NESTING)]
    if count > MAX_TOKENS:
        return [diagnose("expression-too-many-words", origin.span(0, 1), count=count, limit=MAX_TOKENS)]
    return problems or Tokens("".join(source), frozenset(percents))


def _scan(text: str) -> Iterator[tuple[str, str, int]]:
    """Kind, token, start; a ``%`` right behind a number has the kind ``percent``."""
    before = ""
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or "other"
        if kind == "other" and found[0] == "%" and before == "number":
            kind = "percent"
        yield kind, found[0], found.start()
        before = kind


def _problem(kind: str, token: str) -> tuple[str, dict[str, Any]] | None:
    if kind == "number":
        if not _NUMBER.fullmatch(token):
            return "number-form", {"found": token}
        if len(token) > MAX_DIGITS:
            return "literal-too-long", {"limit": MAX_DIGITS}
    elif kind == "text":
        if len(token) > MAX_TEXT:
            return "text-too-long", {"limit": MAX_TEXT}
        if "\\" in token:
            return "text-escape", {}
    elif (kind == "word" and token in _FOREIGN_WORDS) or kind == "other" or token in ("**", "//", "<>", "&&", "||"):
        if token in "'\"":
            return "text-unclosed", {"found": token}
        return "expression-token", {"found": token, "instead": _INSTEAD.get(token, "")}
    return None
