"""Every code and its wording, one place: a file a room. Codes are permanent; a code's severity is its default level.

``{name}`` is filled in by the caller of ``diagnose``. The message says what was found and what was expected; the help
says what to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from ..diagnostics import Cell, Diagnostic, Related, Severity, Span
from .language import LANGUAGE
from .ledger import LEDGER
from .outcome import OUTCOME
from .policy import POLICY
from .settlement import SETTLEMENT
from .source import EXPECTED, FOUND, HINTS, LABELS, SOURCE, SYNTAX
from .tables import REASONS, TABLES
from .wording import Wording

__all__ = [
    "EXPECTED",
    "FOUND",
    "HINTS",
    "LABELS",
    "MESSAGES",
    "REASONS",
    "SYNTAX",
    "Wording",
    "diagnose",
    "did_you_mean",
]

MESSAGES: dict[str, Wording] = {**SOURCE, **LANGUAGE, **TABLES, **POLICY, **OUTCOME, **LEDGER, **SETTLEMENT}


def diagnose(
    code: str,
    place: Span | Cell | None,
    *,
    related: Iterable[Related] = (),
    severity: Severity | None = None,
    **values: object,
) -> Diagnostic:
    """The diagnostic of ``code`` at ``place``, its wording filled with ``values``."""
    wording = MESSAGES[code]
    return Diagnostic(
        code=code,
        severity=severity or wording.severity,
        message=wording.message.format(**values),
        place=place,
        help=wording.help.format(**values).strip(),
        related=tuple(related),
    )


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A help sentence naming the nearest known word, or listing them when few; empty when there is nothing to say."""
    names = sorted(set(known))
    near = get_close_matches(word, names, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"known: {', '.join(names)}" if 0 < len(names) <= 12 else ""
