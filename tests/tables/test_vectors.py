"""Columns read at once, held to the cell reader: the same values, the same bad cells, for cells of every sort."""

from __future__ import annotations

import random
import struct
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from granger.engine.columns import BOOLEAN, DATE, INT64, INT128, NUMBER, TEXT
from granger.engine.tables.cellwise import ListReading
from granger.engine.tables.frames import _cells
from granger.engine.tables.shape import NUMERIC, Shape
from granger.engine.tables.typed import native_cells
from granger.engine.tables.vectors import SeriesReading

ZONE = ZoneInfo("Asia/Shanghai")
WORDS = ("smb", "mid market", "1", "1.5", "true", "2026-01-31", "é")
BOUNDS = {"at_least": Fraction(-100), "at_most": Fraction(2001, 2)}
FAR = {"at_least": Fraction(-(10**45)), "at_most": Fraction(10**45, 3)}

FIELDS = [
    ("text", {}),
    ("text", {"refers_to": "others"}),
    ("person", {}),
    ("enum", {"one_of": WORDS}),
    ("enum", {"one_of": ()}),
    ("enum", {"one_of": ("mid market", "smb"), "words": (("smb", "mid market"), ("1", "smb"), ("名", "smb"))}),
    ("boolean", {}),
    ("date", {}),
    ("date", {"format": "D.M.YY"}),
    ("date", {"format": "YYYYMMDD"}),
    *(("integer", more) for more in ({}, BOUNDS, {"digits": 1})),
    *(("number", more) for more in ({}, BOUNDS, FAR, {"digits": 2}, {"digits": 0}, {"digits": 30})),
    *(("money", {"currency": "USD", **more}) for more in ({}, BOUNDS, {"digits": 2})),
    *(("percent", {"scale": s, **more}) for s in (None, 1, 100) for more in ({}, BOUNDS, {"digits": 1})),
]

CORNERS = [
    "", " ", "\t", "\u00a0", "\u3000", "\x1c", "\u200b", "\ufeff", "-", "+", ".", ",", "%", "0", "-0", "+0", "00", "007",
    "0.0", "-0.00", ".5", "5.", "-.5", "1e3", "1E3", "0x1F", "1_000", "NaN", "inf", "-inf", "1,234.50", "1.234,50",
    "1,23", "12,34,567", "0,123", "1,234,567,890,123,456,789.5", "1 234,5", "1'234.5", "1\u00a0234.5", "$12", "12$",
    "US$1,000.10", "(12.50)", "($3)", "-$4", "EUR 5", "5 EUR", "¥7", "\u221212.5", "+12.5", " 12.5 ", "12.5\u00a0",
    "12%", "12 %", "12.5%", "%12", "-3%", "1,200%", "100.0000000000000001%", "123456789012345678.123456789012345678",
    "999999999999999999", "1000000000000000000", "9223372036854775807", "9223372036854775808", "-9223372036854775809",
    "1" * 38, "1" * 39, "1" * 60, "9" * 400, "9" * 401, "0." + "1" * 18, "0." + "1" * 19, "0." + "1" * 60, "1.10", "1.100",
    "2026-01-31", "2026-02-30", "2026-1-31", "0000-01-01", "9999-12-31", "2026-01-31 23:59", "2026-01-31T23:59:59Z",
    "2026-01-31T23:59:59.123+02:00", "2026-01-31 24:00", "31.1.26", "1.01.69", "31.13.26", "20260131", "20260230",
    "31 Jan 2026", "true", "TRUE", "Yes", "no", "Y", "n", "t", "oui", "smb", " smb ", "SMB", "smbs", "mid market",
    "1.5", "é", "e\u0301", "名", "=1+1", "@x", "a,b", 'say "x"', "two\nlines", "two\r\nlines", "x" * 300, "ﬁ", "İ", "１２",
]  # fmt: skip


def texts(count: int, chance: random.Random) -> list[str]:
    """Corners, plain cells of each kind, and cells with one character changed."""
    found = []
    for _ in range(count):
        number = f"{chance.randint(-(10 ** chance.randint(1, 20)), 10 ** chance.randint(1, 20))}"
        plainly = chance.choice(
            [
                number,
                f"{number}.{chance.randint(0, 10 ** chance.randint(1, 20))}",
                f"{chance.uniform(-2000, 2000):,.{chance.randint(0, 4)}f}",
                f"{chance.uniform(-200, 200):.{chance.randint(0, 4)}f}%",
                (date(1900, 1, 1) + timedelta(chance.randint(0, 90_000))).isoformat(),
                chance.choice(WORDS),
                chance.choice(CORNERS),
                chance.choice(CORNERS),
            ]
        )
        if chance.random() < 0.2:
            at = chance.randint(0, len(plainly))
            plainly = (
                plainly[:at] + chance.choice("0159.,%-+ $()eE:TZ/'\t\u00a0名") + plainly[at + chance.randint(0, 1) :]
            )
        found.append(plainly)
    return [*CORNERS, *found]


