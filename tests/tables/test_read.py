from __future__ import annotations

from datetime import date
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import pytest
from granger.engine.diagnostics import Cell
from granger.engine.tables.read import read_tables
from granger.engine.tables.sources import locate

AS_OF = date(2026, 9, 30)


def levels(found):  # type: ignore[no-untyped-def]
    return [(r.table, r.row, r.column, r.value, r.level) for r in found.rejects]


def test_needed_cells_reject_the_row_and_others_do_not(read, field, shape) -> None:  # type: ignore[no-untyped-def]
    accounts = shape(
        field("id"), field("arr", "money"), field("seats", "integer", required=False), key="id", reject_ceiling=1
    )
    found = read(accounts, "id,arr,seats\na,1,x\n,y,1\nc,,z\nd,2,\n")
    table = found.tables["accounts"]
    assert (table.read, len(table), table.rejected, table.later) == (4, 2, 2, 0)
    assert tuple(table.rows) == (2, 5)
    assert table.columns == {"id": ("a", "d"), "arr": (1, 2), "seats": (None, None)}
    assert table.empty == {"seats": 1}
    assert [(r.row, r.column, r.value, r.reason, r.level) for r in found.rejects] == [
        (2, "seats", "x", "not a number: expected one written like 1,234.50", "cell"),
        (3, "arr", "y", "not a number: expected one written like 1,234.50", "row"),
        (3, "id", "", "empty, but the field is required", "row"),
        (4, "arr", "", "empty, but the field is required", "row"),
    ]
    assert table.record(1) == {"id": "d", "arr": 2, "seats": None}


def test_a_key_is_needed_even_if_not_required(read, field, shape) -> None:  # type: ignore[no-untyped-def]
    accounts = shape(field("id", required=False), field("x"), key="id", reject_ceiling=1)
    assert levels(read(accounts, "id,x\n,1\n")) == [("accounts", 2, "id", "", "row")]


def test_the_later_row_of_a_key_is_rejected(read, field, shape) -> None:  # type: ignore[no-untyped-def]
    found = read(shape(field("id"), key="id", reject_ceiling=1), "id\na\nb\n a \n")
    assert [(r.row, r.value, r.reason) for r in found.rejects] == [(4, "a", "the key stands in row 2 already")]


LEDGER = "id,since,month,n\na,2026-01-01,2026-02-01,1\nb,2026-03-01,2026-02-01,1\na,2026-01-01,2026-02-01,2\n"
LEDGER += "a,,2026-01-01,3\n,2026-01-01,2026-02-01,4\nb,2026-01-01,2026-02-01,5\nc,2026-02-01,2026-02-01,0\n"


def test_fields_stand_together_once_and_rise(read, field, shape) -> None:  # type: ignore[no-untyped-def]
    """A row that lacks one of the fields repeats none; the first of two counts even where it is rejected itself."""
    fields = (
        field("id", required=False),
        field("since", "date", required=False),
        field("month", "date"),
        field("n", "number"),
    )
    rules = {"unique": ("id", "month"), "in_order": ("since", "month")}
    found = read(shape(*fields, reject_ceiling=1, **rules), LEDGER)
    assert [(r.row, r.column, r.value, r.reason, r.level) for r in found.rejects] == [
        (3, "month", "2026-02-01", "since is 2026-03-01, which is more", "row"),
        (4, "month", "2026-02-01", "id and month stand together in row 2 already", "row"),
        (7, "month", "2026-02-01", "id and month stand together in row 3 already", "row"),
    ]


def test_rows_of_later_days_do_not_exist(read, field, shape) -> None:  # type: ignore[no-untyped-def]
    deals = shape(field("id"), field("on", "date", required=False), key="id", dated_by="on", name="deals")
    text = "id,on\na,2026-10-01\na,2026-09-30\n,2027-01-01\nb,\nc,2026-99-99\n"
    found = read(deals, text)
    table = found.tables["deals"]
    assert (table.read, len(table), table.later, table.rejected) == (5, 3, 2, 0)
    assert table.columns["on"] == (date(2026, 9, 30), None, None)
    assert levels(found) == [("deals", 6, "on", "2026-99-99", "cell")]


def test_more_rejects_than_the_ceiling_are_an_error(read, field, shape) -> None:  # type: ignore[no-untyped-def]
    text = "id\n" + "".join(f"a{i}\n" for i in range(19)) + "a1\n"
    assert not read(shape(field("id"), key="id"), text).diagnostics
    found = read(shape(field("id"), key="id", reject_ceiling=Fraction(49, 1000)), text)
    assert [d.code for d in found.diagnostics] == ["too-many-rejects"]
    assert found.diagnostics[0].message == "accounts: rejected 1 of 20 rows, more than the 4.9% that is allowed"
    assert "row 21, column 'id': the key stands in row 3 already" in found.diagnostics[0].help


@pytest.fixture
def three(field, shape):  # type: ignore[no-untyped-def]
    """Accounts, deals of accounts, tasks of deals; ``on_unknown`` is that of both references."""

    def go(on_unknown: str, accounts: str, deals: str, tasks: str):  # type: ignore[no-untyped-def]
        free = {"key": "id", "reject_ceiling": 1}
        shapes = [
            shape(field("id"), field("deal", refers_to="deals", on_unknown=on_unknown), name="tasks", **free),
            shape(
                field("id"),
                field("account", refers_to="accounts", required=False, on_unknown=on_unknown),
                field("on", "date", required=False),
                name="deals", dated_by="on", **free,
            ),
            shape(field("id"), name="accounts", **free),
        ]  # fmt: skip

        def rows(names: str, text: str):  # type: ignore[no-untyped-def]
            return [dict(zip(names.split(), row.split(), strict=False)) for row in text.split(",")]

        sources = {
            "accounts": rows("id", accounts),
            "deals": rows("id account on", deals),
            "tasks": rows("id deal", tasks),
        }
        return read_tables(shapes, sources, as_of=AS_OF)

    return go


