"""The version of granger that is installed."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, metadata


def version() -> str:
    try:
        return metadata("granger")["Version"]
    except PackageNotFoundError:
        return "0 (not installed)"
