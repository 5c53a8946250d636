"""The engine of granger. Its public names resolve on first use, so that importing it costs nothing."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .api import Pack, check, load
    from .diagnostics import DataRejected, Diagnostic, GrangerError, PolicyRejected, RequestRejected
    from .ledgers import Ledger
    from .program.explain import Reason
    from .runs import Run, UnknownSubject
    from .writers.folder import FolderInUse
    from .writers.reasons import tree_text

__all__ = [
    "DataRejected",
    "Diagnostic",
    "FolderInUse",
    "GrangerError",
    "Ledger",
    "Pack",
    "PolicyRejected",
    "Reason",
    "RequestRejected",
    "Run",
    "UnknownSubject",
    "check",
    "load",
    "tree_text",
]

_HOMES = {
    "Pack": ".api",
    "Run": ".runs",
    "UnknownSubject": ".runs",
    "check": ".api",
    "load": ".api",
    "DataRejected": ".diagnostics",
    "Diagnostic": ".diagnostics",
    "GrangerError": ".diagnostics",
    "PolicyRejected": ".diagnostics",
    "RequestRejected": ".diagnostics",
    "Ledger": ".ledgers",
    "Reason": ".program.explain",
    "FolderInUse": ".writers.folder",
    "tree_text": ".writers.reasons",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(home, __name__), name)


def __dir__() -> list[str]:
    return sorted(__all__)
