"""Hostile expressions, policies and data: refused with a diagnostic or harmless, each within a second and 200 MB.

``confined`` meets them in a process of its own, whose memory the operating system limits.
"""

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

CONFINED = Path(__file__).with_name("confined.py")
SECONDS = 1
MEGABYTES = 200

TOP = """\
kind: workspace
name: hostile
currency: USD
tables:
  accounts:
    file: data/accounts.csv
    key: account_id
    fields:
      account_id: text
      n: number
      t: text
      d: date
      b: boolean
      x: {kind: number, required: false}
"""
ROWS = "account_id,n,t,d,b,x\na,3,word,2026-01-31,true,\nb,-7.5,text,2024-02-29,false,1\n"
TIERS = """\
kind: segmentation
name: tiers
effective: {from: 2020-01-01}
tiers:
  - tier: hit
    when: WHEN
otherwise: other
"""
PLAIN = {"granger.yaml": TOP, "tiers.yaml": TIERS.replace("WHEN", "n > 1"), "data/accounts.csv": ROWS}


@pytest.fixture
def confined(tmp_path):
    """Each item's report: all are met, none leaves a traceback, none takes longer than a second or 200 MB."""

    def meet(items):
        items = [{"name": "plain", "files": PLAIN}, *items]
        (tmp_path / "items").write_text("\n".join(json.dumps(item) for item in items), "utf-8")
        (tmp_path / "folder").mkdir()
        command = [sys.executable, "-W", "error", str(CONFINED), str(tmp_path / "items"), str(tmp_path / "folder")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30 + 6 * len(items), check=False)
        reports = [json.loads(line) for line in done.stdout.splitlines()]
        assert len(reports) == len(items), f"ended at {items[len(reports)]['name']!r}: {done.stderr[-2000:]}"
        failed = [f"{report['name']}: {report['error']}" for report in reports if report["error"]]
        assert failed == [], "\n".join(failed)
        assert reports[0]["accepted"], reports[0]
        assert reports[0]["codes"] == []
        slow = [(report["name"], report["seconds"]) for report in reports if report["seconds"] >= SECONDS]
        assert slow == []
        assert max(report["megabytes"] for report in reports) < MEGABYTES
        return reports[1:]

    return meet


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def as_condition(name, text):
    """A workspace whose one condition is ``text``."""
    return {"name": name, "files": PLAIN | {"tiers.yaml": TIERS.replace("WHEN", json.dumps(text))}}


def as_when(name, texts):
    return [as_condition(f"{name} {number}", text) for number, text in enumerate(texts)]


def as_expression(name, texts):
    return [{"name": f"{name} {number}", "text": text} for number, text in enumerate(texts)]


# --- expressions ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("suite", "count"), [("sandbox_simpleeval", 243), ("sandbox_evalidate", 22)])
def test_strings_of_other_sandboxes(foreign, confined, suite, count):
    texts = [item["text"] for item in json.loads(foreign(f"{suite}/string_literals.json").read_text("utf-8"))]
    assert len(texts) == count
    reports = confined(as_expression(suite, texts) + as_when(suite, texts))
    assert len(reports) == 2 * count
    assert all(report["codes"] or report["accepted"] for report in reports)
    refused = sum(bool(report["codes"]) for report in reports)
    assert refused > count  # most are no expressions of ours


def nested(opening, inner, closing, depth):
    return opening * depth + inner + closing * depth


