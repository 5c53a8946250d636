"""A whole program as one compiled function for one account: its cells and rows in, every fact and decision out.

Only what was asked for is computed, and what that rests on. Settings and ``as_of`` are constants of the function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from ..language.branches import Arm, branched
from ..language.code import Code, Held, NotGenerated, Pair, Plain, constant_of
from ..language.generated import Reading
from ..language.tree import Expression, Value
from ..language.types import BOOLEAN, DATE, TEXT
from ..policy.model import Duty
from .compile import Aggregate, Choice, Definition, Formula, Pick, Program, Remembered
from .compile import Held as Holding
from .generated_choices import decided, tested
from .generated_rows import aggregated, cells_of
from .windows import days_of

ACCOUNTS = "accounts"


@dataclass(frozen=True, slots=True)
class Slot:
    """Where the function's tuple holds a value: ``at``, and for a number its denominator (``below``) or where that
    stands (``below_at``). A missing value is None at ``at``."""

    at: int
    below: int = 0
    below_at: int = 0

    def pair(self, found: Sequence[Any]) -> tuple[int | None, int]:
        """A number's numerator, None where it is missing, and its denominator."""
        return found[self.at], self.below or found[self.below_at]

    def value(self, found: Sequence[Any]) -> Value:
        """As the reference has it."""
        value = found[self.at]
        if value is None or not (self.below or self.below_at):
            return value  # type: ignore[no-any-return]
        return Fraction(value, self.below or found[self.below_at])


@dataclass(frozen=True, slots=True)
class AccountFunction:
    """``run(record, rows, hold)`` gives a tuple; the mappings say where in it what is asked for stands.

    ``record`` is the account's cells in the order of the shape's fields: a number as a pair (None over 1 where it is
    missing; of kind integer the whole number alone), anything else as it is. ``rows`` are lists of such records by the
    order of ``tables``: this account's, none later than ``as_of``. ``hold`` gives who holds a role on ``as_of``
    (``holders.Held``). Raises Replay where a number is too large.

    ``expressions`` is by ``id``. A decision is ``(status, hits, open)``: ``open`` are the undecided conditions by their
    index, -1 for the population.
    """

    run: Callable[[Any, Any, Any], tuple[Any, ...]]
    tables: tuple[str, ...]
    names: Mapping[str, Slot]
    expressions: Mapping[int, Slot]
    decisions: Mapping[str, int]
    duties: Mapping[str, Callable[[Any, date], int]]
    """Which case of a duty holds on a day, given the tuple: its index; -1 none; -2 - i where case i is undecided."""


def generate(
    program: Program, shared: Mapping[str, Value], names: Iterable[str], wanted: Sequence[Expression]
) -> AccountFunction:
    """The function that gives ``names``, ``wanted`` with all that they read, and every decision of the program.

    ``shared`` are the settings and ``as_of``, as ``Book.shared`` has them. Raises NotGenerated where the program needs
    the reference.
    """
    return _Account(program, shared).written(names, wanted)


