"""What operations on numbers become in generated code: numerators over positive denominators, never reduced.

What is known of a number's sign, or of the digits it can have, is not asked again where the code runs.
"""

from __future__ import annotations

from fractions import Fraction

from .code import Code, Pair, absent, known, times


def negated(code: Code, x: Pair) -> Pair:
    return code.number(f"-{x.above}", x.below, absent([x]), (x.above_bits, x.below_bits))


def arithmetic(code: Code, op: str, x: Pair, y: Pair) -> Pair:
    """Sums, differences and products."""
    if isinstance(x.above, int) and isinstance(y.above, int):
        one, other = (Fraction(each.above, each.below) for each in (x, y))  # type: ignore[arg-type]
        return known(one * other if op == "*" else one + other if op == "+" else one - other)
    test = absent([x, y])
    if op == "*":
        bits = x.above_bits + y.above_bits, x.below_bits + y.below_bits
        return code.number(times(x.above, y.above), product(x.below, y.below), test, bits, _lower(x, y))
    left, right, below = times(x.above, y.below), times(y.above, x.below), product(x.below, y.below)
    bits = max(x.above_bits + y.below_bits, y.above_bits + x.below_bits) + 1, x.below_bits + y.below_bits
    if x.below == y.below:
        left, right, below = times(x.above), times(y.above), x.below
        bits = max(x.above_bits, y.above_bits) + 1, x.below_bits
    least = max(x.least, y.least) if op == "+" and x.least is not None and y.least is not None else None
    return code.number(f"{left} {op} {right}", below, test, bits, least)


def quotient(code: Code, x: Pair, y: Pair) -> Pair:
    """Missing over zero; the sign goes up."""
    above, below = times(x.above, y.below), times(x.below, y.above)
    bits = x.above_bits + y.below_bits, x.below_bits + y.above_bits
    if isinstance(y.above, int):
        if y.above == 0:
            return always_missing(code)
        sign = -1 if y.above < 0 else 1
        above, down = times(sign, x.above, y.below), product(x.below, abs(y.above))
        return code.number(above, down, absent([x]), bits, x.least if sign > 0 else None)
    if y.least == 1:
        missing = absent([x, y])
        down = f"{below} if {y.above} is not None else 1" if y.nullable else below
        return code.number(above, down, missing, bits, x.least)
    test = " or ".join(filter(None, (absent([x]), f"not {y.above}")))
    if y.least == 0:
        return code.number(above, f"{below} if {y.above} else 1", test, bits, x.least)
    up = f"({above} if {y.above} > 0 else -({above}))"
    down = f"1 if not {y.above} else {below} if {y.above} > 0 else -({below})"
    return code.number(up, down, test, bits)


def absolute(code: Code, x: Pair) -> Pair:
    if x.least is not None:
        return x
    size = f"({x.above} if {x.above} >= 0 else -{x.above})"
    return code.number(size, x.below, absent([x]), (x.above_bits, x.below_bits), 0)


def whole(code: Code, x: Pair, *, up: bool) -> Pair:
    """The floor or, ``up``, the ceiling."""
    if x.below == 1:
        return x
    found = f"-(-{x.above} // {x.below})" if up else f"{x.above} // {x.below}"
    least = x.least if up or x.least is None else 0
    return code.number(found, 1, absent([x]), (x.above_bits + 1, 1), least)


def rounded(code: Code, x: Pair, places: int) -> Pair:
    """Half away from zero, by one floor division; what has no more digits is as it was."""
    up, down = 10 ** max(places, 0), 10 ** max(-places, 0)
    if places >= 0 and isinstance(x.below, int) and up % x.below == 0:
        return x
    double, below = times(2 * up, x.above), times(down, x.below)
    twice = times(2, down, x.below)
    found = f"({double} + {below}) // ({twice})"
    if x.least is None:
        found = f"({found} if {x.above} >= 0 else -(({below} - {double}) // ({twice})))"
    bits = x.above_bits + up.bit_length() + down.bit_length(), up.bit_length()
    return code.number(times(down, f"({found})"), up, absent([x]), bits, None if x.least is None else 0)


def always_missing(code: Code) -> Pair:
    name = code.fresh("n")
    code.put(f"{name} = None")
    return Pair(name, 1, True, 1, 1)


def product(left: str | int, right: str | int) -> str | int:
    return left * right if isinstance(left, int) and isinstance(right, int) else times(left, right)


def _lower(x: Pair, y: Pair) -> int | None:
    return None if x.least is None or y.least is None else min(x.least, y.least)
