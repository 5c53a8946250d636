"""Drawn rate tables and what bonuses pay: every kind, every kind of edge, alone, in order and summed."""

from __future__ import annotations

from random import Random

from .workspace_frame import policy

TABLES: list[dict[str, object]] = [
    {"kind": "marginal", "accumulate": "period", "bands": [{"rate": "1/3", "from": 100}, {"rate": "2.5%"}]},
    {"kind": "whole_amount", "accumulate": "each_credit", "bands": [{"rate": "4%", "below": 100}, {"rate": "12.5%"}]},
    {
        "kind": "linear",
        "accumulate": "period",
        "curve": [[0, 0], [1000, 70], [2000, 333]],
        "below_first": "zero",
        "above_last": "extend",
    },
    {
        "kind": "top_tier_on_overage",
        "of": "quota",
        "accumulate": "period",
        "bands": [{"rate": "12%", "from": "150%"}, {"rate": "8%", "from": "100%"}, {"rate": "4%"}],
    },
    {
        "kind": "marginal",
        "accumulate": "running",
        "bands": [
            {"rate": "12.5%", "above": 700},
            {"rate": "1/3", "above": 200, "retroactive": True},
            {"rate": "2.5%"},
        ],
    },
    {
        "kind": "marginal",
        "accumulate": "period",
        "bands": [
            {"rate": "3%", "below": 150},
            {"rate": "level / 50", "below": 500, "retroactive": True, "because": "re-rated"},
            {"rate": "9%"},
        ],
    },
    {"kind": "marginal", "accumulate": "year", "bands": [{"rate": "8%", "from": 900}, {"rate": "1/30"}]},
    {"kind": "whole_amount", "accumulate": "running", "bands": [{"rate": "1/7", "from": 300}, {"rate": "4%"}]},
    {
        "kind": "top_tier_on_overage",
        "of": "quota",
        "accumulate": "running",
        "bands": [{"rate": "12%", "above": "150%"}, {"rate": "8%", "above": "100%"}, {"rate": "4%"}],
    },
    {
        "kind": "linear",
        "of": "quota",
        "accumulate": "running",
        "curve": [["10%", 5], ["100%", 70], ["200%", 333]],
        "below_first": "hold",
        "above_last": "hold",
    },
    {
        "kind": "matrix",
        "accumulate": "each_credit",
        "across": "company",
        "columns": [{"below": 100}, {}],
        "rows": [{"above": 400, "rate": ["12%", "1/3"]}, {"rate": ["2%", "level / 100"]}],
    },
    {
        "kind": "matrix",
        "accumulate": "running",
        "across": "level",
        "columns": [{"from": 2}, {}],
        "rows": [{"from": 900, "rate": ["10%", "8%"]}, {"from": 300, "rate": ["5%", "4%"]}, {"rate": ["1%", "0%"]}],
    },
    {
        "kind": "matrix",
        "of": "quota",
        "accumulate": "period",
        "down": "kept",
        "across": "level",
        "columns": [{"above": 2}, {}],
        "rows": [{"below": "50%", "rate": ["1%", "2%"]}, {"rate": ["5%", "7.5%"]}],
    },
]
LIMITS: list[dict[str, object]] = [{}, {}, {"cap": 90}, {"floor": 30}, {"period": "month"}, {"round": "each_credit"}]
PAYS_MORE: list[dict[str, object]] = [
    {"kind": "steps", "accumulate": "year", "bands": [{"earns": "120%", "from": "40%"}, {"earns": "0%"}]},
    {
        "kind": "linear",
        "accumulate": "period",
        "curve": [["10%", "0%"], ["100%", "100%"]],
        "below_first": "hold",
        "above_last": "zero",
    },
    {
        "kind": "marginal",
        "bands": [
            {"earns": "160%", "above": "90%"},
            {"earns": "1/3", "above": "50%", "retroactive": True},
            {"earns": "0%"},
        ],
    },
    {
        "kind": "steps",
        "bands": [
            {"earns": "10%", "below": "40%", "because": "little"},
            {"earns": "level / 3", "below": "90%"},
            {"earns": "1"},
        ],
    },
    {
        "kind": "matrix",
        "across": "level",
        "columns": [{"from": 3}, {"from": 2}, {}],
        "rows": [{"from": "90%", "earns": ["150%", "120%", "1"]}, {"earns": ["60%", "1/3", "0%"]}],
    },
    {
        "kind": "matrix",
        "down": "company",
        "across": "share_kept",
        "columns": [{"above": "50%"}, {}],
        "rows": [
            {"above": 100, "earns": ["150%", "1"]},
            {"above": 10, "earns": ["1", "1"]},
            {"earns": ["60%", "level / 7"]},
        ],
    },
    {
        "kind": "matrix",
        "across": "level",
        "columns": [{"below": 2}, {}],
        "rows": [{"below": "50%", "earns": ["0%", "20%"]}, {"earns": ["60%", "80%"]}],
    },
]


def _limits(random: Random, table: dict[str, object]) -> dict[str, object]:
    """What accumulates over the year is rounded as a line."""
    found = random.choice(LIMITS)
    return {} if table.get("accumulate") == "year" and "round" in found else found


LINEAR = [each for each in TABLES if each["kind"] == "linear"]
ENDS = ("hold", "zero", "extend")


def tables_plan(random: Random, seed: int) -> dict[str, str]:
    """A plan over some of the tables, and of the ways in which a bonus pays: by turns, so that six seeds have all."""
    credit = {"table": "deals", "amount": "amount", "to": "sold_by"}
    below, above = ENDS[seed % 3], ENDS[(seed + seed // 3) % 3]
    ends = {"below_first": below, "above_last": above}
    turn = [(4 * seed + i) for i in range(4)]
    tables: list[dict[str, object]] = [
        {**LINEAR[seed % len(LINEAR)], **ends}, *(TABLES[at % len(TABLES)] for at in turn)
    ]  # fmt: skip
    components: list[dict[str, object]] = [
        {"component": f"t{i}", "credit": credit, "rate_table": each, **_limits(random, each)}
        for i, each in enumerate(tables)
    ]
    components += [
        {"component": "held", "credit": credit, "rate": "12%", "cap_per_credit": 40, "floor_per_credit": 2, "cap": 300},
        {"component": "gated", "credit": credit, "rate": "1/30", "gates": [{"gate": "g", "when": "level > 1"}]},
    ]
    for i, at in enumerate(turn):
        each = PAYS_MORE[at % len(PAYS_MORE)]
        each = {**each, **ends} if each["kind"] == "linear" else each
        measure = "kept_in_year" if each.get("accumulate") == "year" else "kept"
        bonus = {"component": f"b{i}", "weight": "25%", "measure": measure, "target": "1", "pays": each}
        components.append({**bonus, "if_missing": random.choice(["target", "zero"])})
    return {
        "tables.yaml": policy(
            "comp", "tables", payees="true", period="quarter", facts_as_of="period_start",
            pay={"base": "1 per month", "variable": "9_000 per year"}, components=components,
            **random.choice([{"cap": 900, "floor": 20}, {"cap": "60%"}, {"floor": "15%"}]),
        )
    }  # fmt: skip
