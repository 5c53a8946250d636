"""From every character of a value back to the file."""

import pytest
import yaml
from granger.engine.source.document import Scalar
from granger.engine.source.reader import read
from hypothesis import given, settings
from hypothesis import strategies as st

WRITTEN = {
    "plain": ("数据: abc def\n", "abc def", {"a": (1, 5), "def": (1, 9)}),
    "plain after astral": ("{𝒳𝒳: 𝒳y, k: z}\n", "𝒳y", {"𝒳": (1, 6), "y": (1, 7)}),
    "plain on lines": (
        "k: one\n   two\n\n  three\n",
        "one two\nthree",
        {"one": (1, 4), "two": (2, 4), "three": (4, 3)},
    ),
    "CRLF": ("a: b\r\nk: one\r\n  two\r\n", "one two", {"one": (2, 4), "two": (3, 3)}),
    "BOM": ("\ufeffk: v\n", "v", {"v": (1, 4)}),
    "single": ("k: 'it''s 数 b'\n", "it's 数 b", {"'": (1, 7), "s": (1, 9), "数": (1, 11), "b": (1, 13)}),
    "single on lines": ("k: 'a\n\n  b'\n", "a\nb", {"a": (1, 5), "b": (3, 3)}),
    "double": (
        'k: "a\\tb\\u6570c\\\\d"\n',
        "a\tb数c\\d",
        {"\t": (1, 6), "b": (1, 8), "数": (1, 9), "c": (1, 15), "d": (1, 18)},
    ),
    "double on lines": ('k: "a  \n  b\\\n  c\\ \n  d"\n', "a bc  d", {"b": (2, 3), "c": (3, 3), "d": (4, 3)}),
    "double astral": ('k: "\\U0001D4B3x"\n', "𝒳x", {"𝒳": (1, 5), "x": (1, 15)}),
    "literal": (
        "k: |\n  a 数\n\n    b\n  c\n",
        "a 数\n\n  b\nc\n",
        {"a": (2, 3), "数": (2, 5), "b": (4, 5), "c": (5, 3)},
    ),
    "literal, indent written": ("k: |2-\n    a\n   b\n", "  a\n b", {"a": (2, 5), "b": (3, 4)}),
    "literal, kept end": ("k: |+ # note\n  a\n\n", "a\n\n", {"a": (2, 3)}),
    "folded": (
        "k: >\n  a\n  b\n\n  c\n    d\n  e\n",
        "a b\nc\n  d\ne\n",
        {"a": (2, 3), "b": (3, 3), "c": (5, 3), "d": (6, 5), "e": (7, 3)},
    ),
    "in a list": ("k:\n  - x: |\n      ab\n", "ab\n", {"a": (3, 7), "b": (3, 8)}),
}


def scalars(node):
    if isinstance(node, Scalar):
        yield node
    else:
        for inner in (
            getattr(node, "items", ()) if isinstance(getattr(node, "items", ()), tuple) else node.entries.values()
        ):
            yield from scalars(inner)


@pytest.mark.parametrize(("source", "text", "places"), WRITTEN.values(), ids=WRITTEN.keys())
def test_where_a_character_was_written(source, text, places):
    document, problems = read(source.encode(), "f.yaml")
    assert problems == []
    scalar = next(s for s in scalars(document.root) if s.text == text)
    assert {word: scalar.origin.place(text.index(word)) for word in places} == places


def test_the_span_of_a_value():
    document, _ = read("a: '数据' # x\nb: |\n  x\n\nc: [1, 22]\n".encode(), "f.yaml")
    spans = {key: node.span for key, node in document.root.items()}
    assert (spans["a"].column, spans["a"].end_column) == (4, 8)
    assert (spans["b"].line, spans["b"].column, spans["b"].end_line, spans["b"].end_column) == (2, 4, 3, 4)
    assert (spans["c"].line, spans["c"].column, spans["c"].end_column) == (5, 4, 11)
    assert str(document.root.keys["c"].span) == "f.yaml:5:1"


ALPHABET = st.sampled_from("ab1 \n'\"\\:#-数据𝒳é,{}[]\t%")


@settings(max_examples=400, deadline=None)
@given(
    texts=st.lists(st.text(ALPHABET, max_size=60), min_size=1, max_size=4),
    style=st.sampled_from([None, "'", '"', "|", ">"]),
    width=st.sampled_from([5, 20, 80]),
    newline=st.sampled_from(["\n", "\r\n"]),
)
def test_every_character_leads_to_where_it_stands(texts, style, width, newline):
    content = {f"k{i}": text for i, text in enumerate(texts)}
    source = yaml.safe_dump(content, default_style=style, width=width, allow_unicode=True).replace("\n", newline)
    lines = source.replace("\r\n", "\n").split("\n")
    document, _ = read(source.encode(), "f.yaml")
    assert document is not None
    assert {key: node.text for key, node in document.root.items()} == yaml.load(source, Loader=yaml.BaseLoader)
    for node in document.root.entries.values():
        for offset, char in enumerate(node.text):
            line, column = node.origin.place(offset)
            written = (lines[line - 1] + "\n")[column - 1]
            folded = char in " \n" and not (lines[line - 1] + "\n")[column - 1 :].strip()
            assert written == char or written == "\\" or folded, (source, node.text, offset)
