"""The hand-written rivals give what granger gives, apart from what floating point gets wrong: at exact edges and ties."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import granger
import polars as pl
import pytest
from granger.engine.language.tree import Value

from bench.engine_inner import AS_OF, WORKSPACES, Inner, decided, inner
from bench.generate.accounts import accounts, assignments, write
from bench.mistakes import mistakes, wrong
from bench.processes import AS_OF as DAY
from bench.rivals import polars_inner, polars_whole
from bench.rivals.polars_million import EXCLUDED, STAND_INS, WEIGHTS

ROWS = 700
EDGES = {Fraction(n, 100) for n in (10, 0, -15, -30)}
SHARES = {Fraction(n, 100) for n in (80, 60, 40, 20)}
WEIGHT = {name: Fraction(str(weight)) for name, weight in WEIGHTS.items()}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("data"), ROWS)


@pytest.fixture(scope="module")
def million(data: Path) -> Inner:
    return inner("million", data)


@pytest.fixture(scope="module")
def exact(million: Inner) -> pl.DataFrame:
    return decided(million.by_reference())


def by_hand(workspace: str, data: Path) -> pl.DataFrame:
    book = polars_inner.prepared(str(data / "accounts.parquet")).sort("account_id")
    return polars_inner.decided(workspace, book)


def test_the_data_are_the_same_each_time_and_sparse() -> None:
    book = accounts(ROWS)
    assert book.equals(accounts(ROWS))
    assert assignments(book).equals(assignments(accounts(ROWS)))
    assert book["account_id"].n_unique() == ROWS
    missing = book.null_count().row(0)
    assert sum(1 for count in missing if 0.015 * ROWS < count < 0.05 * ROWS) >= 12
    assert (book["seats"] == 0).sum() > 2 < (book["usage_before"] == 0).sum()


@pytest.mark.parametrize("workspace", ["million", "curves", "table200"])
def test_the_inner_query_decides_as_the_reference_but_at_edges(workspace: str, data: Path) -> None:
    reference = decided(inner(workspace, data).by_reference())
    found = by_hand(workspace, data)
    assert found.height == ROWS
    compared = wrong(reference, found)
    assert set(compared.columns) == set(polars_inner.QUERIES[workspace][1])
    counts = mistakes(reference, found)
    if workspace == "million":
        assert 0 < counts["triggers"] < 0.05 * ROWS
        assert counts["tiers"] + counts["points"] < 0.02 * ROWS
    else:
        assert sum(counts.values()) < 0.005 * ROWS


def test_every_mistake_of_the_query_lies_on_an_edge_or_a_tie(million: Inner, exact: pl.DataFrame, data: Path) -> None:
    compared = wrong(exact, by_hand("million", data))
    book, seen = million.book(), 0
    for account_id, cells in zip(exact["account_id"], compared.iter_rows(named=True), strict=True):
        facts = book.accounts[account_id]
        for name in (name for name, is_wrong in cells.items() if is_wrong):
            seen += 1
            assert _on_edge(name, facts, cells), (account_id, name)
    assert seen >= 5


def _on_edge(name: str, facts: object, cells: dict[str, bool]) -> bool:
    def ratio(above: str, below: str) -> Value:
        over, under = facts[above], facts[below]  # type: ignore[index]
        return over / under if over is not None and under else None

    change, adoption = ratio("usage", "usage_before"), ratio("seats_used", "seats")
    match name:
        case "tier" | "status":
            return change == Fraction(6, 5) or adoption == Fraction(3, 5)
        case "points usage_change":
            return change is not None and change - 1 in EDGES
        case "points adoption":
            return adoption in SHARES
        case "usage_drop":
            return change == Fraction(7, 10) or cells["tier"]
        case "logins_drop":
            return ratio("logins", "logins_before") == Fraction(4, 5)
        case "unpaid_drop":
            return ratio("paid", "billed") == Fraction(3, 4)
        case "score":
            parts = _parts(facts)
            return (
                cells["points usage_change"]
                or cells["points adoption"]
                or sum(parts.values()) * 10 % 1 == Fraction(1, 2)
            )
        case "grade":
            return cells["score"] or cells["coverage"]
    return False


def _points(facts: object, name: str) -> Fraction | None:
    from granger.engine.program import lowering

    book = facts.book  # type: ignore[attr-defined]
    (health,) = book.program.force.healths
    part = next(part for part in health.measures if part.name == name)
    found: Fraction | None = facts[lowering.points_name(health.fact, part)]  # type: ignore[index]
    return found


def _parts(facts: object) -> dict[str, Fraction]:
    """What each measure gives to the score, exactly."""
    points = {name: _points(facts, name) for name in WEIGHTS}
    left = sum(w for name, w in WEIGHT.items() if points[name] is not None or name not in EXCLUDED)
    filled = {name: Fraction(STAND_INS.get(name, 0)) if p is None else p for name, p in points.items()}
    return {
        name: Fraction(0) if points[name] is None and name in EXCLUDED else filled[name] * WEIGHT[name] / left
        for name in WEIGHTS
    }


def rows_of(text: str, file: str) -> Iterator[dict[str, str]]:
    for row in csv.DictReader(io.StringIO(text, newline="")):
        yield {"file": file, **row}


def test_the_script_writes_what_granger_writes(million: Inner, exact: pl.DataFrame, data: Path, tmp_path: Path) -> None:
    assert date.fromisoformat(DAY) == AS_OF
    compared = wrong(exact, by_hand("million", data))
    doubtful = set(exact.filter(compared.select(pl.any_horizontal(pl.all())).to_series())["account_id"])
    texts = granger.load(WORKSPACES / "million").run(data=data, as_of=AS_OF).texts()
    polars_whole.run(data, tmp_path, AS_OF)
    assert {path.name for path in tmp_path.iterdir()} == set(texts)
    book, swept, ties = million.book(), 0, 0
    for name in sorted(set(texts) - {"run.json"}):
        ours, theirs = texts[name], (tmp_path / name).read_bytes().decode("utf-8")
        assert ours.splitlines()[0] == theirs.splitlines()[0]
        kept = [
            [row for row in rows_of(text, name) if row.get("account_id") not in doubtful] for text in (ours, theirs)
        ]
        assert len(kept[0]) == len(kept[1])
        for our_row, their_row in zip(*kept, strict=True):
            swept += 1
            if our_row != their_row:
                ties += 1
                assert name == "health_measures.csv"
                assert _is_tie(our_row, their_row, _parts(book.accounts[our_row["account_id"]]))
    assert swept > 8 * ROWS
    assert ties < 0.01 * swept


def _is_tie(ours: dict[str, str], theirs: dict[str, str], parts: dict[str, Fraction]) -> bool:
    """Whether two of the account's measures had one remainder, or this one none, when the tenths were shared out."""
    rests = {name: part * 10 % 1 for name, part in parts.items()}
    own = rests.pop(ours["measure"])
    apart = abs(Fraction(ours.pop("contribution")) - Fraction(theirs.pop("contribution")))
    return ours == theirs and apart == Fraction(1, 10) and (own == 0 or own in rests.values())
