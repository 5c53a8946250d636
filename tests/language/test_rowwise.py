"""What expressions mean: exact numbers, Kleene logic, missing values, every function."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from itertools import product

import pytest
from granger.engine.language.rowwise import Rowwise, evaluate
from granger.engine.language.signatures import FUNCTIONS, OPERATORS, ROLE
from granger.engine.language.tree import Expression, Literal, Name, Node, Value, children, walk
from granger.engine.periods import FiscalCalendar

Parsed = Callable[[str], Expression]

T, F, M = True, False, None
WORDS = {T: "true", F: "false", M: "m"}
AND = {(T, T): T, (T, F): F, (T, M): M, (F, T): F, (F, F): F, (F, M): F, (M, T): M, (M, F): F, (M, M): M}
OR = {(T, T): T, (T, F): T, (T, M): T, (F, T): T, (F, F): F, (F, M): M, (M, T): T, (M, F): M, (M, M): M}

NAMES: dict[str, Value] = {
    "m": None, "a": Fraction(3), "b": Fraction(5), "z": Fraction(0), "text": "Größe 中文", "day": date(2026, 1, 31),
}  # fmt: skip


@pytest.mark.parametrize("pair", list(product((T, F, M), repeat=2)))
def test_kleene_logic_of_two(parsed: Parsed, pair: tuple[bool | None, bool | None]) -> None:
    left, right = (WORDS[value] for value in pair)
    assert evaluate(parsed(f"{left} and {right}"), NAMES) is AND[pair]
    assert evaluate(parsed(f"{left} or {right}"), NAMES) is OR[pair]
    assert evaluate(parsed(f"not ({left} and {right})"), NAMES) is evaluate(parsed(f"not {left} or not {right}"), NAMES)


def test_kleene_logic_of_three_is_that_of_two_twice(parsed: Parsed) -> None:
    for one, two, three in product((T, F, M), repeat=3):
        words = [WORDS[value] for value in (one, two, three)]
        assert evaluate(parsed(" and ".join(words)), NAMES) is AND[AND[one, two], three]
        assert evaluate(parsed(" or ".join(words)), NAMES) is OR[OR[one, two], three]


VALUES: list[tuple[str, object]] = [
    # numbers are exact
    ("4/5 - 1 <= -0.2", T), ("0.1 + 0.2 == 0.3", T), ("1/3 * 3 == 1", T), ("80% * 50%", "2/5"), ("5%-1", "-19/20"),
    ("1/3", "1/3"), ("-a * 2", "-6"), ("2 - -3", "5"), ("10 / 4 / 5", "1/2"), ("10 - 4 - 5", "1"),
    # division by zero is missing
    ("1 / 0", M), ("a / z", M), ("z / z", M), ("0 / a", "0"), ("1 / 0 > 1", M), ("is_missing(1 / (a - 3))", T),
    ("1 / m", M),
    # comparisons and chains
    ("1 < a <= 3 < b", T), ("1 < a < 3", F), ("m > 1", M), ("m == m", M), ("m != 1", M), ("1 < m < 0", M),
    ("2 < 1 < m", F),
    ("m < 2 < 1", F), ("1 < 2 < m", M), ("a == 3 == 3.0", T), ("1 != 2 != 1", T), ("'a' == 'A'", F),
    ("true == true", T),
    ("day < date('2026-02-01')", T), ("day == date('2026-01-31')", T),
    # membership
    ("a in (1, 3)", T), ("a in (1, 2)", F), ("a in (3, m)", T), ("a in (1, m)", M), ("m in (1, 2)", M),
    ("a not in (1, m)", M),
    ("a not in (3, m)", F), ("a not in (1, 2)", T), ("m not in (1,)", M), ("'x' in ('y', 'x')", T),
    ("day in (day, m)", T),
    # choice
    ("1 if true else 1 / 0", "1"), ("1 if m else 2", M), ("1 if m == 1 else 1", M), ("m if true else 1", M),
    ("m if false else 1", "1"),
    ("1 if false else 2 if true else 3", "2"), ("1 if false else 2 if m else 3", M),
    # functions
    ("coalesce(m, 1 / 0, 7, 8)", "7"), ("coalesce(m, m)", M), ("is_missing(m)", T), ("is_missing(a)", F),
    ("is_missing(m > 1)", T),
    ("min(3, m)", M), ("max(m, 3)", M), ("min(a, b, 1/2)", "1/2"), ("max(a, b, 1/2)", "5"), ("abs(-1/3)", "1/3"),
    ("abs(m)", M),
    ("floor(-2.5)", "-3"), ("floor(2)", "2"), ("ceiling(-2.5)", "-2"), ("ceiling(2.0001)", "3"), ("floor(m)", M),
    ("round(2.5)", "3"), ("round(-2.5)", "-3"), ("round(2.345, 2)", "2.35"), ("round(-2.345, 2)", "-2.35"),
    ("round(1250, -2)", "1300"),
    ("round(1/3, 4)", "0.3333"), ("round(m, 2)", M),
    ("days_between(day, date('2026-03-01'))", "29"), ("days_between(date('2026-03-01'), day)", "-29"),
    ("days_between(day, day)", "0"),
    ("months_between(day, date('2026-02-28'))", "1"), ("months_between(day, date('2026-02-27'))", "0"),
    ("months_between(m, day)", M),
    ("add_days(day, 1)", date(2026, 2, 1)), ("add_days(day, -31)", date(2025, 12, 31)), ("add_days(day, m)", M),
    ("add_months(day, 1)", date(2026, 2, 28)), ("add_months(day, -2)", date(2025, 11, 30)),
    ("add_months(day, 25)", date(2028, 2, 29)),
    ("add_days(day, 5_000_000)", M), ("add_days(day, -900_000)", M), ("add_months(day, 120_000)", M),
    ("add_months(day, -99999999)", M),
    ("contains(text, '中')", T), ("contains(text, 'größe')", F), ("contains(lower(text), 'größe')", T),
    ("contains(text, '')", T),
    ("starts_with(text, 'Gr')", T), ("ends_with(text, '文')", T), ("ends_with(text, 'x')", F), ("lower(m)", M),
    ("contains(m, 'x')", M),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), VALUES, ids=[text for text, _ in VALUES])
def test_what_an_expression_is_worth(parsed: Parsed, text: str, expected: object) -> None:
    names = dict(NAMES)
    found = evaluate(parsed(text), names)
    if isinstance(expected, str):
        assert isinstance(found, Fraction) and found == Fraction(expected)
    else:
        assert found == expected and type(found) is type(expected)


@pytest.mark.parametrize(
    ("starts", "unit", "first", "last"),
    [
        (1, "month", "2026-01-01", "2026-01-31"), (1, "quarter", "2026-01-01", "2026-03-31"),
        (1, "year", "2026-01-01", "2026-12-31"),
        (2, "quarter", "2025-11-01", "2026-01-31"), (4, "half", "2025-10-01", "2026-03-31"),
        (10, "year", "2025-10-01", "2026-09-30"),
        (12, "half", "2025-12-01", "2026-05-31"), (1, "half", "2026-01-01", "2026-06-30"),
    ],
)  # fmt: skip
def test_fiscal_edges_follow_the_workspace(parsed: Parsed, starts: int, unit: str, first: str, last: str) -> None:
    calendar = FiscalCalendar(starts)
    assert evaluate(parsed(f"start_of('{unit}', day)"), NAMES, calendar) == date.fromisoformat(first)
    assert evaluate(parsed(f"end_of('{unit}', day)"), NAMES, calendar) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("text", "starts", "expected"),
    [
        ("start_of('month', date('9999-12-31'))", 1, date(9999, 12, 1)),
        ("end_of('quarter', date('9999-12-31'))", 1, date(9999, 12, 31)),
        ("end_of('year', date('9999-12-31'))", 1, date(9999, 12, 31)), ("end_of('year', date('9999-12-31'))", 6, M),
        ("start_of('year', date('0001-01-01'))", 6, M), ("end_of('half', date('0001-01-01'))", 6, date(1, 5, 31)),
    ],
)  # fmt: skip
def test_the_edges_of_the_calendar_never_raise(parsed: Parsed, text: str, starts: int, expected: object) -> None:
    """9999-12-31 is what many exports write for "no end"."""
    try:
        found = evaluate(parsed(text), {}, FiscalCalendar(starts))
    except ValueError as error:
        pytest.fail(str(error))
    assert found == expected or found is None


def test_every_example_of_the_table_is_true(parsed: Parsed) -> None:
    """The reference page shows these. What a role is needed for has no value without an account."""
    calls = [(f.example, f.gives) for f in FUNCTIONS.values() if ROLE not in f.parameters]
    for example, gives in calls + [(o.example, o.gives) for o in OPERATORS]:
        found = evaluate(parsed(example), {})
        shown = (
            {True: "true", False: "false", None: "missing"}.get(found)
            if found is None or isinstance(found, bool)
            else found
        )  # type: ignore[arg-type]
        if isinstance(shown, Fraction):
            assert shown == Fraction(gives), example
        else:
            assert str(shown) == gives, example
    assert len(calls) >= 18 and len(OPERATORS) == 10


def test_every_function_but_two_is_missing_when_an_argument_is(parsed: Parsed) -> None:
    tried = 0
    for function in FUNCTIONS.values():
        root = parsed(function.example).root
        arguments = children(root)
        for i, argument in enumerate(arguments):
            if isinstance(argument, Literal) and isinstance(argument.value, str) and function.parameter(i) == "unit":
                continue
            written = [parsed(function.example).written(other) for other in arguments]
            written[i] = "m"
            found = evaluate(parsed(f"{function.name}({', '.join(written)})"), NAMES)
            tried += 1
            assert found is None or function.takes_missing, function.name
    assert tried > 25


def test_the_observer_is_told_every_evaluated_node_after_what_is_below_it(parsed: Parsed) -> None:
    told: list[tuple[Node, Value]] = []
    expression = parsed("a + b * 2 > 10 and coalesce(m, a) in (1, 3) and not (day < date('2026-01-01'))")
    assert evaluate(expression, NAMES, observer=lambda node, value: told.append((node, value))) is T
    nodes = [node for node, _ in told]
    assert {id(node) for node in nodes} == {id(node) for node in walk(expression.root)}
    for at, node in enumerate(nodes):
        assert all(any(below is earlier for earlier in nodes[:at]) for below in children(node))
    assert told[-1] == (expression.root, T)
    assert [value for node, value in told if node == Name("m", node.start, node.end)] == [None]


def test_the_observer_is_not_told_what_was_not_needed(parsed: Parsed) -> None:
    for text, skipped in [
        ("false and a > 1", "a"),
        ("true or a > 1", "a"),
        ("1 if true else a", "a"),
        ("coalesce(b, a)", "a"),
        ("1 if m else a", "a"),
    ]:
        told: list[str] = []

        def note(node: Node, _: Value, told: list[str] = told) -> None:
            told.append(getattr(node, "id", ""))

        evaluate(parsed(text), NAMES, observer=note)
        assert skipped not in told and told, text


def test_one_evaluator_serves_many_rows(parsed: Parsed) -> None:
    rowwise, expression = Rowwise(FiscalCalendar()), parsed("a / b > 1")
    rows = [{"a": Fraction(i), "b": Fraction(i % 3)} for i in range(30)]
    assert [rowwise.value(expression, row) for row in rows] == [evaluate(expression, row) for row in rows]


def test_a_name_that_nobody_gave_is_an_error_of_the_caller(parsed: Parsed) -> None:
    with pytest.raises(KeyError):
        evaluate(parsed("a + nope"), NAMES)


def test_what_was_swept() -> None:
    assert len(VALUES) >= 95
