"""Writes the sample data of rules/renewal-kpi: the CRM export of a made-up Chinese B2B software company.

    python -m bench.generate.renewal_kpi [--out FOLDER]       (from the repository root)

Everything is invented. Most of it is drawn by a seeded generator; what must be there to show or test a rule is planted
on purpose, under a comment that says which rule.
"""

from __future__ import annotations

import argparse
import calendar
import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

SEED = 20260930
AS_OF = date(2026, 9, 30)
FOLDER = Path("rules/renewal-kpi/data")

MANAGERS = ["Chen Siyuan", "Lin Yue", "Wang Jingyi", "Zhou Mingze"]
SELLERS = ["He Xinyi", "Liu Zihan", "Sun Haoran", "Xu Wenbo", "Zhao Lei"]
IDLE_IN_Q3 = "Xu Wenbo"  # sells and renews nothing from July to September: a statement of zero
LEAD = "Tang Weiqing"

CITIES = ["Hangzhou", "Shanghai", "Suzhou", "Chengdu", "Shenzhen", "Wuhan", "Nanjing", "Xiamen", "Qingdao", "Xi'an"]
WORDS = ["Lanqiao", "Qingyu", "Shanmu", "Yuncang", "Luye", "Zhulin", "Chixing", "Yanbo", "Muxi", "Shuoye", "Ruohai"]
TRADES = ["Logistics", "Retail", "Medical Supplies", "Education", "Instruments", "Foods", "Textiles", "Auto Parts"]
PLAIN_NAMES = ["杭州云岚屿科技", "上海青屿供应链（华东）", "苏州知禾教育", "成都拾光里文旅", "深圳「鹿野集」设计"]
PLAIN_NAMES += ["武汉长渚医药", "Nanjing 木棉里 Retail", "厦门海砂贸易", "Ningbo Haisha Trading Co., Ltd."]

# Signing days that a rule needs; all of them A or B.
EDGE_DAYS = {
    "clamp": date(2025, 12, 31),  # six months later is 30 June; its contact, 31 December less three months, is AS_OF
    "before-holiday": date(2024, 1, 3),  # contact on 3 October, in the National Day week: rolls back to 30 September
    "working-saturday": date(2023, 1, 10),  # contact on Saturday 10 October, worked in exchange: stays
    "short-month": date(2023, 8, 31),  # 31 August less nine months is 30 November
    "first-out": date(2024, 3, 29),  # contact on 29 December: the first day outside 90 days
    "last-in": date(2023, 3, 28),  # contact on 28 December: the last day inside
    "six-months": date(2026, 2, 12),  # upsell on 12 August: exactly six months, the manager's
    "day-short": date(2026, 3, 17),  # upsell on 16 September: a day short, the seller's
    "unserved": date(2025, 2, 10),  # contact on 10 November, and neither a manager nor a lead
    "lead-only": date(2024, 2, 21),  # left by its manager; falls back to the lead
    "just-signed": date(2026, 9, 28),  # no use before this week: usage_change is missing
}
HANDED_OVER = date(2026, 8, 17)  # a portfolio changes hands in the middle of Q3


@dataclass(slots=True)
class Account:
    signed_on: date
    edge: str = ""
    account_id: str = ""
    name: str = ""
    tier: str = ""
    fit: str = ""
    arr: int = 0  # in fen, like every amount here
    seats: int = 0
    seller: str = ""
    first_paid: str = ""
    renewal_on: date = AS_OF
    lost: bool = False
    overdue: int = 0
    held: list[tuple[str, str, date, date | None]] = field(default_factory=list)  # role, person, from, before

    def manager_on(self, day: date) -> str:
        for role, person, start, end in self.held:
            if role == "csm" and start <= day and (end is None or day < end):
                return person
        return ""

    def hand_over(self, person: str, day: date) -> None:
        """The present manager gives the account to ``person`` on ``day``."""
        role, present, start, _ = self.held[-1]
        self.held[-1] = (role, present, start, day)
        self.held.append(("csm", person, day, None))


@dataclass(slots=True)
class Deal:
    account: str
    kind: str
    amount: int
    closed_on: date
    seller: str


