"""Policy tests written in YAML, run against the whole engine: exact, and in full view of what came out instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from .amounts import percent, plain
from .diagnostics import Diagnostic, has_errors
from .messages import diagnose
from .outcome.pay.bonus import facts_day
from .outcome.pay.payees import Payees
from .outcome.pay.target import yearly
from .policy.checks import check
from .policy.decode_tests import Expected, PolicyTest, TestFile
from .policy.model_pay import Plan
from .policy.pack import Policies, word_of
from .program.bounds import check_bounds
from .program.compile import compile_program
from .runners.books import Books
from .runners.memory import Outcome, Request, run
from .tables.read import Tables, read_tables

Compared = Fraction | bool | date | str | None


@dataclass(frozen=True, slots=True)
class PayFigure:
    """What a plan pays a person a year, before anything is measured; None where it cannot be known."""

    plan: str
    payee: str
    base_per_year: Fraction | None
    variable_per_year: Fraction | None
    target_per_year: Fraction | None


@dataclass(frozen=True, slots=True)
class HolderOf:
    """Who has a role or duty for an account on a day, as a test asks for it."""

    account_id: str
    duty: str
    day: date
    person: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """One test; ``failures`` is empty when it passed."""

    file: str
    test: str
    failures: tuple[Diagnostic, ...]

    @property
    def passed(self) -> bool:
        return not self.failures


def run_tests(policies: Policies, files: Sequence[TestFile]) -> list[Verdict]:
    """Every case of every file, in the order they are written."""
    return [Verdict(file.file, case.name, tuple(_failures(policies, case))) for file in files for case in file.cases]


def _failures(policies: Policies, case: PolicyTest) -> Iterator[Diagnostic]:
    unknown = [name for name in case.settings if name not in policies.setting_names()]
    if unknown:
        yield diagnose("test-unknown-setting", case.span, names=", ".join(unknown))
        return
    turned = policies.with_settings(case.settings)
    unsound = list(_words(policies, case))
    if not unsound and case.settings:
        unsound = [d for d in check(turned) if d.is_error]
    if not unsound and case.settings:
        unsound = [d for d in check_bounds(compile_program(turned.on(case.as_of))) if d.is_error]
    if unsound:
        yield from unsound
        return
    period = policies.workspace.fiscal.parse(case.period) if case.period else None
    if case.period and period is None:
        yield diagnose("period-unknown", case.span, found=case.period)
        return
    read = _tables(turned, case)
    bad = [reject for reject in read.rejects if reject.level != "finding"]
    for reject in bad:
        what = f"{reject.table}, row {reject.row - 1}, {reject.column}: {reject.reason}"
        yield diagnose("test-bad-row", case.span, what=what)
    if bad or has_errors(read.diagnostics):
        yield from (d for d in read.diagnostics if d.is_error)
        return
    outcome = run(turned, read, Request(case.as_of, period))
    for expected in case.expect:
        yield from _compare(expected, _output(turned, outcome, expected))


def _words(policies: Policies, case: PolicyTest) -> Iterator[Diagnostic]:
    """Choices that are turned to a word they do not have."""
    for setting in policies.on(case.as_of).settings:
        value = case.settings.get(setting.name)
        if setting.one_of and value is not None and word_of(value) not in setting.one_of:
            yield diagnose("choice-unknown", value.span, found=value.text, words=", ".join(setting.one_of))


def _tables(policies: Policies, case: PolicyTest) -> Tables:
    """The given rows. A test writes the fields it is about: the others are missing, required or not."""
    shapes = []
    for shape in policies.workspace.shapes.values():
        fields = tuple(replace(field, required=field.name == shape.key) for field in shape.fields)
        shapes.append(replace(shape, fields=fields, reject_ceiling=Fraction(1)))
    sources = {shape.name: [dict(row) for row in case.given.get(shape.name, ())] for shape in shapes}
    return read_tables(shapes, sources, as_of=case.as_of, timezone=policies.workspace.timezone)


def _output(policies: Policies, outcome: Outcome, expected: Expected) -> Sequence[object]:
    name = expected.output
    if name == "pay_figures":
        return _pay_figures(policies, outcome)
    if name == "holders":
        return list(_holders(policies, outcome, expected))
    attribute = {"tiers": "segments", "diagnostics": "findings"}.get(name, name)
    found: Sequence[object] = getattr(outcome, attribute)
    return found


def _holders(policies: Policies, outcome: Outcome, expected: Expected) -> Iterator[HolderOf]:
    """The one that is asked for; none for an account, a duty or a day that there is not."""
    account_id, duty, day = (expected.fields.get(name) for name in ("account_id", "duty", "day"))
    as_of = outcome.request.as_of
    book = Books(policies, outcome.tables).on(as_of, as_of)
    known = isinstance(account_id, str) and account_id in book.accounts and isinstance(duty, str) and book.is_role(duty)
    if known and isinstance(day, date):
        yield HolderOf(str(account_id), str(duty), day, book.holder(str(duty), str(account_id), day).person or "")


def _pay_figures(policies: Policies, outcome: Outcome) -> list[PayFigure]:
    """Of everybody with a payout line, by the last terms that the plan pays in a period of the run."""
    books = Books(policies, outcome.tables)
    found: dict[tuple[str, str], PayFigure] = {}
    for plan in policies.policies:
        if not isinstance(plan, Plan) or plan.pay is None or outcome.request.as_of not in plan.effective:
            continue
        persons = sorted({line.payee for line in outcome.payouts if line.plan == plan.name})
        for name, part, whole in outcome.paid:
            book_on = books.paying(whole.last_day, facts_day(plan, whole))
            if name != plan.name:
                continue
            payees = Payees(plan, part, whole, book_on)
            for person in persons:
                for agreed, _ in payees.agreed(person, part, whole):
                    figures = yearly(plan.pay, payees.payee(person, agreed, book_on(agreed.part.start)))
                    found[name, person] = PayFigure(name, person, figures.base, figures.variable, figures.on_target)
    return [found[key] for key in sorted(found)]


def _compare(expected: Expected, rows: Sequence[object]) -> Iterator[Diagnostic]:
    names = {name for row in rows[:1] for name in dir(row)}
    unknown = [name for name in expected.fields if rows and name not in names]
    if unknown:
        yield diagnose("test-unknown-field", expected.span, names=", ".join(unknown), output=expected.output)
        return
    hits = [row for row in rows if all(_equal(value, _actual(row, name)) for name, value in expected.fields.items())]
    if len(hits) != expected.count:
        near = _nearest(expected.fields, rows)
        yield diagnose(
            "test-failed", expected.span, output=expected.output, wanted=expected.count, found=len(hits), near=near
        )


def _actual(row: object, name: str) -> Compared | int:
    value: Compared | int = getattr(row, "exact" if name == "value" and hasattr(row, "exact") else name)
    return None if value == "" else value


def _equal(expected: Compared, actual: Compared | int) -> bool:
    if isinstance(actual, int) and not isinstance(actual, bool):
        actual = Fraction(actual)
    if isinstance(expected, bool) != isinstance(actual, bool):
        return False
    return expected == actual


def _nearest(fields: Mapping[str, Compared], rows: Sequence[object]) -> str:
    """The row that agrees in most fields, shown in the fields that were asked for."""
    if not rows:
        return "there are no rows at all"
    best = max(rows, key=lambda row: sum(_equal(value, _actual(row, name)) for name, value in fields.items()))
    shown = ", ".join(f"{name}: {_shown(_actual(best, name))}" for name in fields)
    return f"the nearest row has {{{shown}}}"


def _shown(actual: Compared | int) -> str:
    if isinstance(actual, Fraction):
        exact = plain(actual)
        return f"{exact} ({percent(actual)})" if abs(actual) < 10 and actual.denominator > 1 else exact
    return "missing" if actual is None else str(actual)
