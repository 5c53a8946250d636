"""What payroll pays: lines of statements summed by payee, period, earning code and currency; what is left, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ...amounts import plain
from ...currencies import minor_digits
from ...policy.model_pay_forms import EarningCode, Payroll, PayrollFile
from ...policy.names import PEOPLE
from ...tables.shape import Table, Value
from .lines import Payout


@dataclass(frozen=True, slots=True)
class Paid:
    """A row for payroll. ``amount`` is not 0."""

    payee: str
    period: str
    code: str
    amount: Fraction
    currency: str


@dataclass(frozen=True, slots=True)
class Unpaid:
    """A line, or credits of one, that payroll does not pay. ``amount`` is None where it is not known yet."""

    plan: str
    period: str
    payee: str
    component: str
    kind: str
    amount: Fraction | None
    currency: str
    waiting_credits: int
    reason: str


@dataclass(frozen=True, slots=True)
class ForPayroll:
    """The amounts of both lists together are those of all lines."""

    paid: Sequence[Paid]
    unpaid: Sequence[Unpaid]


def for_payroll(payroll: Payroll, lines: Sequence[Payout], people: Table | None) -> ForPayroll:
    """Lines of one payee, period, code and currency are one row; one that comes to 0 is none."""
    unpaid: list[Unpaid] = []
    sums: dict[tuple[str, str, str, str], Fraction] = {}
    lacking = dict(_lacking(payroll.files, people, {line.payee for line in lines}))
    mixed = _mixed(payroll.files, lines)
    for line in lines:
        if line.amount is None or line.waiting_credits:
            unpaid.append(_unpaid(line, None, line.reason))
        if not line.amount:
            continue
        code = next((code.code for code in payroll.codes if _names(code, line)), "")
        why = lacking.get(line.payee, "") or ("" if code else "no earning code holds for this line") or mixed
        if why:
            unpaid.append(_unpaid(line, line.amount, why))
        else:
            key = line.payee, line.period, code, line.currency
            sums[key] = sums.get(key, Fraction(0)) + line.amount
    paid = [
        Paid(payee, period, code, amount, currency)
        for (payee, period, code, currency), amount in sums.items()
        if amount
    ]
    return ForPayroll(sorted(paid, key=lambda row: (row.payee, row.period, row.code, row.currency)), unpaid)


def payroll_rows(file: PayrollFile, paid: Iterable[Paid], people: Table | None) -> Iterator[list[str]]:
    """The cells of the rows of ``file``, amounts at their minor unit."""
    fields = {column.field: _by_person(people, column.field) for column in file.columns if column.table == PEOPLE}
    for row in paid:
        yield [
            column.text or (fields[column.field][row.payee] if column.table else _field(row, column.field))
            for column in file.columns
        ]


def _field(row: Paid, name: str) -> str:
    value = getattr(row, name)
    return plain(value, minor_digits(row.currency)) if isinstance(value, Fraction) else str(value)


def _names(code: EarningCode, line: Payout) -> bool:
    return code.plan in ("", line.plan) and code.component in ("", line.component) and code.kind in ("", line.kind)


def _unpaid(line: Payout, amount: Fraction | None, reason: str) -> Unpaid:
    waiting = line.waiting_credits if amount is None else 0
    return Unpaid(line.plan, line.period, line.payee, line.component, line.kind, amount, line.currency, waiting, reason)


def _lacking(files: Sequence[PayrollFile], people: Table | None, payees: set[str]) -> Iterator[tuple[str, str]]:
    """Payee -> the first column that has nothing for them."""
    columns = [column for file in files for column in file.columns if column.table]
    values = {column.field: _by_person(people, column.field) for column in columns}
    for payee in sorted(payees):
        empty = next((column for column in columns if not values[column.field].get(payee)), None)
        if empty is not None:
            yield payee, f"people.{empty.field} is empty, which {empty.header} is to hold"


def _mixed(files: Sequence[PayrollFile], lines: Sequence[Payout]) -> str:
    """Amounts of several currencies are no amounts of money where nothing says which."""
    currencies = sorted({line.currency for line in lines if line.amount})
    for file in files:
        if len(currencies) > 1 and all(column.field != "currency" for column in file.columns):
            return f"{file.file} has no column for the currency, and there are {', '.join(currencies)}"
    return ""


def _by_person(people: Table | None, field: str) -> Mapping[str, str]:
    if people is None:
        return {}
    return {str(who): _told(value) for who, value in zip(people.columns["person"], people.columns[field], strict=True)}


def _told(value: Value) -> str:
    if isinstance(value, Fraction):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)
