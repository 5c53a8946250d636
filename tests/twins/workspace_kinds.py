"""Drawn success of uses. Drawn lifecycles: stages without a day, without an end, for some accounts alone; lengths of every unit."""

from __future__ import annotations

from random import Random

from .workspace_frame import policy

DAYS = [
    "start",
    "end",
    "add_months(end, -3)",
    "coalesce(end, start)",
    "clock_on",
    "start if flag else end",
    "held_since(lead)",
]
WHOM = [
    "n > 2",
    "flag",
    "word != 'out'",
    "ratio >= 1/3",
    "first_tier != 'odd'",
    "h0 >= 50",
    "region in ('east', 'west')",
]
LENGTHS = ["3 days", "2 weeks", "1 month", "1 year", "99999 years"]


def kinds(random: Random) -> dict[str, str]:
    lives = {f"life{i}.yaml": life(random, f"life{i}", fact) for i, fact in enumerate(("stage", "other_stage"))}
    return {**lives, "lists.yaml": lists(random), "works.yaml": success(random)}


def lists(random: Random) -> str:
    """Lists of accounts whose conditions and columns read what the workspace has."""
    names = ["word", "n", "ratio", "start", "stage", "stage_since", "h0", "first_tier", "csm", "region"]
    drawn = [
        {
            "list": f"list {i}",
            "when": condition,
            "columns": random.sample(names, random.randint(1, 4)),
            "order": [random.choice(["", "-"]) + name for name in random.sample(names, 2)],
            "owner": random.choice(["csm", "lead"]),
        }
        for i, condition in enumerate(random.sample(WHOM, 3))
    ]
    return policy("watchlist", "lists", lists=drawn)


CRITERIA = [
    "amount > 1 or good",
    "amount / part > -5 or flag",
    "good or kind == 'a'",
    "noted_on < end or n > 0",
    "not good or first_tier == 'odd'",
    "h0 >= 10 or amount < 100",
]


def success(random: Random) -> str:
    """Lenient criteria, so that some accounts are successful; an entry or two, so that some uses are unknown."""
    names = ["=uses", "a, b", "中"][: random.randint(2, 3)]
    cases = [
        {"use_case": name, "criteria": [_criterion(random, i) for i in range(random.randint(1, 2))]} for name in names
    ]
    return policy("success", "works", because="(why)", fact="successful", table="events", use_cases=cases)


def _criterion(random: Random, i: int) -> dict[str, object]:
    found: dict[str, object] = {"criterion": f"=c{i}", "when": random.choice(CRITERIA)}
    return found | ({"because": '(why), "quoted"'} if random.random() < 0.5 else {})


def life(random: Random, name: str, fact: str) -> str:
    keys: dict[str, object] = {
        "because": "(why)",
        "fact": fact,
        "starts": random.choice(["start", "start", "add_days(start, -30)", "clock_on"]),
    }
    if random.random() < 0.5:
        keys["for_"] = random.choice(["word != 'out'", "flag or n >= 0", "any_tier != 'odd'"])
    words = ["odd", "=new", "in use, a lot", "中"][: random.randint(1, 4)]
    return policy("lifecycle", name, **keys, stages=[_stage(random, word, last=word == words[-1]) for word in words])


def _stage(random: Random, name: str, *, last: bool) -> dict[str, object]:
    stage: dict[str, object] = {"stage": name}
    if random.random() < 0.4:
        stage["when"] = random.choice(WHOM)
    if random.random() < 0.8 or not (last or "when" in stage):
        stage["done"] = random.choice(DAYS)
    short = random.choice(LENGTHS)
    if random.random() < 0.6:
        stage["expect"] = short
    if random.random() < 0.6:
        stage["stuck"] = (
            random.choice(LENGTHS[LENGTHS.index(short) + 1 :] or ["99999 years"]) if "expect" in stage else short
        )
        if stage["stuck"] == stage.get("expect"):
            del stage["stuck"]
    if random.random() < 0.5:
        stage["because"] = random.choice(["+words", "(why), \"quoted\"; '=1+1'"])
    return stage
