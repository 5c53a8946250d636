"""Cells read quickly are what the reader of their table reads, or are left to it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from granger.engine.decide.reading import _Rows
from granger.engine.diagnostics import Span
from granger.engine.language.generated import Replay, value_of
from granger.engine.tables.cells import cell_reader, native
from granger.engine.tables.records import Bad
from granger.engine.tables.shape import Field, Shape

HERE = Span("granger.yaml", 1, 1, 1, 2)

FIELDS = [
    Field("x", "X", kind, HERE, required=required, **extra)  # type: ignore[arg-type]
    for required in (True, False)
    for kind, extra in [
        ("number", {}), ("number", {"digits": 2}), ("number", {"at_least": Fraction(1, 2), "at_most": Fraction(1001, 2)}),
        ("integer", {}), ("integer", {"at_least": Fraction(0), "at_most": Fraction(99)}), ("money", {"currency": "EUR", "digits": 2}),
        ("percent", {}), ("percent", {"scale": 100, "at_most": Fraction(1)}), ("percent", {"scale": 1, "digits": 3}),
        ("date", {}), ("date", {"format": "DD.MM.YYYY"}), ("boolean", {}), ("enum", {"one_of": ("core", "a b", " odd ")}),
        ("enum", {"one_of": ("core", "a b"), "words": (("a b", "core"), ("x", "a b"))}), ("text", {}), ("person", {}),
    ]
]  # fmt: skip

RAWS: list[object] = [
    None, "", "  ", 0, 1, -1, 5, 50, 99, 100, 101, 500, 501, 10**12, 2**127, -(2**127), 2**127 + 1, 2**128, 10**40, 10**500, True, False,
    0.5, 1.005, -0.0, 1e22, 1e-7, 1e300, float("nan"), float("inf"), Decimal("1.50"), Decimal("1.505"), Decimal("-0"), Decimal("1E2"), Decimal("1E-40"),
    Decimal("0E-500"), Decimal("1" + "0" * 500 + "E-500"), Decimal("NaN"), Decimal("Infinity"), Fraction(1, 3), Fraction(7, 2), Fraction(1, 2**129),
    "0", "007", "-5", "+5", "5.", ".5", "1.5", "1.50", "-1.505", "1,234.50", "1.234,50", "1e3", "12%", "12.5 %", "(5.00)", "€5", "５", "1_000", "0.30", "-", "--1", "1.2.3",
    "9" * 29, "9" * 31, "9" * 401, "0." + "1" * 28, date(2026, 9, 30), date(1, 1, 1), datetime.fromisoformat("2026-09-30"), datetime(2026, 9, 30, 23, 30, tzinfo=UTC),
    "2026-09-30", " 2026-09-30 ", "2026-9-30", "2026-W40-3", "20260930", "2026-02-30", "0000-01-01", "2026-09-30T10:00Z", "30.09.2026", "2026/09/30", "２026-09-30",
    "core", " core ", "Core", "a b", " odd ", "odd", "true", "YES", "n", "x", " x", "x\t", "Ä", "\u00a0x", "x\u2003", "\ud800", "a" * 2_000, [], {}, object(), b"x",
]  # fmt: skip


def test_every_cell_is_what_its_reader_says() -> None:
    met: Counter[str] = Counter()
    for decimal in ("point", "comma"):
        for field in FIELDS:
            shape = Shape("things", (field,), HERE, decimal=decimal)
            zone = ZoneInfo("Europe/Berlin")
            read, take = cell_reader(field, shape, zone), _Rows(shape, date(2026, 9, 30), zone).take
            for raw in RAWS:
                expected = read(native(raw))
                try:
                    records: list[tuple[object, ...]] = []
                    take([{"x": raw}], None, records)
                    ((cell,),) = records
                    found = value_of(cell)
                except Replay:
                    large = (
                        isinstance(expected, Fraction) and max(abs(expected.numerator), expected.denominator) >= 2**128
                    )
                    assert isinstance(expected, Bad) or large or (expected is None and field.required), (
                        field,
                        raw,
                        expected,
                    )
                    met["replayed"] += 1
                    continue
                assert found == expected and isinstance(found, bool) == isinstance(expected, bool), (
                    field,
                    raw,
                    found,
                    expected,
                )
                met["missing" if found is None else field.kind] += 1
    assert met["replayed"] > 2_000 and met["missing"] > 50
    assert all(met[field.kind] >= 12 for field in FIELDS), met
