"""The steps of a columnar computation: a graph in which equal steps are one, each with its range and its missingness.

A step of a whole number is proven to fit its width when it is made. Of every step it is known which others, missing,
make it missing; a guard that would only repeat that is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ..ranges import Range, TooWide, Width, width

Constant: TypeAlias = int | bool | str | None
Missing: TypeAlias = frozenset[int] | None
"""Ids of steps; None is all there are (for the constant that is always missing)."""

INTEGER, TRUTH, TEXT = "integer", "truth", "text"
NOTHING: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """``op`` over the results of ``args``; ``data`` is a constant, a column's name, or what else the op needs.

    It is missing exactly where one of ``missing_by`` is, and at least where one of ``missing_with`` is. Dates are
    whole numbers: days since 1970-01-01.
    """

    id: int
    op: str
    kind: str
    args: tuple[Step, ...]
    data: object
    range: Range
    width: Width
    """Of the computation: that of the result and of every argument."""
    stored: Width
    """Of the result, as it comes out: it is not made narrower again, but for what took 128 bits and needs 64."""
    missing_by: frozenset[int]
    missing_with: Missing
    varies: bool
    """Whether rows can differ: it is computed from a column."""

    @property
    def nullable(self) -> bool:
        return bool(self.missing_by)

    @property
    def is_constant(self) -> bool:
        return self.op == "constant"


def columns_below(steps: Iterable[Step]) -> dict[str, int]:
    """The columns of whole numbers that the steps are computed from, with the bits that their values need."""
    found: set[Step] = set()
    waiting = list(steps)
    while waiting:
        step = waiting.pop()
        if step not in found:
            found.add(step)
            waiting.extend(step.args)
    return {str(step.data): step.range.bits for step in found if step.op == "column" and step.kind == INTEGER}


def implied(by: frozenset[int], missing: Missing) -> bool:
    """Whether what is missing by ``by`` is among ``missing``."""
    return missing is None or by <= missing


def meet(one: Missing, other: Missing) -> Missing:
    if one is None or other is None:
        return other if one is None else one
    return one & other


def join(sets: Sequence[Missing]) -> Missing:
    found: set[int] = set()
    for one in sets:
        if one is None:
            return None
        found |= one
    return frozenset(found)


TRUTHS = Range(0, 1)


class Graph:
    """Makes steps; the same op over the same steps is the same step."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], Step] = {}

    def column(self, name: str, kind: str, range: Range = TRUTHS, *, wide: Width = 64, nullable: bool = True) -> Step:
        """A column of the frame that the steps will be run over; whole numbers stand there in ``wide`` bits."""
        return self._made("column", kind, (), name, range, nullable=nullable, least=wide)

    def constant(self, value: Constant, kind: str = "") -> Step:
        """None is always missing, of whatever ``kind``."""
        if value is None:
            return self._made("constant", kind, (), None, Range(0, 0), nullable=True)
        if isinstance(value, bool):
            return self._made("constant", TRUTH, (), value, TRUTHS)
        if isinstance(value, int):
            return self._made("constant", INTEGER, (), value, Range(value, value))
        return self._made("constant", TEXT, (), value, TRUTHS)

    # whole numbers

    def add(self, left: Step, right: Step) -> Step:
        if left.is_constant and right.is_constant:
            return self._folded(left, right, int.__add__)
        if _is(left, 0) or _is(right, 0):
            return right if _is(left, 0) else left
        return self._strict("add", INTEGER, (left, right), left.range + right.range)

    def subtract(self, left: Step, right: Step) -> Step:
        if left.is_constant and right.is_constant:
            return self._folded(left, right, int.__sub__)
        return left if _is(right, 0) else self._strict("subtract", INTEGER, (left, right), left.range - right.range)

    def multiply(self, left: Step, right: Step) -> Step:
        if left.is_constant and right.is_constant:
            return self._folded(left, right, int.__mul__)
        if _is(left, 1) or _is(right, 1):
            return right if _is(left, 1) else left
        if right.is_constant:
            left, right = right, left
        if left.is_constant and right.op == "where" and all(arm.is_constant for arm in right.args[1:]):
            then, otherwise = (self.multiply(left, arm) for arm in right.args[1:])
            return self.where(right.args[0], then, otherwise)
        if right.id < left.id:
            left, right = right, left
        return self._strict("multiply", INTEGER, (left, right), left.range * right.range)

    def floor_divide(self, number: Step, divisor: Step) -> Step:
        """``divisor`` is positive wherever ``number`` is not missing."""
        if _is(divisor, 1):
            return number
        if number.is_constant and divisor.is_constant:
            return self._folded(number, divisor, int.__floordiv__)
        return self._strict("floor_divide", INTEGER, (number, divisor), number.range.over(divisor.range))

    def magnitude(self, number: Step) -> Step:
        if number.range.low >= 0:
            return number
        return self._strict("magnitude", INTEGER, (number,), number.range.magnitude())

    def truth_as_number(self, truth: Step) -> Step:
        return self._strict("truth_as_number", INTEGER, (truth,), TRUTHS)

    def filled(self, divisor: Step) -> Step:
        """A positive divisor everywhere: 1 where it is missing or not positive."""
        if divisor.range.low >= 1 and not divisor.nullable:
            return divisor
        return self._made("filled", INTEGER, (divisor,), None, divisor.range.at_least(1))

    # of any kind

    def where(self, condition: Step, then: Step, otherwise: Step) -> Step:
        """Missing where the condition is."""
        if condition.is_constant:
            if condition.data is None:
                return self.constant(None, then.kind)
            return then if condition.data else otherwise
        if then is otherwise and not condition.nullable:
            return then
        if condition.op == "is_missing" and then.is_constant and then.data is None:
            return self.where_present(condition.args[0], otherwise)
        if _is_word(then) and _is_word(otherwise) and "lookup" in (then.op, otherwise.op):
            words, (one, other) = self._numbered(then, otherwise)
            return self.lookup(self.where(condition, one, other), words, TEXT)
        guarded = condition.nullable and not implied(condition.missing_by, otherwise.missing_with)
        op = "where_guarded" if guarded else "where"
        both = meet(then.missing_with, otherwise.missing_with)
        return self._made(
            op,
            then.kind or otherwise.kind,
            (condition, then, otherwise),
            None,
            _union(then, otherwise),
            nullable=condition.nullable or then.nullable or otherwise.nullable,
            missing_with=join([condition.missing_with, both]),
        )

    def _numbered(self, *texts: Step) -> tuple[tuple[Constant, ...], list[Step]]:
        """Texts that are one of a few words, as numbers of those words."""
        words: list[Constant] = []
        numbers = []
        for text in texts:
            if text.op == "lookup":
                own: tuple[Constant, ...] = text.data  # type: ignore[assignment]
                numbers.append(self.add(text.args[0], self.constant(len(words))))
                words += own
            elif text.data is None:
                numbers.append(self.constant(None, INTEGER))
            else:
                numbers.append(self.constant(len(words)))
                words.append(text.data)  # type: ignore[arg-type]
        return tuple(words), numbers

    def only_where(self, condition: Step, value: Step) -> Step:
        """``value`` where the condition holds, else missing."""
        if condition.is_constant and condition.data is True:
            return value
        known = join([condition.missing_with, value.missing_with])
        kind, args = value.kind, (condition, value)
        return self._made("only_where", kind, args, None, value.range, nullable=True, missing_with=known)

    def bounded(self, number: Step, range: Range) -> Step:
        """The same values, which for a reason that intervals do not show lie in ``range``."""
        low, high = max(number.range.low, range.low), min(number.range.high, range.high)
        return self._strict("bounded", INTEGER, (number,), Range(low, max(low, high)), (low, high))

    def where_present(self, given: Step, value: Step) -> Step:
        """``value`` where ``given`` is not missing."""
        known = join([given.missing_with, value.missing_with])
        kind, args = value.kind, (given, value)
        return self._made("where_present", kind, args, None, value.range, nullable=True, missing_with=known)

    def coalesce(self, first: Step, second: Step) -> Step:
        if not first.nullable:
            return first
        if first.is_constant:
            return second
        both = meet(first.missing_with, second.missing_with)
        args, range = (first, second), _union(first, second)
        return self._made("coalesce", first.kind, args, None, range, nullable=second.nullable, missing_with=both)

    def lookup(self, index: Step, values: tuple[Constant, ...], kind: str) -> Step:
        """``values[index]``; missing where the index is, or the value."""
        if index.is_constant:
            found = values[index.data] if isinstance(index.data, int) else None
            return self.constant(found, kind)
        numbers = [value for value in values if isinstance(value, int)] or [0]
        range = Range(min(numbers), max(numbers)) if kind == INTEGER else TRUTHS
        nullable = index.nullable or None in values
        known = index.missing_with
        return self._made("lookup", kind, (index,), values, range, nullable=nullable, missing_with=known)

    # truths

    def compare(self, op: str, left: Step, right: Step) -> Step:
        """``op`` of ``== != < <= > >=`` on whole numbers; ``== !=`` on texts and truths."""
        if left.is_constant and right.is_constant:
            return self._compared(op, left.data, right.data)
        if left.op == "lookup" and right.is_constant and right.data is not None:
            values: tuple[Constant, ...] = left.data  # type: ignore[assignment]
            told = tuple(None if value is None else COMPARE[op](value, right.data) for value in values)
            return self.lookup(left.args[0], told, TRUTH)
        return self._strict("compare", TRUTH, (left, right), TRUTHS, op)

    def is_in(self, text: Step, words: tuple[str, ...]) -> Step:
        if text.op == "lookup":
            values: tuple[Constant, ...] = text.data  # type: ignore[assignment]
            told = tuple(None if value is None else value in words for value in values)
            return self.lookup(text.args[0], told, TRUTH)
        return self._strict("is_in", TRUTH, (text,), TRUTHS, words)

    def _compared(self, op: str, left: object, right: object) -> Step:
        if left is None or right is None:
            return self.constant(None, TRUTH)
        return self.constant(COMPARE[op](left, right))

    def known(self, value: bool, where: Step) -> Step:
        """``value`` wherever ``where`` is not missing."""
        if not where.nullable:
            return self.constant(value)
        return self._strict("known", TRUTH, (where,), TRUTHS, value)

    def is_missing(self, step: Step) -> Step:
        if not step.nullable:
            return self.constant(False)
        if step.is_constant:
            return self.constant(True)
        return self._made("is_missing", TRUTH, (step,), None, TRUTHS)

    def negate(self, truth: Step) -> Step:
        if truth.is_constant:
            return truth if truth.data is None else self.constant(not truth.data)
        return self._strict("negate", TRUTH, (truth,), TRUTHS)

    def all_of(self, truths: Sequence[Step]) -> Step:
        return self._logic("all_of", truths, decided=False)

    def any_of(self, truths: Sequence[Step]) -> Step:
        return self._logic("any_of", truths, decided=True)

    def _logic(self, op: str, truths: Sequence[Step], *, decided: bool) -> Step:
        if any(truth.is_constant and truth.data is decided for truth in truths):
            return self.constant(decided)
        open_ = [truth for truth in dict.fromkeys(truths) if not (truth.is_constant and truth.data is not None)]
        if not open_:
            return self.constant(not decided)
        if len(open_) == 1:
            return open_[0]
        both: Missing = None
        for truth in open_:
            both = meet(both, truth.missing_with)
        nullable = any(truth.nullable for truth in open_)
        return self._made(op, TRUTH, tuple(open_), None, TRUTHS, nullable=nullable, missing_with=both)

    def first_true(self, truths: Sequence[Step], default: int | None = None) -> Step:
        """The index of the first that is true. Where none is: ``default`` if all are decided, else missing."""
        range = Range(0, max(len(truths) - 1, default or 0))
        nullable = default is None or any(truth.nullable for truth in truths)
        return self._made("first_true", INTEGER, tuple(truths), default, range, nullable=nullable)

    def how_many_true(self, truths: Sequence[Step]) -> Step:
        """How many are true; what is missing is not."""
        return self._made("how_many_true", INTEGER, tuple(truths), None, Range(0, len(truths)))

    # texts and days

    def lower(self, text: Step) -> Step:
        """In small letters; of a few words that are written out, each once."""
        if text.op == "lookup":
            values: tuple[Constant, ...] = text.data  # type: ignore[assignment]
            return self.lookup(text.args[0], tuple(_small(value) for value in values), TEXT)
        if text.is_constant and isinstance(text.data, str):
            return self.constant(_small(text.data))
        return self.special("lower", TEXT, (text,))

    def special(self, op: str, kind: str, args: tuple[Step, ...], data: object = None, range: Range = TRUTHS) -> Step:
        """An op that is missing exactly where one of its arguments is."""
        return self._strict(op, kind, args, range, data)

    # how steps are made

    def _folded(self, left: Step, right: Step, verb: Callable[[int, int], int]) -> Step:
        if not isinstance(left.data, int) or not isinstance(right.data, int):
            return self.constant(None, INTEGER)
        return self.constant(verb(left.data, right.data))

    def _strict(self, op: str, kind: str, args: tuple[Step, ...], range: Range, data: object = None) -> Step:
        """A step that is missing exactly where one of ``args`` is."""
        if any(step.is_constant and step.data is None for step in args):
            return self.constant(None, kind)
        by = frozenset().union(*(step.missing_by for step in args))
        key = op, tuple(step.id for step in args), data, type(data)
        if key not in self._known:
            known = join([step.missing_with for step in args])
            self._keep(key, op, kind, args, data, range, by, known)
        return self._known[key]

    def _made(
        self,
        op: str,
        kind: str,
        args: tuple[Step, ...],
        data: object,
        range: Range,
        *,
        nullable: bool = False,
        missing_with: Missing = NOTHING,
        least: Width = 32,
    ) -> Step:
        """A step that, where it can be missing, is so for reasons of its own."""
        key = op, kind, tuple(step.id for step in args), data, type(data)
        if key not in self._known:
            own = frozenset({len(self._known)}) if nullable else NOTHING
            always = op == "constant" and data is None
            known = None if always else join([own, missing_with]) if nullable else NOTHING
            self._keep(key, op, kind, args, data, range, own, known, least)
        return self._known[key]

    def _keep(
        self,
        key: tuple[object, ...],
        op: str,
        kind: str,
        args: tuple[Step, ...],
        data: object,
        range: Range,
        by: frozenset[int],
        known: Missing,
        least: Width = 32,
    ) -> None:
        # what is only looked at, or is an index, has a width of its own
        numbers = () if op == "lookup" else args[1:] if op == "where_present" else args
        beside = [step for step in numbers if step.kind == INTEGER]
        ranges = [step.range for step in beside] + ([range] if kind == INTEGER else [TRUTHS])
        try:
            wide = width(min(r.low for r in ranges), max(r.high for r in ranges))
        except TooWide:
            raise TooWide(columns_below(args)) from None
        wide = max(wide, least, *(step.stored for step in beside if not step.is_constant), 0)
        own = width(range.low, range.high) if kind == INTEGER else wide
        stored = 64 if wide == 128 and own < 128 and op != "column" else wide
        varies = op == "column" or any(step.varies for step in args)
        self._known[key] = Step(len(self._known), op, kind, args, data, range, wide, stored, by, known, varies)


COMPARE: dict[str, Callable[[object, object], bool]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,  # type: ignore[operator]
    "<=": lambda a, b: a <= b,  # type: ignore[operator]
    ">": lambda a, b: a > b,  # type: ignore[operator]
    ">=": lambda a, b: a >= b,  # type: ignore[operator]
}


def _is(step: Step, value: int) -> bool:
    return step.is_constant and step.data == value and step.data is not None


def _small(text: Constant) -> Constant:
    return text.lower() if isinstance(text, str) else text


def _is_word(step: Step) -> bool:
    """One of a few words that are written out."""
    return step.kind == TEXT and (step.op == "lookup" or step.is_constant)


def _union(one: Step, other: Step) -> Range:
    if one.is_constant and one.data is None:
        return other.range
    return one.range if other.is_constant and other.data is None else one.range.union(other.range)
