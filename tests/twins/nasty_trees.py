"""What random trees nearly never meet: ties, thresholds met exactly, edges of widths, lost missings, cancellation."""

from __future__ import annotations

from collections.abc import Callable

from granger.engine.language.tree import Node

from .edge_trees import EdgeTrees
from .missing_trees import MissingTrees


class Nasty(EdgeTrees, MissingTrees):
    """``templates`` by name; each gives one tree."""

    @property
    def templates(self) -> dict[str, Callable[[], Node]]:
        return {
            "tie": self.tie,
            "whole": self.whole,
            "threshold": self.threshold,
            "ratio at its threshold": self.ratio_threshold,
            "edge of a product": self.product_edge,
            "edge of a sum": self.sum_edge,
            "edge of a comparison": self.compare_edge,
            "edge of what the reference keeps": self.outgrown,
            "lost missing": self.lost_missing,
            "cancellation": self.cancellation,
            "zero divisor": self.zero_divisor,
            "undecided": self.undecided,
            "else": self.undecided_else,
            "negative divisor": self.negative_divisor,
        }
