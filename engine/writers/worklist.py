"""The work list of an owner as a page: what is overdue, then week by week; each task with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template

from ..outcome.tasks.planned import CLOSE, CONFLICT, CREATE, KEEP, UPDATE, Planned
from ..outcome.tasks.touches import DONE, OPEN, SNOOZED, WAITING, Task
from ..outcome.tasks.worded import day, subject
from ..tables.references import count_of
from .safe_text import CONTROL, escaped

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
STATUSES = {OPEN: "", WAITING: "waiting", SNOOZED: "put off", DONE: "done"}
NEWS = {CREATE: "new", UPDATE: "changed", CONFLICT: "set by hand", KEEP: ""}


@dataclass(frozen=True, slots=True)
class Item:
    """A task as the page shows it. ``marks`` say how pressing it is, how long it takes, by what means."""

    task: Task
    day: str
    late: str
    account: str
    marks: tuple[str, ...]
    news: str
    status: str
    because: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """``told`` says which days it holds, and how much there is to do."""

    title: str
    told: str
    overdue: bool = False
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Gone:
    """A task that is no longer on the list, and why."""

    subject: str
    why: str


def worklist(ending: str, workspace: str, owner: str, plan: Sequence[Planned], as_of: date, news: bool) -> str:
    """The page, as ``md`` or ``html``. ``news``: yesterday is known, so that new and changed tasks are marked."""
    own = sorted((one for one in plan if _is_open(one, owner)), key=lambda planned: day(planned.task))
    late = [planned for planned in own if _is_late(planned, as_of)]
    return _template(ending).render(
        workspace=workspace,
        owner=owner,
        as_of=as_of,
        day=_day(as_of, date.min),
        told=_told(own),
        late=count_of(len(late), "task") if late else "",
        sections=list(_sections(own, as_of, news)),
        gone=list(_gone(plan, owner)),
    )


def _is_open(planned: Planned, owner: str) -> bool:
    return planned.action != CLOSE and planned.task.status != DONE and planned.task.owner == owner


def _is_late(planned: Planned, as_of: date) -> bool:
    return day(planned.task) < as_of and planned.task.status != SNOOZED


def _sections(own: Sequence[Planned], as_of: date, news: bool) -> Iterator[Section]:
    """``own`` by day. What a person put off and named no day for comes last, once its own day is over."""
    subjects = {planned.task.task_id: subject(planned.task) for planned in own}
    late: list[Planned] = []
    asleep: list[Planned] = []
    weeks: dict[date, list[Planned]] = {}
    for planned in own:
        then = day(planned.task)
        past = late if _is_late(planned, as_of) else asleep
        (past if then < as_of else weeks.setdefault(_monday(then), [])).append(planned)
    found = [("Overdue", "", late)] if late else []
    found += [(_week(monday, as_of), f"{_days(monday, as_of)} · ", then) for monday, then in weeks.items()]
    found += [("Put off", "", asleep)] if asleep else []
    for title, days, some in found:
        items = [_item(planned, as_of, news, subjects) for planned in some]
        yield Section(title, days + _told(some), some is late, items)


def _item(planned: Planned, as_of: date, news: bool, subjects: dict[str, str]) -> Item:
    task = planned.task
    marks = ("" if task.priority == "normal" else task.priority, _minutes(task.minutes), task.channel)
    late = (as_of - day(task)).days if _is_late(planned, as_of) else 0
    notes = [f"Moved: {why}" for why in task.moved.split("; ") if why]
    if day(task) != task.due:
        notes.append(f"Put off: it was due {_day(task.due, as_of)}")
    if task.waits_for:
        notes.append(f"Waits for: {subjects.get(task.waits_for, task.waits_for)}")
    if planned.reason and planned.action != KEEP:
        notes.append(f"{NEWS[planned.action].capitalize()}: {planned.reason}")
    return Item(
        task=task,
        day=_day(day(task), as_of),
        late=f"{count_of(late, 'day')} late" if late > 0 else "",
        account=task.account_name or task.account_id,
        marks=tuple(mark for mark in marks if mark),
        news=NEWS[planned.action] if news else "",
        status=STATUSES[task.status],
        because=task.because,
        notes=tuple(notes),
    )


def _gone(plan: Sequence[Planned], owner: str) -> Iterator[Gone]:
    for planned in plan:
        if planned.action == CLOSE:
            yield Gone(subject(planned.task), planned.reason)
        elif planned.task.owner != owner:
            yield Gone(subject(planned.task), f"now with {planned.task.owner}: {planned.reason}".removesuffix(": "))


def _monday(one: date) -> date:
    return one - timedelta(days=one.weekday())


def _week(monday: date, as_of: date) -> str:
    ahead = (monday - _monday(as_of)).days // 7
    return {0: "This week", 1: "Next week"}.get(ahead, f"Week {monday.isocalendar().week}")


def _days(monday: date, as_of: date) -> str:
    """``28 Sep – 4 Oct``, ``5 – 11 Oct``; the year where it is another than that of the run."""
    sunday = monday + timedelta(days=6)
    first = str(monday.day) if monday.month == sunday.month else f"{monday.day} {MONTHS[monday.month - 1]}"
    year = "" if sunday.year == as_of.year else f" {sunday.year}"
    return f"{first} – {sunday.day} {MONTHS[sunday.month - 1]}{year}"


def _day(one: date, as_of: date) -> str:
    year = "" if one.year == as_of.year else f" {one.year}"
    return f"{DAYS[one.weekday()]} {one.day} {MONTHS[one.month - 1]}{year}"


def _told(some: Sequence[Planned]) -> str:
    """``3 tasks, 1 h 15 min``."""
    minutes = _minutes(sum(planned.task.minutes for planned in some))
    return ", ".join(part for part in (count_of(len(some), "task"), minutes) if part)


def _minutes(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return " ".join([*([f"{hours} h"] if hours else []), *([f"{rest} min"] if rest else [])])


@cache
def _environment(ending: str) -> Environment:
    """Whatever a template prints is escaped for its format; a name that it misspells is an error."""
    return Environment(
        loader=FunctionLoader(lambda name: files(__package__).joinpath(name).read_text(encoding="utf-8")),
        autoescape=ending == "html",
        finalize=_markdown if ending == "md" else _printable,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _template(ending: str) -> Template:
    return _environment(ending).get_template(f"worklist.{ending}.jinja")


def _markdown(value: object) -> object:
    return escaped(value) if isinstance(value, str) else value


def _printable(value: object) -> object:
    """Without what a browser cannot show, or shows backwards; what it takes for markup is escaped after this."""
    return re.sub(CONTROL, " ", value) if isinstance(value, str) else value
