"""The README's tour is taken, step by step, and its example of embedding is run; what they print is what it shows."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from granger.cli import granger

ROOT = Path(__file__).resolve().parents[2]
OUTPUTS = sorted((ROOT / "schemas" / "outputs").glob("*.json"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
EMBED = ROOT / "docs" / "examples" / "embed.py"
DECIDE = ROOT / "docs" / "examples" / "decide.py"


def fits(shown: str, printed: str) -> bool:
    """``…`` stands for what was left out: on a line of its own for any lines, within a line for any characters."""
    pattern = ""
    for line in shown.splitlines():
        pattern += r"(?:.*\n)*" if line == "…" else re.escape(line).replace("…", ".*") + r"\n"
    return re.fullmatch(pattern, printed) is not None


def steps(block: str) -> list[tuple[str, str]]:
    """Command -> what the README shows of its output."""
    parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)
    assert parts[0] == ""
    return list(zip(parts[1::2], parts[2::2], strict=True))


def change(folder: Path, block: str) -> None:
    file, old, new = re.fullmatch(r"--- (.+)\n-(.+)\n\+(.+)\n", block).groups()  # type: ignore[union-attr]
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


def test_the_tour(tmp_path: Path) -> None:
    taken = 0
    commands = str(Path(sys.executable).parent)
    for kind, block in BLOCKS:
        if kind == "diff":
            change(tmp_path, block)
        for command, shown in steps(block) if kind == "console" else []:
            done = subprocess.run(
                ["/bin/sh", "-c", f'PATH="{commands}:$PATH" exec {command}'],
                cwd=tmp_path,
                capture_output=True,
                encoding="utf-8",
                check=False,
            )
            assert fits(shown, done.stdout + done.stderr), f"{command}\n{done.stdout}{done.stderr}"
            assert done.returncode == (2 if "error[" in shown else 0), command
            taken += 1
    assert taken == 7


def test_what_was_left_out_is_all_that_may_differ() -> None:
    assert fits("a\n…\nz … z\n", "a\nb\nc\nz y z\n")
    assert not fits("a\n…\n", "b\na\n")
    assert not fits("total 1\n", "total 2\n")
    assert not fits("a\n", "a\nb\n")


def test_the_examples_stand_in_the_readme_verbatim() -> None:
    embedded, decided = [block for kind, block in BLOCKS if kind == "python"]
    assert embedded == EMBED.read_text(encoding="utf-8")
    assert f"\n{decided}" in DECIDE.read_text(encoding="utf-8")


def test_the_embedded_example_runs() -> None:
    done = subprocess.run([sys.executable, str(EMBED)], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "2026-10-07 Ben Okafor renewal-call Elm Robotics\n" in done.stdout
    assert "Carla Weiss 2026-Q3 0.00 no row of deals counts for Carla Weiss in 2026-Q3\n" in done.stdout
    assert "Dev Patel 2026-Q3 100.04 \n" in done.stdout


@pytest.mark.parametrize("command", ["demo", "test"])
def test_the_two_commands_are_in_the_makefile(command: str) -> None:
    assert f"make {command} " in README
    assert re.search(rf"^{command}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_every_command_and_every_output_file_is_told() -> None:
    told = set(re.findall(r"`([^`]+)`", "".join(re.findall(r"^\| (`[^|]+) \|", README, re.MULTILINE))))
    assert set(granger.commands) <= {name.split()[1] for name in told if name.startswith("granger ")}
    files = {json.loads(path.read_text(encoding="utf-8"))["file"] for path in OUTPUTS}
    assert len(files) >= 12
    assert files <= told


def test_blocks_fit_a_terminal() -> None:
    assert len(BLOCKS) == 11
    for _, block in BLOCKS:
        assert max(map(len, block.splitlines())) <= 80, block
