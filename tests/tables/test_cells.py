from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from granger.engine.tables.cells import cell_reader, native, shown, text_of
from granger.engine.tables.records import Bad, Odd


@pytest.fixture
def cell(field, shape):  # type: ignore[no-untyped-def]
    def read(kind: str, raw: object, decimal: str = "point", **more: object) -> object:
        wanted = field("f", kind, **more)
        return cell_reader(wanted, shape(wanted, decimal=decimal), None)(raw)

    return read


@pytest.mark.parametrize("kind", ["text", "integer", "number", "percent", "money", "date", "boolean", "enum", "person"])
@pytest.mark.parametrize("raw", ["", "   ", "\t", "\u00a0", None, float("nan")])
def test_nothing_is_missing(cell, kind, raw) -> None:  # type: ignore[no-untyped-def]
    assert cell(kind, raw, one_of=("a",)) is None


def test_text_is_kept_and_names_are_trimmed(cell) -> None:  # type: ignore[no-untyped-def]
    assert cell("text", " Ünïcødé  名 ") == " Ünïcødé  名 "
    assert cell("person", " Ada ") == "Ada"
    assert cell("text", " A1 ", refers_to="accounts") == "A1"


def test_a_key_is_trimmed(field, shape) -> None:  # type: ignore[no-untyped-def]
    wanted = field("account_id")
    assert cell_reader(wanted, shape(wanted, key="account_id"), None)(" A1 ") == "A1"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (0.1, "1/10"),
        (Decimal("0.10"), "1/10"),
        (3, "3"),
        (1e-10, "1/10000000000"),
        (Fraction(1, 3), "1/3"),
        ("0.1", "1/10"),
    ],
)
def test_typed_numbers_are_exact(cell, raw, value) -> None:  # type: ignore[no-untyped-def]
    assert cell("number", raw) == Fraction(value)


@pytest.mark.parametrize("raw", [True, date(2026, 1, 1), "yes"])
def test_no_number(cell, raw) -> None:  # type: ignore[no-untyped-def]
    assert cell("number", raw) == Bad("not a number: expected one written like 1,234.50")
    assert cell("number", raw, "comma") == Bad("not a number: expected one written like 1.234,50")


def test_integers_are_whole(cell) -> None:  # type: ignore[no-untyped-def]
    assert cell("integer", "12.0") == 12
    assert cell("integer", 12.0) == 12
    assert cell("integer", "12.5") == Bad("not a whole number")


def test_digits_count_what_the_cell_says(cell) -> None:  # type: ignore[no-untyped-def]
    assert cell("money", "1.50", digits=1) == Fraction(3, 2)
    assert cell("money", "1.55", digits=1) == Bad("more places after the point than 1")
    assert cell("money", 0.1 + 0.2, digits=2) == Bad("more places after the point than 2")
    assert cell("percent", "12.5%", digits=1) == Fraction(1, 8)


def test_bounds_are_included_and_named(cell) -> None:  # type: ignore[no-untyped-def]
    assert cell("integer", "1", at_least=Fraction(1), at_most=Fraction(1)) == 1
    assert cell("integer", "0", at_least=Fraction(1)) == Bad("below 1, the least allowed")
    assert cell("percent", "101%", at_most=Fraction(1)) == Bad("above 100%, the most allowed")
    assert cell("number", "0", at_least=Fraction(0)) == 0


@pytest.mark.parametrize("raw", ["true", "YES", "y", "1", True, 1, 1.0])
def test_yes(cell, raw) -> None:  # type: ignore[no-untyped-def]
    assert cell("boolean", raw) is True


@pytest.mark.parametrize("raw", ["False", "no", "N", "0", False, 0])
def test_no(cell, raw) -> None:  # type: ignore[no-untyped-def]
    assert cell("boolean", raw) is False


@pytest.mark.parametrize("raw", ["on", "2", "oui", 2, "t"])
def test_neither_yes_nor_no(cell, raw) -> None:  # type: ignore[no-untyped-def]
    assert cell("boolean", raw).reason.startswith("neither yes nor no")


def test_enum_suggests_the_nearest_word(cell) -> None:  # type: ignore[no-untyped-def]
    assert cell("enum", " Won ", one_of=("Won", "Lost")) == "Won"
    assert cell("enum", "won", one_of=("Won", "Lost")) == Bad("not one of Won, Lost; did you mean 'Won'?")
    assert cell("enum", "?", one_of=("Won", "Lost")) == Bad("not one of Won, Lost")


def test_the_words_of_a_file_stand_for_ours(cell) -> None:  # type: ignore[no-untyped-def]
    words = {"one_of": ("open", "done"), "words": (("Not Started", "open"), ("open", "done"))}
    assert [cell("enum", raw, **words) for raw in ("Not Started", "open", "done")] == ["open", "done", "done"]
    assert cell("enum", "Not started", **words) == Bad("not one of Not Started, open; did you mean 'Not Started'?")


def test_a_date_is_no_number(cell) -> None:  # type: ignore[no-untyped-def]
    assert cell("date", 46053) == Bad("not a date: expected YYYY-MM-DD")
    assert cell("date", date(2026, 1, 31)) == date(2026, 1, 31)


def test_text_of_typed_values(cell) -> None:  # type: ignore[no-untyped-def]
    raws = [1001, 1001.0, 0.1, True, Decimal("1.50"), date(2026, 1, 31)]
    assert [cell("text", raw) for raw in raws] == ["1001", "1001", "0.1", "true", "1.50", "2026-01-31"]


def test_text_that_is_too_long_or_broken(cell) -> None:  # type: ignore[no-untyped-def]
    assert cell("text", "x" * 1_000_001) == Bad("longer than 1,000,000 characters")
    assert cell("text", "a\ud800").reason.startswith("holds half a character")


@pytest.mark.parametrize(
    "raw", [float("inf"), float("-inf"), Decimal("inf"), Decimal("1e9999999"), 10**500, [1], {"a": 1}, b"x", object()]
)
def test_what_no_field_can_hold_is_odd(cell, raw) -> None:  # type: ignore[no-untyped-def]
    made = native(raw)
    assert isinstance(made, Odd)
    assert cell("number", made) == cell("text", made) == Bad(made.reason)


def test_a_signalling_nan_is_missing() -> None:
    assert native(Decimal("sNaN")) is None


def test_what_is_shown_is_short_and_writable() -> None:
    assert shown("x" * 300) == "x" * 200 + "…"
    assert shown("\ud800").encode() == b"\\ud800"
    assert text_of(None) == ""
