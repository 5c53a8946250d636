"""How far a run is, as a line on the terminal that is gone at the end: a bar, a count, the rate, the time left."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from types import TracebackType

from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn
from rich.table import Column
from rich.text import Text

from .terminal import printable

DELAY = 0.5
"""Seconds before anything is shown: what is done sooner needs no bar."""

ERASED = "\r\x1b[2K\x1b[?25h"
"""Takes the line off a terminal and gives it its cursor back, for who ends the process while it is shown."""


class ProgressBar:
    """A ``Progress`` that shows the work under way on standard error, between ``with`` and its end."""

    def __init__(self, console: Console | None = None) -> None:
        self._line = _Late(
            TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True, overflow="ellipsis")),
            BarColumn(bar_width=None, table_column=Column(max_width=24)),
            _Figures(table_column=Column(no_wrap=True, overflow="ellipsis")),
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
        self._line.add_task(printable(what), total=total, unit=unit)

    def advance(self, count: int = 1) -> None:
        for task in self._line.task_ids:
            self._line.advance(task, count)

    def end(self) -> None:
        """The line stands until the next work begins, so that it does not flicker."""

    def commit(self) -> None: ...


class _Late(Progress):
    """Shows nothing before its time."""

    def __init__(self, *columns: ProgressColumn, **options: object) -> None:
        super().__init__(*columns, **options)  # type: ignore[arg-type]
        self._since = self.get_time()

    def get_renderables(self) -> Iterable[RenderableType]:
        if self.get_time() - self._since >= DELAY:
            yield from super().get_renderables()


class _Figures(ProgressColumn):
    """``412,000 of 1,000,000 rows, 85,000 a second, 0:07 left``; of work that nobody counts, how long it has taken."""

    def render(self, task: Task) -> Text:
        unit = task.fields["unit"]
        if not unit:
            return Text(_minutes(task.elapsed or 0))
        of = f" of {max(int(task.total), int(task.completed)):,}" if task.total is not None else ""
        told = [f"{int(task.completed):,}{of} {unit}"]
        if task.speed:
            told.append(f"{task.speed:,.0f}/s")
        if task.time_remaining is not None:
            told.append(f"{_minutes(task.time_remaining)} left")
        return Text(", ".join(told))


def _minutes(seconds: float) -> str:
    return str(timedelta(seconds=int(seconds))).removeprefix("0:")
