"""The tree of reasons of an account."""

from __future__ import annotations

from ..amounts import percent, round_to
from ..language.types import MONEY, Type
from ..policy.model import Play
from ..policy.model_health import Health
from ..policy.model_life import Lifecycle
from ..policy.model_staffing import Budget, Staffing
from ..policy.model_success import Success
from ..program.compile import Choice
from ..program.evaluate import Book
from ..program.explain import Explainer, Reason
from ..program.spoken import source_of, spoken
from .health import HealthMeasure, HealthScore, health_scores
from .stages import StageRow, account_stage, told
from .tasks.budgets import budget_of
from .tasks.calendar import Calendars
from .tasks.touches import Tasks
from .tasks.triggers import Key


def explain_account(book: Book, account_id: str, found: Tasks, calendars: Calendars) -> Reason:
    """Its tiers row by row, then the tasks it has and the ones it could not have, and what it may cost."""
    explainer = Explainer(book)
    choices: list[Choice] = list(book.program.choices.values())
    below = [explainer.decision(choice, account_id) for choice in choices]
    scores, measures = health_scores(book, [account_id])
    for health in book.program.force.healths:
        score = next(row for row in scores if (row.policy, row.account_id) == (health.name, account_id))
        parts = [row for row in measures if (row.policy, row.account_id) == (health.name, account_id)]
        below.append(_health(explainer, book, health, score, parts))
    for life in book.program.force.lifecycles:
        below.append(_stage(explainer, life, account_stage(book, life, told(life), book.accounts[account_id])))
    below += [_success(explainer, success, account_id) for success in book.program.force.successes]
    for playbook in book.program.force.playbooks:
        for play in playbook.plays:
            facts = book.accounts[account_id]
            conditions = [
                explainer.expression(word, expression, facts)
                for word, expression in (("for", play.population), ("when", play.when), ("anchor", play.anchor))
                if expression is not None
            ]
            key = playbook.name, play.name, account_id
            own = [t for t in found.tasks if (t.policy, t.play, t.account_id) == key]
            lost = [u for u in found.unserved if (u.policy, u.play, u.account_id) == key]
            conditions += trigger(found, play, key)
            listed = [Reason(f"{t.task}: due {t.due}, {t.owner} ({t.role}), {t.task_id}", t.source) for t in own]
            listed += [Reason(f"{u.task}: {u.level}, {u.reason}", u.source) for u in lost]
            count = f"{len(own)} task" + ("s" if len(own) != 1 else "")
            below.append(Reason(f"play {play.name}: {count}", source_of(play.span), (*conditions, *listed)))
    for policy in book.program.force.staffings:
        for budget in policy.budgets:
            below += _budget(explainer, calendars, policy, budget, account_id)
    name = book.accounts[account_id].record.get("name")
    return Reason(f"account {account_id}" + (f" ({name})" if name else "") + f" as of {book.as_of}", "", tuple(below))


def _health(explainer: Explainer, book: Book, health: Health, score: HealthScore, parts: list[HealthMeasure]) -> Reason:
    """The score, each measure's part of it with the values behind it, then the exceptions."""
    facts = book.accounts[score.account_id]
    below: list[Reason] = []
    for part in parts:
        points = spoken(part.points) if part.points is not None else "no"
        contribution = f" = {spoken(part.contribution)}" if part.contribution is not None else ""
        weight = percent(part.counted_weight)
        why = f" ({part.because})" if part.because else ""
        treated = "" if part.treatment == "scored" else f", {part.treatment}: no data"
        text = f"{part.measure}: {points} points × {weight}{contribution}{treated}{why}"
        below.append(Reason(text, part.source, (explainer.name(part.measure, facts),)))
    for exception in health.exceptions:
        word = f"{'at most' if exception.at_most else 'at least'} {spoken(exception.points)}"
        below.append(explainer.expression(word, exception.when, facts, exception.because))
    value = spoken(score.score) if score.score is not None else "none"
    grade = f", {score.grade}" if score.grade else ""
    covered = f", data for {percent(score.coverage)} of the weight" if score.coverage is not None else ""
    why = f" – {score.because}" if score.because else ""
    return Reason(f"{health.name}: {value}{grade} ({score.status}{covered}){why}", score.source, tuple(below))


def _stage(explainer: Explainer, life: Lifecycle, row: StageRow) -> Reason:
    below = explainer.stages(life, explainer.book.accounts[row.account_id])
    where = f"{row.stage} since {row.since}, {row.days} days ({row.status})" if row.stage else row.status
    why = f" – {row.because}" if row.because else ""
    return Reason(f"{life.name}: {where}{why}", row.source, tuple(below))


def _budget(
    explainer: Explainer, calendars: Calendars, policy: Staffing, budget: Budget, account_id: str
) -> list[Reason]:
    """What may be spent on the account beside what is planned, task by task; nothing where the budget is not for it."""
    row, costs = budget_of(explainer.book, calendars, policy, budget, account_id)
    if row is None:
        return []
    facts = explainer.book.accounts[account_id]
    below = [
        explainer.expression(word, expression, facts)
        for word, expression in (("allow", budget.allow), ("from", budget.start), ("before", budget.before))
    ]
    money = Type(MONEY, row.currency)
    for cost in costs:
        amount = spoken(cost.amount, money) if cost.amount is not None else f"{cost.role} has no cost"
        below.append(
            Reason(f"{cost.task}: {cost.count} × {cost.minutes} minutes of {cost.role}: {amount}", cost.source)
        )
    share = f", {percent(round_to(row.share, 4))}" if row.share is not None else ""
    service = row.service or f"cannot be told without {row.missing}"
    text = f"{spoken(row.planned, money)} planned of {spoken(row.allowed, money)}{share}: {service}"
    why = f" – {row.because}" if row.because else ""
    return [Reason(f"budget {budget.name}: {text}{why}", row.source, tuple(below))]


def _success(explainer: Explainer, success: Success, account_id: str) -> Reason:
    facts = explainer.book.accounts[account_id]
    uses = tuple(explainer.uses(success, facts))
    verdicts = {True: "successful", False: "not successful", None: "undecided" if uses else "no use of it is known"}
    told = next(text for value, text in verdicts.items() if value is facts[success.fact])
    return Reason(f"{success.name}: {told}", source_of(success.span), uses)


def trigger(found: Tasks, play: Play, key: Key) -> list[Reason]:
    """Since when the condition of a trigger has held, when it fired, what holds it back."""
    one = next((t for t in found.triggers if (t.policy, t.play, t.account_id) == key), None)
    if one is None:
        return []
    told = [f"the condition has held since {one.since}" if one.since else "the condition does not hold"]
    told += [f"fired on {one.fired}"] if one.fired else []
    told += [f"fired before on {one.fired_before}"] if one.fired_before else []
    told += [f"the last task of it was done or closed on {one.completed}"] if one.completed else []
    told += [f"held back by {one.held_back}"] if one.held_back else []
    if one.since and not one.fired and not one.held_back:
        told.append(f"fires once it has held for {play.firing.lasting.count} {play.firing.lasting.unit}")
    return [Reason("trigger: " + "; ".join(told), source_of(play.span))]
