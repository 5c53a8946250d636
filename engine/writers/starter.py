"""What comes with granger: policy packs to start from, and the schemas of their files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

_SCHEMA_LINE = re.compile(r"\$schema=\S*/schemas/(\w+\.json)")
SCHEMA_FOLDER = ".granger/schemas"


def bundled() -> list[str]:
    """The names of the packs, sorted."""
    return sorted(entry.name for entry in files("granger.rules").iterdir() if entry.joinpath("granger.yaml").is_file())


def files_of(pack: str) -> dict[str, str]:
    """Path -> text of a pack's files, with the schemas beside them so that editors complete and check every key."""
    found: dict[str, str] = {}
    for path, text in _walk(files("granger.rules").joinpath(pack), ""):
        depth = "../" * path.count("/")
        found[path] = _SCHEMA_LINE.sub(rf"$schema={depth}{SCHEMA_FOLDER}/\1", text) if path.endswith(".yaml") else text
    for kind, text in schemas().items():
        found[f"{SCHEMA_FOLDER}/{kind}.json"] = text
    return found


def schemas() -> dict[str, str]:
    """Kind -> JSON Schema as text; ``common`` holds what they share."""
    folder = files("granger.schemas")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".json"))
    return {name.removesuffix(".json"): folder.joinpath(name).read_text(encoding="utf-8") for name in names}


def _walk(folder: Traversable, prefix: str) -> Iterator[tuple[str, str]]:
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir():
            yield from _walk(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith((".yaml", ".csv", ".md")):
            yield prefix + entry.name, entry.read_bytes().decode("utf-8")
