"""Drawn playbooks: triggers, anchors, repeats, owners, rolls, horizons."""

from __future__ import annotations

from random import Random

from .workspace_frame import policy

CONDITIONS = [
    "flag",
    "not flag",
    "n > limit",
    "is_missing(friend)",
    "flag or n > 2",
    "ratio >= 1/3",
    "growth < 20%",
    "word != 'out'",
    "m > 5 and p > 1%",
]
CONDITIONS += [
    "end > start",
    "over_0 > 1",
    "not is_missing(start)",
    "true",
    "share_0 >= 50%",
    "any_0 and count_1 > 1",
    "latest_0 == latest_0",
    "region in ('east', 'west')",
    "loud",
]
PERIODS = [
    "first_tier == 'odd'",
    "any_tier != 'odd'",
    "h0 >= 50",
    "h0_grade == '=good'",
    "unique_cap > 10%",
    "stage == 'odd'",
    "successful",
    "not successful",
    "stage_status != 'stuck'",
]
PARTS: dict[str, list[dict[str, object]]] = {
    "daily": [{"byday": ["TU", "FR"]}, {"bymonth": [9, 10, 11]}, {"bymonthday": [1, -1]}],
    "weekly": [{"byday": ["MO", "WE", "SU"]}, {"byday": ["MO", "TH"], "bysetpos": [1]}, {"bymonth": [10, 11, 2]}],
    "monthly": [
        {"byday": ["1FR", "-1FR", "MO"]},
        {"bymonthday": [1, 31, -1]},
        {"byday": ["MO", "TU", "WE", "TH", "FR"], "bysetpos": [1, -1]},
        {"byday": ["FR"], "bymonthday": [13]},
    ],
    "yearly": [{"bymonth": [2, 10], "bymonthday": [31, -30]}, {"byday": ["40MO", "-1SU"]}, {"bymonth": [10, 11]}],
}
BECAUSE = ["it burns", "說明, \"quoted\"; '=1+1'", "(why)"]


def playbook(random: Random, name: str) -> str:
    plays = [_play(random, play) for play in random.sample(["p", "q", "P", "p, 2", "ß"], random.randint(2, 3))]
    keys: dict[str, object] = {"horizon": random.choice(["60 days", "1 year"]) if random.random() < 0.5 else "1 year"}
    beside = Random(f"book {plays}")
    if beside.random() < 0.25:
        keys["horizon"] = {"before": beside.choice(["2026-11-15", "2027-08-01"])}
    if beside.random() < 0.5:
        keys["because"] = beside.choice(BECAUSE)
    return policy("playbook", name, **keys, plays=plays)


def _play(random: Random, name: str) -> dict[str, object]:
    play: dict[str, object] = {"play": name}
    if random.random() < 0.5:
        play["for"] = random.choice(CONDITIONS + PERIODS)
    if random.random() < 0.4:
        play["when"] = random.choice(CONDITIONS)
    if "when" not in play or random.random() < 0.6:
        play["anchor"] = random.choice(
            [
                "start",
                "end",
                "add_days(start, 30)",
                "coalesce(end, start)",
                "clock_on",
                "start if flag else end",
                "held_since(csm)",
                "stage_since",
            ]
        )
    if "when" in play:
        play |= _firing(random)
    if random.random() < 0.4:
        play["per"] = random.choice(["word", "n", "ratio", "flag", "start", "m", "p", "growth", "csm", "limit"])
    if random.random() < 0.5:
        play["repeat"] = _paced(_repeat(random), ends="when" in play)
        if "held_since" in str(play.get("anchor")):  # else a thousand years for whoever has held it always
            play["anchor"] = "held_since(csm) if held_since(csm) > date('2024-02-29') else date('2024-02-29')"
    if random.random() < 0.3:
        play["because"] = random.choice(BECAUSE)
    touches = [_touch(random, task) for task in random.sample(["call", "Call", "写信", "x,y"], random.randint(1, 3))]
    return {**play, "touches": [_hanging(touch, touches[:i]) for i, touch in enumerate(touches)]}


def _hanging(touch: dict[str, object], earlier: list[dict[str, object]]) -> dict[str, object]:
    """With what makes it hang on other tasks or conditions, drawn beside, so that the rest is drawn as it was."""
    random, found = Random(repr(touch)), dict(touch)
    if earlier and random.random() < 0.3:
        found["after"] = random.choice(earlier)["task"]
    if random.random() < 0.2:
        found["skip_when"] = random.choice(CONDITIONS)
    if random.random() < 0.2:
        found["escalate"] = [{"to": random.choice(["lead", "onboarding"]), "overdue": "5 business days"}]
    return found | _moving(random)


