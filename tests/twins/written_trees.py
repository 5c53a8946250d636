"""Constants that trees are drawn from, and trees as expressions that the types allow."""

from __future__ import annotations

from fractions import Fraction

from granger.engine.diagnostics import Origin
from granger.engine.language.infer import infer
from granger.engine.language.tree import Expression, Node

from .drawn_tables import TYPES

ORIGIN = Origin("p.yaml", ((0, 1, 1),))
ORDERS, EQUALS = ("<", "<=", ">", ">=", "==", "!="), ("==", "!=")
PLAIN = [Fraction(n) for n in (0, 1, -1, 2, 3, 7, 100)] + [
    Fraction(1, 2),
    Fraction(-1, 2),
    Fraction(1, 3),
    Fraction(12, 100),
    Fraction(-30, 100),
]
HUGE = [
    Fraction(10**25),
    Fraction(-(10**25)),
    Fraction(1, 10**12),
    Fraction(10**40, 3),
    Fraction(2**63),
    Fraction(-(2**63)),
    Fraction(2**127),
    Fraction(1, 2**65),
]


def typed(root: Node) -> Expression | None:
    """The expression, if its types say that it may be; digits of a rounding stand at the first character."""
    expression = Expression("0", root, ORIGIN)
    kind, problems = infer(expression, TYPES)
    assert {problem.code for problem in problems} <= {"impossible-word"}, (root, [p.message for p in problems])
    return expression if kind.known else None
