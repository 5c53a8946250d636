"""Statements of credits in columns are those of the same credits one by one, on texts and numbers of every nasty kind."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from fractions import Fraction
from itertools import product

import polars as pl
from granger.engine.columns import INT64
from granger.engine.outcome.pay.credit_frame import COLUMNS, NUMBERS, CreditFrame, Credits, credit_order
from granger.engine.outcome.pay.credits import Credited
from granger.engine.writers.safe_text import escaped
from granger.engine.writers.statements.language import language
from granger.engine.writers.statements.rows import HTML, MARKDOWN, credit_rows

PAYEES = ["Ann", "Zoë", "=1+1", "a|b*c", "two\nlines", "漢字"]
PIECES = ["", "a", "|", "\\", "`", "*_", "{}", "[x](y)", "<b>", "#", "~~", "&&", "!", "$", "--", "\n", "\r\n", "\t", "\x00", "\x1f", "\x7f", "\x85",
          "\x9f", "\xa0", "\u2027", "\u2028", "\u2029", "\u202a", "\u202e", "\u202f", "\u2066", "\u2069", "\u206a", "é", "中", "\U0001f600", " "]  # fmt: skip
PLANS = ["one", "two"]
COMPONENTS = {"sales": "CNY", "upsell": "JPY", "extra": "KWD"}


def text(rng: random.Random) -> str:
    return "".join(rng.choice(PIECES) for _ in range(rng.choice([0, 1, 1, 2, 5])))


def credit(rng: random.Random, plan: str, component: str, row: int) -> Credited:
    def number(*divisors: int) -> Fraction | None:
        top = rng.choice([0, 1, -1, 5, 125, -125, rng.randint(-(10**6), 10**9), 10**15, 2**80])
        return None if rng.random() < 0.1 else Fraction(top, rng.choice(divisors))

    return Credited(
        plan=plan, payee=rng.choice(PAYEES), period="2026-Q3", component=component, table="deals", record=text(rng) or f"row {row}",
        file="deals.csv", row=row, account_id=text(rng), dated=date(2026, 7, rng.randint(1, 3)), credit_amount=number(1, 100, 600),
        rate=number(100, 3, 10**6), share=Fraction(1), earning=number(10 ** {"JPY": 0, "CNY": 2, "KWD": 3}[COMPONENTS[component]]),
        currency=COMPONENTS[component], status="credited", because=text(rng), reason=rng.choice([text(rng), "the rate is 0%", "capped; a|b"]), source="comp.yaml:7",
    )  # fmt: skip


def framed(credits: list[Credited]) -> CreditFrame:
    same = {name: getattr(credits[0], name) for name in ("plan", "period", "component", "table", "file", "currency")}
    divisors = {"credit_amount": 600, "rate": 3 * 10**6, "share": 1, "earning": 1000}
    columns = {name: [getattr(each, name) for each in credits] for name in COLUMNS if name not in same}
    for name in NUMBERS:
        whole = [None if value is None else int(value * divisors[name]) for value in columns[name]]
        fits = all(value is None or value in INT64 for value in whole)
        columns[name] = pl.Series(whole, dtype=pl.Int64 if fits else pl.Int128)
    return CreditFrame(pl.DataFrame(columns), divisors, same)


def test_rows_are_alike() -> None:
    met: Counter[str] = Counter()
    for seed in range(40):
        rng = random.Random(seed)
        frames, singly = [], []
        for plan, component in product(PLANS, COMPONENTS):
            found = sorted(
                (credit(rng, plan, component, row) for row in range(rng.choice([0, 1, 20, 40]))), key=credit_order
            )
            # one by one: nobody, whole payees, or some of a payee's; and twice a frame for one line
            alone = rng.choice([[], PAYEES[:2], []])
            apart = [each for each in found if each.payee in alone or (seed % 4 == 0 and rng.random() < 0.1)]
            rest = [each for each in found if each not in apart]
            cut = rng.choice([0, len(rest) // 2]) if seed % 5 == 0 else 0
            frames += [framed(part) for part in (rest[:cut], rest[cut:]) if part]
            singly += apart
        credits = Credits(frames, singly)
        form, spoken = rng.choice([HTML, MARKDOWN]), language(rng.choice(["en", "zh_CN"]))
        assert credit_rows(credits, form, spoken) == credit_rows(list(credits), form, spoken)
        keys = {(each.plan, each.payee, each.period, each.component) for each in credits}
        assert credit_rows(credits, form, spoken).keys() == keys
        met["lines"] += len(credits)
        met["keys"] += len(keys)
        met["singly"] += len(singly)
        met["escaped"] += sum(escaped(each.record) != each.record for each in credits)
        met["frames"] += len(frames)
    assert (
        met["lines"] > 1500
        and met["keys"] > 500
        and met["singly"] > 100
        and met["escaped"] > 500
        and met["frames"] > 150
    )
