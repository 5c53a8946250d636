"""Drawn segmentations of every hit policy, and health scores of every form."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from random import Random

from granger.engine.amounts import plain
from granger.engine.policy.model import VERBS

from .workspace_frame import policy


def segmentations(random: Random) -> dict[str, str]:
    """A row over a ratio may be undecided; under ``unique`` and ``any`` some accounts conflict."""
    found = {}
    for hit_policy in ("first", "unique", "any", "collect"):
        fee = random.choice(["10", "n / 3", "m / 7"]) if hit_policy != "any" else "10"
        gives = {f"{hit_policy}_cap": "12.5%", f"{hit_policy}_fee": "1" if "m" not in fee else "m"}
        tiers = [
            {
                "tier": "=big",
                "when": "n > 10",
                "because": "+large, 'very'",
                "gives": {**gives, f"{hit_policy}_fee": fee},
            },
            {
                "tier": "odd",
                "when": random.choice(["d == 0 or flag", "d == 0", "seats < 3 and flag"]),
                "gives": {f"{hit_policy}_cap": "5%"},
            },
            {
                "tier": "big two",
                "when": random.choice(["ratio >= 1", "over_0 >= 1/3", "share_0 > 20%"]),
                "because": "a ratio",
            },
            {"tier": "odd", "when": random.choice(["p < 0", "p <= -0.5%"]), "gives": {f"{hit_policy}_cap": "5%"}},
        ]
        if hit_policy in ("first", "collect") and random.random() < 0.5:
            tiers += [{"tier": f"t{i}", "when": f"n >= {20 - i}"} for i in range(20)]
        keys: dict[str, object] = {"fact": f"{hit_policy}_tier", "hit_policy": hit_policy, "tiers": tiers}
        keys["because"] = "(why)"
        if random.random() < 0.6:
            keys["for_"] = random.choice(["word != 'out'", "flag or n >= 0", "share_1 > 0%"])
        if random.random() < 0.7:
            keys["otherwise"] = random.choice(
                ["rest", {"tier": "rest", "because": "left", "gives": {f"{hit_policy}_cap": "0%"}}]
            )
        if hit_policy in ("first", "unique"):
            keys["overrides"] = {"table": "overrides", "require": ["reason"]}
        if hit_policy != "collect" and random.random() < 0.5:
            keys["hold"] = random.choice(["20 days", "3 months", "5 years"])
        found[f"{hit_policy}.yaml"] = policy("segmentation", hit_policy, **keys)
    return found


SEEN = [
    "ratio",
    "growth",
    "cents",
    "age",
    "clock_on",
    "held",
    "share_of",
    "total_all",
    "low",
    "rate",
    "csm",
    "owner",
    "held_since(owner)",
    "held_since(lead)",
    "over_0",
    "over_1",
    "beside",
    "lower(word)",
]
SEEN += [f"{verb}_{i}" for verb in VERBS for i in range(2)]


def seen() -> str:
    """A tier that shows what every account has of every measure, as of the day, in its own words."""
    gives = {f"seen_{i}": each for i, each in enumerate(SEEN)}
    return policy("segmentation", "seen", fact="seen_tier", tiers=[{"tier": "all", "when": "true", "gives": gives}])


POINTS: dict[str, list[dict[str, object]]] = {
    "n": [
        {"bands": [{"points": 100, "from": 10, "because": "=much"}, {"points": 33.33335, "from": 0.005}, {"points": -20}]},
        {"curve": [[0, 0], [3, 100]]},
        {"cases": [{"points": 10**30, "when": "n > 10.2"}, {"points": 5}]},
    ],
    "p": [{"bands": [{"points": 100, "below": "0%"}, {"points": 50, "below": "30%"}, {"points": 0}]}, {"curve": [["-50%", 0], ["0%", 70], ["30%", 100]]}],
    "m": [{"bands": [{"points": 12.3456, "from": 1000}, {"points": 10}]}, {"cases": [{"points": 100, "when": "m > 100", "because": "(rich)"}, {"points": 40, "when": "flag"}, {"points": 1}]}],
    "ratio": [{"curve": [[0, 100], [7, 0]]}, {"bands": [{"points": 1, "below": 1}, {"points": 2}]}, {"cases": [{"points": 1_000_000_000.5, "when": "ratio < 1_000"}, {"points": -77.77777}]}],
    "over_0": [{"curve": [["1/3".replace("1/3", "0.25"), 0], [1, 50], [3, 100]]}, {"bands": [{"points": 100, "from": "50%"}, {"points": 7.00005}]}],
    "share_0": [{"bands": [{"points": 100, "from": "50%"}, {"points": 60, "from": "20%"}, {"points": 10}]}],
    "average_0": [{"curve": [[-5, 100], [5, 0]]}],
    "sum_1": [{"bands": [{"points": 0, "below": 1}, {"points": 100}]}],
    "start": [{"cases": [{"points": 90, "when": "start < as_of", "because": "=begun"}, {"points": 10}]}],
    "flag": [{"cases": [{"points": -50, "when": "flag"}, {"points": 60}]}],
}  # fmt: skip
EXCEPTIONS: list[dict[str, object]] = [
    {"when": "flag", "at_most": 40, "because": '=held, "down"'},
    {"when": "ratio > 1", "at_least": 55.55555},
    {"when": "p < 0", "at_most": 20},
    {"when": "start < as_of", "at_most": -10},
]


GRADES: list[list[dict[str, object]]] = [
    [{"grade": "=good", "from": 70}, {"grade": "fair", "from": 40}, {"grade": "poor"}],
    [{"grade": "poor", "below": 40, "because": "(why)"}, {"grade": "fair", "below": 70}, {"grade": "=good"}],
]


def health(random: Random, name: str) -> str:
    total, unit = random.choice([(100, "%"), (7, ""), (1000, "")])
    keys: dict[str, object] = {
        "fact": name,
        "digits": random.randint(0, 4),
        "neutral": random.choice([50, 33.333333, -5]),
    }
    keys["because"] = "(why)"
    keys["measures"] = list(_scored(random, total, unit, 2))
    if not unit:
        keys["weights_total"] = total
    if random.random() < 0.4:
        keys["for_"] = random.choice(["word != 'out'", "first_tier != 'odd'"])
    if random.random() < 0.8 or name == "h0":
        keys["grades"] = Random(f"grades {keys}").choice(GRADES)
        if random.random() < 0.5:
            margin, lasting = random.choice(["0", "2", "7.5"]), random.choice(["0 days", "10 days", "2 months"])
            keys["settle"] = {"margin": f"{margin} points", "lasting": lasting}
    keys["min_coverage"] = random.choice(["0%", "50%", "90%"])
    if held := random.sample(EXCEPTIONS, random.randint(0, 4)):
        keys["exceptions"] = held
    return policy("health", name, **keys)


def _scored(random: Random, total: int, unit: str, depth: int) -> Iterator[dict[str, object]]:
    among = random.randint(1, 4)
    digits = random.choice([0, 0, 0, 2, 9, 30])
    cuts = sorted(random.randint(0, total * 10**digits) for _ in range(among - 1))
    for low, high in zip([0, *cuts], [*cuts, total * 10**digits], strict=True):
        missing = random.choice(["exclude", "exclude", "exclude", "neutral", "worst", "fail"])
        some = {"weight": plain(Fraction(high - low, 10**digits)) + unit, "missing": missing}
        if depth and random.random() < 0.3:
            yield {
                "group": random.choice(["use", "money owed", "a"]),
                "because": "+used",
                **some,
                "measures": list(_scored(random, 100, "%", depth - 1)),
            }
        else:
            name = random.choice(list(POINTS))
            yield {"measure": name, **some, **random.choice(POINTS[name])}
