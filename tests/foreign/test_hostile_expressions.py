"""Hostile expressions: refused with a diagnostic or harmless, each within a second and 200 MB, without a traceback."""

import json

import pytest


def nested(opening, inner, closing, depth):
    return opening * depth + inner + closing * depth


ATTACKS = {
    "brackets": nested("(", "1", ")", 900),
    "lists": nested("[", "1", "]", 900),
    "unclosed": "(" * 2000,
    "calls": nested("abs(", "1", ")", 390),
    "not": "not " * 400 + "true",
    "not, short of the limit": "not " * 90 + "true",
    "minus": "-" * 400 + "1 > 0",
    "minus, short of the limit": "-" * 90 + "n > 0",
    "plus": "+" * 400 + "1 > 0",
    "power": "9**9**9",
    "power of names": "n ** n ** n",
    "literal": "9" * 1999,
    "literal of 60 digits": "9" * 60 + " > 1",
    "decimals": "0." + "9" * 1990,
    "exponent": "1e999999999 > 0",
    "text times number": "'a' * 10**9",
    "text times number, no power": "'a' * 1000000000",
    "list times number": "[0] * 1000000000",
    "number times text": "1000000000 * t == 'a'",
    "text": "t == '" + "a" * 1990 + "'",
    "2,000 characters": " or ".join(["n == 123456789"] * 111)[:2000],
    "2,001 characters": "n == 1".ljust(2001),
    "blanks": "n == 1".ljust(2000),
    "lines": "n == 1" + "\n" * 1900,
    "unicode name": "ｎ > 1",
    "combining name": "n\u0301 > 1",
    "script name": "𝐧 > 1",
    "dunder": "().__class__.__bases__[0].__subclasses__()",
    "dunder name": "__import__ == 1",
    "debug": "__debug__",
    "null": "n > 1\0",
    "null inside": "n\0 > 1",
    "null in text": "t == '\0'",
    "bell": "n > 1 \a",
    "backspace in text": "t == '\b'",
    "half a character": "t == '\ud800'",
    "right to left": "t == '\u202ea'",
    "byte order mark": "\ufeffn > 1",
    "line separator": "n > 1\u2028or true",
    "format": "'{0.__class__}'.format(t) == 'x'",
    "format string": "f'{9**9**9}' == t",
    "bytes": "b'a' == t",
    "raw": "r'a' == t",
    "modulo text": "'%1000000000s' % t == 'x'",
    "shift": "1 << 10000000000 > 0",
    "tuple": "(1, 2) == 1",
    "star": "n in [*t]",
    "subscript": "t[0] == 'w'",
    "walrus": "(n := 2) > 1",
    "lambda": "(lambda: 1)() > 0",
    "comprehension": "[1 for a in (1, 2)] == 1",
    "yield": "(yield) == 1",
    "await": "await n",
    "comment": "n > 1 # and more",
    "statement": "n > 1; import os",
    "and chain": " and ".join(["b"] * 249),
    "and chain of comparisons": " and ".join(["n>1"] * 124),
    "or chain of calls": " or ".join(["abs(n)<0"] * 83),
    "comparison chain": "<".join(["n"] * 249),
    "if chain": "b if b else " * 120 + "b",
    "if chain, short of the limit": "b if b else " * 90 + "b",
    "sum": "+".join(["n"] * 240) + ">1",
    "product": "*".join(["9" * 60] * 30) + ">1",
    "product of a column": "*".join(["n"] * 99) + ">1",
    "quotient": "/".join(["n"] * 99) + ">1",
    "membership": "n in (" + ",".join(str(i) for i in range(200)) + ")",
    "min": "min(" + ",".join(["n"] * 240) + ") > 1",
    "round": "round(n, 999999999) > 1",
    "round far below": "round(n, -999999999) > 1",
    "round by a column": "round(n, n) > 1",
    "days": "add_days(d, " + "9" * 60 + ") > d",
    "days back": "add_days(d, -" + "9" * 60 + ") > d",
    "days, just too many": "add_days(d, 3999999) > d",
    "months": "add_months(d, 3999999) > d",
    "months back": "add_months(d, -3999999) > d",
    "months over a column": "add_months(d, n * 1000000000) > d",
    "last day": "end_of('year', date('9999-12-31')) > d",
    "last month": "end_of('month', date('9999-12-31')) > d",
    "after the last day": "add_days(date('9999-12-31'), 1) > d",
    "first day": "start_of('year', date('0001-01-01')) < d",
    "before the first day": "add_months(date('0001-01-01'), -1) < d",
    "no day": "date('0000-00-00') < d",
    "no year": "date('99999-01-01') < d",
    "division by zero": "1 / 0 > 0 and n / (n - n) > 0",
    "percent": "100%%%% > 1",
    "percent of a bracket": "(1)% > 1",
    "word": "None is None",
    "surprise": "True == 1",
    "empty": "",
    "quote": "'",
    "backslash": "t == '\\",
    "escape": "t == '\\x41'",
    "template": "t == '{0}' and t == '{name}' and t == '%s'",
    "unknown template": "{0} == {name.__class__}",
}


@pytest.mark.parametrize(("suite", "count"), [("sandbox_simpleeval", 243), ("sandbox_evalidate", 18)])
def test_strings_of_other_sandboxes(foreign, confined, condition, suite, count):
    texts = [item["text"] for item in json.loads(foreign(f"{suite}/string_literals.json").read_text("utf-8"))]
    assert len(texts) == count
    alone = [{"name": text, "text": text} for text in texts]
    in_a_policy = [{"name": f"when: {text}", "files": condition(text)} for text in texts]
    reports = confined(alone + in_a_policy)
    assert len(reports) == 2 * count
    assert all(report["codes"] or report["accepted"] for report in reports)
    refused = sum(bool(report["codes"]) for report in reports)
    assert refused > count  # most are no expressions of ours, and of the others few are conditions


def test_attacks_of_our_own(confined):
    assert len(ATTACKS) == 94
    reports = confined([{"name": name, "text": text} for name, text in ATTACKS.items()])
    assert [report["name"] for report in reports] == list(ATTACKS)
    assert all(report["codes"] or report["accepted"] for report in reports)
    evaluated = {report["name"] for report in reports if report["accepted"]}
    long = {"and chain", "and chain of comparisons", "comparison chain", "product of a column", "membership", "min"}
    deep = {"minus, short of the limit", "not, short of the limit", "if chain, short of the limit"}
    assert long | deep <= evaluated
    escapes = {
        "dunder",
        "dunder name",
        "debug",
        "format",
        "format string",
        "lambda",
        "walrus",
        "comprehension",
        "yield",
    }
    growing = {"power", "power of names", "text times number", "list times number", "shift", "literal", "modulo text"}
    assert not (escapes | growing) & evaluated


def test_attacks_as_conditions(confined, condition):
    reports = confined([{"name": name, "files": condition(text)} for name, text in ATTACKS.items()])
    assert len(reports) == 94
    assert all(report["codes"] or report["accepted"] for report in reports)