def add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def weekday(day: date) -> date:
    """The Friday before, on a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def money(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}"


# --- accounts --------------------------------------------------------------------------------------------------------


def signing_days(rng: Random) -> list[Account]:
    """34 customers from before July 2025, 38 since; few sign in the last quarter of a year."""
    made = [Account(day, edge) for edge, day in EDGE_DAYS.items()]

    def draw(count: int, year_from: int, year_to: int, months: Iterable[int]) -> None:
        choice = list(months)
        for _ in range(count):
            day = date(rng.randrange(year_from, year_to + 1), choice[rng.randrange(len(choice))], 1 + rng.randrange(28))
            made.append(Account(weekday(day)))

    draw(7, 2025, 2025, [1, 2, 3, 4, 5, 6])
    draw(15, 2022, 2024, [1, 2, 3, 4, 5, 6, 7, 8, 9])
    draw(5, 2022, 2024, [10, 11, 12])
    draw(8, 2025, 2025, [7, 8, 9])
    draw(5, 2025, 2025, [10, 11, 12])
    draw(6, 2026, 2026, [1, 2, 3])
    draw(8, 2026, 2026, [4, 5, 6])
    draw(7, 2026, 2026, [7, 8, 9])
    made.sort(key=lambda account: (account.signed_on, account.edge))
    return made


def grade(rng: Random, accounts: list[Account]) -> None:
    """30 A, 28 B, 14 C; the two that sit on the line between A and B are planted."""
    tiers = ["A"] * 30 + ["B"] * 28 + ["C"] * 14
    rng.shuffle(tiers)
    plain = [account for account in accounts if not account.edge]
    for account in accounts:
        account.tier = tiers.pop(next(i for i, tier in enumerate(tiers) if tier != "C")) if account.edge else ""
    for account, tier in zip(plain, tiers, strict=True):
        account.tier = tier
    for account in accounts:
        core = account.tier == "A" or (account.tier == "B" and rng.randrange(3) > 0)
        account.fit = "none" if account.tier == "C" else "core" if core else "edge"
        if core and account.tier == "B":
            account.seats, price = rng.randrange(8, 40), rng.randrange(68_000, 73_000)
        elif core:
            account.seats, price = rng.randrange(45, 400), rng.randrange(71_000, 118_000)
        else:  # an edge or a hopeless fit may well be large: size alone does not make a grade
            account.seats, price = rng.randrange(10, 260), rng.randrange(71_000, 118_000)
        account.arr = account.seats * price
    core_plain = [account for account in plain if account.fit == "core"]
    for tier, arr in (("A", 3_000_000), ("B", 2_999_999)):  # 30,000.00 is A, 29,999.99 is B
        on_the_line = next(account for account in core_plain if account.tier == tier)
        on_the_line.arr, on_the_line.seats = arr, 40


def describe(rng: Random, accounts: list[Account]) -> None:
    """Ids, names, sellers, first payments."""
    names: list[str] = []
    while len(names) < len(accounts) - len(PLAIN_NAMES):
        parts = CITIES[rng.randrange(len(CITIES))], WORDS[rng.randrange(len(WORDS))], TRADES[rng.randrange(len(TRADES))]
        if all(parts[1] not in name or parts[2] not in name for name in names):
            names.append(" ".join(parts))
    names += PLAIN_NAMES
    rng.shuffle(names)
    for number, (account, name) in enumerate(zip(accounts, names, strict=True), start=1):
        account.account_id, account.name = f"A-{number:03d}", name
        busy_in_q3 = account.signed_on.month in (7, 8, 9)
        sellers = [seller for seller in SELLERS if seller != IDLE_IN_Q3] if busy_in_q3 else SELLERS
        account.seller = sellers[rng.randrange(len(sellers))]
        account.first_paid = (account.signed_on + timedelta(days=rng.randrange(3, 50))).isoformat()
        account.overdue = rng.randrange(4, 75) if rng.randrange(6) == 0 else 0
        if date.fromisoformat(account.first_paid) > AS_OF:
            account.first_paid = ""
    settled = [account for account in accounts if account.signed_on.year == 2026 and account.first_paid]
    settled[3].first_paid = settled[7].first_paid = ""  # signed months ago, not paid yet
    accounts[11].first_paid = "n/a"  # dirt: an optional cell that is no date


# --- contracts -------------------------------------------------------------------------------------------------------


def renew(rng: Random, accounts: list[Account]) -> list[list[str]]:
    """One row per contract due in 2026; a contract that was renewed ends a year later, a lost one on its due date."""
    rows: list[tuple[date, list[str]]] = []
    plain = [a for a in accounts if not a.edge and a.signed_on < date(2025, 7, 1)]
    gone = [a for a in plain if add_months(a.signed_on, 12 * (2026 - a.signed_on.year)) < date(2026, 8, 20)]
    for account in [a for a in gone if a.tier != "C"][2:14:3] + [a for a in gone if a.tier == "C"][:2]:
        account.lost = True
    early = 0

    def row(account: Account, due_on: date, due: int, renewed: int, upsold: int) -> None:
        cells = [account.account_id, due_on.isoformat(), money(due), money(renewed), money(upsold), account.seller]
        rows.append((due_on, cells))

    for account in accounts:
        due_on = add_months(account.signed_on, 12 * (2026 - account.signed_on.year))
        if account.signed_on.year == 2026:
            account.renewal_on = add_months(account.signed_on, 12)
            continue
        account.renewal_on = add_months(account.signed_on, 12 * (2027 - account.signed_on.year))
        due = account.arr * rng.randrange(880, 1001) // 1000
        shrunk = due * rng.randrange(700, 960) // 1000 if rng.randrange(3) == 0 else due
        upsold = account.arr * rng.randrange(40, 260) // 1000 if rng.randrange(3) == 0 else 0
        if account.edge == "clamp":  # its first contract ends on 31 December 2026 and is still open
            account.renewal_on = due_on
        elif account.lost:
            account.renewal_on = due_on
            row(account, due_on, due, 0, 0)
        elif due_on <= AS_OF:
            row(account, due_on, due, shrunk, upsold)
        elif early < 5:  # signed before it was due; for a run as of September its row is later
            early += 1
            row(account, due_on, due, shrunk, upsold)
        else:
            account.renewal_on = due_on
    busy = [a for a in accounts if a.seller != IDLE_IN_Q3 and not a.lost and a.signed_on.year < 2025 and a.tier != "C"]
    # a second contract: a module with a date of its own
    seconds = [(date(2026, 5, 20), 1), (date(2026, 8, 5), 0), (date(2026, 9, 10), 1)]
    for account, (due_on, kept) in zip(busy[1:8:3], seconds, strict=True):
        due = account.arr * 3 // 10
        row(account, due_on, due, due * kept, 0)
    bad = busy[3]  # dirt: a day that does not exist
    rows.append((AS_OF, [bad.account_id, "2026-09-31", "46,200.00", "46,200.00", "0.00", bad.seller]))
    rows.sort(key=lambda entry: (entry[0], entry[1]))
    return [[f"R-{number:04d}", *cells] for number, (_, cells) in enumerate(rows, start=1)]


# --- who holds what --------------------------------------------------------------------------------------------------


def assign(accounts: list[Account]) -> None:
    """Four portfolios, and what happened to them in 2026."""
    for number, account in enumerate(accounts):
        start = max(account.signed_on, date(2025, 1, 6))
        account.held = [("csm", MANAGERS[number % 4], start, None)]
    steady = [a for a in accounts if not a.lost and not a.edge and a.signed_on < date(2026, 1, 1)]
    of = {manager: [a for a in steady if a.held[0][1] == manager] for manager in MANAGERS}
    chen, lin, zhou = of["Chen Siyuan"], of["Lin Yue"], of["Zhou Mingze"]
    for account in chen[2:5]:
        account.hand_over("Lin Yue", date(2026, 3, 2))
    for account in lin[4:6]:
        account.hand_over("Wang Jingyi", date(2026, 5, 18))
    for account in zhou[1:7]:
        account.hand_over("Wang Jingyi", HANDED_OVER)
    for account in chen[5:7]:  # agreed already: tasks due later are the next manager's
        account.hand_over("Zhou Mingze", date(2026, 11, 2))
    chen[3].hand_over("Wang Jingyi", date(2026, 7, 1))  # its third manager this year

    edge = {a.edge: a for a in accounts if a.edge}
    for name, day in (("unserved", date(2026, 9, 1)), ("lead-only", date(2026, 9, 14))):
        role, person, start, _ = edge[name].held[-1]
        edge[name].held[-1] = (role, person, start, day)
    edge["lead-only"].held.append(("cs_lead", LEAD, date(2026, 9, 14), None))
    largest = sorted((a for a in accounts if a.tier == "A" and not a.lost), key=lambda a: -a.arr)
    for account in [a for a in largest if not a.edge][:3]:
        account.held.append(("cs_lead", LEAD, date(2026, 1, 5), None))  # sponsored: the manager still comes first


# --- deals -----------------------------------------------------------------------------------------------------------


def sell(rng: Random, accounts: list[Account]) -> list[list[str]]:
    deals = [
        Deal(a.account_id, "new", a.arr * rng.randrange(930, 1001) // 1000, a.signed_on, a.seller)
        for a in accounts
        if a.signed_on >= date(2025, 7, 1)
    ]
    plan = [  # first day, days, upsells inside six months of signing, upsells after
        (date(2025, 7, 1), 90, 1, 2),
        (date(2025, 10, 8), 80, 2, 3),
        (date(2026, 1, 5), 80, 3, 3),
        (date(2026, 4, 1), 88, 5, 6),
        (date(2026, 7, 1), 88, 6, 7),
        (date(2026, 10, 9), 8, 1, 2),  # later than the run
    ]
    for first, days, inside, after in plan:
        for wanted in [True] * inside + [False] * after:
            deals.append(_upsell(rng, accounts, first, days, wanted))
    deals += _planted(accounts)
    deals.sort(key=lambda deal: (deal.closed_on, deal.account, deal.kind))
    return [
        [f"D-{number:04d}", d.account, d.kind, money(d.amount), d.closed_on.isoformat(), d.seller]
        for number, d in enumerate(_half_fen(accounts, deals), start=1)
    ]


def _upsell(rng: Random, accounts: list[Account], first: date, days: int, inside: bool) -> Deal:
    """An upsell to a customer whom somebody manages, within six months of signing or well after."""
    while True:
        account = accounts[rng.randrange(len(accounts))]
        day = weekday(first + timedelta(days=rng.randrange(days)))
        served = not account.lost and account.manager_on(day) and not account.edge and day >= first
        idle = account.seller == IDLE_IN_Q3 and date(2026, 7, 1) <= day <= AS_OF
        since = (day - account.signed_on).days
        if served and not idle and (20 <= since <= 175 if inside else since >= 190):
            amount = account.arr * rng.randrange(60, 420) // 1000
            return Deal(account.account_id, "upsell", amount, day, account.seller)


def _planted(accounts: list[Account]) -> list[Deal]:
    edge = {a.edge: a for a in accounts if a.edge}
    moved = [a for a in accounts if any(start == HANDED_OVER for _, _, start, _ in a.held) and a.seller != IDLE_IN_Q3]
    old = [a for a in moved if a.signed_on < date(2025, 7, 1)]
    for name in ("six-months", "day-short"):
        assert edge[name].seller != IDLE_IN_Q3, "choose another seed: the idle seller would sell in Q3"
    planted = [
        (edge["clamp"], 1_864_350, date(2026, 6, 30)),  # six whole months, because 31 June does not exist
        (edge["six-months"], 2_437_117, date(2026, 8, 12)),
        (edge["day-short"], 1_988_863, date(2026, 9, 16)),
        (old[0], 3_105_481, HANDED_OVER - timedelta(days=3)),  # the Friday before: still the old manager's
        (old[1], 2_250_039, HANDED_OVER),  # the day itself: already the new one's
    ]
    stray = Deal("A-107", "new", 5_248_000, date(2026, 7, 21), "Sun Haoran")  # dirt: an account nobody knows
    return [stray, *(Deal(a.account_id, "upsell", fen, day, a.seller) for a, fen, day in planted)]


def _half_fen(accounts: list[Account], deals: list[Deal]) -> list[Deal]:
    """Wang Jingyi's 2 % of Q3 is made to end in exactly half a fen, above an even one: half-up and half-even differ."""
    by_id = {a.account_id: a for a in accounts}
    hers = [
        deal
        for deal in deals
        if deal.kind == "upsell"
        and date(2026, 7, 1) <= deal.closed_on <= AS_OF
        and by_id[deal.account].manager_on(deal.closed_on) == "Wang Jingyi"
        and add_months(by_id[deal.account].signed_on, 6) <= deal.closed_on
    ]
    hers[-1].amount += (25 - sum(deal.amount for deal in hers)) % 100
    return deals


