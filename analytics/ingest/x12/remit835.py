"""835 remittances to frames: claim payments, their lines, adjustments and remark codes.

Guide: ASC X12N 005010X221A1.  Element numbers in the tables below are those of the guide.
"""

import polars as pl

from analytics.ingest.extract import Findings
from analytics.ingest.x12 import balance, remit_header
from analytics.ingest.x12.cas import triplets
from analytics.ingest.x12.columns import ONE_UNIT, ZERO, first_of, modifiers, typed, upper
from analytics.ingest.x12.dates import filled
from analytics.ingest.x12.loops import Loops, Parts, ordinal, parts
from analytics.ingest.x12.settle import settle
from analytics.ingest.x12.tokens import Positions, Segments, packed

_CLP = {
    "patient_control_number": 1,
    "status_code": 2,
    "charge_amount": 3,
    "paid_amount": 4,
    "patient_responsibility_amount": 5,
    "claim_filing_code": 6,
    "payer_claim_number": 7,
    "facility_code": 8,
    "frequency_code": 9,
    "drg_code": 11,
}
_REMARKS = {"LQ": (2,), "MIA": (5, 20, 21, 22, 23), "MOA": (3, 4, 5, 6, 7)}
_MODIFIERS = ("m1", "m2", "m3", "m4")
# No amount depends on these in a remittance, so an unreadable one does not keep money out.
_DATES = ("service_from_date", "service_to_date")


def read(found: Segments, findings: Findings) -> dict[str, pl.DataFrame]:
    """The 835 rows of a chunk; `found` shows the segments of 835 sets only."""
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
    tables = {
        "remit_claim": _claims(loops, kinds),
        "remit_line": _lines(loops, kinds),
        "adjustment": _adjustments(loops),
        "remark": _remarks(loops),
    }
    people = _people(loops, kinds["NM1"])
    kept = settle(found, tables, "remit_claim_id", findings)
    claims, lines = filled(kept["remit_claim"], kept["remit_line"], "remit_claim_id")
    kept = balance.remits(kept | {"remit_claim": claims, "remit_line": lines})
    named = people["record_no"].is_in(claims["patient_id"].implode())
    return kept | {"patient": people.filter(named)} | remit_header.read(found, findings)


def _claims(loops: Loops, kinds: dict[str, Parts]) -> pl.DataFrame:
    found, rows = loops.segments, loops.anchors["claim"]
    nm1, ref, dtm, amt = (kinds[name] for name in ("NM1", "REF", "DTM", "AMT"))
    columns = {name: found.text(rows, element) for name, element in _CLP.items()}
    columns |= {
        "remit_id": found.records(loops.at("set", rows)),
        "patient_id": found.records(rows),
        "rendering_npi": found.text(nm1.of("claim", "82"), 9),
        "corrected_priority_payer": found.text(nm1.of("claim", "PR"), 3),
        "received_date": _day(found, dtm.of("claim", "050")),
        "service_from_date": _day(found, dtm.of("claim", "232")),
        "service_to_date": _day(found, dtm.of("claim", "233")),
        "allowed_amount": found.text(amt.of("claim", "AU"), 2),
        "interest_amount": found.text(amt.of("claim", "I"), 2),
        "original_reference_number": found.text(ref.of("claim", "F8"), 2),
    }
    frame = pl.DataFrame({"record_no": found.record_no[rows], **columns})
    amounts = [name for name in frame.columns if name.endswith("_amount")]
    frame = typed(frame, amounts=amounts, optional_dates=[*_DATES, "received_date"])
    missing = pl.when(pl.col("patient_control_number").is_null()).then(
        pl.lit("control_number_missing")
    )
    return frame.with_columns(
        pl.col("record_no").alias("remit_claim_id"),
        pl.col(["charge_amount", "paid_amount", "patient_responsibility_amount"]).fill_null(ZERO),
        fault=pl.coalesce("fault", missing),
    )


