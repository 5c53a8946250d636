"""A statement as a page of HTML that needs nothing beside it, no script, no network; it prints on A4 and Letter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from ...outcome.pay.bonus import Attainment
from ...outcome.pay.lines import EARNED, Payout, Step
from ..safe_text import CONTROL
from .chart import chart
from .language import NOTHING, Language
from .markdown import component_of, rate_of, reason_of, waiting_of
from .rows import COLUMNS
from .view import Key, Line, Statement
from .worked_out import label_of, period_of, quota_period, quotas_of, slices_of, told_of

_FIGURES = {"amount", "rate", "earning"}
_CREDITS = tuple((name, name in _FIGURES) for name in COLUMNS)


@dataclass(frozen=True, slots=True)
class Attained:
    """An attainment as the page shows it; ``bar`` is its chart, empty where there is nothing to draw."""

    period: str
    measure: str
    value: str
    target: str
    attained: str
    earns: str
    of: str
    earning: str
    why: str
    targeted: bool
    bar: Markup


@dataclass(frozen=True, slots=True)
class Slice:
    """A step with figures; those without are told in words."""

    text: str
    input: str
    rate: str
    amount: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A line as the page shows it, with what stands under it."""

    number: int
    plan: str
    period: str
    component: str
    kind: str
    earned: bool
    below_zero: bool
    zero: bool
    credited: str
    rate: str
    amount: str
    currency: str
    status: str
    reason: str
    source: str
    attained: tuple[Attained, ...]
    slices: tuple[Slice, ...]
    told: tuple[str, ...]
    rows: Markup

    @property
    def has_details(self) -> bool:
        return bool(self.slices or self.told or self.rows)


def page(statement: Statement, rows: Mapping[Key, str], language: Language) -> str:
    """``rows`` are those of the credits under each line, escaped already."""
    return _template().render(
        said=language.word,
        tag=language.tag,
        payee=statement.payee,
        workspace=statement.workspace,
        periods=", ".join(statement.periods),
        totals=[
            {
                "paid": language.with_sign(total.amount, total.currency),
                "currency": total.currency,
                "amount": language.money(total.amount, total.currency),
                "kinds": [
                    (language.word(f"kind_{kind}"), language.money(amount, total.currency))
                    for kind, amount in total.kinds
                ],
            }
            for total in statement.totals
        ],
        waiting=waiting_of(statement, language) if statement.waiting else "",
        lines=[_shown(line, rows.get(line.key, "") if line.key else "", language) for line in statement.lines],
        has_bonuses=any(line.attained for line in statement.lines),
        credit_columns=_CREDITS,
    )


def _shown(line: Line, rows: str, language: Language) -> Shown:
    payout = line.payout
    return Shown(
        number=line.number,
        plan=payout.plan,
        period=payout.period,
        component=component_of(payout, language),
        kind=language.word(f"kind_{payout.kind}"),
        earned=payout.kind == EARNED,
        below_zero=payout.amount is not None and payout.amount < 0,
        zero=not payout.amount,
        credited=language.money(payout.credit_amount, payout.currency),
        rate=rate_of(payout, language),
        amount=language.money(payout.amount, payout.currency) if payout.amount is not None else language.word("waits"),
        currency=payout.currency,
        status=language.word(f"status_{payout.status}"),
        reason=reason_of(payout, language),
        source=payout.source,
        attained=(
            *(_attained(each, line, language) for each in line.attained),
            *(_towards_quota(step, payout, language) for step in quotas_of(payout)),
        ),
        slices=tuple(_slices(slices_of(payout), payout, language)),
        told=tuple(language.reason(step.text) for step in told_of(payout)),
        rows=Markup(rows),
    )


def _slices(steps: list[Step], payout: Payout, language: Language) -> Iterator[Slice]:
    for step in steps:
        yield Slice(
            label_of(step, payout),
            language.money(step.input, payout.currency),
            language.percent(step.rate),
            language.money(step.amount, payout.currency),
        )


def _attained(each: Attainment, line: Line, language: Language) -> Attained:
    targeted = each.target is not None
    attained = language.measured(each.attainment, "percent" if targeted else each.unit, digits=2)
    return Attained(
        period=period_of(each, line, language),
        measure=each.measure,
        value=language.measured(each.value, each.unit),
        target=language.measured(each.target, each.unit),
        attained=attained,
        earns=language.percent(each.earns),
        of=language.money(each.target_amount, each.currency),
        earning=language.money(each.earning, each.currency),
        why=language.reason(each.reason),
        targeted=targeted,
        bar=_bar(each.attainment, targeted or each.unit == "percent", targeted, f"{each.measure}: {attained}"),
    )


def _towards_quota(step: Step, payout: Payout, language: Language) -> Attained:
    """The credits of a rate table beside its quota: what they earn stands in the slices."""
    attained = language.percent(step.attainment, digits=2)
    return Attained(
        period=quota_period(step),
        measure=language.word("credited"),
        value=language.money(step.input, payout.currency),
        target=language.money(step.quota, payout.currency),
        attained=attained,
        earns=NOTHING,
        of=NOTHING,
        earning=NOTHING,
        why="",
        targeted=True,
        bar=_bar(step.attainment, True, True, f"{payout.component}: {attained}"),
    )


def _bar(attained: Fraction | None, drawn: bool, targeted: bool, name: str) -> Markup:
    if attained is None or not drawn:
        return Markup("")
    return Markup(chart(attained, targeted, str(escape(_printable(name)))))  # escaped above


@cache
def _template() -> Template:
    """Whatever the template prints is escaped; a name that it misspells is an error."""
    environment = Environment(
        loader=FunctionLoader(lambda name: files(__package__).joinpath(name).read_text(encoding="utf-8")),
        autoescape=True,
        finalize=_printable,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("statement.html.jinja")


def _printable(value: object) -> object:
    """Without what a browser cannot show, or shows backwards; what it takes for markup is escaped after this."""
    return re.sub(CONTROL, " ", value) if isinstance(value, str) and not isinstance(value, Markup) else value
