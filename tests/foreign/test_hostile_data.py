"""Hostile text in tables: comes back as it was, and runs nowhere; within a second and 200 MB, without a traceback."""

import csv
import io
import json
import re

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


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


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
    written = {
        path.relative_to(out).as_posix(): path.read_bytes().decode() for path in out.rglob("*") if path.is_file()
    }
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
        "data/deals.csv": csv_of(
            [["deal_id", "account_id", "day", "amount", "person"], ["1", "id-000", "2026-01-02", "10", "Ann"]]
        ),
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
    payloads += [
        "\t=1+1",
        "\r=1+1",
        "+1+1",
        "-1+1",
        "'=1+1",
        "''=1+1",
        "=1+1\r\n=2",
        '=HYPERLINK("x")',
        "\t\r\n@a",
        "−1",
    ]
    header = "=cmd|' /C calc'!A0"
    top = CUSTOMERS.replace("plan: {", f"plan: {{column: {json.dumps(header)}, ")
    bare = [payload.strip() for payload in payloads]
    accounts = [["account_id", "name", "holder", "size", header]]
    accounts += [
        [f"id-{i}", payload, person, payload, f"{person}?"]
        for i, (payload, person) in enumerate(zip(payloads, bare, strict=True))
    ]
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
    files["granger.yaml"] = files["granger.yaml"].replace(
        "    dated_by: day\n", "    dated_by: day\n    reject_ceiling: 100%\n"
    )
    written = hostile_run(confined, tmp_path, files)
    tasks = {row["account_id"]: row for row in rows_of(written["tasks.csv"])}
    assert len(tasks) == len(payloads)
    assert [unguarded(tasks[f"id-{i}"]["account_name"]) for i in range(len(payloads))] == payloads
    assert [unguarded(tasks[f"id-{i}"]["owner"]) for i in range(len(payloads))] == bare
    rejects = rows_of(written["rejects.csv"])
    assert {unguarded(row["value"]) for row in rejects if row["column"] == "size"} >= set(bare[:6])
    assert header in {unguarded(row["column"]) for row in rejects}
    assert {unguarded(row["tier"]) for row in rows_of(written["segments.csv"])} == {"@other", ""}
