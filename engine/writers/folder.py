"""The output folder of a run: written beside its place, then put there whole in one step, or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import BinaryIO, TypeAlias

from ..diagnostics import GrangerError
from ..progress import SILENT, Progress
from .kernel import exchange
from .leftovers import beside, discard, recover

Writing: TypeAlias = Callable[[BinaryIO, Progress], None]
"""Writes a file piece by piece to the open file, and tells how far it is: a million rows are never held as text."""


@dataclass(frozen=True, slots=True)
class Later:
    """A text, or bytes, made when they are written: many pages are never held at once."""

    make: Callable[[], str | bytes]


Content: TypeAlias = str | Later | Writing
"""A file's text, or what makes or writes it."""

_NO_WAY = {errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES}
"""What file systems say that cannot settle a folder (network ones, mostly), or one that may not be listed."""

_ONE_AT_A_TIME = Lock()
"""The places beside the folder are named by the process alone."""


class FolderInUse(GrangerError):
    """The folder exists and is not an earlier run of granger's, so nothing is written over it."""


def write_folder(folder: Path, files: Mapping[str, Content], progress: Progress = SILENT) -> None:
    """Puts ``files`` (path inside the folder -> content) in ``folder``, replacing an earlier run there.

    Whenever it is stopped, even by ``kill -9``, ``folder`` is the earlier one or the new one, whole. (Where the system
    cannot exchange two folders in one step, a kill in the wrong moment leaves the earlier one beside its place, and
    the next writing puts it back.) What killed runs have left beside it is taken away.

    Raises FolderInUse for a folder that holds something else, OSError where the disk refuses, and what a content
    raises; each time what stood there before still stands.
    """
    named, folder = folder, folder.resolve()
    with _ONE_AT_A_TIME:
        recover(folder)
        if folder.exists() and folder.samefile("."):
            raise FolderInUse(f"{named} is the current folder, which cannot be replaced; name another folder")
        if folder.exists() and not (folder.is_dir() and (is_run(folder) or not any(folder.iterdir()))):
            raise FolderInUse(f"{named} holds something that is not a run of granger; name another folder")
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = beside(folder, "new")
        try:
            _fill(fresh, files, progress)
            progress.commit()
            _put(fresh, folder)
        finally:
            discard(folder)


def write_new(folder: Path, files: Mapping[str, Content], progress: Progress = SILENT) -> None:
    """Puts ``files`` in a folder that is new or empty. Raises FolderInUse for any other."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderInUse(f"{folder} is not empty; name a new folder")
    write_folder(folder, files, progress)


def is_run(folder: Path) -> bool:
    return (folder / "run.json").is_file()


def _fill(fresh: Path, files: Mapping[str, Content], progress: Progress) -> None:
    """Writes all files to a new folder, down to the disk: even after a power cut it is whole."""
    folders = sorted(
        {fresh, *(parent for name in files for parent in (fresh / name).parents if fresh in parent.parents)}
    )
    for path in folders:
        path.mkdir()
    texts = {name: content for name, content in files.items() if isinstance(content, str | Later)}
    progress.begin("writing", "files", len(texts))
    for name, text in texts.items():
        whole = text if isinstance(text, str) else text.make()
        (fresh / name).write_bytes(whole if isinstance(whole, bytes) else whole.encode("utf-8", "surrogatepass"))
        progress.advance()
    progress.end()
    for name, content in files.items():
        if not isinstance(content, str | Later):
            with (fresh / name).open("xb") as file:
                content(file, progress)
    progress.begin("settling on disk", "files", len(files))
    for name in files:  # after all are written: the system has begun by itself, and has less left to do
        with (fresh / name).open("r+b") as file:
            os.fsync(file.fileno())
        progress.advance()
    _settle_folders(folders)
    progress.end()


def _put(fresh: Path, folder: Path) -> None:
    """Puts ``fresh`` in the place of ``folder``; what stood there is in the place of ``fresh`` then."""
    if not folder.exists():
        fresh.rename(folder)
    elif not exchange(fresh, folder):
        aside = beside(folder, "old")
        folder.rename(aside)
        fresh.rename(folder)
        aside.rename(fresh)
    _settle_folders([folder.parent])


def _settle_folders(folders: Iterable[Path]) -> None:
    """Their lists of names, to the disk, where the system and the file system have a way to ask for that."""
    for path in folders if hasattr(os, "O_DIRECTORY") else ():
        try:
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as problem:
            if problem.errno not in _NO_WAY:
                raise
