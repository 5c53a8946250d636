"""Statements in every form and language: the same lines, whatever the data says, and the same bytes every time."""

from __future__ import annotations

import csv
import json
import re
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from html.parser import HTMLParser
from importlib.resources import files
from io import BytesIO
from itertools import product
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from babel.numbers import format_currency, format_decimal, format_percent
from granger.engine.diagnostics import RequestRejected
from granger.engine.outcome.pay.lines import KINDS, Payout
from granger.engine.policy.model_pay_forms import STATEMENT_FORMS, StatementForms
from granger.engine.writers.safe_text import CONTROL, escaped, file_name
from granger.engine.writers.statements.language import LANGUAGES, language
from granger.engine.writers.statements.pdf import pdf, unprintable
from granger.engine.writers.statements.written import statement_files

from .paid_values import ATTAINED, CREDITS, FORMULAS, LIN, LINES, MO, SLICES, line


def can_print() -> bool:
    """Pango is a library of the system, which not every machine that runs these tests may have."""
    try:
        return pdf("<p>1</p>").startswith(b"%PDF")
    except RequestRejected:
        return False


FORMS = tuple(form for form in STATEMENT_FORMS if form != "pdf" or can_print())
SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def written(form: str, code: str = "en", lines=LINES, credits=CREDITS, attained=ATTAINED) -> dict[str, str | bytes]:
    """By payee."""
    found = statement_files(StatementForms((form,), code), "northwind", lines, credits, attained)
    payees = {f"statements/{file_name(p.payee, STATEMENT_FORMS[form])}": p.payee for p in lines}
    return {payees[name]: content.make() for name, content in found.items()}


