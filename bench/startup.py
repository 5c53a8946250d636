"""How long `granger --help` takes beside `python -c "import click, yaml"`: medians of paired runs."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

PAIRS = 15
LIMIT = 1.5


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    granger = [str(Path(sys.executable).with_name("granger")), "--help"]
    yardstick = [sys.executable, "-c", "import click, yaml"]
    seconds(granger), seconds(yardstick)
    pairs = [(seconds(granger), seconds(yardstick)) for _ in range(PAIRS)]
    ratio = statistics.median(one / other for one, other in pairs)
    ours, theirs = (statistics.median(side) * 1000 for side in zip(*pairs, strict=True))
    print(f"granger --help          {ours:7.1f} ms")
    print(f"import click, yaml      {theirs:7.1f} ms")
    print(f"ratio (median of {PAIRS})   {ratio:7.2f}   limit {LIMIT}: {'ok' if ratio <= LIMIT else 'MISSED'}")


if __name__ == "__main__":
    main()
