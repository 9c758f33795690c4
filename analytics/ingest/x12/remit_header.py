"""What an 835 says once per payment: remit, its payer and payee, and provider adjustments (PLB)."""

from dataclasses import replace

import numpy as np
import polars as pl

from analytics.ingest.extract import Findings
from analytics.ingest.limits import MOST_CENTS_OF_PAYMENTS
from analytics.ingest.x12 import remit_details
from analytics.ingest.x12.loops import Loops, Parts, group_header, parts, pick, place
from analytics.ingest.x12.packing import packed
from analytics.ingest.x12.repeated import repeated
from analytics.ingest.x12.settle import keep_sound, note_doubts
from analytics.ingest.x12.spans import Mask, Positions, Span, integers
from analytics.ingest.x12.table import Columns, Table, note
from analytics.ingest.x12.tokens import Segments

_PAIRS = 6


def read(claims: Loops, findings: Findings) -> tuple[dict[str, pl.DataFrame], Table]:
    """Frames remit, payer, provider of the sets that begin in this chunk, and their PLB pairs.

    `claims` has the level set outermost, as `Loops` of the whole chunk.
    """
    found = claims.segments
    head = _head(found)
    loops = Loops(head, {"set": head.of("ST"), "party": head.of("N1")})
    remits, payers = _remits(loops), _payers(loops)
    payees = _payees(loops, remits)
    for table in (remits, payers, payees):
        table.keep(table.rows >= head.context)
    note_doubts(remits, findings)
    frames = {
        "remit": remits.frame({"remit_id": remits.rows, "payer_id": remits.rows}),
        "payer": payers.frame(),
        "provider": payees.frame(),
        "remit_reference": remit_details.header_references(loops),
    }
    frames |= remit_details.groups(found, findings)
    return frames, _provider_adjustments(claims, findings)


def _head(found: Segments) -> Segments:
    """The segments before the first claim of each set, and the group headers: a few."""
    sets = found.of("ST")
    ends = np.append(found.of("LX", "CLP", "PLB", "SE"), len(found))
    ends = np.minimum(ends[np.searchsorted(ends, sets)], np.append(sets[1:], len(found)))
    count = ends - sets
    within = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    inside = np.repeat(sets, count) + within
    return found.only(np.union1d(inside, found.of("GS", "ISA")))


def _remits(loops: Loops) -> Table:
    """One row per set: the payment, its amount signed; one that cannot be read stays empty."""
    found, bpr = loops.segments, _one(loops, "BPR")
    remits = Table("remit", found, loops.anchors["set"])
    remits.text(bpr, handling_code=1, credit_debit_code=3, method_code=4)
    remits.text(_one(loops, "TRN"), trace_number=2, payer_trace_code=3)
    said = found.amounts(bpr, (2,), "money")[0]
    absurd = said.beyond(MOST_CENTS_OF_PAYMENTS)
    sign = np.where(_is_debit(found, bpr), -1, 1)
    amount = np.where(said.valid & ~absurd, said.values * sign, 0)
    usable = ~said.unread & ~absurd
    remits.typed["payment_amount"] = replace(said, values=amount, valid=usable)
    _dates(loops, remits, bpr)
    payee, ref = _party(loops, "PE"), parts(loops, "REF")
    tin = _numbered(found, payee, "FI").otherwise(found.span(_ref(ref, payee, "TJ"), 2))
    remits.columns["payee_npi"] = found.column(_numbered(found, payee, "XX"))
    remits.columns["payee_tin"] = found.column(tin)
    return remits


def _is_debit(found: Segments, bpr: Positions) -> Mask:
    """Whether the payment is taken back (BPR03 = D)."""
    code = found.span(bpr, 3)
    return (code.length == 1) & (found.data[code.start] == ord("D"))


def _dates(loops: Loops, remits: Table, bpr: Positions) -> None:
    """The day of payment, else of the remittance, else of its group."""
    found, dates = loops.segments, parts(loops, "DTM")
    produced = _first(loops, dates.rows[dates.having("405")])
    group = found.numbers(found.span(group_header(found, remits.rows), 4), "day")
    paid = found.numbers(found.span(bpr, 16), "day")
    remits.day(optional=True, production_date=found.span(produced, 2))
    made = remits.typed["production_date"]
    remits.doubts.clear()
    note(remits.doubts, "payment_date_missing", ~paid.valid)
    note(remits.doubts, "optional_date_unreadable", paid.unread | made.unread | group.unread)
    remits.typed["payment_date"] = paid.otherwise(made).otherwise(group)


def _numbered(found: Segments, party: Positions, kind: str) -> Span:
    """The number of these N1 segments where it is of this kind."""
    number = found.span(party, 4)
    is_kind = found.qualifier(party, 3) == packed(kind)
    return Span(number.start, np.where(is_kind, number.length, 0))


def _payers(loops: Loops) -> Table:
    """One row per set: who pays."""
    found, payer = loops.segments, _party(loops, "PR")
    table = Table("payer", found, loops.anchors["set"])
    code = found.span(payer, 4)
    for other, element in ((_ref(parts(loops, "REF"), payer, "2U"), 2), (_one(loops, "TRN"), 3)):
        code = code.otherwise(found.span(other, element))
    table.columns["payer_code"] = found.column(code)
    table.text(payer, upper=True, payer_name=2)
    return table


def _payees(loops: Loops, remits: Table) -> Table:
    """One row per set: who is paid, where that is said by NPI."""
    npi = remits.columns["payee_npi"]
    table = Table("provider", loops.segments, loops.anchors["set"], columns=Columns({"npi": npi}))
    table.text(_party(loops, "PE"), upper=True, provider_name=2)
    table.keep(npi.is_not_null().to_numpy())
    return table


def _provider_adjustments(loops: Loops, findings: Findings) -> Table:
    """One row per PLB pair that says anything."""
    found, rows = loops.segments, loops.segments.new("PLB")
    which, number = repeated(found, rows, first=3, step=2, most=_PAIRS)
    plb = Table("provider_adjustment", found, rows[which])
    plb.owners["set"] = loops.owner("set", plb.rows)
    plb.columns["position"] = integers(number + 1)
    plb.text(provider_code=1)
    plb.day(optional=True, fiscal_period_date=found.span(plb.rows, 2))
    code, reference = found.components(found.span(plb.rows, 3 + 2 * number), 2)
    plb.columns["reason_code"] = found.column(code, upper=True)
    plb.columns["reference"] = found.column(reference)
    plb.money(missing=0, most=MOST_CENTS_OF_PAYMENTS, amount=4 + 2 * number)
    plb.keep((code.length > 0) | (found.span(plb.rows, 4 + 2 * number).length > 0))
    note(plb.faults, "orphan_record", plb.owners["set"] < 0)
    keep_sound(plb, findings)
    return plb


def _one(loops: Loops, name: str) -> Positions:
    """Per set its first segment with this id in the header."""
    rows = loops.segments.of(name)
    return _first(loops, rows)


def _first(loops: Loops, rows: Positions) -> Positions:
    """Per set the first of these rows that stands in its header, before the claims."""
    return pick(len(loops.anchors["set"]), loops.owner("set", rows), rows)


def _party(loops: Loops, qualifier: str) -> Positions:
    """Per set its N1 segment of this kind."""
    rows = loops.anchors["party"]
    kept = rows[parts(loops, "N1").having(qualifier)]
    return _first(loops, kept)


def _ref(ref: Parts, party: Positions, qualifier: str) -> Positions:
    """Per set the REF of this kind that belongs to the given party."""
    return place(ref.of("party", qualifier), ref.loops.owner("party", party))
