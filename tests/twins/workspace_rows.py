"""Rows for a drawn workspace, as CSV: missing and huge values, ties of a cent, accounts without rows and rows without."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from .workspace_pay_credits import MANAGERS, RATES, WALLETS, coin, paid_on

HUGE = [
    "10000000000000000000000000",
    "-9999999999999999999999999999999999999999",
    "1000000000000000000",
    "0.0000000000000000000000000000000000000001",
    "9223372036854775807",
]
PEOPLE = ["Ann", "Bob", "Cat", "Dé 'x'", "=SUM(A1)", "eve, jr", "Zoë"]
IDS = ["=b", "a,\"b'", "ä", "日", "\U0001f600", "Ab", "-1"]
ACCOUNT = "account_id,name,n,d,m,p,seats,start,end,flag,word,region,friend"
AS_OF = date(2026, 9, 30)


class Rows:
    """``edge``: one account has all events, one person all deals, of one size, so that their sums pass 64 bits."""

    def __init__(self, random: Random, accounts: int, *, huge: bool = False, edge: bool = False) -> None:
        self.random, self.huge, self.edge = random, huge, edge
        self.ids = [*(f"A{i}" for i in range(accounts)), *IDS[: min(accounts, len(IDS))]]
        random.shuffle(self.ids)

    def files(self) -> dict[str, str]:
        size = len(self.ids)
        deals, events = [self.deal(i) for i in range(size * 2)], [self.event() for _ in range(size * 5)]
        if self.edge:
            near = {"happened_on": "2026-09-29", "account_id": self.ids[0], "kind": "a", "good": "true"}
            events = [{**each, **near, "amount": str(2**63 // (size * 5) + 1), "part": "2"} for each in events]
            unit = f"{2**63 * 6 // 5 // (size * 2) // 100}.77"
            deals = [
                {**each, "amount": unit, "closed_on": "2026-08-20", "sold_by": "Ann", "type": "new"} for each in deals
            ]
        return {
            "accounts.csv": _csv([self.account(i) for i in self.ids], ACCOUNT),
            "people.csv": _csv([{"person": p, "job": self.some("seller", "seller", "manager"), "level": self.some("1", "2", "3", "4"), "quota": self.some("100", "0", "2500.55"), "manager": MANAGERS.get(p, ""), "wallet": WALLETS.get(p, "EUR")} for p in PEOPLE]),
            "assignments.csv": _csv(self.assignments(), "account_id,role,person,starts_on,ends_on,split"),
            "events.csv": _csv(events, "account_id,amount,part,kind,use_case,good,happened_on,noted_on"),
            "deals.csv": _csv(deals, "deal_id,account_id,type,amount,base,pct,paid,closed_on,paid_on,coin,sold_by,helped_by"),
            "rates.csv": RATES,
            "overrides.csv": _csv([self.override() for _ in range(size // 8)], "account_id,tier,reason,from_on,until_on"),
        }  # fmt: skip

    def some(self, *values: str, gaps: float = 0.12) -> str:
        return "" if self.random.random() < gaps else self.random.choice(values)

    def number(self, *values: str, gaps: float = 0.12) -> str:
        if self.huge and self.random.random() < 0.008:
            return self.random.choice(HUGE)
        return self.some(*values, gaps=gaps)

    def day(self, gaps: float = 0.1) -> str:
        near = AS_OF + timedelta(self.random.randint(-200, 60))
        edges = [
            "2026-07-01",
            "2026-09-30",
            "2026-10-01",
            "2026-09-23",
            "2026-09-24",
            "2026-08-31",
            "2026-08-15",
            "2024-02-29",
        ]
        return self.some(self.random.choice(edges) if self.random.random() < 0.3 else str(near), gaps=gaps)

    def account(self, account_id: str) -> dict[str, str]:
        return {
            "account_id": account_id,
            "name": self.some("Acme", "=SUM(A1)", 'say "hi", you', "日本", "two\nlines"),
            "n": self.number("0", "10", "10.5", "-3", "0.005", "11", "1", "7", "-20.25", "3"),
            "d": self.number("0", "1", "3", "7", "-2", "0.001"),
            "m": self.number("0", "1000", "-5", "0.01", "100.01", "0.035"),
            "p": self.some("0%", "-0.5%", "30%", "29.9999%", "12%", "-50%"),
            "seats": self.some("0", "1", "3", "250"),
            "start": self.day(),
            "end": self.day(),
            "flag": self.some("true", "false"),
            "word": self.some("out", "OUT", "=a,b", 'q"uote', "中", "C-1"),
            "region": self.some("east", "west", "none"),
            "friend": self.some("Ann", "Zoë", "=eve"),
        }

    def assignments(self) -> list[dict[str, str]]:
        found = []
        for account_id in [*self.ids, "gone"]:
            for role in self.random.choices(["csm", "csm", "lead", "onboarding"], k=self.random.randint(0, 4)):
                starts, ends = self.day(0.2), self.day(0.5)
                if starts and ends:
                    starts, ends = sorted((starts, ends))
                split = self.random.choice([*[""] * 6, "50%", "37.5%", "12.5%"])
                found.append(
                    {
                        "account_id": account_id,
                        "role": role,
                        "person": self.random.choice(PEOPLE),
                        "starts_on": starts,
                        "ends_on": ends,
                        "split": split,
                    }
                )
        return found

    def owner(self) -> str:
        """A third of the accounts have no rows; some rows are nobody's, or of an account that there is not."""
        return self.some(*self.ids[: len(self.ids) * 2 // 3], "gone", gaps=0.03)

    def event(self) -> dict[str, str]:
        return {
            "account_id": self.owner(),
            "amount": self.number(
                "0", "1", "2.5", "-4", "0.1", "0.2", "0.3", "12", "9007199254740993", "1e3".replace("1e3", "1000.01")
            ),
            "part": self.number("0", "1", "3", "-3", "7", "0.5"),
            "kind": self.some("a", "b", "=c", "A"),
            "use_case": self.some(*["=uses"] * 4, *["a, b"] * 4, "中", gaps=0.03),
            "good": self.some("true", "false", gaps=0.2),
            "happened_on": self.day(),
            "noted_on": self.day(),
        }

    def deal(self, i: int) -> dict[str, str]:
        ties = ["0.125", "0.25", "0.05", "-0.05", "0.2", "0.6", "-0.2", "12.5", "-12.5", "0.375", "1", "0", "-1"]
        amount = (
            self.random.choice(ties)
            if self.random.random() < 0.5
            else f"{self.random.randint(-9_999, 9_999_999) / 100:.2f}"
        )
        return {
            "deal_id": f"D-{self.random.choice(['', '0', 'é'])}{i}",
            "account_id": self.owner(),
            "type": self.some("new", "old", "line\nbreak"),
            "amount": self.number(amount, gaps=0.03),
            "base": self.number(*ties, "7.35"),
            "pct": self.number("0.1", "0.025", "0.333333333", "0", "-0.04"),
            "paid": self.some("yes", "no"),
            "closed_on": self.day(0.02),
            "paid_on": paid_on(i),
            "coin": coin(i),
            "sold_by": self.some(*PEOPLE, "Nobody"),
            "helped_by": self.some(*PEOPLE),
        }

    def override(self) -> dict[str, str]:
        tier = self.random.choice(["=big", "odd", "big two", "no such tier"])
        return {
            "account_id": self.random.choice([*self.ids, "gone"]),
            "tier": tier,
            "reason": self.some("agreed"),
            "from_on": self.day(0.3),
            "until_on": self.random.choice(["", "2026-12-31", "2026-09-30", "2026-09-29"]),
        }


def _csv(rows: Sequence[dict[str, str]], header: str = "") -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, header.split(",") if header else list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