def _moving(random: Random) -> dict[str, object]:
    """How long the task takes and how far it may be moved; a day that a setting says."""
    found: dict[str, object] = {}
    if random.random() < 0.4:
        found |= {"minutes": random.choice([0, 25, 240]), "priority": random.choice(["low", "normal", "urgent"])}
    if random.random() < 0.4:
        found["flex"] = random.choice(
            [["-5 business days", "5 business days"], ["0 days", "+2 weeks"], ["-1 month", "0 days"]]
        )
    if random.random() < 0.2:
        found["contact"] = random.choice([True, False])
    if random.random() < 0.15:
        found["due"] = f"{random.choice('+-')}limit {random.choice(['days', 'weeks', 'business days'])}"
    return found


def _firing(random: Random) -> dict[str, object]:
    """How a trigger fires; ``lasting`` leaves all single accounts to the reference, and so is rare."""
    keys: dict[str, object] = {
        "trigger": random.choice(["edge", "level"]),
        "cooldown": random.choice(["1 day", "30 days", "2 months"]),
        "cooldown_from": random.choice(["trigger", "completion"]),
        "at_most": {"times": random.randint(1, 2), "during": random.choice(["20 days", "3 months"])},
    }
    found = {key: value for key, value in keys.items() if random.random() < 0.4}
    if "cooldown" not in found:
        found.pop("cooldown_from", None)
    if random.random() < 0.05:
        found["lasting"] = random.choice(["3 days", "2 months"])
    beside = Random(repr(found))
    if beside.random() < 0.2:
        found["lasting"] = beside.choice(["3 days", "2 months"])
    if "cooldown" in found and beside.random() < 0.5:
        found["cooldown_from"] = beside.choice(["trigger", "completion"])
    return found


def _repeat(random: Random) -> dict[str, object]:
    freq = random.choice(["daily", "weekly", "monthly", "yearly"])
    interval: object = random.choice([5, 9] if freq == "daily" else [1, 2, 7])
    if random.random() < 0.3:
        first, second = random.sample(CONDITIONS + PERIODS, 2)
        interval = [
            {"interval": interval, "when": first, "because": "=often"},
            {"interval": 2, "when": second},
            {"interval": 4},
        ]
    end = random.choice(["end", "add_months(start, 6)", "date('2027-03-01')"])
    repeat: dict[str, object] = {"freq": freq, "interval": interval, random.choice(["before", "until"]): end}
    if random.random() < 0.6:
        repeat |= random.choice(PARTS[freq])
    if random.random() < 0.3:
        repeat["exdate"] = random.sample(["2026-09-30", "2026-10-01", "2026-10-05", "2026-11-30"], 2)
    return repeat | {"on_missing_day": random.choice(["clamp", "skip"])}


def _paced(repeat: dict[str, object], *, ends: bool) -> dict[str, object]:
    """With a first time of its own, and an end that is counted or (not where it must have one) none: drawn beside."""
    random, found, cases = Random(repr(repeat)), dict(repeat), isinstance(repeat["interval"], list)
    if random.random() < 0.3:
        found["first"] = random.choice(["1 month", "10 days", "1 year"])
    if random.random() < 0.45 and not (ends and cases):
        found = {key: value for key, value in found.items() if key not in ("before", "until")}
        counted: list[dict[str, object]] = [] if cases else [{"count": 1}, {"count": 4}]
        found |= random.choice(counted + ([] if ends else [{}]))
    return found


def _touch(random: Random, task: str) -> dict[str, object]:
    touch: dict[str, object] = {"task": task, "owner": random.choice(["csm", "lead", "onboarding", "owner", "friend"])}
    touch["roll"] = random.choice(["none", "following", "preceding", "modified_following", "nearest"])
    if random.random() < 0.7:
        touch["due"] = f"{random.randint(-20, 20)} {random.choice(['days', 'weeks', 'months', 'business days'])}"
    if random.random() < 0.3:
        touch["close_when"] = random.choice(CONDITIONS)
    if random.random() < 0.3:
        touch |= {
            "because": random.choice(BECAUSE),
            "activity": "call",
            "priority": "high",
            "minutes": 30,
            "channel": "phone",
        }
    return touch
