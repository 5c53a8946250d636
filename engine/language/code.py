"""What generated code is made of: values as Python variables, lines, constants.

No text of an author becomes code: names are made here, and whatever is not a whole number stands in the table of
constants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, TypeAlias

from .tree import Value
from .types import BOOLEAN, DATE, TEXT

NOTHING = "nothing"
"""The kind of what is always missing."""

MOST_BITS = 6_000
"""As ``rowwise.MAX_BITS``: what could grow beyond it is not generated, since there the reference has missing."""

MOST_INDENTS = 80
"""Python reads up to 100."""


class NotGenerated(Exception):
    """What is to be computed is left to the reference: it could outgrow ``MOST_BITS``, or nests too deep."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A number: numerator and positive denominator, not reduced, each a variable or a whole number.

    The numerator alone is None where it is missing; the denominator is always there. ``bits`` bound them; ``least`` is
    1 of a numerator that is always positive, 0 of one that is never negative, else None.
    """

    above: str | int
    below: str | int
    nullable: bool
    above_bits: int
    below_bits: int
    least: int | None = None


@dataclass(frozen=True, slots=True)
class Plain:
    """A truth, a date or a text: any code, to be used once; ``bound`` makes a variable of it. ``known`` is a constant's
    value in a tuple of one."""

    kind: str
    code: str
    nullable: bool
    known: tuple[Value, ...] = ()


Held: TypeAlias = Pair | Plain

MISSING = Plain(NOTHING, "None", True, (None,))


def constant_of(held: Held) -> tuple[Value, ...]:
    """The value of a constant in a tuple of one; an empty tuple for what varies."""
    if isinstance(held, Plain):
        return held.known
    if isinstance(held.above, int) and isinstance(held.below, int):
        return (Fraction(held.above, held.below),)
    return ()


def known(value: Fraction) -> Pair:
    """A number that is the same for every row."""
    above, below = value.numerator, value.denominator
    return Pair(above, below, False, above.bit_length(), below.bit_length(), min(above, 1) if above >= 0 else None)


def times(*factors: str | int) -> str:
    """The code of a product; ones are left out."""
    whole, names = 1, []
    for factor in factors:
        if isinstance(factor, int):
            whole *= factor
        else:
            names.append(factor)
    if not names or whole == 0:
        return f"({whole})"
    return " * ".join([*([f"({whole})"] if whole != 1 else []), *names])


def absent(helds: Iterable[Held]) -> str:
    """The code of the test whether one of these is missing; empty where none can be. Each must be bound."""
    codes = [str(h.above) if isinstance(h, Pair) else h.code for h in helds if h.nullable]
    return " or ".join(f"{code} is None" for code in dict.fromkeys(codes))


def given(test: str, code: str) -> str:
    """``code``, or None where ``test`` holds."""
    return f"None if {test} else {code}" if test else code


class Code:
    """Lines of one function, with the constants they name."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.constants: dict[str, object] = {}
        self._named: dict[tuple[type, object], str] = {}
        self._variables: dict[str, str] = {}
        self._count = self._depth = 0

    def fresh(self, letter: str = "v") -> str:
        self._count += 1
        return f"{letter}{self._count}"

    def put(self, *lines: str) -> None:
        self.lines.extend(lines)

    def put_under(self, head: str, lines: Iterable[str]) -> None:
        """``head`` and ``lines`` one step further in; nothing to do is ``pass``."""
        self.put(head, *[" " + line for line in lines or ("pass",)])

    @contextmanager
    def aside(self) -> Iterator[list[str]]:
        """What is put meanwhile goes into the list that is given, to stand under some condition."""
        outside, self.lines = self.lines, []
        self._depth += 1
        try:
            yield self.lines
        finally:
            self.lines = outside
            self._depth -= 1

    def name_of(self, value: object) -> str:
        """The name of a constant. Texts and dates that are equal share one; whatever else is its own."""
        key = (type(value), value) if isinstance(value, str | date) else (object, id(value))
        if key not in self._named:
            self._named[key] = name = f"k{len(self.constants)}"
            self.constants[name] = value
        return self._named[key]

    def constant(self, value: Value) -> Held:
        if value is None:
            return MISSING
        if isinstance(value, bool):
            return Plain(BOOLEAN, str(value), False, (value,))
        if isinstance(value, Fraction):
            return known(value)
        return Plain(DATE if isinstance(value, date) else TEXT, self.name_of(value), False, (value,))

    def bound(self, held: Plain) -> Plain:
        """The same in a variable or as a constant, to be used as often as needed."""
        if held.known or held.code.isidentifier():
            return held
        return Plain(held.kind, self.variable("v", held.code), held.nullable)

    def variable(self, letter: str, code: str) -> str:
        """A variable for what ``code`` gives; what is computed under no condition is not computed again."""
        if code in self._variables:
            return self._variables[code]
        name = self.fresh(letter)
        self.put(f"{name} = {code}")
        if not self._depth:
            self._variables[code] = name
        return name

    def number(self, above: str, below: str | int, test: str, bits: tuple[int, int], least: int | None = None) -> Pair:
        """A number in variables, missing where ``test`` holds. Raises NotGenerated where it could grow too large."""
        if max(bits) > MOST_BITS:
            raise NotGenerated(f"numbers of {max(bits):,} bits")
        name = above if above.isidentifier() and not test else self.variable("n", given(test, above))
        if isinstance(below, str) and not below.isidentifier():
            below = self.variable("d", below)
        return Pair(name, below, bool(test), *bits, least)

    def function(self, parameters: str, result: str) -> Callable[..., Any]:
        """The function of these lines; its constants are default values, since locals are read the quickest. Raises
        NotGenerated where they nest too deep for Python."""
        body = [*self.lines, f"return {result}"]
        if max(len(line) - len(line.lstrip()) for line in body) > MOST_INDENTS:
            raise NotGenerated("conditions nested too deep")
        known = "".join(f", {name}={name}" for name in self.constants)
        source = "\n".join([f"def generated({parameters}{known}):", *[" " + line for line in body]])
        space: dict[str, Any] = {"__builtins__": {}, **self.constants}
        try:
            exec(compile(source, "<generated>", "exec"), space)  # noqa: S102 - made of generated names and whole numbers
        except (RecursionError, MemoryError, SyntaxError) as failure:
            raise NotGenerated(f"Python cannot hold it: {failure}") from failure
        generated: Callable[..., Any] = space["generated"]
        return generated
