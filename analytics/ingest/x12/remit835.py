"""835 remittances to frames: claim payments, their lines, adjustments and remark codes.

Guide: ASC X12N 005010X221A1.  Element numbers in the tables below are those of the guide.
"""

import numpy as np
import polars as pl

from analytics.ingest.extract import Findings
from analytics.ingest.x12 import balance, remit_details, remit_header, remit_people
from analytics.ingest.x12.cas import triplets
from analytics.ingest.x12.dates import FROM, TO, filled
from analytics.ingest.x12.later import days, npis, unless_said
from analytics.ingest.x12.lazy import Later
from analytics.ingest.x12.loops import Loops, Parts, ordinal, parts
from analytics.ingest.x12.modifiers import code_lists, modifiers
from analytics.ingest.x12.numbers import Numbers
from analytics.ingest.x12.packing import packed
from analytics.ingest.x12.remarks import remarks
from analytics.ingest.x12.settle import settle
from analytics.ingest.x12.spans import Column, Positions, Span, integers
from analytics.ingest.x12.table import Table, add, note
from analytics.ingest.x12.tokens import Segments

_DAYS = {FROM: "232", TO: "233", "received_date": "050", "coverage_expiry_date": "036"}
_ONE_UNIT = 1000  # thousandths


def read(found: Segments, findings: Findings) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """The 835 rows of a chunk and the sums of its sets; `found` shows the segments of 835 sets."""
    loops = Loops(
        found,
        {
            "set": found.of("ST"),
            "closed": found.of("SE", "LX", "PLB"),  # what ends the loop of a claim
            "claim": found.of("CLP"),
            "line": found.new("SVC"),
        },
    )
    kinds = {name: parts(loops, name) for name in ("NM1", "REF", "DTM", "AMT")}
    claims, lines = _claims(loops, kinds), _lines(loops, kinds)
    adjustments = triplets("adjustment", found, _level(loops, found.new("CAS")))
    details = [lines, adjustments, _remarks(loops), *remit_details.details(loops)]
    for table in details[3:]:
        table.owners = _level(loops, table.rows)
    people = _people(loops, claims, kinds)
    _units(lines)
    missing = claims.columns["patient_control_number"].is_null().to_numpy()
    note(claims.faults, "control_number_missing", missing)
    settle(claims, details, findings)
    filled(claims, lines)
    balance.remits(claims, lines, adjustments)
    tables, taken = remit_header.read(loops, findings)
    if len(claims) < len(loops.anchors["claim"]):  # some could not be used
        people = _people(loops, claims, kinds)
    named, tables["patient"] = people[0], remit_people.frame(people[1])
    tables["remit_claim"] = claims.frame(named | {"remit_id": loops.at("set", claims.rows)})
    tables[taken.name] = taken.frame({"remit_id": loops.at("set", taken.rows)})
    for table in details:
        if len(table):
            ids = remit_details.ids(table, claims, lines, loops.anchors["set"])
            add(tables, table.name, table.frame(ids))
    totals = balance.remit_totals(loops.anchors["set"], claims, lines, taken, tables["remit"])
    return tables, totals


def _people(
    loops: Loops, claims: Table, kinds: dict[str, Parts]
) -> tuple[dict[str, Positions], list[Table]]:
    """The segments that name who a claim is about, and tables of these people."""
    at = np.searchsorted(loops.anchors["claim"], claims.rows)
    named = remit_people.ids(claims, at, kinds["NM1"])
    return named, remit_people.people(claims, at, kinds["NM1"], kinds["REF"], named)


def _claims(loops: Loops, kinds: dict[str, Parts]) -> Table:
    found, rows = loops.segments, loops.anchors["claim"]
    nm1, ref, dtm, amt = (kinds[name] for name in ("NM1", "REF", "DTM", "AMT"))
    claims = Table("remit_claim", found, rows, {"set": loops.owner("set", rows)}, level="claim")
    claims.text(
        patient_control_number=1, status_code=2, claim_filing_code=6, payer_claim_number=7,
        facility_code=8, frequency_code=9, drg_code=11,
    )  # fmt: skip
    claims.money(missing=0, charge_amount=3, paid_amount=4, patient_responsibility_amount=5)
    claims.columns["rendering_npi"] = _npi(found, nm1.of("claim", "82"))
    first, onward = nm1.of("claim", "PR"), nm1.of("claim", "TT")
    claims.text(first, corrected_priority_payer=3)
    claims.sparse(first, corrected_priority_payer_code=9)
    claims.sparse(onward, crossover_payer=3, crossover_payer_code=9)
    claims.text(ref.of("claim", "F8"), original_reference_number=2)
    claims.sparse(ref.of("claim", "CE"), contract_class=2)
    claims.sparse(ref.of("claim", "1L"), group_number=2)
    claims.rate(drg_weight=12, discharge_fraction=13)
    claims.money(amt.of("claim", "AU"), allowed_amount=2)
    claims.money(amt.of("claim", "I"), interest_amount=2)
    for name, qualifier in _DAYS.items():
        # No amount depends on dates in a remittance: an unreadable one does not keep money out.
        claims.day(optional=True, **{name: _day(found, dtm.of("claim", qualifier))})
    return claims


