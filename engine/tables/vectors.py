"""Reading a column of a file at once: plain cells by Polars, each other distinct cell by the cell reader."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from fractions import Fraction

import polars as pl

from .cells import BLANK, is_trimmed, shown
from .cellwise import BadCell, Remembered
from .column import Column
from .held import Held, dtype_of
from .plain import plain_dates, plain_numbers, plain_texts, plain_truths, where
from .records import Bad, Cells
from .scaled import Scaled, joined, of_fractions, patched
from .shape import NUMERIC, Field, Shape, Value
from .typed import native_cells


class SeriesReading:
    """Raises Unreadable where the field's own pattern is wrong."""

    def __init__(self, field: Field, shape: Shape, zone: tzinfo | None) -> None:
        self.field, self.shape, self.zone = field, shape, zone
        self._cells = Remembered(field, shape, zone)
        self._dtype = dtype_of(field.kind, field.one_of)
        self._parts = [self._made([])]

    def take(self, raws: Cells, start: int) -> list[BadCell]:
        if not isinstance(raws, pl.Series):
            values = self._cells.values(raws)
            self._parts.append(self._made(values))
            return [self._bad(start + i, raws[i], value) for i, value in enumerate(values) if isinstance(value, Bad)]
        bare = _bare(raws)
        plain = self._plain(bare, raws)
        rest = (bare.is_not_null() & plain.series.is_null()).arg_true()
        if rest.is_empty():
            self._parts.append(plain)
            return []
        # the groups come in no order, and need none
        groups = pl.DataFrame({"raw": raws.gather(rest), "row": rest}).group_by("raw").agg("row")
        distinct = native_cells(groups["raw"])
        values = self._cells.values(distinct)
        self._parts.append(patched(plain, groups["row"], self._made(values)))
        return [
            self._bad(start + row, distinct[i], value)
            for i, value in enumerate(values)
            if isinstance(value, Bad)
            for row in groups["row"][i]
        ]

    def column(self) -> Column:
        held = joined(self._parts)
        return Held(self.field.kind, held.series, held.places, held.wide)

    def _bad(self, i: int, raw: object, value: Bad) -> BadCell:
        return BadCell(i, self.field, shown(raw), value.reason)

    def _made(self, values: Sequence[Value | Bad]) -> Scaled:
        if self.field.kind in NUMERIC:
            return of_fractions([value if isinstance(value, Fraction) else None for value in values])
        sound = [None if isinstance(value, Bad) else value for value in values]
        return Scaled(pl.Series(sound, dtype=self._dtype))

    def _plain(self, bare: pl.Series, raws: pl.Series) -> Scaled:
        """The plain cells read, the others null."""
        kind = self.field.kind
        if kind in NUMERIC:
            return plain_numbers(bare, self.field, self.shape.decimal)
        if kind == "date":
            return Scaled(plain_dates(bare, self.zone))
        if kind == "boolean":
            return Scaled(plain_truths(bare))
        if self.field.words:
            return Scaled(pl.repeat(None, len(raws), dtype=self._dtype, eager=True))
        spaced = raws.dtype == pl.String and not is_trimmed(self.field, self.shape)
        texts = plain_texts(where(bare.is_not_null(), raws) if spaced else bare)
        return Scaled(texts.cast(self._dtype, strict=False))


def _bare(raws: pl.Series) -> pl.Series:
    """The cells without the white space around them; blank ones and what is no number are null."""
    if raws.dtype.is_float():
        return raws.fill_nan(None)
    if raws.dtype != pl.String:
        return raws
    bare = raws.str.strip_chars(BLANK)
    return where(bare != "", bare)
