"""Synthea's CSV export: claims and their ledger, patients, payers and who was with which.

A claim's money stands in the ledger alone: a charge, then what was paid on it.  Payers pay by
ECHECK; every other payment is the patient's (Synthea's exporter).  Transfers move what is owed, not
money.  Payments that stand apart from a charge of their claim are a line with nothing billed.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import BinaryIO

import polars as pl

from analytics.ingest.feeds import shape
from analytics.ingest.feeds.feed import Feed, Part
from analytics.ingest.feeds.text import Rows, delimited
from analytics.ingest.feeds.typed import Field, typed

FEED = "synthea"
_HEADS = {
    "claims": {"ID", "PATIENTID", "PRIMARYPATIENTINSURANCEID", "DIAGNOSIS1"},
    "ledger": {"CLAIMID", "CHARGEID", "TYPE", "AMOUNT", "PAYMENTS"},
    "patients": {"ID", "BIRTHDATE", "DEATHDATE", "SSN"},
    "cover": {"PATIENT", "START_YEAR", "END_YEAR", "PAYER"},
    "payers": {"ID", "NAME", "AMOUNT_COVERED", "MEMBER_MONTHS"},
    "encounters": {"ENCOUNTERCLASS", "PAYER_COVERAGE"},
    "medications": {"DISPENSES", "ENCOUNTER"},
    "procedures": {"PATIENT", "ENCOUNTER", "BASE_COST"},
    "conditions": {"START", "STOP", "PATIENT", "ENCOUNTER", "CODE"},
    "organizations": {"ID", "NAME", "REVENUE", "UTILIZATION"},
    "providers": {"ID", "ORGANIZATION", "SPECIALITY"},
}
_CLAIMS = [
    Field("claim_number", "ID", needed=True),
    Field("member_id", "PATIENTID", "code", needed=True),
    Field("payer_name", "PRIMARYPATIENTINSURANCEID"),
    Field("kind", "HEALTHCARECLAIMTYPEID1"),
    Field("service_from_date", "SERVICEDATE", "date", strict=True, needed=True),
    *(Field(f"diagnosis_{n}", f"DIAGNOSIS{n}", "code") for n in range(1, 9)),
]
_LEDGER = [
    Field("claim_number", "CLAIMID", needed=True),
    Field("entry", "TYPE", "code", needed=True),
    Field("method", "METHOD", "code"),
    Field("line_no", "CHARGEID", "integer"),
    Field("amount", "AMOUNT", "amount", strict=True),
    Field("payment", "PAYMENTS", "amount", strict=True),
    Field("adjustment", "ADJUSTMENTS", "amount", strict=True),
    Field("service_from_date", "FROMDATE", "date", strict=True, needed=True),
    Field("service_to_date", "TODATE", "date"),
    Field("procedure_code", "PROCEDURECODE", "code"),
    Field("units", "UNITS", "units"),
    Field("modifier_1", "MODIFIER1"),
    Field("modifier_2", "MODIFIER2"),
]
_PATIENTS = [
    Field("member_id", "ID", "code", needed=True),
    Field("last_name", "LAST", "code"),
    Field("first_name", "FIRST", "code"),
    Field("birth_date", "BIRTHDATE", "date"),
    Field("death_date", "DEATHDATE", "date"),
    Field("sex_code", "GENDER", "code"),
    Field("postal_code", "ZIP"),
]
_COVER = [
    Field("member_id", "PATIENT", "code", needed=True),
    Field("payer_name", "PAYER", needed=True),
    Field("start_date", "START_YEAR", "date", strict=True, needed=True),
    Field("end_date", "END_YEAR", "date", strict=True),
]
_PAYERS = [Field("payer_code", "ID", needed=True), Field("payer_name", "NAME", "code", needed=True)]


def by_head(names: list[str]) -> str | None:
    """The table that these column names are of."""
    return next((table for table, head in _HEADS.items() if head <= set(names)), None)


def feed(table: str) -> Feed:
    """How that table is read."""
    return Feed(
        f"synthea_{table}",
        partial(_read, table),
        whole=table == "claims",
        records=_records if table == "ledger" else None,
    )


def _records(stream: BinaryIO, number: int) -> Iterator[pl.DataFrame]:
    """Which claim each record of a ledger is of."""
    for rows in delimited(stream, ",", number, quoted=True):
        yield rows.frame.select("record_no", claim_number="CLAIMID")


def _read(table: str, stream: BinaryIO, number: int) -> Iterator[Part]:
    if table not in _MADE:
        return shape.unused(table, number)
    rows = delimited(stream, ",", number, quoted=True)
    return (_MADE[table](block) for block in (_charges(rows) if table == "ledger" else rows))


def _charges(blocks: Iterator[Rows]) -> Iterator[Rows]:
    """The blocks cut anew where a charge begins, so that its payments stand with it."""
    rest: pl.DataFrame | None = None
    for rows in blocks:
        frame = rows.frame if rest is None else pl.concat([rest, rows.frame])
        begins = frame.with_row_index().filter(pl.col("TYPE") == "CHARGE")["index"]
        cut = int(begins[-1]) if len(begins) else 0
        yield Rows(frame.head(cut), rows.ragged)
        rest = frame.slice(cut)
    if rest is not None:
        yield Rows(rest, pl.Series(values=[], dtype=pl.Int64))


def _claims(rows: Rows) -> Part:
    read = typed(rows.frame, _CLAIMS, "payer_claim")
    frame = read.frame.with_columns(
        claim_type=pl.col("kind").replace_strict(
            {"1": "professional", "2": "institutional"}, default=None
        ),
        payer_name=pl.col("payer_name").replace("0", None),
        code_system=pl.lit("snomed"),
        principal_diagnosis_code="diagnosis_1",
    )
    frame = shape.identified(frame, FEED).with_columns(payer_claim_id="record_no")
    places = [
        (
            "principal" if n == 1 else "other",
            n,
            {"diagnosis_code": f"diagnosis_{n}", "code_system": "code_system"},
        )
        for n in range(1, 9)
    ]
    tables = {
        "patient": shape.people(frame),
        "payer_claim_diagnosis": shape.codes(frame, places, "payer_claim_diagnosis"),
        "payer_claim": shape.picked(frame, "payer_claim"),
    }
    return shape.part(rows, read, tables)


def _ledger(rows: Rows) -> Part:
    read = typed(rows.frame, _LEDGER, "payer_claim_line")
    kept, faulty = shape.whole_claims(read, "payer_claim_line")
    is_payers = pl.col("method") == "ECHECK"
    paid, adjusted = pl.col("payment").fill_null(0), pl.col("adjustment").fill_null(0)
    charge = pl.col("entry") == "CHARGE"
    added = kept.group_by("claim_number", charge.cum_sum().alias("charge_no"), maintain_order=True)
    frame = added.agg(
        pl.col("record_no", "line_no", "service_from_date", "service_to_date").first(),
        pl.col("procedure_code", "units", "modifier_1", "modifier_2").first(),
        billed_amount=pl.col("amount").filter(charge).sum(),
        adjusted=adjusted.sum(),
        paid_amount=paid.filter(is_payers).sum(),
        patient_paid_amount=paid.filter(is_payers.not_() | pl.col("method").is_null()).sum(),
    ).with_columns(
        allowed_amount=pl.col("billed_amount") - pl.col("adjusted"), feed_code=pl.lit(FEED)
    )
    frame = shape.modifiers(frame, ["modifier_1", "modifier_2"])
    shape.noted(read.findings, frame, "payer_claim_line")
    return shape.part(rows, read, {"payer_claim_line": shape.lines(frame)}, faulty)


def _patients(rows: Rows) -> Part:
    read = typed(rows.frame, _PATIENTS, "patient")
    return shape.part(rows, read, {"patient": shape.people(read.frame)})


def _cover(rows: Rows) -> Part:
    read = typed(rows.frame, _COVER, "eligibility")
    spans = shape.picked(read.frame, "eligibility")
    return shape.part(rows, read, {"patient": shape.people(read.frame), "eligibility": spans})


def _payers(rows: Rows) -> Part:
    read = typed(rows.frame, _PAYERS, "payer")
    return shape.part(rows, read, {"payer": read.frame})


_MADE: Mapping[str, Callable[[Rows], Part]] = {
    "claims": _claims,
    "ledger": _ledger,
    "patients": _patients,
    "cover": _cover,
    "payers": _payers,
}
