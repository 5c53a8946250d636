"""What a schema finds, in the author's words and at the key or value to blame."""

import json
from decimal import Decimal

import pytest
from granger.engine.source.reader import read
from granger.engine.source.schema import NOT_BUILT, Schemas, check, packaged

COMMON = {
    "$id": "common.json",
    "$defs": {
        "name": {"type": "string", "pattern": "^[a-z_][a-z0-9_]{0,63}$", "x-expected": "a name such as renewal_on"},
        "span": {"type": "string", "pattern": "^-?[0-9]+ days$", "x-expected": "a duration such as -3 days"},
        "kinds": {"type": "string", "enum": ["text", "money", "date"]},
        "field": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "kind": {"$ref": "common.json#/$defs/kinds"},
                "column": {"type": "string"},
                "digits": {"type": "integer"},
            },
        },
    },
}
DEMO = {
    "$id": "demo.json",
    "type": "object",
    "additionalProperties": False,
    "required": ["kind", "name"],
    "properties": {
        "kind": {"const": "demo"},
        "name": {"type": "string", "minLength": 1, "maxLength": 5},
        "month": {"type": "integer", "minimum": 1, "maximum": 12},
        "rate": {"type": "number", "exclusiveMinimum": 0, "multipleOf": Decimal("0.25")},
        "open": {"type": "boolean"},
        "day": {"type": "string", "format": "date"},
        "policy": {"enum": ["unique", "first", "any"]},
        "due": {"$ref": "common.json#/$defs/span"},
        "gap": {"$ref": "common.json#/$defs/span", "x-expected": "a gap such as 5 days"},
        "roles": {"type": "array", "items": {"$ref": "common.json#/$defs/name"}, "minItems": 1, "uniqueItems": True},
        "fields": {
            "type": "object",
            "propertyNames": {"$ref": "common.json#/$defs/name"},
            "additionalProperties": {
                "oneOf": [{"$ref": "common.json#/$defs/kinds"}, {"$ref": "common.json#/$defs/field"}],
                "x-expected": "a kind such as money, or {column: …, kind: …}",
            },
        },
        "rows": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tier"],
                "properties": {
                    "tier": {"type": "string"},
                    "when": {"type": ["string", "number"]},
                    "hold": {"x-later": True},
                },
                "additionalProperties": False,
            },
        },
        "measure": {
            "type": "object",
            "oneOf": [{"required": ["value"]}, {"required": ["sum"]}, {"required": ["count"]}],
            "dependentRequired": {"sum": ["table"]},
        },
        "rate_cases": {
            "anyOf": [{"type": "number"}, {"type": "array", "items": {"type": "object", "required": ["rate"]}}]
        },
        "either": {"anyOf": [{"type": "number"}, {"type": "boolean"}]},
        "cap": {"x-later": True},
        "plain": {"type": "object", "not": {"required": ["ugly"]}},
    },
}
SCHEMAS = Schemas({"common": COMMON, "demo": DEMO})

