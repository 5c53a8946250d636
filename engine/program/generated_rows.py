"""Measures over an account's rows as generated code: one loop over a table, one value out of it for each measure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import ceil, gcd, lcm

from ..language.code import Code, Held, NotGenerated, Pair, Plain, absent, times
from ..language.generated import DOOR_BITS, Reading, Replay, taken_in
from ..language.types import BOOLEAN, DATE, NUMBER, TEXT
from ..periods import Period
from ..tables.shape import NUMERIC, Shape
from .aggregate import unbroken
from .compile import Aggregate

_COUNT_BITS = 40
"""Of a number of rows."""


def aggregated(
    reading_of: Callable[[Mapping[str, Held]], Reading],
    names: Mapping[str, Held],
    shape: Shape,
    measures: Sequence[tuple[Aggregate, Period | None]],
    rows: str,
    as_of: date,
) -> list[Held]:
    """The values of measures, each with its window, over the same ``rows``."""
    code = reading_of(names).code
    needed = {name for definition, _ in measures for name in _reads(definition)}
    cells, pattern = cells_of(code, shape, needed)
    reading = reading_of({**names, **cells})
    verbs = []
    with code.aside() as body:
        for definition, window in measures:
            day = cells[definition.dated_by] if definition.dated_by else None
            tests = _day_tests(shape, definition, day, window, as_of, code)
            verbs.append(verb := _Verb(code, definition.verb))
            with code.aside() as kept:
                _take(reading, definition, verb, day.code if isinstance(day, Plain) else "")
            _put_where(code, tests, kept)
    code.put(*(line for verb in verbs for line in verb.before))
    code.put_under(f"for {pattern} in {rows}:", body)
    return [verb.result(reading) for verb in verbs]


def _reads(definition: Aggregate) -> set[str]:
    read = [e for e in (definition.what, definition.where, definition.over) if e is not None]
    return {name for expression in read for name in expression.names} | {definition.dated_by or ""}


def _put_where(code: Code, tests: list[str], lines: list[str]) -> None:
    if tests:
        code.put_under(f"if {' and '.join(tests)}:", lines)
    else:
        code.put(*lines)


def _day_tests(
    shape: Shape, definition: Aggregate, day: Held | None, window: Period | None, as_of: date, code: Code
) -> list[str]:
    """Whether a row's day counts: as ``Book.in_window`` has it. Rows later than ``as_of`` were never read."""
    if not isinstance(day, Plain):
        return ["False"] if window else []
    never_later = definition.dated_by == shape.dated_by
    if window is None:
        test = f"{day.code} <= {code.name_of(as_of)}"
        return [] if never_later else [f"({day.code} is None or {test})" if day.nullable else test]
    within = f"{code.name_of(window.start)} <= {day.code}"
    if not never_later or window.before <= as_of:
        within += f" < {code.name_of(window.before)}"
    return [f"{day.code} is not None", within] if day.nullable else [within]


def _take(reading: Reading, definition: Aggregate, verb: _Verb, day: str) -> None:
    """Rows whose condition does not hold, or that lack a value, are not taken."""
    code = reading.code
    if definition.where is not None:
        holds = reading.of(definition.where.root)
        if not isinstance(holds, Plain):
            raise NotGenerated("a number where a condition must be")
        with code.aside() as lines:
            _take_value(reading, definition, verb, day)
        code.put_under(f"if {holds.code}:", lines)
    else:
        _take_value(reading, definition, verb, day)


def _take_value(reading: Reading, definition: Aggregate, verb: _Verb, day: str) -> None:
    code = reading.code
    value = reading.of(definition.what.root) if definition.what is not None else code.constant(True)
    value = code.bound(value) if isinstance(value, Plain) else value
    over = reading.of(definition.over.root) if definition.over is not None else None
    missing = absent([value, over] if over is not None else [value])
    lines = verb.take(value, over, day)
    _put_where(code, [f"not ({missing})"] if missing else [], lines)