class Page(HTMLParser):
    """The texts of a page, the names of its elements, and their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.elements: list[str] = []
        self.attributes: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def cells(book: bytes) -> list[dict[str, tuple[str, str]]]:
    """Of each sheet, by cell: its formula (or nothing) and its text or number."""
    with ZipFile(BytesIO(book)) as parts:
        shared = ElementTree.fromstring(parts.read("xl/sharedStrings.xml"))
        strings = ["".join(part.text or "" for part in one.iter(f"{SPREADSHEET}t")) for one in shared]
        found = []
        for name in sorted(name for name in parts.namelist() if name.startswith("xl/worksheets/sheet")):
            sheet = {}
            for cell in ElementTree.fromstring(parts.read(name)).iter(f"{SPREADSHEET}c"):
                value = cell.findtext(f"{SPREADSHEET}v") or ""
                text = strings[int(value)] if cell.get("t") == "s" else value
                sheet[cell.attrib["r"]] = (cell.findtext(f"{SPREADSHEET}f") or "", text)
            found.append(sheet)
        return found


@pytest.mark.parametrize("form", FORMS)
def test_the_same_values_give_the_same_bytes(form: str) -> None:
    # a Chinese font takes its time
    code, lines = ("en", [line for line in LINES if line.payee == MO]) if form == "pdf" else ("zh_TW", LINES)
    one, other = (written(form, code, lines) for _ in range(2))
    assert one == other
    assert len(one) == len({line.payee for line in lines})


def test_lines_have_one_number_in_every_form() -> None:
    own = [line for line in LINES if line.payee == LIN]
    page, text = written("html")[LIN], written("markdown")[LIN]
    numbers = [record["line"] for record in json.loads(written("json")[LIN])["lines"]]
    assert numbers == list(range(1, len(own) + 1))
    assert [int(n) for n in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)] == numbers
    assert [int(n) for n in re.findall(r'<tr>\n<td class="n">(\d+)</td>\n<td class="what">', page)] == numbers
    sheet = cells(written("xlsx")[LIN])[0]
    assert [float(sheet[f"A{row}"][1]) for row in range(5, 5 + len(own))] == numbers
    for number, one in zip(numbers, own, strict=True):
        assert sheet[f"D{4 + number}"][1] == one.component
        assert float(sheet[f"H{4 + number}"][1]) == float(one.amount)


def test_what_is_paid_is_the_sum_of_the_lines() -> None:
    total = sum(line.amount for line in LINES if line.payee == LIN)
    assert f"<b>CN¥{total.numerator / total.denominator:,.2f}</b>" in written("html")[LIN]
    assert f"**Total: {float(total):,.2f} CNY**" in written("markdown")[LIN]
    assert Fraction(json.loads(written("json")[LIN])["totals"][0]["amount"]) == total
    formula, value = cells(written("xlsx")[LIN])[0]["H18"]
    assert (formula, float(value)) == ('SUMIF(I5:I16,"CNY",H5:H16)', float(total))


def test_a_workbook_recomputes_what_can_be_recomputed() -> None:
    lines, under = cells(written("xlsx")[LIN])
    formulas = {cell: formula for cell, (formula, _) in lines.items() if formula}
    assert set(formulas) == {"H5", "H6", "H7", "H18"}  # credits, attainments, slices, and the total
    assert all(re.fullmatch(r"ROUND\(SUM\('[^']+'!H\d+:H\d+\),2\)", formulas[c]) for c in ("H5", "H6", "H7"))
    products = [formula for formula, _ in under.values() if formula]
    assert len(products) == 4 + 2 + 1 + 2 + 2  # credits with a rate, slices, quotas, attained (value / target), earned
    assert all(re.fullmatch(r"[A-Z]\d+[*/][A-Z]\d+", formula) for formula in products)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_form_shows_how_much_of_a_quota_is_reached(code: str) -> None:
    """As a bar, beside those of bonuses; as a formula of the workbook; as a step where there are only words."""
    said = language(code)
    page = written("html", code)[LIN]
    bars = re.findall(r'aria-label="([^"]+)"', page)
    assert bars == ["renewal_rate: 102.22%", "renewal_rate: 66.67%", "services: 112%"]
    assert "112%<small>140,000.00 / 125,000.00</small>" in page
    told = said.reason(SLICES[0].text)
    assert told in written("markdown", code)[LIN] and told not in page
    assert (told == SLICES[0].text) == (code == "en")
    (step, *_) = json.loads(written("json", code)[LIN])["lines"][2]["steps"]
    assert (step["input"], step["quota"], step["amount"]) == ("140000", "125000", None)
    under = cells(written("xlsx", code)[LIN])[1]
    (row,) = [cell[1:] for cell, (_, text) in under.items() if text == "2026-Q3" and cell[0] == "B"]
    assert [under[f"{column}{row}"] for column in "DEF"] == [
        ("", "140000"), ("", "125000"), (f"D{row}/E{row}", "1.12"),
    ]  # fmt: skip


def test_texts_of_data_stay_texts() -> None:
    """Also in the names of people, components and policies."""
    lines, credits, attained = [], [], []
    for n, text in enumerate(FORMULAS):
        lines.append(line(text, "earned", "10.01", payee=text, plan=text, source=text[:50], reason=text, credits=1))
        key = {"plan": text, "payee": text, "component": text}
        credits.append(replace(CREDITS[0], **key, record=text, account_id=text, because=text, reason=text, row=n))
        attained.append(replace(ATTAINED[0], **key, measure=text, reason=text))
    for text, page in written("html", lines=lines, credits=credits, attained=attained).items():
        shown = Page(page)
        assert not {"script", "b", "t", "r"} & set(shown.elements[shown.elements.index("main") :]) - {"b"}
        assert shown.elements.count("b") == 1  # what is paid
        assert not {"onload", "onerror", "src", "href"} & set(shown.attributes)
        plain = re.sub(CONTROL, " ", text).strip()
        assert any(plain in one for one in shown.texts), text
        assert not re.search("https?:(?!//x.example)|url\\(", page)
    for text, book in written("xlsx", lines=lines, credits=credits, attained=attained).items():
        sheets = cells(book)
        formulas = [formula for sheet in sheets for formula, _ in sheet.values() if formula]
        assert all(re.fullmatch(r"[A-Z0-9*/'!:,(). \"]+|.*How it was worked out.*", formula) for formula in formulas)
        kept = re.sub(f"{CONTROL}|[\ud800-\udfff\ufffe]", " ", text)[:32_000]
        assert sheets[0]["B5"][1].rstrip(" …") == kept.rstrip(" "), text
    for text, told in written("json", lines=lines, credits=credits, attained=attained).items():
        (one,) = json.loads(told)["lines"]
        assert (one["plan"], one["rows"][0]["record"], one["attainments"][0]["measure"]) == (text, text, text)
    for text, told in written("markdown", lines=lines, credits=credits, attained=attained).items():
        assert f"| 1 | {escaped(text)} | 2026-Q3 | {escaped(text)} | earned |" in told
    assert len(lines) == len({line.payee for line in lines}) > 15


@pytest.mark.parametrize("code", LANGUAGES)
def test_numbers_and_days_are_those_of_the_language(code: str) -> None:
    spoken = language(code)
    for text in ("0", "1234567.5", "-98765.43", "0.01"):
        value, exact = Fraction(text), Decimal(text)
        assert spoken.money(value, "EUR") == format_decimal(exact, "#,##0.00", locale=code)
        chf = format_currency(exact, "CHF", locale=code).replace("CHF", "CHF\xa0")  # letters beside digits
        assert spoken.with_sign(value, "CHF") == chf
        assert spoken.with_sign(value, "CNY") == format_currency(exact, "CNY", locale=code)
    assert spoken.percent(Fraction(1, 8)) == format_percent(Decimal("0.125"), "0.####%", locale=code)
    assert spoken.day(date(2026, 7, 3)) == {"en": "Jul 3, 2026"}.get(code, "2026年7月3日")


def test_every_language_has_every_word() -> None:
    read = {code: json.loads(words_of(code)) for code in LANGUAGES}
    keys = read["en"]["words"].keys()
    assert {f"kind_{kind}" for kind in KINDS} < keys
    assert {f"status_{status}" for status in ("paid", "zero", "waiting", "partly_waiting")} < keys
    for code, (words, reasons) in ((code, found.values()) for code, found in read.items()):
        assert words.keys() == keys, code
        assert reasons.keys() == (read["zh_CN"]["reasons"].keys() if code != "en" else set())
        for name, text in [*words.items(), *reasons.items()]:
            before = name if name in reasons else read["en"]["words"][name]
            assert set(re.findall(r"\{(\w+)", text)) == set(re.findall(r"\{(\w+)", before)), (code, name)
            latin = re.sub(r"\{\w+\}|granger explain payee", "", text)
            assert code == "en" or not re.search("[A-Za-z]{2}", latin), (code, name)
    assert len(keys) > 50
    used = set(
        re.findall(r'said\("(\w+)"', (files("granger.engine.writers.statements") / "statement.html.jinja").read_text())
    )
    assert used < keys
    assert len(used) > 15


def words_of(code: str) -> str:
    return (files("granger.engine.writers.statements") / "words" / f"{code}.json").read_text(encoding="utf-8")


def test_reasons_are_told_in_the_language_and_policies_as_they_are_written() -> None:
    told = {
        "2 waiting: there is no amount: amount is missing; a rate is missing": "2 笔待定：没有金额：缺少 amount；缺少某一档的比例",
        "the gate 'own-floor' is shut: kept > 25% (agreed)": "门槛 'own-floor' 未达到：kept > 25% (agreed)",
        "rate has no value for Bo (no rows): paid as on target": "Bo 的 rate 没有值（没有记录）：按达成目标支付",
        "D-1: 40,000.00 at 7.5% = 3,000.00": "D-1：40,000.00 × 7.5% = 3,000.00",
        "our own words: as written; twice": "our own words: as written；twice",
        "": "",
    }
    for reason, chinese in told.items():
        assert language("zh_CN").reason(reason) == chinese
        assert language("en").reason(reason) == reason


CHINESE = {
    "plan": "销售方案", "component": "新签", "account_id": "客户甲", "because": "新客户", "measure": "续约率", "source": "1:2",
    "corrects": "2026-Q2 earned #14",
}  # fmt: skip
REASONS = {
    "1 waiting: the rate cannot be decided: signed_on is missing": "2 waiting: there is no amount: 签约日 is missing; a rate is missing",
    "renewal_rate has no value for 林悦 (no rows)": "续约率 has no value for 林悦 (population too small): paid as on target",
    "no row of deals counts for 林悦 in 2026-Q3": "no row of 交易 counts for 林悦 in 2026-Q3",
    "renewal_rate earns 0% at this attainment": "续约率 earns 0% at this attainment; capped",
}
"""Reasons of the values, and those whose own words are Chinese."""


@pytest.mark.parametrize(("form", "code"), list(product(("html", "markdown"), ("zh_CN", "zh_TW"))))
def test_where_policies_and_data_are_chinese_all_of_the_page_is(form: str, code: str) -> None:
    def chinese(value):
        own = {name: text for name, text in CHINESE.items() if getattr(value, name, "")}
        reason = REASONS.get(value.reason, "the rate is 0%" if value.reason else "")
        return replace(value, **own, reason=reason)

    lines, credits, attained = ([chinese(v) for v in values if v.payee == LIN] for values in (LINES, CREDITS, ATTAINED))
    text = written(form, code, lines, credits, attained)[LIN].replace("northwind", "")
    shown = " ".join(Page(text.partition("</style>")[2]).texts) if form == "html" else text
    assert shown.count("granger explain payee") == (form == "html")
    assert re.findall("[a-z]{2,}", shown.replace("granger explain payee", "")) == []
    assert shown.count("缺少") == 2


def test_a_payee_without_any_line_of_pay_is_told_why() -> None:
    nothing: list[Payout] = [line("spiff", "earned", 0, reason="no row of deals counts for 林悦 in 2026-Q3")]
    for form, code in product(("html", "markdown"), LANGUAGES):
        text = written(form, code, nothing, [], [])[LIN]
        assert language(code).reason(nothing[0].reason).split("2026")[0].strip() in text
    assert MO not in written("html", "en", nothing, [], [])


GOOD = Path(__file__).resolve().parent.parent / "cases" / "good"
THEIRS = "(?<=[达達]到：).*|(?<=[为為] 0：).*|(?<=[为為] 0%：).*"
"""Where words of the policies stand in a reason: conditions, and why."""


def test_every_reason_in_the_cases_is_told_in_chinese() -> None:
    """A new reason wants its phrase in ``words/zh_CN.json`` and ``zh_TW.json``."""
    met = set()
    for path in sorted(GOOD.glob("*/expected/*.csv")):
        if path.name in ("payouts.csv", "credits.csv", "attainments.csv"):
            met |= {
                row["reason"] for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()) if row["reason"]
            }
    for code in ("zh_CN", "zh_TW"):
        for reason in sorted(met):
            told = re.sub(THEIRS, "", language(code).reason(reason))
            assert not re.search(r"[a-z]+ [a-z]{2,} [a-z]+", told), f"{reason!r} is {told!r} in {code}"
    assert len(met) > 40


def test_a_pdf_that_cannot_be_made_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(unprintable(StatementForms(("html",)))) == []
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(RequestRejected) as caught:
        pdf("<p>1</p>")
    assert [d.code for d in caught.value.diagnostics] == ["pdf-not-installed"]
    monkeypatch.delitem(sys.modules, "weasyprint")
    monkeypatch.setattr("importlib.machinery.PathFinder.find_spec", lambda *_: None)
    assert [d.code for d in unprintable(StatementForms(("html", "pdf")))] == ["pdf-not-installed"]
