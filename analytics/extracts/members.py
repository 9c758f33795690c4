"""Lines, adjustments and the like as relations: each with its row, its number in it and its claim.

Columns have our names; `owner` is the `k` of the claim or payment that it is part of.
"""

from analytics.extracts.groups import head, key_of
from analytics.extracts.levels import inherited
from analytics.extracts.required import is_there, pays
from analytics.extracts.stage import Stage

_OF = {"claim_line": "claim", "remit_line": "remit_claim"}
_ALSO = {  # columns of ours that a line takes from its claim's in the same row
    "claim_line": (),
    "remit_line": (
        "line_no", "line_control_number", "procedure_qualifier", "procedure_code", "modifiers",
        "revenue_code", "charge_amount", "units_billed", "service_from_date", "service_to_date",
    ),
}  # fmt: skip


def lines(stage: Stage, table: str) -> tuple[str, list[str]]:
    """The lines of claims or payments as a relation, and the columns that it has."""
    level, owner = stage.levels[table], stage.levels[_OF[table]]
    names = list(dict.fromkeys([f.column for f in level.fields if f.table == table]))
    if level.key is not None:
        said = ", ".join(f"{table}__{name} AS {name}" for name in names)
        above = owner.key or "id"
        text = (
            f"SELECT k, id AS no, 1 AS number, {above} AS owner, {said} FROM {head(stage, table)}"
        )
        return f"({text})", names
    also = [n for n in _ALSO[table] if n not in names and inherited(stage.layout, table, n)]
    every = [*names, *also]
    parts = [
        _line(stage, table, number, every, key_of(owner))
        for number in range(1, _count(stage, table) + 1)
    ]
    return f"({' UNION ALL '.join(parts)})", every


def _count(stage: Stage, table: str) -> int:
    beside = stage.layout.counts.get("claim_line", 1) if table == "remit_line" else 1
    return max(stage.layout.counts.get(table, 1), beside)


def _line(stage: Stage, table: str, number: int, names: list[str], owner: str) -> str:
    said = [
        f"{found.name if (found := inherited(stage.layout, table, n, number)) else 'NULL'} AS {n}"
        for n in names
    ]
    there = is_there(stage.layout, table, number)
    if table == "remit_line":
        there = f"{pays(stage.layout)} AND {there}"
    cells = ", ".join([f"no AS k, no, {number} AS number, {owner} AS owner", *said])
    return f"SELECT {cells} FROM {stage.sound} WHERE {there}"


def listed(stage: Stage, table: str) -> str:
    """Adjustments or remarks, wherever they stand, with their place in the row."""
    layout = stage.layout
    parts: list[str] = []
    for number in range(1, layout.counts[table] + 1):
        said = [f"{f.name} AS {f.column}" for f in layout.of(table, number)]
        owner = key_of(stage.levels["remit_claim"])
        # Of several lines in one row none is told to be the adjusted one.
        one = "remit_line" in stage.levels and layout.counts.get("remit_line", 1) == 1
        line = key_of(stage.levels["remit_line"]) if one else "NULL"
        there = f"{pays(layout)} AND {is_there(layout, table, number)}"
        cells = ", ".join([f"no, {number} AS position, {owner} AS owner, {line} AS line", *said])
        parts.append(f"SELECT {cells} FROM {stage.sound} WHERE {there}")
    return f"({' UNION ALL '.join(parts)})"
