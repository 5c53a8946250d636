"""The adapters of the public worked examples: each writes one as a workspace in our words, runs it, and reads it back.

``ADAPTERS`` holds them by the example's name. Tests load this package by its path, since tests are no package.
"""

from . import accounting, compare, crediting, curves, rates, reading, retention, settling, teams, writing
from .registry import ADAPTERS

__all__ = [
    "ADAPTERS",
    "accounting",
    "compare",
    "crediting",
    "curves",
    "rates",
    "reading",
    "retention",
    "settling",
    "teams",
    "writing",
]
