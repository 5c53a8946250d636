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
        "this link leads outside of the workspace",
        "put the file itself into the workspace: a policy is read from there alone",
    ),
    "two-workspaces": Wording("a second `kind: workspace`: a folder is one workspace", "keep one of the two files"),
    "not-a-workspace": Wording(
        "granger.yaml must be `kind: workspace`, and this is {found}", "put policies into other files"
    ),
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
    "alias-refused": Wording(
        "`{word}` repeats a value from elsewhere, which granger does not read", "write the value here"
    ),
    "anchor-refused": Wording(
        "`{word}` marks a value for repetition, which granger does not read",
        "remove it; where it is part of the text, put the text in quotes",
    ),
    "merge-refused": Wording(
        "`<<` merges one mapping into another, which granger does not read", "write the keys here"
    ),
    "tag-refused": Wording(
        "`{word}` gives a value a type, which granger does not read",
        "remove it; where it is part of the text, put the text in quotes",
    ),
    "several-documents": Wording(
        "`---` starts a second document: a file holds one policy", "move it to a file of its own"
    ),
    "too-deep": Wording(
        "more than {most} levels stand inside each other here", "no policy needs so many: check the brackets"
    ),
    "too-many-nodes": Wording(
        "this file holds more than {most} values", "split it: policies may stand in several files"
    ),
    "unquoted-comma": Wording(
        "inside {brackets} a comma ends the value, so this one is cut at {before!r}", "write it in quotes: {line}"
    ),
    "unquoted-hash": Wording("` #` starts a comment, so the value ends at {before!r}", "write it in quotes: {line}"),
    # values
    "empty-value": Wording("a value is missing: {found}", "write the value, or remove the key"),
    "unspaced-colon": Wording(
        "a space is missing after the colon", "write `{line}`; if it is one text, put it in quotes"
    ),
    "number-form-refused": Wording(
        "{text!r} is not a number as granger reads them", 'write {instead} (for text, "{text}")'
    ),
    "number-not-spelled-out": Wording(
        "{text!r} is not a number as granger reads them", "write all its digits; if it is text, put it in quotes"
    ),
    "not-a-finite-number": Wording(
        "{text!r} is no amount that can be counted with",
        "remove the key where there is no limit; if it is text, put it in quotes",
    ),
    "number-too-long": Wording(
        "a number of {digits} digits; at most {most} are read", "if it is text, put it in quotes"
    ),
    "bad-date": Wording("{text!r} is no day of the calendar", "write the year, month and day as 2026-01-31"),
    "short-date": Wording("{text!r} looks like a date, but is not written as one", "write {instead}"),
    # the schema of a kind
    "missing-kind": Wording(
        "this file does not say what kind of policy it is", "start it with `kind:`; kinds: {kinds}"
    ),
    "more-problems": Wording("this file has more problems than the {most} that are listed", "mend these first"),
    "unknown-kind": Wording("there is no kind of policy named {word!r}", "{hint}"),
    "kind-not-built": Wording("policies of kind {word!r} are not built yet", "this version reads: {kinds}"),
    "not-yet-built": Wording(
        "the key {key!r} is not built yet", "remove it for now: this version cannot do what it asks"
    ),
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
    "unclosed-bracket": (
        "the {mark} that opens here is not closed where it should be",
        "close it; a value that stands in brackets and holds a comma or quotes must itself be in quotes",
    ),
    "stray-bracket": ("{mark} closes a bracket that was not opened", "remove it, or put the whole value in quotes"),
    "wide-colon": ("a full-width colon ： stands where YAML takes a plain one", "write `: `, a colon and a space"),
    "unquoted-colon": ("a second `: ` stands in this value", "write the value in quotes: {line}"),
    "unquoted-start": ("a value must not start with {mark}", "write the value in quotes: {line}"),
    "text-after-quote": ("text follows the closing quote", "write the whole value in quotes: {line}"),
    "comma-in-brackets": (
        "inside {{ }} and [ ] a comma ends the value, and this one holds a comma",
        "write the value in quotes: {line}",
    ),
    "missing-space": ("a space is missing after the colon", "write `{line}`"),
    "missing-colon": (
        "this line has no `: ` between a key and its value",
        "write `key: value`, or indent it under its key",
    ),
    "bad-indent": (
        "this line is indented unlike the lines it belongs to",
        "start it in the same column as its neighbours",
    ),
    "value-and-block": (
        "the key above has a value already, and this line is indented under it",
        "start this line where that key starts",
    ),
    "list-after-key": ("a list cannot start on the line of its key", "start the list on the next line, indented"),
    "list-and-keys": (
        "`- ` items and `key:` lines stand at the same level here",
        "indent the one that belongs to the other",
    ),
    "bad-escape": ('the backslash \\ inside "…" starts a code that does not exist', "write \\\\, or use '…' quotes"),
    "block-header": (
        "text follows the {mark} that starts a block",
        "start the text on the next line, or put it in quotes",
    ),
    "document-mark": (
        "`---` or `...` stands in the middle of a value",
        "indent it, or close the quote or bracket before it",
    ),
    "other": (
        "this is not what YAML expects here",
        "check the spaces, quotes and brackets here and on the lines above",
    ),
}

