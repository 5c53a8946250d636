from __future__ import annotations

import csv

import pytest
from granger.engine.diagnostics import Cell


def codes(found):  # type: ignore[no-untyped-def]
    return [d.code for d in found.diagnostics]


@pytest.fixture
def ab(field, shape):  # type: ignore[no-untyped-def]
    def make(**more):  # type: ignore[no-untyped-def]
        return shape(field("a"), field("b", required=False), **more)

    return make


def columns(found):  # type: ignore[no-untyped-def]
    table = found.tables["accounts"]
    return list(zip(table.rows, *table.columns.values(), strict=True))


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "a;b\n1;2\n", "a\tb\r\n1\t2\r\n", "a|b\r1|2", "\ufeffa , b\n1,2\n"])
def test_the_delimiter_is_found_in_the_header(read, ab, text) -> None:  # type: ignore[no-untyped-def]
    assert columns(read(ab(), text)) == [(2, "1", "2")]


def test_the_delimiter_that_shows_most_columns_wins(read, ab) -> None:  # type: ignore[no-untyped-def]
    assert columns(read(ab(), 'a;b;"x,y"\n1;2;3\n')) == [(2, "1", "2")]
    assert columns(read(ab(delimiter=";"), "a;b\n1,5;2\n")) == [(2, "1,5", "2")]


def test_rows_count_as_in_a_spreadsheet(read, ab) -> None:  # type: ignore[no-untyped-def]
    text = '\na,b\n"one\r\nrecord",2\n\n , \n3,4\n'
    found = read(ab(), text)
    assert columns(found) == [(3, "one\r\nrecord", "2"), (6, "3", "4")]
    assert found.tables["accounts"].read == 2


def test_a_short_record_ends_in_empty_cells_and_a_long_one_is_refused(read, ab) -> None:  # type: ignore[no-untyped-def]
    found = read(ab(reject_ceiling=1), "a,b,c\n1\n2,3,4,5\n")
    assert columns(found) == [(2, "1", None)]
    assert [(r.row, r.reason, r.level) for r in found.rejects] == [(3, "4 cells, but the header has 3", "row")]
    table = found.tables["accounts"]
    assert (table.read, len(table), table.rejected, table.empty) == (2, 1, 1, {"b": 1})


@pytest.mark.parametrize(
    ("encoding", "text"), [("utf-16", "a,b\n名,ü\n"), ("gb18030", "a,b\n名,x\n"), ("utf_8", "a,b\nü,x\n")]
)
def test_encodings(read, ab, encoding, text) -> None:  # type: ignore[no-untyped-def]
    found = read(ab(encoding=encoding), text.encode(encoding))
    assert columns(found)[0][1:] == tuple(text.split("\n")[1].split(","))


def test_bytes_of_another_encoding_name_the_row(read, ab) -> None:  # type: ignore[no-untyped-def]
    found = read(ab(), 'a,b\n"1\n2",x\nü,y\n'.encode("windows-1252"))
    assert codes(found) == ["undecodable-text"]
    assert found.diagnostics[0].place == Cell("accounts.csv", 3)
    assert "encoding" in found.diagnostics[0].help
    assert found.tables == {}


def test_a_utf16_file_is_recognised(read, ab) -> None:  # type: ignore[no-untyped-def]
    found = read(ab(), "a,b\n1,2\n".encode("utf-16"))
    assert "`encoding: utf-16`" in found.diagnostics[0].help


@pytest.mark.parametrize("encoding", ["nope", "rot13", "base64", "undefined", "a\0b"])
def test_an_unknown_encoding(read, ab, encoding) -> None:  # type: ignore[no-untyped-def]
    assert codes(read(ab(encoding=encoding), "a,b\n")) == ["unknown-encoding"]


@pytest.mark.parametrize(
    ("text", "code", "row"),
    [
        ('a,b\n1,2\n"3,4\n5,6\n', "unclosed-quote", 3),
        ('a,b\n"1"x,2\n', "misplaced-quote", 2),
        ("a,b\n1,2\n3,\x004\n", "nul-character", 3),
        ("", "headerless-file", 0),
        ("\n \n", "headerless-file", 0),
        ('"a,b\n', "unclosed-quote", 1),
    ],
)
def test_a_broken_file_is_told_with_its_row(read, ab, text, code, row) -> None:  # type: ignore[no-untyped-def]
    found = read(ab(), text)
    assert codes(found) == [code]
    assert found.diagnostics[0].place == Cell("accounts.csv", row)


@pytest.mark.parametrize("delimiter", ["", "ab", "\n", '"'])
def test_a_delimiter_is_one_character(read, ab, delimiter) -> None:  # type: ignore[no-untyped-def]
    assert codes(read(ab(delimiter=delimiter), "a,b\n1,2\n")) == ["bad-delimiter"]


def test_missing_and_doubled_columns_are_told_together(read, field, shape) -> None:  # type: ignore[no-untyped-def]
    wanted = shape(field("arr", column="ARR (CNY)"), field("id"), field("name"))
    found = read(wanted, "ARR(CNY),id,id,name,x,x\n")
    assert codes(found) == ["duplicate-column", "missing-column"]
    assert "did you mean 'ARR(CNY)'?" in found.diagnostics[1].help
    assert found.diagnostics[1].place == wanted.fields[0].span


def test_a_large_cell_is_read_and_a_huge_one_listed(read, ab) -> None:  # type: ignore[no-untyped-def]
    before = csv.field_size_limit()
    found = read(ab(), f"a,b\n1,{'x' * 900_000}\n2,{'x' * 1_000_001}\n")
    assert csv.field_size_limit() == before
    assert [len(b) if b else b for _, _, b in columns(found)] == [900_000, None]
    assert [(r.row, r.level) for r in found.rejects] == [(3, "cell")]
    assert len(found.rejects[0].value) == 201


def test_half_a_character_is_a_bad_cell(read, ab) -> None:  # type: ignore[no-untyped-def]
    found = read(ab(encoding="utf-7", reject_ceiling=1), b"a,b\n1,+2AA-\n2,x\n")
    assert columns(found) == [(2, "1", None), (3, "2", "x")]
    assert [(r.row, r.value) for r in found.rejects] == [(2, "\\ud800")]


def test_many_blank_lines_before_the_header(read, ab) -> None:  # type: ignore[no-untyped-def]
    assert columns(read(ab(), "\n" * 100_000 + "a,b\n1,2\n")) == [(100_002, "1", "2")]
