"""Faults of the generated reading of the language, each planted in one template of its code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from granger.engine.language import code, generated
from granger.engine.language.branches import Arm
from granger.engine.language.code import Code, Held, Pair, Plain, absent, times
from granger.engine.language.generated import Reading
from granger.engine.language.tree import Literal, Node
from granger.engine.language.types import BOOLEAN
from pytest import MonkeyPatch


def bits_one_too_many(to: MonkeyPatch) -> None:
    """Python's numbers know no width; what is proven is that the reference keeps them."""
    to.setattr(code, "MOST_BITS", code.MOST_BITS + 1)


def _rounding(whole: str) -> Callable[[MonkeyPatch], None]:
    """``whole`` is the code over ``N`` (twice the numerator), ``D`` and ``T`` (twice ``D``)."""

    def plant(to: MonkeyPatch) -> None:
        def rounded(self: Reading, x: Pair, digits: Sequence[Node]) -> Held:
            places = digits[0].value if digits and isinstance(digits[0], Literal) else Fraction(0)
            assert isinstance(places, Fraction)
            up, down = 10 ** max(int(places), 0), 10 ** max(-int(places), 0)
            parts = {
                "N": f"({times(2 * up, x.above)})",
                "D": f"({times(down, x.below)})",
                "T": f"({times(2, down, x.below)})",
            }
            found = "".join(parts.get(sign, sign) for sign in whole)
            bits = x.above_bits + up.bit_length() + down.bit_length(), up.bit_length()
            return self.code.number(times(down, f"({found})"), up, absent([x]), bits)

        to.setattr(Reading, "_rounded", rounded)

    return plant


half_to_even = _rounding("(N + D) // T - ((N + D) % T == 0 and (N + D) // T % 2)")
floor_for_round = _rounding("(N + D) // T")


def false_in_logic(to: MonkeyPatch) -> None:
    def joined(self: Reading, word: str, parts: Sequence[Plain]) -> Plain:
        codes = [self.code.bound(part).code for part in parts]
        return Plain(BOOLEAN, f"(True if {f' {word} '.join(codes)} else False)", False)

    to.setattr(Reading, "_joined", joined)


def false_in_comparisons(to: MonkeyPatch) -> None:
    sound = generated._compared

    def compared(op: str, x: Held, y: Held) -> Plain:
        found = sound(op, x, y)
        return Plain(BOOLEAN, found.code.replace("(None if", "(False if", 1), False)

    to.setattr(generated, "_compared", compared)


def lost_missing_of_a_divisor(to: MonkeyPatch) -> None:
    sound = Reading.quotient

    def quotient(self: Reading, x: Pair, y: Pair) -> Held:
        if isinstance(y.above, str) and y.nullable:
            self.code.put(f"{y.above}x = 1 if {y.above} is None else {y.above}")
            y = replace(y, above=f"{y.above}x", nullable=False)
        return sound(self, x, y)

    to.setattr(Reading, "quotient", quotient)


def greater_for_at_least(to: MonkeyPatch) -> None:
    sound = generated._compared
    to.setattr(generated, "_compared", lambda op, x, y: sound(">" if op == ">=" else op, x, y))


def negative_divisor_kept(to: MonkeyPatch) -> None:
    sound = Reading.quotient

    def quotient(self: Reading, x: Pair, y: Pair) -> Held:
        if isinstance(y.above, int):
            return sound(self, x, y)
        test = " or ".join(filter(None, (absent([x]), f"not {y.above}")))
        above, below = times(x.above, y.below), f"({times(x.below, y.above)}) if {y.above} else 1"
        return self.code.number(above, below, test, (x.above_bits + y.below_bits, x.below_bits + y.above_bits))

    to.setattr(Reading, "quotient", quotient)


def else_on_missing(to: MonkeyPatch) -> None:
    def arm(test: str, held: Held, lines: Sequence[str] = (), before: Sequence[str] = ()) -> Arm:
        return Arm("False" if test.endswith(" is None") else test, held, list(lines), list(before))

    to.setattr(generated, "Arm", arm)


def sum_in_floats(to: MonkeyPatch) -> None:
    sound = Code.number

    def number(
        self: Code, above: str, below: str | int, test: str, bits: tuple[int, int], least: int | None = None
    ) -> Pair:
        added = f"{self.name_of(_as_float)}({above})" if " + " in above else above
        return sound(self, added, below, test, bits, least)

    to.setattr(Code, "number", number)


def _as_float(total: int) -> int:
    return int(float(total))
