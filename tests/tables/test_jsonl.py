from __future__ import annotations

from fractions import Fraction

import pytest


@pytest.fixture
def wanted(field, shape):  # type: ignore[no-untyped-def]
    return shape(
        field("id"),
        field("arr", "money", column="ARR", required=False),
        field("on", "date", required=False),
        key="id",
        reject_ceiling=1,
    )


def read_lines(read, shape, *lines):  # type: ignore[no-untyped-def]
    return read(shape, "\n".join(lines), suffix=".jsonl")


def test_numbers_are_exact(read, wanted) -> None:  # type: ignore[no-untyped-def]
    found = read_lines(
        read, wanted,
        '{"id": "a", "ARR": 0.1, "on": "2026-01-31"}',
        '{"id": 7, "ARR": 12345678901234567890.123456789, "on": null}',
        "",
        '{"id": "c", "ARR": 1e3}',
        '{"id": "d", "ARR": NaN}',
        '{"id": "e", "ARR": "1,000.50"}',
    )  # fmt: skip
    table = found.tables["accounts"]
    assert tuple(table.rows) == (1, 2, 4, 5, 6)
    assert table.columns["id"] == ("a", "7", "c", "d", "e")
    assert table.columns["arr"] == (
        Fraction(1, 10), Fraction("12345678901234567890.123456789"), 1000, None, Fraction(2001, 2),
    )  # fmt: skip
    assert table.empty == {"arr": 1, "on": 4}


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("Infinity", "infinity is not a number"),
        ("-Infinity", "infinity is not a number"),
        ("1e999999999", "more than 400 digits"),
        ("1e99999999999999999999", "more than 400 digits"),
        ("9" * 5000, "more than 400 digits"),
        ("[1]", "not a single value"),
        ('{"a": 1}', "not a single value"),
        ("true", "not a number"),
        ('"\\ud800"', "half a character"),
    ],
)
def test_a_bad_value_is_a_bad_cell(read, wanted, value, why) -> None:  # type: ignore[no-untyped-def]
    found = read_lines(read, wanted, f'{{"id": "a", "ARR": {value}, "on": null}}')
    assert [(r.row, r.column, r.level) for r in found.rejects] == [(1, "ARR", "cell")]
    assert why in found.rejects[0].reason
    assert found.tables["accounts"].columns["arr"] == (None,)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "not a JSON object"),
        ("[1, 2]", "not a JSON object"),
        ('{"id": 1} x', "not a JSON object"),
        ('{"id": 1, "id": 2}', "the name 'id' stands twice"),
        ('{"id": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested too deeply"),
    ],
)
def test_a_bad_line_is_refused(read, wanted, line, why) -> None:  # type: ignore[no-untyped-def]
    found = read_lines(read, wanted, '{"id": "a", "ARR": 1, "on": null}', line)
    table = found.tables["accounts"]
    assert (table.read, len(table), table.rejected) == (2, 1, 1)
    assert [(r.row, r.level) for r in found.rejects] == [(2, "row")]
    assert why in found.rejects[0].reason


def test_a_column_that_no_record_has(read, wanted) -> None:  # type: ignore[no-untyped-def]
    sparse = read_lines(read, wanted, '{"id": "a", "arr": 1}')
    assert [(d.code, d.is_error) for d in sparse.diagnostics] == [("absent-column", False), ("absent-column", False)]
    nameless = read_lines(read, wanted, '{"ID": "a", "ARR": 1}')
    assert [(d.code, d.is_error) for d in nameless.diagnostics] == [("missing-column", True)]
    assert "did you mean" in nameless.diagnostics[0].help or "known" in nameless.diagnostics[0].help


def test_an_empty_file_has_no_records(read, wanted) -> None:  # type: ignore[no-untyped-def]
    found = read_lines(read, wanted, "")
    assert len(found.tables["accounts"]) == 0
    assert not found.diagnostics
