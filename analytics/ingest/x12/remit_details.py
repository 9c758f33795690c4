"""What an 835 says in segments of which a payment, claim or line may have many, or mostly none."""

import numpy as np
import polars as pl

from analytics.ingest.extract import Findings
from analytics.ingest.x12.loops import Loops, parts, place
from analytics.ingest.x12.loose import loose, references
from analytics.ingest.x12.measures import measures
from analytics.ingest.x12.packing import packed
from analytics.ingest.x12.settle import keep_sound
from analytics.ingest.x12.spans import Positions
from analytics.ingest.x12.table import Table
from analytics.ingest.x12.tokens import Segments

# Qualifiers that have a column on their level.
_REFERENCES = {"claim": ("F8", "CE", "1L"), "line": ("6R", "HPI")}
_AMOUNTS = {"claim": ("AU", "I"), "line": ("B6",)}
_QUANTITIES: dict[str, tuple[str, ...]] = {"claim": (), "line": ()}
_HEADER: dict[str, tuple[str, ...]] = {"set": (), "party": ()}  # and not of a stray line


def details(loops: Loops) -> list[Table]:
    """The tables about claims and lines that have a row in this chunk."""
    found = loops.segments
    segments = {
        "AMT": loose(parts(loops, "AMT"), loops, _AMOUNTS),
        "QTY": loose(parts(loops, "QTY"), loops, _QUANTITIES),
    }
    segments |= {name: found.new(name) for name in ("MIA", "MOA")}
    tables = [
        measures("remit_amount", found, segments),
        references("remit_reference", found, loose(parts(loops, "REF"), loops, _REFERENCES)),
    ]
    return [table for table in tables if len(table)]


def header_references(loops: Loops) -> pl.DataFrame:
    """The REF segments of payments, payers and payees; `loops` has the levels set and party."""
    found = loops.segments
    rows = loose(parts(loops, "REF"), loops.and_inside("line", found.of("SVC")), _HEADER)
    table = references("remit_reference", found, rows)
    return table.frame({"remit_id": loops.at("set", table.rows)})


def groups(found: Segments, findings: Findings) -> dict[str, pl.DataFrame]:
    """Summaries of groups of claims (TS3), and further numbers of each (TS3, TS2)."""
    rows, more = found.new("TS3"), found.new("TS2")
    if not len(rows) and not len(more):
        return {}
    sets = Loops(found, {"set": found.of("ST")})
    frames: dict[str, pl.DataFrame] = {}
    numbers = measures("remit_amount", found, {"TS3": rows, "TS2": more})
    for table in (_groups(found, rows), numbers):
        keep_sound(table, findings)
        group = _group(found, table.rows)
        ids = {"remit_id": sets.at("set", table.rows), "remit_group_id": group}
        frames[table.name] = table.frame(ids)
    return frames


def _group(found: Segments, rows: Positions) -> Positions:
    """The TS3 that these TS3 and TS2 segments are or follow, or -1."""
    own = found.code[rows] == packed("TS3")
    return np.where(own, rows, _before(found, rows, "TS3"))


def _before(found: Segments, rows: Positions, name: str) -> Positions:
    """The segment before each of these where it has this id, else -1: they belong together."""
    return np.where(found.code[rows - 1] == packed(name), rows - 1, -1)


def _groups(found: Segments, rows: Positions) -> Table:
    table = Table("remit_group", found, rows)
    table.text(_before(found, rows, "LX"), group_no=1)
    table.text(provider_code=1, facility_code=2)
    table.day(optional=True, fiscal_period_date=found.span(rows, 3))
    table.quantity(optional=True, claim_count=4)
    table.money(optional=True, charge_amount=5)
    return table


def ids(table: Table, claims: Table, lines: Table, sets: Positions) -> dict[str, Positions]:
    """The segments that name a row: its payment, its claim and its line."""
    owner = table.owners["claim"]
    named = {"remit_claim_id": claims.rows[owner]}
    if table is lines:
        return named | {"remit_line_id": lines.rows}
    if table.name in ("remit_amount", "remit_reference"):
        named["remit_id"] = sets[claims.owners["set"][owner]]
    return named | {"remit_line_id": place(lines.rows, table.owners["line"])}
