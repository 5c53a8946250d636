"""Success by use case as measures over the uses of an account and one formula, so that every reading can read it."""

from __future__ import annotations

from fractions import Fraction

from ..language.tree import Choose, Compare, Logic, Name, Node, Not
from ..language.types import BOOLEAN, Type, number
from ..policy.model_success import Success, UseCase
from .lowering import is_missing, literal


def failed_name(success: Success) -> str:
    """The hidden name of whether a use of the account has failed; no author can write it."""
    return f"{success.fact}: failed"


def undecided_name(success: Success) -> str:
    return f"{success.fact}: undecided"


def uses_name(success: Success) -> str:
    """The hidden name of the number of uses that an account has."""
    return f"{success.fact}: uses"


def types_of(success: Success) -> dict[str, Type]:
    own = {success.fact: Type(BOOLEAN, nullable=True), uses_name(success): number()}
    return own | dict.fromkeys((failed_name(success), undecided_name(success)), Type(BOOLEAN))


def has_failed(success: Success) -> Node:
    return Not(_works(success))


def is_undecided(success: Success) -> Node:
    return is_missing(_works(success))


def _works(success: Success) -> Node:
    """Whether the use of one row works; missing where a criterion is undecided, or no entry names the use case."""
    found: Node = literal(None)
    for use_case in reversed(success.use_cases):
        found = Choose(use_case.is_it.root, _all(use_case), found)
    return found


def _all(use_case: UseCase) -> Node:
    conditions = tuple(criterion.when.root for criterion in use_case.criteria)
    return conditions[0] if len(conditions) == 1 else Logic("and", conditions)


def verdict(success: Success) -> Node:
    """False where a use has failed, missing where one is undecided or there is none, true where all work."""
    some = Compare((">",), (Name(uses_name(success)), literal(Fraction(0))))
    works = Choose(some, literal(True), literal(None))
    undecided = Choose(Name(undecided_name(success)), literal(None), works)
    return Choose(Name(failed_name(success)), literal(False), undecided)
