"""Service lines of an 837: SV1 (professional), SV2 (institutional), SV3 (dental)."""

from dataclasses import astuple, dataclass

import numpy as np

from analytics.ingest.x12.claim_tree import SERVICES, Tree
from analytics.ingest.x12.dates import days
from analytics.ingest.x12.loops import ordinal, parts, place
from analytics.ingest.x12.modifiers import code_lists, listed, modifiers
from analytics.ingest.x12.packing import packed
from analytics.ingest.x12.spans import Mask, Positions, Span, integers
from analytics.ingest.x12.table import Table
from analytics.ingest.x12.tokens import Element

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
    emergency: Element = 0
    epsdt: Element = 0
    family: Element = 0
    copay: Element = 0
    rate: Element = 0
    noncovered: Element = 0
    cavity: Element = 0
    prosthesis: Element = 0


_LAYOUTS = {
    "SV1": _Layout(
        procedure=1, charge=2, unit_code=3, units=4, place=5, pointers=7,
        emergency=9, epsdt=11, family=12, copay=15,
    ),
    "SV2": _Layout(
        revenue=1, procedure=2, charge=3, unit_code=4, units=5, rate=6, noncovered=7
    ),
    "SV3": _Layout(
        procedure=1, charge=2, place=3, units=6, pointers=11, cavity=4, prosthesis=5
    ),
}  # fmt: skip


def lines(tree: Tree) -> Table:
    """One row per service line."""
    found, rows = tree.found, tree.found.new(*SERVICES)
    owner, loop = tree.loops.owner("claim", rows), tree.loops.owner("line", rows)
    table = Table("claim_line", found, rows, {"claim": owner}, level="line")
    table.columns["line_no"] = integers(ordinal(owner))
    where = _layout(table)
    whole = found.span(rows, where.procedure)
    procedure = found.components(whole, 2)
    table.columns["procedure_qualifier"] = found.column(procedure[0])
    table.columns["procedure_code"] = found.column(procedure[1], upper=True)
    modifiers(table, whole)
    place_of, revenue = where.place, where.revenue
    table.text(unit_code=where.unit_code, place_of_service_code=place_of, revenue_code=revenue)
    table.money(missing=0, billed_amount=where.charge)
    table.quantity(units=where.units)
    _pointers(table, where.pointers)
    first, last = days(found, found.span(_of_line(tree, loop, "DTP", "472"), 3))
    table.day(service_from_date=first, service_to_date=last)
    table.text(_of_line(tree, loop, "REF", "6R"), line_control_number=2)
    table.columns["rendering_npi"] = tree.npi(place(tree.names.of("line", "82"), loop))
    _drug(tree, table, loop)
    _rare(table, where)
    return table


def _drug(tree: Tree, lines: Table, loop: Positions) -> None:
    """The drug of each line, by its NDC, and how much of it."""
    drug = parts(tree.loops, "LIN", 2).of("line", "N4", direct=False)
    lines.text(place(drug, loop), ndc_code=3)
    counted = place(parts(tree.loops, "CTP").of("line", direct=False), loop)
    if (counted >= 0).any():
        lines.rate(counted, drug_quantity=4)
        lines.parts(lines.found.span(counted, 5), ("drug_unit_code",), upper=True)
        lines.money(counted, optional=True, drug_unit_price_amount=3)


def _rare(lines: Table, where: _Layout) -> None:
    """What few lines say."""
    lines.sparse(emergency_code=where.emergency, epsdt_code=where.epsdt)
    lines.sparse(family_planning_code=where.family, copay_code=where.copay)
    lines.sparse(prosthesis_code=where.prosthesis)
    found, rows = lines.found, lines.rows
    for name, element in (("rate_amount", where.rate), ("noncovered_amount", where.noncovered)):
        span = found.span(rows, element)
        if span.length.any():
            lines.add(name, span, "money", optional=True)
    cavity = found.span(rows, where.cavity)
    if cavity.length.any():
        lines.columns["oral_cavity_codes"] = code_lists(found, found.components(cavity, 5))


def _layout(lines: Table) -> _Layout:
    """Where each line holds what."""
    said = [name for name in SERVICES if len(lines.found.new(name))]
    if len(said) == 1:
        return _LAYOUTS[said[0]]
    code = lines.found.code[lines.rows]
    kind = np.select([code == packed(name) for name in SERVICES], range(len(SERVICES)))
    found = np.array([astuple(_LAYOUTS[name]) for name in SERVICES])
    return _Layout(*found.T[:, kind])


def _of_line(tree: Tree, loop: Positions, name: str, qualifier: str) -> Positions:
    """For each line loop its own segment of this kind, not that of someone named in it."""
    return place(parts(tree.detail, name).of("line", qualifier), loop)


def _pointers(lines: Table, element: Element) -> None:
    """Add the diagnosis pointers as one list of positions."""
    found, whole = lines.found, lines.found.span(lines.rows, element)
    separator = found.delimiters.component
    if read := found.fast and found.fast.pointers(found.data, separator, whole):
        every, count, lines.marks["highest_pointer"] = read
        lines.columns["diagnosis_pointers"] = listed(integers(every), count)
    else:
        _odd_pointers(lines, whole)


def _odd_pointers(lines: Table, whole: Span) -> None:
    """The same of any form."""
    found, said = lines.found, list[tuple[Positions, Positions]]()
    highest, count = (np.zeros(len(lines), np.int64) for _ in range(2))
    for span in found.components(whole, _POINTERS):
        rows = np.flatnonzero(span.length)
        values, there = _small(lines, span.where(rows))
        rows, values = rows[there], values[there]
        count[rows] += 1
        highest[rows] = np.maximum(highest[rows], values)
        said.append((rows, values))
    at, listed_ = np.cumsum(count) - count, np.zeros(count.sum(), np.int64)
    for rows, values in said:
        listed_[at[rows]] = values
        at[rows] += 1
    lines.columns["diagnosis_pointers"] = listed(integers(listed_), count)
    lines.marks["highest_pointer"] = highest


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
            above = claims.columns[name][owner]
            lines.columns[name] = own.zip_with(own.is_not_null(), above)
