"""The wording of what is wrong with the YAML itself: its syntax, its scalars, its keys."""

from __future__ import annotations

from .wording import Wording

SOURCE: dict[str, Wording] = {
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
    "rrule-part-outside": Wording(
        "a repeat does not read the part {key!r} of RFC 5545",
        "it reads freq, interval, byday, bymonthday, bymonth, bysetpos, count, until and exdate; weeks start on Monday",
    ),
    "rrule-rhythm-outside": Wording(
        "nothing can come again {word}: tasks have a day and no time", "write daily, weekly, monthly or yearly"
    ),
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
