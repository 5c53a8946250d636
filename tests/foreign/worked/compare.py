"""Comparing what came out with what a page prints: exactly, or at the digits that it prints."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Shown:
    """An exact value that the page prints rounded half away from zero."""

    value: Fraction


@dataclass(frozen=True)
class Unlike:
    """A value that must not be the printed one: the page says what is not paid."""

    value: Fraction


def number(text):
    """The number that a printed figure starts with: ``50000.00 after rounding to cents``."""
    return Fraction(text.split()[0])


def rounded(value, digits):
    whole, rest = divmod(abs(value) * 10**digits, 1)
    size = Fraction(whole + (rest >= Fraction(1, 2)), 10**digits)
    return -size if value < 0 else size


def agrees(found, printed):
    if isinstance(printed, dict):
        return set(found) == set(printed) and all(agrees(found[key], printed[key]) for key in printed)
    if isinstance(printed, list):
        return len(found) == len(printed) and all(map(agrees, found, printed))
    if isinstance(found, Shown):
        return rounded(found.value, len(printed.partition(".")[2])) == number(printed)
    if isinstance(found, Unlike):
        return found.value != number(printed)
    if isinstance(found, str):
        return found == printed
    return isinstance(found, Fraction) and found == number(printed)
