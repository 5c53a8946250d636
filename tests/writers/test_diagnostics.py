"""Diagnostics as a terminal shows them, and as JSON."""

import json
import re

from granger.engine.diagnostics import Cell, Diagnostic, Related, Severity, Span
from granger.engine.writers.diagnostics import WIDTH, render_text, to_json


def error(place, help_text="", related=()):
    return Diagnostic("some-code", Severity.ERROR, "something is wrong", place, help_text, related)


def test_a_line_with_its_caret_and_help():
    text = render_text([error(Span("a.yaml", 2, 3, 2, 7), "mend it")], {"a.yaml": ("kind: x", "  curr: y")})
    assert text == (
        "error[some-code]: something is wrong\n"
        " --> a.yaml:2:3\n"
        "  |\n"
        "2 |   curr: y\n"
        "  |   ^^^^\n"
        "  = help: mend it\n"
        "\n"
        "1 error\n"
    )


def test_other_sites_with_their_labels():
    related = (Related(Span("a.yaml", 9, 1, 9, 2), "first written here"), Related(Cell("d.csv", 5, "ARR"), "read here"))
    lines = {"a.yaml": ["a: 1"] * 12}
    text = render_text([error(Span("a.yaml", 10, 1, 10, 2), related=related)], lines)
    assert text == (
        "error[some-code]: something is wrong\n"
        "  --> a.yaml:10:1\n"
        "   |\n"
        "10 | a: 1\n"
        "   | ^\n"
        "  ::: a.yaml:9:1\n"
        "   |\n"
        " 9 | a: 1\n"
        "   | - first written here\n"
        "  ::: d.csv, row 5, column 'ARR': read here\n"
        "\n"
        "1 error\n"
    )


def test_wide_characters_take_two_columns():
    text = render_text([error(Span("a.yaml", 1, 4, 1, 6))], {"a.yaml": ("数据: 客户 x",)})
    assert text.splitlines()[3:5] == ["1 | 数据: 客户 x", "  |      ^^^"]
    text = render_text([error(Span("a.yaml", 1, 5, 1, 7))], {"a.yaml": ("数据: 客户 x",)})
    assert text.splitlines()[4] == "  |       ^^^^"


def test_a_long_line_is_cut_around_the_caret():
    line = "a" * 150 + "HERE" + "b" * 150
    shown = render_text([error(Span("a.yaml", 1, 151, 1, 155))], {"a.yaml": (line,)}).splitlines()
    assert len(shown[3]) <= WIDTH and shown[3].startswith("1 | …a") and shown[3].endswith("b…")
    column = shown[4].index("^")
    assert shown[3][column : column + 4] == "HERE" and shown[4].endswith("^^^^")


def test_a_long_line_of_wide_characters_keeps_to_the_width():
    shown = render_text([error(Span("a.yaml", 1, 90, 1, 200))], {"a.yaml": ("数" * 200,)}).splitlines()
    assert 4 + 2 * (len(shown[3]) - 6) + 2 <= WIDTH
    assert len(shown[4]) <= WIDTH


def test_the_end_of_a_long_line_is_shown_whole():
    shown = render_text([error(Span("a.yaml", 1, 300, 1, 301))], {"a.yaml": ("a" * 299 + "Z",)}).splitlines()
    assert shown[3].endswith("aZ") and len(shown[3]) <= WIDTH
    assert shown[4].index("^") == shown[3].index("Z")


def test_control_characters_are_not_printed():
    diagnostic = Diagnostic(
        "some-code", Severity.ERROR, "bad \x1b[31m\nname", Span("a\x07.yaml", 1, 2, 1, 3), "x\u202ey"
    )
    text = render_text([diagnostic], {"a\x07.yaml": ("a\tb\x1b\u202ec",)})
    assert not set(text) & set("\x1b\x07\u202e\t")
    assert "a→b\ufffd\ufffdc" in text


def test_places_without_a_line():
    lines = {"a.yaml": ("x",)}
    for place in (None, Cell("a.csv"), Span("a.yaml", 9, 1, 9, 2), Span("b.yaml", 1, 1, 1, 2)):
        assert "^" not in render_text([error(place)], lines)
    assert " --> a.csv, row 5, column 'ARR'\n" in render_text([error(Cell("a.csv", 5, "ARR"))], lines)


def test_a_place_behind_the_end_of_its_line():
    assert render_text([error(Span("a.yaml", 1, 9, 1, 10))], {"a.yaml": ("ab",)}).splitlines()[4] == "  |   ^"


def test_a_span_over_lines_is_marked_to_the_end_of_the_first():
    assert render_text([error(Span("a.yaml", 1, 2, 2, 2))], {"a.yaml": ("abcd", "x")}).splitlines()[4] == "  |  ^^^"


def test_the_count():
    warning = Diagnostic("some-code", Severity.WARNING, "look", None)
    assert render_text([error(None), error(None), warning], {}).endswith("\n2 errors, 1 warning\n")
    assert render_text([warning, warning], {}).endswith("\n2 warnings\n")
    assert render_text([], {}) == ""


def test_colour_only_when_asked_for():
    diagnostics, lines = [error(Span("a.yaml", 1, 1, 1, 2), "mend it")], {"a.yaml": ("x",)}
    plain, coloured = render_text(diagnostics, lines), render_text(diagnostics, lines, colour=True)
    assert "\x1b" not in plain and "\x1b[1;31m" in coloured
    assert re.sub("\x1b\\[[0-9;]*m", "", coloured) == plain


def test_json():
    span, cell = Span("a.yaml", 2, 3, 2, 7), Cell("d.csv", 5, "ARR")
    first, second = to_json([error(span, "mend it", (Related(cell, "read here"),)), error(None)])
    assert first == {
        "code": "some-code",
        "severity": "error",
        "message": "something is wrong",
        "file": "a.yaml",
        "line": 2,
        "column": 3,
        "end_line": 2,
        "end_column": 7,
        "row": None,
        "column_name": None,
        "help": "mend it",
        "related": [
            {
                "label": "read here",
                "file": "d.csv",
                "line": None,
                "column": None,
                "end_line": None,
                "end_column": None,
                "row": 5,
                "column_name": "ARR",
            }
        ],
    }
    assert list(second) == list(first) and second["file"] is None and second["related"] == []
    assert json.loads(json.dumps([first, second])) == [first, second]
