"""Whatever is done to the entries of a ledger shows, at the entry where it was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, permutations

from granger.engine.diagnostics import Cell
from granger.engine.ledger.entries import NO_ENTRY, Entry, canonical, chained, digest
from granger.engine.ledger.verify import Verifying

from .worked import lock

FIRST = lock(NO_ENTRY, "2026-Q1", 3)
LEDGER = [*FIRST, *lock(FIRST[-1].head, "2026-Q2", 2), *lock(lock(FIRST[-1].head, "2026-Q2", 2)[-1].head, "2026-Q3", 0)]


def found(entries: Sequence[Entry], noted: str = "") -> list[tuple[str, int]]:
    """The code and the place of every problem."""
    verifying = Verifying("ledger.db")
    list(verifying.through(entries))
    if noted:
        verifying.expect(noted)
    assert all(isinstance(problem.place, Cell) and problem.place.file == "ledger.db" for problem in verifying.problems)
    return [(problem.code, problem.place.row) for problem in verifying.problems if isinstance(problem.place, Cell)]


def rehashed(entry: Entry) -> Entry:
    return replace(entry, hash=digest(entry.sequence, entry.period, entry.previous, entry.payload))


def test_what_was_posted_is_sound() -> None:
    assert [entry.sequence for entry in LEDGER] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert found(LEDGER) == found([]) == []
    assert found(LEDGER, LEDGER[-1].hash[:12]) == []


def test_a_digest_is_what_anybody_can_compute() -> None:
    """SHA-256 of `1\\n2026-Q1\\n0000…\\n{"a":"1/3"}`, as sha256sum prints it."""
    entry = chained(NO_ENTRY, [("2026-Q1", canonical({"a": "1/3"}))])[0]
    assert entry.hash == "f421c6cdb146a0d7e0344bf94a3565fe8a15dafdcde89df7b73187cd4cad7886"


def test_any_changed_byte_of_any_entry_is_found_there() -> None:
    tried = 0
    for i, entry in enumerate(LEDGER):
        for name in ("period", "previous", "payload", "hash"):
            text = getattr(entry, name)
            for at in range(len(text)):
                other = "x" if text[at] != "x" else "y"
                edited = replace(entry, **{name: text[:at] + other + text[at + 1 :]})
                problems = found([*LEDGER[:i], edited, *LEDGER[i + 1 :]])
                assert ("entry-edited", entry.sequence) in problems, (entry.sequence, name, at)
                assert {place for _, place in problems} <= {entry.sequence, entry.sequence + 1}
                tried += 1
    assert tried == 1_817


def test_an_edit_with_a_new_digest_breaks_the_chain_behind_it() -> None:
    for i, entry in enumerate(LEDGER[:-1]):
        edited = rehashed(replace(entry, payload=entry.payload.replace("2026", "2025").replace("5", "6") + " "))
        problems = found([*LEDGER[:i], edited, *LEDGER[i + 1 :]])
        assert ("entry-out-of-chain", entry.sequence + 1) in problems


def test_deleted_entries_are_missing() -> None:
    assert found([*LEDGER[:2], *LEDGER[4:]]) == [("entries-missing", 3)]
    verifying = Verifying("l")
    list(verifying.through([*LEDGER[:2], *LEDGER[4:]]))
    assert verifying.problems[0].message == "entry 3 to 4 is missing"
    tried = 0
    for count in (1, 2, 3):
        for gone in combinations(range(len(LEDGER) - 1), count):
            assert found([entry for i, entry in enumerate(LEDGER) if i not in gone]), gone
            tried += 1
    assert tried == 7 + 21 + 35


def test_another_order_is_found_even_if_all_are_numbered_anew() -> None:
    tried = 0
    for order in permutations(range(len(LEDGER)), len(LEDGER)):
        if tried == 1_000:
            break
        if list(order) != sorted(order):
            moved = [rehashed(replace(LEDGER[old], sequence=new + 1)) for new, old in enumerate(order)]
            assert found(moved), order
            tried += 1
    assert tried == 1_000


def test_what_is_cut_off_inside_a_lock_is_found() -> None:
    for kept in (1, 2, 3):
        assert found(LEDGER[:kept]) == [("lock-cut-off", 1)]
    assert found(LEDGER[:6]) == [("lock-cut-off", 5)]


def test_what_is_cut_off_after_a_lock_is_found_by_who_noted_the_end() -> None:
    assert found(LEDGER[:4]) == []
    assert found(LEDGER[:4], LEDGER[-1].hash[:8]) == [("ledger-other-end", 4)]
    assert found([], LEDGER[-1].hash[:8]) == [("ledger-other-end", 0)]


def test_a_line_of_no_lock_is_found() -> None:
    loose = chained(LEDGER[-1].head, [("2026-Q3", canonical({"line": {}}))])
    assert found([*LEDGER, *loose]) == [("line-without-lock", 9)]
    nonsense = chained(LEDGER[-1].head, [("2026-Q3", "[]"), ("2026-Q3", "not JSON")])
    assert found([*LEDGER, *nonsense]) == [("entry-edited", 9), ("entry-edited", 10)]
