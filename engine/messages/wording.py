"""What a message is made of."""

from __future__ import annotations

from dataclasses import dataclass

from ..diagnostics import Severity


@dataclass(frozen=True, slots=True)
class Wording:
    message: str
    help: str = ""
    severity: Severity = Severity.ERROR


WARNING = Severity.WARNING
