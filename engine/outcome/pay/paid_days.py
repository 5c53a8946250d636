"""Whom a plan pays on which day, for many lines at once: ``Payees.on`` in columns."""

from __future__ import annotations

import polars as pl

from .payees import Payees


def are_paid(payees: Payees, persons: pl.Series, days: pl.Series) -> pl.Series:
    """Whether the plan pays each person on that day, or may: where that is undecided the line waits."""
    if payees.terms is None:
        return persons.is_in([person for person in payees if payees.is_paid(person) is not False])
    found = [
        (person, stretch.days.start, stretch.days.before)
        for person in payees
        for stretch in payees[person]
        if stretch.holds is not False
    ]
    schema = {"person": pl.String, "start": pl.Date, "before": pl.Date}
    stretches = pl.DataFrame(found, schema=schema, orient="row").sort("start")
    lines = pl.DataFrame({"person": persons, "day": days}).with_row_index("line").sort("day")
    joined = lines.join_asof(
        stretches, left_on="day", right_on="start", by="person", strategy="backward", check_sortedness=False
    )
    return joined.sort("line").select((pl.col("day") < pl.col("before")).fill_null(value=False)).to_series()


def not_paid(payees: Payees, persons: pl.Series, days: pl.Series) -> pl.Series:
    """Of each line why the person has no credit on that day."""
    asked = pl.DataFrame({"person": persons, "day": days})
    if payees.terms is None:
        # the day changes nothing: one text a person
        asked = asked.with_columns(day=pl.lit(payees.part.start))
    pairs = asked.unique().sort("person", "day")
    texts = [payees.not_paid(person, day) for person, day in pairs.iter_rows()]
    told = pairs.with_columns(why=pl.Series(texts, dtype=pl.String))
    return asked.join(told, on=["person", "day"], how="left", maintain_order="left")["why"]
