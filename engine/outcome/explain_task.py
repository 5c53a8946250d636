"""The tree of reasons of a task: why it is there, why on that day, why that owner."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator
from datetime import date

from ..policy.model import Duty, Play, Repeat, Touch
from ..program.evaluate import Book, Facts
from ..program.explain import Explainer, Reason
from ..program.spoken import source_of
from .explain import trigger
from .tasks.calendar import Calendars
from .tasks.due import chain, counts
from .tasks.planned import Planned
from .tasks.routing import holder, route
from .tasks.touches import Task, Tasks


def explain_task(
    book: Book, calendars: Calendars, task: Task, found: Tasks, listed: Task, step: Planned | None = None
) -> Reason:
    """Why the task is there, and what became of it since (``step`` of the plan).

    ``task`` is as the policy asks for it, ``listed`` as the whole list has it; ``found`` are the tasks of its account.
    """
    playbook = next(p for p in book.program.force.playbooks if p.name == task.policy)
    play = next(p for p in playbook.plays if p.name == task.play)
    touch = next(t for t in play.touches if t.task == task.task)
    facts = book.accounts[task.account_id]
    explainer = Explainer(book)
    below = [
        explainer.expression(word, expression, facts)
        for word, expression in (("for", play.population), ("when", play.when), ("anchor", play.anchor))
        if expression is not None
    ]
    below += trigger(found, play, (task.policy, task.play, task.account_id))
    if play.repeat is not None and play.repeat.is_paced:
        below.append(_pace(explainer, play.repeat, facts))
    below.append(_day(book, calendars, task, play, touch))
    below.append(_owner(book, calendars, task, touch))
    if listed.set_due != task.due:
        spoken = task.moved.split("; ")
        why = tuple(Reason(sentence) for sentence in listed.moved.split("; ") if sentence not in spoken)
        below.append(Reason(f"listed on {listed.set_due}", below=why))
    below += [Reason(text) for text in _state(listed, step)]
    return Reason(_head(task), task.source, tuple(below))


def explain_step(step: Planned) -> Reason:
    """What became of a task that the policy does not ask for any more."""
    return Reason(_head(step.task), step.task.source, tuple(Reason(text) for text in _state(step.task, step)))


def _head(task: Task) -> str:
    return f"task {task.task_id}: {task.task} of play {task.play} for account {task.account_id}"


def _state(task: Task, step: Planned | None) -> Iterator[str]:
    """Its status, what people changed, what moved it, and what today's run does with it."""
    match task.status:
        case "waiting":
            yield f"status waiting: not before {task.waits_for} is done"
        case "snoozed":
            yield "status snoozed" + (f" until {task.snoozed_until}" if task.snoozed_until else "")
        case "done":
            yield f"status done on {task.done_on}" + (f": {task.closed_by}" if task.closed_by else "")
        case status:
            yield f"status {status}"
    if step is None:
        return
    yield f"made on {task.opened_on}, changed {task.sequence} times since"
    if task.due != task.set_due:
        yield f"due {task.due}: a person moved it from {task.set_due}"
    if task.owner != task.set_owner:
        yield f"owner {task.owner}: a person handed it on from {task.set_owner}"
    if task.moved:
        yield f"moved {task.moved}"
    yield f"today: {step.action}" + (f", {step.reason}" if step.reason else "")


def _pace(explainer: Explainer, repeat: Repeat, facts: Facts) -> Reason:
    """Which interval counts, and the conditions down to the one that holds."""
    asked: list[Reason] = []
    for pace in repeat.paces:
        if pace.when is not None:
            asked.append(explainer.expression("when", pace.when, facts))
        if pace.when is None or explainer.book.value(pace.when, facts) is True:
            break
    because = f": {pace.because}" if pace.because else ""
    return Reason(f"{repeat.rule.freq}, every {pace.interval}{because}", source_of(pace.span), tuple(asked))


