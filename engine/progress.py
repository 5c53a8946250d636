"""What a run tells of its way: whoever is shown a bar, and whoever may still stop it, listens here.

The engine tells counts only. It reads no clock: how fast that is, and how long it will take, the listener works out.
"""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told one stretch of work after the other: ``begin``, any number of ``advance``, ``end``; they never nest.

    What fails has no ``end``. A listener may raise (KeyboardInterrupt, say): the run ends there, nothing is written.
    """

    def begin(self, what: str, unit: str = "", total: int | None = None) -> None:
        """``what`` begins, of about ``total`` ``unit`` (rows, files …); None and no unit where nobody counts."""

    def advance(self, count: int = 1) -> None:
        """So many more are done."""

    def end(self) -> None:
        """That work is over, to its end."""

    def commit(self) -> None:
        """The results take their place now: what is stopped from here on is stopped too late."""


class Silent:
    """Nobody listens."""

    def begin(self, what: str, unit: str = "", total: int | None = None) -> None: ...

    def advance(self, count: int = 1) -> None: ...

    def end(self) -> None: ...

    def commit(self) -> None: ...


SILENT = Silent()
