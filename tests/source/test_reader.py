"""What is refused of a file, each with its own message, and that nothing makes the reader raise."""

import time

import pytest
import yaml
from granger.engine.source import building, reader
from granger.engine.source.document import List, Map, Scalar
from granger.engine.source.reader import MAX_BYTES, MAX_DEPTH, MAX_NODES, lines_of, read
from hypothesis import given, settings
from hypothesis import strategies as st

REFUSED = {
    "duplicate-key": ("a: 1\nb: 2\na: 3\n", "3:1"),
    "duplicate-key in braces": ("x: {a: 1, 'a': 2}\n", "1:11"),
    "alias-refused": ("a: *x\n", "1:4"),
    "anchor-refused": ("a: &x 1\n", "1:4"),
    "anchor-refused on a mapping": ("a: &x\n  b: 1\n", "1:4"),
    "merge-refused": ("a:\n  <<: {b: 1}\n", "2:3"),
    "tag-refused": ("a: !!str 12\n", "1:4"),
    "tag-refused, own": ("a: !python/object:os.system x\n", "1:4"),
    "tag-refused, verbatim": ("a: !<tag:yaml.org,2002:str> x\n", "1:4"),
    "several-documents": ("a: 1\n---\nb: 2\n", "2:1"),
    "not-a-mapping": ("- a\n- b\n", "1:1"),
    "not-a-mapping but text": ("just words\n", "1:1"),
    "key-not-text": ("? [a, b]\n: 1\n", "1:3"),
    "key-not-text, a mapping": ("{a: 1}: 2\n", "1:1"),
    "empty-file": ("", "1:1"),
    "empty-file, comments": ("# nothing\n\n", "1:1"),
    "empty-file, mark": ("---\n", "1:1"),
    "empty-value": ("a: 1\nbc:\nd: 2\n", "2:1"),
    "empty-value in a list": ("a:\n  - x\n  -\n", "3:3"),
    "control-character": ("a: b\x07c\n", "1:5"),
    "control-character, escaped": ('a: "b\\ec"\n', "1:6"),
    "control-character, a line end to some": ("a: 数\u2028b\n", "1:5"),
    "control-character, BOM inside": ("a: \ufeffb\n", "1:4"),
    "unspaced-colon": ("a: {b:c}\n", "1:5"),
    "unquoted-comma": ("a: {when: min(x, y) > 3, tier: A}\n", "1:11"),
    "unquoted-comma in a list": ("a: [max(x, 3), 4]\n", "1:5"),
    "unquoted-hash": ("a: name == 'x # y'\n", "1:4"),
}


@pytest.mark.parametrize(("name", "source", "place"), [(name, *rest) for name, rest in REFUSED.items()])
def test_refused_with_a_code_and_a_place(name, source, place):
    _, problems = read(source.encode(), "f.yaml")
    code = name.split(",")[0].split()[0]
    assert [(problem.code, str(problem.place)) for problem in problems] == [(code, f"f.yaml:{place}")]
    assert problems[0].message and problems[0].help


SYNTAX = {
    "tab": ("a: 1\n\tb: 2\n", "2:1", "a tab"),
    "tab in a list": ("a:\n\t- x\n", "2:1", "a tab"),
    "tab in a quoted text": ('a: "x\n\ty"\n', "2:1", "a tab"),
    "unclosed quote": ("a: 'x\nb: 1\n", "1:4", "the quote ' that opens here"),
    "unclosed bracket": ("a: [1, 2\nb: 3\n", "1:4", "the [ that opens here"),
    "stray bracket": ("a: x]\nb: [x]]\n", "2:7", "] closes a bracket"),
    "second colon": ("a: b: c\n", "1:5", "a second `: `"),
    "no space": ("a:1\nb: 2\n", "1:2", "a space is missing"),
    "no colon": ("ab\nc: d\n", "1:1", "no `: `"),
    "no colon, later": ("a: x\nbc\nd: e\n", "2:1", "no `: `"),
    "full-width colon": ("a：1\nb: 2\n", "1:2", "full-width colon"),
    "bad indent": ("a:\n   x: 1\n  y: 2\n", "3:3", "indented unlike"),
    "bad indent of an item": ("a:\n  - x\n - y\n", "3:2", "indented unlike"),
    "bad margin in brackets": ("a: [b,\nc]\n", "2:1", "indented unlike"),
    "value and block": ("a: 1\n b: 2\n", "2:2", "has a value already"),
    "list on the key's line": ("a: - b\n", "1:4", "a list cannot start"),
    "items and keys": ("a: x\n- y\n", "2:1", "same level"),
    "text after a quote": ("a: 'x' == y\n", "1:8", "text follows the closing quote"),
    "sign of YAML": ("a: @x\n", "1:4", "must not start with @"),
    "backquote": ("a: `x`\n", "1:4", "must not start with `"),
    "percent": ("a: %x\n", "1:4", "must not start with %"),
    "bad escape": ('a: "x\\q"\n', "1:6", "the backslash"),
    "text after |": ("a: |x\n  y\n", "1:4", "text follows the |"),
    "comma before a quote": ("a: {when: f(b, 'x')}\n", "1:11", "a comma ends the value"),
}


