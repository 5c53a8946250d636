"""The output folder of a run: written beside its place, then put there whole, or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from ..diagnostics import GrangerError


class FolderInUse(GrangerError):
    """The folder exists and is not an earlier run of granger's, so nothing is written over it."""


def write_folder(folder: Path, texts: Mapping[str, str]) -> None:
    """Puts ``texts`` (path inside the folder -> content) in ``folder``, replacing an earlier run there.

    Raises FolderInUse for a folder that holds something else, and OSError where the disk refuses; either way what
    stood there before still stands.
    """
    if folder.exists() and not (folder.is_dir() and (is_run(folder) or not any(folder.iterdir()))):
        raise FolderInUse(f"{folder} holds something that is not a run of granger; name another folder")
    folder = folder.resolve() if folder.is_symlink() else folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = folder.with_name(f".{folder.name}.new-{os.getpid()}")
    stale = folder.with_name(f".{folder.name}.old-{os.getpid()}")
    try:
        for name, text in texts.items():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8", "surrogatepass"))
        if folder.exists():
            folder.rename(stale)
        fresh.rename(folder)
    except BaseException:
        if stale.exists() and not folder.exists():
            stale.rename(folder)
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    shutil.rmtree(stale, ignore_errors=True)


def write_new(folder: Path, texts: Mapping[str, str]) -> None:
    """Puts ``texts`` in a folder that is new or empty. Raises FolderInUse for any other."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderInUse(f"{folder} is not empty; name a new folder")
    write_folder(folder, texts)


def is_run(folder: Path) -> bool:
    return (folder / "run.json").is_file()
