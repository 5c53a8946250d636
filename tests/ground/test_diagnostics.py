"""The way back from a text to its file, and the order and wording of diagnostics."""

from __future__ import annotations

import re
import string

import pytest
from granger.engine.diagnostics import Cell, Diagnostic, Origin, Severity, Span, has_errors, in_order
from granger.engine.messages import (
    LANGUAGE,
    LEDGER,
    MESSAGES,
    OUTCOME,
    POLICY,
    SETTLEMENT,
    SOURCE,
    TABLES,
    diagnose,
    did_you_mean,
)

FOLDED = Origin("a.yaml", ((0, 3, 9), (6, 4, 5), (13, 6, 5)))
"""Three lines of a folded scalar: offsets 0-5, 6-12, 13-…"""


@pytest.mark.parametrize(
    ("offset", "place"),
    [(0, (3, 9)), (5, (3, 14)), (6, (4, 5)), (12, (4, 11)), (13, (6, 5)), (20, (6, 12)), (-1, (3, 9))],
)
def test_an_offset_leads_to_its_line_and_column(offset: int, place: tuple[int, int]) -> None:
    assert FOLDED.place(offset) == place


@pytest.mark.parametrize(
    ("start", "end", "span"),
    [
        (0, 6, (3, 9, 3, 15)), (0, 7, (3, 9, 4, 6)), (4, 15, (3, 13, 6, 7)), (6, 13, (4, 5, 4, 12)),
        (7, 7, (4, 6, 4, 7)), (13, 13, (6, 5, 6, 6)),
    ],
)  # fmt: skip
def test_a_stretch_leads_to_its_span(start: int, end: int, span: tuple[int, ...]) -> None:
    assert FOLDED.span(start, end) == Span("a.yaml", *span)


def test_places_are_spoken() -> None:
    assert str(Span("a.yaml", 3, 9, 3, 12)) == "a.yaml:3:9"
    assert str(Cell("d.csv", 7, "Close Date")) == "d.csv, row 7, column 'Close Date'"
    assert str(Cell("d.csv", 7)) == "d.csv, row 7"
    assert str(Cell("d.csv")) == "d.csv"


def test_diagnostics_are_sorted_by_place_then_code_and_repeats_shown_once() -> None:
    def at(file: str, line: int, code: str = "b") -> Diagnostic:
        return Diagnostic(code, Severity.ERROR, "m", Span(file, line, 1, line, 2))

    nowhere = Diagnostic("z", Severity.WARNING, "m", None)
    cell = Diagnostic("c", Severity.WARNING, "m", Cell("b.csv", 2, "x"))
    mixed = [at("b.yaml", 1), cell, at("a.yaml", 10), at("a.yaml", 9), at("a.yaml", 9, "a"), at("a.yaml", 9), nowhere]
    assert in_order(mixed) == [nowhere, at("a.yaml", 9, "a"), at("a.yaml", 9), at("a.yaml", 10), cell, at("b.yaml", 1)]
    assert in_order(reversed(mixed)) == in_order(mixed)
    assert has_errors(mixed) and not has_errors([cell, nowhere])


def test_every_code_is_a_kebab_case_noun_of_one_section() -> None:
    sections = [SOURCE, LANGUAGE, TABLES, POLICY, OUTCOME, LEDGER, SETTLEMENT]
    assert sum(len(section) for section in sections) == len(MESSAGES) > 300
    for code, wording in MESSAGES.items():
        assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", code)
        assert wording.message and not wording.message.endswith(".")


def test_every_wording_can_be_filled() -> None:
    """A message with its values shows none of its braces; values that hold braces are not read again."""
    for code, wording in MESSAGES.items():
        names = {name for _, name, _, _ in string.Formatter().parse(wording.message + wording.help) if name}
        found = diagnose(code, None, **dict.fromkeys(names, "{v}"))
        assert found.code == code and found.severity is wording.severity
        shown = found.message + found.help
        assert all(f"{{{name}}}" not in shown for name in names)
        assert shown.count("{v}") >= len(names)


@pytest.mark.parametrize(
    ("word", "known", "said"),
    [
        ("aproved", ["approved", "zoo"], "did you mean 'approved'?"),
        ("qqq", ["b", "a"], "known: a, b"),
        ("qqq", [], ""),
        ("qqq", [f"n{i}" for i in range(13)], ""),
    ],
)
def test_did_you_mean(word: str, known: list[str], said: str) -> None:
    assert did_you_mean(word, known) == said
