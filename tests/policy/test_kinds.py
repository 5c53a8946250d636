"""What can be wrong with a lifecycle that other codes tell, at its place; and what is sound."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from granger.engine.diagnostics import Diagnostic

from .codes_of_kinds import LIFE

Found = Callable[[dict[str, str]], list[Diagnostic]]

WRONG = {
    "a stage named twice": (LIFE + "stages: [{stage: a, done: signed_on}, {stage: «a}]\n", "duplicate-name"),
    "a day that is no date": (LIFE + "stages: [{stage: a, done: «arr}]\n", "wrong-result"),
    "a condition that is none": (LIFE + "stages: [{stage: a, when: «arr}]\n", "wrong-result"),
    "a start that is no date": (LIFE.replace("signed_on", "«arr") + "stages: [{stage: a}]\n", "wrong-result"),
    "an unknown field": (LIFE + "stages: [{stage: a, done: «sined_on}]\n", "unknown-name"),
    "a fact that a field has": (LIFE.replace("life\n", "«life\n") + "fact: fit\nstages: [{stage: a}]\n", "twin-name"),
    "no stages": ("«" + LIFE, "missing-key"),
    "a length in business days": (
        LIFE + "stages: [{stage: a, done: signed_on, expect: «3 business days}]\n", "wrong-form"
    ),
    "a circle": (LIFE.replace("life\n", "«life\n") + "stages: [{stage: a, when: stage_since > as_of}]\n", "circular-definition"),
}  # fmt: skip


@pytest.mark.parametrize("what", sorted(WRONG))
def test_a_mistake_is_told_at_its_place(what: str, found: Found) -> None:
    text, code = WRONG[what]
    diagnostics = found({"life.yaml": text.replace("«", "")})
    assert [d.code for d in diagnostics] == [code]
    before = text[: text.index("«")]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    assert str(diagnostics[0].place) == f"life.yaml:{line}:{column}"


def test_the_facts_of_a_life_are_read_by_others_and_checked(found: Found) -> None:
    life = LIFE + "stages: [{stage: a, done: signed_on, expect: 3 days}, {stage: b}]\n"
    sound = "hit_policy: first\ntiers: [{tier: A, when: stage == 'a' and stage_since < as_of}]\notherwise: B\n"
    assert found({"life.yaml": life, "segmentation": sound}) == []
    for wrong in ("stage == 'c'", "stage_status == 'late'"):
        assert [d.code for d in found({"life.yaml": life, "segmentation": sound.replace("stage == 'a'", wrong)})] == [
            "impossible-word"
        ]


def test_very_many_stages_are_refused_before_they_fill_the_stack(found: Found) -> None:
    stages = [f"  - {{stage: s{i}, done: signed_on}}\n" for i in range(50)]
    assert found({"life.yaml": LIFE + "stages:\n" + "".join(stages)}) == []
