"""The line on the terminal: what it shows when, that it fits, and that it is gone at the end."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

from granger.engine.writers.progress_bar import ERASED, ProgressBar
from rich.console import Console

STARTER = Path(__file__).resolve().parents[2] / "rules" / "starter"
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Watched:
    """A bar on a terminal of 80 columns whose clock the test sets."""

    def __init__(self) -> None:
        self.now, self.file = 0.0, io.StringIO()
        console = Console(file=self.file, force_terminal=True, width=80, get_time=lambda: self.now)
        self.bar = ProgressBar(console)
        self.bar._line.live.auto_refresh = False

    def line(self, now: float) -> str:
        """The line as it is drawn at that time."""
        self.now = now
        before = self.file.tell()
        self.bar._line.refresh()
        return ESCAPE.sub("", self.file.getvalue()[before:]).replace("\r", "").rstrip()


def test_it_shows_the_work_its_count_its_rate_and_the_time_left() -> None:
    watched = Watched()
    with watched.bar as bar:
        bar.begin("reading assignments", "rows", 1_000_000)
        assert watched.line(0.4) == ""
        assert watched.line(0.5) == "reading assignments ━━━━━━━━━━ 0 of 1,000,000 rows"
        watched.now = 1.0
        bar.advance(250_000)
        assert watched.line(1.0) == "reading assignments ━━╸━━━━━━━ 250,000 of 1,000,000 rows, 250,000/s, 0:03 left"
        assert watched.line(2.5).endswith(", 250,000/s, 0:01 left"), "the time left goes on between two batches"
        watched.now = 5.0
        bar.advance(749_999)
        last = watched.line(5.0)
        assert last == "reading assignments ━━━━━━━━━╸ 999,999 of 1,000,000 rows, 200,000/s, 0:00 left"
        assert len(last) <= 80
        bar.advance(1_000)
        assert " 1,000,999 of 1,000,999 rows, " in watched.line(5.0), "what was expected was only about right"
        bar.end()
        bar.begin("tiers")
        assert watched.line(130.0).split() == ["tiers", "2:05"]
        bar.begin("reading deals", "rows")
        watched.now = 132.0
        bar.advance(5_000)
        assert watched.line(132.0).split(None, 2)[2] == "5,000 rows, 2,500/s"
        bar.begin("reading [red]\x1b[31m", "rows", 10)
        assert "reading [red]\ufffd[31m" in watched.line(133.0)
    assert watched.file.getvalue().endswith("\x1b[?25h\r\x1b[1A\x1b[2K"), "the cursor is back, and the line is gone"


CHILD = """
import os, sys, time
from granger.engine.writers import progress_bar
pace = float(sys.argv.pop(1))
os.close(os.open(os.ttyname(2), os.O_RDWR))  # the terminal's Ctrl-C is to reach this process
class Slow(progress_bar.ProgressBar):
    def begin(self, what, unit="", total=None):
        super().begin(what, unit, total)
        time.sleep(pace)
progress_bar.DELAY, progress_bar.ProgressBar = 0, Slow
from granger.cli import main
main()
"""


def shown(pace: float, *arguments: object, press: str = "") -> tuple[int, str, str]:
    """Exit code, standard output and what a terminal of 80 columns got; Ctrl-C is pressed once ``press`` is there."""
    master, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    command = [sys.executable, "-c", CHILD, str(pace), *map(str, arguments)]
    environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS", "CI")}
    process = subprocess.Popen(
        command,
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=terminal,
        env={**environment, "TERM": "xterm-256color"},
        start_new_session=True,
    )
    os.close(terminal)
    got = b""
    while True:
        try:
            piece = os.read(master, 4096)
        except OSError:  # Linux says so when nobody holds the other end any more
            break
        if not piece:
            break
        got += piece
        if press and press.encode() in got:
            os.write(master, b"\x03")
            press = ""
    os.close(master)
    assert process.stdout is not None
    told = process.stdout.read().decode()
    process.stdout.close()
    return process.wait(), told, got.decode()


def test_a_terminal_sees_every_stretch_of_the_work(tmp_path: Path) -> None:
    code, told, seen = shown(0.15, "run", STARTER, "--as-of", "2026-09-30", "--out", tmp_path / "out")
    assert code == 0
    assert told.endswith(f"Written to {tmp_path / 'out'}\n")
    assert "\x1b" not in told
    works = ["reading people", "reading accounts", "reading deals", "tiers", "tasks", "pay", "rows to text", "writing"]
    places = [seen.find(f"\x1b[2K{work}") for work in works]
    assert -1 not in places
    assert places == sorted(places)
    assert all(len(line) <= 80 for line in re.split(r"[\r\n]", ESCAPE.sub("", seen)))
    assert seen.rstrip().endswith("\x1b[2K")
    assert seen.rindex("\x1b[?25h") > seen.rindex("writing")


def test_ctrl_c_on_a_terminal_takes_the_line_away(tmp_path: Path) -> None:
    code, told, seen = shown(0.5, "run", STARTER, "--as-of", "2026-09-30", "--out", tmp_path / "out", press="tiers")
    assert (code, told) == (130, "")
    assert seen.endswith(f"{ERASED}interrupted; nothing was written\r\n")
    assert list(tmp_path.iterdir()) == []


def test_with_json_nothing_is_shown(tmp_path: Path) -> None:
    code, told, seen = shown(0, "run", STARTER, "--as-of", "2026-09-30", "--out", tmp_path / "out", "--format", "json")
    assert (code, seen) == (0, "")
    assert told.startswith("{")


def test_a_short_run_shows_nothing(tmp_path: Path) -> None:
    watched = Watched()
    with watched.bar as bar:
        bar.begin("reading accounts", "rows", 8)
        watched.now = 0.49
        bar.advance(8)
        bar.end()
    assert ESCAPE.sub("", watched.file.getvalue()).strip() == ""
