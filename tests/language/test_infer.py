"""Types, units and nullability: what an expression can be, and each mistake at its own place."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from granger.engine.language.infer import expect, infer
from granger.engine.language.tree import Expression
from granger.engine.language.types import BOOLEAN, DATE, MONEY, NUMBER, TEXT, UNKNOWN, Type, number

Parsed = Callable[[str], Expression]

SCOPE = {
    "arr": Type(MONEY, "CNY"), "mrr": Type(MONEY, "CNY", nullable=True), "fee": Type(MONEY, "EUR"),
    "seats": number(), "used": number(nullable=True), "share": number(percent=True), "limit": number(bare=True),
    "name": Type(TEXT), "fit": Type(TEXT, one_of=("core", "edge")), "note": Type(TEXT, nullable=True),
    "signed": Type(DATE), "ended": Type(DATE, nullable=True),
    "vip": Type(BOOLEAN), "paid": Type(BOOLEAN, nullable=True),
    "broken": Type(UNKNOWN, nullable=True),
}  # fmt: skip
ELSEWHERE = {"tier": "pay cannot read it"}

TYPES = [
    # kind, currency, nullable, percent
    ("seats + 1", NUMBER, None, False, False), ("80%", NUMBER, None, False, True),
    ("80% - share", NUMBER, None, False, True),
    ("share * 2", NUMBER, None, False, False), ("share + 1", NUMBER, None, False, False),
    ("-share", NUMBER, None, False, True),
    ("arr + mrr", MONEY, "CNY", True, False), ("arr + 5", MONEY, "CNY", False, False),
    ("limit - arr", MONEY, "CNY", False, False),
    ("arr * 5%", MONEY, "CNY", False, False), ("seats * arr", MONEY, "CNY", False, False),
    ("arr / 12", MONEY, "CNY", False, False),
    ("arr / seats", MONEY, "CNY", True, False), ("arr / mrr", NUMBER, None, True, False),
    ("fee / fee", NUMBER, None, True, False),
    ("1 / 0", NUMBER, None, True, False), ("seats / 2", NUMBER, None, False, False),
    ("seats / limit", NUMBER, None, True, False),
    ("arr >= 30_000", BOOLEAN, None, False, False), ("mrr > arr", BOOLEAN, None, True, False),
    ("1 < seats <= used", BOOLEAN, None, True, False),
    ("fit == 'core'", BOOLEAN, None, False, False), ("note != 'x'", BOOLEAN, None, True, False),
    ("fit in ('core', 'edge')", BOOLEAN, None, False, False),
    ("used in (1, 2)", BOOLEAN, None, True, False), ("seats in (1, used)", BOOLEAN, None, True, False),
    ("signed < ended", BOOLEAN, None, True, False),
    ("vip and not paid", BOOLEAN, None, True, False), ("vip or vip", BOOLEAN, None, False, False),
    ("vip == paid", BOOLEAN, None, True, False),
    ("arr if vip else 0", MONEY, "CNY", False, False), ("1 if paid else 2", NUMBER, None, True, False),
    ("'a' if vip else name", TEXT, None, False, False),
    ("coalesce(used, 0)", NUMBER, None, False, False), ("coalesce(used, 1 / seats)", NUMBER, None, True, False),
    ("coalesce(mrr, arr)", MONEY, "CNY", False, False),
    ("is_missing(ended)", BOOLEAN, None, False, False), ("min(arr, mrr, 5)", MONEY, "CNY", True, False),
    ("max(share, 5%)", NUMBER, None, False, True),
    ("round(arr, -2)", MONEY, "CNY", False, False), ("abs(share)", NUMBER, None, False, True),
    ("floor(arr / mrr)", NUMBER, None, True, False),
    ("days_between(signed, ended)", NUMBER, None, True, False),
    ("months_between(signed, signed)", NUMBER, None, False, False),
    ("add_days(signed, 1)", DATE, None, True, False), ("add_months(signed, seats)", DATE, None, True, False),
    ("start_of('quarter', signed)", DATE, None, True, False), ("lower(fit) == 'CORE'", BOOLEAN, None, False, False),
    ("contains(note, 'x')", BOOLEAN, None, True, False), ("broken + 1", UNKNOWN, None, False, False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "currency", "nullable", "percent"), TYPES, ids=[t[0] for t in TYPES])
def test_what_an_expression_is(
    parsed: Parsed, text: str, kind: str, currency: str | None, nullable: bool, percent: bool
) -> None:
    found, problems = infer(parsed(text), SCOPE)
    assert problems == []
    assert (found.kind, found.currency) == (kind, currency)
    if kind != UNKNOWN:
        assert (found.nullable, found.percent) == (nullable, percent)


PROBLEMS = [
    ("arr + seats", [("unit-mismatch", 1)]), ("arr > share", [("unit-mismatch", 1)]),
    ("arr > 5%", [("unit-mismatch", 1)]),
    ("arr + fee", [("currency-mix", 1)]), ("1 + (arr > fee)", [("currency-mix", 6)]),
    ("arr / fee", [("currency-mix", 1)]),
    ("arr * mrr", [("money-times-money", 1)]), ("2 * (arr * arr)", [("money-times-money", 6)]),
    ("5 / arr", [("number-over-money", 1)]),
    ("share / arr > 1", [("number-over-money", 1)]), ("name + 1", [("wrong-operand", 1)]),
    ("1 - signed", [("wrong-operand", 5)]),
    ("1 + vip", [("wrong-operand", 5)]), ("-name", [("wrong-operand", 2)]), ("not arr", [("wrong-operand", 5)]),
    ("vip and seats", [("wrong-operand", 9)]), ("arr and name", [("wrong-operand", 1), ("wrong-operand", 9)]),
    ("1 if arr else 2", [("wrong-operand", 6)]), ("'中文' == arr", [("comparison-of-kinds", 1)]),
    ("signed > 5", [("comparison-of-kinds", 1)]),
    ("vip and '中' == arr and nope", [("comparison-of-kinds", 9), ("unknown-name", 24)]),
    ("signed == '2026-01-31'", [("comparison-of-kinds", 1)]),
    ("fit in ('core', 5)", [("comparison-of-kinds", 17)]), ("name < 'b'", [("no-order", 1)]),
    ("vip >= vip", [("no-order", 1)]),
    ("fit == 'cor'", [("impossible-word", 8)]), ("'Core' == fit", [("impossible-word", 1)]),
    ("fit in ('core', 'x')", [("impossible-word", 17)]),
    ("'c' == ('a' if vip else 'b')", [("impossible-word", 1)]), ("1 if vip else 'a'", [("arms-of-kinds", 1)]),
    ("arr if vip else seats", [("arms-of-kinds", 1)]),
    ("coalesce(1, name)", [("arms-of-kinds", 13)]), ("min(arr, seats)", [("arms-of-kinds", 10)]),
    ("max(fee, arr)", [("arms-of-kinds", 10)]),
    ("min(name, 'b')", [("wrong-operand", 5)]), ("abs(signed)", [("wrong-operand", 5)]),
    ("lower(5)", [("wrong-operand", 7)]),
    ("days_between(signed, 5)", [("wrong-operand", 22)]), ("add_days(signed, arr)", [("wrong-operand", 18)]),
    ("contains(name, 5)", [("wrong-operand", 16)]),
    ("start_of('week', signed)", [("unit-word", 10)]), ("end_of(name, signed)", [("unit-word", 8)]),
    ("round(seats, 13)", [("digits-number", 14)]),
    ("round(seats, 1.5)", [("digits-number", 14)]), ("round(seats, used)", [("digits-number", 14)]),
    ("round(seats, 200%)", [("digits-number", 14)]), ("round(seats, 2.0)", [("digits-number", 14)]),
    ("nope > 1 and nop2", [("unknown-name", 1), ("unknown-name", 14)]),
    ("tier == 'A'", [("name-not-visible", 1)]), ("broken + name", [("wrong-operand", 10)]),
    ("nope + 1 > arr", [("unknown-name", 1)]),
    ("(arr + seats) * 2 > name", [("unit-mismatch", 2)]), ("vip\n  and arr + seats > 1", [("unit-mismatch", 11)]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PROBLEMS, ids=[t[0] for t in PROBLEMS])
def test_a_mistake_is_told_once_where_it_stands(parsed: Parsed, text: str, expected: list[tuple[str, int]]) -> None:
    _, problems = infer(parsed(text), SCOPE, ELSEWHERE)
    found = [(d.code, d.place.column) for d in problems if d.place]  # type: ignore[union-attr]
    assert found == expected and len(found) == len(problems)


def test_the_help_is_of_use(parsed: Parsed) -> None:
    said = {
        "aar > 1": "did you mean 'arr'?",
        "fit == 'cor'": "did you mean 'core'?",
        "tier == 'A'": "pay cannot read it",
        "arr + seats": "a plain written number takes the money's currency; a field of numbers does not",
    }
    for text, help_text in said.items():
        _, (problem,) = infer(parsed(text), SCOPE, ELSEWHERE)
        assert problem.help == help_text


@pytest.mark.parametrize(
    ("text", "kind", "fits"),
    [
        ("arr > 1", BOOLEAN, True), ("arr", BOOLEAN, False), ("5", MONEY, True), ("limit * 2", MONEY, True),
        ("arr", MONEY, True),
        ("seats", MONEY, False), ("5%", MONEY, False), ("share", NUMBER, True), ("arr", NUMBER, False),
        ("signed", DATE, True),
        ("'2026-01-31'", DATE, False), ("broken", BOOLEAN, True),
    ],
)  # fmt: skip
def test_what_is_expected_of_the_whole(parsed: Parsed, text: str, kind: str, fits: bool) -> None:
    _, problems = expect(parsed(text), kind, SCOPE)
    assert [d.code for d in problems] == ([] if fits else ["wrong-result"])


@pytest.mark.parametrize("text", ["+name == 'a'", "+vip", "+signed < signed"])
def test_a_plus_in_front_is_for_numbers(parsed: Parsed, text: str) -> None:
    _, problems = infer(parsed(text), SCOPE)
    assert [d.code for d in problems] == ["wrong-operand"]


def test_what_was_swept() -> None:
    assert len(TYPES) >= 50 and len(PROBLEMS) >= 50
    codes = {code for _, expected in PROBLEMS for code, _ in expected}
    assert len(codes) == 13, sorted(codes)
