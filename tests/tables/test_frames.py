from __future__ import annotations

import math
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest


@pytest.fixture
def wanted(field, shape):  # type: ignore[no-untyped-def]
    return shape(
        field("id"),
        field("arr", "money", column="ARR", required=False),
        field("on", "date", column="Day", required=False),
        key="id",
    )


FRAME = pl.DataFrame(
    {
        "id": ["a", "b", "c"],
        "ARR": [0.1, math.nan, None],
        "Day": [date(2026, 1, 31), None, None],
        "other": [[1], [], []],
    }
)


def frames():  # type: ignore[no-untyped-def]
    return {
        "polars": FRAME,
        "lazy": FRAME.lazy(),
        "names": FRAME.rename({"ARR": "arr", "Day": "on"}),
        "arrow": pa.table({"id": ["a", "b", "c"], "ARR": [0.1, None, None], "Day": [date(2026, 1, 31), None, None]}),
        "pandas": pd.DataFrame(
            {"id": ["a", "b", "c"], "ARR": [0.1, math.nan, math.nan], "Day": pd.to_datetime(["2026-01-31", None, None])}
        ),
        "columns": {"id": ["a", "b", "c"], "ARR": [0.1, None, None], "Day": [date(2026, 1, 31), None, None]},
        "records": [{"id": "a", "arr": 0.1, "on": date(2026, 1, 31)}, {"id": "b", "arr": math.nan}, {"id": "c"}],
    }


@pytest.mark.parametrize("source", ["polars", "lazy", "names", "arrow", "pandas", "columns", "records"])
def test_every_frame_reads_alike(read, wanted, source) -> None:  # type: ignore[no-untyped-def]
    found = read(wanted, frames()[source])
    assert not found.diagnostics
    table = found.tables["accounts"]
    assert table.file == "<frame accounts>"
    assert tuple(table.rows) == (2, 3, 4)
    assert table.columns == {
        "id": ("a", "b", "c"),
        "arr": (Fraction(1, 10), None, None),
        "on": (date(2026, 1, 31), None, None),
    }
    assert table.empty == {"arr": 2, "on": 2}


def test_the_digest_is_of_the_values(read, wanted) -> None:  # type: ignore[no-untyped-def]
    digests = {read(wanted, frames()[name]).tables["accounts"].digest for name in ("polars", "names", "lazy")}
    assert len(digests) == 1
    changed = read(wanted, FRAME.with_columns(ARR=pl.lit(0.2))).tables["accounts"].digest
    assert changed not in digests
    assert read(wanted, FRAME.drop("other")).tables["accounts"].digest in digests


def test_parquet(read, wanted, tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "x.parquet"
    FRAME.with_columns(pl.col("id").cast(pl.Categorical)).write_parquet(path)
    table = read(wanted, path).tables["accounts"]
    assert table.columns["id"] == ("a", "b", "c")
    assert table.columns["arr"] == (Fraction(1, 10), None, None)
    broken = path.read_bytes()[:-20]
    assert [d.code for d in read(wanted, broken, suffix=".parquet").diagnostics] == ["unreadable-table"]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (pl.Series([Decimal("1.10")], dtype=pl.Decimal(20, 2)), Fraction(11, 10)),
        (pl.Series([0.1], dtype=pl.Float32), Fraction(1, 10)),
        (pl.Series([16777217.0], dtype=pl.Float32), Fraction(16777216)),
        (pl.Series([2**62], dtype=pl.Int64), Fraction(2**62)),
        (pl.Series(["1,234.50"]), Fraction(2469, 2)),
        (pl.Series([None], dtype=pl.Null), None),
    ],
)
def test_numbers_of_every_type_are_exact(read, wanted, column, value) -> None:  # type: ignore[no-untyped-def]
    found = read(wanted, pl.DataFrame({"id": ["a"], "ARR": column, "Day": [None]}))
    assert found.tables["accounts"].columns["arr"] == (value,)


def test_infinity_is_a_bad_cell(read, wanted) -> None:  # type: ignore[no-untyped-def]
    found = read(wanted, pl.DataFrame({"id": ["a"], "ARR": [math.inf], "Day": [None]}))
    assert [(r.column, r.value, r.level) for r in found.rejects] == [("ARR", "inf", "cell")]


def test_a_zoned_timestamp_is_converted(read, wanted) -> None:  # type: ignore[no-untyped-def]
    frame = pl.DataFrame({"id": ["a"], "ARR": [1], "Day": [datetime(2026, 1, 31, 20, tzinfo=UTC)]})
    assert read(wanted, frame, timezone="Asia/Shanghai").tables["accounts"].columns["on"] == (date(2026, 2, 1),)


@pytest.mark.parametrize("cells", [[[1, 2]], [{"x": 1}], [b"bytes"], [object()]])
def test_columns_that_no_field_can_hold(read, wanted, cells) -> None:  # type: ignore[no-untyped-def]
    frame = pl.DataFrame({"id": ["a"], "ARR": pl.Series(cells), "Day": [None]})
    found = read(wanted, frame)
    assert [d.code for d in found.diagnostics] == ["unreadable-column"]
    assert "'ARR'" in found.diagnostics[0].message


@pytest.mark.parametrize("source", [42, object(), [1, 2], pd.DataFrame({"id": ["a", 1, object()]})])
def test_no_frame_at_all(read, wanted, source) -> None:  # type: ignore[no-untyped-def]
    assert [d.code for d in read(wanted, source).diagnostics] == ["unreadable-table"]


def test_a_missing_column_of_a_frame(read, wanted) -> None:  # type: ignore[no-untyped-def]
    assert [d.code for d in read(wanted, FRAME.drop("ARR")).diagnostics] == ["missing-column"]


def test_records_may_leave_fields_out_but_not_needed_ones(read, wanted) -> None:  # type: ignore[no-untyped-def]
    found = read(wanted, [{"id": "a"}, {"arr": "5"}])
    assert [(r.row, r.column, r.reason) for r in found.rejects] == [(3, "id", "empty, but the field is required")]
    assert len(read(wanted, []).tables["accounts"]) == 0


def test_yes_and_one_are_told_apart(read, field, shape) -> None:  # type: ignore[no-untyped-def]
    found = read(shape(field("x")), [{"x": True}, {"x": 1}, {"x": 1.5}, {"x": "1"}])
    assert found.tables["accounts"].columns["x"] == ("true", "1", "1.5", "1")
