"""Drawn credits: shares that hang on the row, overlays on top, to managers, who stand in a circle too."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from .workspace_frame import policy

SPLITS: list[object] = [
    [{"to": "csm", "share": "2/3"}, {"to": "sold_by", "share": "1/3"}, {"to": "sold_by", "overlay": "pct"}],
    [{"to": "owner", "overlay": "n"}],
    [{"to": "sold_by", "share": "pct"}, {"to": "csm", "share": "1 - pct"}, {"to": "helped_by", "overlay": "25%"}],
    [{"to": "sold_by", "share": "pct"}, {"to": "helped_by", "share": "0.9"}],
    [{"to": "sold_by", "share": "100%"}, {"to": "csm", "through": "manager", "levels": "all", "overlay": "pct"}],
    [{"to": "sold_by", "through": "manager", "overlay": "1/3"}, {"to": "helped_by", "through": "manager", "levels": 2, "overlay": "50%"}],
]  # fmt: skip
MANAGERS = {"Ann": "Bob", "Bob": "Zoë", "Cat": "Ann", "Dé 'x'": "=SUM(A1)", "=SUM(A1)": "Dé 'x'"}
TRANCHES: list[object] = [
    [{"share": "50%", "dated_by": "closed_on"}, {"share": "50%", "dated_by": "paid_on"}],
    [{"share": "0.25", "dated_by": "paid_on"}, {"share": "75%", "dated_by": "paid_on"}],
]


def paid_on(i: int) -> str:
    """The day on which the deal is paid, which some are not; by its number, so that nothing else is drawn anew."""
    return "" if i % 5 == 0 else str(date(2026, 6, 20) + timedelta(days=i * 7 % 120))


WALLETS = {"Bob": "CNY", "Cat": "JPY", "Zoë": "no coin", "=SUM(A1)": ""}
COINS = ["CNY", "JPY", "KWD", "EUR", "=X", ""]
"""The currency of the workspace is one of the first three."""
RATES = "from_currency,to_currency,rate,quoted_on\n" + "".join(
    f"{source},{to},{rate},{day}\n"
    for n, (source, to) in enumerate((one, other) for one in COINS[:5] for other in COINS[:4] if one != other)
    for rate, day in (
        (f"{n + 1}.{n * 37 % 1000:03}", "2025-12-30"), ("0.1234567", f"2026-0{n % 5 + 3}-15"),
        ("" if n % 4 == 0 else f"{n}.5", f"2026-08-{n % 20 + 10}"), (f"0.{n + 1:02}", f"2026-09-{n % 20 + 10}"),
    )
    if n % 7 or day > "2026"
)  # fmt: skip


def coin(i: int) -> str:
    return COINS[i % 6]


def exchanged(random: Random, credit: dict[str, object]) -> dict[str, object]:
    """The credit, in the currencies of its rows."""
    return {**credit, "amount": random.choice(["pct * 1000", "pct", "1 / 3"]), "currency": "coin"}


def exchange(random: Random) -> dict[str, object]:
    """The keys of a plan."""
    found: dict[str, object] = {
        "exchange": {"table": "rates", "by": random.choice(["transaction", "period_average", "plan_rate"])}
    }
    return found | {"pay_currency": "wallet"} if random.random() < 0.4 else found


def abroad(random: Random) -> str:
    """A plan in another currency than the workspace."""
    sold: dict[str, object] = {"table": "deals", "amount": "amount", "to": "sold_by", "dated_by": "paid_on"}
    helped = exchanged(random, {"table": "deals", "to": "helped_by"})
    components = [
        {"component": "sold", "credit": sold, "rate": "12.5%", "cap": 300},
        {"component": "helped", "credit": helped, "rate": "50%"},
    ]
    keys = {"payees": "true", "period": "quarter", "currency": "EUR", **exchange(random)}
    return policy("comp", "abroad", **keys, components=components)
