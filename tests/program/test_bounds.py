"""Settings stay within the bounds that their library gives them; a setting has a value."""

from __future__ import annotations

from collections.abc import Callable

import granger
import pytest

Ran = Callable[..., granger.Run]

SETTINGS = [
    # the settings, the code or "", what is said
    ("r: {value: 2%, at_least: 2%, at_most: 2%}", "", ""),
    ("r: {value: 2.0001%, at_most: 2%}", "setting-out-of-bounds", "'r' is 2.0001%; it must be at most 2%"),
    ("r: {value: 1.99%, at_least: 2%}", "setting-out-of-bounds", "'r' is 1.99%; it must be at least 2%"),
    ("r: {value: 1/3, at_most: 1/3}", "", ""),
    ("r: {value: 1/3, at_most: 0.3333}", "setting-out-of-bounds", "it must be at most 33.33%"),
    ("r: {value: 7, at_most: 6}", "setting-out-of-bounds", "'r' is 7; it must be at most 6"),
    ("r: {value: -1, at_least: 0}", "setting-out-of-bounds", "it must be at least 0"),
    ("r: {value: 2026-04-01, at_least: 2026-04-01}", "", ""),
    ("r: {value: 2026-03-31, at_least: 2026-04-01}", "setting-out-of-bounds",
     "'r' is 2026-03-31; it must be at least 2026-04-01"),
    ("{base: 12%, r: {value: base / 3, at_least: base / 5, at_most: base / 2}}", "", ""),
    ("{base: 12%, r: {value: base / 6, at_least: base / 5}}", "setting-out-of-bounds",
     "'r' is 2%; it must be at least 2.4%"),
    ("{z: 0, r: 1 / z}", "setting-missing", "'r' has no value"), ("{z: 0, r: {value: 5, at_most: 1 / z}}", "", ""),
    ("r: {choice: a, one_of: [a, b]}", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("settings", "code", "said"), SETTINGS, ids=[s[0] for s in SETTINGS])
def test_bounds_are_included(settings: str, code: str, said: str, ran: Ran) -> None:
    written = f"settings: {settings}\n" if settings.startswith("{") else f"settings:\n  {settings}\n"
    if not code:
        assert ran({"library": written}).outcome.findings == []
        return
    with pytest.raises(granger.PolicyRejected) as refused:
        ran({"library": written})
    (problem,) = refused.value.diagnostics
    assert problem.code == code and said in problem.message
    assert str(problem.place).startswith("library.yaml:")


def test_the_blamed_place_is_the_value(ran: Ran) -> None:
    with pytest.raises(granger.PolicyRejected) as refused:
        ran({"library": "settings:\n  base: 12%\n  r:\n    value: base\n    at_most: 10%\n"})
    assert [str(d.place) for d in refused.value.diagnostics] == ["library.yaml:7:12"]


def test_every_version_is_held_to_its_bounds(ran: Ran) -> None:
    later = "kind: library\nname: figures\neffective: {from: 2027-01-01}\nsettings: {r: {value: 3%, at_most: 2%}}\n"
    first = (
        "kind: library\n"
        "name: figures\n"
        "effective: {from: 2026-01-01, before: 2027-01-01}\n"
        "settings: {r: {value: 2%, at_most: 2%}}\n"
    )
    with pytest.raises(granger.PolicyRejected) as refused:
        ran({"a.yaml": first, "b.yaml": later})
    assert [(d.code, str(d.place)) for d in refused.value.diagnostics] == [("setting-out-of-bounds", "b.yaml:4:23")]