def test_an_unknown_reference_is_a_finding(three) -> None:  # type: ignore[no-untyped-def]
    found = three("finding", "acme,beta", "d1 acne,d2 acne,d3 beta,d4,d5 zeta", "t1 d1,t2 d3")
    assert levels(found) == [
        ("deals", 2, "account", "acne", "finding"),
        ("deals", 3, "account", "acne", "finding"),
        ("deals", 6, "account", "zeta", "finding"),
    ]
    assert found.tables["deals"].columns["account"] == ("acne", "acne", "beta", None, "zeta")
    empty, unknown = found.diagnostics
    assert (empty.code, empty.is_error, empty.message) == (
        "empty-reference",
        False,
        "'account' is empty in 1 row of deals",
    )
    assert unknown.place == Cell("<frame deals>", 0, "account")
    assert (
        "holds 2 values that accounts does not have, in 3 rows of deals; most often 'acne' (2 rows)" in unknown.message
    )
    assert "did you mean 'acme'?" in unknown.help


def test_rejection_follows_a_chain_whatever_the_order(three) -> None:  # type: ignore[no-untyped-def]
    found = three("reject", "acme", "d1 acme,d2 gone", "t1 d1,t2 d2,t3 d9")
    assert levels(found) == [
        ("deals", 3, "account", "gone", "row"),
        ("tasks", 3, "deal", "d2", "row"),
        ("tasks", 4, "deal", "d9", "row"),
    ]
    assert [len(found.tables[name]) for name in ("accounts", "deals", "tasks")] == [1, 1, 1]


def test_ignored_references_say_nothing(three) -> None:  # type: ignore[no-untyped-def]
    found = three("ignore", "acme", "d1 gone", "t1 d9")
    assert not found.rejects
    assert not found.diagnostics


def test_a_row_of_a_later_day_may_be_referred_to(three) -> None:  # type: ignore[no-untyped-def]
    found = three("finding", "acme", "d1 acme 2027-01-01,d1 acme", "t1 d1")
    assert not found.rejects
    assert (found.tables["deals"].later, len(found.tables["deals"])) == (1, 1)


def test_a_table_that_refers_to_itself(read, field, shape) -> None:  # type: ignore[no-untyped-def]
    parent = field("parent", refers_to="accounts", required=False, on_unknown="reject")
    found = read(shape(field("id"), parent, key="id", reject_ceiling=1), "id,parent\na,b\nb,c\nc,d\ne,\n")
    assert found.tables["accounts"].columns["id"] == ("e",)
    assert [(r.row, r.value) for r in found.rejects] == [(2, "b"), (3, "c"), (4, "d")]


def test_the_problems_of_all_tables_are_told_at_once(tmp_path, field, shape) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "b.csv").write_text("x\n")
    shapes = [shape(field("id"), name=name) for name in "abcde"]
    bad_format = shape(field("on", "date", format="YYYY"), name="f")
    sources = {
        "a": tmp_path / "a.csv", "b": tmp_path / "b.csv", "c": tmp_path / "c.pdf", "d": tmp_path, "f": [{"on": "2026"}],
    }  # fmt: skip
    found = read_tables([*shapes, bad_format], sources, as_of=AS_OF)
    assert sorted(d.code for d in found.diagnostics) == [
        "bad-date-format", "missing-column", "missing-file", "missing-source", "unknown-file-type", "unknown-file-type",
    ]  # fmt: skip
    assert found.tables == {}


def test_what_is_shown_does_not_depend_on_the_machine(tmp_path, field, shape) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "a.csv").write_text("id\na,b\n")
    accounts = shape(field("id"), file="data/a.csv", reject_ceiling=1)
    source = {"accounts": tmp_path / "a.csv"}
    assert read_tables([accounts], source, as_of=AS_OF).rejects[0].file == "data/a.csv"
    assert read_tables([accounts], source, as_of=AS_OF, shown={"accounts": "x"}).rejects[0].file == "x"


def test_the_digest_is_of_the_bytes(read, field, shape) -> None:  # type: ignore[no-untyped-def]
    data = b"id\r\na\r\n"
    assert read(shape(field("id")), data).tables["accounts"].digest == sha256(data).hexdigest()


def test_a_file_is_found_inside_the_workspace(tmp_path: Path, field, shape) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "ws").mkdir()
    inside = tmp_path / "ws" / "accounts.csv"
    inside.write_text("id\n")
    (tmp_path / "out.csv").write_text("id\n")
    (tmp_path / "ws" / "link.csv").symlink_to(tmp_path / "out.csv")
    (tmp_path / "ws" / "loop.csv").symlink_to(tmp_path / "ws" / "loop.csv")

    def code(file: str) -> str:
        found = locate(tmp_path / "ws", shape(field("id"), file=file))
        return found.name if isinstance(found, Path) else found.code

    assert code("accounts.csv") == "accounts.csv"
    assert code("../out.csv") == code("link.csv") == code(str(tmp_path / "out.csv")) == "file-outside"
    assert code("loop.csv") == code("a\0b") == code("no/such.csv") == code(".") == "missing-file"
    near = locate(tmp_path / "ws", shape(field("id"), file="acounts.csv"))
    assert not isinstance(near, Path)
    assert near.help == "did you mean 'accounts.csv'?"
