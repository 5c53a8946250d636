"""A payee's statement in Markdown: every line with its credits, rates, policy line, and a reason on every zero."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import TypeAlias

from ..amounts import grouped, percent
from ..currencies import minor_digits
from ..outcome.pay.bonus import Attainment
from ..outcome.pay.credit_frame import Credits
from ..outcome.pay.credits import Credited
from ..outcome.pay.lines import Payout

SPECIAL = r"([\\`*_{}\[\]<>#|~&!$])"
CONTROL = r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
_UNSAFE = re.compile(r"[^\w.-]+")

Key: TypeAlias = tuple[str, str, str, str]
"""Plan, payee, period and component: a line of the statement, but for its currency."""


def statements(
    payouts: Iterable[Payout], credits: Iterable[Credited], attainments: Iterable[Attainment]
) -> dict[str, str]:
    """File name -> text, one statement a payee, who can recompute every line of it by hand."""
    attained: dict[Key, list[Attainment]] = {}
    for each in attainments:
        attained.setdefault((each.plan, each.payee, each.paid_in, each.component), []).append(each)
    lines: dict[str, list[Payout]] = {}
    for line in payouts:
        lines.setdefault(line.payee, []).append(line)
    rows = _credit_lines(credits)
    return {file_name(payee): _statement(payee, own, rows, attained) for payee, own in sorted(lines.items())}


def _credit_lines(credits: Iterable[Credited]) -> Mapping[Key, str]:
    if isinstance(credits, Credits) and credits.frames:
        from .statement_columns import credit_lines

        return credit_lines(credits)
    return {key: "\n".join(map(credit_line, own)) for key, own in by_line(credits).items()}


def by_line(credits: Iterable[Credited]) -> dict[Key, list[Credited]]:
    """The credits under each line, in their order."""
    found: dict[Key, list[Credited]] = {}
    for credit in credits:
        found.setdefault((credit.plan, credit.payee, credit.period, credit.component), []).append(credit)
    return found


def file_name(person: str, ending: str = "md") -> str:
    """A safe file name that two persons never share, on file systems without regard to case either."""
    safe = _UNSAFE.sub("-", person).strip("-.")[:60] or "payee"
    digest = hashlib.sha256(person.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{safe}-{digest}.{ending}"


def escaped(text: str) -> str:
    """Text of data as Markdown that shows it and runs none of it."""
    return re.sub(SPECIAL, r"\\\1", re.sub(CONTROL, " ", text))


def measured(value: Fraction | None, unit: str) -> str:
    """A measure, its target or what was attained, in its unit: percent, number or a currency."""
    if value is None:
        return "–"
    if unit == "percent":
        return percent(value)
    return grouped(value) if unit == "number" else grouped(value, minor_digits(unit))


def _money(value: Fraction | None, currency: str) -> str:
    return grouped(value, minor_digits(currency)) if value is not None else "–"


def _statement(
    payee: str,
    lines: list[Payout],
    rows: Mapping[Key, str],
    attained: Mapping[Key, list[Attainment]],
) -> str:
    out = [f"# Statement of {escaped(payee)}", ""]
    out += [
        "| plan | period | component | credited | rate | amount | reason | policy |",
        "|---|---|---|--:|--:|--:|---|---|",
    ]
    for line in lines:
        rate = percent(line.rate) if line.rate is not None else ("several" if line.credits else "–")
        cells = (
            escaped(line.plan),
            line.period,
            escaped(line.component),
            _money(line.credit_amount, line.currency),
            rate,
            _money(line.amount, line.currency),
            escaped(line.reason),
            f"`{line.source}`",
        )
        out.append(f"| {' | '.join(cells)} |")
    out += ["", *_totals(lines)]
    for line in lines:
        key = line.plan, line.payee, line.period, line.component
        own, reached = rows.get(key, ""), attained.get(key, [])
        if own or reached:
            out += ["", f"## {escaped(line.plan)}, {line.period}: {escaped(line.component)}"]
        if reached:
            out += ["", *_attained(reached)]
        if line.steps:
            out += ["", *(f"- {escaped(step.text)}" for step in line.steps)]
        if own:
            out += ["", *_CREDITS, own]
    return "\n".join(out) + "\n"


def _totals(lines: list[Payout]) -> list[str]:
    totals: dict[str, Fraction] = {}
    for line in lines:
        totals[line.currency] = totals.get(line.currency, Fraction(0)) + (line.amount or Fraction(0))
    waiting = sum(line.waiting_credits for line in lines)
    out = [f"**Total: {_money(total, currency)} {currency}**" for currency, total in sorted(totals.items())]
    return out + ([f"\n{waiting} credits wait; they are paid once what they need is known."] if waiting else [])


def _attained(own: list[Attainment]) -> list[str]:
    out = ["| period | measure | value | target | attained | earns | of | earning | why |"]
    out.append("|---|---|--:|--:|--:|--:|--:|--:|---|")
    for each in own:
        cells = (
            each.period,
            escaped(each.measure),
            measured(each.value, each.unit),
            measured(each.target, each.unit),
            measured(each.attainment, "percent" if each.target is not None else each.unit),
            measured(each.earns, "percent"),
            _money(each.target_amount, each.currency),
            _money(each.earning, each.currency),
            escaped(each.reason),
        )
        out.append(f"| {' | '.join(cells)} |")
    return out


_CREDITS = "| record | date | account | amount | rate | earning | why | policy |", "|---|---|---|--:|--:|--:|---|---|"


def credit_line(credit: Credited) -> str:
    why = " – ".join(part for part in (credit.reason, credit.because) if part)
    cells = (
        escaped(credit.record),
        credit.dated.isoformat(),
        escaped(credit.account_id),
        _money(credit.credit_amount, credit.currency),
        percent(credit.rate) if credit.rate is not None else "–",
        _money(credit.earning, credit.currency),
        escaped(why),
        f"`{credit.source}`",
    )
    return f"| {' | '.join(cells)} |"
