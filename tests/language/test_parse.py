"""Texts to expressions: what is read and as what; what is refused, with which code, at which column."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest
from granger.engine.diagnostics import Origin
from granger.engine.language.expression import constant, parse
from granger.engine.language.tree import (
    Arithmetic,
    Call,
    Choose,
    Compare,
    Expression,
    Literal,
    Logic,
    Member,
    Name,
    Negate,
    Node,
    Not,
    walk,
)

Parsed = Callable[[str], Expression]
Refused = Callable[[str], list[tuple[str, int, int]]]


def outline(node: Node) -> str:
    """The tree in brackets, so that precedence can be read."""
    match node:
        case Literal(value=value):
            return str(value)
        case Name(id=name):
            return name
        case Negate(operand=operand):
            return f"(- {outline(operand)})"
        case Not(operand=operand):
            return f"(not {outline(operand)})"
        case Arithmetic(op=op, left=left, right=right):
            return f"({op} {outline(left)} {outline(right)})"
        case Compare(ops=ops, operands=operands):
            return f"({' '.join(ops)} {' '.join(map(outline, operands))})"
        case Logic(op=op, operands=operands):
            return f"({op} {' '.join(map(outline, operands))})"
        case Member(operand=operand, items=items, negated=negated):
            return f"({'not in' if negated else 'in'} {outline(operand)} [{' '.join(map(outline, items))}])"
        case Choose(condition=condition, then=then, otherwise=otherwise):
            return f"(if {outline(condition)} {outline(then)} {outline(otherwise)})"
        case Call(function=function, arguments=arguments):
            return f"({function} {' '.join(map(outline, arguments))})"


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("1_000.5", "2001/2"), ("80%", "4/5"), ("0.5%", "1/200"), ("5%-1", "(- 1/20 1)"), ("5% - 1", "(- 1/20 1)"),
        ("-5%", "-1/20"), ("-0.2", "-1/5"), ("- 3", "-3"), ("-a", "(- a)"), ("--3", "3"), ("-(3)", "-3"),
        ("80%*a", "(* 4/5 a)"), ("a*80%", "(* a 4/5)"), ("1 - -2", "(- 1 -2)"), ("2*-a", "(* 2 (- a))"),
        ("a + b * c", "(+ a (* b c))"), ("(a + b) * c", "(* (+ a b) c)"), ("a - b - c", "(- (- a b) c)"),
        ("a / b / c", "(/ (/ a b) c)"), ("not a == b", "(not (== a b))"), ("not a and b", "(and (not a) b)"),
        ("a or b and c", "(or a (and b c))"), ("a and b and c", "(and a b c)"),
        ("1 <= a < 3 != b", "(<= < != 1 a 3 b)"),
        ("a in ('x', 'y')", "(in a [x y])"), ("a not in [1, 2]", "(not in a [1 2])"), ("a in (1,)", "(in a [1])"),
        ("a in (1)", "(in a [1])"), ("a and b in 'x'", "(and a (in b [x]))"), ("a + +b", "(+ a (- (- b)))"), ("+3", "3"),
        ("not a in (1, 2)", "(not (in a [1 2]))"), ("1 if a else 2 if b else 3", "(if a 1 (if b 2 3))"),
        ("true", "True"), ("false", "False"), ("date('2026-01-31')", "2026-01-31"), ('"it\'s"', "it's"),
        ("min(a, b, 3)", "(min a b 3)"), ("round(a)", "(round a)"), ("'a # b'", "a # b"), ("'80% (x'", "80% (x"),
        ("  a  ", "a"), ("a\n  and\n  b\n", "(and a b)"),
        ("'名' == 名称 if false else true".replace("名称", "a"), "(if False (== 名 a) True)"),
        ("date", "date"), ("_x1 + match", "(+ _x1 match)"), ("''", ""), ("0", "0"), ("0.10", "1/10"),
    ],
)  # fmt: skip
def test_what_is_read(parsed: Parsed, text: str, tree: str) -> None:
    assert outline(parsed(text).root) == tree


REFUSED = [
    ("", "expression-empty", 1), ("   ", "expression-empty", 1), ("\n", "expression-empty", 1),
    ("a and and b", "expression-syntax", 7), ("a b", "expression-syntax", 3), ("1 2", "expression-syntax", 3),
    ("(1", "expression-syntax", 1), ("1)", "expression-syntax", 2), ("min(1, 2", "expression-syntax", 4),
    ("5%5", "expression-syntax", 3), ("'中文' == x y", "expression-syntax", 11),
    ("if a else b", "expression-syntax", 1),
    ("a <> b", "expression-token", 3), ("a ** 2", "expression-token", 3), ("a // 2", "expression-token", 3),
    ("a && b", "expression-token", 3), ("a || b", "expression-token", 3), ("!a", "expression-token", 1),
    ("a = 3", "expression-token", 3), ("a % b", "expression-token", 3), ("80 %", "expression-token", 4),
    ("a%", "expression-token", 2), ("(a)%", "expression-token", 4), ("80%%", "expression-token", 4),
    ("a.b", "expression-token", 2), (".5", "expression-token", 1), ("a; b", "expression-token", 2),
    ("a # b", "expression-token", 3), ("{a}", "expression-token", 1), ("a @ b", "expression-token", 3),
    ("a is b", "expression-token", 3), ("None", "expression-token", 1), ("True", "expression-token", 1),
    ("lambda", "expression-token", 1), ("not await x", "expression-token", 5), ("x == ‘a’", "expression-token", 6),
    ("名 == 1", "expression-token", 1), ("'中文' == 中", "expression-token", 9), ("a\x00", "expression-token", 2),
    ("a\n and ~b", "expression-token", 8), ("a := 1", "expression-token", 3), ("ａ", "expression-token", 1),
    ("x[0]", "expression-form", 1), ("a, b", "expression-form", 1), ("()", "expression-form", 1),
    ("[1]", "expression-form", 1),
    ("min(a)(b)", "expression-form", 1), ("min(*a, b)", "expression-form", 1), ("min(a, b)[0]", "expression-form", 1),
    ("f'x'", "expression-form", 1), ("1 + b'x'", "expression-form", 5), ("'a' 'b'", "expression-form", 1),
    ("5%(3)", "expression-form", 1),
    ("1e3", "number-form", 1), ("1 + 0x1F", "number-form", 5), ("5.", "number-form", 1), ("1__0", "number-form", 1),
    ("012", "number-form", 1), ("2026-01-31", "number-form", 6), ("3 == 5x", "number-form", 6),
    ("1.2.3", "number-form", 1),
    ("1if a else 2", "number-form", 1), ("1_", "number-form", 1), ("9" * 61, "literal-too-long", 1),
    ("x == '" + "a" * 499 + "'", "text-too-long", 6), (r"x == 'a\n'", "text-escape", 6),
    ("x == 'a", "text-unclosed", 6),
    ("x == 'a\nb'", "text-unclosed", 6), ("a" * 2001, "expression-too-long", 1),
    ("1+" * 250 + "1", "expression-too-many-words", 1),
    ("(" * 41 + "1" + ")" * 41, "expression-too-deep", 41), ("-" * 150 + "1", "expression-too-deep", 101),
    ("a in b", "membership-form", 1), ("a in ()", "membership-form", 1),
    ("1 < 2 in (1, 2)", "membership-form", 1), ("a and b in c", "membership-form", 7),
    ("mim(1, 2)", "unknown-function", 1), ("1 + eval('x')", "unknown-function", 5), ("true()", "unknown-function", 1),
    ("min(1)", "argument-count", 1), ("1 + abs()", "argument-count", 5), ("round(1, 2, 3)", "argument-count", 1),
    ("is_missing(a, b)", "argument-count", 1), ("date('2026-02-30')", "bad-date-literal", 1),
    ("date(x)", "bad-date-literal", 1),
    ("date('2026-1-31')", "bad-date-literal", 1), ("date()", "bad-date-literal", 1),
    ("1 + date(2026)", "bad-date-literal", 5),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "column"), REFUSED, ids=[f"{c}-{t[:20]!r}" for t, c, _ in REFUSED])
def test_what_is_refused_and_where(refused: Refused, text: str, code: str, column: int) -> None:
    first = refused(text)[0]
    line = text[: column - 1].count("\n") + 1
    assert (first[0], first[1:]) == (code, (1, column)) if line == 1 else first[0] == code


@pytest.mark.parametrize(
    ("text", "column"),
    [("a +", 3), ("a + ", 3), ("'中文' ==", 6), ("a and", 3), ("x in", 3), ("a if b", 6)],
)
def test_an_expression_that_stops_too_early_is_blamed_at_its_end(refused: Refused, text: str, column: int) -> None:
    ((code, _, found),) = refused(text)
    assert code == "expression-syntax" and found >= column


def test_brackets_inside_a_text_are_no_brackets() -> None:
    said = {text: parse(text, Origin("p.yaml", ((0, 1, 1),))) for text in ("'(' == x y", "('(' == x", "x == '' y]")}
    problems = [found[0].message for found in said.values() if isinstance(found, list)]
    assert ["brackets" in problem for problem in problems] == [False, True, True]


def test_all_mistakes_are_shown_at_once(refused: Refused) -> None:
    text = "a ** 2 > 1e3 and b.c == “x”"
    assert [(code, column) for code, _, column in refused(text)] == [
        ("expression-token", 3), ("number-form", 10), ("expression-token", 19), ("expression-token", 25),
        ("expression-token", 27),
    ]  # fmt: skip
    assert [(code, column) for code, _, column in refused("foo(1) + bar(2) > abs()")] == [
        ("unknown-function", 1), ("unknown-function", 10), ("argument-count", 19),
    ]  # fmt: skip


def test_columns_lead_through_folded_lines_and_wide_characters() -> None:
    """As YAML folds it: the text's second line stands at line 8, column 5 of the file."""
    text = "name == '中文' and arr ** 2 > 1"
    origin = Origin("p.yaml", ((0, 7, 11), (13, 8, 5)))
    found = parse(text, origin)
    assert isinstance(found, list)
    assert [(d.code, str(d.place)) for d in found] == [("expression-token", "p.yaml:8:13")]


