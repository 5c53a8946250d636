"""The policies of one day made ready for any number of accounts, one at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ..language.code import NotGenerated
from ..language.generated import Replay
from ..outcome.tasks.calendar import Days
from ..periods import Duration
from ..policy.names import ACCOUNTS, ASSIGNMENTS, account_field
from ..policy.pack import Policies
from ..program import lowering
from ..program.compile import compile_program
from ..program.evaluate import Book
from ..program.generated import generate
from . import scores, tasks, tiers
from .owners import Assignments, Owners
from .reading import Given, Reader
from .scores import Score
from .tasks import Found, Serving
from .tiers import Row, Tiers


class Prepared:
    """``decide`` gives what the reference gives, or raises Replay where that is to be asked.

    Making it raises NotGenerated where the policies of the day need the reference for every account.
    """

    def __init__(self, policies: Policies, as_of: date, horizon: Duration) -> None:
        program = compile_program(policies.on(as_of))
        if program.force.playbooks and tasks.beyond_quick_calendars(policies.workspace):
            raise NotGenerated("people with days of their own, or queues")
        if program.force.playbooks and tasks.balances(program.force):
            raise NotGenerated("contact limits, or weeks that are levelled")
        force, shapes = program.force, policies.workspace.shapes
        book = Book(program, {}, as_of)
        choices = sorted(program.choices.values(), key=lambda choice: choice.name)
        uncapped = [lowering.lowered(lowering.uncapped(health), "score", health.span) for health in force.healths]
        asked = [scores.wanted(health) for health in force.healths]
        plays = [(playbook, play) for playbook in force.playbooks for play in playbook.plays]
        if any(tasks.beyond_quick(play) for _, play in plays):
            raise NotGenerated("plays of which single tasks are not decided")
        expressions = [*uncapped, *(e for _, some in asked for e in some)]
        expressions += [e for _, play in plays for e in tasks.wanted(play)]
        names = [name for some, _ in asked for name in some] + [name for c in choices for name in tiers.wanted(c)]
        self.function = generate(program, book.shared, names, expressions)
        self.reader = Reader(policies.workspace, as_of)
        self.assignments = Assignments(shapes.get(ASSIGNMENTS), policies.workspace.roles, as_of)
        self.tiers = [Tiers(book, choice, self.function) for choice in choices]
        pairs = zip(force.healths, uncapped, strict=True)
        self.scores = [Score(book, health, self.function, raw) for health, raw in pairs]
        days = Days(policies.workspace.business)
        self.plays = [Serving(program, self.function, playbook, play, days, horizon, as_of) for playbook, play in plays]
        fields = [field.name for field in shapes[ACCOUNTS].fields]
        self.name_at = fields.index("name") if "name" in fields else None
        self.pinning = [choice.overrides.table for choice in choices if choice.overrides is not None]
        if any((link := account_field(shapes[name])) is None or link.name != "account_id" for name in self.pinning):
            raise NotGenerated("overrides that do not say whose they are")

    def decide(self, account: Mapping[str, Any], rows: Mapping[str, Any]) -> dict[str, Any]:
        given = self.reader.read(account, rows)
        if self.pinning and any(given.rows.get(name) for name in self.pinning):
            raise Replay  # pinned, perhaps: of the few that are, the reference knows
        owners = self.owners(given)
        found = self.values(given, owners)
        account_id = given.account_id
        health: dict[str, Row] = {}
        measures: list[Row] = []
        for score in self.scores:
            row, lines = score.rows(found, account_id)
            health[score.health.name] = row
            measures += lines
        name = given.record[self.name_at] if self.name_at is not None else None
        served = Found(found, given, owners, name if isinstance(name, str) else None)
        for play in self.plays:
            play.serve(served)
        done, unserved = served.sorted()
        return {
            "account_id": account_id if self.tiers else str(account["account_id"]),
            "tiers": {one.choice.name: one.row(found, account_id) for one in self.tiers},
            "health": health,
            "measures": measures,
            "tasks": done,
            "unserved": unserved,
        }

    def owners(self, given: Given) -> Owners:
        return self.assignments.of(given.account_id, given.rows.get(ASSIGNMENTS, ()))

    def values(self, given: Given, owners: Owners) -> tuple[Any, ...]:
        """The facts and decisions alone, of an account that has been read."""
        rows = [given.rows.get(name, ()) for name in self.function.tables]
        return self.function.run(given.record, rows, owners.on_day)
