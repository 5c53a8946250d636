"""The step of `bench.rate_tables` and its hand-written rival come to the same cents, on a few thousand lines."""

from __future__ import annotations

from datetime import date

import polars as pl

from bench.rate_tables import CAP, deals, loaded, people, step, tables
from bench.rivals.polars_rate_table import settled_by_hand


def test_the_step_and_the_query_by_hand_pay_the_same_cents() -> None:
    sold, staff, pack = deals(4_000), people().head(40), loaded()
    sold = sold.with_columns(sold_by=pl.lit("P000") + (pl.int_range(pl.len()) % 40).cast(pl.String).str.zfill(2))
    staff = staff.with_columns(quota=pl.col("quota") // 10_000 * 100)
    run = pack.run(tables(sold, staff), as_of=date(2026, 9, 30), parts=["pay"], reading="columns")
    found = step(pack, run)()
    shown, totals = settled_by_hand(sold.sort("sold_by", "closed_on", "deal_id"), staff, CAP)
    written = pl.concat(each.frame for each in found.written)
    assert len(written) == 4_000
    assert written["earning"].cast(pl.Int64).to_list() == shown.to_list()
    assert {who: int(line.amount * 100) for who, line in found.lines.items()} == dict(totals.iter_rows())
    assert sum(cents == 0 for cents in totals["cents"]) >= 5 and len({*totals["cents"]}) > 10
