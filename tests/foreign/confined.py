"""A process of its own that meets hostile input, and reports on each item; run by the fixture ``confined``.

Reads items, a JSON line each, from the file named first, works in the folder named second, and writes a JSON line per
item: seconds (of an ordinary machine: a slow one is given as many more as it is slower, before or after), the codes of
its diagnostics, and a traceback where there was one. Every item is met by a fork of the process after import, which the
operating system gives 200 MB more memory and a few seconds: what takes more is a MemoryError, or is killed; both are
reported.
"""

import json
import os
import resource
import sys
import time
import traceback
import unicodedata
from datetime import date
from fractions import Fraction
from pathlib import Path

import granger
from granger.engine.diagnostics import DataRejected, Origin
from granger.engine.language.expression import parse
from granger.engine.language.infer import infer
from granger.engine.language.rowwise import Rowwise
from granger.engine.language.types import Type
from granger.engine.periods import FiscalCalendar
from granger.engine.writers.diagnostics import render_text, to_json
from granger.engine.writers.summary import summary

MEMORY = 200 * 2**20
ORDINARY = 0.008
"""CPU seconds that ``paced`` takes on an ordinary machine."""

MOST_SECONDS = 5
AS_OF = date(2026, 1, 31)
ROW = {"n": Fraction(3), "t": "word", "d": AS_OF, "b": True, "x": None}
TYPES = {
    "n": Type("number"),
    "t": Type("text"),
    "d": Type("date"),
    "b": Type("boolean"),
    "x": Type("number", nullable=True),
}


def paced():
    """How many times slower than an ordinary machine this one is just now; at least once."""
    taken = []
    for _ in range(3):
        start = time.process_time()
        sum(i * i for i in range(100_000))
        taken.append(time.process_time() - start)
    return max(1.0, min(taken) / ORDINARY)


def meet_expression(item):
    """Parsed and typed; evaluated where it passes."""
    found = parse(item["text"], Origin("policy.yaml", ((0, 1, 1),)))
    problems = found if isinstance(found, list) else infer(found, TYPES)[1]
    if not isinstance(found, list) and not problems:
        Rowwise(FiscalCalendar(1)).value(found, ROW)
    return {"codes": [problem.code for problem in problems], "accepted": not problems}


def meet_workspace(item, folder):
    """Checked; run, explained and written where it passes. ``hidden`` are signs that a terminal must not be sent."""
    write_files(folder, item["files"])
    pack, diagnostics, lines = granger.check(folder)
    errors = [diagnostic for diagnostic in diagnostics if diagnostic.is_error]
    shown = render_text(diagnostics, lines)
    json.dumps(to_json(diagnostics))
    said = {
        "codes": [error.code for error in errors],
        "places": [f"{error.place.file}:{getattr(error.place, 'line', 0)}" for error in errors if error.place],
        "accepted": pack is not None,
    }
    if pack is not None:
        try:
            run = pack.run(as_of=AS_OF, period=item.get("period"))
        except DataRejected as error:
            return said | {"codes": [d.code for d in error.diagnostics if d.is_error]}
        shown += render_text(run.findings, pack.lines) + summary(run.outcome, Path("out"))
        for subject, names in (
            ("account", run.outcome.segments),
            ("task", run.outcome.tasks),
            ("payee", run.outcome.payouts),
        ):
            for name in names[:3]:
                identity = {"account": "account_id", "task": "task_id", "payee": "payee"}[subject]
                shown += granger.tree_text(run.explain(subject, getattr(name, identity)))
        run.write(item["out"]) if "out" in item else run.texts()
    return said | {
        "hidden": sorted({f"U+{ord(c):04X}" for c in shown if unicodedata.category(c) == "Cc" and c != "\n"})
    }


def write_files(folder, files):
    for old in sorted(folder.rglob("*"), reverse=True):
        old.rmdir() if old.is_dir() and not old.is_symlink() else old.unlink()
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogatepass"))


def met(item, folder, pace):
    said = {"name": item["name"], "codes": [], "accepted": False, "places": [], "hidden": [], "error": ""}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    try:
        said |= meet_workspace(item, folder) if "files" in item else meet_expression(item)
    except BaseException:  # noqa: BLE001 - whatever it is, it is reported
        said["error"] = traceback.format_exc(limit=-6)
    taken = time.process_time() - start
    said["seconds"] = taken if taken < 1 else taken / max(pace, paced())
    said["megabytes"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return said


def met_alone(item, folder, pace):
    """As ``met``, in a fork with limits."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        seconds = round(MOST_SECONDS * pace)
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (pages + MEMORY, pages + MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        with os.fdopen(writing, "w") as pipe:
            json.dump(met(item, folder, pace), pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return json.loads(text) if status == 0 else {"name": item["name"], "error": f"killed by signal {-status}"}


def main(lines, folder):
    items = [json.loads(line) for line in lines]
    meet_workspace(items[0], folder)
    pace = paced()
    for item in items:
        sys.stdout.write(json.dumps(met_alone(item, folder, pace)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]).read_text("utf-8").splitlines(), Path(sys.argv[2]))
