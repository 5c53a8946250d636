"""What can be wrong with a lifecycle, and with success, that other codes tell, at its place; and what is sound."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from granger.engine.diagnostics import Diagnostic

from .codes_of_kinds import LIFE, SUCCESS, USES

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


ONE = "table: uses\nuse_cases: [{use_case: a, criteria: [{criterion: c, when: answers > 1}]}]\n"
NOT_SUCCESS = {
    "a use case named twice": (ONE.replace("]}]", "]}, {use_case: «a, criteria: [{criterion: c, when: true}]}]"), "duplicate-name"),
    "a criterion named twice": (ONE.replace("}]}", "}, {criterion: «c, when: true}]}"), "duplicate-name"),
    "no criteria": (ONE.replace(", criteria: [{criterion: c, when: answers > 1}]", "").replace("{use", "{«use"), "missing-key"),
    "an unknown table": (ONE.replace("uses\n", "«usess\n", 1), "unknown-table"),
    "a table that leads to no account": (ONE.replace("uses\n", "«people\n", 1), "table-without-account"),
    "accounts as uses": (ONE.replace("uses\n", "«accounts\n", 1), "table-without-account"),
    "a condition that is none": (ONE.replace("answers > 1", "«answers"), "wrong-result"),
    "an unknown field": (ONE.replace("answers > 1", "«anwers > 1"), "unknown-name"),
}  # fmt: skip


@pytest.mark.parametrize("what", sorted(NOT_SUCCESS))
def test_a_mistake_in_success_is_told_at_its_place(what: str, found: Found) -> None:
    rows, code = NOT_SUCCESS[what]
    text = SUCCESS + rows
    diagnostics = found({"granger.yaml+": USES, "works.yaml": text.replace("«", "")})
    assert [d.code for d in diagnostics] == [code]
    before = text[: text.index("«")]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    assert str(diagnostics[0].place) == f"works.yaml:{line}:{column}"


def test_success_is_checked_where_it_reads_and_where_it_is_read(found: Found) -> None:
    closed = USES.replace("use_case: text", "use_case: {kind: enum, one_of: [a, b]}")
    sound = "hit_policy: first\ntiers: [{tier: A, when: successful}]\notherwise: B\n"
    wrong = {
        "a use case that no row can be": ({"works.yaml": SUCCESS + ONE.replace("use_case: a", "use_case: c")}, "impossible-word"),
        "a number": ({"granger.yaml+": USES.replace("use_case: text", "use_case: number")}, "comparison-of-kinds"),
        "a circle": ({"works.yaml": SUCCESS + ONE.replace("answers > 1", "successful")}, "circular-definition"),
        "a fact that a field has": ({"works.yaml": SUCCESS + "fact: fit\n" + ONE}, "twin-name"),
        "a fact that is a word of the language": ({"works.yaml": SUCCESS + "fact: and\n" + ONE}, "reserved-name"),
    }  # fmt: skip
    for what, (files, code) in wrong.items():
        assert [d.code for d in found({"granger.yaml+": closed, "works.yaml": SUCCESS + ONE, **files})] == [code], what
    assert found({"granger.yaml+": closed, "works.yaml": SUCCESS + ONE, "segmentation": sound}) == []


def test_very_many_uses_fit_the_stack(found: Found) -> None:
    criteria = ", ".join(f"{{criterion: c{i}, when: answers > {i}}}" for i in range(50))
    uses = "".join(f"  - {{use_case: u{i}, criteria: [{criteria}]}}\n" for i in range(50))
    assert found({"granger.yaml+": USES, "works.yaml": SUCCESS + "table: uses\nuse_cases:\n" + uses}) == []
