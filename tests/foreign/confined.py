"""A process of its own that meets hostile input within 200 MB, and reports on each item: run by test_hostile.

Reads items, a JSON line each, from the file named first, works in the folder named second, and writes a JSON line per
item: seconds, the codes of its diagnostics, and a traceback where there was one. Every item is met by a fork of the
process after import, which the operating system gives 200 MB more memory and a few seconds: what takes more is a
MemoryError, or is killed; both are reported.
"""

import datetime
import json
import os
import resource
import sys
import time
import traceback
from pathlib import Path

import granger
from granger.engine.diagnostics import DataRejected, Origin
from granger.engine.language.expression import parse
from granger.engine.language.infer import infer
from granger.engine.language.rowwise import Rowwise
from granger.engine.language.types import Type
from granger.engine.periods import FiscalCalendar

LIMIT = 200 * 2**20
MOST_SECONDS = 5
AS_OF = datetime.date(2026, 1, 31)
SCOPE = {"n": Type("number"), "t": Type("text"), "d": Type("date"), "b": Type("boolean"), "x": Type("number", nullable=True)}


def expression(item, folder):
    """Parsed, typed, and evaluated where it passes."""
    found = parse(item["text"], Origin("policy.yaml", ((0, 1, 1),)))
    if isinstance(found, list):
        return [problem.code for problem in found], False
    _, problems = infer(found, SCOPE)
    if problems:
        return [problem.code for problem in problems], False
    row = {"n": 3, "t": "word", "d": AS_OF, "b": True, "x": None}
    Rowwise(FiscalCalendar(1)).value(found, row)
    return [], True


def workspace(item, folder):
    """Checked, and run and written where it passes."""
    for old in sorted(folder.rglob("*"), reverse=True):
        old.unlink() if old.is_file() or old.is_symlink() else old.rmdir()
    for name, text in item["files"].items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("latin-1") if item.get("bytes") else text.encode("utf-8", "surrogatepass"))
    pack, diagnostics, _ = granger.check(folder)
    codes = [d.code for d in diagnostics if d.is_error]
    places = [f"{d.place.file}:{getattr(d.place, 'line', 0)}" for d in diagnostics if d.is_error and d.place]
    if pack is None:
        return codes, False, places
    try:
        run = pack.run(as_of=AS_OF, period=item.get("period"))
    except DataRejected as error:
        return [d.code for d in error.diagnostics], True, places
    if item.get("out"):
        run.write(item["out"])
    else:
        run.texts()
    return codes, True, places


def met(item, folder):
    said = {"name": item["name"], "codes": [], "accepted": False, "places": [], "error": ""}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    try:
        codes, accepted, *places = (workspace if "files" in item else expression)(item, folder)
        said |= {"codes": codes, "accepted": accepted, "places": places[0] if places else []}
    except BaseException:
        said["error"] = traceback.format_exc(limit=-6)
    said["seconds"] = time.perf_counter() - start
    said["megabytes"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return said


def met_alone(item, folder):
    """As ``met``, in a fork with limits."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (pages + LIMIT, pages + LIMIT))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
        with os.fdopen(writing, "w") as pipe:
            json.dump(met(item, folder), pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return json.loads(text) if status == 0 else {"name": item["name"], "error": f"ended by {status}"}


def main(lines, folder):
    items = [json.loads(line) for line in lines]
    workspace(items[0], folder)
    for item in items:
        sys.stdout.write(json.dumps(met_alone(item, folder)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]).read_text("utf-8").splitlines(), Path(sys.argv[2]))
