"""All that the outcomes of a day will ask of its accounts, in the order of use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...language.tree import Expression
from ...policy.model import Playbook
from ...policy.model_health import Health
from ...policy.model_life import Lifecycle
from ...policy.model_staffing import Staffing
from ...policy.model_watchlist import Watchlist
from ...policy.names import ACCOUNT, scored_of
from .. import lowering, stages
from ..compile import Aggregate, Choice, Definition, Formula, Held, Pick, Program
from ..settling import Settling


@dataclass(frozen=True, slots=True)
class Wanted:
    """``names`` of definitions, each after those it reads, and the expressions of playbooks and scores.

    ``decided`` are the names that every account has in what is written: scores, grades, points, what tiers give.
    """

    names: tuple[str, ...]
    decided: frozenset[str]
    expressions: tuple[Expression, ...]


def wanted_elsewhere(program: Program) -> Wanted:
    """What a day other than the run's is asked for of all accounts: the conditions of lists that look back. What pay
    reads of such a day is little, and lowered when it is asked for."""
    lists = [each for policy in program.force.watchlists for each in policy.lists if each.trend is not None]
    expressions = tuple(each.when for each in lists if each.when is not None and each.per == ACCOUNT)
    reached = _reached(program, [name for expression in expressions for name in expression.names])
    return Wanted(tuple(name for name in program.definitions if name in reached), frozenset(), expressions)


def wanted(program: Program) -> Wanted:
    expressions = [
        *(e for health in program.force.healths for e in _of_health(health)),
        *(e for life in program.force.lifecycles for e in _of_life(life)),
        *(e for playbook in program.force.playbooks for e in _of_playbook(playbook)),
        *(e for policy in program.force.watchlists for e in _of_lists(policy)),
        *(e for staffing in program.force.staffings for e in _of_staffing(staffing)),
    ]
    asked = [name for expression in expressions for name in expression.names]
    decided: set[str] = set()
    for health in program.force.healths:
        decided |= {health.fact, health.coverage_name, health.grade_name}
        decided |= set(Settling(health).results if health.settle is not None else ())
        decided |= {lowering.points_name(health.fact, scored) for scored in scored_of(health.measures)}
        asked += [scored.name for scored in scored_of(health.measures)]
    for life in program.force.lifecycles:
        decided |= {stages.number_name(life), life.fact, life.since_name, life.status_name}
    decided |= {success.fact for success in program.force.successes}
    for choice in program.choices.values():
        asked += _of_choice(choice)
        decided |= set(choice.results)
    reached = _reached(program, [*asked, *sorted(decided)])
    names = tuple(name for name in program.definitions if name in reached)
    return Wanted(names, frozenset(decided), tuple(expressions))


def _of_health(health: Health) -> Iterator[Expression]:
    yield from () if health.population is None else (health.population,)
    yield from (exception.when for exception in health.exceptions)


def _of_life(life: Lifecycle) -> Iterator[Expression]:
    """What says why an account is in no stage."""
    yield from () if life.population is None else (life.population,)
    yield life.starts
    yield from (stage.when for stage in life.stages if stage.when is not None)


def _of_playbook(playbook: Playbook) -> Iterator[Expression]:
    for play in playbook.plays:
        repeat = play.repeat
        ends = (repeat.before, repeat.until) if repeat is not None else ()
        paces = (pace.when for pace in repeat.paces) if repeat is not None else ()
        ifs = (condition for touch in play.touches for condition in (touch.close_when, touch.skip_when))
        for expression in (play.population, play.when, play.anchor, play.per, *ends, *paces, *ifs):
            if expression is not None:
                yield expression


def _of_lists(policy: Watchlist) -> Iterator[Expression]:
    yield from (each.when for each in policy.lists if each.when is not None and each.per == ACCOUNT)


def _of_staffing(staffing: Staffing) -> Iterator[Expression]:
    for budget in staffing.budgets:
        yield from () if budget.population is None else (budget.population,)
        yield from (budget.allow, budget.start, budget.before)
    yield from (limit.when for limit in staffing.contact_limits if limit.when is not None)


def _of_choice(choice: Choice) -> Iterator[str]:
    yield from () if choice.population is None else choice.population.names
    for condition in choice.conditions:
        yield from condition.names


def _reached(program: Program, asked: Iterable[str]) -> set[str]:
    found: set[str] = set()
    waiting = list(asked)
    while waiting:
        name = waiting.pop()
        definition = program.definitions.get(name)
        if definition is not None and name not in found:
            found.add(name)
            waiting.extend(_reads(program, definition))
    return found


def _reads(program: Program, definition: Definition) -> Iterator[str]:
    match definition:
        case Formula(expression=expression):
            yield from expression.names
        case Pick():
            yield from _of_choice(program.choices[definition.choice])
            yield from (name for value in definition.values if value is not None for name in value.names)
        case Aggregate():
            parts = (definition.what, definition.where, definition.over)
            yield from (name for part in parts if part is not None for name in part.names)
        case Held():
            duty = next((duty for duty in program.force.duties if duty.name == definition.role), None)
            cases = duty.cases if duty is not None else ()
            yield from (name for case in cases if case.when is not None for name in case.when.names)
