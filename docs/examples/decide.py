"""One account at a time: what a webhook of a CRM would ask, in plain dicts."""

import sys
from datetime import date

import granger

pack = granger.load(sys.argv[1] if len(sys.argv) > 1 else "rules/renewal-kpi")

# The account's fields by the names of granger.yaml; under the name of a
# table, its rows there. A field that is not required may be left out.
account = {
    "account_id": "A-900",
    "name": "Birch Optics",
    "arr": 64_000,
    "fit": "core",
    "seats": 20,
    "signed_on": date(2025, 1, 14),
    "renewal_on": date(2027, 1, 14),
    "days_overdue": 0,
    "usage": [
        {"used_on": date(2026, 9, 7), "active_users": 120},
        {"used_on": date(2026, 9, 28), "active_users": 20},
    ],
    "assignments": [
        {"role": "csm", "person": "Lin Yue", "starts_on": date(2025, 1, 14)},
    ],
}
# Rows that belong to no account.
rows = {"people": [{"person": "Lin Yue", "role": "csm"}]}
found = pack.decide(account, as_of=date(2026, 9, 30), rows=rows)

tier, health = found["tiers"]["account-grade"], found["health"]["account-health"]
print(tier["tier"], tier["status"], tier["because"])
print(float(health["score"]), health["grade"], float(health["coverage"]))
for part in found["measures"]:
    print(" ", part["measure"], part["value"], "gives", float(part["points"]))
for task in found["tasks"]:
    print(task["due"], task["owner"], task["task"])