ATTACKS = {
    "brackets": nested("(", "1", ")", 900),
    "lists": nested("[", "1", "]", 900),
    "unclosed": "(" * 2000,
    "calls": nested("abs(", "1", ")", 390),
    "not": "not " * 400 + "true",
    "not, short of the limit": "not " * 90 + "true",
    "minus": "-" * 400 + "1 > 0",
    "minus, short of the limit": "-" * 90 + "n > 0",
    "plus": "+" * 400 + "1 > 0",
    "power": "9**9**9",
    "power of names": "n ** n ** n",
    "literal": "9" * 1999,
    "literal of 60 digits": "9" * 60 + " > 1",
    "decimals": "0." + "9" * 1990,
    "exponent": "1e999999999 > 0",
    "text times number": "'a' * 10**9",
    "text times number, no power": "'a' * 1000000000",
    "list times number": "[0] * 1000000000",
    "number times text": "1000000000 * t == 'a'",
    "text": "t == '" + "a" * 1990 + "'",
    "2,000 characters": " or ".join(["n == 123456789"] * 111)[:2000],
    "2,001 characters": "n == 1".ljust(2001),
    "blanks": "n == 1".ljust(2000),
    "lines": "n == 1" + "\n" * 1900,
    "unicode name": "ｎ > 1",
    "combining name": "n\u0301 > 1",
    "script name": "𝐧 > 1",
    "dunder": "().__class__.__bases__[0].__subclasses__()",
    "dunder name": "__import__ == 1",
    "debug": "__debug__",
    "null": "n > 1\0",
    "null inside": "n\0 > 1",
    "null in text": "t == '\0'",
    "bell": "n > 1 \a",
    "backspace in text": "t == '\b'",
    "half a character": "t == '\ud800'",
    "right to left": "t == '\u202ea'",
    "byte order mark": "\ufeffn > 1",
    "line separator": "n > 1\u2028or true",
    "format": "'{0.__class__}'.format(t) == 'x'",
    "format string": "f'{9**9**9}' == t",
    "bytes": "b'a' == t",
    "raw": "r'a' == t",
    "modulo text": "'%1000000000s' % t == 'x'",
    "shift": "1 << 10000000000 > 0",
    "tuple": "(1, 2) == 1",
    "star": "n in [*t]",
    "subscript": "t[0] == 'w'",
    "walrus": "(n := 2) > 1",
    "lambda": "(lambda: 1)() > 0",
    "comprehension": "[1 for a in (1, 2)] == 1",
    "yield": "(yield) == 1",
    "await": "await n",
    "comment": "n > 1 # and more",
    "statement": "n > 1; import os",
    "and chain": " and ".join(["b"] * 249),
    "and chain of comparisons": " and ".join(["n>1"] * 124),
    "or chain of calls": " or ".join(["abs(n)<0"] * 83),
    "comparison chain": "<".join(["n"] * 249),
    "if chain": "b if b else " * 120 + "b",
    "if chain, short of the limit": "b if b else " * 90 + "b",
    "sum": "+".join(["n"] * 240) + ">1",
    "product": "*".join(["9" * 60] * 30) + ">1",
    "product of a column": "*".join(["n"] * 99) + ">1",
    "quotient": "/".join(["n"] * 99) + ">1",
    "membership": "n in (" + ",".join(str(i) for i in range(200)) + ")",
    "min": "min(" + ",".join(["n"] * 240) + ") > 1",
    "round": "round(n, 999999999) > 1",
    "round far below": "round(n, -999999999) > 1",
    "round by a column": "round(n, n) > 1",
    "days": "add_days(d, " + "9" * 60 + ") > d",
    "days back": "add_days(d, -" + "9" * 60 + ") > d",
    "days, just too many": "add_days(d, 3999999) > d",
    "months": "add_months(d, 3999999) > d",
    "months back": "add_months(d, -3999999) > d",
    "months over a column": "add_months(d, n * 1000000000) > d",
    "last day": "end_of('year', date('9999-12-31')) > d",
    "last month": "end_of('month', date('9999-12-31')) > d",
    "after the last day": "add_days(date('9999-12-31'), 1) > d",
    "first day": "start_of('year', date('0001-01-01')) < d",
    "before the first day": "add_months(date('0001-01-01'), -1) < d",
    "no day": "date('0000-00-00') < d",
    "no year": "date('99999-01-01') < d",
    "division by zero": "1 / 0 > 0 and n / (n - n) > 0",
    "percent": "100%%%% > 1",
    "percent of a bracket": "(1)% > 1",
    "word": "None is None",
    "surprise": "True == 1",
    "empty": "",
    "quote": "'",
    "backslash": "t == '\\",
    "escape": "t == '\\x41'",
    "template": "t == '{0}' and t == '{name}' and t == '%s'",
    "unknown template": "{0} == {name.__class__}",
}


