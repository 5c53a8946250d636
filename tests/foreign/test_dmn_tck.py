"""Decision tables, three-valued logic and arithmetic of the DMN conformance kit, through YAML and files.

FEEL is another language than ours; the translation below is the smallest that reaches the cases used here.
"""

import csv
import io
import json
import re
from datetime import date

import granger
import pytest

LEFT_OUT = {
    "0006-simpletable-P1": "hit policy PRIORITY orders outputs by a list of values: granger has `first`",
    "0020-vacation-days": "a graph of decisions that adds up numbers: a tier is one decision",
    "0036-dt-variable-input": "inputs are parts of structures, and rules compare them with lists and with themselves",
    "0039-dt-list-semantics": "inputs and outputs are lists",
    "0109-ruleOrder-hitpolicy": "hit policy RULE ORDER gives an ordered list: `collect` gives a set of tiers",
    "0114-min-collect-hitpolicy": "COLLECT with MIN aggregates outputs: granger collects tiers",
    "0115-sum-collect-hitpolicy": "COLLECT with SUM aggregates outputs: granger collects tiers",
    "1115-feel-date-function": "dates out of parts, times and texts in several forms: ours has one form of date",
    "1141-feel-round-up-function": "rounding up by a function that granger has not",
}
USED = {
    "0004-simpletable-U",
    "0071-feel-between",
    "0100-arithmetic",
    "0105-feel-math",
    "0106-feel-ternary-logic",
    "0108-first-hitpolicy",
    "0117-multi-any-hitpolicy",
    "1143-feel-round-half-up-function",
}
ARITHMETIC = re.compile(r"[-+*/()\s\d.]+")


@pytest.fixture(scope="module")
def kit(foreign):
    def read(folder):
        return json.loads(foreign(f"dmn_tck/{folder}/cases.json").read_text("utf-8"))

    return read


def quoted(text):
    """Any text as a YAML scalar."""
    return json.dumps(text, ensure_ascii=False)


def snake(name):
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def granger_yaml(fields):
    lines = "".join(f"      {field}\n" for field in fields)
    return (
        "kind: workspace\nname: dmn\ncurrency: USD\ntables:\n  accounts:\n    file: data/accounts.csv\n"
        f"    key: account_id\n    fields:\n      account_id: text\n{lines}"
    )


def segmentation(hit_policy, tiers, otherwise=""):
    head = f"kind: segmentation\nname: table\neffective: {{from: 2020-01-01}}\nhit_policy: {hit_policy}\ntiers:\n"
    return (
        head + "".join(f"  - {{{tier}}}\n" for tier in tiers) + (f"otherwise: {{{otherwise}}}\n" if otherwise else "")
    )


def tier(name, when="", **gives):
    parts = [f"tier: {quoted(name)}"] + ([f"when: {quoted(when)}"] if when else [])
    if gives:
        parts.append("gives: {" + ", ".join(f"{key}: {quoted(value)}" for key, value in gives.items()) + "}")
    return ", ".join(parts)


def csv_of(header, rows):
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([header, *rows])
    return out.getvalue()


def segments_of(folder):
    texts = granger.load(folder).run(as_of=date(2026, 1, 31)).texts()
    return list(csv.DictReader(io.StringIO(texts["segments.csv"], newline="")))


# --- decision tables -----------------------------------------------------------------------------------------------
def unary(name, test):
    """A cell of a FEEL table as a condition on ``name``; None for ``-``, which any value passes."""
    if test == "-":
        return None
    if test in ("true", "false"):
        return name if test == "true" else f"not {name}"
    if test.startswith('"'):
        words = [f"'{word}'" for word in json.loads(f"[{test}]")]
        return f"{name} in ({', '.join(words)})" if len(words) > 1 else f"{name} == {words[0]}"
    sign, number = re.fullmatch(r"(<=|>=|<|>)(\d+)", test).groups()
    return f"{name} {sign} {number}"


