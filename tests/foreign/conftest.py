"""What the tests over hostile input share: a good workspace to spoil, and a confined process to meet it in."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

CONFINED = Path(__file__).with_name("confined.py")
SECONDS = 1
MEGABYTES = 200

TOP = """\
kind: workspace
name: hostile
currency: USD
tables:
  accounts:
    file: data/accounts.csv
    key: account_id
    fields:
      account_id: text
      n: number
      t: text
      d: date
      b: boolean
      x: {kind: number, required: false}
"""
TIERS = """\
kind: segmentation
name: tiers
effective: {from: 2020-01-01}
tiers:
  - tier: hit
    when: WHEN
otherwise: other
"""
ROWS = "account_id,n,t,d,b,x\na,3,word,2026-01-31,true,\nb,-7.5,text,2024-02-29,false,1\n"


@pytest.fixture(scope="session")
def plain():
    """The files of a good workspace: numbers n and x, a text t, a date d, a boolean b, one condition."""
    return {"granger.yaml": TOP, "tiers.yaml": TIERS.replace("WHEN", "n > 1"), "data/accounts.csv": ROWS}


@pytest.fixture(scope="session")
def condition(plain):
    """``condition(text)``: the good workspace with ``text`` as its one condition."""
    return lambda text: plain | {"tiers.yaml": TIERS.replace("WHEN", json.dumps(text))}


@pytest.fixture
def confined(plain, tmp_path):
    """``confined(items)``: a report on each item (an expression's ``text``, or a workspace's ``files``), all met within
    a second (of an ordinary machine) and 200 MB above the process after import, without a traceback, showing a terminal no control character.
    """

    def meet(items):
        items = [{"name": "plain", "files": plain}, *items]
        (tmp_path / "items").write_text("\n".join(json.dumps(item) for item in items), "utf-8")
        (tmp_path / "folder").mkdir()
        command = [sys.executable, "-W", "error", str(CONFINED), str(tmp_path / "items"), str(tmp_path / "folder")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60 + 20 * len(items), check=False)
        reports = [json.loads(line) for line in done.stdout.splitlines()]
        assert len(reports) == len(items), f"ended at {items[len(reports)]['name']!r}: {done.stderr[-2000:]}"
        failed = [f"{report['name']}: {report['error']}" for report in reports if report["error"]]
        assert failed == [], f"{len(failed)} of {len(items)}:\n" + "\n".join(failed)
        assert (reports[0]["accepted"], reports[0]["codes"]) == (True, [])
        assert [(report["name"], report["seconds"]) for report in reports if report["seconds"] >= SECONDS] == []
        assert [(report["name"], report["hidden"]) for report in reports if report["hidden"]] == []
        assert max(report["megabytes"] for report in reports) < MEGABYTES
        return reports[1:]

    return meet


@pytest.fixture(scope="session", autouse=True)
def both_ways(read_both_ways):
    """Other projects' figures are held to both readings."""
