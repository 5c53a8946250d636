"""The page about expressions: every operator, function and rule of missing values, from the table of signatures.

``python -m granger.engine.writers.expression_reference docs/expressions.md`` writes the page (``make docs``).
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ..language.expression import MAX_DEPTH
from ..language.signatures import (
    ANY,
    DIGITS,
    FUNCTIONS,
    NUMERIC,
    OPERATORS,
    ROLE,
    SAME,
    UNIT_WORD,
    UNITS,
    Operator,
    Signature,
)
from ..language.tokens import MAX_DIGITS, MAX_LENGTH, MAX_NESTING, MAX_TEXT, MAX_TOKENS
from ..language.types import BOOLEAN, DATE, NUMBER, TEXT

WIDTH = 120

INTRO = """# Expressions

<!-- Generated from engine/language/signatures.py by `make docs`: change the table there, not this page. -->

Conditions and values in policies are expressions: `when: fit == 'core' and arr >= 30_000`, `rate: base_rate / 3`. An
expression reads an account's fields, the settings, the measures, the name of its tier and what the tier gives, and
`as_of`, the day of the run. In a table's rows (deals, say) it reads the row's own fields first, then its account's.
`granger check` knows the kind of every name, and refuses what does not fit together before any data is read.

Every example on this page is evaluated by a test and gives what stands beside it; where a role stands in it, what it
gives hangs on the assignments, and a day is shown.
"""

VALUES = """## Values

| value | written | notes |
|---|---|---|
| number | `30_000`, `0.5`, `-3` | exact, however many digits; `_` may group them; no `1e3`, no comma |
| percentage | `80%`, `2.5%` | the number 0.8, 0.025; the sign stands directly behind the digits |
| money | `arr >= 30_000` | a bare number beside money takes that money's currency; two currencies never mix |
| text | `'core'`, `"core"` | compared letter by letter; no escapes |
| date | `date('2026-01-31')` | a day of the calendar; alone as the value of a key it may be written 2026-01-31 |
| yes or no | `true`, `false` | small letters |
| list | `('A', 'B')` | only behind `in` and `not in` |

In YAML, put an expression in quotes where it starts with a quote, or holds `: ` or ` #`, or a comma inside `{ }`:
`when: "'A' == grade"`, `{rate: 4%, when: "min(a, b) > 3"}`.
"""

BINDING = (
    "`* /` bind before `+ -`, those before comparisons and `in`; then come `not`, `and`, `or`, and last `if … else`."
    " Brackets ( ) bind before all."
)

MISSING = """## Missing values

An empty cell is *missing*, not zero and not false. What is missing stays missing until a rule says otherwise: a
condition that cannot be decided does not hold, and what it decides about says so (an account is `undecided`, a credit
`waiting`).
"""

MISSING_RULES: tuple[Operator, ...] = (
    Operator("division by zero", "Is missing: never an error, nor infinity, nor zero.", "1 / 0", "missing"),
    Operator("calculation", "With something missing it is missing.", "1 + 1 / 0", "missing"),
    Operator("comparison", "With something missing it is undecided, also `==` and `!=`.", "1 / 0 != 5", "missing"),
    Operator("chain", "False as soon as one pair is, whatever the other is.", "2 < 1 < 1 / 0", "false"),
    Operator("and", "False beside something missing is false.", "1 / 0 > 1 and false", "false"),
    Operator("or", "True beside something missing is true.", "1 / 0 > 1 or true", "true"),
    Operator("not", "Not something missing is missing.", "not 1 / 0 > 1", "missing"),
    Operator("in", "True when one fits; missing when none does and one is missing.", "1 in (1 / 0, 2)", "missing"),
    Operator("in, a hit", "One that fits is enough.", "1 in (1 / 0, 1)", "true"),
    Operator("a if c else b", "Missing with c missing.", "7 if 1 / 0 > 1 else 8", "missing"),
    Operator("a if c else b", "The arm that is not taken does not matter.", "7 if 1 > 0 else 1 / 0", "7"),
    Operator("functions", "With something missing they are missing, but for the next two.", "max(3, 1 / 0)", "missing"),
    Operator("coalesce", "The first that is not missing.", "coalesce(1 / 0, 0)", "0"),
    Operator("is_missing", "Asks for it; never missing itself.", "is_missing(1 / 0)", "true"),
    Operator("add_days, …", "Missing outside the years 1 to 9999.", "add_days(date('9999-12-31'), 1)", "missing"),
)  # fmt: skip

_SPOKEN = {
    NUMERIC: "number or money",
    ANY: "any value",
    SAME: "as given",
    DATE: "date",
    TEXT: "text",
    NUMBER: "number",
    BOOLEAN: "yes or no",
    DIGITS: "digits",
    UNIT_WORD: "unit",
    ROLE: "role or duty",
}


def expression_reference() -> str:
    """The whole page."""
    lines = [INTRO, VALUES, "## Operators", "", BINDING, ""]
    lines += _examples("operator", OPERATORS)
    lines += ["", *_functions(), "", MISSING, *_examples("where", MISSING_RULES), "", *_limits()]
    return "\n".join(lines).rstrip() + "\n"


def examples() -> Iterator[tuple[str, str]]:
    """Every example of the page with the value that stands beside it."""
    rows: tuple[Operator | Signature, ...] = (*OPERATORS, *FUNCTIONS.values(), *MISSING_RULES)
    for row in rows:
        yield row.example, row.gives


def main(arguments: Sequence[str]) -> int:
    page = expression_reference()
    if arguments:
        Path(arguments[0]).write_text(page, encoding="utf-8", newline="\n")
    else:
        sys.stdout.write(page)
    return 0


def _examples(head: str, rows: Iterable[Operator]) -> Iterator[str]:
    yield from (f"| {head} | meaning | example | gives |", "|---|---|---|---|")
    for row in rows:
        yield f"| `{row.sign}` | {row.doc} | `{row.example}` | `{row.gives}` |"


def _functions() -> Iterator[str]:
    yield from ("## Functions", "")
    units = ", ".join(f"`'{unit}'`" for unit in UNITS)
    text = (
        "`…` says that more may follow, `?` that one may be left out. *digits* is a whole number from -6 to 12, *unit*"
        f" one of {units}; both are written out. Where a call takes several values that are a number or money, or any"
        " value, they are all of one kind and currency, and so is the result (*as given*)."
    )
    yield from (
        textwrap.fill(text, WIDTH),
        "",
        "| function | gives a | meaning | example | gives |",
        "|---|---|---|---|---|",
    )
    for function in FUNCTIONS.values():
        yield (
            f"| `{function.name}`({_parameters(function)}) | {_SPOKEN[function.result]} | {function.doc} "
            f"| `{function.example}` | `{function.gives}` |"
        )


def _parameters(function: Signature) -> str:
    least = len(function.parameters) - function.optional
    words = [_SPOKEN[kind] + ("?" if i >= least else "") for i, kind in enumerate(function.parameters)]
    return ", ".join([*words, "…"] if function.repeats else words)


def _limits() -> Iterator[str]:
    text = (
        f"An expression has at most {MAX_LENGTH:,} characters and {MAX_TOKENS} words and signs; a number in it has at"
        f" most {MAX_DIGITS} characters, a text {MAX_TEXT}. Brackets nest {MAX_NESTING} deep at most, operations"
        f" {MAX_DEPTH} deep. What is longer is better said in parts: name them as measures or settings. There are no"
        " powers, no loops and no functions of your own."
    )
    yield from ("## Limits", "", textwrap.fill(text, WIDTH))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