# --- use -------------------------------------------------------------------------------------------------------------

THIS_WEEK = AS_OF - timedelta(days=6)
FIVE_WEEKS = AS_OF - timedelta(days=34)
OCTOBER = [date(2026, 10, 8), date(2026, 10, 9)]
# Mondays and Wednesdays of the four weeks before and of this week
EXACT = [(39, 41), (40, 40), (42, 38), (37, 43), (28, 28)]  # 56 / 80 - 1 is exactly -30 %
NEAR = [(39, 41), (40, 40), (42, 38), (37, 43), (28, 29)]  # 57 / 80 - 1 is -28.75 %
Script = int | list[tuple[int, int]]


def use(rng: Random, accounts: list[Account]) -> list[list[str]]:
    """Ten weeks ending with AS_OF, on the same two or three weekdays each week, and a few rows of October."""
    scripts = _falls(accounts)
    rows: list[tuple[date, str, int]] = []
    for account in accounts:
        script = scripts.get(account.account_id, 100)
        drawn = [(0, 2), (1, 3), (0, 1, 3), (0, 2, 3)][rng.randrange(4)]
        weekdays = drawn if isinstance(script, int) else (0, 2)
        usual = max(12, account.seats * rng.randrange(30, 80) // 100)
        for day in _days(account):
            users = usual * rng.randrange(93, 108) // 100
            if day <= AS_OF and day.weekday() in weekdays:
                rows.append((day, account.account_id, _scripted(script, day, usual, users)))
            elif day in OCTOBER and account.account_id[-1] in "369":
                rows.append((day, account.account_id, users))
    return [[account_id, day.isoformat(), str(users)] for day, account_id, users in sorted(rows) if users]


def _days(account: Account) -> list[date]:
    first = max(AS_OF - timedelta(days=69), account.signed_on)
    last = min(account.renewal_on, OCTOBER[-1]) if account.lost else OCTOBER[-1]
    return [first + timedelta(days=step) for step in range((last - first).days + 1)]


def _scripted(script: Script, day: date, usual: int, users: int) -> int:
    if isinstance(script, int):
        return usual * script // 100 if script < 100 and day >= THIS_WEEK else users
    return script[(day - FIVE_WEEKS).days // 7][day.weekday() // 2] if day >= FIVE_WEEKS else 40


def _falls(accounts: list[Account]) -> dict[str, Script]:
    """Whose use fell this week: to so many percent of the usual, or by the exact figures of a script."""
    steady = [a for a in accounts if not a.lost and not a.edge and a.signed_on < date(2026, 7, 1) and len(a.held) < 3]
    targets = [a.account_id for a in steady if a.tier != "C" and a.manager_on(AS_OF)]
    hopeless = [a.account_id for a in steady if a.tier == "C"]
    return {
        targets[3]: 61,
        targets[9]: 47,
        targets[16]: EXACT,
        targets[22]: 0,
        targets[27]: 55,
        targets[33]: NEAR,  # not far enough for a task
        hopeless[2]: 40,  # a C account gets no task
    }


# --- files -----------------------------------------------------------------------------------------------------------

HEADERS = {
    "people": ["Employee", "Position"],
    "assignments": ["Account ID", "Role", "Employee", "Start", "End"],
    "accounts": ["Account ID", "Account Name", "ARR (CNY)", "ICP Fit", "Seats", "First Signed", "First Payment",
                 "Contract End", "Days Overdue"],
    "deals": ["Deal ID", "Account ID", "Type", "Amount", "Close Date", "Seller"],
    "renewals": ["Renewal ID", "Account ID", "Due Date", "Due", "Renewed", "Upsell at Renewal", "Original Seller"],
    "usage": ["Account ID", "Day", "Active Users"],
}  # fmt: skip


def tables() -> dict[str, list[list[str]]]:
    """Every table of the pack, by name."""
    rng = Random(SEED)
    accounts = signing_days(rng)
    grade(rng, accounts)
    describe(rng, accounts)
    renewals = renew(rng, accounts)
    assign(accounts)
    deals = sell(rng, accounts)
    usage = use(rng, accounts)
    positions = [(LEAD, "cs_lead"), *((p, "csm") for p in MANAGERS), *((p, "seller") for p in SELLERS)]
    return {
        "people": [[person, role] for person, role in positions],
        "assignments": [
            [a.account_id, role, person, start.isoformat(), end.isoformat() if end else ""]
            for a in accounts
            for role, person, start, end in a.held
        ],
        "accounts": [
            [
                *(a.account_id, a.name, money(a.arr), a.fit, str(a.seats)),
                *(a.signed_on.isoformat(), a.first_paid, a.renewal_on.isoformat(), str(a.overdue)),
            ]
            for a in accounts
        ],
        "deals": deals,
        "renewals": renewals,
        "usage": usage,
    }


def write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables().items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(HEADERS[name])
            writer.writerows(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description="write the sample data of rules/renewal-kpi")
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder for the CSV files")
    folder = parser.parse_args().out
    write(folder)
    print(f"sample data written to {folder}")


if __name__ == "__main__":
    main()