def workspace_of(table, cases):
    names = [snake(column["expr"]) for column in table["inputs"]]
    kinds = ["integer", "{kind: enum, one_of: [High, Low, Medium]}", "boolean"]
    outputs = [snake(output["name"] or "status") for output in table["outputs"]]
    tiers = []
    for rule in table["rules"]:
        tests = [unary(name, test) for name, test in zip(names, rule["when"], strict=True)]
        status, *others = [json.loads(text) for text in rule["then"]]
        gives = {name: f"'{value}'" for name, value in zip(outputs[1:], others, strict=True)}
        tiers.append(tier(status, " and ".join(test for test in tests if test), **gives))
    defaults = [json.loads(output["default"]) for output in table["outputs"] if output["default"]]
    gives = {name: f"'{value}'" for name, value in zip(outputs[1:], defaults[1:], strict=False)}
    otherwise = tier(defaults[0], **gives) if defaults else ""
    rows = []
    for case in cases:
        read = {snake(name): value for name, value in case["inputs"].items()}
        rows.append([case["id"], read["age"]["number"], read["risk_category"], str(read["is_affordable"]).lower()])
    fields = [f"{name}: {kind}" for name, kind in zip(names, kinds, strict=True)]
    return {
        "granger.yaml": granger_yaml(fields),
        "table.yaml": segmentation(table["hit_policy"].lower(), tiers, otherwise),
        "data/accounts.csv": csv_of(["account_id", *names], rows),
    }


def test_tables(kit, workspace):
    passed, policies = 0, []
    for folder in ("0004-simpletable-U", "0108-first-hitpolicy", "0117-multi-any-hitpolicy"):
        read = kit(folder)
        [table] = read["tables"]
        assert [column["expr"] for column in table["inputs"]] == ["Age", "RiskCategory", "isAffordable"]
        policies.append(table["hit_policy"])
        found = {row["account_id"]: row for row in segments_of(workspace(workspace_of(table, read["cases"])))}
        for case in read["cases"]:
            [expected] = case["expect"]
            value = expected["value"]
            row = found[case["id"]]
            assert row["status"] == "decided"
            if isinstance(value, str):
                assert row["tier"] == value
            else:
                assert (row["tier"], row["gives"]) == (value["Status"], f"rate={value['Rate']}")
            passed += 1
    assert policies == ["UNIQUE", "FIRST", "ANY"]
    assert passed == 9


# --- three-valued logic --------------------------------------------------------------------------------------------
def test_ternary_logic(kit, workspace):
    read = kit("0106-feel-ternary-logic")
    assert read["expressions"] == {"DecisionAnd": "A and B", "DecisionOr": "A or B"}
    tiers = []
    for name, text in read["expressions"].items():
        text = text.replace("A", "a").replace("B", "b")
        tiers += [tier(f"{name} true", text), tier(f"{name} false", f"not ({text})")]
        tiers.append(tier(f"{name} null", f"is_missing({text})"))
    cell = {True: "true", False: "false", None: ""}
    rows = [[case["id"], cell[case["inputs"]["A"]], cell[case["inputs"]["B"]]] for case in read["cases"]]
    folder = workspace(
        {
            "granger.yaml": granger_yaml([f"{name}: {{kind: boolean, required: false}}" for name in "ab"]),
            "table.yaml": segmentation("collect", tiers),
            "data/accounts.csv": csv_of(["account_id", "a", "b"], rows),
        }
    )
    found = {(row["account_id"], row["tier"]) for row in segments_of(folder)}
    expected = {
        (case["id"], f"{each['decision']} {json.dumps(each['value'])}")
        for case in read["cases"]
        for each in case["expect"]
    }
    assert len(expected) == 18
    assert found == expected


# --- expressions ---------------------------------------------------------------------------------------------------
def expected_of(read, name):
    [each] = [each for case in read["cases"] for each in case["expect"] if each["decision"] == name]
    return each["value"]


