"""Hostile policy files: refused with a diagnostic, each within a second and 200 MB, without a traceback."""

import re

import pytest
import yaml

BIG = "9" * 60


@pytest.fixture
def as_file(plain):
    """``as_file(name, text)``: the text as a policy beside a good workspace, and as granger.yaml itself."""

    def made(name, text):
        return [
            {"name": f"{name} as {file}", "files": plain | {file: text}} for file in ("policy.yaml", "granger.yaml")
        ]

    return made


def test_bombs(foreign, confined, as_file):
    names = ["billion_laughs", "self_reference", "deep_nesting"]
    assert {path.stem for path in foreign("yaml_bombs").glob("*.yaml")} == set(names)
    texts = {name: foreign(f"yaml_bombs/{name}.yaml").read_text("utf-8") for name in names}
    reports = confined([item for name, text in texts.items() for item in as_file(name, text)])
    assert len(reports) == 6
    assert not any(report["accepted"] for report in reports)
    for report in reports:
        wanted = "too-deep" if report["name"].startswith("deep") else "alias-refused"
        assert wanted in report["codes"]


def test_bombs_of_our_own(confined, as_file):
    many = "kind: library\nname: big\neffective: {from: 2020-01-01}\nsettings:\n"
    texts = {
        "deep block": "".join(f"{'  ' * i}a:\n" for i in range(500)),
        "deep list": "a: " + "- " * 900 + "1\n",
        "deep mapping": "a: " + "{a: " * 900,
        "long key": "a" * 100_000 + ": 1\n",
        "long text": "kind: library\nname: '" + "a" * 900_000 + "'\n",
        "long number": "kind: library\nname: " + "9" * 100_000 + "\n",
        "many keys": many + "".join(f"  k{i}: 1\n" for i in range(2_000)),
        "same key": many + "  k: 1\n" * 5_000,
        "quotes": "kind: " + '"' * 5_000 + "\n",
        "question marks": "? " * 2_000 + "\n",
        "directives": "%YAML 1.1\n" * 100 + "---\n",
        "documents": "---\n" * 5_000,
        "binary": "\x00\x01\x02" * 1_000,
    }
    reports = confined([item for name, text in texts.items() for item in as_file(name, text)])
    assert len(reports) == 26
    assert [report["name"] for report in reports if report["accepted"]] == []


def unmarked(text):
    """The suite's visible signs as the characters they stand for."""
    text = re.sub("—*»", "\t", text.replace("␣", " ").replace("←", "\r").replace("⇔", "\ufeff").replace("↵", ""))
    return text.removesuffix("∎\n")


def test_yaml_that_must_fail(foreign, confined, as_file):
    texts = {}
    for path in sorted(foreign("yaml_test_suite").glob("*.yaml")):
        for number, case in enumerate(yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)):
            if case.get("fail") == "true":
                texts[f"{path.stem}-{number}"] = unmarked(case["yaml"])
    assert len(texts) == 41
    reports = confined([item for name, text in texts.items() for item in as_file(name, text)])
    assert len(reports) == 82
    assert [report["name"] for report in reports if report["accepted"]] == []
    for report in reports:
        file = "policy.yaml" if report["name"].endswith("policy.yaml") else "granger.yaml"
        lines = [int(place.split(":")[1]) for place in report["places"] if place.startswith(file)]
        assert any(line >= 1 for line in lines), report


# --- many small things that grow -----------------------------------------------------------------------------------
def chain(first, then, length):
    """``first`` under the name c0, and each next name by ``then``, where PRE is the name before."""
    return {"c0": first} | {f"c{i}": then.replace("PRE", f"c{i - 1}") for i in range(1, length)}


CHAINS = {
    "squares": chain(f"{BIG}", "PRE * PRE", 40),
    "squares of fractions": chain("1 / 3", "PRE * PRE + 1 / 7", 40),
    "sums of fractions": chain("1 / 3", "PRE + 1 / (PRE + 2)", 40),
    "quotients": chain("1 / 7", "PRE / (1 / PRE)", 40),
    "many paths": chain("1", "PRE + PRE - PRE", 60),
    "400 products": chain("7", f"PRE * {BIG}", 400),
    "as long as may be": chain("1", "PRE + 1", 1_000),
    "written backwards": dict(reversed(chain("1", "PRE + 1", 1_000).items())),
    "ring": chain("c999 + 1", "PRE + 1", 1_000),
    "too long": chain("1", "PRE + 1", 2_000),
}


def test_chains_of_settings(confined, plain):
    head = "kind: library\nname: figures\neffective: {from: 2020-01-01}\nsettings:\n"
    items = []
    for name, links in CHAINS.items():
        library = head + "".join(f"  {key}: {value}\n" for key, value in links.items())
        tiers = plain["tiers.yaml"].replace("n > 1", f"n > c{len(links) - 1}")
        items.append({"name": name, "files": plain | {"library.yaml": library, "tiers.yaml": tiers}})
    assert all(report["codes"] or report["accepted"] for report in confined(items))


def test_chains_of_measures(confined, plain):
    """As settings, over a column; the last is shown as well."""
    items = []
    for name, links in CHAINS.items():
        last = f"c{len(links) - 1}"
        lines = (f"  {key}: {{value: {'n * ' * (key == 'c0')}({value})}}\n" for key, value in links.items())
        tiers = plain["tiers.yaml"].replace("n > 1", f"{last} > 1\n    gives: {{shown: {last}}}")
        files = plain | {"granger.yaml": plain["granger.yaml"] + "measures:\n" + "".join(lines), "tiers.yaml": tiers}
        items.append({"name": name, "files": files})
    assert all(report["codes"] or report["accepted"] for report in confined(items))


PRODUCTS = {"99 factors": "*".join(["n"] * 99), "15 factors": "*".join(["n"] * 15), "40 divisors": "1" + "/n" * 40}


def test_cells_of_400_digits_multiplied(confined, plain):
    rows = plain["data/accounts.csv"].replace("a,3,", f"a,{'9' * 400},").replace("b,-7.5", f"b,0.{'0' * 390}1")
    items = []
    for name, product in PRODUCTS.items():
        given = f"    when: {product} > 1\n    gives: {{shown: {product}}}\n"
        tiers = plain["tiers.yaml"].replace("    when: n > 1\n", given)
        items.append({"name": name, "files": plain | {"data/accounts.csv": rows, "tiers.yaml": tiers}})
    assert all(report["accepted"] for report in confined(items))