def _lines(loops: Loops, kinds: dict[str, Parts]) -> Table:
    found, rows = loops.segments, loops.anchors["line"]
    ref, dtm, amt = kinds["REF"], kinds["DTM"], kinds["AMT"]
    owner = loops.owner("claim", rows)
    lines = Table("remit_line", found, rows, {"claim": owner}, level="line")
    lines.columns["line_no"] = integers(ordinal(owner))
    procedure, billed = found.span(rows, 1), found.span(rows, 6)
    service = found.components(procedure, 2)
    lines.columns["procedure_qualifier"] = found.column(service[0])
    _codes(lines, service, found.span(rows, 4))
    modifiers(lines, procedure)
    _as_billed(lines, found.components(billed, 6) if billed.length.any() else [billed] * 6)
    lines.text(ref.of("line", "6R"), line_control_number=2)
    lines.text(ref.of("line", "HPI"), rendering_npi=2)
    lines.money(missing=0, charge_amount=2, paid_amount=3)
    lines.money(amt.of("line", "B6"), allowed_amount=2)
    lines.quantity(units_paid=5, units_billed=7)
    one_day = _day(found, dtm.of("line", "472"))
    for name, qualifier in ((FROM, "150"), (TO, "151")):
        own = _day(found, dtm.of("line", qualifier))
        lines.day(optional=True, **{name: unless_said(own, one_day)})
    return lines


def _units(lines: Table) -> None:
    """One unit is paid where none is said, and as many are billed as are paid."""
    paid = lines.typed["units_paid"] = lines.typed["units_paid"].filled(_ONE_UNIT)
    lines.typed["units_billed"] = lines.typed["units_billed"].otherwise(paid)


def _as_billed(lines: Table, billed: list[Span]) -> None:
    """Procedure and modifiers as they were billed, where the payer changed them."""
    lines.columns["submitted_procedure_code"] = lines.found.column(billed[1], upper=True)
    if billed[2].length.any():
        lines.columns["submitted_modifiers"] = code_lists(lines.found, billed[2:])


def _codes(lines: Table, service: list[Span], revenue: Span) -> None:
    """Procedure and revenue code; SVC01 holds a revenue code where its qualifier is NU."""
    found, code = lines.found, service[1]
    is_revenue = found.codes(service[0]) == packed("NU")
    if is_revenue.any():
        own = Span(code.start, np.where(is_revenue, code.length, 0))
        code = Span(code.start, np.where(is_revenue, 0, code.length))
        revenue = own.otherwise(revenue)
    lines.columns["procedure_code"] = found.column(code, upper=True)
    lines.columns["revenue_code"] = found.column(revenue, upper=True)


def _remarks(loops: Loops) -> Table:
    """One row per remark code of LQ (lines), MIA and MOA (claims)."""
    table = remarks("remark", loops.segments, ("LQ", "MIA", "MOA"))
    table.owners = _level(loops, table.rows)
    return table


def _level(loops: Loops, rows: Positions) -> dict[str, Positions]:
    """The claim and, where the segment is inside one, the line that these segments belong to."""
    return {level: loops.owner(level, rows) for level in ("claim", "line")}


def _npi(found: Segments, names: Positions) -> Column:
    """NM109 of these NM1 where NM108 says that it is an NPI."""
    return npis(found, names, lambda: found.qualifier(names, 8) == packed("XX"))


def _day(found: Segments, rows: Positions) -> Numbers | Later[Numbers]:
    """The date of these DTM segments; some senders write them as DTP, with D8 before the date."""
    form = packed("D8")
    if not (found.qualifiers("DTM", 2) == form).any():
        return days(found, rows, 2)
    span = found.span(rows, 2)
    moved = span.replaced(found.span(rows, 3), found.qualifier(rows, 2) == form)
    return found.numbers(moved, "day")
