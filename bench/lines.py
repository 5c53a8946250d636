"""The lines of the table that `make bench` prints; each fits a hundred columns."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from typing import Any

INNER = {
    "million": ("6 tiers, health of 6, 3 triggers", 1.3),
    "curves": ("health of 6 curves over ratios", 2.0),
    "table200": ("table of 200 rows", 1.5),
}
"""By workspace: what it measures, and the most that its inner step may take beside the hand-written one."""

FASTER = 300
"""At least so many times as fast as the reference."""


def line(what: str, *cells: str) -> str:
    return (f"{what:<46}" + "".join(f"{cell:>13}" for cell in cells)).rstrip()


def verdict(ratio: float, limit: float) -> str:
    return f"{limit:g} {'ok' if ratio <= limit else 'MISSED'}"


def cells(found: list[tuple[float, float]], form: str, limit: float | None) -> list[str]:
    ratio = median(one / other for one, other in found)
    sides = [form.format(median(side)) for side in zip(*found, strict=True)]
    return [*sides, f"{ratio:.2f}", verdict(ratio, limit) if limit else ""]


def beside(step: str, what: str, found: dict[str, Any], limit: float | None) -> str:
    if step not in found:
        return line(what, "–", f"{median(found['by hand']):,.1f}", "–", f"{limit:g}" if limit else "")
    return line(what, *cells(found[step], "{:,.1f}", limit))


def strangers(found: dict[str, Any]) -> Iterator[str]:
    """The same decisions as of the first line, by others."""
    yield ""
    yield line("the same by others (ms)", "", "theirs", "÷ by hand", "÷ granger")
    hand = median(found["by hand"])
    ours = median(one for one, _ in found["granger"]) if "granger" in found else None
    scaled = median(found["reference"]) * found["rows"] / found["sample"]
    others = [(f"reference, {found['sample']:,} accounts scaled by rows", scaled)]
    if "duckdb" in found:
        others.append(("DuckDB, from its own memory", median(one for one, _ in found["duckdb"])))
    if "zen" in found:
        one = median(found["zen"])
        others.append((f"zen-engine, {one * 1000:,.0f} µs an account, scaled", one * found["rows"]))
    for name, theirs in others:
        yield line(name, "", f"{theirs:,.0f}", f"{theirs / hand:,.1f}", f"{theirs / ours:,.1f}" if ours else "–")
    if ours is not None:
        yield line(f"reference ÷ granger, at least {FASTER}", "", "", "", "ok" if scaled / ours >= FASTER else "MISSED")
    if not {"duckdb", "zen"} & set(found):
        yield "DuckDB and zen-engine: not installed here (pip install '.[bench]')"


def wrong(found: dict[str, dict[str, Any]]) -> Iterator[str]:
    yield ""
    yield line("accounts wrong in floating point", "tiers", "scores", "grades", "triggers")
    for workspace, measured in found.items():
        counts = measured["wrong"]
        cells = [f"{counts[kind]:,}" for kind in ("tiers", "scores", "grades", "triggers")]
        yield line(f"{INNER[workspace][0]}, of {counts['of']:,}", *cells)
