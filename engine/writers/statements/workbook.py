"""A statement as a workbook: what a payee can recompute is a formula, and shows what granger paid.

A formula is written only where, worked out exactly, it gives the amount paid to the cent; elsewhere the amount itself
stands. Texts of data are written as texts: none becomes a formula, a link or markup.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from fractions import Fraction
from io import BytesIO
from typing import Any

from ...amounts import round_to
from ...currencies import minor_digits
from ...outcome.pay.credits import CREDITED, Credited
from ...outcome.pay.lines import Payout, Step
from ..safe_text import CONTROL
from .language import Language
from .markdown import component_of, rate_of, reason_of, waiting_of
from .rows import COLUMNS
from .view import Key, Line, Statement
from .worked_out import label_of, period_of, quota_period, quotas_of, slices_of, told_of

_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""When it was made, else the time of day: the same statement is to be the same bytes."""

_LONGEST = 32_000
_EXACT = 10**15
"""Whole numbers of minor units below this are exact in the doubles of a workbook."""

_NO_TEXT = re.compile(f"{CONTROL}|[\ud800-\udfff\ufffe\uffff]")
_DAYS = {"en": "yyyy-mm-dd", "zh_CN": 'yyyy"年"m"月"d"日"', "zh_TW": 'yyyy"年"m"月"d"日"'}
_WIDTHS = (6, 18, 16, 20, 13, 15, 11, 15, 13, 13, 40, 24)
_GREEN, _SOFT = "#2f6b4f", "#5d6862"
_BAND: Mapping[str, object] = {"bold": True, "font_color": "#ffffff", "bg_color": _GREEN, "valign": "vcenter"}
_STYLES: Mapping[str, Mapping[str, object]] = {
    "": {"align": "left", "valign": "top", "indent": 1},
    "title": {"bold": True, "font_size": 14, "font_color": _GREEN},
    "soft": {"font_color": _SOFT},
    "header": {
        "bold": True,
        "font_color": "#ffffff",
        "bg_color": _GREEN,
        "valign": "vcenter",
        "align": "left",
        "indent": 1,
    },
    "figures": {"bold": True, "font_color": "#ffffff", "bg_color": _GREEN, "valign": "vcenter", "align": "right"},
    "strong": {"bold": True, "top": 1, "align": "left", "indent": 1},
    "right": {"align": "right", "valign": "top"},
    "wrapped": {"text_wrap": True, "align": "left", "valign": "top", "indent": 1},
}
_FIGURES = frozenset(
    ("number", "credited", "rate", "amount", "value", "target", "attained", "earns", "earning", "of", "input")
)
_LINE = (
    *("number", "plan", "period", "component", "kind", "credited", "rate", "amount", "currency", "status"),
    *("reason", "policy"),
)
_AMOUNT, _CURRENCY = "H", "I"


def workbook(statement: Statement, credits: Mapping[Key, Sequence[Credited]], language: Language) -> bytes:
    from xlsxwriter import Workbook

    out = BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": _text(language.word("title", payee=statement.payee)), "created": _NO_TIME})
    _Writing(book, language).write(statement, credits)
    book.close()
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Sum:
    """The cells of a column that add up, and what they add up to when worked out exactly."""

    cells: str
    amount: Fraction


