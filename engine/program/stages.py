"""The stages of a lifecycle as plain expressions, so that every reading of the language can read them.

An account is in the first stage that is for it and is not done. Two hidden names hold what the facts are made of: the
number of that stage, and for each stage before it the day on which it was left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from ..language.tree import Call, Choose, Compare, Logic, Name, Node
from ..language.types import DATE, TEXT, Type, number
from ..periods import Duration
from ..policy.model_life import BEHIND, ON_TRACK, STUCK, Lifecycle, Stage
from .lowering import is_missing, literal

AS_OF = Name("as_of")
A_DAY = Type(DATE, nullable=True)
Lowered = tuple[str, Node, str, Type]
"""A name, what it is, how that is told, and its type."""


def number_name(life: Lifecycle) -> str:
    """The hidden name of the number of an account's stage; one more than there are once all are done."""
    return f"{life.fact}: number"


def left_name(life: Lifecycle, stage: Stage) -> str:
    return f"{life.fact}: left {stage.name}"


def lowered(life: Lifecycle) -> Iterator[Lowered]:
    """The facts of a lifecycle with the hidden names they read, each after those it reads."""
    yield number_name(life), _number(life), f"number of the stage in {life.name}", number(nullable=True)
    names = Type(TEXT, nullable=True, one_of=tuple(stage.name for stage in life.stages))
    yield life.fact, _stage(life), f"stage of {life.name}", names
    left = [(i, stage) for i, stage in enumerate(life.stages[:-1], start=1) if stage.done is not None]
    for i, stage in left:
        yield left_name(life, stage), _left(life, i, stage), f"day on which {stage.name} was left", A_DAY
    days = [life.starts.root, *(Name(left_name(life, stage)) for _, stage in left)]
    since = Choose(is_missing(Name(life.fact)), literal(None), _latest(days))
    yield life.since_name, since, f"first day in the stage of {life.name}", A_DAY
    words = Type(TEXT, nullable=True, one_of=(ON_TRACK, BEHIND, STUCK))
    yield life.status_name, _status(life), f"how the stage of {life.name} goes", words


def _number(life: Lifecycle) -> Node:
    rest: Node = literal(Fraction(len(life.stages) + 1))
    for i, stage in reversed(list(enumerate(life.stages, start=1))):
        here = literal(Fraction(i))
        undone = _undone(stage)
        if stage.when is not None:
            rest = Choose(Choose(stage.when.root, undone or literal(True), literal(False)), here, rest)
        else:
            rest = here if undone is None else Choose(undone, here, rest)
    begun = Choose(Compare(("<=",), (life.starts.root, AS_OF)), rest, literal(None))
    return Choose(life.population.root, begun, literal(None)) if life.population is not None else begun


def _undone(stage: Stage) -> Node | None:
    """Without its day a stage is not done; None where it never is."""
    if stage.done is None:
        return None
    return Call("coalesce", (Compare((">",), (stage.done.root, AS_OF)), literal(True)))


def _is(life: Lifecycle, i: int) -> Node:
    return Compare(("==",), (Name(number_name(life)), literal(Fraction(i))))


def _stage(life: Lifecycle) -> Node:
    found: Node = literal(None)
    for i, stage in reversed(list(enumerate(life.stages, start=1))):
        found = Choose(_is(life, i), literal(stage.name), found)
    return found


def _left(life: Lifecycle, i: int, stage: Stage) -> Node:
    """The day on which the account left the stage; that on which its life began where it was never in it."""
    assert stage.done is not None
    was: Node = Compare((">",), (Name(number_name(life)), literal(Fraction(i))))
    if stage.when is not None:
        was = Logic("and", (was, stage.when.root))
    return Choose(was, stage.done.root, life.starts.root)


def _latest(days: Sequence[Node]) -> Node:
    """A balanced comparison, so that depth grows with the logarithm of the length."""
    if len(days) == 1:
        return days[0]
    half = len(days) // 2
    one, other = _latest(days[:half]), _latest(days[half:])
    return Choose(Compare((">",), (one, other)), one, other)


def _status(life: Lifecycle) -> Node:
    found: Node = literal(ON_TRACK)
    for i, stage in reversed(list(enumerate(life.stages, start=1))):
        if stage.expect is not None or stage.stuck is not None:
            found = Choose(_is(life, i), _pace(life, stage), found)
    return Choose(is_missing(Name(life.fact)), literal(None), found)


def _pace(life: Lifecycle, stage: Stage) -> Node:
    found: Node = literal(ON_TRACK)
    for length, word in ((stage.expect, BEHIND), (stage.stuck, STUCK)):
        if length is not None:
            found = Choose(_longer(life, length), literal(word), found)
    return found


def _longer(life: Lifecycle, length: Duration) -> Node:
    """Whether the account has been in its stage for longer; a length that leaves the calendar is never over."""
    verb = "add_days" if length.unit in ("days", "weeks") else "add_months"
    count = Fraction(length.count * {"weeks": 7, "years": 12}.get(length.unit, 1))
    last = Call(verb, (Name(life.since_name), literal(count)))
    return Call("coalesce", (Compare(("<",), (last, AS_OF)), literal(False)))