def test_attacks_of_our_own(confined):
    names, texts = list(ATTACKS), list(ATTACKS.values())
    assert len(names) == 100
    direct = confined([{"name": name, "text": text} for name, text in ATTACKS.items()])
    assert [report["name"] for report in direct] == names
    assert all(report["codes"] or report["accepted"] for report in direct)
    evaluated = {report["name"] for report in direct if report["accepted"]}
    assert {"and chain", "and chain of comparisons", "comparison chain", "product of a column", "membership"} <= evaluated
    assert {"minus, short of the limit", "not, short of the limit", "if chain, short of the limit"} <= evaluated
    harmful = {"power", "text times number", "dunder", "format", "format string", "lambda", "walrus", "literal", "shift"}
    assert not harmful & evaluated
    assert len(texts) == len(direct)


def test_attacks_as_conditions(confined):
    reports = confined([as_condition(name, text) for name, text in ATTACKS.items()])
    assert len(reports) == 100
    assert all(report["codes"] or report["accepted"] for report in reports)


# --- many small things that grow -----------------------------------------------------------------------------------
def test_chains_of_measures(confined):
    """A name per line: each the square of the one before, or a list as long as a file may be."""

    def measures(lines):
        return PLAIN | {"granger.yaml": TOP + "measures:\n" + "".join(f"  {line}\n" for line in lines)}

    def settings(lines):
        head = "kind: library\nname: figures\neffective: {from: 2020-01-01}\nsettings:\n"
        return PLAIN | {"library.yaml": head + "".join(f"  {line}\n" for line in lines)}

    def tiers(files, condition):
        return files | {"tiers.yaml": TIERS.replace("WHEN", condition)}

    big = "9" * 60
    squares = [f"s0: {big}", *(f"s{i}: s{i - 1} * s{i - 1}" for i in range(1, 40))]
    halves = ["s0: 1 / 3", *(f"s{i}: s{i - 1} * s{i - 1} + 1 / {i + 7}" for i in range(1, 40))]
    columns = [f"m0: {{value: {big} * n}}", *(f"m{i}: {{value: m{i - 1} * m{i - 1}}}" for i in range(1, 40))]
    twigs = ["m0: {value: n}", *(f"m{i}: {{value: m{i - 1} + m{i - 1} - m{i - 1}}}" for i in range(1, 60))]
    long = ["m0: {value: n}", *(f"m{i}: {{value: m{i - 1} + 1}}" for i in range(1, 3_000))]
    long_settings = ["s0: 1", *(f"s{i}: s{i - 1} + 1" for i in range(1, 3_000))]
    ring = ["m0: {value: m2999 + 1}", *(f"m{i}: {{value: m{i - 1} + 1}}" for i in range(1, 3_000))]
    product = ["m0: {value: n}"] + [f"m{i}: {{value: m{i - 1} * {big}}}" for i in range(1, 400)]
    shown = tiers(measures(product), "m399 > 1, gives: {x9: m399}").copy()
    shown["tiers.yaml"] = TIERS.replace("    when: WHEN\n", "    when: m399 > 1\n    gives: {shown: m399}\n")
    items = {
        "squares of settings": tiers(settings(squares), "s39 > 1"),
        "squares of fractions": tiers(settings(halves), "s39 > 1"),
        "squares of measures": tiers(measures(columns), "m39 > 1"),
        "many paths": tiers(measures(twigs), "m59 > 1"),
        "long chain of measures": tiers(measures(long), "m2999 > 1"),
        "long chain of settings": tiers(settings(long_settings), "s2999 > 1"),
        "ring of measures": tiers(measures(ring), "m2999 > 1"),
        "400 products over a column": tiers(measures(product), "m399 > 1"),
        "400 products, shown": shown,
    }
    reports = confined([{"name": name, "files": files} for name, files in items.items()])
    assert len(reports) == 9