def columns() -> dict[str, pl.Series]:
    """Columns of every type that a frame may bring, with nulls, ends and middles."""
    chance = random.Random(2)
    found = {"String": pl.Series(texts(60, chance)), "Null": pl.Series([None] * 5, dtype=pl.Null)}
    for kind in (
        pl.Int8,
        pl.Int16,
        pl.Int32,
        pl.Int64,
        pl.Int128,
        pl.UInt8,
        pl.UInt16,
        pl.UInt32,
        pl.UInt64,
        pl.UInt128,
    ):
        low, high = (pl.select(end).item() for end in (kind.min(), kind.max()))
        near = [low, high, low + 1, high - 1, 10**18 - 1, 10**18, 1, 0, 100, 101, 1000, 1001]
        drawn = [chance.randint(low, high) >> chance.randint(0, 120) for _ in range(30)]
        cells = [None, *(n for n in [*near, *drawn, *(-n for n in drawn)] if low <= n <= high)]
        found[str(kind)] = pl.Series(cells, dtype=kind)
    doubles = [struct.unpack("d", chance.randbytes(8))[0] for _ in range(60)]
    doubles += [round(chance.uniform(-(10.0**n), 10.0**n), k) for n in range(-2, 20) for k in range(6)]
    doubles += [2.0**n for n in range(-40, 70, 3)] + [
        0.1 + 0.2,
        -0.0,
        0.0,
        1e15,
        1e16,
        1e17,
        1e22,
        1e-5,
        1e-7,
        5e-324,
        1e300,
    ]
    doubles += [
        2.0**53,
        2.0**53 + 2,
        2.0**53 - 1,
        1000.5,
        1000.51,
        0.125,
        0.5,
        1.0,
        float("nan"),
        float("inf"),
        -float("inf"),
    ]
    found["Float64"] = pl.Series([None, *doubles], dtype=pl.Float64)
    found["Float32"] = pl.Series([None, *(d if abs(d) < 3e38 else 0.1 for d in doubles)], dtype=pl.Float32)
    found["Float16"] = pl.Series([None, *(d if abs(d) < 6e4 else 0.1 for d in doubles)], dtype=pl.Float32).cast(
        pl.Float16
    )
    for digits, scale in ((38, 0), (38, 2), (20, 18), (38, 20), (38, 38), (5, 5)):
        drawn = [
            chance.randint(-(10**digits) + 1, 10**digits - 1) // 10 ** chance.randint(0, digits) for _ in range(20)
        ]
        near = [n for k in range(0, digits, 3) for n in (10**k, 10**k - 1, 100 * 10**k + 1)]
        cells = [Decimal(n).scaleb(-scale) for n in [*drawn, *near, 0] if abs(n) < 10**digits]
        found[f"Decimal({digits}, {scale})"] = pl.Series([None, *cells], dtype=pl.Decimal(digits, scale))
    found["Boolean"] = pl.Series([True, False, None])
    days = [date(1, 1, 1), date(9999, 12, 31), *(date(1890, 1, 1) + timedelta(i * 3333) for i in range(20)), None]
    found["Date"] = pl.Series(days)
    for unit in ("ms", "us", "ns"):
        step = {"ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}[unit]
        drawn = [
            chance.randint(-(10**9), 3 * 10**9) * step + chance.choice([0, 0, 1, -1, step // 2]) for _ in range(12)
        ]
        cells = [None, *drawn, *(n - n % (86_400 * step) + k for n in drawn for k in (-1, 0, 1))]
        for zone in (None, "UTC", "America/New_York"):
            found[f"Datetime({unit}, {zone})"] = pl.Series(cells, dtype=pl.Int64).cast(pl.Datetime(unit, zone))
    some = [text for text in texts(5, chance) if text]
    found["Categorical"] = pl.Series([*some, None], dtype=pl.Categorical)
    found["Enum"] = pl.Series([*some, None], dtype=pl.Enum(sorted(set(some))))
    return found


def compare(field, shape: Shape, raws: pl.Series, cells: list[object], zone) -> int:  # type: ignore[no-untyped-def]
    """Read in three pieces at once and cell by cell; both must agree in every cell. Tells how many."""
    quick, slow = SeriesReading(field, shape, zone), ListReading(field, shape, zone)
    start, found, expected = 7, [], []
    for piece in (slice(0, 3), slice(3, len(cells) // 2), slice(len(cells) // 2, len(cells))):
        found += quick.take(raws[piece], start)
        expected += slow.take(cells[piece], start)
        start += len(cells[piece])
    key = lambda cell: (cell.i, cell.shown, cell.reason)  # noqa: E731
    assert sorted(found, key=key) == sorted(expected, key=key)
    one, other = quick.column(), slow.column()
    assert [type(value) for value in one.values()] == [type(value) for value in other.values()]
    assert one.values() == other.values()
    assert one.missing() == other.missing()
    assert "".join(one.texts()) == "".join(other.texts())
    exact, beyond = one.exact(), set(one.beyond())
    assert exact.kind == (NUMBER if field.kind in NUMERIC else {"date": DATE, "boolean": BOOLEAN}.get(field.kind, TEXT))
    assert [None if i in beyond else value for i, value in enumerate(other.values())] == exact.values()
    if field.kind in NUMERIC:
        assert exact.series.dtype in (pl.Int64, pl.Int128)
        assert isinstance(exact.divisor, int)
        numbers = [number for number in exact.series.to_list() if number is not None]
        assert exact.divisor == 1 or any(number % 10 for number in numbers)
        assert (exact.series.dtype == pl.Int64) == all(number in INT64 for number in numbers)
    assert {i for i, value in enumerate(one.values()) if _too_long(value)} <= beyond
    return len(cells)


def _too_long(value: object) -> bool:
    return isinstance(value, Fraction) and (value.numerator not in INT128 or value.denominator not in INT128)


@pytest.mark.parametrize("zone", [None, ZONE], ids=["nowhere", "zone"])
def test_texts_read_at_once_are_read_alike(field, shape, zone) -> None:  # type: ignore[no-untyped-def]
    swept = 0
    for seed, (kind, more) in enumerate(FIELDS):
        cells = texts(150, random.Random(seed))
        wanted = field("x", kind, **more)
        for made in (shape(wanted), shape(wanted, key="x"), shape(wanted, decimal="comma")):
            swept += compare(wanted, made, pl.Series(cells), cells, zone)
    assert swept >= 24_000


@pytest.mark.parametrize("zone", [None, ZONE], ids=["nowhere", "zone"])
def test_typed_cells_read_at_once_are_read_alike(field, shape, zone) -> None:  # type: ignore[no-untyped-def]
    swept = 0
    for raws in columns().values():
        cells = native_cells(raws.cast(pl.String) if raws.dtype in (pl.Categorical, pl.Enum) else raws)
        taken = _cells(raws, "x.parquet")
        for kind, more in FIELDS:
            wanted = field("x", kind, **more)
            swept += compare(wanted, shape(wanted, key="x"), taken, cells, zone)
    assert swept >= 25_000


def test_doubles_are_the_shortest_decimals(field, shape) -> None:  # type: ignore[no-untyped-def]
    wanted = field("x", "number")
    chance = random.Random(5)
    doubles = [round(chance.uniform(0, 10.0**n), k) for n in range(1, 14) for k in range(5) for _ in range(300)]
    reading = SeriesReading(wanted, shape(wanted), None)
    assert not reading.take(pl.Series(doubles), 0)
    assert reading.column().values() == tuple(Fraction(repr(double)) for double in doubles)
    assert not reading.column().beyond()
    assert len(doubles) >= 19_000


def test_numbers_that_no_column_holds(read, field, shape) -> None:  # type: ignore[no-untyped-def]
    long = "0." + "1" * 60
    table = read(shape(field("x", "number")), f"x\n1.50\n{long}\n{'7' * 30}\n-2\n").tables["accounts"]
    assert table.beyond("x") == (1,)
    assert table.exact("x").values() == [Fraction(3, 2), None, Fraction("7" * 30), Fraction(-2)]
    assert table.exact("x").divisor == 10
    assert table.columns["x"] == (Fraction(3, 2), Fraction(long), Fraction("7" * 30), Fraction(-2))
    assert table.record(1) == {"x": Fraction(long)}
    listed = read(shape(field("x", "number")), [{"x": "1.50"}, {"x": long}, {"x": Fraction(1, 3)}]).tables["accounts"]
    assert listed.beyond("x") == (1,)
    assert listed.exact("x").values() == [Fraction(3, 2), None, Fraction(1, 3)]
    assert listed.columns["x"][1] == Fraction(long)


def test_rows_left_out_move_the_numbers_beyond(read, field, shape) -> None:  # type: ignore[no-untyped-def]
    rows = f"id,x\na,1\na,2\nb,{'1' * 60}\nc,0.25\n,{'2' * 60}\n"
    table = read(shape(field("id"), field("x", "number"), key="id", reject_ceiling=1), rows).tables["accounts"]
    assert tuple(table.rows) == (2, 4, 5)
    assert (table.beyond("x"), table.exact("x").values()) == ((1,), [1, None, Fraction(1, 4)])
    assert table.columns["x"] == (1, int("1" * 60), Fraction(1, 4))
    assert not table.empty


def test_a_plain_column_is_short(read, field, shape) -> None:  # type: ignore[no-untyped-def]
    wanted = shape(field("a", "money"), field("b", "enum", one_of=("x", "y")), field("c", "integer"))
    table = read(wanted, "a,b,c\n1.50,x,100\n2.25,y,200\n").tables["accounts"]
    assert (table.exact("a").series.dtype, table.exact("a").divisor) == (pl.Int64, 100)
    assert (table.exact("c").series.to_list(), table.exact("c").divisor) == ([100, 200], 1)
    assert table.exact("b").series.dtype == pl.Enum(["x", "y"])
    assert table.rows == range(2, 4)