def _day(book: Book, calendars: Calendars, task: Task, play: Play, touch: Touch) -> Reason:
    """What it counts from, by whose calendar, and what moved it."""
    rolled = f", rolled to the {touch.roll.replace('_', ' ')} business day" if touch.roll != "none" else ""
    below = [Reason(sentence) for sentence in task.moved.split("; ") if sentence]
    if counts(touch):
        routed = route(book, calendars, chain(play, touch), book.accounts[task.account_id], task.anchor)
        person = routed.held.person if routed is not None else None
        below.insert(0, Reason(f"calendar: {calendars.of(person).told}"))
    return Reason(f"due {task.due}: {touch.due} from {task.anchor}{rolled}", source_of(touch.span), tuple(below))


def _owner(book: Book, calendars: Calendars, task: Task, touch: Touch) -> Reason:
    """Who the touch names, down to the row of the assignments, or the cell of the account, that says so; then who
    falls back, stands in, or which queue it lies in.
    """
    facts, source = book.accounts[task.account_id], source_of(touch.owner_span)
    day = max(task.due, book.as_of)
    below = list(_duty(book, facts, touch, day))
    held = holder(book, touch, facts, day)
    roles = book.program.force.workspace.roles
    if task.role in roles and roles[task.role].queue:
        below.append(Reason(held.reason or task.moved, source_of(roles[task.role].span)))
        return Reason(f"owner {task.owner}: a queue, where work lies until somebody takes it", source, tuple(below))
    if held.person is None:
        raise AssertionError(f"task {task.task_id} has an owner, {task.owner}, but nobody holds {touch.owner}")
    asked = _asked(book, facts, touch, day)
    if held.role in roles and held.role != asked and asked in roles:
        below.append(Reason(f"nobody holds {asked} on {day}: {held.role} stands in", source_of(roles[asked].span)))
    if book.is_role(touch.owner):
        since = f" since {held.since}" if held.since not in (None, date.min) else ""
        below.append(Reason(f"{held.person} holds {held.role}{since}", f"{book.holders.file}, row {held.row}"))
    else:
        below.append(Explainer(book).name(touch.owner, facts))
    stood = calendars.time_off.stand_in(held.person, day)
    if stood is not None and stood[0] == task.owner:
        told = calendars.stand_in(held.person, day)
        below.append(Reason(told[1] if told is not None else "", str(stood[1].place)))
        return Reason(f"owner {task.owner}: stands in for {held.person}", source, tuple(below))
    told_as = f": holds {task.role} for {task.account_id} on {day}" if book.is_role(touch.owner) else ""
    return Reason(f"owner {task.owner}{told_as}", source, tuple(below))


def _duty_of(book: Book, touch: Touch) -> Duty | None:
    return next((duty for duty in book.program.force.duties if duty.name == touch.owner), None)


def _asked(book: Book, facts: Facts, touch: Touch, day: date) -> str:
    """The role that the touch asks for: of a duty, that of the case that holds."""
    duty = _duty_of(book, touch)
    names = ChainMap({"as_of": day}, facts)  # type: ignore[arg-type]
    for case in duty.cases if duty is not None else ():
        if case.when is None or book.value(case.when, names) is True:
            return case.role
    return touch.owner


def _duty(book: Book, facts: Facts, touch: Touch, day: date) -> Iterator[Reason]:
    """The cases of a duty, up to the one that holds on the day."""
    duty = _duty_of(book, touch)
    names = ChainMap({"as_of": day}, facts)  # type: ignore[arg-type]
    for case in duty.cases if duty is not None else ():
        if case.when is None:
            why = f" ({case.because})" if case.because else ""
            yield Reason(f"duty {touch.owner}: {case.role}{why}", source_of(case.span))
            return
        yield Explainer(book).expression(f"duty {touch.owner}: {case.role}", case.when, names, case.because)
        if book.value(case.when, names) is not False:
            return