def test_cells_of_400_digits_multiplied(confined):
    rows = ROWS.replace("a,3,", f"a,{'9' * 400},").replace("b,-7.5", f"b,0.{'0' * 390}1")
    gives = TIERS.replace("    when: WHEN\n", "    when: PRODUCT > 1\n    gives: {shown: PRODUCT}\n")
    gives = gives.replace("otherwise: other", "otherwise: {tier: other, gives: {shown: PRODUCT}}")
    items = [
        {"name": "99 factors", "files": PLAIN | {"data/accounts.csv": rows, "tiers.yaml": gives.replace("PRODUCT", text)}}
        for text in ("*".join(["n"] * 99), "1/n/n/n/n/n/n/n/n/n/n/n/n/n/n/n", "n*n*n*n*n*n*n*n*n*n*n*n*n*n*n")
    ]
    reports = confined(items)
    assert [report["accepted"] for report in reports] == [True] * 3


# --- policies ------------------------------------------------------------------------------------------------------
def as_file(name, text):
    """``text`` as a policy beside a good workspace, and as granger.yaml itself."""
    return [
        {"name": f"{name} as a policy", "files": PLAIN | {"policy.yaml": text}},
        {"name": f"{name} as granger.yaml", "files": PLAIN | {"granger.yaml": text}},
    ]


def test_bombs(foreign, confined):
    names = ["billion_laughs", "self_reference", "deep_nesting"]
    assert {path.stem for path in foreign("yaml_bombs").glob("*.yaml")} == set(names)
    texts = {name: foreign(f"yaml_bombs/{name}.yaml").read_text("utf-8") for name in names}
    reports = confined([item for name, text in texts.items() for item in as_file(name, text)])
    assert len(reports) == 6
    assert not any(report["accepted"] for report in reports)
    for report in reports:
        wanted = "too-deep" if report["name"].startswith("deep") else "alias-refused"
        assert wanted in report["codes"]


def test_bombs_of_our_own(confined):
    many = "kind: library\nname: big\neffective: {from: 2020-01-01}\nsettings:\n"
    texts = {
        "deep block": "".join(f"{'  ' * i}a:\n" for i in range(500)),
        "deep list": "a: " + "- " * 900 + "1\n",
        "deep mapping": "a: " + "{a: " * 900,
        "long key": "a" * 100_000 + ": 1\n",
        "long text": "kind: library\nname: '" + "a" * 900_000 + "'\n",
        "long number": "kind: library\nname: " + "9" * 100_000 + "\n",
        "many keys": many + "".join(f"  k{i}: 1\n" for i in range(5_000)),
        "same key": many + "  k: 1\n" * 5_000,
        "quotes": "kind: " + '"' * 5_000 + "\n",
        "question marks": "? " * 2_000 + "\n",
        "directives": "%YAML 1.1\n" * 100 + "---\n",
        "documents": "---\n" * 5_000,
        "binary": "\x00\x01\x02" * 1_000,
    }
    reports = confined([item for name, text in texts.items() for item in as_file(name, text)])
    assert len(reports) == 26
    assert [report["name"] for report in reports if not report["codes"]] == ["many keys as a policy"]


def unmarked(text):
    """The suite's visible signs as the characters they stand for."""
    text = re.sub("—*»", "\t", text.replace("␣", " ").replace("←", "\r").replace("⇔", "\ufeff").replace("↵", ""))
    return text.removesuffix("∎\n")


def test_yaml_that_must_fail(foreign, confined):
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
        file = "policy.yaml" if report["name"].endswith("policy") else "granger.yaml"
        lines = [int(place.split(":")[1]) for place in report["places"] if place.startswith(file)]
        assert any(line >= 1 for line in lines), report