@pytest.mark.parametrize(("source", "place", "words"), SYNTAX.values(), ids=SYNTAX.keys())
def test_a_slip_of_syntax_in_plain_words(source, place, words):
    _, problems = read(source.encode(), "f.yaml")
    assert [(problem.code, str(problem.place)) for problem in problems] == [("yaml-syntax", f"f.yaml:{place}")]
    assert words in problems[0].message and problems[0].help


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("a: {when: min(x, y) > 3, tier: A}\n", 'when: "min(x, y) > 3"'),
        ("a: {tier: A, when: x in ('b', 'c') and y > 1}\n", "when: \"x in ('b', 'c') and y > 1\""),
        ("a: [max(x, 3)]\n", '"max(x, 3)"'),
        ("a: name == 'x # y'  \n", "a: \"name == 'x # y'\""),
        ("when: name == 'a: b'\n", "when: \"name == 'a: b'\""),
        ("when: 'x' == name\n", "when: \"'x' == name\""),
        ('when: "x" == name\n', "when: '\"x\" == name'"),
        ("- when: @x # note\n", 'when: "@x"'),
    ],
)
def test_a_value_that_needs_quotes_is_shown_with_them(source, line):
    _, problems = read(source.encode(), "f.yaml")
    assert line in [problem.help.partition(": ")[2] for problem in problems]


@pytest.mark.parametrize(
    "source",
    [
        "a: the seller's rate # it's a note\n",
        "a: {b: 'f(x, y)', c: [1, 2]}\n",
        "a: [(, )]\n",
        "a: x == 'b' # 'c'\n",
        "a: [\n]\n",
    ],
)
def test_what_is_not_cut(source):
    document, problems = read(source.encode(), "f.yaml")
    assert [problem.code for problem in problems if problem.code != "unquoted-comma"] == []
    assert document is not None


def test_a_duplicate_key_shows_the_first():
    _, (problem,) = read(b"a: 1\nb: 2\na: 3\n", "f.yaml")
    assert [(str(related.place), related.label) for related in problem.related] == [
        ("f.yaml:1:1", "first written here")
    ]


def test_all_that_can_be_known_is_told():
    source = "a: 0x1F\nb: [1, 2\nc: x: y\nd:\n  - e\n f: 1\ng: &z 1\ng: 'u\nh: ~\n"
    document, problems = read(source.encode(), "f.yaml")
    assert document is None
    assert [(problem.code, problem.place.line) for problem in problems] == [
        ("number-form-refused", 1),
        ("yaml-syntax", 2),
        ("yaml-syntax", 3),
        ("yaml-syntax", 6),
        ("anchor-refused", 7),
        ("yaml-syntax", 8),
        ("empty-value", 9),
    ]


def test_a_document():
    source = "\ufeff# note\r\nkind: comp\r\nname: '数据'\r\nrows:\r\n- {a: 1, b: true}\r\n"
    document, problems = read(source.encode(), "pay/comp.yaml")
    assert problems == []
    assert document.file == "pay/comp.yaml"
    assert document.kind == "comp"
    assert document.lines == ("# note", "kind: comp", "name: '数据'", "rows:", "- {a: 1, b: true}", "")
    rows = document.root.entries["rows"]
    assert isinstance(rows, List) and isinstance(rows.items[0], Map)
    assert {key: node.value for key, node in rows.items[0].items()} == {"a": 1, "b": True}


