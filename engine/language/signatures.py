"""THE table of operators and functions: what they take, what they give, what missing does, with an example of each.

The reader of expressions, the inference of types, every reading and the reference page take their facts from here.
``{quarter}``-like units in examples are plain texts; money stands for any one currency.
"""

from __future__ import annotations

from dataclasses import dataclass

from .types import BOOLEAN, DATE, NUMBER, TEXT

ANY = "any"
"""Any one kind, the same for every argument so marked."""

SAME = "same"
"""The result has the kind (and currency) that the arguments share."""

NUMERIC = "numeric"
"""A number or money; every argument so marked stands in one unit."""

UNIT_WORD = "unit"
"""The text 'month', 'quarter', 'half' or 'year', written out."""

ROLE = "role"
"""The name of a role or duty."""

HELD_SINCE = "held_since"

DIGITS = "digits"
"""A whole number from -6 to 12, written out."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One function. ``takes_missing`` says that a missing argument does not make the result missing by itself."""

    name: str
    parameters: tuple[str, ...]
    result: str
    doc: str
    example: str
    gives: str
    repeats: bool = False
    takes_missing: bool = False
    optional: int = 0

    @property
    def usage(self) -> str:
        return self.example

    def takes(self, count: int) -> bool:
        least = len(self.parameters) - self.optional
        return count >= least and (self.repeats or count <= len(self.parameters))

    def parameter(self, index: int) -> str:
        return self.parameters[min(index, len(self.parameters) - 1)]


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator, for the reference page; its typing rules are in ``infer``."""

    sign: str
    doc: str
    example: str
    gives: str


FUNCTIONS: dict[str, Signature] = {
    s.name: s
    for s in (
        Signature("abs", (NUMERIC,), SAME, "The number without its sign.", "abs(-3)", "3"),
        Signature("floor", (NUMERIC,), SAME, "The greatest whole number that is not above it.", "floor(-2.5)", "-3"),
        Signature("ceiling", (NUMERIC,), SAME, "The least whole number that is not below it.", "ceiling(2.1)", "3"),
        Signature(
            "round",
            (NUMERIC, DIGITS),
            SAME,
            "The number at so many digits after the point (0 unless written), a half away from zero.",
            "round(2.345, 2)",
            "2.35",
            optional=1,
        ),
        Signature(
            "min", (NUMERIC, NUMERIC), SAME, "The least. Missing if one is missing.", "min(3, 5)", "3", repeats=True
        ),
        Signature(
            "max", (NUMERIC, NUMERIC), SAME, "The greatest. Missing if one is missing.", "max(3, 5)", "5", repeats=True
        ),
        Signature(
            "coalesce",
            (ANY, ANY),
            SAME,
            "The first that is not missing.",
            "coalesce(1 / 0, 7)",
            "7",
            repeats=True,
            takes_missing=True,
        ),
        Signature(
            "is_missing", (ANY,), BOOLEAN, "Whether there is no value.", "is_missing(1 / 0)", "true", takes_missing=True
        ),
        Signature(
            "days_between",
            (DATE, DATE),
            NUMBER,
            "Days from the first date to the second; negative when it lies before.",
            "days_between(date('2026-01-31'), date('2026-03-01'))",
            "29",
        ),
        Signature(
            "months_between",
            (DATE, DATE),
            NUMBER,
            "Whole months from the first date to the second: the greatest n so that n months after the first is not"
            " after the second.",
            "months_between(date('2026-01-31'), date('2026-02-28'))",
            "1",
        ),
        Signature(
            "add_days", (DATE, NUMBER), DATE, "So many days later.", "add_days(date('2026-01-31'), 1)", "2026-02-01"
        ),
        Signature(
            "add_months",
            (DATE, NUMBER),
            DATE,
            "So many months later, on the month's last day where the month is too short.",
            "add_months(date('2026-01-31'), 1)",
            "2026-02-28",
        ),
        Signature(
            "start_of",
            (UNIT_WORD, DATE),
            DATE,
            "The first day of the fiscal month, quarter, half or year that holds the date.",
            "start_of('quarter', date('2026-05-20'))",
            "2026-04-01",
        ),
        Signature(
            "end_of",
            (UNIT_WORD, DATE),
            DATE,
            "The last day of the fiscal month, quarter, half or year that holds the date.",
            "end_of('quarter', date('2026-05-20'))",
            "2026-06-30",
        ),
        Signature(
            HELD_SINCE,
            (ROLE,),
            DATE,
            "The day on which the person who holds the role or duty took the account.",
            "held_since(csm)",
            "2026-04-01",
        ),
        Signature(
            "contains",
            (TEXT, TEXT),
            BOOLEAN,
            "Whether the second text stands in the first.",
            "contains('Acme Ltd', 'Ltd')",
            "true",
        ),
        Signature(
            "starts_with", (TEXT, TEXT), BOOLEAN, "Whether the text begins so.", "starts_with('EU-1', 'EU-')", "true"
        ),
        Signature("ends_with", (TEXT, TEXT), BOOLEAN, "Whether the text ends so.", "ends_with('a.cn', '.cn')", "true"),
        Signature(
            "lower",
            (TEXT,),
            TEXT,
            "The text in small letters, to compare without regard to case.",
            "lower('ACME')",
            "acme",
        ),
    )
}

UNITS = ("month", "quarter", "half", "year")

OPERATORS: tuple[Operator, ...] = (
    Operator("+ -", "Sum and difference of numbers, or of money in one currency.", "1.1 + 2.2", "3.3"),
    Operator("* /", "Product and quotient. Division by zero is missing.", "4 / 5", "0.8"),
    Operator("== !=", "Equal or not, within one kind.", "'a' == 'b'", "false"),
    Operator("< <= > >=", "Order of numbers, money in one currency, dates. May be chained.", "1 <= 2 < 3", "true"),
    Operator("in, not in", "Whether a value is one of a list.", "'a' in ('a', 'b')", "true"),
    Operator("and", "True when all are; false as soon as one is; else missing.", "true and 1 / 0 > 1", "missing"),
    Operator("or", "True as soon as one is; false when all are; else missing.", "true or 1 / 0 > 1", "true"),
    Operator("not", "True for false; missing for missing.", "not false", "true"),
    Operator(
        "a if c else b",
        "The first when c is true, the last when it is false; missing when c is.",
        "1 if 2 > 1 else 0",
        "1",
    ),
    Operator("80%", "A number directly followed by % is a percentage.", "80% - 30%", "0.5"),
)