def _lines(loops: Loops, kinds: dict[str, Parts]) -> pl.DataFrame:
    found, rows = loops.segments, loops.anchors["line"]
    ref, dtm, amt = kinds["REF"], kinds["DTM"], kinds["AMT"]
    owner = loops.owner("claim", rows)
    service, billed = found.span(rows, 1), found.span(rows, 6)
    names = ("procedure_qualifier", "procedure_code", *_MODIFIERS)
    columns = {n: found.strings(found.component(service, i)) for i, n in enumerate(names)}
    one_day = _day(found, dtm.of("line", "472"))
    columns |= {
        "remit_claim_id": found.records(loops.at("claim", rows)),
        "line_no": pl.Series(ordinal(owner)),
        "line_control_number": found.text(ref.of("line", "6R"), 2),
        "revenue_code": found.text(rows, 4),
        "submitted_procedure_code": found.strings(found.component(billed, 1)),
        "charge_amount": found.text(rows, 2),
        "paid_amount": found.text(rows, 3),
        "allowed_amount": found.text(amt.of("line", "B6"), 2),
        "units_paid": found.text(rows, 5),
        "units_billed": found.text(rows, 7),
        "service_from_date": first_of(_day(found, dtm.of("line", "150")), one_day),
        "service_to_date": first_of(_day(found, dtm.of("line", "151")), one_day),
        "rendering_npi": found.text(ref.of("line", "HPI"), 2),
    }
    frame = pl.DataFrame({"record_no": found.record_no[rows], **columns})
    frame = typed(
        frame,
        amounts=["charge_amount", "paid_amount", "allowed_amount"],
        quantities=["units_paid", "units_billed"],
        optional_dates=_DATES,
    )
    return _finish_lines(modifiers(frame, _MODIFIERS))


def _finish_lines(frame: pl.DataFrame) -> pl.DataFrame:
    """Lines with what the guide says of absent elements and of revenue codes in SVC01."""
    is_revenue = pl.col("procedure_qualifier") == "NU"
    code = upper("procedure_code")
    return frame.with_columns(
        pl.col("record_no").alias("remit_line_id"),
        pl.col("charge_amount", "paid_amount").fill_null(ZERO),
        pl.col("units_paid").fill_null(ONE_UNIT),
        pl.col("units_billed").fill_null(pl.col("units_paid").fill_null(ONE_UNIT)),
        pl.when(is_revenue).then(code).otherwise("revenue_code").alias("revenue_code"),
        pl.when(is_revenue.not_() | is_revenue.is_null()).then(code).alias("procedure_code"),
        upper("submitted_procedure_code"),
    )


def _adjustments(loops: Loops) -> pl.DataFrame:
    found, rows = loops.segments, loops.segments.new("CAS")
    return triplets(found, rows, _level(loops, rows))


def _remarks(loops: Loops) -> pl.DataFrame:
    """One row per remark code of LQ (lines), MIA and MOA (claims)."""
    found = loops.segments
    listed: list[pl.DataFrame] = []
    for name, elements in _REMARKS.items():
        rows = found.new(name)
        if name == "LQ":  # other lists (RX: NCPDP) use the same codes for other things
            rows = rows[found.qualifier(rows) == packed("HE")]
        numbers = {"record_no": found.record_no[rows]}
        base = pl.DataFrame(numbers | _level(loops, rows)).with_columns(source=pl.lit(name))
        listed += [
            base.with_columns(
                position=pl.lit(i + 1, pl.Int32), rarc_code=found.text(rows, e).str.to_uppercase()
            )
            for i, e in enumerate(elements)
        ]
    frame = pl.concat(listed).filter(pl.col("rarc_code").is_not_null())
    nothing = pl.lit(None, pl.String)
    return frame.with_columns(fault=nothing, doubt=nothing)


def _level(loops: Loops, rows: Positions) -> dict[str, pl.Series]:
    """The claim and, where the segment is inside one, the line that these segments belong to."""
    found = loops.segments
    return {
        "remit_claim_id": found.records(loops.at("claim", rows)),
        "remit_line_id": found.records(loops.at("line", rows)),
    }


def _day(found: Segments, rows: Positions) -> pl.Series:
    """The date of these DTM segments; some senders write them as DTP, with D8 before the date."""
    text = found.text(rows, 2)
    is_format = (text == "D8").fill_null(value=False)
    return text if not is_format.any() else found.text(rows, 3).zip_with(is_format, text)


def _people(loops: Loops, nm1: Parts) -> pl.DataFrame:
    """Who each claim payment is about: patient's name, and the subscriber's number where sent."""
    found = loops.segments
    patient = nm1.of("claim", "QC")
    number = first_of(found.text(nm1.of("claim", "IL"), 9), found.text(patient, 9))
    return pl.DataFrame(
        {
            "record_no": found.record_no[loops.anchors["claim"]],
            "member_id": number.str.to_uppercase(),
            "last_name": found.text(patient, 3).str.to_uppercase(),
            "first_name": found.text(patient, 4).str.to_uppercase(),
        }
    )
