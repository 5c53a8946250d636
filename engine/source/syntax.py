"""What is wrong with YAML that does not parse, in the words of somebody who writes policies, and where it went wrong.

The parser's own words ("did not find expected key") name the place where it gave up, which is often after the slip.
"""

from __future__ import annotations

import re
from typing import TypeAlias

import yaml

from .. import messages
from ..diagnostics import Diagnostic
from .cuts import flow_entry, quoted
from .origins import Source
from .scalars import shown

LONG_LINE = 2_000  # of a longer one, the start is looked at

Slip: TypeAlias = tuple[str, int, int, dict[str, str]]
"""The situation (a key of ``messages.SYNTAX``), line and column from 0, and what fills its wording."""

_ENTRY = re.compile(r"\s*(?:- )*(?P<key>[^:#'\"{}\[\]]+?):(?P<gap>\s*)(?P<value>\S.*)?$")
_SECTION = re.compile(r"[^\s#\-,\[\]{}]")


def report(error: yaml.YAMLError, source: Source) -> tuple[Diagnostic, int]:
    """The diagnostic of a parser's error, and the line (from 0) that it blames."""
    lines = source.text.split("\n")
    situation, line, column, values = _slip(error, lines)
    problem, advice = messages.SYNTAX[situation]
    start = source.starts[min(line, len(source.starts) - 1)] + column
    place = source.span(start, min(start + 1, max(len(source.text), start)))
    problem, advice = problem.format(**values), advice.format(**values)
    return messages.diagnose("yaml-syntax", place, problem=problem, advice=advice), line


def without_section(text: str, line: int) -> str | None:
    """``text`` with the top-level entry around ``line`` blanked, so that the rest can be read; None if none is left.

    Only the first slip of a file is found by parsing it; the ones in its other entries are found this way.
    """
    lines = text.split("\n")
    first = min(line, len(lines) - 1)
    while first > 0 and not _SECTION.match(lines[first]):
        first -= 1
    last = first + 1
    while last < len(lines) and not _SECTION.match(lines[last]):
        last += 1
    if not any(kept.strip() for kept in lines[first:last]):
        return None
    lines[first:last] = [""] * (last - first)
    return "\n".join(lines)


def _slip(error: yaml.YAMLError, lines: list[str]) -> Slip:
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return "other", 0, 0, {}
    line, column = _inside(lines, error.problem_mark.line, error.problem_mark.column)
    context, problem = error.context or "", error.problem or ""
    opened = error.context_mark or error.problem_mark
    at = _inside(lines, opened.line, opened.column)
    mark = lines[at[0]][at[1] : at[1] + 1]
    if "tab" in problem or "\t" in _indent_of(lines[line]):
        tab = lines[line].find("\t")
        return "tab", line, tab if tab >= 0 else column, {}
    if "quoted scalar" in context and ("end of stream" in problem or "document indicator" in problem):
        return "unclosed-quote", *at, {"mark": mark}
    if "quoted scalar" in context or "escape" in problem:
        return "bad-escape", line, max(lines[line].rfind("\\", 0, column + 1), 0), {}
    if "block scalar" in context:
        return "block-header", *at, {"mark": mark}
    if "mapping values" in problem:
        return _second_colon(lines, line, column)
    if "sequence entries" in problem:
        return "list-after-key", line, column, {}
    if "find expected ':'" in problem:
        return _no_colon(lines, *at)
    if "document start" in problem:
        return "other", line, column, {}
    if "document indicator" in problem:
        return "document-mark", line, column, {}
    return _unexpected(lines, line, column, context, at)


