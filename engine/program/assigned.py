"""Who holds a role, for many accounts and days at once: ``holders.Holders.on`` in columns.

The time of every account and role is cut where an assignment starts or ends. Between two cuts the answer stays the
same, so it is worked out once for each piece, and a day is answered by finding its piece.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from ..amounts import percent
from ..columns import NUMBER, ExactColumn
from ..policy.model import Role
from .divisors import as_series, wide_enough_to_sum, with_common_divisor

_BEFORE_1970 = 719_162
"""Days from the calendar's first to that from which Polars counts."""
_DAYS = 2**22
"""More than the calendar has. The last of them, which is no day, ends what has no end."""


@dataclass(frozen=True, slots=True)
class Assignments:
    """The rows of the assignments table, in file order.

    ``account`` is a whole number from 0 for each account (its index in a book, say; accounts that no book has behind
    them may be numbered on), ``role`` and ``person`` are texts: a row that lacks one of the three assigns nobody.
    ``row`` is its row in the file. ``start`` (missing: the first day), ``before`` (missing: no end) and ``until`` (its
    day is included; goes before ``before``) are dates, None where the table has no such field. ``split`` is the share
    of each; where it is missing it is the whole.
    """

    account: pl.Series
    role: pl.Series
    person: pl.Series
    row: pl.Series
    start: pl.Series | None = None
    before: pl.Series | None = None
    until: pl.Series | None = None
    split: ExactColumn | None = None


class Assigned:
    """The assignments in pieces; none without a table of them.

    Raises Beyond where 128 bits do not hold the shares of some accounts; its groups are the numbers of those.
    """

    def __init__(self, assignments: Assignments | None, roles: Mapping[str, Role]) -> None:
        rows = assignments or _NOBODY
        names = rows.role.cast(pl.String).drop_nulls().unique().sort().to_list()
        self.roles = roles
        self._codes = {name: code for code, name in enumerate(names)}
        spans = _spans(rows, names)
        cuts = pl.concat([spans["start"], spans["before"]]).unique().sort()
        self._parts = _parts(spans, cuts)
        self._pieces = _pieces(self._parts, cuts, names)

    def on(self, role: str, accounts: pl.Series, days: pl.Series) -> pl.DataFrame:
        """Whoever holds ``role``, or the first of its fall-backs that is held, for ``accounts[i]`` on ``days[i]``.

        One line for each i, which has both: ``person`` (null: nobody), ``role`` (the one held), ``reason`` (why nobody
        does, else empty), ``since`` (Date) and ``row`` (Int64; 0 of nobody), as ``holders.Held`` has them.
        """
        tried, empty = self._tried(role), pl.lit("", dtype=pl.String)
        found = self._pieces.select(pl.all().gather(self._piece(tried, accounts, days)))
        nobody = pl.lit(f"nobody holds {' or '.join(tried)} on ", dtype=pl.String)
        reason = pl.concat_str(
            pl.col("why").fill_null(nobody), pl.col("day").dt.to_string("%Y-%m-%d"), pl.col("people").fill_null(empty)
        )
        return found.with_columns(days.alias("day")).select(
            "person",
            pl.col("role").fill_null(pl.lit(role, dtype=pl.String)),
            pl.when(pl.col("person").is_null()).then(reason).otherwise(empty).alias("reason"),
            "since",
            pl.col("row").fill_null(pl.lit(0, dtype=pl.Int64)),
        )

    def shares(self, role: str, accounts: pl.Series, days: pl.Series) -> pl.DataFrame:
        """All holders of the pairs that ``on`` finds held: ``pair`` (i), ``person``, ``numerator``, ``denominator``.

        Sorted by pair, then from the largest share down, then by person, as ``Held.shares`` is.
        """
        found = self._piece(self._tried(role), accounts, days)
        pieces = self._pieces.select("piece", pl.col("person").is_not_null().alias("held"))
        pairs = pieces.select(pl.all().gather(found)).with_row_index("pair").filter("held")
        joined = pairs.join(self._parts.with_row_index("place"), on="piece").sort("pair", "place")
        return joined.select("pair", pl.col("person").cast(pl.String), "numerator", "denominator")

    def _tried(self, role: str) -> list[str]:
        return [role, *(self.roles[role].fallback if role in self.roles else ())]

    def _piece(self, tried: Sequence[str], accounts: pl.Series, days: pl.Series) -> pl.Series:
        """The line in ``_pieces`` of each pair's answer; missing where nobody holds any of the roles."""
        found = pl.repeat(None, len(accounts), dtype=pl.Int64, eager=True)
        pairs = pl.DataFrame({"found": found, "account": accounts.cast(pl.Int64), "day": _day(days)})
        for name in tried:
            if not pairs["found"].has_nulls():
                break
            if name in self._codes:
                code = pl.lit(self._codes[name], dtype=pl.Int64)
                pairs = pairs.with_columns(_key(code, len(self._codes), "day").alias("key"))
                at = self._pieces["start"].search_sorted(pairs["key"], side="right").cast(pl.Int64) - 1
                pairs = pairs.with_columns(pl.when(at >= 0).then(at).alias("at"))
                inside = pairs["key"] < self._pieces["end"].gather(pairs["at"])
                pairs = pairs.with_columns(pl.coalesce("found", pl.when(inside).then("at")))
        return pairs["found"]


