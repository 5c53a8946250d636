"""Who stands above whom: from person to person by a field such as ``manager``, of people or of their terms."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ...policy.names import PEOPLE, PERSON, TERMS
from ...tables.overlaps import days_of
from ...tables.shape import Table


@dataclass(frozen=True, slots=True)
class Level:
    """Somebody above a person, and as what (``manager of Ben, manager of Ana``). ``person`` empty: nobody is, for
    ``reason``; beside a person a ``reason`` says why nobody knows who is above whom.
    """

    person: str
    said: str
    reason: str = ""


class Chain:
    """Who is above a person by one field, of people or of the terms in force. ``circles`` are those that were met, each
    begun at its first name; ``changes`` the days from which on somebody else may be above somebody, rising.
    """

    def __init__(self, tables: Mapping[str, Table], field: str) -> None:
        self.field = field
        self.circles: set[tuple[str, ...]] = set()
        self._above: dict[str, list[tuple[date, date, str]]] = {}
        """Who is above each person, from which day, before which."""
        terms = tables.get(TERMS)
        table = terms if terms is not None and field in terms.columns else tables[PEOPLE]
        for i, (person, above) in enumerate(zip(table.columns[PERSON], table.columns[field], strict=True)):
            if isinstance(above, str):
                start, before = days_of(table.shape, table.columns, i) if table is terms else (date.min, None)
                self._above.setdefault(str(person), []).append((start, before or date.max, above))
        held = [row for rows in self._above.values() for row in rows]
        self.changes: Sequence[date] = sorted({day for start, before, _ in held for day in (start, before)})
        self._known: dict[tuple[str, int | None, int], Sequence[Level]] = {}

    def of(self, person: str, day: date, levels: int | None) -> Sequence[Level]:
        """Those above the person on that day, the nearest first: at most ``levels``, None: all."""
        asked = (person, levels, bisect_right(self.changes, day))
        if asked not in self._known:
            self._known[asked] = self._of(person, day, levels)
        return self._known[asked]

    def _of(self, person: str, day: date, levels: int | None) -> Sequence[Level]:
        met, said = [person], ""
        found: list[Level] = []
        while levels is None or len(found) < levels:
            held = self._above.get(met[-1], ())
            above = next((above for start, before, above in held if start <= day < before), None)
            if above is None:
                break
            if above in met:
                return self._circle(met, above, found)
            said = f"{self.field} of {met[-1]}" + (f", {said}" if said else "")
            found.append(Level(above, said))
            met.append(above)
        return found or [Level("", "", f"{person} has no {self.field}")]

    def _circle(self, met: list[str], again: str, found: list[Level]) -> Sequence[Level]:
        """All of them wait: of people who stand above each other nobody knows who is above whom."""
        ring = met[met.index(again) :]
        first = ring.index(min(ring))
        self.circles.add((*ring[first:], *ring[:first]))
        why = f"by {self.field} these stand above each other: {', '.join(ring)}"
        return [Level(level.person, level.said, why) for level in found] or [Level(again, "", why)]


class Chains:
    """One ``Chain`` a field, made when it is first asked for."""

    def __init__(self) -> None:
        self._chains: dict[str, Chain] = {}

    def by(self, field: str, tables: Mapping[str, Table]) -> Chain:
        if field not in self._chains:
            self._chains[field] = Chain(tables, field)
        return self._chains[field]

    def circles(self) -> set[tuple[str, tuple[str, ...]]]:
        """Those that were met, each with its field."""
        return {(field, circle) for field, chain in self._chains.items() for circle in chain.circles}
