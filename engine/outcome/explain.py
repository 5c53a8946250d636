"""The tree of reasons of an account, of a payee's pay, of a task."""

from __future__ import annotations

from ..amounts import grouped, percent
from ..policy.model import Component, Plan
from ..policy.names import account_field
from ..program.compile import Choice
from ..program.evaluate import Book, Row
from ..program.explain import Explainer, Reason
from ..program.spoken import source_of
from .pay.credits import BookOn, Credited
from .pay.payouts import Payout
from .tasks.touches import Task, Unserved


def explain_account(book: Book, account_id: str, tasks: list[Task], unserved: list[Unserved]) -> Reason:
    """Its tiers row by row, then the tasks it has and the ones it could not have."""
    explainer = Explainer(book)
    choices: list[Choice] = list(book.program.choices.values())
    below = [explainer.decision(choice, account_id) for choice in choices]
    for playbook in book.program.force.playbooks:
        for play in playbook.plays:
            facts = book.accounts[account_id]
            conditions = [
                explainer.expression(word, expression, facts)
                for word, expression in (("for", play.population), ("when", play.when), ("anchor", play.anchor))
                if expression is not None
            ]
            own = [t for t in tasks if (t.policy, t.play, t.account_id) == (playbook.name, play.name, account_id)]
            lost = [u for u in unserved if (u.policy, u.play, u.account_id) == (playbook.name, play.name, account_id)]
            listed = [Reason(f"{t.task}: due {t.due}, {t.owner} ({t.role}), {t.task_id}", t.source) for t in own]
            listed += [Reason(f"{u.task}: {u.level}, {u.reason}", u.source) for u in lost]
            count = f"{len(own)} task" + ("s" if len(own) != 1 else "")
            below.append(Reason(f"play {play.name}: {count}", source_of(play.span), (*conditions, *listed)))
    name = book.accounts[account_id].record.get("name")
    return Reason(f"account {account_id}" + (f" ({name})" if name else "") + f" as of {book.as_of}", "", tuple(below))


def explain_task(book: Book, task: Task) -> Reason:
    """Why the task is there, why on that day, why that owner."""
    playbook = next(p for p in book.program.force.playbooks if p.name == task.policy)
    play = next(p for p in playbook.plays if p.name == task.play)
    touch = next(t for t in play.touches if t.task == task.task)
    facts = book.accounts[task.account_id]
    explainer = Explainer(book)
    below = [
        explainer.expression(word, expression, facts)
        for word, expression in (("for", play.population), ("when", play.when), ("anchor", play.anchor))
        if expression is not None
    ]
    moved = f", rolled to the {touch.roll.replace('_', ' ')} business day" if touch.roll != "none" else ""
    below.append(Reason(f"due {task.due}: {touch.due} from {task.anchor}{moved}", source_of(touch.span)))
    below.append(
        Reason(
            f"owner {task.owner}: holds {task.role} for {task.account_id} on {task.due}", source_of(touch.owner_span)
        )
    )
    head = f"task {task.task_id}: {task.task} of play {task.play} for account {task.account_id}"
    return Reason(head, task.source, tuple(below))


def explain_payee(
    payee: str, payouts: list[Payout], credits: list[Credited], plans: list[Plan], book_for: dict[str, BookOn]
) -> Reason:
    """Every line of the payee's pay, each credit under it, and each credit down to its row."""
    below = []
    for line in payouts:
        own = [
            c
            for c in credits
            if (c.plan, c.payee, c.period, c.component) == (line.plan, payee, line.period, line.component)
        ]
        amount = f"{grouped(line.amount)} {line.currency}" if line.amount is not None else "waits"
        why = f" – {line.reason}" if line.reason else ""
        below.append(
            Reason(
                f"{line.plan}, {line.period}, {line.component}: {amount}{why}",
                line.source,
                tuple(_credit(c, _component(plans, c), book_for[line.period]) for c in own),
            )
        )
    return Reason(f"payee {payee}", "", tuple(below))


def _component(plans: list[Plan], credit: Credited) -> Component:
    found = [
        component
        for plan in plans
        if plan.name == credit.plan and credit.dated in plan.effective
        for component in plan.components
        if component.name == credit.component
    ]
    return found[0]


def _credit(credit: Credited, component: Component, book_on: BookOn) -> Reason:
    book = book_on(credit.dated)
    table = book.tables[credit.table]
    i = list(table.rows).index(credit.row)
    link = account_field(table.shape)
    row = Row(table, i, book.behind(table.columns[link.name][i]) if link else book.shared)
    explainer = Explainer(book)
    below = [explainer.expression("amount", component.credit.amount, row)]
    if component.credit.where is not None:
        below.insert(0, explainer.expression("where", component.credit.where, row))
    for case in component.rates:
        held = True if case.when is None else book.value(case.when, row)
        if case.when is not None:
            below.append(explainer.expression("when", case.when, row, case.because))
        if held is None:
            break
        if held:
            below.append(explainer.expression("rate", case.value, row, case.because))
            break
    return Reason(
        f"{credit.record} of {credit.dated}: {_sum(credit)}", f"{credit.file}, row {credit.row}", tuple(below)
    )


def _sum(credit: Credited) -> str:
    if credit.earning is None or credit.rate is None or credit.credit_amount is None:
        return f"{credit.status}, {credit.reason}"
    return f"{grouped(credit.credit_amount)} × {percent(credit.rate)} = {grouped(credit.earning)}"
