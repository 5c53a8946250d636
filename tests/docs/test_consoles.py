"""What the pages show of a terminal is what the commands print; the example of one account is run."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .test_readme import change, fits, steps

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs").glob("how-to-*.md"))
IN_ORDER = {"how-to-close-periods.md": 10, "how-to-pay-through-payroll.md": 4}
"""Pages that begin with nothing, and of which each command finds what those before it have left: how many."""
SHOWN = [
    (page.name, command, shown)
    for page in PAGES
    if page.name not in IN_ORDER
    for block in re.findall(r"^```console\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    for command, shown in steps(block)
]
DECIDE = ROOT / "docs" / "examples" / "decide.py"
CHANGED = ("{measure: amount_renewal_rate, of: Lin, value: 80%}", "{measure: amount_renewal_rate, of: Lin, value: 81%}")


def entered(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = f'PATH="{Path(sys.executable).parent}:$PATH"'
    return subprocess.run(
        ["/bin/sh", "-c", f"{path} exec {command}"], cwd=folder, capture_output=True, encoding="utf-8", check=False
    )


@pytest.mark.parametrize(("page", "command", "shown"), SHOWN)
def test_a_console_shows_what_is_printed(page: str, command: str, shown: str, tmp_path: Path) -> None:
    """``my-workspace`` is the pack of the pages with the one change that the page on tests tells of."""
    shutil.copytree(ROOT / "rules" / "renewal-kpi", tmp_path / "my-workspace")
    tests = tmp_path / "my-workspace" / "tests.yaml"
    text = tests.read_text(encoding="utf-8")
    assert text.count(CHANGED[0]) == 1
    tests.write_text(text.replace(*CHANGED), encoding="utf-8")
    for pack in ("renewal-kpi", "retention"):
        shutil.copytree(ROOT / "rules" / pack, tmp_path / "rules" / pack)
    done = entered(command, tmp_path)
    assert fits(shown, done.stdout), f"{page}: {command}\n{done.stdout}"
    assert done.returncode == (1 if "1 failed" in shown else 0), done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("name", IN_ORDER)
def test_a_page_goes_from_command_to_command(name: str, tmp_path: Path) -> None:
    page, taken = ROOT / "docs" / name, 0
    for kind, block in re.findall(r"^```(\w+)\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
        if kind == "diff":
            change(tmp_path, block)
        for command, shown in steps(block) if kind == "console" else []:
            done = entered(command, tmp_path)
            assert fits(shown, done.stdout), f"{command}\n{done.stdout}{done.stderr}"
            assert (done.returncode, done.stderr) == (0, ""), command
            taken += 1
    assert taken == IN_ORDER[name]


def test_the_sweep_meets_consoles() -> None:
    assert len(SHOWN) >= 3
    assert max(len(line) for _, _, shown in SHOWN for line in shown.splitlines()) <= 100


def test_the_example_of_one_account_runs() -> None:
    done = subprocess.run([sys.executable, str(DECIDE)], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "A decided core customer of a size worth a manager's time",
        "32.0 red 1.0",
        "  adoption 14.2857% gives 10.0",
        "  days_overdue 0 gives 100.0",
        "  usage_change -33.3333% gives 23.3333",
        "2026-10-09 Lin Yue rescue-call",
        "2026-10-14 Lin Yue renewal-contact",
        "2026-11-15 Lin Yue commercial-offer",
    ]
