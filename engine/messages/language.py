"""The wording of what is wrong with an expression."""

from __future__ import annotations

from .wording import Wording

LANGUAGE: dict[str, Wording] = {
    "expression-empty": Wording(
        "an expression is expected here, found nothing", "write a condition or a value, or remove the key"
    ),
    "expression-too-long": Wording(
        "the expression has {length} characters; at most {limit} are read", "name its parts as measures or settings"
    ),
    "expression-too-many-words": Wording(
        "the expression has {count} words and signs; at most {limit} are read", "name its parts as measures or settings"
    ),
    "expression-too-deep": Wording(
        "the expression is nested more than {limit} deep", "name its parts as measures or settings"
    ),
    "expression-syntax": Wording(
        "this is not an expression: {problem}", "an expression reads like: arr >= 30_000 and fit == 'core'"
    ),
    "expression-token": Wording("{found!r} has no meaning in an expression", "{instead}"),
    "expression-form": Wording(
        "{found!r} is not a form of the language",
        "the language has numbers, fields, + - * /, comparisons, in, and, or, not, a if c else b, and functions",
    ),
    "number-form": Wording(
        "{found!r} is not a number as the language writes them",
        "write 1_000, 0.5 or 80%; a date is written date('2026-01-31')",
    ),
    "literal-too-long": Wording("the number has more than {limit} characters", "write a shorter number"),
    "text-too-long": Wording("the text has more than {limit} characters", "compare with a shorter text"),
    "text-escape": Wording("a backslash has no meaning in a text of the language", "write the characters themselves"),
    "text-unclosed": Wording(
        "the text that starts with {found} here has no end",
        "close it with the same quotation mark; in YAML, put the whole expression in the other kind of quotes",
    ),
    "membership-form": Wording(
        "'in' stands before a written list, found something else",
        "write: tier in ('A', 'B'); for one value write: tier == 'A'",
    ),
    "unknown-function": Wording("there is no function {name!r}", "{near}"),
    "argument-count": Wording("{name} cannot take {found} values here", "it is used like this: {usage}"),
    "bad-date-literal": Wording("date(…) takes one real day as text, found {found}", "write: date('2026-01-31')"),
    "unknown-name": Wording("nothing is named {name!r} here", "{near}"),
    "name-not-visible": Wording("{name!r} cannot be used here", "{why}"),
    "wrong-operand": Wording("{written!r} is {found}; {expected} is expected here"),
    "wrong-result": Wording(
        "the expression gives {found}; {expected} is expected here",
        "change it, or the `kind` of a field that it reads, if that is declared wrongly",
    ),
    "never-a-value": Wording(
        "{written!r} never has a value (a division by zero, or a day outside of the calendar?)",
        "write one that can be worked out; what rests on this one would stay undecided, and pay would wait",
    ),
    "unit-mismatch": Wording(
        "{left} and {right} do not go together",
        "a plain written number takes the money's currency; a field of numbers does not",
    ),
    "currency-mix": Wording(
        "{left} and {right} do not go together", "convert one of them to the other's currency before they meet"
    ),
    "money-times-money": Wording("money times money is no amount", "one of the two must be a number or a percentage"),
    "number-over-money": Wording(
        "a number divided by money is no amount", "divide money by money for a ratio, or money by a number"
    ),
    "comparison-of-kinds": Wording(
        "{left} cannot be compared with {right}",
        "compare like with like; a date is written date('2026-01-31'), a text in quotation marks",
    ),
    "arms-of-kinds": Wording("{left} and {right} stand where one kind is expected", "give values of one kind"),
    "no-order": Wording(
        "{found} has no order: only == and != compare it", "compare numbers, money or dates with < <= > >="
    ),
    "impossible-word": Wording("{found!r} is none of the words that this can be", "{near}"),
    "unit-word": Wording("one of {units} is expected here, written out"),
    "digits-number": Wording("a whole number of digits from -6 to 12 is expected here, written out"),
}
