"""Drawn credits: shares that hang on the row, overlays on top, to managers, who stand in a circle too."""

from __future__ import annotations

from datetime import date, timedelta

SPLITS: list[object] = [
    [{"to": "csm", "share": "2/3"}, {"to": "sold_by", "share": "1/3"}, {"to": "sold_by", "overlay": "pct"}],
    [{"to": "owner", "overlay": "n"}],
    [{"to": "sold_by", "share": "pct"}, {"to": "csm", "share": "1 - pct"}, {"to": "helped_by", "overlay": "25%"}],
    [{"to": "sold_by", "share": "pct"}, {"to": "helped_by", "share": "0.9"}],
    [{"to": "sold_by", "share": "100%"}, {"to": "csm", "through": "manager", "levels": "all", "overlay": "pct"}],
    [{"to": "sold_by", "through": "manager", "overlay": "1/3"}, {"to": "helped_by", "through": "manager", "levels": 2, "overlay": "50%"}],
]  # fmt: skip
MANAGERS = {"Ann": "Bob", "Bob": "Zoë", "Cat": "Ann", "Dé 'x'": "=SUM(A1)", "=SUM(A1)": "Dé 'x'"}
TRANCHES: list[object] = [
    [{"share": "50%", "dated_by": "closed_on"}, {"share": "50%", "dated_by": "paid_on"}],
    [{"share": "0.25", "dated_by": "paid_on"}, {"share": "75%", "dated_by": "paid_on"}],
]


def paid_on(i: int) -> str:
    """The day on which the deal is paid, which some are not; by its number, so that nothing else is drawn anew."""
    return "" if i % 5 == 0 else str(date(2026, 6, 20) + timedelta(days=i * 7 % 120))
