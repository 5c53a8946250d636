"""Work lists as their owners read them: overdue first, week by week, with reasons; nothing of the data becomes markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from html.parser import HTMLParser

import pytest
from granger.engine.outcome.tasks.planned import CLOSE, CONFLICT, CREATE, KEEP, UPDATE, Planned
from granger.engine.outcome.tasks.touches import DONE, SNOOZED, WAITING
from granger.engine.writers.safe_text import CONTROL
from granger.engine.writers.worklist import worklist
from jinja2 import UndefinedError

from .planned_tasks import AS_OF, HOSTILE, task

ENDINGS = ("md", "html")


class Page(HTMLParser):
    """The texts of a page, and its tags with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if data.strip() and self.tags[-1][0] != "style":
            self.texts.append(" ".join(data.split()))

    @property
    def text(self) -> str:
        return " ".join(self.texts)


def shown(
    ending: str, plan: Sequence[Planned], owner: str = "Ana Silva", news: bool = True, workspace: str = "northwind"
) -> str:
    """The page's text; of HTML, what a reader sees."""
    text = worklist(ending, workspace, owner, plan, AS_OF, news)
    return Page(text).text if ending == "html" else text


def on(day: date, **fields: object) -> Planned:
    return Planned(KEEP, task(task_id=f"T-{day}", account_name=f"due {day}", due=day, **fields))


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_is_overdue_comes_first_then_week_by_week(ending: str) -> None:
    days = [
        date(2026, 10, 5),
        date(2026, 9, 29),
        date(2027, 1, 4),
        date(2026, 9, 30),
        date(2026, 10, 12),
        date(2026, 9, 1),
    ]
    text = shown(ending, [on(day) for day in days])
    wanted = [
        *("Overdue", "due 2026-09-01", "due 2026-09-29", "This week", "28 Sep – 4 Oct", "due 2026-09-30"),
        *("Next week", "5 – 11 Oct", "due 2026-10-05", "Week 42", "due 2026-10-12", "Week 1", "4 – 10 Jan 2027"),
    ]
    places = [text.index(word) for word in wanted]
    assert places == sorted(places)
    assert "6 tasks, 4 h 30 min" in text
    assert "2 tasks overdue" in text
    assert "29 days late" in text
    assert "1 day late" in text
    assert "Mon 4 Jan 2027" in text


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_task_says_why_what_moved_it_and_what_it_waits_for(ending: str) -> None:
    first = Planned(KEEP, task(task_id="T-1", task="kickoff", moved="Sunday is free; Ben is away"))
    second = Planned(KEEP, task(task_id="T-2", status=WAITING, waits_for="T-1", priority="urgent", channel="video"))
    text = shown(ending, [first, second])
    for word in ("two months are enough", "Moved: Sunday is free", "Moved: Ben is away", "playbook.yaml:22", "T-2"):
        assert word in text
    assert "Waits for: kickoff: Elm Robotics" in text
    for mark in ("urgent", "45 min", "video", "waiting"):
        assert mark in text


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_task_that_is_put_off_stands_on_the_day_until_which_it_is(ending: str) -> None:
    asleep = task(status=SNOOZED, due=date(2026, 9, 25), snoozed_until=date(2026, 10, 13))
    text = shown(ending, [Planned(KEEP, asleep)])
    assert "Overdue" not in text
    assert text.index("Week 42") < text.index("Tue 13 Oct") < text.index("Put off: it was due Fri 25 Sep")


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_task_that_is_put_off_without_a_day_is_not_overdue(ending: str) -> None:
    text = shown(ending, [Planned(KEEP, task(status=SNOOZED, due=date(2026, 9, 25))), on(date(2026, 9, 30))])
    assert "verdue" not in text
    assert " late" not in text
    assert text.index("This week") < text.index("due 2026-09-30") < text.index("Put off") < text.index("Fri 25 Sep")


