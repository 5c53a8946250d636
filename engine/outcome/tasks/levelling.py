"""Touches to weeks that can hold them: each person's touches move inside their leeway until no week is too full, or
until no move makes the weeks less full.

Everything stays where it was asked for unless a week is overloaded. Then chains of moves are looked for, shortest
first: a touch leaves the week, another makes room for it, and so on. With touches of one length this finds every
relief there is (an augmenting path of a flow through the weeks, whose ends alone change their load). With touches of
several lengths the search is bounded, and two more ways to begin are tried; the least overload wins.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

_DEPTH = 5
"""Moves in a chain of touches of several lengths."""
_LOOKED_AT = 5_000
"""Moves that are looked at for one chain, at the most."""
_ROUNDS = 400
"""Chains that are carried out for one person, at the most: each lessens the overload, by a minute at least."""


@dataclass(frozen=True, slots=True)
class Movable:
    """A touch that may stand in any of ``weeks`` (numbers, rising), and is asked for in one of them.

    ``account`` is whose contacts it counts among; empty: it counts nowhere. ``key`` settles ties.
    """

    key: str
    minutes: int
    asked: int
    weeks: tuple[int, ...]
    account: str = ""


Room = Mapping[tuple[str, int], int]
"""How many contacts more an account may have in a week; no entry: any number."""


def levelled(touches: Sequence[Movable], capacity: Sequence[int], room: Room | None = None) -> list[int]:
    """The week of each touch of one person. ``capacity`` is the minutes of every week that fixed touches leave; where
    they leave less than nothing, it is negative.

    Placing again what this gives, asked for where it was placed, moves nothing.
    """
    best = _Board(touches, capacity, room or {})
    best.relieve()
    if best.overload and len({touch.minutes for touch in touches}) > 1:
        for place in (_Board.by_deadline, _Board.by_size):
            other = _Board(touches, capacity, room or {})
            place(other)
            other.relieve()
            best = min(best, other, key=lambda board: board.overload)
    best.settle()
    return best.at


class _Board:
    """Touches in weeks."""

    def __init__(self, touches: Sequence[Movable], capacity: Sequence[int], room: Room) -> None:
        self.touches, self.capacity = touches, capacity
        self.at = [touch.asked for touch in touches]
        self.load = [0] * len(capacity)
        self.inside: list[list[int]] = [[] for _ in capacity]
        self.order = sorted(range(len(touches)), key=lambda i: (touches[i].weeks[-1], touches[i].key))
        self.room = dict(room)
        for i in self.order:
            touch, week = touches[i], self.at[i]
            self.load[week] += touch.minutes
            self.inside[week].append(i)

    def _put(self, i: int, week: int) -> None:
        touch = self.touches[i]
        self.at[i] = week
        self.load[week] += touch.minutes
        self.inside[week].append(i)
        if (touch.account, week) in self.room:
            self.room[touch.account, week] -= 1

    def _take(self, i: int) -> None:
        touch, week = self.touches[i], self.at[i]
        self.load[week] -= touch.minutes
        self.inside[week].remove(i)
        if (touch.account, week) in self.room:
            self.room[touch.account, week] += 1

    def shift(self, i: int, week: int) -> None:
        self._take(i)
        self._put(i, week)

    def over(self, week: int, more: int = 0) -> int:
        return max(0, self.load[week] + more - self.capacity[week])

    @property
    def overload(self) -> int:
        return sum(self.over(week) for week in range(len(self.capacity)))

    def may(self, i: int, week: int) -> bool:
        """Whether the customer has room for one more contact in that week."""
        return self.room.get((self.touches[i].account, week), 1) > 0

    def gain(self, i: int, week: int) -> int:
        """How many minutes of overload the move takes away; negative where it adds some."""
        minutes, now = self.touches[i].minutes, self.at[i]
        return self.over(now) + self.over(week) - self.over(now, -minutes) - self.over(week, minutes)

    def settle(self) -> None:
        """Nothing is elsewhere without need; where that makes room, the overload is lessened again."""
        while True:
            before = self.overload
            self.restore()
            self.relieve()
            if self.overload == before:
                return

    def by_deadline(self) -> None:
        """Everything anew, the earliest deadline first: each into the first of its weeks that holds it."""
        self._anew(self.order, lambda i: list(self.touches[i].weeks))

    def by_size(self) -> None:
        """Everything anew, the longest first: each into the one of its weeks with the most time left."""
        order = sorted(self.order, key=lambda i: (-self.touches[i].minutes, len(self.touches[i].weeks)))
        self._anew(order, lambda i: sorted(self.touches[i].weeks, key=lambda w: (self.load[w] - self.capacity[w], w)))

    def _anew(self, order: Sequence[int], weeks_of: Callable[[int], list[int]]) -> None:
        for i in order:
            self._take(i)
        for i in order:
            minutes, asked = self.touches[i].minutes, [self.touches[i].asked]
            some = [week for week in weeks_of(i) if self.may(i, week)] or asked
            fitting = [week for week in some if not self.over(week, minutes)]
            self._put(i, fitting[0] if fitting else min(some, key=lambda week: (self.over(week, minutes), week)))

    def relieve(self) -> None:
        """Chains of moves, each of which lessens the overload, the fullest week first."""
        for _ in range(_ROUNDS):
            full = [week for week in range(len(self.capacity)) if self.over(week)]
            full.sort(key=lambda week: (-self.over(week), week))
            if not any(self._path(week) or self._chain(week) for week in full):
                return

    def restore(self) -> None:
        """Back to the asked week, or nearer to it, what no longer has to be elsewhere."""
        for i in self.order:
            touch = self.touches[i]
            for week in sorted(touch.weeks, key=lambda week: (abs(week - touch.asked), week)):
                if week == self.at[i]:
                    break
                if self.may(i, week) and self.gain(i, week) >= 0:
                    self.shift(i, week)
                    break

    # --- a path through weeks, of any length ---------------------------------------------------------------------

    def _path(self, start: int) -> bool:
        """Moves one touch out of each week on the way; carried out where the overload is less afterwards."""
        came: dict[int, tuple[int, int]] = {}
        waiting, met = deque([start]), {start}
        while waiting:
            week = waiting.popleft()
            for i, other in self._ways(week):
                if other in met:
                    continue
                met.add(other)
                came[other] = (week, i)
                waiting.append(other)
                if self._carried_out(start, other, came):
                    return True
        return False

    def _ways(self, week: int) -> Iterator[tuple[int, int]]:
        """Touches that may leave the week, and where to: the earliest deadline first, then the nearest week.

        What was asked for plays no part, so that a placement that was found is found again.
        """
        for i in sorted(self.inside[week], key=lambda i: (self.touches[i].weeks[-1], self.touches[i].key)):
            for other in sorted(self.touches[i].weeks, key=lambda other: (abs(other - week), other)):
                if other != week and self.may(i, other):
                    yield i, other

    def _carried_out(self, start: int, end: int, came: Mapping[int, tuple[int, int]]) -> bool:
        moves, week = list[tuple[int, int]](), end
        while week != start:
            before, i = came[week]
            moves.append((i, week))
            week = before
        return self._kept_if_better(moves)

    def _kept_if_better(self, moves: Sequence[tuple[int, int]]) -> bool:
        """Carries them out from the far end, so that each finds room; takes them back where nothing is gained."""
        before, done = self.overload, list[tuple[int, int]]()
        for i, week in moves:
            if not self.may(i, week):
                break
            done.append((i, self.at[i]))
            self.shift(i, week)
        if len(done) == len(moves) and self.overload < before:
            return True
        for i, week in reversed(done):
            self.shift(i, week)
        return False

    # --- chains of touches of several lengths --------------------------------------------------------------------

    def _chain(self, week: int) -> bool:
        """Up to ``_DEPTH`` moves, each out of a week that the moves before have filled, ever deeper."""
        budget = [_LOOKED_AT]
        return any(self._deeper(week, week, 0, depth, budget, set()) for depth in range(1, _DEPTH + 1))

    def _deeper(self, start: int, week: int, gained: int, depth: int, budget: list[int], moved: set[int]) -> bool:
        """Whether some moves out of ``week`` gain more than ``gained`` has lost; they are then carried out."""
        for i, other in list(self._ways(week)):
            if i in moved or budget[0] <= 0:
                continue
            budget[0] -= 1
            gain, before = gained + self.gain(i, other), self.at[i]
            if gain > 0:
                self.shift(i, other)
                return True
            if depth == 1:
                continue
            self.shift(i, other)
            moved.add(i)
            # on from the week that is now too full; where that is none, once more from the first
            next_week = other if self.over(other) else start
            if self.over(next_week) and self._deeper(start, next_week, gain, depth - 1, budget, moved):
                return True
            moved.discard(i)
            self.shift(i, before)
        return False
