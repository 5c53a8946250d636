"""Suites that nobody of this project wrote."""

import re
import time

import pytest
import yaml
from granger.engine.source.reader import read
from granger.engine.source.scalars import resolve


def unmarked(text: str) -> bytes:
    """The suite's visible signs as the characters they stand for."""
    text = re.sub("—*»", "\t", text.replace("␣", " ").replace("←", "\r").replace("⇔", "\ufeff").replace("↵", ""))
    return text.removesuffix("∎\n").encode()


@pytest.fixture(scope="module")
def suite(foreign):
    cases = []
    for path in sorted(foreign("yaml_test_suite").glob("*.yaml")):
        for number, case in enumerate(yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)):
            if "yaml" in case:
                cases.append((f"{path.stem}-{number}", unmarked(case["yaml"]), case.get("fail") == "true"))
    return cases


def test_all_that_must_fail_is_refused_with_a_line(suite):
    must_fail = [(name, data) for name, data, fails in suite if fails]
    assert len(must_fail) == 41
    passed = [
        name for name, data in must_fail if not any(p.is_error and p.place.line >= 1 for p in read(data, name)[1])
    ]
    assert passed == []


def test_the_others_are_read_or_refused_and_nothing_raises(suite):
    others = [(name, data) for name, data, fails in suite if not fails]
    assert len(others) == 167
    read_whole = 0
    for name, data in others:
        document, problems = read(data, name)
        assert document is not None or problems, name
        read_whole += document is not None and not problems
    assert read_whole >= 30  # of the others, most have no mapping at the top, or an anchor, a tag, a second document


@pytest.mark.parametrize("name", ["billion_laughs", "self_reference", "deep_nesting"])
def test_bombs(foreign, name):
    data = foreign(f"yaml_bombs/{name}.yaml").read_bytes()
    start = time.perf_counter()
    _, problems = read(data, name)
    assert time.perf_counter() - start < 1
    assert {p.code for p in problems} == (
        {"too-deep"} if name == "deep_nesting" else {"alias-refused", "anchor-refused"}
    )


@pytest.mark.parametrize("name", ["schema-core", "schema-json", "schema-yaml11"])
def test_scalars_of_all_schemas(foreign, name):
    table = yaml.load(foreign(f"yaml_schema_types/{name}.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)
    plain = sorted({key.split(" ", 1)[1] if key.startswith("!!") and " " in key else key for key in table})
    assert len(plain) > 60
    for text in plain:
        resolve(text)
        document, problems = read(f"a: {text}\n".encode(), "f.yaml")
        assert document is not None or problems, text
