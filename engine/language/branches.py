"""Branches of generated code: arms that all set the same variables, flat however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import lcm

from .code import NOTHING, Code, Held, NotGenerated, Pair, Plain, times

_WIDEST = 2**64
"""Denominators of arms are brought to one constant up to here; beyond it each arm sets its own."""

_ARMS_TOGETHER = 40
"""In one chain of ``elif``: Python reads a chain as conditions nested in each other."""


@dataclass(slots=True)
class Arm:
    """``lines`` come before ``held``, and both only where ``test`` holds; ``before`` comes before the test."""

    test: str
    held: Held
    lines: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)


class Targets:
    """The variables that several arms set, and what they hold then. Raises NotGenerated for arms of two kinds."""

    def __init__(self, code: Code, arms: Sequence[Held]) -> None:
        self.code = code
        known = [held for held in arms if held.nullable is False or not _is_nothing(held)]
        pairs = [held for held in known if isinstance(held, Pair)]
        nullable = any(held.nullable for held in arms)
        kinds = {held.kind for held in known if isinstance(held, Plain)} | ({"pair"} if pairs else set())
        if len(kinds) > 1:
            raise NotGenerated("arms of two kinds")
        name = code.fresh("n" if pairs else "v")
        self.held: Held
        if not pairs:
            self.held = Plain(next(iter(kinds), NOTHING), name, nullable)
            return
        below = _common([held.below for held in pairs])
        bits = max(held.above_bits for held in pairs)
        signs = [held.least for held in pairs]
        least = None if None in signs else min(sign for sign in signs if sign is not None)
        if below is None:
            below_bits = max(held.below_bits for held in pairs)
            self.held = Pair(name, code.fresh("d"), nullable, bits, below_bits, least)
        else:
            scaled = [held.above_bits + (below // _whole(held.below)).bit_length() for held in pairs]
            self.held = Pair(name, below, nullable, max(scaled), below.bit_length(), least)

    def set_to(self, held: Held) -> list[str]:
        """The lines that set the variables to this arm."""
        target = self.held
        name = target.code if isinstance(target, Plain) else target.above
        lines = [f"{name} = {self.value(held)}"]
        if isinstance(target, Pair) and isinstance(target.below, str):
            lines.append(f"{target.below} = {held.below if isinstance(held, Pair) else 1}")
        return lines

    def value(self, held: Held) -> str:
        """What the first of the variables is set to."""
        if not isinstance(self.held, Pair) or not isinstance(held, Pair):
            return "None" if isinstance(self.held, Pair) else held.code if isinstance(held, Plain) else str(held.above)
        if isinstance(self.held.below, str):
            return str(held.above)
        factor = self.held.below // _whole(held.below)
        above = times(factor, held.above)
        return f"None if {held.above} is None else {above}" if held.nullable and factor != 1 else above


def _is_nothing(held: Held) -> bool:
    return isinstance(held, Plain) and held.kind == NOTHING


def _whole(below: str | int) -> int:
    assert isinstance(below, int)
    return below


def _common(belows: Sequence[str | int]) -> int | None:
    """The constant denominator that all can have."""
    shared = 1
    for below in belows:
        if isinstance(below, str):
            return None
        shared = lcm(shared, below)
    return shared if shared <= _WIDEST else None


def branched(code: Code, arms: Sequence[Arm], rest: Held, rest_lines: Sequence[str] = ()) -> Held:
    """Puts the branches: the first arm whose test holds, or the rest."""
    arms = list(arms)
    while arms and not rest_lines and _is_nothing(rest) and _gives_nothing(arms[-1]):
        arms.pop()
    targets = Targets(code, [*(arm.held for arm in arms), rest])
    last = [*rest_lines, *targets.set_to(rest)]
    if not arms:
        code.put(*last)
        return targets.held
    groups = _grouped(arms)
    going = code.fresh("g") if len(groups) > 1 else ""
    for i, group in enumerate(groups):
        final = i == len(groups) - 1
        lines = [*group[0].before]
        for j, arm in enumerate(group):
            lines += _under(f"{'elif' if j else 'if'} {arm.test}:", [*arm.lines, *targets.set_to(arm.held)])
        lines += _under("else:", last if final else [f"{going} = True"])
        reset = [f"{going} = False"] if going and not final else []
        if i == 0:
            code.put(*reset, *lines)
        else:
            code.put_under(f"if {going}:", [*reset, *lines])
    return targets.held


def _gives_nothing(arm: Arm) -> bool:
    return _is_nothing(arm.held) and not arm.lines and not arm.before


def _grouped(arms: Sequence[Arm]) -> list[list[Arm]]:
    groups: list[list[Arm]] = []
    for arm in arms:
        if not groups or arm.before or len(groups[-1]) == _ARMS_TOGETHER:
            groups.append([])
        groups[-1].append(arm)
    return groups


def _under(head: str, lines: Sequence[str]) -> list[str]:
    return [head, *[" " + line for line in lines]]
