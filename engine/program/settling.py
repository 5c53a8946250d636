"""The settling of grades as plain expressions: a new grade counts once its edge has been passed by so much, so long.

All is said of levels, whole numbers that rise with the score, under hidden names that no author can write.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from ..language.tree import Arithmetic, Call, Choose, Compare, Literal, Logic, Name, Node, Not
from ..language.types import BOOLEAN, DATE, NUMBER, TEXT
from ..periods import Duration
from ..policy.model_health import Health, Settle
from ..policy.model_pay import Bands
from . import lowering
from .lowering import is_missing, literal

NOTHING = literal(None)
BEFORE = {"grade": TEXT, "since": DATE, "pending": TEXT, "pending_since": DATE}
"""What is remembered of a grade, by the names of ``memory.EarlierGrade``, with its kind."""


@dataclass(frozen=True, slots=True)
class Settling:
    """The hidden names of one policy: the grade by the score ``of_day`` alone, since when its grade counts, and
    the grade that does not count yet."""

    health: Health

    @property
    def of_day(self) -> str:
        return f"{self.health.grade_name} of the day"

    @property
    def since(self) -> str:
        return f"{self.health.grade_name} since"

    @property
    def pending(self) -> str:
        return f"{self.health.grade_name} pending"

    @property
    def pending_since(self) -> str:
        return f"{self.health.grade_name} pending since"

    @property
    def results(self) -> tuple[str, ...]:
        """The names that ``health.csv`` shows."""
        return self.of_day, self.since, self.pending, self.pending_since

    def before(self, what: str) -> Name:
        """What the run before says."""
        return Name(f"{self.health.grade_name} before: {what}")

    def level(self, what: str) -> Name:
        return Name(f"{self.health.grade_name} level: {what}")

    def definitions(self, settle: Settle, grades: Bands) -> Iterator[tuple[str, str, Node]]:
        """Name, kind and meaning of each, after those that it reads."""
        now, known, asked, noted = (self.level(what) for what in ("now", "before", "asked", "noted before"))
        yield self.of_day, TEXT, lowering.grade(self.health)
        yield now.id, NUMBER, _level_of(Name(self.of_day), grades)
        yield known.id, NUMBER, _level_of(self.before("grade"), grades)
        yield noted.id, NUMBER, _level_of(self.before("pending"), grades)
        yield asked.id, NUMBER, self._asked(settle, grades, now, known)
        goes_on, noting, ripe = (self.level(what) for what in ("goes on", "noted", "ripe"))
        yield goes_on.id, BOOLEAN, _certain(_beyond(known, asked, noted))
        # of two on one side the nearer has been passed all the while
        nearer = Choose(_is(asked, ">", known), Call("min", (asked, noted)), Call("max", (asked, noted)))
        yield noting.id, NUMBER, Choose(goes_on, nearer, asked)
        long = _is(_after(self.before("pending_since"), settle.lasting), "<=", Name("as_of"))
        in_time = literal(True) if settle.lasting.count == 0 else _certain(_and(goes_on, long))
        yield ripe.id, BOOLEAN, _and(Not(is_missing(noting)), in_time)
        yield from self._settled(grades, now, known, noting, ripe)
        left = self.level("left")
        further = Choose(_is(asked, "==", noting), NOTHING, asked)
        yield left.id, NUMBER, Choose(ripe, further, noting)
        yield self.pending, TEXT, _grade_of(left, grades)
        day = Choose(_and(goes_on, Not(ripe)), self.before("pending_since"), Name("as_of"))
        yield self.pending_since, DATE, Choose(is_missing(left), NOTHING, day)

    def _settled(
        self, grades: Bands, now: Node, known: Node, noting: Node, ripe: Node
    ) -> Iterator[tuple[str, str, Node]]:
        settled = self.level("settled")
        moved = Choose(is_missing(known), now, Choose(ripe, noting, known))
        yield settled.id, NUMBER, Choose(is_missing(now), NOTHING, moved)
        yield self.health.grade_name, TEXT, _grade_of(settled, grades)
        since = Choose(_certain(_is(settled, "==", known)), self.before("since"), Name("as_of"))
        yield self.since, DATE, Choose(is_missing(settled), NOTHING, since)

    def _asked(self, settle: Settle, grades: Bands, now: Node, known: Node) -> Node:
        """The level whose edge is passed by the margin, seen from the one before; missing where none is."""
        score, margin = Name(self.health.fact), literal(settle.margin)
        less, more = (_level(Arithmetic(op, score, margin), grades) for op in "-+")
        down = Choose(_is(more, "<", known), more, NOTHING)
        return Choose(is_missing(now), NOTHING, Choose(_is(less, ">", known), less, down))


def _levels(grades: Bands) -> list[tuple[Node, Fraction]]:
    """The word of each row with its level."""
    last = len(grades.rows) - 1
    return [(row.value.root, Fraction(i if grades.rising else last - i)) for i, row in enumerate(grades.rows)]


def _level(score: Node, grades: Bands) -> Node:
    """The level of a score that is there."""
    words = [literal(level) for _, level in _levels(grades)]
    op = "<" if grades.rising else ">="
    rest: Node = words[-1]
    for row, level in reversed(list(zip(grades.rows[:-1], words[:-1], strict=True))):
        rest = Choose(Compare((op,), (score, literal(row.edge))), level, rest)
    return rest


def _level_of(grade: Node, grades: Bands) -> Node:
    rest: Node = NOTHING
    for word, level in reversed(_levels(grades)):
        rest = Choose(_is(grade, "==", word), literal(level), rest)
    return rest


def _grade_of(level: Node, grades: Bands) -> Node:
    rest: Node = NOTHING
    for word, own in reversed(_levels(grades)):
        rest = Choose(_is(level, "==", literal(own)), word, rest)
    return rest


def _beyond(known: Node, one: Node, other: Node) -> Node:
    """Whether both lie on the same side."""
    above, below = (_and(_is(one, op, known), _is(other, op, known)) for op in "><")
    return Logic("or", (above, below))


def _is(left: Node, op: str, right: Node) -> Node:
    return Compare((op,), (left, right))


def _and(*parts: Node) -> Node:
    return Logic("and", parts)


def _certain(truth: Node) -> Node:
    return Call("coalesce", (truth, Literal(False)))


def _after(day: Node, length: Duration) -> Node:
    function = "add_months" if length.unit in ("months", "years") else "add_days"
    count = length.count * {"weeks": 7, "years": 12}.get(length.unit, 1)
    return Call(function, (day, literal(Fraction(count))))