class _Verb:
    """What a verb keeps while it takes values: ``before`` sets it up, ``take`` are the lines for one value."""

    def __init__(self, code: Code, verb: str) -> None:
        self.code, self.verb = code, verb
        self.total, self.count, self.over = code.fresh("s"), code.fresh("s"), code.fresh("s")
        self.day = code.fresh("v")
        self.value: Held | None = None
        self.divisor: Held | None = None
        self.before = [f"{self.total} = {self._start()}"]
        if verb in ("average", "share"):
            self.before.append(f"{self.count} = 0")

    def _start(self) -> str:
        if self.verb == "distinct":
            return f"{self.code.name_of(set)}()"
        if self.verb == "since":
            return "[]"
        return {"count": "0", "sum": "0", "average": "0", "share": "0", "any": "False"}.get(self.verb, "None")

    def take(self, value: Held, over: Held | None, day: str) -> list[str]:
        """The lines that take a value that is there."""
        self.value, self.divisor = value, over
        if self.verb == "since" and isinstance(value, Plain) and isinstance(over, Plain):
            return [f"{self.total}.append(({value.code}, {over.code}))"]
        self.before += self._below(self.total, value) + (self._below(self.over, over) if over is not None else [])
        if isinstance(value, Pair):
            return self._take_number(value, over, day)
        match self.verb:
            case "count":
                return [f"if {value.code} is not False: {self.total} += 1"]
            case "any":
                return [f"if {value.code}: {self.total} = True"]
            case "share":
                return [f"{self.count} += 1", f"if {value.code}: {self.total} += 1"]
            case "distinct":
                return [f"{self.total}.add({value.code})"]
            case "min" | "max" | "latest" | "earliest":
                return self._keep(f"{value.code} {self._better()} {self.total}", [f"{self.total} = {value.code}"], day)
            case _:
                raise NotGenerated(f"{self.verb} of what is no number")

    def _take_number(self, value: Pair, over: Held | None, day: str) -> list[str]:
        match self.verb:
            case "count":
                return [f"{self.total} += 1"]
            case "distinct":
                return [f"{self.total}.add({self.code.name_of(Fraction)}({value.above}, {value.below}))"]
            case "sum" | "average":
                more = self._add(self.over, over) if isinstance(over, Pair) else []
                counted = [f"{self.count} += 1"] if self.verb == "average" else []
                return [*self._add(self.total, value), *counted, *more]
            case "min" | "max" | "latest" | "earliest":
                below = f"{self.total}d" if isinstance(value.below, str) else value.below
                better = f"{times(value.above, below)} {self._better()} {times(self.total, value.below)}"
                if isinstance(value.below, int):
                    better = f"{value.above} {self._better()} {self.total}"
                kept = [f"{self.total} = {value.above}"]
                kept += [f"{self.total}d = {value.below}"] if isinstance(value.below, str) else []
                return self._keep(better, kept, day)
            case _:
                raise NotGenerated(f"{self.verb} of numbers")

    def _better(self) -> str:
        return "<" if self.verb == "min" else ">"

    def _keep(self, better: str, lines: list[str], day: str) -> list[str]:
        """Of rows on one day, the later in the file counts for ``latest``, the earlier for ``earliest``."""
        if self.verb in ("min", "max"):
            return [f"if {self.total} is None or {better}:", *(" " + line for line in lines)]
        if not day:
            return ["pass"]
        order = ">=" if self.verb == "latest" else "<"
        self.before.append(f"{self.day} = None")
        test = f"{day} is not None and ({self.day} is None or {day} {order} {self.day})"
        return [f"if {test}:", f" {self.day} = {day}", *(" " + line for line in lines)]

    def _below(self, total: str, value: Held) -> list[str]:
        """What else a total of such values begins with: a sum at 0 over 1."""
        lines = [f"{total} = 0"] if total == self.over else []
        return [*lines, f"{total}d = 1"] if isinstance(value, Pair) and isinstance(value.below, str) else lines

    def _add(self, total: str, value: Pair) -> list[str]:
        if isinstance(value.below, int):
            return [f"{total} += {value.above}"]
        added = f"{self.code.name_of(_added)}({total}, {total}d, {value.above}, {value.below})"
        return [
            f"if {value.below} == {total}d: {total} += {value.above}",
            f"else: {total}, {total}d = {added}",
        ]

    def result(self, reading: Reading) -> Held:
        """The value after the loop; sums are held to the size of what comes from outside."""
        code, value = self.code, self.value
        match self.verb:
            case "count":
                return Pair(self.total, 1, False, _COUNT_BITS, 1, 0)
            case "distinct":
                return code.number(f"{code.name_of(len)}({self.total})", 1, "", (_COUNT_BITS, 1), 0)
            case "any":
                return Plain(BOOLEAN, self.total, False)
            case "since":
                return Plain(DATE, f"{code.name_of(unbroken)}({self.total})", True)
            case "share":
                return code.number(self.total, f"{self.count} or 1", f"not {self.count}", (_COUNT_BITS, _COUNT_BITS), 0)
            case "sum" if self.divisor is not None:
                return reading.quotient(self._sum(self.total, value), self._sum(self.over, self.divisor))
            case "sum":
                return self._sum(self.total, value)
            case "average":
                total = self._sum(self.total, value)
                below = times(total.below, f"({self.count} or 1)")
                bits = total.above_bits, total.below_bits + _COUNT_BITS
                return code.number(str(total.above), below, f"not {self.count}", bits, total.least)
            case _:
                return self._kept(value)

    def _sum(self, total: str, value: Held | None) -> Pair:
        if not isinstance(value, Pair):
            raise NotGenerated("a sum of what is no number")
        below: str | int = value.below if isinstance(value.below, int) else f"{total}d"
        large = [f"{part}.bit_length() > {DOOR_BITS}" for part in (total, below) if isinstance(part, str)]
        self.code.put(f"if {' or '.join(large)}: raise {self.code.name_of(Replay)}")
        bits = DOOR_BITS if isinstance(below, str) else below.bit_length()
        return Pair(total, below, False, DOOR_BITS, bits, None if value.least is None else 0)

    def _kept(self, value: Held | None) -> Held:
        if isinstance(value, Pair):
            below = f"{self.total}d" if isinstance(value.below, str) else value.below
            return Pair(self.total, below, True, value.above_bits, value.below_bits, value.least)
        assert value is not None
        return Plain(value.kind, self.total, True)


def _added(above: int, below: int, more: int, over: int) -> tuple[int, int]:
    """A sum over the least denominator that both have."""
    shared = lcm(below, over)
    above = above * (shared // below) + more * (shared // over)
    common = gcd(above, shared)
    return above // common, shared // common


def cells_of(code: Code, shape: Shape, needed: set[str]) -> tuple[dict[str, Held], str]:
    """Variables for the needed cells of a record, and the pattern that takes a record apart."""
    cells: dict[str, Held] = {}
    pattern = []
    for field in shape.fields:
        if field.name not in needed:
            pattern.append("_")
            continue
        kind = NUMBER if field.kind in NUMERIC else field.kind if field.kind in (DATE, BOOLEAN) else TEXT
        nullable = not (field.required or field.name == shape.key)
        least = None if field.at_least is None or field.at_least < 0 else min(ceil(field.at_least), 1)
        held = taken_in(code, kind, nullable=nullable, whole=field.kind == "integer", least=least)
        cells[field.name] = held
        if isinstance(held, Plain):
            pattern.append(held.code)
        else:
            pattern.append(str(held.above) if held.below == 1 else f"({held.above}, {held.below})")
    return cells, f"({', '.join(pattern)},)"