@dataclass
class _Writing:
    book: Any
    language: Language
    row: int = 0
    formats: dict[str, Any] = field(default_factory=dict)

    def write(self, statement: Statement, credits: Mapping[Key, Sequence[Credited]]) -> None:
        said = self.language.word
        lines, under = self.book.add_worksheet(said("lines")), self.book.add_worksheet(said("steps")[:31])
        for sheet in (lines, under):
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)
            sheet.hide_gridlines(2)
            for column, width in enumerate(_WIDTHS):
                sheet.set_column(column, column, width)
        self.text(lines, 0, 0, said("title", payee=statement.payee), "title")
        self.text(lines, 1, 0, " · ".join(filter(None, (statement.workspace, ", ".join(statement.periods)))), "soft")
        self.header(lines, 3, _LINE)
        for row, line in enumerate(statement.lines, 4):
            own = credits.get(line.key, ()) if line.key else ()
            self.line(lines, row, line, self.details(under, line, own))
        self.totals(lines, statement)
        lines.freeze_panes(4, 0)

    def line(self, sheet: Any, row: int, line: Line, sums: list[Sum]) -> None:
        payout, said = line.payout, self.language.word
        digits = minor_digits(payout.currency)
        sheet.write_number(row, 0, line.number, self.style("right"))
        for column, text in enumerate(
            (payout.plan, payout.period, component_of(payout, self.language), said(f"kind_{payout.kind}")), 1
        ):
            self.text(sheet, row, column, text)
        self.number(sheet, row, 5, payout.credit_amount, digits)
        if payout.rate is not None:
            self.percent(sheet, row, 6, payout.rate)
        else:
            self.text(sheet, row, 6, rate_of(payout, self.language), "right")
        formula = _formula(payout, sums, digits, said("steps")[:31])
        if formula and payout.amount is not None:
            sheet.write_formula(row, 7, formula, self.money_format(digits), float(payout.amount))
        else:
            self.number(sheet, row, 7, payout.amount, digits)
        texts = (payout.currency, said(f"status_{payout.status}"), reason_of(payout, self.language), payout.source)
        for column, text in enumerate(texts, 8):
            self.text(sheet, row, column, text, "wrapped" if column == 10 else "")

    def totals(self, sheet: Any, statement: Statement) -> None:
        """``SUMIF`` over the lines of each currency."""
        first, last = 5, 4 + len(statement.lines)
        for n, total in enumerate(statement.totals):
            row, digits = last + 1 + n, minor_digits(total.currency)
            for column in range(len(_LINE)):
                sheet.write_blank(row, column, None, self.style("strong"))
            self.text(sheet, row, 1, self.language.word("total"), "strong")
            own = [line.payout.amount for line in statement.lines if line.payout.currency == total.currency]
            if all(_fits(amount, digits) for amount in (*own, total.amount) if amount is not None):
                cells = [f"{column}{first}:{column}{last}" for column in (_CURRENCY, _AMOUNT)]
                formula = f'=SUMIF({cells[0]},"{total.currency}",{cells[1]})'
                sheet.write_formula(row, 7, formula, self.money_format(digits, strong=True), float(total.amount))
            else:
                self.number(sheet, row, 7, total.amount, digits)
            self.text(sheet, row, 8, total.currency, "strong")
        if statement.waiting:
            self.text(sheet, last + 2 + len(statement.totals), 1, waiting_of(statement, self.language))

    def details(self, sheet: Any, line: Line, credits: Sequence[Credited]) -> list[Sum]:
        """What stands under the line, in the second sheet; the sums from which its amount may come, the best first."""
        slices, quotas = slices_of(line.payout), quotas_of(line.payout)
        if not (slices or line.attained or credits or line.payout.steps):
            return []
        head = f"{self.language.word('line_of', number=line.number)} · {line.payout.plan}, {line.payout.period}: "
        self.text(sheet, self.row, 0, head + component_of(line.payout, self.language), "title")
        self.row += 1
        if quotas:
            self.quotas(sheet, quotas, minor_digits(line.payout.currency))
        found = [
            *(self.attained(sheet, line) if line.attained else ()),
            *(self.slices(sheet, line) if slices or told_of(line.payout) else ()),
            *(self.credits(sheet, credits, minor_digits(line.payout.currency)) if credits else ()),
        ]
        self.row += 1
        return found

    def attained(self, sheet: Any, line: Line) -> list[Sum]:
        self.header(
            sheet,
            self.row,
            ("", "period", "measure", "value", "target", "attained", "earns", "earning", "of", "", "why"),
        )
        first, exact, sound = self.row + 2, Fraction(0), True
        for each in line.attained:
            self.row += 1
            row, digits = self.row, minor_digits(each.currency)
            self.text(sheet, row, 1, period_of(each, line, self.language))
            self.text(sheet, row, 2, each.measure)
            self.measured(sheet, row, 3, each.value, each.unit)
            self.measured(sheet, row, 4, each.target, each.unit)
            divides = each.value is not None and each.target and each.value / each.target == each.attainment
            if divides and each.attainment is not None:
                self.divided(sheet, row, each.attainment)
            else:
                self.measured(sheet, row, 5, each.attainment, "percent" if each.target is not None else each.unit)
            self.percent(sheet, row, 6, each.earns)
            product = each.earns * each.target_amount if each.earns is not None else None
            if (
                product is not None
                and each.earning is not None
                and abs(product - each.earning) < Fraction(1, 10**digits)
            ):
                formula = f"=G{row + 1}*I{row + 1}"
                sheet.write_formula(row, 7, formula, self.money_format(digits), float(product))
            else:
                product = each.earning
                self.number(sheet, row, 7, each.earning, digits)
            sound &= product is None or _fits(product, digits)
            exact += product or 0
            self.number(sheet, row, 8, each.target_amount, digits)
            self.text(sheet, row, 10, self.language.reason(each.reason), "wrapped")
        self.row += 2
        return [Sum(f"H{first}:H{self.row - 1}", exact)] if sound else []

    def quotas(self, sheet: Any, steps: Sequence[Step], digits: int) -> None:
        """How far the credits reach, in the columns of what a bonus attained."""
        self.header(sheet, self.row, ("", "period", "measure", "value", "target", "attained"))
        for step in steps:
            self.row += 1
            self.text(sheet, self.row, 1, quota_period(step))
            self.text(sheet, self.row, 2, self.language.word("credited"))
            self.number(sheet, self.row, 3, step.input, digits)
            self.number(sheet, self.row, 4, step.quota, digits)
            is_held = all(_fits(each or Fraction(0), digits) for each in (step.input, step.quota))
            if is_held and step.attainment is not None:
                self.divided(sheet, self.row, step.attainment)
            else:
                self.percent(sheet, self.row, 5, step.attainment)
        self.row += 2

    def divided(self, sheet: Any, row: int, attained: Fraction) -> None:
        """The value by the target."""
        sheet.write_formula(row, 5, f"=D{row + 1}/E{row + 1}", self.percent_format(), float(attained))

    def slices(self, sheet: Any, line: Line) -> list[Sum]:
        digits = minor_digits(line.payout.currency)
        self.header(sheet, self.row, ("", "slice", "", "", "", "input", "rate", "amount"))
        first, exact, sound = self.row + 2, Fraction(0), True
        slices = slices_of(line.payout)
        for n, step in enumerate(slices, 1):
            self.row += 1
            self.text(sheet, self.row, 1, label_of(step, line.payout) or str(n))
            self.number(sheet, self.row, 5, step.input, digits)
            self.percent(sheet, self.row, 6, step.rate)
            product = step.input * step.rate if step.input is not None and step.rate is not None else None
            if product is not None and product == step.amount and _fits(product, digits):
                formula = f"=F{self.row + 1}*G{self.row + 1}"
                sheet.write_formula(self.row, 7, formula, self.money_format(digits), float(product))
            else:
                self.number(sheet, self.row, 7, step.amount, digits)
            sound &= step.amount is not None and _fits(step.amount, digits)
            exact += step.amount or 0
        last = self.row
        for step in told_of(line.payout):
            self.row += 1
            self.text(sheet, self.row, 1, self.language.reason(step.text))
        self.row += 2
        return [Sum(f"H{first}:H{last + 1}", exact)] if sound and slices else []

    def credits(self, sheet: Any, credits: Sequence[Credited], digits: int) -> list[Sum]:
        """The columns of the lines above are those of the credits too: amounts stand under amounts."""
        at = dict(zip(COLUMNS, (1, 2, 3, 5, 6, 7, 10, 11), strict=True))
        header = [""] * 12
        for name, column in at.items():
            header[column] = name
        self.header(sheet, self.row, tuple(header))
        first, exact, sound = self.row + 2, Fraction(0), True
        for credit in credits:
            self.row += 1
            self.text(sheet, self.row, at["record"], credit.record)
            self.day(sheet, self.row, at["date"], credit.dated)
            self.text(sheet, self.row, at["account"], credit.account_id)
            self.number(sheet, self.row, at["amount"], credit.credit_amount, digits)
            self.percent(sheet, self.row, at["rate"], credit.rate)
            product = _product(credit)
            if product is not None and _fits(product, digits):
                formula = f"=F{self.row + 1}*G{self.row + 1}"
                sheet.write_formula(self.row, at["earning"], formula, self.money_format(digits), float(product))
            else:
                self.number(sheet, self.row, at["earning"], credit.earning, digits)
            counted = product if product is not None else credit.earning or Fraction(0)
            sound &= _fits(counted, digits)
            exact += counted
            why = " – ".join(filter(None, (self.language.reason(credit.reason), credit.because)))
            self.text(sheet, self.row, at["why"], why, "wrapped")
            self.text(sheet, self.row, at["policy"], credit.source)
        self.row += 2
        return [Sum(f"H{first}:H{self.row - 1}", exact)] if sound else []

    def header(self, sheet: Any, row: int, names: Sequence[str]) -> None:
        sheet.set_row(row, 20)
        for column, name in enumerate(names):
            style = self.style("figures" if name in _FIGURES else "header")
            if name:
                sheet.write_string(row, column, self.language.word(name), style)
            elif any(names[:column]):  # one band from the first word to the last
                sheet.write_blank(row, column, None, style)

    def text(self, sheet: Any, row: int, column: int, text: str, style: str = "") -> None:
        if text:
            sheet.write_string(row, column, _text(text), self.style(style))

    def day(self, sheet: Any, row: int, column: int, day: date) -> None:
        if day.year < 1901:  # before the calendar of workbooks
            self.text(sheet, row, column, day.isoformat())
        else:
            form = self.format({**_STYLES[""], "num_format": _DAYS[self.language.code]})
            sheet.write_datetime(row, column, day, form)

    def measured(self, sheet: Any, row: int, column: int, value: Fraction | None, unit: str) -> None:
        if unit == "percent":
            self.percent(sheet, row, column, value)
        elif unit == "number":
            self.number(sheet, row, column, value, None)
        else:
            self.number(sheet, row, column, value, minor_digits(unit))

    def number(self, sheet: Any, row: int, column: int, value: Fraction | None, digits: int | None) -> None:
        """``digits`` None: a number that is no money. One that no double holds to the cent is written as a text."""
        if value is None:
            return
        if not _fits(value, digits or 0):
            self.text(sheet, row, column, self.language.measured(value, "number"), "right")
            return
        form = self.money_format(digits) if digits is not None else self.format({"num_format": "#,##0.####"})
        if digits is None and value.denominator == 1:
            form = self.format({"num_format": "#,##0"})
        sheet.write_number(row, column, float(value), form)

    def percent(self, sheet: Any, row: int, column: int, value: Fraction | None) -> None:
        if value is not None and _fits(value, 6):
            sheet.write_number(row, column, float(value), self.percent_format())
        elif value is not None:
            self.text(sheet, row, column, self.language.percent(value), "right")

    def percent_format(self) -> Any:
        return self.format({"num_format": "0.00##%", "valign": "top"})

    def money_format(self, digits: int, *, strong: bool = False) -> Any:
        pattern = "#,##0" + (f".{'0' * digits}" if digits else "")
        red = f"{pattern};[Red]-{pattern}"
        return self.format({"num_format": red, "valign": "top", **({"bold": True, "top": 1} if strong else {})})

    def style(self, name: str) -> Any:
        return self.format(_STYLES[name])

    def format(self, properties: Mapping[str, object]) -> Any:
        """Each format once: a workbook holds few."""
        key = repr(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(dict(properties))
        return self.formats[key]


def _formula(payout: Payout, sums: list[Sum], digits: int, sheet: str) -> str:
    """Of the sums under the line the first that, rounded once, is its amount."""
    for found in sums:
        if payout.amount is not None and round_to(found.amount, digits) == payout.amount:
            return f"=ROUND(SUM('{sheet}'!{found.cells}),{digits})"
    return ""


def _product(credit: Credited) -> Fraction | None:
    """Its amount times its rate, where that is what it earns but for the cent that its line rounds."""
    if credit.status != CREDITED or credit.credit_amount is None or credit.rate is None or credit.earning is None:
        return None
    product = credit.credit_amount * credit.rate
    return product if _is_paid(product, credit.earning, minor_digits(credit.currency)) else None


def _is_paid(exact: Fraction, earning: Fraction | None, digits: int) -> bool:
    """Whether it is what was earned, but for the unit that rounding the line gave or took."""
    return earning is not None and abs(exact - earning) <= Fraction(1, 10**digits)


def _fits(value: Fraction, digits: int) -> bool:
    return bool(abs(value) * 10**digits < _EXACT)


def _text(text: str) -> str:
    """A text that a workbook can hold; the library takes one that is all ``<r>…</r>`` for markup."""
    cut = _NO_TEXT.sub(" ", text)
    cut = cut if len(cut) <= _LONGEST else f"{cut[:_LONGEST]}…"
    return f"{cut} " if cut.startswith("<r>") and cut.endswith("</r>") else cut
