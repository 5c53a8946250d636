"""Terms of people and a plan that reads them, for some of the drawn workspaces: with leave, overlaps and strangers."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from .workspace_frame import policy
from .workspace_rows import PEOPLE

TERMS = """\
  terms:
    file: terms.csv
    reject_ceiling: 100%
    valid: {from: since, before: gone}
    fields:
      person: {refers_to: people}
      since: {kind: date, required: false}
      gone: {kind: date, required: false}
      grade: {required: false}
      part_of: {kind: percent, required: false}
      own: {kind: money, required: false}
"""
PAYS: list[dict[str, object]] = [
    {"on_target": "own per quarter", "variable": "40%"},
    {"base": "own / 7 per month", "variable": "own * part_of per year", "prorate": "months"},
    {"on_target": "own + 1 per half", "base": "part_of", "prorate": "none"},
    {"on_target": "90_000 per year", "base": "60_000 per year", "prorate": "days"},
]
QUOTAS = ["own * days_share", "own * months_share + 1", "own", "agreed_own"]
CREDIT = {"table": "deals", "amount": "amount", "to": "sold_by"}


def with_terms(seed: int, files: dict[str, str]) -> dict[str, str]:
    """Draws of their own leave the others as they were, the first among them, in which faults are looked for."""
    if seed <= 3 or seed % 3 == 0:
        return files
    random = Random(f"terms {seed}")
    return {
        **files,
        "granger.yaml": files["granger.yaml"].replace("  overrides:\n", TERMS + "  overrides:\n"),
        "terms.csv": "\n".join(["person,since,gone,grade,part_of,own", *_rows(random)]) + "\n",
        "agreed-figures.yaml": policy("library", "agreed-figures", measures=_measures(random)),
        **{f"agreed-{i}.yaml": _plan(random, f"agreed-{i}", PAYS[(2 * seed + i) % 4]) for i in range(2)},
    }


def _rows(random: Random) -> list[str]:
    """A few rows a person, one after the other, with leave between some; now and then they overlap."""
    found = []
    for person in [*PEOPLE, "nobody"]:
        day: date | None = None if random.random() < 0.3 else date(2026, 5, 1) + timedelta(days=random.randint(0, 120))
        for _ in range(random.choice([0, 1, 1, 2, 3])):
            start = day
            day = (day or date(2026, 6, 30)) + timedelta(days=random.choice([1, 20, 31, 45]))
            end = "" if random.random() < 0.2 else str(day)
            cells = [
                random.choice(["a", "a", "b", ""]),
                random.choice(["40%", "12.5%", "60%", ""]),
                random.choice(["100", "2500.55", ""]),
            ]
            found.append(f'"{person.replace(chr(34), chr(34) * 2)}",{start or ""},{end},{",".join(cells)}')
            day += timedelta(days=random.choice([0, 0, 10, -1]))
    return found


def _measures(random: Random) -> dict[str, object]:
    windows, ways = ["quarter", "month", "half", "year", "previous quarter"], ["days", "months"]

    def drawn(**keys: object) -> dict[str, object]:
        return {**keys, "window": random.choice(windows), "prorate": random.choice(ways)}

    return {
        "agreed_own": drawn(sum="own", table="terms", per="person"),
        "agreed_part": drawn(sum="own * part_of", over="own", table="terms", per="company"),
        "hands": drawn(sum="coalesce(split, 1) * n", table="assignments", where="role != 'lead'"),
        "by_grade": drawn(sum="own / 3", table="terms", per="grade", where="part_of > 20%"),
    }


def _plan(random: Random, name: str, pay: dict[str, object]) -> str:
    table = {"kind": "marginal", "of": random.choice(QUOTAS), "accumulate": "period"}
    table["bands"] = [{"rate": "part_of / 3", "from": "100%"}, {"rate": "4%"}]  # type: ignore[assignment]
    curve = {"kind": "linear", "curve": [["0%", "0%"], ["100%", "100%"]], "below_first": "hold", "above_last": "extend"}
    bonus = {
        "measure": "kept",
        "target": random.choice(["days_share", "part_of"]),
        "if_missing": "target",
        "pays": curve,
    }
    weight = [{"weight": "70%", "when": "grade == 'a'"}, {"weight": "30%"}]
    other = [{"weight": "30%", "when": "grade == 'a'"}, {"weight": random.choice(["70%", "60%"])}]
    components: list[dict[str, object]] = [
        {"component": "plain", "credit": CREDIT, "rate": "10%"},
        {
            "component": "quota",
            "credit": CREDIT,
            "rate_table": table,
            **random.choice([{}, {"cap": 90}, {"floor": 40}]),
        },
        {"component": "month", "credit": {**CREDIT, "to": "csm"}, "rate": "1/3", "period": "month", "cap": 700},
        {"component": "b1", "weight": weight, **bonus, "cap": random.choice([500, "150%"])},
        {"component": "b2", "weight": other, **bonus, "period": "month"},
    ]
    keys: dict[str, object] = {}
    if random.random() < 0.5:
        keys["gates"] = [{"gate": "g", "when": "company > months_share or part_of > 30%"}]
    return policy(
        "comp", name, payees=random.choice(["true", "grade == 'a'", "part_of > 15% or level > 2"]), period="quarter",
        facts_as_of="period_end", pay=pay, **keys, components=components,
    )  # fmt: skip
