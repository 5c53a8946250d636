"""The tasks that stand open since an earlier run: they are listed wherever their day lies now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import polars as pl

Identity: TypeAlias = tuple[str, str, str, str, str]
"""What a task's id is a digest of: policy, play, task, account, occurrence."""


class Standing:
    """Asked for one account by ``touches``, and for all of a touch by ``columns``."""

    def __init__(self, tasks: Iterable[Identity] = ()) -> None:
        self._tasks: Sequence[Identity] = list(tasks)

    def __bool__(self) -> bool:
        return bool(self._tasks)

    def __contains__(self, task: Identity) -> bool:
        return task in self._index

    @cached_property
    def _index(self) -> frozenset[Identity]:
        return frozenset(self._tasks)

    def frame(self) -> pl.DataFrame:
        """``policy``, ``play``, ``task``, ``account_id``, ``occurrence``; and, of repeats, the ``ordinal`` in it."""
        import polars as pl

        names = ("policy", "play", "task", "account_id", "occurrence")
        frame = pl.DataFrame(self._tasks, schema=dict.fromkeys(names, pl.String), orient="row").unique()
        ordinal = pl.col("occurrence").str.extract(r"#([0-9]{1,9})$").cast(pl.Int32).alias("ordinal")
        return frame.with_columns(ordinal)


NOTHING_STANDS = Standing()
