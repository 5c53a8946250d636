"""What rules/renewal-kpi must come to on its sample data, worked out a second time in plain Python.

Nothing of granger is imported and no YAML is read: the rules are written here once more, from the pack's README, over
the same CSV files. An empty or impossible cell is read here by hand, as the README says the files are to be read.
"""

from __future__ import annotations

import calendar
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import holidays

DATA = Path(__file__).parents[2] / "rules" / "renewal-kpi" / "data"
AS_OF = date(2026, 9, 30)
HORIZON_END = date(2026, 12, 29)  # 90 days from AS_OF; the first day outside
QUARTERS = {
    "2026-Q1": (date(2026, 1, 1), date(2026, 4, 1)),
    "2026-Q2": (date(2026, 4, 1), date(2026, 7, 1)),
    "2026-Q3": (date(2026, 7, 1), date(2026, 10, 1)),
}

NEW_BUSINESS = Fraction(12, 100)
RESIDUAL = NEW_BUSINESS / 3
MANAGER_UPSELL = Fraction(2, 100)
UPSELL_MONTHS = 6
FULL_RATE_BEFORE = date(2026, 7, 1)  # renewals moved on 1 April 2026, and three months of transition

Row = dict[str, str]
Payouts = dict[tuple[str, str, str], Decimal]  # (payee, period, component)


@dataclass(frozen=True, slots=True)
class Task:
    due: date
    owner: str | None  # None: nobody to serve it
    role: str | None  # the role in which the owner has it: csm, or cs_lead as the fallback


# --- reading ---------------------------------------------------------------------------------------------------------


def read(table: str) -> list[Row]:
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> date | None:
    """None where there is no day: empty, n/a, 2026-09-31."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def money(text: str) -> Fraction:
    return Fraction(text.replace(",", ""))


def accounts() -> dict[str, Row]:
    return {row["Account ID"]: row for row in read("accounts")}


def add_months(start: date, months: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def months_between(start: date, end: date) -> int:
    """The greatest n with add_months(start, n) <= end."""
    count = 0
    while add_months(start, count + 1) <= end:
        count += 1
    while add_months(start, count) > end:
        count -= 1
    return count


# --- tiers -----------------------------------------------------------------------------------------------------------


def tiers() -> dict[str, str]:
    def tier(row: Row) -> str:
        if row["ICP Fit"] == "none":
            return "C"
        return "A" if row["ICP Fit"] == "core" and money(row["ARR (CNY)"]) >= 30_000 else "B"

    return {account: tier(row) for account, row in accounts().items()}


# --- pay -------------------------------------------------------------------------------------------------------------


def payees(role: str) -> list[str]:
    return [row["Employee"] for row in read("people") if row["Position"] == role]


def holder(account: str, role: str, on: date) -> str | None:
    """The person who holds the role for the account that day; the last day of an assignment does not count."""
    found = [
        row["Employee"]
        for row in read("assignments")
        if row["Account ID"] == account and row["Role"] == role and date.fromisoformat(row["Start"]) <= on
        if not row["End"] or on < date.fromisoformat(row["End"])
    ]
    assert len(found) < 2, (account, role, on, found)
    return found[0] if found else None


def whole_months_since_signing(deal: Row) -> int:
    signed = date.fromisoformat(accounts()[deal["Account ID"]]["First Signed"])
    return months_between(signed, date.fromisoformat(deal["Close Date"]))


def seller_credits(period: str) -> Iterator[tuple[str, str, str, Fraction, Fraction]]:
    """(payee, component, row, amount, rate) of every row of the quarter that pays a seller."""
    start, before = QUARTERS[period]
    for row in read("deals"):
        if not start <= date.fromisoformat(row["Close Date"]) < before:
            continue
        amount = money(row["Amount"])
        if row["Type"] == "new":
            yield row["Seller"], "new-business", row["Deal ID"], amount, NEW_BUSINESS
        else:
            soon = whole_months_since_signing(row) < UPSELL_MONTHS
            yield row["Seller"], "upsell", row["Deal ID"], amount, NEW_BUSINESS if soon else RESIDUAL
    for row in read("renewals"):
        due = day(row["Due Date"])
        if due is not None and start <= due < before:
            rate = NEW_BUSINESS if due < FULL_RATE_BEFORE else RESIDUAL
            yield row["Original Seller"], "renewal", row["Renewal ID"], money(row["Renewed"]), rate


def csm_credits(period: str) -> Iterator[tuple[str, str, str, Fraction, Fraction]]:
    """(payee, component, row, amount, rate) of every upsell of the quarter, to the manager of the day it closed."""
    start, before = QUARTERS[period]
    for row in read("deals"):
        closed = date.fromisoformat(row["Close Date"])
        if row["Type"] != "upsell" or not start <= closed < before:
            continue
        person = holder(row["Account ID"], "csm", closed)
        assert person is not None, f"{row['Deal ID']}: nobody to credit"
        rate = Fraction(0) if whole_months_since_signing(row) < UPSELL_MONTHS else MANAGER_UPSELL
        yield person, "upsell", row["Deal ID"], money(row["Amount"]), rate


def seller_payouts(period: str) -> Payouts:
    """Every seller × component of the quarter, 0.00 where nothing was earned."""
    lines = {(payee, part): Fraction(0) for payee in payees("seller") for part in ("new-business", "upsell", "renewal")}
    return _rounded(lines, seller_credits(period), period)


def csm_payouts(period: str) -> Payouts:
    """Every manager's upsell line of the quarter, 0.00 where nothing was earned."""
    return _rounded({(payee, "upsell"): Fraction(0) for payee in payees("csm")}, csm_credits(period), period)


