"""Lines, adjustments and the like as relations: each with its row, its number in it and its claim.

Columns have our names; `owner` is the `k` of the claim or payment that it is part of.
"""

from analytics.extracts.groups import column, head, key_of
from analytics.extracts.levels import inherited
from analytics.extracts.required import answers, is_there
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
    also = [n for n in _ALSO[table] if n not in names and inherited(stage.layout, table, n)]
    every = [*names, *also]
    if level.key is not None:
        return _grouped(stage, table, every), every
    parts = [
        _line(stage, table, number, every, key_of(owner))
        for number in range(1, _count(stage, table) + 1)
    ]
    return f"({' UNION ALL '.join(parts)})", every


def _grouped(stage: Stage, table: str, names: list[str]) -> str:
    """Lines put together of several rows."""
    level, owner = stage.levels[table], stage.levels[_OF[table]]
    said = [
        f"h.{column(found)} AS {name}"
        for name in names
        if (found := inherited(stage.layout, table, name))
    ]
    cells = ", ".join(["h.k, h.id AS no, 1 AS number", f"h.{owner.key or 'id'} AS owner", *said])
    if table != "remit_line":
        return f"(SELECT {cells} FROM {head(stage, table)} AS h)"
    sums = (
        f"SELECT {level.key} AS k, sum({adjusted(stage)}) AS adjusted FROM {stage.sound} "
        f"WHERE {level.key} IS NOT NULL GROUP BY 1"
    )
    return (
        f"(SELECT {cells}, CAST(a.adjusted AS DECIMAL(14,2)) AS adjusted "
        f"FROM {head(stage, table)} AS h LEFT JOIN ({sums}) AS a ON a.k = h.k)"
    )


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
        there = f"{answers(stage.layout)} AND {there}"
    cells = [f"no AS k, no, {number} AS number, {owner} AS owner", *said]
    if table == "remit_line":
        own = adjusted(stage) if is_adjusted(stage) else "0"
        cells.append(f"CAST({own} AS DECIMAL(14,2)) AS adjusted")
    return f"SELECT {', '.join(cells)} FROM {stage.sound} WHERE {there}"


def is_adjusted(stage: Stage) -> bool:
    """Whether adjustments are of the one line of their row, or rows."""
    return "remit_line" in stage.levels and stage.layout.counts.get("remit_line", 1) == 1


def adjusted(stage: Stage, group: str | None = None) -> str:
    """What the adjustments in a row add up to, of one group or all: SQL over the stage."""
    layout = stage.layout
    found: list[str] = []
    for number in range(1, layout.counts.get("adjustment", 0) + 1):
        amount, code = (layout.name("adjustment", n, number) for n in ("amount", "carc_code"))
        within = f"{code} IS NOT NULL"
        if group is not None:
            within += f" AND {layout.name('adjustment', 'group_code', number)} = '{group}'"
        found.append(f"CASE WHEN {within} THEN coalesce({amount}, 0) ELSE 0 END")
    return f"({' + '.join(found)})" if found else "0"


def listed(stage: Stage, table: str) -> str:
    """Adjustments or remarks, wherever they stand, with their place in the row."""
    layout = stage.layout
    parts: list[str] = []
    for number in range(1, layout.counts[table] + 1):
        said = [f"{f.name} AS {f.column}" for f in layout.of(table, number)]
        owner = key_of(stage.levels["remit_claim"])
        # Of several lines in one row none is told to be the adjusted one.
        line = key_of(stage.levels["remit_line"]) if is_adjusted(stage) else "NULL"
        there = f"{answers(layout)} AND {is_there(layout, table, number)}"
        cells = ", ".join([f"no, {number} AS position, {owner} AS owner, {line} AS line", *said])
        parts.append(f"SELECT {cells} FROM {stage.sound} WHERE {there}")
    return f"({' UNION ALL '.join(parts)})"
