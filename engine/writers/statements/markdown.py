"""A statement in Markdown: every line with its credits, rates, policy line, and a reason on every zero."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...outcome.pay.bonus import Attainment
from ...outcome.pay.lines import CARRIED, EARNED, LIMITED, Payout
from ..safe_text import escaped
from .language import NOTHING, Language
from .rows import COLUMNS
from .view import Key, Line, Statement
from .worked_out import period_of

_LINE = ("number", "plan", "period", "component", "kind", "credited", "rate", "amount", "reason", "policy")
_ATTAINED = ("period", "measure", "value", "target", "attained", "earns", "of", "earning", "why")
_FIGURES = {"number", "credited", "rate", "amount", "value", "target", "attained", "earns", "of", "earning"}


def markdown(statement: Statement, rows: Mapping[Key, str], language: Language) -> str:
    """``rows`` are those of the credits under each line."""
    out = [f"# {language.word('title', payee=escaped(statement.payee))}", "", *_header(_LINE, language)]
    out += [_row(_cells(line, language)) for line in statement.lines]
    out += ["", *_totals(statement, language)]
    for line in statement.lines:
        out += _details(line, rows.get(line.key, "") if line.key else "", language)
    return "\n".join(out) + "\n"


def _header(columns: tuple[str, ...], language: Language) -> Iterator[str]:
    yield _row(language.word(name) for name in columns)
    yield "|" + "|".join("--:" if name in _FIGURES else "---" for name in columns) + "|"


def _row(cells: Iterator[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def _cells(line: Line, language: Language) -> tuple[str, ...]:
    payout = line.payout
    return (
        str(line.number),
        escaped(payout.plan),
        payout.period,
        escaped(component_of(payout, language)),
        language.word(f"kind_{payout.kind}"),
        language.money(payout.credit_amount, payout.currency),
        rate_of(payout, language),
        language.money(payout.amount, payout.currency),
        escaped(reason_of(payout, language)),
        f"`{payout.source}`",
    )


def rate_of(payout: Payout, language: Language) -> str:
    """The rate of all its credits; what stands for several."""
    if payout.rate is not None:
        return language.percent(payout.rate)
    return language.word("several") if payout.credits and payout.kind == EARNED else NOTHING


def component_of(payout: Payout, language: Language) -> str:
    """A name of the policy; for lines that granger names itself (a plan's cap, what is carried) one of the language."""
    if payout.kind in (CARRIED, LIMITED):
        return language.words.get(f"line_{payout.component.replace(' ', '_')}", payout.component)
    return payout.component


def reason_of(payout: Payout, language: Language) -> str:
    """Its reason; before it, which line an adjustment corrects: its period, kind and entry."""
    corrected = (language.words.get(f"kind_{word}", word) for word in payout.corrects.split(" "))
    corrects = f"{language.word('corrects')} {' '.join(corrected)}" if payout.corrects else ""
    return language.word("colon").join(filter(None, (corrects, language.reason(payout.reason))))


def _totals(statement: Statement, language: Language) -> Iterator[str]:
    word = language.word("total")
    for total in statement.totals:
        yield f"**{word}{language.word('colon')}{language.money(total.amount, total.currency)} {total.currency}**"
    if statement.waiting:
        yield f"\n{waiting_of(statement, language)}"


def waiting_of(statement: Statement, language: Language) -> str:
    if statement.waiting == 1:
        return language.word("waiting_one")
    return language.word("waiting", count=statement.waiting)


def _details(line: Line, rows: str, language: Language) -> Iterator[str]:
    payout = line.payout
    if rows or line.attained or payout.steps:
        number = language.word("line_of", number=line.number)
        yield from (
            "",
            f"## {number} · {escaped(payout.plan)}, {payout.period}: {escaped(component_of(payout, language))}",
        )
    if line.attained:
        yield from ("", *_header(_ATTAINED, language))
        yield from (_row(_attained(each, line, language)) for each in line.attained)
    if payout.steps:
        yield from ("", *(f"- {escaped(language.reason(step.text))}" for step in payout.steps))
    if rows:
        yield from ("", *_header(COLUMNS, language), rows)


def _attained(each: Attainment, line: Line, language: Language) -> tuple[str, ...]:
    return (
        period_of(each, line, language),
        escaped(each.measure),
        language.measured(each.value, each.unit),
        language.measured(each.target, each.unit),
        language.measured(each.attainment, "percent" if each.target is not None else each.unit),
        language.percent(each.earns),
        language.money(each.target_amount, each.currency),
        language.money(each.earning, each.currency),
        escaped(language.reason(each.reason)),
    )