class _Account:
    def __init__(self, program: Program, shared: Mapping[str, Value]) -> None:
        self.program, self.code = program, Code()
        self.names: dict[str, Held] = {name: self.code.constant(value) for name, value in shared.items()}
        self.constants = frozenset(shared)
        self.shapes = program.force.workspace.shapes
        self.duties = {duty.name: duty for duty in program.force.duties}
        as_of = shared["as_of"]
        assert isinstance(as_of, date)
        self.as_of = as_of
        self.tables: list[str] = []
        self._decided: dict[str, tuple[str, str]] = {}
        self._held: dict[str, str] = {}

    def written(self, names: Iterable[str], wanted: Sequence[Expression]) -> AccountFunction:
        choices, duties = self.program.choices, self.duties
        cases = [case.when for duty in duties.values() for case in duty.cases if case.when is not None]
        read = dict.fromkeys([*names, *(name for e in [*wanted, *cases] for name in e.names)])
        asked = [*read, *(name for choice in choices.values() for name in self._of_choice(choice))]
        needed = self._needed(asked)
        cells, pattern = cells_of(self.code, self.shapes[ACCOUNTS], needed - self.constants)
        self.code.put(f"{pattern} = a")
        self.names |= cells
        for name, definition in self.program.definitions.items():
            if name not in needed or name in self.names:
                continue
            if isinstance(definition, Aggregate):
                self._aggregated(definition, needed)
            else:
                self.names[name] = self._bound(self._defined(definition))
        slots: list[str] = []
        places = {name: self._placed(slots, self.names[name]) for name in read}
        values = {id(e): self._placed(slots, self._bound(self.reading(self.names).of(e.root))) for e in wanted}
        decisions = {name: self._decision_at(slots, choice) for name, choice in choices.items()}
        run = self.code.function("a, t, hold", f"({''.join(f'{slot}, ' for slot in slots)})")
        return AccountFunction(run, tuple(self.tables), places, values, decisions, self._duty_functions(places))

    def reading(self, names: Mapping[str, Held]) -> Reading:
        return Reading(self.code, names, self.program.fiscal)

    def _bound(self, held: Held) -> Held:
        return self.code.bound(held) if isinstance(held, Plain) else held

    def _placed(self, slots: list[str], held: Held) -> Slot:
        at = len(slots)
        if isinstance(held, Plain):
            slots.append(held.code)
            return Slot(at)
        slots.append(str(held.above))
        if isinstance(held.below, int):
            return Slot(at, held.below)
        slots.append(held.below)
        return Slot(at, 0, at + 1)

    def _decision_at(self, slots: list[str], choice: Choice) -> int:
        slots.append(self.decision(choice)[0])
        return len(slots) - 1

    # --- what is needed ---------------------------------------------------------------------------------------------

    def _needed(self, asked: Iterable[str]) -> set[str]:
        needed: set[str] = set()
        waiting = list(asked)
        while waiting:
            name = waiting.pop()
            if name not in needed:
                needed.add(name)
                definition = self.program.definitions.get(name)
                if definition is not None and name not in self.constants:
                    waiting.extend(self._reads(definition))
        return needed

    def _reads(self, definition: Definition) -> Iterator[str]:
        match definition:
            case Formula():
                yield from definition.expression.names
            case Aggregate():
                own = {field.name for field in self.shapes[definition.table].fields}
                for expression in (definition.what, definition.where, definition.over):
                    yield from (name for name in (expression.names if expression else ()) if name not in own)
            case Pick():
                yield from self._of_choice(self.program.choices[definition.choice])
                for value in definition.values:
                    yield from value.names if value else ()
            case Holding() if definition.role in self.duties:
                for case in self.duties[definition.role].cases:
                    yield from case.when.names if case.when else ()

    def _of_choice(self, choice: Choice) -> Iterator[str]:
        for expression in (choice.population, *choice.conditions):
            yield from expression.names if expression else ()

    # --- definitions ------------------------------------------------------------------------------------------------

    def _defined(self, definition: Formula | Holding | Pick | Remembered) -> Held:
        match definition:
            case Formula():
                return self.reading(self.names).of(definition.expression.root)
            case Holding():
                return self._holding(definition)
            case Pick():
                return self._picked(definition)
            case Remembered():
                return self.code.constant(None)

    def _aggregated(self, first: Aggregate, needed: Set[str]) -> None:
        """The measure and, in the same loop, those over the same rows that read nothing of the account's later."""
        aggregates = [d for name, d in self.program.definitions.items() if isinstance(d, Aggregate) and name in needed]
        together = [
            each
            for each in aggregates
            if each is first
            or (
                each.table == first.table
                and each.name not in self.names
                and self.names.keys() >= set(self._reads(each))
            )
        ]
        if any(definition.per != "account" or not definition.link for definition in together):
            raise NotGenerated("a measure over more than one account")
        if first.table not in self.tables:
            self.tables.append(first.table)
        windows = [days_of(d.window, self.as_of, self.program.fiscal) if d.window else None for d in together]
        rows = f"t[{self.tables.index(first.table)}]"
        measures = list(zip(together, windows, strict=True))
        found = aggregated(self.reading, self.names, self.shapes[first.table], measures, rows, self.as_of)
        for definition, held in zip(together, found, strict=True):
            self.names[definition.name] = self._bound(held)

    def _holding(self, definition: Holding) -> Held:
        role = definition.role
        if role not in self._held:
            self._held[role] = held = self.code.fresh("h")
            duty = self.duties.get(role)
            self.code.put(f"{held} = {self._duty_holder(duty) if duty else f'hold({self.code.name_of(role)})'}")
        person = f"{self._held[role]}.{'since' if definition.since else 'person'}"
        code = f"({person} if {self._held[role]} is not None else None)" if role in self.duties else person
        return Plain(DATE if definition.since else TEXT, code, True)

    def _duty_holder(self, duty: Duty) -> str:
        """Whoever holds the role of the first case that holds; nobody where that is undecided."""
        arms: list[Arm] = []
        for case in duty.cases:
            role = Plain(TEXT, self.code.name_of(case.role), False)
            if case.when is None:
                arms.append(Arm("True", role))
                break
            with self.code.aside() as before:
                test = tested(self.reading(self.names), case.when)
            arms.append(Arm(test.code, role, [], before))
            if test.nullable:
                arms.append(Arm(f"{test.code} is None", self.code.constant(None)))
        found = branched(self.code, arms, self.code.constant(None))
        assert isinstance(found, Plain)
        return f"hold({found.code}) if {found.code} is not None else None"

    # --- decisions --------------------------------------------------------------------------------------------------

    def decision(self, choice: Choice) -> tuple[str, str]:
        """The variables of the decision and of its deciding row (-1: none)."""
        if choice.name not in self._decided:
            picks = [d for name in choice.results if isinstance(d := self.program.definitions[name], Pick)]
            agreeing = [[self._constant(value) for value in pick.values] for pick in picks]
            self._decided[choice.name] = decided(self.reading(self.names), choice, agreeing)
        return self._decided[choice.name]

    def _constant(self, expression: Expression | None) -> tuple[Value, ...]:
        """What a row gives where that is the same for every account, in a tuple of one."""
        if expression is None:
            return (None,)
        if not self.constants.issuperset(expression.names):
            return ()
        return constant_of(self.reading(self.names).of(expression.root))

    def _picked(self, pick: Pick) -> Held:
        _, hit = self.decision(self.program.choices[pick.choice])
        known = [self._constant(value) for value in pick.values]
        if all(known):
            return self._looked_up([value for (value,) in known], hit)
        arms = []
        for i, value in enumerate(pick.values):
            with self.code.aside() as lines:
                held = self.reading(self.names).of(value.root) if value is not None else self.code.constant(None)
            arms.append(Arm(f"{hit} == {i}", held, lines))
        return branched(self.code, arms, self.code.constant(None))

    def _looked_up(self, values: list[Value], hit: str) -> Held:
        """By the index of the row; what stands last is for no row, whose index is -1."""
        known = [value for value in values if value is not None]
        if all(isinstance(value, Fraction) for value in known) and known:
            return self._numbers_looked_up(values, hit)
        kind = {bool: BOOLEAN, str: TEXT, date: DATE}.get(type(known[0]) if known else date, DATE)
        return Plain(kind, f"{self.code.name_of((*values, None))}[{hit}]", True)

    def _numbers_looked_up(self, values: list[Value], hit: str) -> Held:
        pairs = [self.code.constant(value) if isinstance(value, Fraction) else None for value in values]
        above = self.code.name_of((*(p.above if isinstance(p, Pair) else None for p in pairs), None))
        below = self.code.name_of((*(p.below if isinstance(p, Pair) else 1 for p in pairs), 1))
        sizes = [(p.above_bits, p.below_bits) for p in pairs if isinstance(p, Pair)]
        name, under = self.code.fresh("n"), self.code.fresh("d")
        self.code.put(f"{name} = {above}[{hit}]", f"{under} = {below}[{hit}]")
        return Pair(name, under, True, max(up for up, _ in sizes), max(down for _, down in sizes))

    # --- duties of other days -----------------------------------------------------------------------------------------

    def _duty_functions(self, places: Mapping[str, Slot]) -> dict[str, Callable[[Any, date], int]]:
        return {name: self._duty_function(duty, places) for name, duty in self.duties.items()}

    def _duty_function(self, duty: Duty, places: Mapping[str, Slot]) -> Callable[[Any, date], int]:
        code, names = Code(), dict[str, Held]()
        for name in dict.fromkeys(name for case in duty.cases if case.when for name in case.when.names):
            held, slot = self.names[name], places[name]
            if isinstance(held, Pair):
                names[name] = taken = replace(held, above=code.fresh("n"))
                code.put(f"{taken.above} = f[{slot.at}]")
                if isinstance(taken.below, str):
                    code.put(f"{taken.below} = f[{slot.below_at}]")
            else:
                names[name] = Plain(held.kind, code.fresh(), held.nullable)
                code.put(f"{names[name].code} = f[{slot.at}]")  # type: ignore[union-attr]
        names["as_of"] = Plain(DATE, "day", False)
        for i, case in enumerate(duty.cases):
            if case.when is None:
                code.put(f"return {i}")
                break
            test = tested(Reading(code, names, self.program.fiscal), case.when)
            code.put(f"if {test.code}: return {i}")
            if test.nullable:
                code.put(f"if {test.code} is None: return {-2 - i}")
        return code.function("f, day", "-1")
