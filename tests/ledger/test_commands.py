"""The commands of pay and of the ledger: what they print, write and exit with. One process takes them all in a row."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import contextlib, io, json, sys
import click
from granger.cli import granger

for arguments in json.load(sys.stdin):
    out, err, code = io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            granger.main(arguments, standalone_mode=False)
        except SystemExit as done:
            code = done.code
        except click.ClickException as error:
            code = 2
            error.show()
    print(json.dumps([code, out.getvalue(), err.getvalue()]))
"""
Came = tuple[int, str, str]


def commands(folder: Path, *lines: str, **environment: str) -> list[Came]:
    """The exit code and what was printed of each."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=folder, input=json.dumps([line.split() for line in lines]),
        capture_output=True, text=True, check=False, env={**os.environ, **environment},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "rules" / "starter", tmp_path / "w")
    return tmp_path


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_from_a_proposal_to_its_statements(place: Path) -> None:
    proposed, posted, again, early, shown, whole, sound, written, other = commands(
        place,
        "pay w --as-of 2026-07-05 --out out",
        "lock 2026-Q2 w --as-of 2026-07-05 --by Ana --format json",
        "lock 2026-Q2 w --as-of 2026-07-05",
        "lock 2026-Q3 w --as-of 2026-07-05",
        "ledger show w/ledger.db",
        "ledger show w/ledger.db --entry 3",
        "ledger verify w/ledger.db",
        "ledger statement 2026-Q2 w/ledger.db --out again",
        "ledger statement 2026-Q1 w/ledger.db --out other",
    )
    assert (proposed[0], proposed[2]) == (0, "")
    told: dict[str, Any] = json.loads(posted[1])
    assert (posted[0], told["entry"], told["locks"][0]["by"], told["locks"][0]["period"]) == (0, 3, "Ana", "2026-Q2")
    assert told["locks"][0]["amounts"] == {"USD": "4620.00"}
    assert (again[0], again[1]) == (2, "")
    assert "error[period-locked]: 2026-Q2 is locked: Ana locked 2026-Q2 at 20" in again[2]
    assert early[0] == 2 and "period-not-over" in early[2]
    assert shown[0] == 0 and " 4,620.00 USD   Ana " in shown[1] and told["digest"] in shown[1]
    entry = json.loads(whole[1])
    assert (entry["sequence"], entry["payload"][0]["line"]["payee"]) == (3, "Dev Patel")
    assert [record["credit"]["record"] for record in entry["payload"][1:]] == ["D-2"]
    assert sound[:2] == (0, f"w/ledger.db is what was posted: 3 entries, the last digest is {told['digest']}\n")
    assert written[:2] == (0, "Written to again\n")
    before, after = bytes_of(place / "out"), bytes_of(place / "again")
    statements = {name for name in before if name.startswith("statements/")}
    assert len(statements) == 2
    same = {*statements, "payouts.csv", "credits.csv", "attainments.csv"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert set(after) == {*same, "run.json"}
    assert other[0] == 2 and "error[period-not-locked]" in other[2]
    assert not (place / "other").exists()


def test_a_ledger_that_was_edited_and_one_that_is_not_there(place: Path) -> None:
    (posted,) = commands(place, "lock 2026-Q2 w --as-of 2026-07-05", GRANGER_LEDGER="pay.db")
    assert posted[0] == 0 and (place / "pay.db").exists() and not (place / "w" / "ledger.db").exists()
    opened = sqlite3.connect(place / "pay.db")
    opened.execute("DROP TRIGGER granger_ledger_no_update")
    opened.execute("UPDATE granger_ledger SET payload = replace(payload, '2920', '2930') WHERE sequence = 3")
    opened.commit()
    opened.close()
    verified, as_json, paid, locked, nowhere, unknown, strange = commands(
        place,
        "ledger verify pay.db",
        "ledger verify pay.db --format json",
        "pay w --as-of 2026-10-05 --ledger pay.db --out out",
        "lock 2026-Q3 w --as-of 2026-10-05 --ledger pay.db",
        "ledger show none.db",
        "ledger show pay.db --entry 9",
        "ledger verify ftp://host/ledger",
    )
    assert verified[0] == 1
    assert "error[entry-edited]: entry 3 is not what was posted" in verified[1] and "pay.db, row 3" in verified[1]
    assert as_json[0] == 1 and json.loads(as_json[1])["diagnostics"][0]["code"] == "entry-edited"
    for code, _, err in (paid, locked, unknown):
        assert (code, "entry-edited" in err) == (3, True)
    assert nowhere[0] == 2 and "error[ledger-absent]: there is no ledger 'none.db'" in nowhere[2]
    assert not (place / "none.db").exists() and not (place / "out").exists()
    assert strange[0] == 2 and "ledger-unknown" in strange[2]


def test_help_loads_no_database() -> None:
    code = (
        "import sys\nfrom granger.cli import granger as g\n"
        "try:\n    g.main(['lock', '--help'], standalone_mode=False)\nexcept SystemExit: pass\n"
        "assert not [m for m in sys.modules if m.split('.')[0] in ('sqlalchemy', 'psycopg', 'sqlite3', 'polars')]"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Post the pay of PERIOD to the ledger, for good" in done.stdout
