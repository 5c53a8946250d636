"""The decision table of two hundred rows: as policy (bench/workspaces/table200/segmentation.yaml), and as plain rows.

python -m bench.generate.table200       rewrites the policy (from the repository root)
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random

SEED = 200
FILE = Path(__file__).parent.parent / "workspaces" / "table200" / "segmentation.yaml"
COUNTRIES = ["AT", "BR", "CA", "CH", "DE", "FR", "GB", "IN", "JP", "US"]
FITS = ["core", "edge", "none"]
PER_COUNTRY = 20

HEAD = """\
# Written by `python -m bench.generate.table200`.
kind: segmentation
name: territories
effective: {from: 2026-01-01}
because: "who looks after an account hangs on where it is and how large"
hit_policy: first
tiers:
"""


@dataclass(frozen=True, slots=True)
class Line:
    """Accounts of a country with at least ``arr``; where given, with at least ``nps``, or of that ``fit``."""

    tier: str
    country: str
    arr: int
    nps: int | None
    fit: str | None

    def when(self) -> str:
        parts = [f"country == '{self.country}'", f"arr >= {self.arr:_}"]
        parts += [f"nps >= {self.nps}"] if self.nps is not None else []
        parts += [f"fit == '{self.fit}'"] if self.fit is not None else []
        return " and ".join(parts)


def lines() -> list[Line]:
    """Falling amounts within a country, so that every row can be reached; every other one asks for something more."""
    rng = Random(SEED)
    made = []
    for country in COUNTRIES:
        amounts = sorted({rng.randrange(1, 400) * 500 for _ in range(3 * PER_COUNTRY)}, reverse=True)[-PER_COUNTRY:]
        for n, arr in enumerate(amounts):
            nps = rng.choice([-20, 0, 20, 50]) if n % 4 == 1 else None
            fit = rng.choice(FITS) if n % 4 == 3 else None
            made.append(Line(f"{country}-{n + 1:02d}", country, arr, nps, fit))
    return made


def text() -> str:
    rows = (f"  - {{tier: {line.tier}, when: {line.when()}}}\n" for line in lines())
    return HEAD + "".join(rows) + "otherwise: rest\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
