"""Every code and its wording, one place. Codes are permanent; a code's severity is its default level.

``{name}`` is filled in by the caller of ``diagnose``. The message says what was found and what was expected; the help
says what to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .diagnostics import Cell, Diagnostic, Related, Severity, Span


@dataclass(frozen=True, slots=True)
class Wording:
    message: str
    help: str = ""
    severity: Severity = Severity.ERROR


WARNING = Severity.WARNING

# --- source: the YAML itself ---------------------------------------------------------------------------------------
SOURCE = {
    # the file
    "workspace-missing": Wording(
        "there is no granger.yaml in {folder}", "granger.yaml makes a folder a workspace; `granger init` writes one"
    ),
    "unreadable-file": Wording("this file cannot be read: {reason}", "check that it exists and that you may open it"),
    "file-too-large": Wording("this file is larger than {most}", "split it: policies may stand in several files"),
    "too-many-files": Wording("the workspace holds more than {most} YAML files", "keep exports and outputs out of it"),
    "link-leads-outside": Wording(
        "this link leads outside of the workspace", "put the file itself into the workspace: a policy is read from there alone"
    ),
    "two-workspaces": Wording("a second `kind: workspace`: a folder is one workspace", "keep one of the two files"),
    "not-a-workspace": Wording("granger.yaml must be `kind: workspace`, and this is {found}", "put policies into other files"),
    "not-utf-8": Wording("this file is not UTF-8 text: byte {byte} cannot be read", "save it as UTF-8 in your editor"),
    "control-character": Wording("an invisible character, {name}, stands here", "delete it and type the text again"),
    "empty-file": Wording("this file is empty: a policy starts with `kind:`", "write the policy or remove the file"),
    # YAML
    "yaml-syntax": Wording("this is not well-formed YAML: {problem}", "{advice}"),
    "not-a-mapping": Wording(
        "a policy file is `key: value` lines at its top level, and this is {found}", "start it with `kind:` and `name:`"
    ),
    "key-not-text": Wording("a key must be plain text, and this one is {found}", "write the key as a word before `:`"),
    "duplicate-key": Wording("the key {key!r} stands here a second time", "keep one of the two"),
    "alias-refused": Wording("`*{name}` repeats a value from elsewhere, which granger does not read", "write the value here"),
    "anchor-refused": Wording("`&{name}` marks a value for repetition, which granger does not read", "remove `&{name}`"),
    "merge-refused": Wording("`<<` merges one mapping into another, which granger does not read", "write the keys here"),
    "tag-refused": Wording(
        "`{tag}` gives a value a type, which granger does not read", "remove it; where it is part of the text, write quotes around"
    ),
    "several-documents": Wording("`---` starts a second document: a file holds one policy", "move it to a file of its own"),
    "too-deep": Wording("more than {most} levels stand inside each other here", "no policy needs so many: check the brackets"),
    "too-many-nodes": Wording("this file holds more than {most} values", "split it: policies may stand in several files"),
    "unquoted-comma": Wording(
        "inside {brackets} a comma ends the value, so this one is cut at {before!r}", "write it in quotes: {line}"
    ),
    "unquoted-hash": Wording("` #` starts a comment, so the value ends at {before!r}", "write it in quotes: {line}"),
    # values
    "empty-value": Wording("{text} stands where a value was expected", "write the value, or remove the key"),
    "number-form-refused": Wording("{text!r} is not a number as granger reads them", 'write {instead} (for text, "{text}")'),
    "number-not-spelled-out": Wording(
        "{text!r} is not a number as granger reads them", "write all its digits; if it is text, put it in quotes"
    ),
    "not-a-finite-number": Wording(
        "{text!r} is no amount that can be counted with", "remove the key where there is no limit; if it is text, put it in quotes"
    ),
    "number-too-long": Wording("a number of {digits} digits; at most {most} are read", "if it is text, put it in quotes"),
    "bad-date": Wording("{text!r} is no day of the calendar", "write the year, month and day as 2026-01-31"),
    "short-date": Wording("{text!r} looks like a date, but is not written as one", "write {instead}"),
    # the schema of a kind
    "missing-kind": Wording("this file does not say what kind of policy it is", "start it with `kind:`; kinds: {kinds}"),
    "unknown-kind": Wording("there is no kind of policy named {word!r}", "{hint}"),
    "kind-not-built": Wording("policies of kind {word!r} are not built yet", "this version reads: {kinds}"),
    "not-yet-built": Wording("the key {key!r} is not built yet", "remove it for now: this version cannot do what it asks"),
    "unknown-key": Wording("the key {key!r} is not known here", "{hint}"),
    "misplaced-key": Wording("the key {key!r} may not stand here", "{hint}"),
    "missing-key": Wording("the key {key!r} is missing {where}", "add `{key}:`"),
    "missing-one-key": Wording("one of the keys {keys} is missing {where}", "add exactly one of them"),
    "one-key-only": Wording("only one of the keys {keys} may stand here", "keep one of them"),
    "bad-name": Wording("the name {key!r} is not written as names are here: expected {expected}", "{hint}"),
    "wrong-kind": Wording("found {found}, expected {expected}", "{hint}"),
    "wrong-form": Wording("{found} is not written as {expected}", "{hint}"),
    "unknown-word": Wording("found {found}, expected {expected}", "{hint}"),
    "out-of-bounds": Wording("found {found}, expected {expected}", "{hint}"),
    "repeated-item": Wording("{found} stands in this list twice", "keep one of them"),
}

# What is wrong with the YAML and what to do about it, by the situation that engine/source/syntax.py recognises.
SYNTAX: dict[str, tuple[str, str]] = {
    "tab": ("a tab stands before the text, where YAML takes spaces only", "replace the tab with spaces"),
    "unclosed-quote": ("the quote {mark} that opens here is never closed", "close it; inside '…' write a quote as ''"),
    "unclosed-bracket": ("the {mark} that opens here is not closed where it should be", "{advice}"),
    "stray-bracket": ("{mark} closes a bracket that was not opened", "remove it, or put the whole value in quotes"),
    "wide-colon": ("a full-width colon ： stands where YAML takes a plain one", "write `: `, a colon and a space"),
    "unquoted-colon": ("a second `: ` stands in this value", "write the value in quotes: {line}"),
    "unquoted-start": ("a value must not start with {mark}", "write the value in quotes: {line}"),
    "text-after-quote": ("text follows the closing quote", "write the whole value in quotes: {line}"),
    "missing-space": ("a space is missing after the colon", "write `{line}`"),
    "missing-colon": ("this line has no `: ` between a key and its value", "write `key: value`, or indent it under its key"),
    "bad-indent": ("this line is indented unlike the lines it belongs to", "start it in the same column as its neighbours"),
    "value-and-block": ("the key above already has a value, and this line is indented under it", "{advice}"),
    "list-after-key": ("a list cannot start on the line of its key", "start the list on the next line, indented"),
    "list-and-keys": ("`- ` items and `key:` lines stand at the same level here", "indent the one that belongs to the other"),
    "bad-escape": ("the backslash \\ inside \"…\" starts a code that does not exist", "write \\\\, or use '…' quotes"),
    "block-header": ("text follows the {mark} that starts a block", "start the text on the next line, or put it in quotes"),
    "document-mark": ("`---` or `...` stands in the middle of a value", "indent it, or close the quote or bracket before it"),
    "other": ("this is not what YAML expects here", "check the spaces, quotes and brackets here and on the lines above"),
}

# How a message names what stands in a file, and what a schema's `type` asks for.
FOUND = {
    "text": "text {text!r}", "number": "the number {text}", "boolean": "{text}", "date": "the date {text}",
    "list": "a list", "mapping": "a mapping (`key: value` lines)",
}  # fmt: skip
EXPECTED = {
    "string": "text", "integer": "a whole number", "number": "a number", "boolean": "true or false", "array": "a list",
    "object": "a mapping (`key: value` lines)", "date": "a date such as 2026-01-31", "null": "nothing",
    "minLength": "at least {limit} character(s)", "maxLength": "at most {limit} characters",
    "minItems": "at least {limit} item(s)", "maxItems": "at most {limit} items",
    "minProperties": "at least {limit} key(s)", "maxProperties": "at most {limit} keys",
    "minimum": "{limit} or more", "maximum": "{limit} or less", "multipleOf": "a multiple of {limit}",
    "exclusiveMinimum": "more than {limit}", "exclusiveMaximum": "less than {limit}",
    "one-of": "one of {words}", "other": "another value",
}  # fmt: skip
HINTS = {
    "quote": 'if it is meant as text, put it in quotes: "{text}"',
    "number": "{text!r} is read as text: write {instead} for a number",
    "no-number": "{text!r} is read as text; a number is written with digits only",
    "boolean": "{text!r} is read as text: write {instead}",
    "rename": "names are lower-case letters, digits and _, and start with a letter: {instead}",
    "at-top": "at the top of the file",
    "in": "in {key!r}",
}

# --- language: expressions -----------------------------------------------------------------------------------------
LANGUAGE: dict[str, Wording] = {
    "expression-empty": Wording("an expression is expected here, found nothing", "write a condition or a value, or remove the key"),
    "expression-too-long": Wording("the expression has {length} characters; at most {limit} are read", "name its parts as measures or settings"),
    "expression-too-many-words": Wording("the expression has {count} words and signs; at most {limit} are read", "name its parts as measures or settings"),
    "expression-too-deep": Wording("the expression is nested more than {limit} deep", "name its parts as measures or settings"),
    "expression-syntax": Wording("this is not an expression: {problem}", "an expression reads like: arr >= 30_000 and fit == 'core'"),
    "expression-token": Wording("{found!r} has no meaning in an expression", "{instead}"),
    "expression-form": Wording("{found!r} is not a form of the language", "the language has numbers, fields, + - * /, comparisons, in, and, or, not, a if c else b, and its own functions"),
    "number-form": Wording("{found!r} is not a number as the language writes them", "write 1_000, 0.5 or 80%; a date is written date('2026-01-31')"),
    "number-too-long": Wording("the number has more than {limit} characters", "write a shorter number"),
    "text-too-long": Wording("the text has more than {limit} characters", "compare with a shorter text"),
    "text-escape": Wording("a backslash has no meaning in a text of the language", "write the characters themselves"),
    "text-unclosed": Wording("the text that starts with {found} here has no end", "close it with the same quotation mark; in YAML, put the whole expression in the other kind of quotes"),
    "membership-form": Wording("'in' stands before a written list, found something else", "write: tier in ('A', 'B'); for one value write: tier == 'A'"),
    "unknown-function": Wording("there is no function {name!r}", "{near}"),
    "argument-count": Wording("{name} cannot take {found} values here", "it is used like this: {usage}"),
    "bad-date-literal": Wording("date(…) takes one real day as text, found {found}", "write: date('2026-01-31')"),
    "unknown-name": Wording("nothing is named {name!r} here", "{near}"),
    "name-not-visible": Wording("{name!r} cannot be used here", "{why}"),
    "wrong-operand": Wording("{written!r} is {found}; {expected} is expected here"),
    "wrong-result": Wording("the expression gives {found}; {expected} is expected here"),
    "unit-mismatch": Wording("{left} and {right} do not go together", "a plain written number takes the money's currency; a field of numbers does not"),
    "currency-mix": Wording("{left} and {right} do not go together", "convert one of them to the other's currency before they meet"),
    "money-times-money": Wording("money times money is no amount", "one of the two must be a number or a percentage"),
    "number-over-money": Wording("a number divided by money is no amount", "divide money by money for a ratio, or money by a number"),
    "comparison-of-kinds": Wording("{left} cannot be compared with {right}", "compare like with like; a date is written date('2026-01-31'), a text in quotation marks"),
    "arms-of-kinds": Wording("{left} and {right} stand where one kind is expected", "give values of one kind"),
    "no-order": Wording("{found} has no order: only == and != compare it", "compare numbers, money or dates with < <= > >="),
    "impossible-word": Wording("{found!r} is none of the words that this can be", "{near}"),
    "unit-word": Wording("one of {units} is expected here, written out"),
    "digits-number": Wording("a whole number of digits from -6 to 12 is expected here, written out"),
}

# --- tables: data files --------------------------------------------------------------------------------------------
TABLES: dict[str, Wording] = {}

# --- policy: what the files say together ---------------------------------------------------------------------------
POLICY: dict[str, Wording] = {}

# --- program, proof, outcome: what came out ------------------------------------------------------------------------
OUTCOME: dict[str, Wording] = {}

MESSAGES: dict[str, Wording] = {**SOURCE, **LANGUAGE, **TABLES, **POLICY, **OUTCOME}


def diagnose(
    code: str, place: Span | Cell | None, *, related: Iterable[Related] = (), severity: Severity | None = None, **values: object
) -> Diagnostic:
    """The diagnostic of ``code`` at ``place``, its wording filled with ``values``."""
    wording = MESSAGES[code]
    return Diagnostic(
        code=code,
        severity=severity or wording.severity,
        message=wording.message.format(**values),
        place=place,
        help=wording.help.format(**values).strip(),
        related=tuple(related),
    )


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A help sentence naming the nearest known word, or listing them when few; empty when there is nothing to say."""
    from difflib import get_close_matches

    names = sorted(set(known))
    near = get_close_matches(word, names, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"known: {', '.join(names)}" if 0 < len(names) <= 12 else ""
