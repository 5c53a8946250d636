"""Rounding and arithmetic against IBM's General Decimal Arithmetic vectors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from granger.engine.amounts import HALF_EVEN, HALF_UP, parse_decimal, round_to
from granger.engine.diagnostics import Origin
from granger.engine.language.expression import parse
from granger.engine.language.rowwise import evaluate
from granger.engine.language.tree import Expression

LINE = re.compile(r"(\S+)\s+(\w+)\s+(\S+)\s+(?:(\S+)\s+)?->\s+(\S+)\s*(.*)")
PLAIN = re.compile(r"[+-]?\d{1,40}(\.\d{1,40})?", re.ASCII)
ORIGIN = Origin("x.yaml", ((0, 1, 1),))


def vectors(path: Path) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Rounding directive, operation, two operands, result, conditions."""
    rounding = ""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        words = line.partition("--")[0].strip().replace("'", "")
        if words.lower().startswith("rounding:"):
            rounding = words.partition(":")[2].strip().lower()
        elif found := LINE.fullmatch(words):
            _, operation, left, right, result, conditions = found.groups()
            yield rounding, operation.lower(), left, right or "", result, conditions


def test_quantize(foreign: Callable[[str], Path]) -> None:
    """quantize rounds to the exponent of its second operand."""
    rules = {"half_up": HALF_UP, "half_even": HALF_EVEN}
    tried = 0
    for rounding, operation, left, right, result, conditions in vectors(foreign("decimal_dectest/quantize.decTest")):
        plain = re.fullmatch(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", left + "")
        if operation != "quantize" or rounding not in rules or not plain or "Invalid" in conditions:
            continue
        exponent = Decimal(right).as_tuple().exponent
        if not isinstance(exponent, int) or abs(exponent) > 60 or abs(Decimal(left).adjusted()) > 60:
            continue
        tried += 1
        assert round_to(Fraction(Decimal(left)), -exponent, rules[rounding]) == Fraction(Decimal(result)), (left, right)
    assert tried > 250


def test_reading(foreign: Callable[[str], Path]) -> None:
    """Every operand written without an exponent is read as the decimal module reads it."""
    tried = 0
    for name in ("add", "subtract", "multiply", "quantize", "compare"):
        for _, _, left, right, _, _ in vectors(foreign(f"decimal_dectest/{name}.decTest")):
            for text in (left, right):
                if PLAIN.fullmatch(text):
                    tried += 1
                    assert parse_decimal(text) == Fraction(Decimal(text)), text
    assert tried > 4000


def test_arithmetic_of_expressions(foreign: Callable[[str], Path]) -> None:
    """Exact results (no rounding condition) of + - * and the order of compare, through text, parser and evaluator."""
    signs = {"add": "+", "subtract": "-", "multiply": "*"}
    tried = dict.fromkeys((*signs, "compare"), 0)
    for name in tried:
        for _, operation, left, right, result, conditions in vectors(foreign(f"decimal_dectest/{name}.decTest")):
            if operation != name or conditions or not PLAIN.fullmatch(left) or not PLAIN.fullmatch(right):
                continue
            one, two = (text.lstrip("+") for text in (left, right))
            if any(re.match(r"-?0\d", text) for text in (one, two)):
                continue  # the language refuses leading zeros
            tried[name] += 1
            if name == "compare":
                sign = {"-1": "<", "0": "==", "1": ">"}[result]
                assert _value(f"{one} {sign} {two}") is True, (left, right)
            else:
                assert _value(f"{one} {signs[name]} {two}") == Fraction(Decimal(result)), (left, right)
    assert min(tried.values()) > 100, tried


def _value(text: str) -> object:
    parsed = parse(text, ORIGIN)
    assert isinstance(parsed, Expression), text
    return evaluate(parsed, {})
