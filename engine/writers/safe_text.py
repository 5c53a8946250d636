"""Texts of data where they could do harm: as names of files, and in Markdown."""

from __future__ import annotations

import hashlib
import re

SPECIAL = r"([\\`*_{}\[\]<>#|~&!$])"
CONTROL = r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
"""What no reader shows, or shows backwards."""

_UNSAFE = re.compile(r"[^\w.-]+")


def file_name(person: str, ending: str = "md") -> str:
    """A safe file name that two persons never share, on file systems without regard to case either."""
    safe = _UNSAFE.sub("-", person).strip("-.")[:60] or "payee"
    digest = hashlib.sha256(person.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{safe}-{digest}.{ending}"


def escaped(text: str) -> str:
    """Text of data as Markdown that shows it and runs none of it."""
    return re.sub(SPECIAL, r"\\\1", re.sub(CONTROL, " ", text))