_TEXTS, _NUMBERS = pl.Series([], dtype=pl.String), pl.Series([], dtype=pl.Int64)
_NOBODY = Assignments(_NUMBERS, _TEXTS, _TEXTS, _NUMBERS)
_ONE, _NEVER, _LENGTH = (pl.lit(days, dtype=pl.Int64) for days in (1, _DAYS - 1, _DAYS))


def _day(days: pl.Series) -> pl.Series:
    """Counted from the calendar's first."""
    return days.cast(pl.Int32).cast(pl.Int64) + _BEFORE_1970


def _key(code: pl.Expr, codes: int, day: str) -> pl.Expr:
    """One whole number that orders by account, role and day."""
    return (pl.col("account") * pl.lit(codes, dtype=pl.Int64) + code) * _LENGTH + pl.col(day)


def _spans(rows: Assignments, names: Sequence[str]) -> pl.DataFrame:
    """The assignments that hold on some day, from the key ``start`` to below the key ``before``."""
    none = pl.repeat(None, len(rows.account), dtype=pl.Int64, eager=True)
    start, before, until = (none if days is None else _day(days) for days in (rows.start, rows.before, rows.until))
    persons = rows.person.cast(pl.String)
    frame = pl.DataFrame(
        {
            "account": rows.account.cast(pl.Int64),
            "code": rows.role.cast(pl.String).cast(pl.Enum(names)).to_physical().cast(pl.Int64),
            "person": persons.cast(pl.Enum(persons.drop_nulls().unique().sort())),
            "row": rows.row.cast(pl.Int64),
            "start": start.fill_null(0),
            "before": before,
            "until": until,
        }
    )
    end = pl.coalesce(pl.col("until") + _ONE, pl.col("before"), _NEVER).alias("before")
    frame = frame.with_row_index("place").with_columns(end).drop("until").drop_nulls()
    frame = _with_shares(_with_since(frame.filter(pl.col("start") < pl.col("before"))), rows.split)
    return frame.with_columns(_key(pl.col("code"), len(names), day).alias(day) for day in ("start", "before"))


def _with_since(spans: pl.DataFrame) -> pl.DataFrame:
    """Adds ``since``, the first day of the spans of one account, role and person that meet without a gap."""
    holder = ("account", "code", "person")
    spans = spans.sort(*holder, "start")
    other = pl.any_horizontal(pl.col(name) != pl.col(name).shift(1) for name in holder).fill_null(True)
    # on one axis, where the days of each holder follow those of the holder before
    axis = other.cum_sum().cast(pl.Int64) * _LENGTH
    reached = (axis + pl.col("before")).cum_max().shift(1)
    first = (axis + pl.col("start") > reached).fill_null(True)
    day = (pl.col("start") - pl.lit(_BEFORE_1970, dtype=pl.Int64)).cast(pl.Int32).cast(pl.Date)
    return spans.with_columns(pl.when(first).then(day).forward_fill().alias("since"))