def _unexpected(lines: list[str], line: int, column: int, context: str, at: tuple[int, int]) -> Slip:
    char, before = lines[line][column : column + 1], lines[line][:column]
    if char and char in "@`%*&!|>" and _starts_value(before):
        return "unquoted-start", line, column, {"mark": char, "line": _quoted_line(lines[line])}
    entry = flow_entry(lines[line], column) if "flow" in context else None
    if entry and entry.cut:
        return "comma-in-brackets", line, entry.start, {"line": entry.line}
    if before.rstrip().endswith(("'", '"')) and char not in ("", ",", "]", "}"):
        return "text-after-quote", line, column, {"line": entry.line if entry else _quoted_line(lines[line])}
    if "flow" in context:
        return "unclosed-bracket", *at, {"mark": lines[at[0]][at[1] : at[1] + 1]}
    if char and char in "]},":
        return "stray-bracket", line, column, {"mark": char}
    if not before.strip():
        same = any(_indent_of(above) == before and above.strip() for above in lines[:line])
        return "list-and-keys" if same and _is_mixed(lines, line) else "bad-indent", line, column, {}
    wide = lines[line].find("：")
    return ("wide-colon", line, wide, {}) if wide >= 0 else ("other", line, column, {})


def _second_colon(lines: list[str], line: int, column: int) -> Slip:
    """A `: ` where no key may start: a second one in a line, or a line that continues the value above."""
    text = lines[line]
    if (entry := _entry(text)) and entry["value"] and entry.end("key") < column:
        return "unquoted-colon", line, column, {"line": _quoted_line(text)}
    above = next(
        (i for i in range(line - 1, -1, -1) if lines[i].strip() and not lines[i].lstrip().startswith("#")), line
    )
    if above == line:
        return "other", line, column, {}
    if len(_indent_of(lines[above])) < len(_indent_of(text)) or _key_of(lines[above]):
        start = len(_indent_of(text))
        entry = _entry(lines[above])
        has_value = entry is not None and entry["value"] and len(_indent_of(lines[above])) < start
        return ("value-and-block" if has_value else "bad-indent"), line, start, {}
    return _no_colon(lines, above, len(_indent_of(lines[above])))


def _no_colon(lines: list[str], line: int, column: int) -> Slip:
    text = lines[line]
    if "：" in text:
        return "wide-colon", line, text.index("："), {}
    entry = _entry(text)
    if entry and entry["value"] and not entry["gap"]:
        return "missing-space", line, entry.end("key"), {"line": f"{entry['key'].strip()}: {shown(entry['value'], 60)}"}
    return "missing-colon", line, column, {}


def _key_of(text: str) -> str | None:
    entry = _entry(text)
    return entry["key"].strip() if entry and (entry["gap"] or not entry["value"]) else None


def _is_mixed(lines: list[str], line: int) -> bool:
    """Whether the line is an item among keys, or a key among items, of its own column."""
    text = lines[line]
    above = next((x for x in reversed(lines[:line]) if x.strip() and _indent_of(x) == _indent_of(text)), "")
    return above.lstrip().startswith("- ") != text.lstrip().startswith("- ")


def _starts_value(before: str) -> bool:
    return not before.strip() or before.rstrip(" ")[-1] in ":-,[{?"


def _quoted_line(text: str) -> str:
    """The entry of this line with its value in quotes; the form of it where the value stands inside brackets."""
    entry = _entry(text)
    if not entry or not entry["value"] or entry["value"][0] in "{[":
        return 'key: "…"'
    value = (
        re.split(r"\s#", entry["value"], maxsplit=1)[0].strip() if entry["value"][0] not in "'\"" else entry["value"]
    )
    return f"{entry['key'].strip()}: {quoted(value.strip())}"


def _entry(text: str) -> re.Match[str] | None:
    return _ENTRY.match(text[:LONG_LINE])


def _indent_of(text: str) -> str:
    return text[: len(text) - len(text.lstrip(" \t"))]


def _inside(lines: list[str], line: int, column: int) -> tuple[int, int]:
    """The place itself, or the end of the last written line where the parser gave up after it."""
    if line < len(lines) and (lines[line] or line == 0):
        return line, min(column, len(lines[line]))
    line = min(line, len(lines) - 1)
    while line > 0 and not lines[line].strip():
        line -= 1
    return line, max(len(lines[line]) - 1, 0)