def test_keys_are_text_whatever_they_look_like():
    document, problems = read(b"on: a\n1: b\n2026-01-31: c\ntrue: d\n'<<': e\n~: f\n", "f.yaml")
    assert problems == []
    assert list(document.root.entries) == ["on", "1", "2026-01-31", "true", "<<", "~"]


def test_what_was_refused_is_marked_as_broken():
    document, _ = read(b"a: 0x1F\nb:\nc: *d\ne: 1\n", "f.yaml")
    assert [key for key, node in document.root.items() if isinstance(node, Scalar) and node.broken] == ["a", "b", "c"]


@pytest.mark.parametrize("data", [b"a: \xff\n", "a: é".encode("latin-1"), "a: b".encode("utf-16")])
def test_not_utf8(data):
    document, (problem,) = read(data, "f.yaml")
    assert document is None
    assert problem.code == "not-utf-8"


def test_the_place_of_a_byte_that_is_not_utf8():
    _, (problem,) = read("ok: 数据\nb: 数".encode() + b"\xe9\n", "f.yaml")
    assert str(problem.place) == "f.yaml:2:5"


def test_limits():
    deepest = "[" * (MAX_DEPTH - 1) + "1" + "]" * (MAX_DEPTH - 1)
    assert read(f"a: {deepest}".encode(), "f.yaml")[1] == []
    assert [p.code for p in read(f"a: [{deepest}]".encode(), "f.yaml")[1]] == ["too-deep"]
    assert [p.code for p in read(b"#" * (MAX_BYTES + 1), "f.yaml")[1]] == ["file-too-large"]


def test_the_limit_of_nodes(monkeypatch):
    assert MAX_NODES == 200_000
    monkeypatch.setattr(building, "MAX_NODES", 10)
    assert read(b"a: [1, 2, 3, 4, 5, 6, 7]", "f.yaml")[1] == []
    assert [p.code for p in read(b"a: [1, 2, 3, 4, 5, 6, 7, 8]", "f.yaml")[1]] == ["too-many-nodes"]


def test_problems_are_told_up_to_a_limit():
    _, problems = read(("a: [" + "&x 1, " * 5_000 + "1]").encode(), "f.yaml")
    assert len(problems) == 1_001
    assert "more-problems" in {problem.code for problem in problems}


def test_lines_of_a_broken_file():
    assert lines_of(b"\xef\xbb\xbfa\r\nb\xff\rc") == ("a", "b\ufffd", "c")


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(st.binary(max_size=80), st.text("ab:-?,[]{}()&*!|>'\"%@`#~<. \n\t\\0x1e数𝒳", max_size=80).map(str.encode))
)
def test_nothing_raises(data):
    document, problems = read(data, "f.yaml")
    assert document is not None or problems
    assert all(problem.place.line >= 1 and problem.place.column >= 1 for problem in problems)


@pytest.mark.parametrize(
    "source",
    [
        "{" * 20_000,
        "a: " + "- " * 20_000,
        "? " * 20_000,
        "a: b: " + " " * 1_000_000,
        "a: [" + "(, " * 10_000,
        "a: " + "'" * 100_001,
    ],
)
def test_hostile_files_are_refused_quickly(source):
    start = time.process_time()
    _, problems = read(source.encode(), "f.yaml")
    assert problems
    assert time.process_time() - start < 2


@pytest.mark.parametrize(("name", "source", "place"), [(name, *rest) for name, rest in REFUSED.items()])
def test_the_slow_loader_refuses_the_same(monkeypatch, name, source, place):
    monkeypatch.setattr(reader, "_LOADER", yaml.SafeLoader)
    test_refused_with_a_code_and_a_place(name, source, place)


@pytest.mark.parametrize(("source", "place", "words"), SYNTAX.values(), ids=SYNTAX.keys())
def test_the_slow_loader_finds_the_same_slips(monkeypatch, source, place, words):
    monkeypatch.setattr(reader, "_LOADER", yaml.SafeLoader)
    test_a_slip_of_syntax_in_plain_words(source, place, words)
