from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
import xlsxwriter


@pytest.fixture
def book(tmp_path: Path):  # type: ignore[no-untyped-def]
    """A workbook with the rows given, starting at ``top``, ``left`` (0 is the first)."""

    def make(rows, top: int = 0, left: int = 0, sheet: str = "Data") -> Path:  # type: ignore[no-untyped-def]
        path = tmp_path / "accounts.xlsx"
        with xlsxwriter.Workbook(path) as made:
            page = made.add_worksheet(sheet)
            day = made.add_format({"num_format": "yyyy-mm-dd"})
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    if isinstance(value, date):
                        page.write_datetime(top + r, left + c, value, day)
                    elif isinstance(value, str):
                        page.write_string(top + r, left + c, value)
                    elif value is not None:
                        page.write(top + r, left + c, value)
        return path

    return make


def test_cells_are_exact_and_rows_are_the_sheets(read, book, field, shape) -> None:  # type: ignore[no-untyped-def]
    path = book(
        [
            ["ID", "ARR", "Signed", "Live"],
            ["007", 1e-10, date(2026, 1, 31), True],
            [1001, 100.1 + 200.2, "2026-02-01", "no"],
            [None, None, None, None],
            ["123456789012345696", "1,234.50", datetime(2026, 3, 1), False],  # noqa: DTZ001
            [" x ", 0.12345678912345, None, None],
        ],
        top=3,
        left=2,
    )
    wanted = shape(
        field("id", column="ID"),
        field("arr", "number", column="ARR"),
        field("signed", "date", column="Signed", required=False),
        field("live", "boolean", column="Live", required=False),
    )
    found = read(wanted, path)
    table = found.tables["accounts"]
    assert not found.diagnostics
    assert tuple(table.rows) == (5, 6, 8, 9)
    assert table.columns["id"] == ("007", "1001", "123456789012345696", " x ")
    assert table.columns["arr"] == tuple(map(Fraction, ("1e-10", "300.3", "1234.5", "0.12345678912345")))
    assert table.columns["signed"] == (date(2026, 1, 31), date(2026, 2, 1), date(2026, 3, 1), None)
    assert table.columns["live"] == (True, False, False, None)


def test_dates_and_numbers_do_not_pass_for_each_other(read, book, field, shape) -> None:  # type: ignore[no-untyped-def]
    path = book([["id", "arr", "on"], ["a", date(2026, 1, 31), 46053], ["b", True, True]])
    wanted = shape(field("id"), field("arr", "number", required=False), field("on", "date", required=False), key="id")
    found = read(wanted, path)
    assert [(r.row, r.column, r.value) for r in found.rejects] == [
        (2, "arr", "2026-01-31 00:00:00"),
        (2, "on", "46053"),
        (3, "arr", "true"),
        (3, "on", "true"),
    ]


def test_a_time_of_day_needs_a_time_zone(read, book, field, shape) -> None:  # type: ignore[no-untyped-def]
    path = book([["on"], [datetime(2026, 1, 31, 23, 30)]])  # noqa: DTZ001
    wanted = shape(field("on", "date"), reject_ceiling=1)
    assert "timezone" in read(wanted, path).rejects[0].reason
    assert read(wanted, path, timezone="Asia/Shanghai").tables["accounts"].columns["on"] == (date(2026, 1, 31),)


def test_the_sheet_is_named(read, book, field, shape) -> None:  # type: ignore[no-untyped-def]
    path = book([["id"], ["a"]], sheet="Accounts")
    assert len(read(shape(field("id"), sheet="Accounts"), path).tables["accounts"]) == 1
    found = read(shape(field("id"), sheet="Acounts"), path)
    assert [(d.code, d.help) for d in found.diagnostics] == [("missing-sheet", "did you mean 'Accounts'?")]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04junk", b"id\na\n"])
def test_no_workbook(read, field, shape, data) -> None:  # type: ignore[no-untyped-def]
    assert [d.code for d in read(shape(field("id")), data, suffix=".xlsx").diagnostics] == ["unreadable-table"]


def test_an_empty_sheet(read, book, field, shape) -> None:  # type: ignore[no-untyped-def]
    assert [d.code for d in read(shape(field("id")), book([])).diagnostics] == ["headerless-file"]
