"""Overrides: used while they hold and are whole; every other row is a finding."""

from __future__ import annotations

from collections.abc import Callable

import granger
import pytest

Ran = Callable[..., granger.Run]

TIERS = """\
tiers:
  - {tier: A, when: x > 5, gives: {goal: 80%}}
  - {tier: B, when: x <= 5}
overrides: {table: pins, require: [reason, owner]}
"""
FILES = {"segmentation": TIERS, "accounts.csv": "a,1,,,\nb,1,,,\n"}


def tiers(found: granger.Run) -> list[tuple[str, str, str]]:
    return [(s.account_id, s.tier, s.status) for s in found.outcome.segments]


PINS = [
    # row of pins.csv on 2026-09-30, is it used, the finding
    ("a,A,big logo,ann,,2026-12-31", True, ""), ("a,A,big logo,ann,,2026-09-30", True, ""),
    ("a,A,big logo,ann,2026-09-30,", True, ""),
    ("a,A,big logo,ann,,2026-09-29", False, "override-over"), ("a,A,big logo,ann,2026-10-01,2026-12-31", False, ""),
    ("a,A,,ann,,2026-12-31", False, "override-incomplete"),
    ("a,A,big logo,,,2026-12-31", False, "override-incomplete"),
    ("a,Z,big logo,ann,,2026-12-31", False, "override-unknown-tier"),
    ("a,,big logo,ann,,2026-12-31", False, "override-unknown-tier"),
]  # fmt: skip


@pytest.mark.parametrize(("pin", "used", "code"), PINS)
def test_which_overrides_hold(pin: str, used: bool, code: str, ran: Ran) -> None:
    found = ran({**FILES, "pins.csv": pin + "\n"})
    assert tiers(found) == [("a", "A", "overridden") if used else ("a", "B", "decided"), ("b", "B", "decided")]
    assert [(d.code, str(d.place)) for d in found.findings] == ([(code, "pins.csv, row 2")] if code else [])


def test_an_override_says_where_it_stands_and_gives_what_its_tier_gives(ran: Ran) -> None:
    segment = ran({**FILES, "pins.csv": "a,A,big logo,ann,,2026-12-31\n"}).outcome.segments[0]
    assert (segment.gives, segment.because, segment.source) == ("goal=80%", "overridden: big logo", "pins.csv:2")


def test_the_first_of_two_on_one_day_is_used_and_the_second_told(ran: Ran) -> None:
    found = ran({**FILES, "pins.csv": "a,A,one,ann,,2026-12-31\na,B,two,ann,,2026-12-31\n"})
    assert tiers(found)[0] == ("a", "A", "overridden")
    assert [(d.code, str(d.place)) for d in found.findings] == [("override-twice", "pins.csv, row 3")]


def test_a_run_out_and_a_running_one_of_an_account_are_no_twins(ran: Ran) -> None:
    found = ran({**FILES, "pins.csv": "a,A,one,ann,,2026-06-30\na,A,two,ann,2026-07-01,2026-12-31\n"})
    assert tiers(found)[0] == ("a", "A", "overridden")
    assert found.outcome.segments[0].because == "overridden: two"
    assert [d.code for d in found.findings] == ["override-over"]


def test_an_override_decides_what_the_conditions_cannot(ran: Ran) -> None:
    files = {"segmentation": TIERS, "accounts.csv": "a,,,,\n"}
    assert tiers(ran(files)) == [("a", "", "undecided")]
    assert tiers(ran({**files, "pins.csv": "a,A,one,ann,,2026-12-31\n"})) == [("a", "A", "overridden")]


def test_an_override_of_an_unknown_account_is_told(ran: Ran) -> None:
    found = ran({**FILES, "pins.csv": "zz,A,one,ann,,2026-12-31\n"})
    assert [str(d.place) for d in found.findings] == ["pins.csv, row 2"]
    assert [d.code for d in found.findings] == ["override-unknown-account"] and "'zz'" in found.findings[0].message


def test_an_override_without_an_account_says_what_is_empty(ran: Ran) -> None:
    found = ran({**FILES, "pins.csv": ",A,one,ann,,2026-12-31\n"})
    (finding,) = found.findings
    assert (
        finding.code == "override-incomplete"
        and "None" not in finding.message
        and "account_id is empty" in finding.message
    )
