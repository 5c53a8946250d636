"""The page about expressions is made from the table of signatures, and every example on it gives what it says."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from granger.engine.amounts import parse_decimal
from granger.engine.diagnostics import Origin
from granger.engine.language.expression import parse
from granger.engine.language.infer import infer
from granger.engine.language.rowwise import evaluate
from granger.engine.language.signatures import FUNCTIONS, OPERATORS, ROLE
from granger.engine.language.tree import Call, Expression, Name, Value, walk
from granger.engine.language.types import BOOLEAN, DATE, NUMBER, TEXT, Type
from granger.engine.writers.expression_reference import MISSING_RULES, examples, expression_reference, main

PAGE = Path(__file__).resolve().parents[2] / "docs" / "expressions.md"
OF_ROLES = {name for name, function in FUNCTIONS.items() if ROLE in function.parameters}
"""Functions that take a role, which is no value: what they give hangs on the assignments, so their example is not
evaluated. They read as a name: tests of duties and holders evaluate them."""
EXAMPLES = sorted(set(examples()) - {(FUNCTIONS[name].example, FUNCTIONS[name].gives) for name in OF_ROLES})


def read(text: str) -> Expression:
    parsed = parse(text, Origin("page", ((0, 1, 1),)))
    assert isinstance(parsed, Expression), parsed
    return parsed


def value(text: str) -> tuple[Type, Value]:
    expression = read(text)
    found, problems = infer(expression, {})
    assert problems == []
    return found, evaluate(expression, {})


def stated(text: str, kind: str) -> Value:
    """What the page writes, as a value of the kind that was inferred."""
    if text == "missing":
        return None
    if kind == NUMBER:
        return parse_decimal(text.removeprefix("-")) * (-1 if text.startswith("-") else 1)  # type: ignore[operator]
    if kind == DATE:
        return date.fromisoformat(text)
    if kind == BOOLEAN:
        return {"true": True, "false": False}[text]
    assert kind == TEXT
    return text


def test_the_committed_page_is_what_is_generated_now() -> None:
    assert PAGE.read_text(encoding="utf-8") == expression_reference(), "write it anew with: make docs"


def test_the_sweep_meets_every_row_of_the_tables() -> None:
    assert len(FUNCTIONS) >= 18
    assert len(OPERATORS) >= 10
    assert len(EXAMPLES) >= 40
    assert sorted(OF_ROLES) == ["held_since"]
    assert len(list(examples())) == len(FUNCTIONS) + len(OPERATORS) + len(MISSING_RULES)


@pytest.mark.parametrize(("example", "gives"), EXAMPLES)
def test_an_example_gives_what_stands_beside_it(example: str, gives: str) -> None:
    kind, found = value(example)
    expected = stated(gives, kind.kind)
    assert (type(found), found) == (type(expected), expected)
    assert kind.nullable or found is not None, "a value that can be missing must be inferred so"


@pytest.mark.parametrize("name", sorted(FUNCTIONS.keys() - OF_ROLES))
def test_an_example_uses_its_own_function(name: str) -> None:
    calls = [node.function for node in walk(read(FUNCTIONS[name].example).root) if isinstance(node, Call)]
    assert name in calls


@pytest.mark.parametrize("name", sorted(OF_ROLES))
def test_an_example_of_a_role_reads_as_a_fact_of_the_account(name: str) -> None:
    example = FUNCTIONS[name].example
    assert read(example).root == Name(example, 0, len(example))


def test_operators_bind_as_the_page_says() -> None:
    for text, expected in (
        ("1 + 2 * 3", Fraction(7)),
        ("(1 + 2) * 3", Fraction(9)),
        ("1 + 1 < 3", True),
        ("1 + 1 in (2, 3)", True),
        ("not 1 < 2", False),
        ("not false and false", False),
        ("true or true and false", True),
        ("1 if false or true else 2", Fraction(1)),
        ("1 - 1 if true else 2", Fraction(0)),
    ):
        assert value(text)[1] == expected, text


def test_a_wrong_value_on_the_page_would_be_seen() -> None:
    with pytest.raises(AssertionError):
        test_an_example_gives_what_stands_beside_it("1.1 + 2.2", "3.30000001")
    with pytest.raises(AssertionError):
        test_an_example_gives_what_stands_beside_it("1 / 0", "0")


def test_every_name_has_its_row() -> None:
    rows = re.findall(r"^\| `([a-z_]+)`\(", expression_reference(), re.MULTILINE)
    assert rows == list(FUNCTIONS)


def test_main_writes_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "page.md")]) == 0
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == expression_reference()
    assert main([]) == 0
    assert capsys.readouterr().out == expression_reference()
