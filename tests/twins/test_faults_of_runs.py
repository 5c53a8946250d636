"""The faults that lie beside the language, planted in runs by columns and in single accounts: drawn workspaces catch each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import granger
import pytest

from . import faults_of_deciding as deciding
from . import faults_of_runs as runs
from .readings import FAILURES
from .test_workspaces import AS_OF
from .workspaces import Asked, Ran, asked, decided, difference, ran, written

Plant = Callable[[pytest.MonkeyPatch], None]
COLUMNS: dict[str, list[tuple[Plant, str]]] = {
    "a range proof one bit too narrow": [
        (runs.sums_one_bit_too_narrow, "segments"),
        (runs.cents_one_bit_too_narrow, "pay"),
    ],
    "tie rule swapped": [(runs.ties_of_cents_swapped, "pay")],
    "floor for round on negatives": [(runs.floor_for_round_of_cents, "pay")],
    "missing treated as false": [(runs.undecided_rows_of_a_table_false, "segments")],
    "a lost missing of a denominator": [(runs.missing_divisor_summed, "segments")],
    "`>=` as `>`": [(runs.window_opens_late, "segments")],
    "a negative denominator not normalised": [(runs.sum_below_keeps_its_sign, "segments")],
    "`else` on a missing condition": [(runs.otherwise_on_undecided, "segments")],
    "a sum in floats": [(runs.sums_in_floats, "segments"), (runs.cents_summed_in_floats, "pay")],
}
"""With the part of the run that can show it."""

GENERATED: dict[str, list[Plant]] = {
    "missing treated as false": [deciding.undecided_rows_of_a_table_false],
    "a lost missing of a denominator": [deciding.missing_divisor_summed],
    "`>=` as `>`": [deciding.window_opens_late],
    "`else` on a missing condition": [deciding.otherwise_on_undecided, deciding.next_case_on_undecided],
    "a sum in floats": [deciding.sums_in_floats],
}
NOT_BESIDE_THE_LANGUAGE = {
    "a range proof one bit too narrow": "a loop over rows adds Python's numbers, which have no width",
    "tie rule swapped": "nothing is rounded but by the language's own round",
    "floor for round on negatives": "nothing is rounded but by the language's own round",
    "a negative denominator not normalised": "a ratio of two sums is the language's own quotient",
}
"""Why the generated reading of rows and tables cannot have the others; test_faults plants them in its expressions."""


SEEDS = EDGE, *_ = range(4)
"""``EDGE`` has sums at the edge of a width; the others ties."""

ALONE = 20
"""So many accounts of each are decided alone."""

LEFT_OUT = ["one.yaml", "one-later.yaml", "two.yaml", "h1.yaml", "book1.yaml"]
"""What shows no fault that the rest does not, and takes its time."""


class Known:
    """Workspaces and what the reference makes of them, each once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.packs: dict[int, tuple[Path, granger.Pack]] = {}
        self.runs: dict[tuple[int, str], Ran] = {}
        self.decided: dict[int, list[Asked]] = {}

    def pack(self, seed: int) -> tuple[Path, granger.Pack]:
        if seed not in self.packs:
            where = written(seed, self.folder / str(seed), accounts=30, edge=seed == EDGE)
            for name in LEFT_OUT:
                (where / name).unlink()
            self.packs[seed] = where, granger.load(where)
        return self.packs[seed]

    def run(self, seed: int, part: str) -> Ran:
        if (seed, part) not in self.runs:
            self.runs[seed, part] = ran(self.pack(seed)[1], "reference", AS_OF, parts=[part])
        return self.runs[seed, part]

    def accounts(self, seed: int) -> list[Asked]:
        if seed not in self.decided:
            where, pack = self.pack(seed)
            self.decided[seed] = list(asked(pack, where, AS_OF, ALONE))
        return self.decided[seed]


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Known:
    found = Known(tmp_path_factory.mktemp("faults"))
    for seed in SEEDS:
        for part in ("segments", "pay"):
            found.run(seed, part)
    return found


def caught(known: Known, part: str, seeds: Sequence[int] = SEEDS) -> str:
    """What a run by columns tells otherwise; empty where all is alike."""
    for seed in seeds:
        try:
            found = difference(known.run(seed, part), ran(known.pack(seed)[1], "columns", AS_OF, parts=[part]))
        except FAILURES as failure:
            found = repr(failure)
        if found:
            return f"seed {seed}: {found}"
    return ""


def caught_deciding(known: Known) -> str:
    fast = 0
    for seed in SEEDS[:3]:  # in the last, people have days of their own: the reference decides every account
        accounts, (_, pack) = known.accounts(seed), known.pack(seed)
        pack = granger.Pack(pack.policies, pack.folder)  # decides by code of its own, made with the fault
        try:
            for way, found, expected in decided(pack, accounts, AS_OF):
                fast += way == "fast"
                if found != expected:
                    return f"seed {seed}: {found}"
        except FAILURES as failure:
            return repr(failure)
    assert fast, "nothing was decided by generated code"
    return ""


def test_every_fault_is_planted_or_cannot_be() -> None:
    assert len(COLUMNS) == 9
    assert COLUMNS.keys() == GENERATED.keys() | NOT_BESIDE_THE_LANGUAGE.keys()
    assert not GENERATED.keys() & NOT_BESIDE_THE_LANGUAGE.keys()


@pytest.mark.parametrize("part", ["segments", "pay"])
def test_sound_columns_are_not_caught(part: str, known: Known) -> None:
    assert caught(known, part) == ""


def test_sound_code_is_not_caught(known: Known) -> None:
    assert caught_deciding(known) == ""


@pytest.mark.parametrize(
    ("plant", "part"),
    [pytest.param(*pair, id=f"{fault}-{pair[0].__name__}") for fault, some in COLUMNS.items() for pair in some],
)
def test_a_fault_of_runs_by_columns_is_caught(
    plant: Plant, part: str, known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch)
    assert caught(known, part, [EDGE] if plant in runs.OF_WIDTHS else SEEDS[1:])


@pytest.mark.parametrize(
    "plant",
    [pytest.param(plant, id=f"{fault}-{plant.__name__}") for fault, some in GENERATED.items() for plant in some],
)
def test_a_fault_of_single_accounts_is_caught(plant: Plant, known: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    assert caught_deciding(known)
