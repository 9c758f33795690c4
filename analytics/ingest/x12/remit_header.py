"""What an 835 says once per payment: remit, its payer and payee, and provider adjustments (PLB)."""

import numpy as np
import polars as pl

from analytics.ingest.extract import Findings
from analytics.ingest.x12 import remit_details
from analytics.ingest.x12.columns import ZERO, first_of, typed
from analytics.ingest.x12.loops import Loops, Parts, group_header, parts, pick, place
from analytics.ingest.x12.repeated import repeated
from analytics.ingest.x12.settle import keep_sound, note_rules
from analytics.ingest.x12.spans import Positions, integers
from analytics.ingest.x12.table import Table, note
from analytics.ingest.x12.tokens import Segments

_PAIRS = 6


def read(found: Segments, findings: Findings) -> tuple[dict[str, pl.DataFrame], Table]:
    """Frames remit, payer, provider of the sets that begin in this chunk, and their PLB pairs."""
    body = Loops(found, {"set": found.of("ST"), "body": found.of("LX", "CLP", "PLB", "SE")})
    head = _head(body)
    loops = Loops(head, {"set": head.of("ST"), "party": head.of("N1")})
    header = _header(loops)
    new = header.filter(pl.Series(values=loops.anchors["set"] >= head.context))
    frames = {
        "remit": _remit(found, new, findings),
        "payer": _payers(new),
        "provider": _payees(new),
        "remit_reference": remit_details.header_references(loops),
    }
    frames |= remit_details.groups(found, findings)
    return frames, _provider_adjustments(body, findings)


def _head(body: Loops) -> Segments:
    """The segments before the first claim of each set, and the group headers: a few."""
    found, sets = body.segments, body.anchors["set"]
    ends = np.append(body.anchors["body"], len(found))
    ends = np.minimum(ends[np.searchsorted(ends, sets)], np.append(sets[1:], len(found)))
    count = ends - sets
    within = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    inside = np.repeat(sets, count) + within
    return found.only(np.union1d(inside, found.of("GS", "ISA")))


def _header(loops: Loops) -> pl.DataFrame:
    """One row of text per set."""
    found, sets = loops.segments, loops.anchors["set"]
    bpr, trn = _one(loops, "BPR"), _one(loops, "TRN")
    dates = parts(loops, "DTM")
    date = _first(loops, dates.rows[dates.having("405")])
    ref = parts(loops, "REF")
    payer, payee = _party(loops, "PR"), _party(loops, "PE")
    id_kind = found.text(payee, 3)
    npi, tin = id_kind == "XX", id_kind == "FI"
    number = found.text(payee, 4)
    nothing = pl.Series([None], dtype=pl.String)
    return pl.DataFrame(
        {
            "record_no": found.record_no[sets],
            "handling_code": found.text(bpr, 1),
            "payment_amount": found.text(bpr, 2),
            "credit_debit_code": found.text(bpr, 3),
            "method_code": found.text(bpr, 4),
            "payment_date": found.text(bpr, 16),
            "trace_number": found.text(trn, 2),
            "payer_trace_code": found.text(trn, 3),
            "production_date": found.text(date, 2),
            "group_date": found.text(group_header(found, sets), 4),
            "payer_name": found.text(payer, 2).str.to_uppercase(),
            "payer_code": first_of(found.text(payer, 4), found.text(_ref(ref, payer, "2U"), 2)),
            "payee_name": found.text(payee, 2).str.to_uppercase(),
            "payee_npi": number.zip_with(npi.fill_null(value=False), nothing),
            "payee_tin": first_of(
                number.zip_with(tin.fill_null(value=False), nothing),
                found.text(_ref(ref, payee, "TJ"), 2),
            ),
        }
    )


def _remit(found: Segments, header: pl.DataFrame, findings: Findings) -> pl.DataFrame:
    """Payments with signed amounts; an amount that cannot be read stays null."""
    frame = typed(
        header,
        amounts=["payment_amount"],
        optional_dates=["payment_date", "production_date", "group_date"],
    )
    no_date = pl.when(pl.col("payment_date").is_null()).then(pl.lit("payment_date_missing"))
    frame = frame.with_columns(doubt=pl.coalesce(no_date, "doubt"))
    note_rules(found, "remit", frame, "doubt", "warning", findings)
    sign = pl.when(pl.col("credit_debit_code") == "D").then(-1).otherwise(1)
    amount = pl.col("payment_amount")
    amount = pl.when(pl.col("fault").is_null()).then(amount.fill_null(ZERO)) * sign
    return frame.with_columns(
        pl.col("record_no").alias("remit_id"),
        pl.col("record_no").alias("payer_id"),
        amount.cast(pl.Decimal(14, 2)).alias("payment_amount"),
        pl.coalesce("payment_date", "production_date", "group_date").alias("payment_date"),
    ).drop("fault", "doubt", "group_date", "payer_name", "payer_code", "payee_name")


def _payers(header: pl.DataFrame) -> pl.DataFrame:
    code = pl.coalesce("payer_code", "payer_trace_code").alias("payer_code")
    return header.select("record_no", code, "payer_name")


def _payees(header: pl.DataFrame) -> pl.DataFrame:
    named = header.select("record_no", npi="payee_npi", provider_name="payee_name")
    return named.filter(pl.col("npi").is_not_null())


def _provider_adjustments(loops: Loops, findings: Findings) -> Table:
    """One row per PLB pair that says anything."""
    found, rows = loops.segments, loops.segments.new("PLB")
    which, number = repeated(found, rows, first=3, step=2, most=_PAIRS)
    plb = Table("provider_adjustment", found, rows[which])
    plb.owners["set"] = loops.owner("set", plb.rows)
    plb.columns["position"] = integers(number + 1)
    plb.text(provider_code=1)
    plb.day(optional=True, fiscal_period_date=found.span(plb.rows, 2))
    plb.parts(found.span(plb.rows, 3 + 2 * number), ("reason_code", "reference"))
    plb.columns["reason_code"] = plb.columns["reason_code"].str.to_uppercase()
    plb.money(missing=0, amount=4 + 2 * number)
    said = plb.columns["reason_code"].is_not_null().to_numpy()
    plb.keep(said | (found.span(plb.rows, 4 + 2 * number).length > 0))
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
