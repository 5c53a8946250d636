"""A small workspace as text: tables with their rows, plans, rate tables."""

import csv
import io
import itertools
from dataclasses import dataclass

ACCOUNTS = {"account_id": "text"}
PEOPLE = {"person": "person", "role": "text"}
SALES = {
    "sale_id": "text",
    "account_id": "{refers_to: accounts}",
    "person": "{refers_to: people}",
    "sold_on": "date",
    "amount": "money",
}


@dataclass(frozen=True)
class Table:
    """A table of the workspace: its fields as YAML, and its rows; ``usual`` stands for what a row does not say."""

    fields: dict
    rows: list
    usual: dict
    key: str = ""
    dated_by: str = ""
    valid: str = ""

    def yaml(self, name):
        keys = {"file": f"{name}.csv", "key": self.key, "dated_by": self.dated_by, "valid": self.valid}
        head = ", ".join(f"{key}: {value}" for key, value in keys.items() if value)
        fields = ", ".join(f"{field}: {kind}" for field, kind in self.fields.items())
        return f"  {name}: {{{head}, fields: {{{fields}}}}}\n"

    def csv(self):
        out = io.StringIO()
        writer = csv.DictWriter(out, list(self.fields), lineterminator="\n")
        writer.writeheader()
        writer.writerows({**self.usual, **row} for row in self.rows)
        return out.getvalue()


def accounts(*rows, **fields):
    return Table(ACCOUNTS | fields, list(rows), {}, key="account_id")


def people(*rows, **fields):
    return Table(PEOPLE | fields, list(rows), {"role": "rep"}, key="person")


def sales(*rows, **fields):
    numbered = [{"sale_id": f"S{i}", **row} for i, row in enumerate(rows, 1)]
    usual = {"account_id": "X", "person": "Ana", "sold_on": "2026-02-10"}
    return Table(SALES | fields, numbered, usual, key="sale_id", dated_by="sold_on")


def terms(*rows):
    """What is agreed with people, since when."""
    fields = {
        "person": "{refers_to: people}",
        "starts_on": "date",
        "ends_on": "{kind: date, required: false}",
        "quota_share": "number",
    }
    return Table(fields, list(rows), {"quota_share": "1"}, valid="{from: starts_on, before: ends_on}")


def plan(*components, name="plan", payees="true", period="quarter", variable=None, more=""):
    """A comp policy; each component is its YAML without the leading dash."""
    pay = f"pay: {{base: 0 per year, variable: {variable}}}\n" if variable else ""
    lines = "".join("  - " + text.strip().replace("\n", "\n    ") + "\n" for text in components)
    return (
        f"kind: comp\nname: {name}\neffective: {{from: 2015-01-01}}\npayees: {payees}\nperiod: {period}\n"
        f"{pay}{more.strip()}\ncomponents:\n{lines}"
    )


def library(*, settings="{}", measures="{}"):
    head = "kind: library\nname: figures\neffective: {from: 2015-01-01}\n"
    return head + "".join(
        f"{key}: {value}\n" for key, value in {"settings": settings, "measures": measures}.items() if value != "{}"
    )


def bands(tiers, *, edge="{}", rate="{}", value="rate"):
    """The bands of contiguous tiers from zero on, highest first; what lies below the first edge is the last row."""
    assert tiers[0]["from"] == "0"
    assert all(low["to"] == high["from"] for low, high in itertools.pairwise(tiers))
    falling = list(reversed(tiers))
    rows = [f"{{rate: {rate.format(tier[value])}, from: {edge.format(tier['from'])}}}" for tier in falling[:-1]]
    return f"[{', '.join([*rows, f'{{rate: {rate.format(falling[-1][value])}}}'])}]"


CREDIT = "credit: {table: sales, amount: amount, to: person}"


def commission(name, *, credit=CREDIT, **keys):
    return "\n".join([f"component: {name}", credit, *(f"{key}: {value}" for key, value in keys.items())])


def by_table(name, kind, shape, *, of="", accumulate="period", ends="", **keys):
    """A commission by a rate table; ``shape`` are the bands, or the curve where ``ends`` say what lies outside."""
    quota = f", of: {of}" if of else ""
    word = f"curve: {shape}, {ends}" if ends else f"bands: {shape}"
    table = f"{{kind: {kind}, accumulate: {accumulate}{quota}, {word}}}"
    return commission(name, rate_table=table, **keys)


def each(texts):
    """One sale for each amount, each by a person who is named by the amount."""
    return sales(*({"person": f"P{text}", "amount": text} for text in texts))


def sellers(texts):
    return people(*({"person": f"P{text}"} for text in texts))


def write(folder, tables, policies, roles="{}"):
    """The workspace as files; there is an account X and a person Ana unless ``tables`` say otherwise."""
    tables = {"accounts": accounts({"account_id": "X"}), "people": people({"person": "Ana"})} | tables
    shapes = "".join(table.yaml(name) for name, table in tables.items())
    head = f"kind: workspace\nname: examples\ncurrency: USD\nroles: {roles}\ntables:\n"
    folder.mkdir()
    (folder / "granger.yaml").write_text(head + shapes, "utf-8")
    for name, table in tables.items():
        (folder / f"{name}.csv").write_text(table.csv(), "utf-8")
    for i, text in enumerate(policies):
        (folder / f"policy-{i}.yaml").write_text(text, "utf-8")
