"""granger: customer-success policy as code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from granger.engine import (
        DataRejected,
        Diagnostic,
        FolderInUse,
        GrangerError,
        Ledger,
        Pack,
        PolicyRejected,
        Reason,
        RequestRejected,
        Run,
        UnknownSubject,
        check,
        load,
        tree_text,
    )

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


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from granger import engine

    return getattr(engine, name)


def __dir__() -> list[str]:
    return sorted(__all__)
