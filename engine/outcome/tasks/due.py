"""The days of a play, and what is said where there is none: how far ahead, where a repeat ends, when a touch is due.

Asked for each account by ``touches`` and once for each distinct day by ``columns``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ...periods import Duration
from ...policy.model import Escalation, Play, Playbook, Repeat, Touch
from .calendar import Days

_DAYS_IN = {"business days": 3, "days": 1, "weeks": 7, "months": 31, "years": 366}
"""At the most, to look far enough ahead of the horizon."""

WAITS = ": waits for "
HANDED = "handed to "
NO_ANCHOR = "there is no date to count from"
NO_PER = "there is no value of `per` to tell occurrences apart"
NO_END = "there is no day on which the repeat ends"


@dataclass(frozen=True, slots=True)
class Window:
    """Touches due in ``[start, before)`` are listed; ``whole``: those that are closed already too."""

    start: date
    before: date
    whole: bool = False


def horizon_end(playbook: Playbook, as_of: date, horizon: Duration) -> date:
    """The first day that is not listed; a playbook's own horizon comes before the run's."""
    own = playbook.horizon
    return own if isinstance(own, date) else (own or horizon).clamped(as_of)


def open_end(play: Play, before: date) -> date:
    """The first day without an occurrence of a repeat that has no end of its own: it goes on past the horizon by as
    much as its touches may be due early."""
    early = max((-touch.due.count * _DAYS_IN[touch.due.unit] for touch in play.touches), default=0)
    return Duration(max(early, 0) + 31, "days").clamped(before)


def own_end(repeat: Repeat, value: date) -> date:
    """The first day without an occurrence of a repeat whose ``before`` or ``until`` is ``value``."""
    return value + timedelta(days=1) if repeat.until is not None and value < date.max else value


@dataclass(frozen=True, slots=True)
class Placed:
    """The day of a touch; why it is another than asked for (empty: it is not); the places and years it rests on whose
    holidays may still change.
    """

    due: date
    moved: str = ""
    provisional: tuple[str, ...] = ()


def placed(days: Days, touch: Touch, start: date, after: Placed | None = None) -> Placed | None:
    """When the touch is due that counts from ``start``, and not ``after`` another is; None outside the calendar."""
    try:
        asked = days.moved(start, touch.due)
        own = days.rolled(asked, touch.roll)
        later = "none" if touch.roll == "none" else "following"
        due = own if after is None else days.rolled(max(own, after.due), later)
    except OverflowError:
        return None
    moved = days.why_free(asked) if own != asked else ""
    if due != own:
        moved = f"from {own} to {due}: not before {touch.after}"
    if not counts(touch):
        return Placed(due, moved)
    first = start if touch.due.unit == "business days" else asked
    return Placed(due, moved, days.provisional(min(first, due), max(first, due)))


def counts(touch: Touch) -> bool:
    """Whether a calendar of worked days has a say in the touch's day."""
    return touch.roll != "none" or touch.due.unit == "business days"


def chain(play: Play, touch: Touch) -> tuple[Touch, ...]:
    """The touch, then the one that it comes after, and so on."""
    if not touch.after:
        return (touch,)
    touches = {other.task: other for other in play.touches}
    found = [touch]
    while found[-1].after:
        found.append(touches[found[-1].after])
    return tuple(found)


def from_day_on(touch: Touch) -> Touch:
    """The touch on the day that it counts from, or the next that is worked where it is on such days only."""
    return replace(touch, due=Duration(0, "days"), roll="following" if touch.roll != "none" else "none", after="")


def placed_after(days: Days, links: tuple[Touch, ...], start: date) -> Placed | None:
    """As ``placed`` of the first of a ``chain``, which is never due before the others; None outside the calendar."""
    found: Placed | None = None
    for touch in reversed(links):
        found = placed(days, touch, start, found)
        if found is None:
            return None
    return found


def waits_until(own: date, due: date, behind: str) -> str:
    """As ``pushed``, where the other was moved itself."""
    return f"from {own} to {due}{WAITS}{behind}"


def told_waiting(moved: str) -> str:
    """What of ``moved`` is of ``waits_until``."""
    return "; ".join(part for part in moved.split("; ") if WAITS in part)


def handed_to(step: Escalation, due: date) -> str:
    """Why an overdue task has another owner."""
    return f"{HANDED}{step.to}: overdue for {step.overdue} since {due}"


def told_handing(moved: str) -> str:
    """What of ``moved`` is of ``handed_to``."""
    return "; ".join(part for part in moved.split("; ") if part.startswith(HANDED))


def together(*reasons: str) -> str:
    """Reasons why a task is moved, as one text."""
    return "; ".join(dict.fromkeys(part for reason in reasons for part in reason.split("; ") if part))


def leaves(days: Days, links: tuple[Touch, ...], start: date) -> str:
    """Which of a ``chain`` has no day in the calendar."""
    return touch_leaves(next((t for t in links if placed(days, t, start) is None), links[0]), start)


def sentences(*parts: str, provisional: Iterable[str] = ()) -> str:
    """What moved a task, as it is listed."""
    notes = [f"the holidays of {one} are not announced yet: provisional" for one in provisional]
    return "; ".join([part for part in parts if part] + notes)


def undecided(word: str) -> str:
    return f"`{word}` cannot be decided"


def touch_leaves(touch: Touch, start: date) -> str:
    return f"{touch.due} from {start} leaves the calendar"


def repeat_leaves(anchor: date) -> str:
    return f"the repeat from {anchor} leaves the calendar"


def no_owner(touch: Touch) -> str:
    return f"the account has no {touch.owner}"


def because_of(playbook: Playbook, play: Play, touch: Touch) -> str:
    """Why there is the touch: in its own words, its play's or its playbook's."""
    return touch.because or play.because or playbook.because
