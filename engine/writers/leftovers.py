"""What a run that was killed leaves beside its output folder, and what becomes of it.

A run writes ``.NAME.new-PID`` and lets it trade places with ``NAME``; where the system cannot do that in one step,
``NAME`` is ``.NAME.old-PID`` for a moment. So ``old`` is always a whole folder, and ``new`` is never trusted.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from .kernel import is_alive


def beside(folder: Path, word: str, process: int | None = None) -> Path:
    """The place beside ``folder`` that a process (this one) uses while it writes; ``word`` is ``new`` or ``old``."""
    return folder.with_name(f".{folder.name}.{word}-{os.getpid() if process is None else process}")


def discard(folder: Path, process: int | None = None) -> None:
    """Takes away what a process (this one) has left; a folder that it had put aside stands in its place again first.

    Raises OSError where that last cannot be done; what cannot be deleted is left lying.
    """
    fresh, aside = beside(folder, "new", process), beside(folder, "old", process)
    if aside.exists() and not folder.exists():
        aside.rename(folder)
    shutil.rmtree(fresh, ignore_errors=True)
    if aside.exists() and not fresh.exists():
        aside.rename(fresh)  # a deletion may be killed half way, and ``old`` is to mean whole
        shutil.rmtree(fresh, ignore_errors=True)


def recover(folder: Path) -> None:
    """Does the same for every process that is gone; what a living one writes is left alone."""
    if not folder.parent.is_dir():
        return
    name = re.compile(rf"\.{re.escape(folder.name)}\.(?:new|old)-([0-9]+)")
    left = {int(found[1]) for path in folder.parent.iterdir() if (found := name.fullmatch(path.name))}
    for process in sorted(left):
        if process == os.getpid() or not is_alive(process):
            discard(folder, process)