def _rounded(
    lines: dict[tuple[str, str], Fraction],
    credits: Iterator[tuple[str, str, str, Fraction, Fraction]],
    period: str,
) -> Payouts:
    for payee, part, _, amount, rate in credits:
        lines[payee, part] += amount * rate
    return {(payee, period, part): half_away(exact) for (payee, part), exact in lines.items()}


def half_away(exact: Fraction) -> Decimal:
    """To the fen, halves away from zero."""
    fen = int(abs(exact) * 100 + Fraction(1, 2))
    return Decimal(fen if exact >= 0 else -fen).scaleb(-2)


# --- tasks -----------------------------------------------------------------------------------------------------------

CHINA = holidays.country_holidays("CN", years=range(2025, 2029))


def is_working_day(on: date) -> bool:
    return bool(CHINA.is_working_day(on))


def preceding(on: date) -> date:
    while not is_working_day(on):
        on -= timedelta(days=1)
    return on


def add_business_days(start: date, count: int) -> date:
    while count:
        start += timedelta(days=1)
        count -= is_working_day(start)
    return start


def usage_changes() -> dict[str, Fraction | None]:
    """This week against an average week of the four before; None where there was no use before."""
    week = (AS_OF - timedelta(days=6), AS_OF)
    prior = (AS_OF - timedelta(days=34), AS_OF - timedelta(days=7))
    used = {account: [0, 0] for account in accounts()}
    for row in read("usage"):
        on = date.fromisoformat(row["Day"])
        used[row["Account ID"]][0] += int(row["Active Users"]) if week[0] <= on <= week[1] else 0
        used[row["Account ID"]][1] += int(row["Active Users"]) if prior[0] <= on <= prior[1] else 0
    return {account: Fraction(now * 4, before) - 1 if before else None for account, (now, before) in used.items()}


def tasks() -> dict[tuple[str, str], Task]:
    """(account, task) to its day and owner: all tasks that fall due from AS_OF until the horizon."""
    found: dict[tuple[str, str], Task] = {}
    changes, graded = usage_changes(), tiers()
    for account, row in accounts().items():
        if graded[account] == "C":
            continue
        ends = date.fromisoformat(row["Contract End"])
        wanted = {
            "activity-review-9": preceding(add_months(ends, -9)),
            "activity-review-6": preceding(add_months(ends, -6)),
            "renewal-contact": preceding(add_months(ends, -3)),
            "commercial-offer": ends - timedelta(days=60),
        }
        change = changes[account]
        if change is not None and change <= Fraction(-30, 100):
            wanted["rescue-call"] = add_business_days(AS_OF, 2)
        for task, due in wanted.items():
            if AS_OF <= due < HORIZON_END:
                found[account, task] = _owned(account, due)
    return found


def _owned(account: str, due: date) -> Task:
    for role in ("csm", "cs_lead"):
        person = holder(account, role, due)
        if person is not None:
            return Task(due, person, role)
    return Task(due, None, None)


# --- rows ------------------------------------------------------------------------------------------------------------


def counts() -> dict[str, dict[str, int]]:
    """Per table: read, used, later (dated after AS_OF), rejected."""
    dated = {"deals": "Close Date", "renewals": "Due Date", "usage": "Day"}
    result = {}
    for table in ("people", "assignments", "accounts", "deals", "renewals", "usage"):
        rows = read(table)
        days = [day(row[dated[table]]) for row in rows] if table in dated else []
        later = sum(on is not None and on > AS_OF for on in days)
        rejected = sum(on is None for on in days)
        used = len(rows) - later - rejected
        result[table] = {"read": len(rows), "used": used, "later": later, "rejected": rejected}
    return result