# How a message names what stands in a file, and what a schema's `type` asks for.
FOUND = {
    "text": "text {text!r}", "number": "the number {text}", "boolean": "{text}", "date": "the date {text}",
    "list": "a list", "mapping": "a mapping (`key: value` lines)", "nothing": "nothing",
    "empty-key": "the key {key!r} has none", "empty-item": "this item has none", "null": "{text!r} stands for none",
    "no-file": "it is not a file", "forbidden": "permission is missing", "disk": "the disk reports an error",
}  # fmt: skip
EXPECTED = {
    "string": "text", "integer": "a whole number", "number": "a number", "boolean": "true or false", "array": "a list",
    "object": "a mapping (`key: value` lines)", "date": "a date such as 2026-01-31", "null": "nothing",
    "minLength": "at least {limit} character{s}", "maxLength": "at most {limit} character{s}",
    "minItems": "at least {limit} item{s}", "maxItems": "at most {limit} item{s}",
    "minProperties": "at least {limit} key{s}", "maxProperties": "at most {limit} key{s}",
    "minimum": "{limit} or more", "maximum": "{limit} or less", "multipleOf": "a multiple of {limit}",
    "exclusiveMinimum": "more than {limit}", "exclusiveMaximum": "less than {limit}",
    "one-of": "one of {words}", "known-word": "a word that is known here", "other": "another value",
}  # fmt: skip
LABELS = {"first": "first written here", "workspace": "the workspace"}
HINTS = {
    "quote": 'if it is meant as text, put it in quotes: "{text}"',
    "number": "{text!r} is read as text: write {instead} for a number",
    "list": "write it as a list: [{text}]",
    "no-number": "{text!r} is read as text; a number is written with digits only",
    "boolean": "{text!r} is read as text: write {instead}",
    "rename": "names are lower-case letters, digits and _, and start with a letter: {instead}",
    "at-top": "at the top of the file",
    "in": "in {key!r}",
    "beside": "beside {key!r}",
    "known": "known: {words}",
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
    "literal-too-long": Wording("the number has more than {limit} characters", "write a shorter number"),
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
TABLES: dict[str, Wording] = {
    "missing-source": Wording("no rows were given for the table {table}", "give its file, or its rows"),
    "missing-file": Wording("the file {file!r} of the table {table} is not there", "{advice}"),
    "file-outside": Wording(
        "the file {file!r} of the table {table} lies outside the workspace", "copy it into the workspace's folder"
    ),
    "unknown-file-type": Wording("{file} has {suffix}, which tells no kind of table", "kinds known: {known}"),
    "unreadable-table": Wording("the file cannot be read: {problem}", "open it in the program that made it, and export it again"),
    "headerless-file": Wording("the file is empty: a line of headers was expected", "export it again, with its headers"),
    "missing-column": Wording(
        "{file} has no column {column!r}, which the field {field} is read from",
        "write the header as the file has it, as `column:` of the field; {advice}",
    ),
    "absent-column": Wording(
        "no record of {file} has {column!r}, so the field {field} is missing everywhere",
        "write the name as the file has it, or take the field out",
        WARNING,
    ),
    "duplicate-column": Wording(
        "the header {column!r} stands {count} times: which one is meant, nobody knows", "rename all but one in the file"
    ),
    "unreadable-column": Wording(
        "the column {column!r} of {file} holds {found}, which no field can hold",
        "turn it into text, numbers or dates before granger reads it",
    ),
    "missing-sheet": Wording("{file} has no sheet {sheet!r}", "{advice}"),
    "unknown-encoding": Wording(
        "{encoding!r}, the encoding of the table {table}, is not known", "write for example utf-8, utf-16 or gb18030"
    ),
    "undecodable-text": Wording(
        "the bytes of this row are not {encoding} text", "write {advice} on the table {table}, or export as UTF-8"
    ),
    "nul-character": Wording(
        "the row holds a NUL character, which no text has",
        "the file is damaged or in another encoding: try `encoding: utf-16` on the table {table}, or export it again",
    ),
    "unclosed-quote": Wording(
        "a quotation mark opens a cell in this row, and none closes it before the file ends",
        'close it; inside a quoted cell, a quotation mark is written twice ("")',
    ),
    "misplaced-quote": Wording(
        "in this row, a quoted cell goes on after its closing quotation mark",
        'inside a quoted cell, a quotation mark is written twice ("")',
    ),
    "bad-delimiter": Wording(
        "{delimiter!r} cannot separate the cells of the table {table}", "write one character, such as ';'"
    ),
    "bad-date-format": Wording(
        "{format!r} is not a pattern of dates",
        "use one each of YYYY or YY, MMM or MM or M, DD or D, with separators, as in D.M.YY or DD MMM YYYY",
    ),
    "unknown-reference": Wording(
        "{column!r} holds {distinct} that {target} does not have, in {rows} of {table}; most often {most!r} ({times})",
        "they are used as they stand and listed in rejects.csv; {advice}",
        WARNING,
    ),
    "empty-reference": Wording(
        "{column!r} is empty in {rows} of {table}", "they are used, and belong to none of {target}", WARNING
    ),
    "too-many-rejects": Wording(
        "{table}: rejected {rejected} of {read}, more than the {ceiling} that is allowed",
        "first: {reasons}. Mend the file, or raise `reject_ceiling` of the table",
    ),
}

REASONS = {
    "empty": "empty, but the field is required",
    "number": "not a number: expected one written like {example}",
    "integer": "not a whole number",
    "digits": "more places after the point than {digits}",
    "at-least": "below {bound}, the least allowed",
    "at-most": "above {bound}, the most allowed",
    "percent-sign": "no % sign: write 80%, or say `scale: 100` (80 is 80%) or `scale: 1` (0.8 is 80%) on the field",
    "currency": "{sign} does not fit {currency}, the currency of the field",
    "infinity": "infinity is not a number that a field can hold",
    "too-many-digits": "a number of more than 400 digits",
    "date": "not a date: expected {expected}",
    "no-such-day": "there is no such day",
    "month-name": "{name!r} is not the name of a month: expected Jan, Feb, Mar and so on",
    "timezone": "a time of day, but no time zone to see it from: write `timezone:` in granger.yaml",
    "boolean": "neither yes nor no: expected true, false, yes, no, y, n, 1 or 0",
    "enum": "not one of {allowed}{advice}",
    "too-long": "longer than {most} characters",
    "half-character": "holds half a character (a lone surrogate): the text was cut or damaged",
    "nested": "not a single value",
    "cells": "{found} cells, but the header has {expected}",
    "repeated-key": "the key stands in row {row} already",
    "unknown-reference": "{table} has no row with this key",
    "json": "not a JSON object: {problem}",
    "json-name-twice": "the name {name!r} stands twice",
}
"""Why a cell or a row is rejected, as ``rejects.csv`` says it."""

# --- policy: what the files say together ---------------------------------------------------------------------------
POLICY: dict[str, Wording] = {
    "unknown-currency": Wording("{found!r} is no currency of ISO 4217", "write three capital letters such as CNY, USD or EUR"),
    "unknown-timezone": Wording("{found!r} is no time zone", "write a name such as Asia/Shanghai or Europe/Berlin"),
    "unknown-role": Wording("nobody has the role {name!r}: it is neither under `roles` in granger.yaml nor a field that holds a person", "{near}"),
    "unknown-field": Wording("this table has no field {name!r}", "{near}"),
    "unknown-table": Wording("there is no table {name!r} in granger.yaml", "{near}"),
    "unknown-country": Wording("no holidays are known for {found!r}", "write a country of ISO 3166 such as CN, US or GB, and its subdivision beside it"),
    "field-of-kind": Wording("the field {name!r} is of kind {found}; a field of kind {expected} is expected here", "name another field, or change its `kind`"),
    "key-of-kind": Wording("`{key}` has a meaning for kind {expected} only; this field is of kind {found}", "remove `{key}`, or write `kind: {expected}`"),
    "enum-without-words": Wording("the field {name!r} is of kind enum but does not say which words it may hold", "add `one_of: [...]`, or write `kind: text`"),
    "reference-without-key": Wording("this field refers to table {table!r}, which has no `key`", "add `key:` to that table"),
    "table-needed": Wording("a table {table!r} is needed: {why}", "declare it under `tables` in granger.yaml"),
    "field-needed": Wording("the table {table!r} needs a field {name!r}", "map it under `fields`; `column:` names the header of the export"),
    "key-needed": Wording("the table {table!r} must have `key: {name}`", "write it beside `file:`"),
    "assignments-without-dates": Wording("the assignments do not say from when to when they hold", "add `valid: {{from: starts_on, before: ends_on}}` with the names of the two date fields"),
    "overrides-without-end": Wording("the overrides in table {table!r} never run out", "add `valid: {{until: until_on}}`: an override has a last day"),
    "table-without-account": Wording("the rows of table {table!r} lead to no account", "give it one field with `refers_to: accounts`"),
    "table-without-day": Wording("{name!r} looks at dates, but table {table!r} does not say which date its rows have", "add `dated_by:` with the name of a date field"),
    "measure-without-verb": Wording("the measure {name!r} must have one of value, count, sum, average, min, max, latest, earliest, any, share, distinct; found {found}", "keep one"),
    "measure-without-table": Wording("the measure {name!r} aggregates with {verb!r} but names no table", "add `table:`"),
    "value-over-rows": Wording("`{key}` belongs to a measure over the rows of a table; this one has a `value`", "remove `{key}`"),
    "window-form": Wording("a window such as `7 days`, `month`, `previous quarter` or {{from: -35 days, before: -7 days}} is expected, found {found}", "business days and lengths of zero are no windows"),
    "setting-form": Wording("the setting {name!r} needs either `value` or `choice`", "keep one of the two"),
    "choice-without-words": Wording("the setting {name!r} is a choice but does not say of what", "add `one_of: [...]`"),
    "choice-unknown": Wording("{found!r} is none of the words of this choice: {words}", "choose one of them"),
    "bound-of-kind": Wording("the bound of {name!r} is not of its kind, {found}", "write bound and value in one unit"),
    "twin-name": Wording("the name {name!r} is taken", "rename one of the two: a name has one meaning wherever it can be seen"),
    "duplicate-name": Wording("there are two {what}s named {name!r} in this policy", "rename one of them"),
    "circular-definition": Wording("this is defined by itself: {way}", "break the circle: one of them must not read the next"),
    "gift-of-kinds": Wording("the tiers give {name!r} as {left} and as {right}", "give one kind of value in all tiers"),
    "period-backwards": Wording("`before` ({before}) is not after `from` ({start})", "`before` is the first day on which the policy is no longer in force"),
    "overlapping-versions": Wording("two versions of {name!r} are in force on {day}", "end the earlier one: `before:` is the first day of the later", ),
    "version-gap": Wording("no version of {name!r} is in force from {start} until before {before}", "let the earlier version run until the later one starts", WARNING),
    "play-without-anchor": Wording("the play {play!r} has neither an `anchor` nor a `when`", "say which date it counts from, or what sets it off"),
    "business-days-without-calendar": Wording("the task {task!r} counts business days, but the workspace names no calendar: only weekends are free", "add `calendar: {{country: CN}}` to granger.yaml", WARNING),
    "case-order": Wording("in a list of cases every row but the last has a `when`, and the last has none", "the last row is for all that is left"),
}

# --- program, proof, outcome: what came out ------------------------------------------------------------------------
OUTCOME: dict[str, Wording] = {
    "setting-out-of-bounds": Wording("{name!r} is {found}; it must be {word} {bound}", "change the value, or the bound if the bound is wrong"),
    "setting-missing": Wording("{name!r} has no value (a division by zero?)", "a setting must have a value"),
    "override-over": Wording("the override of account {account} ended on {end} and is not used", "remove the row, or decide anew with a later end", WARNING),
    "override-incomplete": Wording("the override of account {account} is not used: {absent} is empty", "fill it in", WARNING),
    "override-unknown-tier": Wording("the override names the tier {tier!r}, which the policy does not have; it is not used", "{near}", WARNING),
    "override-twice": Wording("a second override of account {account} holds on the same day and is not used", "keep one", WARNING),
    "payee-undecided": Wording("whether {person} is a payee of {plan!r} cannot be decided: a field that `payees` reads is empty", "fill it in", WARNING),
    "tiers-overlap": Wording("two rows of {policy!r} hold at once, for example where {witness}", "make the conditions exclude each other, or write `hit_policy: first`"),
    "tier-gap": Wording("no row of {policy!r} holds, for example where {witness}", "add a row, or an `otherwise`", WARNING),
    "row-unreachable": Wording("the row {tier!r} of {policy!r} was hit by none of {tried} tried accounts at and around the edges of all rows", "the rows above take all of its accounts, or its condition contradicts itself", WARNING),
    "previous-unreadable": Wording("{folder!r} is not the folder of an earlier run, or its triggers.csv was changed", "name the folder that an earlier `granger run --out` wrote"),
    "table-not-declared": Wording("no table {name!r} is declared in granger.yaml", "tables: {known}"),
    "period-unknown": Wording("{found!r} is not a period", "write 2026, 2026-H2, 2026-Q3 or 2026-09"),
    "period-not-over": Wording("period {period} of plan {plan!r} is not over on {as_of}: its pay is so far", "", WARNING),
    "period-pays-nothing": Wording("no plan has a period within {period}", "name a period at least as long as those of the plans"),
}

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
