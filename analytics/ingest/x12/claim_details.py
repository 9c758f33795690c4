"""What claims and lines of an 837 say in segments of which they may have many, or mostly none."""

import numpy as np

from analytics.ingest.x12 import claim_other_payers, claim_providers
from analytics.ingest.x12.claim_codes import Codes
from analytics.ingest.x12.claim_tree import Tree
from analytics.ingest.x12.dates import days
from analytics.ingest.x12.loops import Loops, parts
from analytics.ingest.x12.loose import loose, references
from analytics.ingest.x12.measures import measures
from analytics.ingest.x12.modifiers import code_lists
from analytics.ingest.x12.packing import packed
from analytics.ingest.x12.spans import Positions
from analytics.ingest.x12.table import Table

# Qualifiers that have a column on their level.
_REFERENCES = {"claim": ("F8", "G1"), "line": ("6R",)}
_DATES = {"claim": ("434", "472", "435", "096"), "line": ("472",)}
_AMOUNTS = {"claim": ("F5",), "line": (), "other": ("D", "EAF", "A8")}
_QUANTITIES: dict[str, tuple[str, ...]] = {"claim": (), "line": (), "other": ()}
_MEASURED = ("MIA", "MOA", "HCP", "CN1", "SV5", "PS1", "MEA", "DN1")
_SURFACES = 5

_OF_OTHER_PAYERS = ("claim_amount", "claim_other_payer_remark", "claim_other_payer_adjustment")
_NEVER_OF_LINES = ("claim_diagnosis", "claim_code", "claim_other_payer", "claim_other_payer_remark")


def details(tree: Tree, codes: Codes) -> list[Table]:
    """The tables that have a row in this chunk."""
    found = tree.found
    own = tree.detail.and_inside("answer", found.of("SVD"))
    tables = [
        codes.others(),
        claim_providers.providers(tree),
        references("claim_reference", found, loose(parts(tree.detail, "REF"), own, _REFERENCES)),
        _dates(tree, loose(parts(tree.detail, "DTP"), own, _DATES)),
        _amounts(tree, own),
        _teeth(tree),
        _attachments(tree),
        claim_other_payers.remarks(tree),
    ]
    listed = [table for table in tables if len(table)]
    for table in listed:
        table.owners["claim"] = tree.loops.owner("claim", table.rows)
    return listed


def ids(tree: Tree, table: Table, claims: Table) -> dict[str, Positions]:
    """The segments that name a row: its claim, its line and the other payer it is of."""
    named = {"claim_id": claims.rows[table.owners["claim"]]}
    if table.name == "claim_line":
        return named | {"claim_line_id": table.rows}
    if table.name not in _NEVER_OF_LINES:
        named["claim_line_id"] = tree.service(table.rows)
    if table.name in _OF_OTHER_PAYERS:
        named["other_payer_record_no"] = tree.loops.at("other", table.rows)
    return named | claim_other_payers.ids(tree, table)


def _dates(tree: Tree, rows: Positions) -> Table:
    """Days and ranges of days; a time of day alone (TM) is left out."""
    found = tree.found
    said = (found.span(rows, 3).length > 0) & (found.qualifier(rows, 2) != packed("TM"))
    table = Table("claim_date", found, rows[said])
    if len(table):
        table.text(qualifier=1)
        first, last = days(found, found.span(table.rows, 3))
        table.day(optional=True, from_date=first, to_date=last)
    return table


def _amounts(tree: Tree, own: Loops) -> Table:
    segments = {
        "AMT": loose(parts(tree.detail, "AMT"), own, _AMOUNTS),
        "QTY": loose(parts(tree.detail, "QTY"), own, _QUANTITIES),
    }
    segments |= {name: tree.found.new(name) for name in _MEASURED}
    return measures("claim_amount", tree.found, segments)


def _teeth(tree: Tree) -> Table:
    """Teeth treated (TOO) and those missing or to be extracted (DN2)."""
    found = tree.found
    table = Table("claim_tooth", found, found.new("TOO", "DN2"))
    if len(table):
        treated = (found.code[table.rows] == packed("TOO")).astype(np.int64)
        table.text(tooth_code=1 + treated)
        surfaces = found.components(found.span(table.rows, 3 * treated), _SURFACES)
        table.columns["surface_codes"] = code_lists(found, surfaces)
        table.text(upper=True, status_code=2 * (1 - treated))
    return table


def _attachments(tree: Tree) -> Table:
    table = Table("claim_attachment", tree.found, tree.found.new("PWK"))
    if len(table):
        table.text(upper=True, report_type_code=1, transmission_code=2)
        table.text(control_number=6)
    return table
