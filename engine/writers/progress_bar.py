"""How far a run is, as a line on the terminal that is gone at the end: a bar, a count, the rate, the time left."""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType

from rich.console import Console, RenderableType
from rich.progress import Progress, ProgressColumn, Task, TextColumn
from rich.progress_bar import ProgressBar as Bar
from rich.table import Column
from rich.text import Text

from .terminal import printable

DELAY = 0.5
"""Seconds before anything is shown: what is done sooner needs no bar."""

WIDTH = 10
"""Columns of the bar: with the figures of a million rows the line has 80."""

ERASED = "\r\x1b[2K\x1b[?25h"
"""Takes the line off a terminal and gives it its cursor back, for who ends the process while it is shown."""


class ProgressBar:
    """A ``Progress`` that shows the work under way on standard error, between ``with`` and its end."""

    def __init__(self, console: Console | None = None) -> None:
        self._line = _Late(
            TextColumn("{task.description}", markup=False, table_column=_column(min_width=19)),
            _Bar(),
            _Figures(table_column=_column()),
            console=console or Console(stderr=True),
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def __enter__(self) -> ProgressBar:
        self._line.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._line.stop()

    def begin(self, what: str, unit: str = "", total: int | None = None) -> None:
        for earlier in self._line.task_ids:
            self._line.remove_task(earlier)
        self._line.add_task(printable(what), total=total, unit=unit, at=0.0)

    def advance(self, count: int = 1) -> None:
        for task in self._line.tasks:
            self._line.update(task.id, advance=count, at=task.elapsed or 0.0)

    def end(self) -> None:
        """The line stands until the next work begins, so that it does not flicker."""

    def commit(self) -> None: ...


class _Late(Progress):
    """Shows nothing before its time."""

    _since: float | None = None

    def start(self) -> None:
        self._since = self.get_time()
        super().start()

    def get_renderables(self) -> Iterable[RenderableType]:
        if self._since is not None and self.get_time() - self._since >= DELAY:
            yield from super().get_renderables()


class _Bar(ProgressColumn):
    """None for work of unknown length: it would be a full one, which looks like the end."""

    def render(self, task: Task) -> RenderableType:
        return Text() if task.total is None else Bar(task.total, task.completed, width=WIDTH)


class _Figures(ProgressColumn):
    """``412,000 of 1,000,000 rows, 85,000/s, 0:07 left``; of work that nobody counts, how long it has taken."""

    def render(self, task: Task) -> Text:
        elapsed, at, unit = task.elapsed or 0.0, task.fields["at"], task.fields["unit"]
        if not unit:
            return Text(_minutes(elapsed))
        of = f" of {max(int(task.total), int(task.completed)):,}" if task.total is not None else ""
        told = [f"{int(task.completed):,}{of} {unit}"]
        if task.completed and at:
            rate = task.completed / at
            told.append(f"{rate:,.0f}/s")
            if task.total is not None:
                left = (task.total - task.completed) / rate - (elapsed - at)
                told.append(f"{_minutes(max(left, 0))} left")
        return Text(", ".join(told))


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _column(min_width: int | None = None) -> Column:
    return Column(no_wrap=True, overflow="ellipsis", min_width=min_width)
