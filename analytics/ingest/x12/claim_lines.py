"""Service lines of an 837: SV1 (professional), SV2 (institutional), SV3 (dental)."""

from dataclasses import astuple, dataclass

import numpy as np

from analytics.ingest.x12.claim_tree import SERVICES, Tree
from analytics.ingest.x12.dates import days
from analytics.ingest.x12.loops import ordinal, parts, place
from analytics.ingest.x12.modifiers import listed, modifiers
from analytics.ingest.x12.spans import Mask, Positions, Span, integers
from analytics.ingest.x12.table import Table
from analytics.ingest.x12.tokens import Element, packed

_POINTERS = 4


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where an SV segment holds what; 0 where it does not.  Per line where they differ."""

    procedure: Element
    charge: Element
    units: Element
    unit_code: Element = 0
    place: Element = 0
    revenue: Element = 0
    pointers: Element = 0


_LAYOUTS = {
    "SV1": _Layout(procedure=1, charge=2, unit_code=3, units=4, place=5, pointers=7),
    "SV2": _Layout(revenue=1, procedure=2, charge=3, unit_code=4, units=5),
    "SV3": _Layout(procedure=1, charge=2, place=3, units=6),
}


def lines(tree: Tree) -> Table:
    """One row per service line."""
    found, rows = tree.found, tree.found.new(*SERVICES)
    owner, loop = tree.loops.owner("claim", rows), tree.loops.owner("line", rows)
    table = Table("claim_line", found, rows, {"claim": owner}, level="line")
    table.columns["line_no"] = integers(ordinal(owner))
    where = _layout(table)
    procedure = found.components(found.span(rows, where.procedure), 6)
    table.columns["procedure_qualifier"] = found.strings(procedure[0])
    table.columns["procedure_code"] = found.strings(procedure[1], upper=True)
    modifiers(table, procedure[2:])
    table.text(unit_code=where.unit_code, place_of_service_code=where.place)
    table.text(revenue_code=where.revenue)
    table.money(missing=0, billed_amount=where.charge)
    table.quantity(units=where.units)
    _pointers(table, where.pointers)
    first, last = days(found, found.span(_of_line(tree, loop, "DTP", "472"), 3))
    table.day(service_from_date=first, service_to_date=last)
    table.text(_of_line(tree, loop, "REF", "6R"), line_control_number=2)
    table.columns["rendering_npi"] = tree.npi(place(tree.names.of("line", "82"), loop))
    drug = parts(tree.loops, "LIN", 2).of("line", "N4", direct=False)
    table.text(place(drug, loop), ndc_code=3)
    return table


def _layout(lines: Table) -> _Layout:
    """Where each line holds what."""
    code = lines.found.code[lines.rows]
    kind = np.select([code == packed(name) for name in SERVICES], range(len(SERVICES)))
    found = np.array([astuple(_LAYOUTS[name]) for name in SERVICES])
    kinds = np.unique(kind)
    if len(kinds) == 1:
        return _Layout(*found[kinds[0]].tolist())
    return _Layout(*found.T[:, kind])


def _of_line(tree: Tree, loop: Positions, name: str, qualifier: str) -> Positions:
    """For each line loop its own segment of this kind, not that of someone named in it."""
    return place(parts(tree.detail, name).of("line", qualifier), loop)


def _pointers(lines: Table, element: Element) -> None:
    """Add the diagnosis pointers as one list of positions."""
    found = lines.found
    spans = found.components(found.span(lines.rows, element), _POINTERS)
    start = np.stack([span.start for span in spans], axis=1).ravel()
    length = np.stack([span.length for span in spans], axis=1).ravel()
    values, there = _small(lines, Span(start, length))
    count = there.reshape(len(lines), _POINTERS).sum(axis=1)
    lines.columns["diagnosis_pointers"] = listed(integers(values[there]), count)


def _small(lines: Table, span: Span) -> tuple[Positions, Mask]:
    """Whole numbers, mostly of one digit; letters and what else is no number are left out."""
    values = lines.found.data[span.start].astype(np.int64) - ord("0")
    there = (span.length == 1) & (values >= 0) & (values <= 9)
    longer = np.flatnonzero(span.length > 1)
    if len(longer):
        numbers = lines.found.numbers(span.where(longer), "quantity")
        there[longer] = numbers.valid & (numbers.values % 1000 == 0)
        values[longer] = numbers.values // 1000
    return values, there


def take_over(lines: Table, claims: Table) -> None:
    """Lines take place of service and rendering provider of their claim where they have none."""
    owner = lines.owners["claim"]
    for name in ("place_of_service_code", "rendering_npi"):
        own = lines.columns[name]
        if own.null_count() and len(own):
            above = claims.columns[name].gather(owner)
            lines.columns[name] = own.zip_with(own.is_not_null(), above)
