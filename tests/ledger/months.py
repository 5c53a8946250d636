"""A workspace that pays every month, with all that one month leaves to the next, and a ledger of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

import granger
from granger.engine.ledger.posted import Posted
from granger.engine.outcome.pay.lines import ADJUSTMENT, CARRIED, LineOf, Payout

TOP = """\
kind: workspace
name: w
currency: USD
tables:
  accounts: {key: account_id, fields: {account_id: text}}
  people: {key: person, fields: {person: person}}
  deals:
    key: deal_id
    dated_by: closed_on
    fields:
      deal_id: text
      amount: {kind: money, required: false}
      closed_on: date
      sold_by: {refers_to: people, required: false}
      cancelled_on: {kind: date, required: false}
"""
PLAIN = """\
kind: comp
name: plan
effective: {from: 2026-01-01}
payees: "true"
period: month
components:
  - component: new
    credit: {table: deals, amount: amount, to: sold_by}
    rate: 10%
"""
RICH = (
    PLAIN.replace(
        "components:",
        "negative: carry\n"
        "draws: [{draw: base, kind: advance, amount: 50 per month, before: 2026-03-01, recover: from_earnings, "
        "at_end: owed}]\n"
        'holdbacks: [{holdback: reserve, part: 30%, release_on: "add_days(as_of, 45)"}]\n'
        "components:",
    )
    + "    clawback: {day: cancelled_on, within: 3 months}\n"
)
MONTHS = ("2026-01", "2026-02", "2026-03", "2026-04", "2026-05")
LATER = date(2026, 12, 31)

Deal = Mapping[str, object]
Key = tuple[str, str, str, str, str]


def deal(key: str, month: int, amount: object, by: str = "ana", cancelled: date | None = None) -> dict[str, object]:
    return {
        "deal_id": key, "amount": amount, "closed_on": date(2026, month, 10), "sold_by": by, "cancelled_on": cancelled,
    }  # fmt: skip


def tables(deals: Sequence[Deal], people: Sequence[str] = ("ana", "bo")) -> dict[str, list[Deal]]:
    return {"accounts": [{"account_id": "x"}], "people": [{"person": name} for name in people], "deals": list(deals)}


def pack_of(folder: Path, plan: str = PLAIN, top: str = TOP) -> granger.Pack:
    folder.mkdir(exist_ok=True)
    (folder / "granger.yaml").write_text(top)
    (folder / "plan.yaml").write_text(plan)
    return granger.load(folder)


def run(
    pack: granger.Pack,
    data: Mapping[str, Sequence[Deal]],
    period: str,
    ledger: Path | None,
    reading: str = "reference",
) -> granger.Run:
    return pack.run(
        {name: list(rows) for name, rows in data.items()},
        as_of=LATER, period=period, parts=["pay"], reading=reading, ledger=ledger,
    )  # fmt: skip


def key(line: Payout) -> Key:
    """Period, payee, component, kind and currency of a line, or of that which it corrects."""
    if line.kind == ADJUSTMENT:
        corrected = LineOf.parse(line.corrects)
        return corrected.period, line.payee, line.component, corrected.kind, line.currency
    return line.period, line.payee, line.component, line.kind, line.currency


def sums(lines: Sequence[Payout]) -> dict[Key, Fraction]:
    """What was paid for each line in all; nothing of what is carried on, nor of what comes to nothing."""
    found: dict[Key, Fraction] = {}
    for line in lines:
        if line.kind != CARRIED:
            found[key(line)] = found.get(key(line), Fraction(0)) + (line.amount or 0)
    return {each: amount for each, amount in found.items() if amount}


def adjustments(run: granger.Run) -> list[tuple[str, str, str, object]]:
    """Payee, what each corrects, the amount, and why."""
    lines = [line for line in run.outcome.payouts if line.kind == ADJUSTMENT]
    return [(line.payee, line.corrects, line.amount, line.reason) for line in lines]


def posted_lines(posted: Posted) -> list[Payout]:
    return [each.line for each in posted.lines]