CASES = {
    "unknown key": (
        "polcy: any",
        "unknown-key",
        "1:1 polcy",
        "the key 'polcy' is not known here",
        "did you mean 'policy'?",
    ),
    "unknown key, nothing near": ("xyzzy: 1", "unknown-key", "1:1 xyzzy", "the key 'xyzzy' is not known here", ""),
    "unknown key beside the right one": (
        "policy: any\npolcy: 1",
        "unknown-key",
        "2:1 polcy",
        "the key 'polcy' is not known here",
        "did you mean 'policy'?",
    ),
    "unknown key inside": (
        "fields: {a: {colum: x}}",
        "unknown-key",
        "1:14 colum",
        "the key 'colum' is not known here",
        "did you mean 'column'?",
    ),
    "wide characters": (
        "rows: [{tier: 数据, wenn: x}]",
        "unknown-key",
        "1:19 wenn",
        "the key 'wenn' is not known here",
        "did you mean 'when'?",
    ),
    "text for a number": (
        "rate: abc",
        "wrong-kind",
        "1:7 abc",
        "found text 'abc', expected a number",
        "'abc' is read as text; a number is written with digits only",
    ),
    "leading zero": (
        "month: 012",
        "wrong-kind",
        "1:8 012",
        "found text '012', expected a whole number",
        "'012' is read as text: write 12 for a number",
    ),
    "clock": (
        "rate: 12:30",
        "wrong-kind",
        "1:7 12:30",
        "found text '12:30', expected a number",
        "'12:30' is read as text; a number is written with digits only",
    ),
    "quoted number": (
        "month: '5'",
        "wrong-kind",
        "1:8 '5'",
        "found text '5', expected a whole number",
        "'5' is read as text: write 5 for a number",
    ),
    "thousands": (
        "rate: 1,000",
        "wrong-kind",
        "1:7 1,000",
        "found text '1,000', expected a number",
        "'1,000' is read as text: write 1000 for a number",
    ),
    "no": (
        "open: no",
        "wrong-kind",
        "1:7 no",
        "found text 'no', expected true or false",
        "'no' is read as text: write false",
    ),
    "Yes": (
        "open: Yes",
        "wrong-kind",
        "1:7 Yes",
        "found text 'Yes', expected true or false",
        "'Yes' is read as text: write true",
    ),
    "number for true": ("open: 1", "wrong-kind", "1:7 1", "found the number 1, expected true or false", ""),
    "true for a number": ("month: true", "wrong-kind", "1:8 true", "found true, expected a whole number", ""),
    "fraction": ("month: 1.5", "wrong-kind", "1:8 1.5", "found the number 1.5, expected a whole number", ""),
    "list": ("rate: [1]", "wrong-kind", "1:7 [1]", "found a list, expected a number", ""),
    "mapping": (
        "rate: {a: 1}",
        "wrong-kind",
        "1:7 {a: 1}",
        "found a mapping (`key: value` lines), expected a number",
        "",
    ),
    "date": ("rate: 2026-01-31", "wrong-kind", "1:7 2026-01-31", "found the date 2026-01-31, expected a number", ""),
    "no list": (
        "roles: csm",
        "wrong-kind",
        "1:8 csm",
        "found text 'csm', expected a list",
        "write it as a list: [csm]",
    ),
    "number for a text": (
        "due: 5",
        "wrong-kind",
        "1:6 5",
        "found the number 5, expected a duration such as -3 days",
        "",
    ),
    "not a date": (
        "day: soon",
        "wrong-form",
        "1:6 soon",
        "text 'soon' is not written as a date such as 2026-01-31",
        "",
    ),
    "pattern": (
        "due: 5 weeks",
        "wrong-form",
        "1:6 5 weeks",
        "text '5 weeks' is not written as a duration such as -3 days",
        "",
    ),
    "words of the place": ("gap: x", "wrong-form", "1:6 x", "text 'x' is not written as a gap such as 5 days", ""),
    "enum": (
        "policy: Uniqe",
        "unknown-word",
        "1:9 Uniqe",
        "found text 'Uniqe', expected one of unique, first, any",
        "did you mean 'unique'?",
    ),
    "minimum": ("month: 0", "out-of-bounds", "1:8 0", "found the number 0, expected 1 or more", ""),
    "maximum": ("month: 13", "out-of-bounds", "1:8 13", "found the number 13, expected 12 or less", ""),
    "exclusive": ("rate: 0", "out-of-bounds", "1:7 0", "found the number 0, expected more than 0", ""),
    "multiple": ("rate: 0.3", "out-of-bounds", "1:7 0.3", "found the number 0.3, expected a multiple of 0.25", ""),
    "empty list": ("roles: []", "out-of-bounds", "1:1 roles", "found a list, expected at least 1 item", ""),
    "twice": (
        "roles: [csm, cs, csm]",
        "repeated-item",
        "1:18 csm",
        "text 'csm' stands in this list twice",
        "keep one of them",
    ),
    "item": ("roles: [csm, CS]", "wrong-form", "1:14 CS", "text 'CS' is not written as a name such as renewal_on", ""),
    "name": (
        "fields: {Start Date: date}",
        "bad-name",
        "1:10 Start Date",
        "the name 'Start Date' is not written as names are here: expected a name such as renewal_on",
        "names are lower-case letters, digits and _, and start with a letter: start_date",
    ),
    "shorthand": (
        "fields: {a: monney}",
        "unknown-word",
        "1:13 monney",
        "found text 'monney', expected a kind such as money, or {column: …, kind: …}",
        "did you mean 'money'?",
    ),
    "long form": ("fields: {a: {kind: 5}}", "wrong-kind", "1:20 5", "found the number 5, expected text", ""),
    "no form": (
        "fields: {a: 5}",
        "wrong-kind",
        "1:13 5",
        "found the number 5, expected a kind such as money, or {column: …, kind: …}",
        "",
    ),
    "alternatives": (
        "either: x",
        "wrong-kind",
        "1:9 x",
        "found text 'x', expected a number, or true or false",
        "'x' is read as text; a number is written with digits only",
    ),
    "the list that was meant": (
        "rate_cases: [{when: x}]",
        "missing-key",
        "1:15 when",
        "the key 'rate' is missing in 'rate_cases'",
        "add `rate:`",
    ),
    "missing": ("rows: [{when: 5}]", "missing-key", "1:9 when", "the key 'tier' is missing in 'rows'", "add `tier:`"),
    "missing in an empty mapping": (
        "rows: [{}]",
        "missing-key",
        "1:8 {}",
        "the key 'tier' is missing in 'rows'",
        "add `tier:`",
    ),
    "one of": (
        "measure: {table: x}",
        "missing-one-key",
        "1:1 measure",
        "one of the keys value, sum, count is missing in 'measure'",
        "add exactly one of them",
    ),
    "only one of": (
        "measure: {sum: x, count: y, table: t}",
        "one-key-only",
        "1:19 count",
        "only one of the keys sum, count may stand here",
        "keep one of them",
    ),
    "partner": (
        "measure: {sum: x}",
        "missing-key",
        "1:11 sum",
        "the key 'table' is missing beside 'sum'",
        "add `table:`",
    ),
    "later": (
        "cap: 5",
        "not-yet-built",
        "1:1 cap",
        "the key 'cap' is not built yet",
        "remove it for now: this version cannot do what it asks",
    ),
    "later, and what it makes missing": (
        "rows: [{hold: 5}]",
        "not-yet-built",
        "1:9 hold",
        "the key 'hold' is not built yet",
        "remove it for now: this version cannot do what it asks",
    ),
    "forbidden": ("plain: {ugly: 1}", "misplaced-key", "1:9 ugly", "the key 'ugly' may not stand here", ""),
}


