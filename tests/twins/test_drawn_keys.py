"""Every key of the policies, and every word that a key may have, stands in one of the workspaces of the sweep."""

from __future__ import annotations

import pytest
import yaml

from .drawn_keys import keys_in, keys_of
from .test_workspaces import SEEDS
from .workspaces import written

KINDS = ["workspace", "segmentation", "health", "lifecycle", "success", "playbook", "staffing", "watchlist", "comp"]
NOT_DRAWN = {
    "nobody decides by it": ["workspace.timezone"],
    "the tables are read before there is a reading": ["table.", "field.", "valid.", "workspace.measures", "measure."],
    "it is a name": [],
    "it shows the same lines": [
        "statements.forms=json",
        "statements.forms=pdf",
        "statements.forms=xlsx",
        "statements.language=",
    ],
}
"""Keys, and the beginnings of keys, by the reason why no reading can differ for them."""


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    found: set[str] = set()
    for seed in SEEDS:
        folder = written(seed, tmp_path_factory.mktemp("drawn") / "workspace", accounts=1)
        for file in folder.glob("*.yaml"):
            found |= keys_in(yaml.safe_load(file.read_text(encoding="utf-8")))
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_is_drawn(kind: str, drawn: set[str]) -> None:
    spared = tuple(key for keys in NOT_DRAWN.values() for key in keys)
    wanted = {key for key in keys_of(kind) if not key.startswith(spared)}
    assert len(wanted) > 10
    assert " ".join(sorted(wanted - drawn)) == ""