def test_every_node_knows_the_text_it_was_written_as(parsed: Parsed) -> None:
    expression = parsed("'中' == a and (b + 1) * c <= min(d, 2) or not e in ('文', f)")
    written = {expression.written(node) for node in walk(expression.root)}
    assert {
        "'中' == a",
        "b + 1",
        "(b + 1) * c",
        "min(d, 2)",
        "'文'",
        "e in ('文', f)",
        "not e in ('文', f)",
        "f",
    } <= written
    assert expression.names == ("a", "b", "c", "d", "e", "f")


@pytest.mark.parametrize("text", ["x <= -30%", "a * 80%", "(a + 5%) * b - 1%", "1 if a else 5%", "a and b > 5%"])
def test_a_percent_sign_at_the_end_belongs_to_what_was_written(parsed: Parsed, text: str) -> None:
    expression = parsed(text)
    assert expression.written(expression.root) == text


def test_a_value_that_yaml_has_read_is_an_expression() -> None:
    origin = Origin("p.yaml", ((0, 4, 9),))
    for value, text in ((Fraction(1, 2), "0.5"), (True, "true"), (date(2026, 1, 31), "2026-01-31")):
        expression = constant(value, text, origin)
        assert expression.root == Literal(value, 0, len(text)) and str(expression.span) == "p.yaml:4:9"


def test_every_refusal_of_the_table_was_tried() -> None:
    assert len(REFUSED) > 85
    assert len({code for _, code, _ in REFUSED}) == 16
