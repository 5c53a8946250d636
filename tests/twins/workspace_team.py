"""What a team has, for half of the drawn workspaces: hours, costs, staffing, contact limits, levelling, forms, lists of
people and of the company.
"""

from __future__ import annotations

from random import Random

from .workspace_frame import policy
from .workspace_kinds import WHOM

FIELDS = "role: {required: false}, hours: {kind: number, required: false}, "
CALENDARS = [
    "country: DE, subdivision: BY, days_worked: [2026-10-03, {from: 2026-10-24, until: 2026-10-25}]",
    "working_week: [MO, TU, TH, FR, SA], days_off: [{from: 2026-12-21, until: 2027-01-03}]",
    "country: CN, working_week: [WE, SU, MO]",
]
FORMS = """\
forms:
  salesforce:
    columns: {Subject: subject, Why: description, "Due, on": due, Status: status, Priority: priority, Job: people.job, Land: accounts.region, Id: task_id}
    words: {status: {closed: Gone}, priority: {urgent: "=now", otherwise: "low, or so"}}
    because: so we agreed
  hubspot: {words: {channel: {phone: CALL}}}
  icalendar: {entries: [events, todos], because: so we agreed}
  worklist: {because: so we agreed}
"""
ALLOWED = ["m", "10% * m", "m_before", "m / 7 + 5", "1_000_000 if flag else m"]
FIRST = ["start", "date('2026-08-01')", "clock_on", "add_months(end, -6)"]
AFTER = ["end", "add_months(start, 12)", "date('2027-02-01')", "coalesce(end, as_of)"]
BANDS: list[list[dict[str, object]]] = [
    [{"service": "under", "below": "50%", "because": "=little"}, {"service": "fits", "below": "120%"}, {"service": "+over"}],
    [{"service": "much", "from": "33.4%"}, {"service": "none", "because": "idle"}],
]  # fmt: skip
CARRIES = ["3", "limit", "rate", "limit - 3", "1/3"]


def with_team(seed: int, files: dict[str, str]) -> dict[str, str]:
    """Draws of their own leave the other half as they were."""
    if seed // 4 % 2 == 0:
        return files
    random, top = Random(f"team {seed}"), files["granger.yaml"]
    top = top.replace("fields: {person: person, ", "fields: {person: person, " + FIELDS)
    if "days_off" not in top:
        top = top.replace("country: CN", CALENDARS[seed % len(CALENDARS)])
    hours, costs = random.choice(["28", "3.5"]), random.choice(["60", "95.55"])
    top = top.replace("csm: {", f"csm: {{hours: {hours} per week, cost: {costs} per hour, because: the first, ")
    top = top.replace("lead: {}", f"lead: {{hours: 10 per week{random.choice(['', ', cost: 0.07 per hour'])}}}")
    top = top.replace("onboarding: {", "onboarding: {cost: 41 per hour, ")
    head, *rows = files["people.csv"].splitlines()
    roles, hours_of = ["csm", "csm", "onboarding", "onboarding", "lead", "", "unknown"], ["", "", "40", "0", "7.25"]
    people = [f"{row},{random.choice(roles)},{random.choice(hours_of)}" for row in rows]
    return {
        **files,
        "granger.yaml": top + FORMS + "because: drawn\n",
        "people.csv": "\n".join([f"{head},role,hours", *people]) + "\n",
        "staffing.yaml": staffing(random, limits=seed % 2 == 0),
        "more-lists.yaml": lists(random),
        "service.yaml": service(random),
    }


def staffing(random: Random, *, limits: bool) -> str:
    """Without ``limits`` single accounts need no look at the others, and are not left to the reference."""
    ratios = [
        _ratio(random, "book", "csm", "book", have="1"),
        _ratio(random, "kinds", "kind", "by_kind", have="limit"),
        _ratio(random, "all", "company", "company"),
    ]
    keys: dict[str, object] = {"ratios": ratios, "budgets": [_budget(random, f"budget {i}") for i in range(2)]}
    few = {"for": random.choice(WHOM), "at_most": 1, "because": "agreed"}
    if limits:
        keys["contact_limits"] = [few, {"at_most": random.randint(1, 3)}]
        keys["levelling"] = {"weeks": random.choice([2, 13])}
    return policy("staffing", "team", because="(why)", **keys)


def _ratio(random: Random, name: str, per: str, load: str, **keys: object) -> dict[str, object]:
    found = {"ratio": name, "per": per, "load": load, "one_carries": random.choice(CARRIES), **keys}
    return found | ({"because": "=one, each"} if random.random() < 0.5 else {})


def _budget(random: Random, name: str) -> dict[str, object]:
    found: dict[str, object] = {"budget": name, "allow": random.choice(ALLOWED)}
    found |= {"from": random.choice(FIRST), "before": random.choice(AFTER), "bands": random.choice(BANDS)}
    if random.random() < 0.5:
        found["for"] = random.choice(WHOM)
    return found | ({"because": "(why)"} if random.random() < 0.5 else {})


def service(random: Random) -> str:
    """Plays for everybody, so that budgets have something to count."""
    visit = {"task": "visit", "owner": "friend", "minutes": 30, "due": "3 business days", "roll": "following"}
    note = {
        "task": "note",
        "owner": random.choice(["friend", "lead"]),
        "minutes": random.choice([0, 7]),
        "after": "visit",
    }
    review = {"task": "review", "owner": "friend", "minutes": 45, "due": "-1 month", "skip_when": random.choice(WHOM)}
    monthly = {"freq": "monthly", "interval": 2, "on_missing_day": "clamp"}
    plays = [
        {"play": "visits", "anchor": "start", "repeat": monthly, "touches": [visit, note]},
        {"play": "renewal", "anchor": "end", "per": "m", "touches": [review]},
    ]
    return policy("playbook", "service", horizon="60 days", plays=plays)


def lists(random: Random) -> str:
    """Lists that are not of accounts, and one that looks back."""
    drawn: list[dict[str, object]] = [
        {"list": "people", "per": "csm", "columns": ["book"], "when": "book > 1", "owner": "lead"},
        {"list": "kinds", "per": "kind", "columns": ["by_kind"], "order": ["-by_kind"], "because": "=what, sells"},
        {"list": "rates", "per": "company", "columns": ["company"], "trend": random.choice(["3 months", "2 quarters"])},
        {"list": "past", "columns": ["n", "total_all"], "when": random.choice(WHOM[:4]), "trend": "1 half"},
    ]
    return policy("watchlist", "more", because="so we agreed", lists=drawn)
