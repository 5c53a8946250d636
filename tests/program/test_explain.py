"""Explanations name the line of policy that decided and the cell that was read."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import granger
import pytest

Ran = Callable[..., granger.Run]

FILES = {
    "granger.yaml+": "measures:\n  week: {sum: n, table: events, window: 7 days, because: silent days count 0}\n",
    "library": "settings:\n  edge: {value: 5, because: agreed in May}\n",
    "segmentation": """\
because: all of it
tiers:
  - tier: A
    when: week > edge and fit == 'core'
    because: busy
    gives: {goal: week * 10%}
  - tier: B
    when: week <= edge or fit == 'edge'
""",
    "accounts.csv": "b,,,core,\na,,,core,\n",
    "events.csv": "b,2026-09-30,1,,\na,2026-09-29,7,,\na,2026-09-23,50,,\na,2026-09-30,,,\n",
}


def lines(reason: granger.Reason) -> Iterator[tuple[str, str]]:
    yield reason.text, reason.place
    for below in reason.below:
        yield from lines(below)


def test_the_tree_of_an_account(ran: Ran) -> None:
    found = list(lines(ran(FILES).explain("account", "a")))
    assert found == [
        ("account a as of 2026-09-30", ""),
        ("grade: A (decided) – busy", "segmentation.yaml:6"),
        ("row 'A': week > edge and fit == 'core' → yes (busy)", "segmentation.yaml:7"),
        ("week > edge → yes", ""),
        ("fit == 'core' → yes", ""),
        ("week = 7 (silent days count 0)", "granger.yaml:51"),
        ("sum of n over 1 rows of events.csv, 2026-09-24 to 2026-09-30, 1 skipped for a missing value", ""),
        ("2026-09-29: 7", "events.csv, row 3"),
        ("edge = 5 (agreed in May)", "library.yaml:5"),
        ("fit = core", "accounts.csv, row 3, column 'fit'"),
        ("row 'B': week <= edge or fit == 'edge' → no", "segmentation.yaml:11"),
        ("week <= edge → no", ""),
        ("fit == 'edge' → no", ""),
        ("week = 7 (see above)", "granger.yaml:51"),
        ("edge = 5 (see above)", "library.yaml:5"),
        ("fit = core", "accounts.csv, row 3, column 'fit'"),
    ]


def test_each_account_is_explained_by_its_own_rows(ran: Ran) -> None:
    found = dict(lines(ran(FILES).explain("account", "b")))
    assert found["grade: B (decided)"] == "segmentation.yaml:10"
    assert found["2026-09-30: 1"] == "events.csv, row 2"


def test_under_first_the_rows_below_the_hit_are_not_shown(ran: Ran) -> None:
    found = list(
        lines(ran({**FILES, "segmentation": "hit_policy: first\n" + FILES["segmentation"]}).explain("account", "a"))
    )
    assert not any("row 'B'" in text for text, _ in found)


def test_an_override_is_explained_by_its_row(ran: Ran) -> None:
    files = {**FILES, "segmentation": FILES["segmentation"] + "overrides: {table: pins, require: [reason]}\n"}
    found = dict(lines(ran({**files, "pins.csv": "a,B,asked by the board,ann,,2026-12-31\n"}).explain("account", "a")))
    assert found["overridden: asked by the board"] == "pins.csv, row 2"
    assert "grade: B (overridden)" in found


def test_what_is_missing_is_called_missing(ran: Ran) -> None:
    found = dict(lines(ran({**FILES, "accounts.csv": "a,,,,\n"}).explain("account", "a")))
    assert found["grade: undecided, missing: fit"] == "segmentation.yaml:2"
    assert found["fit = missing"] == "accounts.csv, row 2, column 'fit'"


def test_at_most_five_rows_are_shown_and_the_rest_counted(ran: Ran) -> None:
    events = "".join(f"a,2026-09-30,{n},,\n" for n in range(8))
    found = [text for text, _ in lines(ran({**FILES, "events.csv": events}).explain("account", "a"))]
    assert sum(text.startswith("2026-09-30: ") for text in found) == 5 and "… and 3 more rows" in found


def test_every_place_exists(ran: Ran, tmp_path_factory: pytest.TempPathFactory) -> None:
    found = ran(FILES)
    folder, tried = found.pack.folder, 0
    for account in ("a", "b"):
        for _, place in lines(found.explain("account", account)):
            if not place:
                continue
            name, _, rest = place.partition(", row ") if ", row " in place else place.partition(":")
            row = int(rest.split(",", maxsplit=1)[0])
            assert 1 <= row <= len((folder / name).read_text().splitlines())
            tried += 1
    assert tried >= 18


def test_a_stranger_is_not_explained(ran: Ran) -> None:
    found = ran(FILES)
    for subject, identity in (("account", "zz"), ("payee", "a"), ("task", "T-0"), ("tier", "a")):
        with pytest.raises(granger.UnknownSubject):
            found.explain(subject, identity)


def test_a_percentage_is_shown_as_it_was_written(ran: Ran) -> None:
    files = {
        "segmentation": "tiers: [{tier: A, when: x >= 5 or y <= -30%}]\notherwise: B\n",
        "accounts.csv": "a,1,-1,,\n",
    }
    assert "y <= -30% → yes" in [text for text, _ in lines(ran(files).explain("account", "a"))]
