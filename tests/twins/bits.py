"""How many bits a tree may need, worked out from the sizes of its columns without any of the engine's own proofs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from granger.engine.language.tree import (
    Arithmetic,
    Call,
    Choose,
    Compare,
    Literal,
    Logic,
    Member,
    Name,
    Negate,
    Node,
    Not,
)

from .drawn_tables import Drawn


@dataclass(frozen=True)
class Size:
    """Bits of numerator and denominator, how many columns stand in the denominator, and the most on the way."""

    above: int
    below: int
    columns: int
    most: int


def size_of(root: Node, table: Drawn) -> Size:
    known: dict[int, Size] = {}

    def of(node: Node) -> Size:
        if id(node) not in known:
            known[id(node)] = _size(node, of, table)
        return known[id(node)]

    return of(root)


def _size(node: Node, of: Callable[[Node], Size], table: Drawn) -> Size:
    match node:
        case Literal(value=Fraction() as value):
            return Size(*_bits(value), 0, max(_bits(value)))
        case Name(id=name) if name in table.largest:
            divisor = table.columns[name].divisor
            below = divisor if isinstance(divisor, int) else max(divisor.drop_nulls().to_list(), default=1)
            above = table.largest[name].bit_length()
            return Size(above, below.bit_length(), int(not isinstance(divisor, int)), above + below.bit_length())
        case Literal() | Name():
            return Size(22, 0, 0, 22)
        case Negate(operand=operand) | Not(operand=operand):
            return of(operand)
        case Arithmetic(op=op, left=left, right=right):
            one, other = of(left), of(right)
            if op == "/":
                return _of(
                    one.above + other.below, one.below + other.above, one.columns + other.columns + 1, one, other
                )
            if op == "*":
                return _of(one.above + other.above, one.below + other.below, one.columns + other.columns, one, other)
            return _joined([one, other], 1)
        case Compare(operands=parts) | Logic(operands=parts):
            return _truth([of(part) for part in parts])
        case Member(operand=operand, items=items):
            return _truth([of(part) for part in (operand, *items)])
        case Choose(condition=condition, then=then, otherwise=otherwise):
            test, arms = of(condition), _joined([of(then), of(otherwise)], 0)
            return _of(arms.above, arms.below, arms.columns, test, arms)
        case Call(function=name, arguments=arguments):
            return _called(name, arguments, [of(one) for one in arguments])
    raise TypeError(node)


def _called(name: str, arguments: tuple[Node, ...], parts: list[Size]) -> Size:
    if name in ("min", "max", "coalesce"):
        joined = _joined(parts, 0)
        return joined if name == "coalesce" else _of(joined.above, joined.below, joined.columns, joined, _truth(parts))
    if name in ("round", "floor", "ceiling"):
        written = arguments[1] if len(arguments) > 1 else Literal(Fraction(0))
        assert isinstance(written, Literal) and isinstance(written.value, Fraction)
        scale = 4 * abs(int(written.value))
        # twice the number beside its divisor
        size = max(parts[0].above + scale, parts[0].below + scale) + 3
        return Size(parts[0].above + scale + 1, scale, 0, max(size, parts[0].most))
    if name in ("abs", "add_days", "add_months"):
        return _of(parts[-1].above, parts[-1].below, parts[-1].columns, *parts)
    return Size(24, 0, 0, max(part.most for part in parts))


def _of(above: int, below: int, columns: int, *parts: Size) -> Size:
    return Size(above, below, columns, max(above, below, *(part.most for part in parts)))


def _joined(parts: list[Size], more: int) -> Size:
    """All over one denominator."""
    below = sum(part.below for part in parts)
    above = max(part.above + below - part.below for part in parts) + more
    return _of(above, below, sum(part.columns for part in parts), *parts)


def _truth(parts: list[Size]) -> Size:
    sides = [one.above + other.below for one in parts for other in parts]
    return Size(1, 0, 0, max(*sides, *(part.most for part in parts), *(one.columns * 16 for one in parts)))


def _bits(value: Fraction) -> tuple[int, int]:
    return value.numerator.bit_length(), value.denominator.bit_length()
