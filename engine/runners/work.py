"""The tasks of a run: the touches of the policy, then what looks at all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ..outcome.tasks.balance import Balanced, balanced, flexible
from ..outcome.tasks.calendar import Calendars
from ..outcome.tasks.due import horizon_end
from ..outcome.tasks.gone import Gone, why_gone
from ..outcome.tasks.planned import Planned
from ..outcome.tasks.reconcile import Reconciled, moved_on, reconcile
from ..outcome.tasks.standing import NOTHING_STANDS
from ..outcome.tasks.touches import Task, Tasks, Unserved
from ..outcome.tasks.triggers import Fired, completing
from ..outcome.tasks.workload import Load
from ..outcome.tasks.yesterday import Ended, Yesterday, settled
from ..policy.names import ACTIVITIES
from ..program.evaluate import Book
from ..tables.shape import Reject
from .reference import ReferenceAccounts

if TYPE_CHECKING:
    from .columnar import ColumnAccounts, Touched
    from .memory import Request


@dataclass(frozen=True)
class Work:
    """``plan`` leads from ``since``, yesterday's tasks as they stand now, to these; None: nothing is known."""

    touches: Tasks | Touched
    tasks: Sequence[Task] = ()
    plan: Sequence[Planned] | None = None
    ended: Sequence[Ended] = ()
    since: Yesterday | None = None
    rejects: Sequence[Reject] = ()
    unserved: Sequence[Unserved] = ()
    load: Sequence[Load] = ()


def work(of_accounts: ReferenceAccounts | ColumnAccounts, book: Book, calendars: Calendars, request: Request) -> Work:
    if request.since is None:
        touches = of_accounts.tasks(calendars, request.horizon, remembered_triggers(request, None), NOTHING_STANDS)
        level = balanced(book, flexible(book, touches.tasks, calendars), calendars, of_accounts.holding)
        return Work(touches, level.tasks, unserved=_lacking(touches, level), load=level.load)
    since = settled(request.since, book.tables.get(ACTIVITIES), book.as_of)
    touches = of_accounts.tasks(calendars, request.horizon, remembered_triggers(request, since), since.standing())
    met = _met(touches, book, calendars, request, since)
    level = balanced(book, met.tasks, calendars, of_accounts.holding)
    plan, lacks = moved_on(met.plan, level.tasks), _lacking(touches, level)
    return Work(touches, level.tasks, plan, met.ended, since, list(met.rejects(since)), lacks, level.load)


def _lacking(touches: Tasks | Touched, level: Balanced) -> Sequence[Unserved]:
    """What a play could not have, and what a customer has no room for, in the order of the file."""
    if not level.crowded:
        return touches.unserved
    both = [*touches.unserved, *level.crowded]
    return sorted(both, key=lambda u: (u.policy, u.play, u.account_id, u.task, u.due or date.min, u.reason))


def remembered_triggers(request: Request, since: Yesterday | None) -> Fired:
    """What the run before remembers of triggers, with what became of the tasks that they brought."""
    return completing(request.fired, since.completed(request.as_of)) if since is not None else request.fired


def _met(touches: Tasks | Touched, book: Book, calendars: Calendars, request: Request, since: Yesterday) -> Reconciled:
    """The tasks of the policy met with yesterday's."""
    fired = {(t.policy, t.play, t.account_id): t.fired for t in touches.triggers}
    ends = {p.name: horizon_end(p, book.as_of, request.horizon) for p in book.program.force.playbooks}

    def gone(task: Task) -> Gone:
        day = fired.get((task.policy, task.play, task.account_id))
        return why_gone(book, task, day, ends.get(task.policy, book.as_of))

    return reconcile(flexible(book, touches.tasks, calendars), since, book, calendars, gone)
