"""Drawn credits: shares that hang on the row, overlays on top."""

from __future__ import annotations

SPLITS: list[object] = [
    [{"to": "csm", "share": "2/3"}, {"to": "sold_by", "share": "1/3"}, {"to": "sold_by", "overlay": "pct"}],
    [{"to": "owner", "overlay": "n"}],
    [{"to": "sold_by", "share": "pct"}, {"to": "csm", "share": "1 - pct"}, {"to": "helped_by", "overlay": "25%"}],
    [{"to": "sold_by", "share": "pct"}, {"to": "helped_by", "share": "0.9"}],
]