@pytest.mark.parametrize("ending", ENDINGS)
def test_news_are_marked_where_yesterday_is_known(ending: str) -> None:
    plan = [
        Planned(CREATE, task(task_id="T-1")),
        Planned(UPDATE, task(task_id="T-2"), task(), "the contract ends later"),
        Planned(CONFLICT, task(task_id="T-3"), task(), "you moved it, the policy asks for 2026-10-02"),
        Planned(CLOSE, task(task_id="T-4", account_name="Gum Tree"), task(), "the play is no longer there"),
        Planned(CLOSE, task(task_id="T-5", account_name="Holm Oak", status=DONE), task(), "done on 2026-09-29"),
        Planned(UPDATE, task(task_id="T-6", account_name="Ivy", owner="Ben"), task(), "Ben has the account now"),
    ]
    text = shown(ending, plan)
    assert "3 tasks, 2 h 15 min" in text
    for word in ("new", "changed", "set by hand", "Changed: the contract ends later", "Set by hand: you moved it"):
        assert word in text
    gone = text[text.index("No longer on this list") :]
    assert "renewal-call: Gum Tree: the play is no longer there" in gone
    assert "renewal-call: Holm Oak: done on 2026-09-29" in gone
    assert "renewal-call: Ivy: now with Ben: Ben has the account now" in gone
    assert not re.search(r"\bnew\b", shown(ending, plan[:1], news=False)), "without yesterday every task is new"


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_list_may_be_empty(ending: str) -> None:
    handed = Planned(UPDATE, task(owner="Ben"), task(), "Ben has the account now")
    text = shown(ending, [handed])
    assert "0 tasks" in text
    assert "Nothing to do." in text


ALLOWED = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "main",
        "header",
        "section",
        "h1",
        "h2",
        "p",
        "small",
        "strong",
    ),
    *("ul", "li", "div", "b", "span"),
}


def test_names_become_no_markup_and_are_shown_as_they_are() -> None:
    plan = [
        Planned(
            UPDATE,
            task(task_id=f"T-{n}", task=name, account_name=name, because=name, channel=name, moved=name),
            task(),
            name,
        )
        for n, name in enumerate(HOSTILE)
    ]
    for name in HOSTILE:
        page = Page(worklist("html", name, name, [*plan, Planned(KEEP, task(owner=name))], AS_OF, True))
        assert {tag for tag, _ in page.tags} <= ALLOWED
        for tag, attributes in page.tags:
            assert attributes.keys() <= {"class", "lang", "charset", "name", "content", "http-equiv"}, tag
    page = Page(worklist("html", "northwind", "Ana Silva", plan, AS_OF, True))
    assert sum(tag == "li" for tag, _ in page.tags) == len(HOSTILE)
    for name in HOSTILE:
        assert page.text.count(" ".join(re.sub(CONTROL, " ", name).split())) >= 3, name
    assert not re.search(CONTROL, page.text)


def test_the_page_runs_nothing_and_asks_nobody() -> None:
    text = worklist("html", "northwind", "Ana Silva", [Planned(CREATE, task())], AS_OF, True)
    page = Page(text)
    (policy,) = (attributes["content"] for tag, attributes in page.tags if "http-equiv" in attributes)
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"
    assert not re.search(r"https?:|url\(|@import|src=|href=|<script", text)
    assert text.startswith("<!DOCTYPE html>")
    assert '<html lang="en">' in text


def test_markdown_shows_names_and_follows_none_of_them() -> None:
    plan = [Planned(KEEP, task(task_id=f"T-{n}", account_name=name, because=name)) for n, name in enumerate(HOSTILE)]
    text = worklist("md", "northwind", "Ana Silva", plan, AS_OF, True)
    lines = text.split("\n")
    assert sum(line.startswith("- [ ] ") for line in lines) == len(HOSTILE)
    assert not re.search(r"(?<!\\)[<>`]", text)
    assert r"\[click\](javascript:alert(1))" in text
    assert not any(line.startswith(("UID", "END:", "BEGIN:VEVENT")) for line in lines)
    assert "\x1b" not in text
    assert "‮" not in text


def test_a_misspelt_name_in_a_template_is_an_error() -> None:
    from granger.engine.writers.worklist import _environment

    for ending in ENDINGS:
        with pytest.raises(UndefinedError):
            _environment(ending).from_string("{{ onwer }}").render(owner="Ana")


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_run_writes_the_same_bytes(ending: str) -> None:
    plan = [on(date(2026, 10, n)) for n in range(1, 20)]
    assert shown(ending, plan) == shown(ending, list(plan))