def _with_shares(spans: pl.DataFrame, split: ExactColumn | None) -> pl.DataFrame:
    """Adds ``numerator`` and ``denominator``, which is one for each account. Raises Beyond."""
    if split is None:
        return spans.with_columns(_ONE.alias("numerator"), _ONE.alias("denominator"))
    given = split.gather(spans["place"])
    divisor = as_series(given.divisor, len(spans)).set(given.series.is_null(), 1)
    common = with_common_divisor(ExactColumn(NUMBER, given.series.fill_null(1), divisor), spans["account"])
    numerator = wide_enough_to_sum(common.series, spans["account"])
    denominator = as_series(common.divisor, len(spans))
    return spans.with_columns(numerator.alias("numerator"), denominator.alias("denominator"))


def _parts(spans: pl.DataFrame, cuts: pl.Series) -> pl.DataFrame:
    """Who holds each piece, which is numbered by the cut it starts at: sorted by piece, share and person.

    Of a person's assignments that overlap the largest share counts, and the row of the first in the file.
    """
    first, after = (cuts.search_sorted(spans[end]).cast(pl.Int64) for end in ("start", "before"))
    pieces = pl.DataFrame({"first": first, "after": after}).select(pl.int_ranges("first", "after").alias("piece"))
    held = spans.drop("start", "before", "account").hstack(pieces).explode("piece").sort("piece", "person", "place")
    again = (pl.col("piece") == pl.col("piece").shift(1)) & (pl.col("person") == pl.col("person").shift(1))
    if held.select(again.any()).item():
        best = held.group_by("piece", "person", maintain_order=True)
        held = best.agg(pl.col("numerator").max(), pl.exclude("numerator").first())
    return held.drop("place").sort("piece", "numerator", "person", descending=[False, True, False])


def _pieces(parts: pl.DataFrame, cuts: pl.Series, names: Sequence[str]) -> pl.DataFrame:
    """One line for each piece that anybody holds, by its keys ``start`` and ``end``: the answer on its days.

    Where the shares do not make one, ``person`` is missing, and ``why`` and ``people`` are what is said before and
    after the day.
    """
    known = parts.group_by("piece", maintain_order=True).agg(
        pl.col("code", "person", "since", "row", "denominator").first(),
        pl.col("numerator").sum(),
        (pl.col("numerator") != pl.col("denominator")).any().alias("split"),
        pl.len(),
    )
    known = known.with_columns(
        pl.col("person").cast(pl.String),
        pl.Series(names, dtype=pl.String).gather(known["code"]).alias("role"),
        cuts.gather(known["piece"]).alias("start"),
        cuts.gather(known["piece"] + 1).alias("end"),
    )
    wrong = known.filter(pl.col("numerator") != pl.col("denominator"))
    known = known.join(_conflicts(wrong, parts), on="piece", how="left", maintain_order="left")
    answer = pl.when(pl.col("why").is_null()).then(pl.col("person", "since", "row")).name.keep()
    return known.select("piece", "start", "end", "role", answer, "why", "people")


def _conflicts(wrong: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """Why nobody holds the ``wrong`` pieces: ``why`` and ``people`` of each ``piece``."""
    held = parts.join(wrong, on="piece", how="semi").sort("piece", "person")
    people = held.group_by("piece", maintain_order=True).agg(
        pl.col("person").cast(pl.String).str.join(", ").alias("held_by")
    )
    totals = wrong.filter("split").select("numerator", "denominator").unique()
    spoken = [f", whose shares sum to {percent(Fraction(*total))}" for total in totals.rows()]
    totals = totals.with_columns(pl.Series("sum", spoken, dtype=pl.String))
    wrong = wrong.join(totals, on=["numerator", "denominator"], how="left").join(people, on="piece")
    several = pl.concat_str(pl.col("len").cast(pl.String), pl.lit(" people hold "))
    holding = pl.when(pl.col("len") > 1).then(several).otherwise(pl.lit("one person holds "))
    total = pl.when("split").then("sum").otherwise(pl.lit(""))
    return wrong.select(
        "piece",
        pl.concat_str(holding, "role", pl.lit(" on ")).alias("why"),
        pl.concat_str(pl.lit(": "), "held_by", total).alias("people"),
    )
