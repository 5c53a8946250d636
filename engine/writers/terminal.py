"""Text of data or policies as a terminal may show it: nothing in it moves the cursor or turns the writing around."""

from __future__ import annotations

import unicodedata

# control and format characters (some turn the direction of writing), surrogates, private and unassigned, separators
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def printable(text: str) -> str:
    """``text`` on one line, each hidden character as a replacement sign."""
    return "".join(" " if char in "\r\n\t" else _visible(char) for char in text)


def _visible(char: str) -> str:
    return "\ufffd" if unicodedata.category(char) in _HIDDEN else char