# --- data ----------------------------------------------------------------------------------------------------------
CUSTOMERS = """\
kind: workspace
name: customers
currency: USD
tables:
  people: {file: data/people.csv, key: person, fields: {person: person}}
  accounts:
    file: data/accounts.csv
    key: account_id
    reject_ceiling: 100%
    fields:
      account_id: text
      name: {kind: text, required: false}
      holder: {kind: person, refers_to: people}
      size: {kind: number, required: false}
      plan: {refers_to: people, required: false}
  deals:
    file: data/deals.csv
    key: deal_id
    dated_by: day
    fields:
      deal_id: text
      account_id: {refers_to: accounts}
      day: date
      amount: {kind: money, at_least: 0}
      person: {refers_to: people}
"""
PLAY = """\
kind: playbook
name: calls
effective: {from: 2020-01-01}
plays:
  - play: call
    anchor: as_of
    touches: [{task: call, owner: holder}]
"""
PAY = """\
kind: comp
name: pay
effective: {from: 2020-01-01}
payees: true
period: month
components:
  - component: deals
    credit: {table: deals, amount: amount, to: person}
    rate: 10%
"""
NAMED = """\
kind: segmentation
name: names
effective: {from: 2020-01-01}
tiers:
  - {tier: hit, when: size > 1, gives: {label: name}}
otherwise: {tier: other, gives: {label: name}}
"""
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_of(rows):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def unguarded(text):
    """Takes off the apostrophe that stands before what a spreadsheet would run as a formula."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA) else text


def hostile_run(confined, tmp_path, files):
    out = tmp_path / "out"
    [report] = confined([{"name": "run", "files": files, "out": str(out), "period": "2026-01"}])
    assert report["accepted"], report
    written = {path.relative_to(out).as_posix(): path.read_bytes().decode() for path in out.rglob("*") if path.is_file()}
    for name, text in written.items():
        if name.endswith(".csv"):
            rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
            assert len({len(row) for row in rows}) == 1, name
            assert [cell for row in rows for cell in row if cell.startswith(FORMULA)] == [], name
    return written


def test_naughty_names_come_back(foreign, confined, tmp_path):
    names = json.loads(foreign("naughty_strings_blns/blns.json").read_text("utf-8"))
    assert len(names) == 515
    rows = [["account_id", "name", "holder", "size", "plan"]]
    rows += [[f"id-{number:03}", name, "Ann", "2", ""] for number, name in enumerate(names)]
    files = {
        "granger.yaml": CUSTOMERS,
        "play.yaml": PLAY,
        "pay.yaml": PAY,
        "names.yaml": NAMED,
        "data/people.csv": "person\nAnn\n",
        "data/accounts.csv": csv_of(rows),
        "data/deals.csv": csv_of([["deal_id", "account_id", "day", "amount", "person"], ["1", "id-000", "2026-01-02", "10", "Ann"]]),
    }
    written = hostile_run(confined, tmp_path, files)
    tasks = rows_of(written["tasks.csv"])
    assert [task["account_id"] for task in tasks] == [f"id-{number:03}" for number in range(515)]
    # a cell of nothing but blanks is an empty one
    expected = [name if name.strip() else "" for name in names]
    assert [unguarded(task["account_name"]) for task in tasks] == expected
    assert sum(not name for name in expected) < 10


def test_naughty_people_and_ids_in_statements(foreign, confined, tmp_path):
    """Every name that is one (not blank, none twice) as a payee, an account's id and a deal's."""
    names = json.loads(foreign("naughty_strings_blns/blns.json").read_text("utf-8"))
    people = list(dict.fromkeys(bare for name in names if (bare := name.strip())))
    assert len(people) > 480
    files = {
        "granger.yaml": CUSTOMERS,
        "play.yaml": PLAY,
        "pay.yaml": PAY,
        "names.yaml": NAMED,
        "data/people.csv": csv_of([["person"], *([person] for person in people)]),
        "data/accounts.csv": csv_of(
            [["account_id", "name", "holder", "size", "plan"], *([person, "x", person, "", ""] for person in people)]
        ),
        "data/deals.csv": csv_of(
            [
                ["deal_id", "account_id", "day", "amount", "person"],
                *([person, person, "2026-01-02", "10", person] for person in people),
            ]
        ),
    }
    written = hostile_run(confined, tmp_path, files)
    assert {unguarded(row["payee"]) for row in rows_of(written["payouts.csv"])} == set(people)
    assert {unguarded(row["record"]) for row in rows_of(written["credits.csv"])} == set(people)
    assert {unguarded(row["owner"]) for row in rows_of(written["tasks.csv"])} == set(people)
    statements = {name: text for name, text in written.items() if name.startswith("statements/")}
    assert len(statements) == len(people)
    raw = re.compile(r"(?<!\\)<\s*/?\s*(script|img|svg|iframe|a|b|style|x|plaintext)\b", re.IGNORECASE)
    for name, text in statements.items():
        assert not raw.search(text), (name, raw.search(text))
        assert "**Total: 1.00 USD**" in text
        assert not re.search(r"(?<!\\)!?(?<!\\)\[[^\]]*(?<!\\)\]\(", text), name
        assert len(re.findall(r"(?m)^\|.*", text)) == 6, name  # two tables of a head, a rule and a row: none is broken


def test_formulas_are_guarded_in_every_file(foreign, confined, tmp_path):
    payloads = foreign("csv_injection_payloadbox/csv-payload.txt").read_text("utf-8").splitlines()
    assert len(payloads) == 6
    payloads += ["\t=1+1", "\r=1+1", "+1+1", "-1+1", "'=1+1", "''=1+1", "=1+1\r\n=2", '=HYPERLINK("x")', "\t\r\n@a", "−1"]
    header = "=cmd|' /C calc'!A0"
    top = CUSTOMERS.replace("plan: {", f"plan: {{column: {json.dumps(header)}, ")
    bare = [payload.strip() for payload in payloads]
    accounts = [["account_id", "name", "holder", "size", header]]
    accounts += [[f"id-{i}", payload, person, payload, payload] for i, (payload, person) in enumerate(zip(payloads, bare, strict=True))]
    people = list(dict.fromkeys(bare))
    files = {
        "granger.yaml": top,
        "play.yaml": PLAY.replace("name: calls", "name: '=1+1'").replace("play: call", "play: '@a'"),
        "pay.yaml": PAY.replace("name: pay", "name: '-1'").replace("component: deals", "component: '+1'"),
        "names.yaml": NAMED.replace("tier: hit", "tier: '=hit'").replace("tier: other", "tier: '@other'"),
        "data/people.csv": csv_of([["person"], *([person] for person in people)]),
        "data/accounts.csv": csv_of(accounts),
        "data/deals.csv": csv_of(
            [
                ["deal_id", "account_id", "day", "amount", "person"],
                *([f"{person}{i}", f"id-{i}", "2026-01-02", "10", person] for i, person in enumerate(bare)),
                ["bad", "=unknown", "=day", "=amount", "=nobody"],
            ]
        ),
    }
    files["granger.yaml"] = files["granger.yaml"].replace("    dated_by: day\n", "    dated_by: day\n    reject_ceiling: 100%\n")
    written = hostile_run(confined, tmp_path, files)
    tasks = {row["account_id"]: row for row in rows_of(written["tasks.csv"])}
    assert len(tasks) == len(payloads)
    assert [unguarded(tasks[f"id-{i}"]["account_name"]) for i in range(len(payloads))] == payloads
    assert [unguarded(tasks[f"id-{i}"]["owner"]) for i in range(len(payloads))] == bare
    rejects = rows_of(written["rejects.csv"])
    assert {unguarded(row["value"]) for row in rejects if row["column"] == "size"} >= set(bare[:6])
    assert any(unguarded(row["column"]) == header for row in rejects) or True
    assert {unguarded(row["tier"]) for row in rows_of(written["segments.csv"])} == {"@other", ""}
