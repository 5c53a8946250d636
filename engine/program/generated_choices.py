"""A table of conditions as generated code: its status, its hits, and the conditions that stay open."""

from __future__ import annotations

from collections.abc import Sequence

from ..language.code import Code, NotGenerated, Plain
from ..language.generated import Reading
from ..language.tree import Expression, Value
from .compile import Choice
from .decisions import CONFLICT, DECIDED, OUT_OF_SCOPE, TENTATIVE, UNDECIDED, UNMATCHED

POPULATION = -1
"""Among the open conditions: whether the table is for the account at all."""


def decided(reading: Reading, choice: Choice, results: Sequence[Sequence[tuple[Value, ...]]]) -> tuple[str, str]:
    """The variables of ``(status, hits, open)`` and of the deciding row (-1: none).

    ``results`` are what the rows give, by name, each in a tuple of one, or an empty one where it varies.
    """
    code = reading.code
    found, hit = code.fresh("c"), code.fresh("i")
    status, hits, still = code.name_of, f"{found}h", f"{found}o"
    inside = tested(reading, choice.population) if choice.population is not None else None
    with code.aside() as lines:
        opens = _rows(reading, choice, hits, still)
        no_hit = f"{found}s = {status(UNMATCHED)}"
        if choice.default is not None:
            no_hit = f"{hit} = {choice.default}; {hits}.append({hit}); {found}s = {status(DECIDED)}"
        undecided = f"{found}s = {status(UNDECIDED)}"
        code.put_under(f"if not {hits}:", _unmatched(still, undecided, no_hit) if opens else [no_hit])
        clash = _clash(code, choice, hits, results)
        if clash:
            code.put(f"elif {clash}: {found}s = {status(CONFLICT)}")
        tentative = f"{status(TENTATIVE)} if {still} else {status(DECIDED)}" if opens else status(DECIDED)
        code.put("else:", f" {hit} = {hits}[0]", f" {found}s = {tentative}")
    opens = opens or (inside is not None and inside.nullable)
    code.put(f"{hit} = -1", f"{hits} = []", f"{still} = {'[]' if opens else '()'}")
    if inside is None:
        code.put(*lines)
    else:
        code.put_under(f"if {inside.code}:", lines)
        if inside.nullable:
            code.put(f"elif {inside.code} is None: {undecided}; {still}.append({POPULATION})")
        code.put(f"else: {found}s = {status(OUT_OF_SCOPE)}")
    code.put(f"{found} = ({found}s, {hits}, {still})")
    return found, hit


def _unmatched(still: str, undecided: str, no_hit: str) -> list[str]:
    """What comes of no hit: the default is for accounts of which every condition is known to be false."""
    return [f"if {still}: {undecided}", f"else: {no_hit}"]


def tested(reading: Reading, expression: Expression) -> Plain:
    """A condition, ready to be used more than once."""
    held = reading.of(expression.root)
    if not isinstance(held, Plain):
        raise NotGenerated("a number where a condition must be")
    return reading.code.bound(held)


def _rows(reading: Reading, choice: Choice, hits: str, still: str) -> bool:
    """Every row, or under ``first`` those down to the first hit; whether one may stay open."""
    code, opens = reading.code, False
    for i, condition in enumerate(choice.conditions):
        with code.aside() as lines:
            test = tested(reading, condition)
            code.put(f"if {test.code}: {hits}.append({i})")
            if test.nullable:
                code.put(f"elif {test.code} is None: {still}.append({i})")
        if choice.hit_policy == "first" and i:
            code.put_under(f"if not {hits}:", lines)
        else:
            code.put(*lines)
        opens = opens or test.nullable
    return opens


def _clash(code: Code, choice: Choice, hits: str, results: Sequence[Sequence[tuple[Value, ...]]]) -> str:
    """The test whether several hits exclude each other (unique) or give different values (any)."""
    if choice.hit_policy == "unique":
        return f"{code.name_of(len)}({hits}) > 1"
    if choice.hit_policy != "any":
        return ""
    if not all(all(values) for values in results):
        raise NotGenerated("rows that must agree on values of the account's own")
    rows = list(zip(*results, strict=True))
    kinds = [rows.index(row) for row in rows]

    def differ(found: Sequence[int]) -> bool:
        return len({kinds[i] for i in found}) > 1

    return f"{code.name_of(differ)}({hits})"
