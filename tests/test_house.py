"""The house stays as it was drawn: imports go down, each library has its one room, the wheel holds the whole tree."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import granger
import granger.engine

ROOT = Path(__file__).resolve().parent.parent
ENGINE = ROOT / "engine"

LEVELS = [
    {
        "diagnostics",
        "messages",
        "amounts",
        "columns",
        "currencies",
        "lines",
        "periods",
        "progress",
        "recurrence",
        "texts",
    },
    {"source", "language", "tables"},
    {"policy"},
    {"program"},
    {"proof", "outcome"},
    {"ledger"},
    {"analysis", "runners", "suite", "decide", "writers", "ledgers", "runs", "api"},
]
"""From the ground up; a file imports its own level only within its own room (the ground and the top are one room)."""

STRANGERS = [
    ("source", "language"),
    ("source", "tables"),
    ("language", "tables"),
    ("proof", "outcome"),
    ("program.compile", "tables"),
    ("outcome.tasks", "outcome.pay"),
    ("policy", "language.rowwise"),
    ("ledger", "policy"),
    ("writers.csv_file", "program.evaluate"),
]
"""Pairs that must not know of each other, in either direction."""

HOMES = {
    "yaml": {"source"},
    "jsonschema": {"source"},
    "referencing": {"source"},
    "polars": {"columns", "lines", "texts", "language.columnar", "tables", "program", "outcome", "writers", "runs"},
    "fastexcel": {"tables"},
    "simpleeval": {"language.rowwise"},
    "dateutil": {"periods"},
    "babel": {"currencies", "writers.statements.language"},
    "holidays": {"outcome.tasks.calendar"},
    "rich": {"writers.summary", "writers.progress_bar", "writers.load_table", "writers.ledger_table"},
    "ctypes": {"writers.kernel"},
    "polars_hash": {"outcome.tasks.told"},
    "jinja2": {"writers.worklist", "writers.statements.page"},
    "markupsafe": {"writers.statements.page"},
    "weasyprint": {"writers.statements.pdf"},
    "xlsxwriter": {"writers.statements.workbook"},
    "icalendar": {"writers.calendars"},
    "sqlalchemy": {"ledger.store", "ledger.schema"},
    "sqlite3": {"ledger.store"},
    "zoneinfo": {"tables", "policy.decode_workspace"},
}


def modules() -> list[tuple[str, Path]]:
    found = []
    for path in sorted(ENGINE.rglob("*.py")):
        parts = path.relative_to(ENGINE).with_suffix("").parts
        found.append((".".join(part for part in parts if part != "__init__"), path))
    return found


@cache
def imports(name: str, path: Path) -> list[str]:
    """What a module imports, as names inside the engine (``policy.model``) or of other packages (``yaml``)."""
    return list(_imports(name, path))


def _imports(name: str, path: Path) -> Iterator[str]:
    package = [*name.split(".")] if path.name == "__init__.py" else name.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module or ""
        elif isinstance(node, ast.ImportFrom):
            base = [part for part in package if part][: len([p for p in package if p]) - node.level + 1]
            target = ".".join([*base, *(node.module.split(".") if node.module else [])])
            yield from [target] if node.module else [f"{target}.{a.name}".lstrip(".") for a in node.names]


def level(name: str) -> int:
    room = name.split(".")[0]
    return next(i for i, rooms in enumerate(LEVELS) if room in rooms)


def test_imports_go_down_only() -> None:
    checked = 0
    for name, path in modules():
        if not name:
            continue
        for target in imports(name, path):
            if target.split(".")[0] not in set().union(*LEVELS):
                continue
            checked += 1
            same_room = name.split(".")[0] == target.split(".")[0] or level(name) in (0, len(LEVELS) - 1)
            assert level(target) < level(name) or (level(target) == level(name) and same_room), (
                f"{name} imports {target}"
            )
    assert checked > 200


def test_strangers_stay_strangers() -> None:
    def within(name: str, room: str) -> bool:
        return name == room or name.startswith(room + ".")

    for one, other in STRANGERS:
        seen = 0
        for name, path in modules():
            for target in imports(name, path):
                assert not (within(name, one) and within(target, other)), f"{name} imports {target}"
                assert not (within(name, other) and within(target, one)), f"{name} imports {target}"
            seen += within(name, one) or within(name, other)
        assert seen >= 2, f"{one} or {other} is not there any more"


def test_every_library_has_its_one_room() -> None:
    met = set()
    for name, path in modules():
        for target in imports(name, path):
            library = target.split(".")[0]
            if library in HOMES:
                met.add(library)
                assert any(name == home or name.startswith(home + ".") for home in HOMES[library]), (
                    f"{name} imports {library}"
                )
    assert met == set(HOMES)


def test_only_the_command_line_reads_the_clock_and_the_environment() -> None:
    for name, path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                assert node.attr not in {"today", "now", "utcnow", "environ", "getenv"}, f"{name}:{node.lineno}"
        assert not {"time", "random", "locale"} & set(imports(name, path)), name


def test_files_are_short() -> None:
    lengths = sorted(path.read_text(encoding="utf-8").count("\n") for _, path in modules())
    assert lengths[-1] <= 450
    assert lengths[len(lengths) // 2] <= 180


def test_the_public_names_are_what_is_listed() -> None:
    assert granger.__all__ == sorted(granger.__all__) == granger.engine.__all__
    assert len(granger.__all__) <= 14
    for name in granger.__all__:
        assert getattr(granger, name) is getattr(granger.engine, name)
        assert name in dir(granger)


def test_the_package_list_is_the_tree() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    folders = [ENGINE, *(path for path in ENGINE.rglob("*") if path.is_dir() and any(path.glob("*.py")))]
    tree = {"granger", "granger.rules", "granger.schemas"}
    tree |= {"granger." + ".".join(folder.relative_to(ROOT).parts) for folder in folders}
    assert set(listed) == tree
    assert all((ROOT.joinpath(*name.split(".")[1:]) / "__init__.py").exists() for name in listed)