def one_account(workspace, tiers):
    """The tiers that the one account of a workspace is in; an optional field ``nothing`` is missing."""
    folder = workspace(
        {
            "granger.yaml": granger_yaml(["nothing: {kind: number, required: false}"]),
            "table.yaml": segmentation("collect", tiers),
            "data/accounts.csv": csv_of(["account_id", "nothing"], [["a", ""]]),
        }
    )
    return {row["tier"] for row in segments_of(folder)}


def test_arithmetic(kit, workspace):
    """Every expression of numbers and ``+ - * / ( )`` alone. Compared exactly, as ``expression == expected`` in our
    language; none of the expected decimals is rounded. Null is ``is_missing(expression)``. A control row per
    expression, one above the expected value, must not hold; one that compares null is refused.

    36 of 36: the 35 that give a value or null, and ``100 / 0``, whose null the kit also marks as an error.
    """
    tiers, nulls, wanted, errors = [], [], set(), 0
    for folder in ("0100-arithmetic", "0105-feel-math"):
        read = kit(folder)
        for name, text in read["expressions"].items():
            if not ARITHMETIC.fullmatch(text) or "**" in text:
                continue
            value = expected_of(read, name)
            if value is None:
                tiers.append(tier(name, f"is_missing({text})"))
                nulls.append(tier(f"control {name}", f"({text}) == 0"))
            else:
                number = value["number"]
                tiers += [tier(name, f"{text} == {number}"), tier(f"control {name}", f"{text} == {number} + 1")]
            wanted.add(name)
            errors += any(e["error"] for case in read["cases"] for e in case["expect"] if e["decision"] == name)
    assert (len(wanted), errors) == (36, 1)
    assert one_account(workspace, tiers) == wanted
    with pytest.raises(granger.PolicyRejected) as refused:
        one_account(workspace, nulls)
    assert [problem.code for problem in refused.value.diagnostics] == ["never-a-value"] * len(nulls)


def test_between(kit, workspace):
    """``a between b and c`` is ``b <= a <= c``: numbers and dates 10 of 10; a null operand is missing, 3 of 3."""
    read = kit("0071-feel-between")
    tiers, wanted = [], {"number": set(), "date": set(), "null": set()}
    for name, text in read["expressions"].items():
        kind = name.split("_")[0]
        if kind not in wanted:
            continue
        middle, least, most = re.fullmatch(r"(.+) between (.+) and (.+)", text.replace("null", "nothing")).groups()
        chain = f"{least} <= {middle} <= {most}"
        tiers += [tier(f"{name} true", chain), tier(f"{name} false", f"not ({chain})")]
        tiers.append(tier(f"{name} null", f"is_missing({chain})"))
        wanted[kind].add(f"{name} {json.dumps(expected_of(read, name))}")
    assert {kind: len(names) for kind, names in wanted.items()} == {"number": 5, "date": 5, "null": 3}
    assert one_account(workspace, tiers) == set().union(*wanted.values())


def test_round_half_up(kit, workspace):
    """4 of 16: two numbers written out. The others try how FEEL calls functions (null, names, texts, huge scales)."""
    read = kit("1143-feel-round-half-up-function")
    tiers, wanted = [], set()
    for name, text in read["expressions"].items():
        arguments = re.fullmatch(r"round half up(\(-?[\d.]+, \d\))", text)
        if arguments:
            number = expected_of(read, name)["number"]
            tiers += [
                tier(name, f"round{arguments[1]} == {number}"),
                tier(f"control {name}", f"round{arguments[1]} != {number}"),
            ]
            wanted.add(name)
    assert len(wanted) == 4
    assert one_account(workspace, tiers) == wanted


def test_all_folders_are_used_or_left_out_with_a_reason(foreign):
    folders = {path.name for path in foreign("dmn_tck").iterdir() if path.is_dir()}
    assert len(folders) == 17
    assert not USED & set(LEFT_OUT)
    assert USED | set(LEFT_OUT) == folders
    assert all(LEFT_OUT.values())
