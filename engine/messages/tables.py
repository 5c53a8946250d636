"""The wording of what is wrong with data: files, columns, and the reasons in ``rejects.csv``."""

from __future__ import annotations

from .wording import WARNING, Wording

TABLES: dict[str, Wording] = {
    "missing-source": Wording("no rows were given for the table {table}", "give its file, or its rows"),
    "missing-file": Wording("the file {file!r} of the table {table} is not there", "{advice}"),
    "file-outside": Wording(
        "the file {file!r} of the table {table} lies outside the workspace", "copy it into the workspace's folder"
    ),
    "unknown-file-type": Wording("{file} has {suffix}, which tells no kind of table", "kinds known: {known}"),
    "unreadable-table": Wording(
        "the file cannot be read: {problem}", "open it in the program that made it, and export it again"
    ),
    "headerless-file": Wording(
        "the file is empty: a line of headers was expected", "export it again, with its headers"
    ),
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
        "use one each of YYYY or YY, MMM or MM or M, DD or D (or no day), with separators, as in D.M.YY or YYYY-MM",
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
    "not-its-id": "not the id of this policy, play, task, account and occurrence",
    "unknown-task": "no task of this workspace has this id",
    "repeated-key": "the key stands in row {row} already",
    "repeated-together": "{fields} stand together in row {row} already",
    "out-of-order": "{earlier} is {value}, which is more",
    "unknown-reference": "{table} has no row with this key",
    "no-time": "it ends before it holds a day",
    "overlap": "row {row} holds on some of the same days",
    "json": "not a JSON object: {problem}",
    "json-name-twice": "the name {name!r} stands twice",
}
"""Why a cell or a row is rejected, as ``rejects.csv`` says it."""
