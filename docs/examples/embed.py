"""granger in another program: load a workspace, run it, read the outcome."""

import sys
from datetime import date

import granger

folder = sys.argv[1] if len(sys.argv) > 1 else "rules/starter"
try:
    pack = granger.load(folder)
except granger.PolicyRejected as error:
    for diagnostic in error.diagnostics:
        print(diagnostic.place, diagnostic.message)
    sys.exit(2)

# A table's rows may come from the program itself: a path, a Polars,
# pandas or Arrow frame, or dicts by the names of the fields. All other
# tables are read from the files that granger.yaml names.
deals = [
    {
        "deal_id": "D-100",
        "account_id": "A-1",
        "amount": "1,250.50",
        "closed_on": date(2026, 9, 30),
        "sold_by": "Dev Patel",
    }
]
run = pack.run({"deals": deals}, as_of=date(2026, 9, 30))

for task in run.tasks.iter_rows(named=True):
    print(task["due"], task["owner"], task["task"], task["account_name"])
for line in run.payouts.iter_rows(named=True):
    print(line["payee"], line["period"], line["amount"], line["reason"] or "")
print(granger.tree_text(run.explain("payee", "Dev Patel")), end="")
