"""Watchlists as files of the folder ``watchlists``: a column for what the line is about, then those of the list."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..outcome.watchlists import ListFile, WatchRow
from ..policy.names import ACCOUNT
from .csv_file import guarded, written
from .safe_text import file_name

_PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


def list_files(lists: Sequence[ListFile]) -> dict[str, str]:
    """The text of each list by its path in the output folder."""
    return {f"watchlists/{_file(each.name)}": _text(each) for each in lists}


def _file(name: str) -> str:
    return f"{name}.csv" if _PLAIN.fullmatch(name) else file_name(name, "csv")


def _text(each: ListFile) -> str:
    about = "account_id" if each.per == ACCOUNT else each.per
    columns = [name for name in each.columns if name != about]
    header = ["day", about, *columns, "owner", "because", "source"]
    return written([header, *(_line(each, row) for row in each.rows)])


def _line(each: ListFile, row: WatchRow) -> list[str]:
    about = "account_id" if each.per == ACCOUNT else each.per
    values = [value for name, value in zip(each.columns, row.values, strict=True) if name != about]
    cells = [row.account_id or row.of, *values, row.owner, row.because, row.source]
    return [row.day.isoformat(), *(guarded(cell) for cell in cells)]