def problems_of(source, schemas=SCHEMAS):
    document, problems = read(source.encode(), "f.yaml")
    assert document is not None
    return [*problems, *check(document, schemas)]


@pytest.mark.parametrize(("line", "code", "where", "message", "advice"), CASES.values(), ids=CASES.keys())
def test_a_mistake(line, code, where, message, advice):
    (problem,) = problems_of(f"{line}\nkind: demo\nname: x\n")
    span = problem.place
    blamed = line.split("\n")[span.line - 1][span.column - 1 : span.end_column - 1]
    assert (problem.code, f"{span.line}:{span.column} {blamed}") == (code, where)
    assert (problem.message, problem.help) == (message, advice)


@pytest.mark.parametrize(
    "line",
    [
        "month: 1_2",
        "rate: 0.50",
        "rate: 1_000.25",
        "open: true",
        "day: 2026-01-31",
        "day: '2026-01-31'",
        "due: -3 days",
        "fields: {a: money, b: {kind: date, column: 日期}}",
        "rate_cases: 0.12",
        "rate_cases: [{rate: 1}]",
        "measure: {value: 5}",
        "rows: [{tier: A, when: 0.1}, {tier: 'no'}]",
        "either: true",
        "name: 012",
        "name: no",
    ],
)
def test_what_is_right(line):
    rest = "kind: demo\n" if line.startswith("name") else "kind: demo\nname: x\n"
    assert problems_of(line + "\n" + rest) == []


def test_a_number_as_a_name_is_told_to_be_quoted():
    (problem,) = problems_of("kind: demo\nname: 2026\n")
    assert (problem.code, problem.help) == ("wrong-kind", 'if it is meant as text, put it in quotes: "2026"')


def test_all_mistakes_of_a_file_are_told():
    source = "kind: demo\nmonth: 13\nopen: no\nrows:\n  - tier: A\n    wen: x\n  - B\nfields:\n  a: b\n"
    assert [(p.place.line, p.code) for p in problems_of(source)] == [
        (1, "missing-key"),
        (2, "out-of-bounds"),
        (3, "wrong-kind"),
        (6, "unknown-key"),
        (7, "wrong-kind"),
        (9, "unknown-word"),
    ]


def test_a_misspelt_key_is_not_told_as_missing_too():
    assert [p.code for p in problems_of("kind: demo\nnmae: x\n")] == ["unknown-key"]


def test_what_the_reader_refused_is_not_blamed_again():
    assert [p.code for p in problems_of("kind: demo\nname: x\nmonth: 0x1F\nday: 2026-02-30\nrate:\n")] == [
        "number-form-refused",
        "bad-date",
        "empty-value",
    ]


@pytest.mark.parametrize(
    ("source", "code", "place", "advice"),
    [
        ("name: x\n", "missing-kind", "1:1", "start it with `kind:`; kinds: demo"),
        ("kind: dem\n", "unknown-kind", "1:7", "did you mean 'demo'?"),
        ("kind: [demo]\n", "unknown-kind", "1:7", "known: demo"),
        (
            "kind: common\n",
            "unknown-kind",
            "1:7",
            "known: demo, whatif",
        ),
    ],
)
def test_the_kind_is_chosen_first(source, code, place, advice):
    (problem,) = problems_of(source)
    assert (problem.code, str(problem.place), problem.help) == (code, f"f.yaml:{place}", advice)


@pytest.mark.parametrize("kind", NOT_BUILT)
def test_kinds_to_come_are_not_checked(kind):
    (problem,) = problems_of(f"kind: {kind}\nwhatever: 1\n")
    assert problem.code == "kind-not-built"


def test_a_flood_of_mistakes_is_cut_and_said_so():
    problems = problems_of("kind: demo\nname: x\n" + "".join(f"x{i}: 1\n" for i in range(1_500)))
    assert len(problems) == 1_001
    assert problems[-1].code == "more-problems"


def test_the_packaged_schemas_refer_to_nothing_outside():
    schemas = packaged()
    built = {
        "workspace",
        "library",
        "segmentation",
        "health",
        "lifecycle",
        "success",
        "playbook",
        "staffing",
        "watchlist",
        "comp",
        "tests",
    }
    assert built == set(schemas.kinds)
    assert not set(schemas.kinds) & set(NOT_BUILT)
    text = json.dumps(dict(schemas.by_kind), default=str)
    assert '"$ref": "http' not in text


@pytest.mark.parametrize("kind", packaged().kinds)
def test_the_examples_of_the_packaged_schemas_are_right(kind):
    source = "\n".join(packaged().by_kind[kind]["x-example"]) + "\n"
    assert problems_of(source, packaged()) == []
