"""A locked period never changes: what changes since is posted in the open one, and ends at a clean computation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import granger
import pytest
from click.testing import CliRunner
from granger.cli_pay import verify
from granger.engine.ledger.entries import Entry
from granger.engine.ledger.posted import Lock
from granger.engine.ledger.store import Store
from granger.engine.outcome.pay.lines import ADJUSTMENT, CARRIED

from .months import MONTHS, PLAIN, RICH, TOP, adjustments, deal, pack_of, posted_lines, run, sums, tables


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> granger.Pack:
    return pack_of(tmp_path_factory.mktemp("plain"))


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


DEALS = [deal("d1", 1, 1000), deal("d2", 1, 500, "bo"), deal("d3", 2, 2000)]


def test_what_is_locked_is_what_was_proposed(plain: granger.Pack, ledger: Path) -> None:
    proposed = run(plain, tables(DEALS), "2026-01", ledger)
    assert not ledger.exists()
    posted = proposed.lock(by="Ana", at="2026-02-03T09:00")
    assert posted_lines(posted) == proposed.outcome.payouts
    (lock,) = posted.locks
    assert (lock.entry, lock.lines, lock.by, lock.at) == (1, 2, "Ana", "2026-02-03T09:00")
    assert granger.Ledger(ledger).verify() == []
    assert granger.Ledger(ledger).verify(posted.head.hash) == []
    assert set(lock.made_of) == {"granger", "policies", "table accounts", "table deals", "table people"}
    again = granger.Ledger(ledger).paid("2026-01")
    assert (again.payouts, list(again.credits)) == (proposed.outcome.payouts, list(proposed.outcome.credits))


def test_a_ledger_is_verified_in_one_reading(
    plain: granger.Pack, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted = run(plain, tables(DEALS), "2026-01", ledger).lock()
    reading, readings = Store.entries, list[int]()

    def counted(self: Store, after: int = 0) -> Iterator[Entry]:
        readings.append(after)
        return reading(self, after)

    monkeypatch.setattr(Store, "entries", counted)
    done = CliRunner().invoke(verify, [str(ledger)])
    assert (done.exit_code, readings) == (0, [0])
    assert f"3 entries, the last digest is {posted.head.hash}" in done.output


def test_a_period_is_locked_once(plain: granger.Pack, ledger: Path) -> None:
    first, second = (run(plain, tables(DEALS), "2026-01", ledger) for _ in range(2))
    first.lock(by="Ana", at="noon")
    with pytest.raises(granger.RequestRejected, match="Ana locked 2026-01 at noon \\(entry 1\\)") as caught:
        second.lock(by="Bo")
    assert [problem.code for problem in caught.value.diagnostics] == ["ledger-overtaken"]
    with pytest.raises(granger.RequestRejected) as caught:
        run(plain, tables(DEALS), "2026-01", ledger)
    assert [problem.code for problem in caught.value.diagnostics] == ["period-locked"]
    assert len(granger.Ledger(ledger).posted().lines) == 2


def test_a_month_locked_with_its_quarter_is_shown_by_the_quarter(plain: granger.Pack, ledger: Path) -> None:
    run(plain, tables(DEALS), "2026-Q1", ledger).lock()
    with pytest.raises(granger.RequestRejected) as caught:
        run(plain, tables(DEALS), "2026-01", ledger)
    (told,) = caught.value.diagnostics
    assert (told.code, "`granger ledger statement 2026-Q1` shows it" in told.help) == ("period-locked", True)
    assert sums(granger.Ledger(ledger).paid("2026-Q1").payouts) == sums(
        run(plain, tables(DEALS), "2026-Q1", None).outcome.payouts
    )


def test_nothing_is_corrected_where_nothing_changed(plain: granger.Pack, ledger: Path) -> None:
    run(plain, tables(DEALS), "2026-01", ledger).lock()
    proposed = run(plain, tables(DEALS), "2026-02", ledger)
    assert adjustments(proposed) == []
    assert sums(proposed.outcome.payouts) == {("2026-02", "ana", "new", "earned", "USD"): 200}


def test_a_change_of_data_is_posted_in_the_open_period(plain: granger.Pack, ledger: Path) -> None:
    run(plain, tables(DEALS), "2026-01", ledger).lock()
    late = [deal("d1", 1, 1200), *DEALS[1:], deal("d4", 1, 300)]
    second = run(plain, tables(late), "2026-02", ledger)
    assert adjustments(second) == [
        ("ana", "2026-01 earned #2", Fraction(50), "2026-01 came to 100.00, and comes to 150.00 now")
    ]
    (line,) = [line for line in second.outcome.payouts if line.kind == ADJUSTMENT]
    assert [(step.text, step.amount) for step in line.steps] == [
        ("entry 2: 100.00", 100), ("by the data and policies at hand: 150.00", 150),
        ("d1 of 2026-01-10: 120.00 instead of 100.00", 20), ("d4 of 2026-01-10: 30.00 instead of 0.00", 30),
    ]  # fmt: skip
    assert (line.period, line.component, line.status, line.source) == ("2026-02", "new", "paid", "plan.yaml:7")
    told = granger.tree_text(second.explain("payee", "ana"))
    assert "adjustment, corrects 2026-01 earned #2: 50" in told and "d1 of 2026-01-10: 120.00 instead of 100.00" in told
    second.lock()
    assert adjustments(run(plain, tables(late), "2026-03", ledger)) == []
    # back to what it was: both entries stand, and a third takes back what the second gave
    third = run(plain, tables(DEALS), "2026-03", ledger)
    assert adjustments(third) == [
        ("ana", "2026-01 earned #2", Fraction(-50), "2026-01 came to 150.00, and comes to 100.00 now")
    ]


def test_a_change_of_the_policy_shows_the_first_credits_and_sums_up_the_rest(
    plain: granger.Pack, tmp_path: Path, ledger: Path
) -> None:
    many = tables([deal(f"d{n:02}", 1, 100) for n in range(30)], ["ana"])
    run(plain, many, "2026-01", ledger).lock()
    other = pack_of(tmp_path / "other", PLAIN.replace("10%", "11%"))
    both = [run(other, many, "2026-02", ledger, reading) for reading in ("reference", "columns")]
    assert both[0].outcome.payouts == both[1].outcome.payouts
    (line,) = [line for line in both[0].outcome.payouts if line.kind == ADJUSTMENT]
    assert [step.text for step in line.steps[2:4]] == [
        "d00 of 2026-01-10: 11.00 instead of 10.00", "d01 of 2026-01-10: 11.00 instead of 10.00",
    ]  # fmt: skip
    assert (len(line.steps), line.steps[-1].text, line.steps[-1].amount) == (23, "10 more", 10)
    assert line.amount == sum(step.amount or 0 for step in line.steps[2:]) == 30


def test_who_is_gone_gives_back_what_was_posted(plain: granger.Pack, ledger: Path) -> None:
    run(plain, tables(DEALS), "2026-01", ledger).lock()
    second = run(plain, tables(DEALS, ["ana"]), "2026-02", ledger)
    assert adjustments(second) == [
        ("bo", "2026-01 earned #3", Fraction(-50), "2026-01 came to 50.00, and comes to nothing now")
    ]
    assert sum(line.amount or 0 for line in second.outcome.payouts if line.kind == CARRIED) == 50
    second.lock()
    # who comes back later is paid again; what was carried on is brought in
    third = run(plain, tables(DEALS), "2026-03", ledger)
    assert [each[1:3] for each in adjustments(third)] == [("2026-01 earned #3", Fraction(50))]
    assert sum(line.amount or 0 for line in third.outcome.payouts if line.payee == "bo") == 0


def test_a_plan_that_is_gone_gives_back_what_was_posted_and_one_that_is_new_is_caught_up(
    tmp_path: Path, ledger: Path
) -> None:
    run(pack_of(tmp_path / "one"), tables(DEALS), "2026-01", ledger).lock()
    other = pack_of(tmp_path / "two", PLAIN.replace("name: plan", "name: other").replace("10%", "20%"))
    second = run(other, tables(DEALS), "2026-02", ledger)
    assert [(line.plan, line.payee, line.corrects, line.amount) for line in second.outcome.payouts] == [
        ("other", "ana", "", 400),
        ("other", "ana", "2026-01 earned #1", 200),
        ("other", "bo", "", 0),
        ("other", "bo", "2026-01 earned #1", 100),
        ("plan", "ana", "2026-01 earned #2", -100),
        ("plan", "bo", "2026-01 earned #3", -50),
    ]
    second.lock()
    assert adjustments(run(other, tables(DEALS), "2026-03", ledger)) == []
    back = run(pack_of(tmp_path / "one"), tables(DEALS), "2026-03", ledger)
    assert [(line.plan, line.payee, line.corrects, line.amount) for line in back.outcome.payouts if line.corrects] == [
        ("other", "ana", "2026-01 earned #1", -200),
        ("other", "ana", "2026-02 earned #5", -400),
        ("other", "bo", "2026-01 earned #1", -100),
        ("plan", "ana", "2026-01 earned #2", 100),
        ("plan", "ana", "2026-02 earned #4", 200),
        ("plan", "bo", "2026-01 earned #3", 50),
    ]


def test_a_line_that_waits_is_listed_and_paid_once_it_is_known(plain: granger.Pack, ledger: Path) -> None:
    unknown = [deal("d1", 1, None), *DEALS[1:]]
    first = run(plain, tables(unknown), "2026-01", ledger)
    assert [(line.payee, line.status) for line in first.outcome.payouts] == [("ana", "waiting"), ("bo", "paid")]
    first.lock()
    second = run(plain, tables(unknown), "2026-02", ledger)
    assert adjustments(second) == []
    (told,) = [finding for finding in second.findings if finding.code == "corrections-wait"]
    assert told.message == (
        "not corrected, since it cannot be computed now: 1 line of 2026-01: ana, new: 1 waiting: there is no amount: "
        "amount is missing"
    )
    second.lock()
    third = run(plain, tables(DEALS), "2026-03", ledger)
    assert adjustments(third) == [
        ("ana", "2026-01 earned #2", Fraction(100), "2026-01 came to 0.00, and comes to 100.00 now")
    ]
    # what was paid and is not known any more is not taken back
    run(plain, tables(DEALS), "2026-03", ledger).lock()
    assert (
        adjustments(run(plain, tables([deal("d1", 1, 1000), *DEALS[1:2], deal("d3", 2, None)]), "2026-04", ledger))
        == []
    )


def test_what_rests_on_a_line_that_is_not_known_any_more_waits_with_it(ledger: Path, tmp_path: Path) -> None:
    """Else the guarantee would be paid beside what was earned, and what was held of it released."""
    guarantee = (
        "draws: [{draw: base, kind: guarantee, amount: 150 per month, recover: from_earnings}]\n"
        'holdbacks: [{holdback: reserve, part: 30%, release_on: "add_days(as_of, 75)"}]\n'
    )
    pack = pack_of(tmp_path / "w", PLAIN.replace("components:", guarantee + "components:"))
    known, unknown = ([deal("d1", 1, amount), deal("d2", 2, 1000)] for amount in (1000, None))
    run(pack, tables(known, ["ana"]), "2026-01", ledger).lock()
    second = run(pack, tables(unknown, ["ana"]), "2026-02", ledger)
    assert adjustments(second) == []
    assert [finding.code for finding in second.findings] == ["corrections-wait"]
    second.lock()
    run(pack, tables(known, ["ana"]), "2026-03", ledger).lock()
    clean = run(pack, tables(known, ["ana"]), "2026", None)
    posted = posted_lines(granger.Ledger(ledger).posted())
    until = {each: amount for each, amount in sums(clean.outcome.payouts).items() if each[0] <= "2026-03"}
    assert sums(posted) == until


SETTLED = {
    "advance": RICH.replace("before: 2026-03-01, ", "before: 2026-02-01, "),
    "guarantee": PLAIN.replace(
        "components:",
        "draws: [{draw: base, kind: guarantee, amount: 150 per month, recover: from_earnings}]\n"
        'holdbacks: [{holdback: reserve, part: 30%, release_on: "add_days(as_of, 45)"}]\n'
        "components:",
    ),
    "limits": PLAIN.replace("components:", "cap: 120\nfloor: 40\ncomponents:"),
}


@pytest.mark.parametrize("plan", SETTLED)
@pytest.mark.parametrize("blank", ["d1", "d2", "d3"])
@pytest.mark.parametrize("reading", ["reference", "columns"])
def test_a_locked_line_that_is_unknown_now_counts_as_it_was_posted(
    plan: str, blank: str, reading: str, ledger: Path, tmp_path: Path
) -> None:
    """What is drawn, recovered, held and limited in the open period is what it would be were the line known."""
    pack = pack_of(tmp_path / "w", SETTLED[plan])
    data = [
        deal("d1", 1, 1400), deal("d2", 2, 300), {**deal("d3", 1, 200), "cancelled_on": date(2026, 2, 20)},
        deal("d4", 3, 2100), deal("d5", 2, 100),
    ]  # fmt: skip
    for month in MONTHS[:2]:
        run(pack, tables(data, ["ana"]), month, ledger, reading).lock()
    unknown = [{**each, "amount": None} if each["deal_id"] == blank else each for each in data]
    known, found = (run(pack, tables(rows, ["ana"]), "2026-03", ledger, reading) for rows in (data, unknown))
    assert [(line.kind, line.component, line.amount) for line in found.outcome.payouts] == [
        (line.kind, line.component, line.amount) for line in known.outcome.payouts
    ]
    assert {line.kind for line in known.outcome.payouts} == {
        "advance": {"earned", "recovered", "held", "released"},
        "guarantee": {"earned", "drawn", "recovered", "held", "released"},
        "limits": {"earned", "limited"},
    }[plan]
    assert {finding.code for finding in found.findings} == {"corrections-wait"}
    found.lock()
    assert adjustments(run(pack, tables(data, ["ana"]), "2026-04", ledger, reading)) == []


def test_a_line_whose_rate_is_gone_is_not_taken_back_in_the_currency_that_was_paid(
    ledger: Path, tmp_path: Path
) -> None:
    rates = "  exchange_rates:\n    dated_by: day\n    fields: {from_currency: text, to_currency: text, rate: number, day: date}\n"
    top = TOP.replace("fields: {person: person}", "fields: {person: person, paid_in: text}") + rates
    plan = PLAIN.replace(
        "components:", "exchange: {table: exchange_rates, by: transaction}\npay_currency: paid_in\ncomponents:"
    )
    pack = pack_of(tmp_path / "w", plan, top)
    people = {"people": [{"person": "ana", "paid_in": "EUR"}]}
    rate = {"from_currency": "USD", "to_currency": "EUR", "rate": "0.9", "day": date(2026, 1, 1)}
    data = {**tables([deal("d1", 1, 1000)]), **people}
    run(pack, {**data, "exchange_rates": [rate]}, "2026-01", ledger).lock()
    gone = run(pack, {**data, "exchange_rates": [{**rate, "to_currency": "CHF"}]}, "2026-02", ledger)
    assert adjustments(gone) == []
    assert "corrections-wait" in [finding.code for finding in gone.findings]
    other = run(pack, {**data, "exchange_rates": [{**rate, "rate": "0.8"}]}, "2026-02", ledger)
    assert [(amount, why) for _, _, amount, why in adjustments(other)] == [
        (Fraction(-10), "2026-01 came to 90.00, and comes to 80.00 now")
    ]


def test_what_somebody_who_has_left_still_owes_is_told(ledger: Path, tmp_path: Path) -> None:
    terms = (
        "  terms:\n    valid: {from: since, before: until}\n"
        "    fields: {person: {refers_to: people}, since: date, until: {kind: date, required: false}}\n"
    )
    pack = pack_of(tmp_path / "w", PLAIN + "    clawback: {day: cancelled_on}\n", TOP + terms)
    agreed = [
        {"person": "ana", "since": date(2026, 1, 1), "until": date(2026, 2, 1)},
        {"person": "bo", "since": date(2026, 1, 1), "until": None},
    ]
    data = {**tables([deal("d1", 1, 1000, cancelled=date(2026, 2, 3))]), "terms": agreed}
    found = []
    for month in MONTHS[:3]:
        proposed = run(pack, data, month, ledger)
        found.append([finding.message for finding in proposed.findings if finding.code == "carried-without-pay"])
        proposed.lock()
    assert found[:2] == [[], []]
    assert found[2] == [
        "100.00 USD is still owed to 'plan' by ana: a total below zero was carried on, and nothing is paid here that could take"
        " it in"
    ]


def test_what_is_not_to_be_locked_is_refused(plain: granger.Pack, ledger: Path) -> None:
    early = plain.run(dict(tables(DEALS)), as_of=date(2026, 1, 20), period="2026-01", parts=["pay"], ledger=ledger)
    without = run(plain, tables(DEALS), "2026-01", None)
    nothing = run(plain, tables(DEALS), "2025-01", ledger)
    for each, code in ((early, "period-not-over"), (without, "run-without-ledger"), (nothing, "period-pays-nothing")):
        with pytest.raises(granger.RequestRejected) as caught:
            each.lock()
        assert [problem.code for problem in caught.value.diagnostics] == [code]
    assert not ledger.exists()


def test_without_a_period_the_last_that_is_over_is_paid(plain: granger.Pack, ledger: Path, tmp_path: Path) -> None:
    def asked(pack: granger.Pack) -> granger.Run:
        return pack.run(dict(tables(DEALS)), as_of=date(2026, 4, 20), parts=["pay"], ledger=ledger)

    assert [line.period for line in asked(plain).outcome.payouts] == ["2026-03", "2026-03"]
    folder = tmp_path / "two"
    pack_of(folder)
    (folder / "more.yaml").write_text(PLAIN.replace("name: plan", "name: more").replace("month", "quarter"))
    with pytest.raises(granger.RequestRejected) as caught:
        asked(granger.load(folder))
    assert [problem.code for problem in caught.value.diagnostics] == ["period-needed"]


def test_months_and_their_quarter_are_locked_each_for_its_plans(ledger: Path, tmp_path: Path) -> None:
    folder = tmp_path / "two"
    pack_of(folder)
    (folder / "more.yaml").write_text(PLAIN.replace("name: plan", "name: more").replace("month", "quarter"))
    both = granger.load(folder)
    for period in ("2026-01", "2026-02"):
        assert {line.plan for line in posted_lines(run(both, tables(DEALS), period, ledger).lock())} == {"plan"}
    # the quarter takes the month that is left, with what its plan's months before come to
    changed = [deal("d1", 1, 1100), *DEALS[1:]]
    quarter = run(both, tables(changed), "2026-Q1", ledger)
    assert [(line.plan, line.payee, line.period, line.corrects, line.amount) for line in quarter.outcome.payouts] == [
        ("more", "ana", "2026-Q1", "", 310),
        ("more", "bo", "2026-Q1", "", 50),
        ("plan", "ana", "2026-03", "", 0),
        ("plan", "ana", "2026-03", "2026-01 earned #2", 10),
        ("plan", "bo", "2026-03", "", 0),
    ]
    quarter.lock()
    for period in ("2026-01", "2026-03", "2026-Q1"):
        with pytest.raises(granger.RequestRejected):
            run(both, tables(changed), period, ledger)
    assert [line.plan for line in run(both, tables(changed), "2026-04", ledger).outcome.payouts] == ["plan", "plan"]


def test_a_ledger_that_was_edited_is_not_built_upon(plain: granger.Pack, ledger: Path) -> None:
    import sqlite3

    run(plain, tables(DEALS), "2026-01", ledger).lock()
    with sqlite3.connect(ledger) as opened:
        opened.execute("DROP TRIGGER granger_ledger_no_update")
        opened.execute("UPDATE granger_ledger SET payload = replace(payload, '\"100\"', '\"900\"')")
    opened.close()
    with pytest.raises(granger.DataRejected) as caught:
        run(plain, tables(DEALS), "2026-02", ledger)
    assert [(p.code, str(p.place)) for p in caught.value.diagnostics] == [("entry-edited", f"{ledger}, row 2")]
    assert granger.Ledger(ledger).verify() == list(caught.value.diagnostics)


def test_the_history_of_draws_holdbacks_and_clawbacks_is_corrected_too(ledger: Path, tmp_path: Path) -> None:
    pack = pack_of(tmp_path / "rich", RICH)
    data = [deal("d1", 1, 1000), deal("d2", 2, 600), deal("d3", 3, 400, cancelled=date(2026, 4, 3))]
    for period in MONTHS[:3]:
        run(pack, tables(data, ["ana"]), period, ledger).lock(by="Ana")
    late = [deal("d1", 1, 1400), data[1], {**data[2], "cancelled_on": date(2026, 3, 20)}, deal("d4", 4, 90)]
    fourth = run(pack, tables(late, ["ana"]), "2026-04", ledger)
    assert run(pack, tables(late, ["ana"]), "2026-04", ledger, "columns").outcome.payouts == fourth.outcome.payouts
    fourth.lock()
    clean = run(pack, tables(late, ["ana"]), "2026", None)
    assert {key: amount for key, amount in sums(clean.outcome.payouts).items() if key[0] <= "2026-04"} == sums(
        posted_lines(granger.Ledger(ledger).posted())
    )
    kinds = {line.corrects.split()[1] for line in fourth.outcome.payouts if line.corrects}
    assert kinds == {"earned", "recovered", "held", "released", "clawed_back"}
    assert isinstance(granger.Ledger(ledger).posted().locks[0], Lock)


def test_terms_that_change_for_a_locked_period_are_corrected(ledger: Path, tmp_path: Path) -> None:
    """However many terms share a period, its line is one, and so is what corrects it."""
    terms = (
        "  terms:\n    valid: {from: since, before: gone}\n"
        "    fields: {person: {refers_to: people}, since: date, gone: {kind: date, required: false}, own: percent}\n"
    )
    table = "rate_table: {kind: whole_amount, accumulate: each_credit, bands: [{rate: own}]}"
    pack = pack_of(tmp_path / "terms", PLAIN.replace("rate: 10%", table), TOP + terms)
    old = {"person": "ana", "since": date(2026, 1, 1), "gone": None, "own": "10%"}
    raised = [{**old, "gone": date(2026, 1, 9)}, {**old, "since": date(2026, 1, 9), "own": "20%"}]
    run(pack, tables(DEALS, ["ana"]) | {"terms": [old]}, "2026-01", ledger).lock()
    second = run(pack, tables(DEALS, ["ana"]) | {"terms": raised}, "2026-02", ledger)
    assert adjustments(second) == [
        ("ana", "2026-01 earned #2", Fraction(100), "2026-01 came to 100.00, and comes to 200.00 now")
    ]
    # who leaves before the locked month began gives back what it paid
    third = run(pack, tables(DEALS, ["ana"]) | {"terms": [{**old, "gone": date(2026, 1, 2)}]}, "2026-02", ledger)
    assert [each[2] for each in adjustments(third)] == [-100]
