"""The decisions of bench/workspaces/million as a query in DuckDB: what an analyst writes in the warehouse."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import polars as pl

from bench.rivals.polars_million import WEIGHTS

BANDS: dict[str, tuple[str, Sequence[tuple[float, float]], float]] = {
    "adoption": (">=", [(0.8, 100), (0.6, 75), (0.4, 50), (0.2, 25)], 0),
    "usage_change": (">=", [(0.1, 100), (0, 80), (-0.15, 55), (-0.3, 30)], 5),
    "days_overdue": ("<", [(1, 100), (30, 60), (60, 20)], 0),
    "nps": (">=", [(50, 100), (20, 70), (0, 40)], 10),
    "tickets": ("<", [(3, 100), (8, 65), (15, 35)], 0),
    "logins": (">=", [(60, 100), (25, 70), (8, 33.5)], 0),
}
STAND_INS = {"adoption": 0, "usage_change": 50, "days_overdue": 0, "nps": 0, "tickets": 0, "logins": 50}
ROWS = [
    ("strategic", "strategic and arr >= 100000"),
    ("champion", "fit = 'core' and arr >= 50000 and adoption >= 0.6::double"),
    ("growth", "fit = 'core' and arr >= 20000"),
    ("rising", "fit in ('core', 'edge') and usage_change >= 0.2::double"),
    ("standard", "arr >= 5000"),
]


def _points(name: str) -> str:
    op, bands, rest = BANDS[name]
    arms = " ".join(f"when {name} {op} {edge}::double then {points}::double" for edge, points in bands)
    return f"case {arms} when {name} is not null then {rest}::double end as {name}_points"


def query() -> str:
    above = " + ".join(f"{w}::double * coalesce({name}_points, {STAND_INS[name]})" for name, w in WEIGHTS.items())
    out = " + ".join(
        f"({name}_points is null)::int * {WEIGHTS[name]}::double" for name in ("adoption", "nps", "tickets")
    )
    covered = " + ".join(f"({name}_points is not null)::int * {w}::double" for name, w in WEIGHTS.items())
    hits = " ".join(f"when row{n} then '{tier}'" for n, (tier, _) in enumerate(ROWS))
    unclear = [" or ".join([f"row{m} is null" for m in range(n)] or ["false"]) for n in range(len(ROWS) + 1)]
    statuses = " ".join(
        f"when row{n} then case when {unclear[n]} then 'tentative' else 'decided' end" for n in range(len(ROWS))
    )
    return f"""
    with measured as (
        select *,
            seats_used / nullif(seats, 0)::double as adoption,
            usage / nullif(usage_before, 0)::double - 1 as usage_change,
            logins / nullif(logins_before, 0)::double - 1 as logins_change,
            1 - paid / nullif(billed, 0) as unpaid
        from accounts
    ), rows as (
        select *, {", ".join(f"({when}) as row{n}" for n, (_, when) in enumerate(ROWS))},
            {", ".join(_points(name) for name in WEIGHTS)}
        from measured
    ), decided as (
        select *,
            case {hits} when {unclear[-1]} then null else 'self-serve' end as tier,
            case {statuses} when {unclear[-1]} then 'undecided' else 'decided' end as status,
            round(({above}) / (1 - ({out})), 1) as score,
            {covered} as coverage
        from rows
    )
    select tier, status, {", ".join(f"{name}_points" for name in WEIGHTS)}, score, coverage,
        case when coverage < 0.6::double then null when score >= 75 then 'green' when score >= 50 then 'yellow'
            else 'red' end as grade,
        tier in ('strategic', 'champion', 'growth') and usage_change <= -0.3::double as usage_drop,
        logins_change <= -0.2::double as logins_drop,
        unpaid >= 0.25::double and days_overdue > 30 as unpaid_drop
    from decided
    """


class Warehouse:
    """The accounts in DuckDB's own memory."""

    def __init__(self, book: pl.DataFrame) -> None:
        self.connection = duckdb.connect()
        self.connection.register("given", book.to_arrow())
        self.connection.execute("create table accounts as select * from given")
        self.query = query()

    def decided(self) -> pl.DataFrame:
        table = self.connection.sql(self.query).to_arrow_table()
        found = pl.from_arrow(table)
        assert isinstance(found, pl.DataFrame)
        return found
