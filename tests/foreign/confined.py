"""A process of its own that meets hostile input within 200 MB, and reports on each item: run by test_hostile.

Reads a JSON list of items from the file named first, works in the folder named second, and writes one JSON line per
item: seconds, the codes of its diagnostics, and a traceback where there was one. Memory is limited by the operating
system to 200 MB above the process after import, so that more is a MemoryError.
"""

import datetime
import json
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
from granger.engine.source.discover import ROOT

LIMIT = 200 * 2**20
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


def main(items, folder):
    warm = json.loads(items[0])
    workspace(warm, folder)
    pages = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (pages + LIMIT, pages + LIMIT))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for line in items:
        item = json.loads(line)
        said = {"name": item["name"], "codes": [], "accepted": False, "places": [], "error": ""}
        start = time.perf_counter()
        try:
            codes, accepted, *places = (workspace if "files" in item else expression)(item, folder)
            said |= {"codes": codes, "accepted": accepted, "places": places[0] if places else []}
        except BaseException:
            said["error"] = traceback.format_exc(limit=-6)
        said["seconds"] = time.perf_counter() - start
        said["megabytes"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]).read_text("utf-8").splitlines(), Path(sys.argv[2]))
