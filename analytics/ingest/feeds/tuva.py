"""Tuva's input layer as CSV: medical and pharmacy claims, eligibility.

A record of claims is a line that repeats its claim; amounts are of the line.  `person_id` is the
person, a payer's `member_id` another number of theirs; a claim is known by its number and source.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import BinaryIO

import polars as pl

from analytics.ingest.feeds import shape
from analytics.ingest.feeds.cclf import linked
from analytics.ingest.feeds.feed import Feed, Part
from analytics.ingest.feeds.text import Rows, delimited
from analytics.ingest.feeds.typed import Field, typed

FEED = "tuva"
DIAGNOSES, PROCEDURES = 25, 25
_HEADS = {
    "medical": {"CLAIM_ID", "CLAIM_LINE_NUMBER", "CLAIM_START_DATE", "PAID_AMOUNT"},
    "pharmacy": {"CLAIM_ID", "CLAIM_LINE_NUMBER", "DISPENSING_DATE", "PAID_AMOUNT"},
    "eligibility": {"ENROLLMENT_START_DATE", "ENROLLMENT_END_DATE", "PAYER"},
    "lab_result": {"LAB_RESULT_ID", "ACCESSION_NUMBER"},
    "observation": {"OBSERVATION_ID", "OBSERVATION_TYPE"},
    "provider_attribution": {"YEAR_MONTH", "PAYER_ATTRIBUTED_PROVIDER"},
}
_TYPES = ("professional", "institutional", "dental", "vision")
_SEX = {"male": "M", "female": "F", "unknown": "U"}
_MODIFIERS = [f"hcpcs_modifier_{n}" for n in range(1, 6)]


def _same(*names: str) -> list[Field]:
    """Columns that Tuva names as we do."""
    return [Field(name, name.upper()) for name in names]


def _amounts() -> list[Field]:
    """Amounts of the line."""
    return [
        Field("line:paid_amount", "PAID_AMOUNT", "amount", strict=True),
        Field("line:allowed_amount", "ALLOWED_AMOUNT", "amount", strict=True),
        Field("line:billed_amount", "CHARGE_AMOUNT", "amount", strict=True),
        Field("line:coinsurance_amount", "COINSURANCE_AMOUNT", "amount"),
        Field("line:copayment_amount", "COPAYMENT_AMOUNT", "amount"),
        Field("line:deductible_amount", "DEDUCTIBLE_AMOUNT", "amount"),
    ]


_PERSON = Field("member_id", ("PERSON_ID", "PATIENT_ID", "MEMBER_ID"), "code", needed=True)
_CLAIM = [
    Field("claim_number", "CLAIM_ID", needed=True),
    Field("source", "DATA_SOURCE"),
    Field("line_no", "CLAIM_LINE_NUMBER", "integer", strict=True, needed=True),
    _PERSON,
    Field("payer_name", "PAYER"),
    Field("paid_date", "PAID_DATE", "date"),
    *_amounts(),
]
_MEDICAL = [
    *_CLAIM,
    Field("kind", "CLAIM_TYPE"),
    Field("service_from_date", "CLAIM_START_DATE", "date", strict=True, needed=True),
    Field("service_to_date", "CLAIM_END_DATE", "date", strict=True),
    Field("line:service_from_date", "CLAIM_LINE_START_DATE", "date"),
    Field("line:service_to_date", "CLAIM_LINE_END_DATE", "date"),
    Field("admission_date", "ADMISSION_DATE", "date"),
    Field("discharge_date", "DISCHARGE_DATE", "date"),
    Field("admission_source_code", "ADMIT_SOURCE_CODE"),
    Field("admission_type_code", "ADMIT_TYPE_CODE"),
    Field("discharge_status_code", "DISCHARGE_DISPOSITION_CODE"),
    Field("drg_code", "MS_DRG_CODE", "drg"),
    Field("revenue_code", "REVENUE_CENTER_CODE"),
    Field("units", "SERVICE_UNIT_QUANTITY", "units"),
    Field("procedure_code", "HCPCS_CODE", "code"),
    *_same("place_of_service_code", "bill_type_code", "rendering_npi", "billing_npi"),
    *_same("billing_tin", "facility_npi", *_MODIFIERS),
    Field("diagnosis_system", "DIAGNOSIS_CODE_TYPE"),
    *(Field(f"diagnosis_{n}", f"DIAGNOSIS_CODE_{n}", "diagnosis") for n in range(1, DIAGNOSES + 1)),
    *(Field(f"poa_{n}", f"DIAGNOSIS_POA_{n}", "code") for n in range(1, DIAGNOSES + 1)),
    Field("procedure_system", "PROCEDURE_CODE_TYPE"),
    *(
        Field(f"procedure_{n}", f"PROCEDURE_CODE_{n}", "diagnosis")
        for n in range(1, PROCEDURES + 1)
    ),
    *(
        Field(f"procedure_date_{n}", f"PROCEDURE_DATE_{n}", "date")
        for n in range(1, PROCEDURES + 1)
    ),
]
_PHARMACY = [
    *_CLAIM,
    Field("service_from_date", "DISPENSING_DATE", "date", strict=True, needed=True),
    Field("billing_npi", "DISPENSING_PROVIDER_NPI"),
    Field("referring_npi", "PRESCRIBING_PROVIDER_NPI"),
    Field("units", "QUANTITY", "units"),
    Field("days_supply", "DAYS_SUPPLY", "integer"),
    *_same("ndc_code"),
]
_MEMBERS = [
    _PERSON,
    Field("previous_member_id", "MEMBER_ID", "code"),
    Field("sex_code", "GENDER"),
    Field("birth_date", "BIRTH_DATE", "date"),
    Field("death_date", "DEATH_DATE", "date"),
    Field("last_name", "LAST_NAME", "code"),
    Field("first_name", "FIRST_NAME", "code"),
    Field("postal_code", "ZIP_CODE"),
    Field("payer_name", "PAYER"),
    Field("line_of_business", "PAYER_TYPE"),
    Field("start_date", "ENROLLMENT_START_DATE", "date", strict=True, needed=True),
    Field("end_date", "ENROLLMENT_END_DATE", "date", strict=True),
    Field("entitlement_code", "ORIGINAL_REASON_ENTITLEMENT_CODE"),
    *_same("dual_status_code", "medicare_status_code"),
]


def by_head(names: list[str]) -> str | None:
    """The table that these column names are of."""
    return next((table for table, head in _HEADS.items() if head <= set(names)), None)


def feed(table: str) -> Feed:
    """How that table is read."""
    return Feed(f"tuva_{table}", partial(_read, table), sums=True)


def _read(table: str, stream: BinaryIO, number: int) -> Iterator[Part]:
    if table not in _MADE:
        return shape.unused(table, number)
    return (_MADE[table](block) for block in delimited(stream, ",", number, quoted=True))


def _medical(rows: Rows) -> Part:
    read = typed(rows.frame, _MEDICAL, "payer_claim_line")
    kept, faulty = shape.whole_claims(read, "payer_claim_line")
    kind = pl.col("kind").str.to_lowercase()
    frame = _keyed(kept).with_columns(
        claim_type=pl.when(kind.is_in(_TYPES)).then(kind), principal_diagnosis_code="diagnosis_1"
    )
    frame = shape.modifiers(frame, _MODIFIERS)
    shape.noted(read.findings, frame, "payer_claim_line")
    first = frame.filter(pl.col("record_no") == pl.col("payer_claim_id")).with_columns(
        pl.col("diagnosis_system", "procedure_system").str.extract(r"(?i)^icd-?(9|10)")
    )
    systems = ("diagnosis_system", "procedure_system")
    first = first.with_columns(pl.concat_str(pl.lit("icd"), name).alias(name) for name in systems)
    tables = {
        "patient": shape.people(first),
        "payer_claim": shape.claims(frame, sums=True),
        "payer_claim_diagnosis": shape.codes(first, _places(), "payer_claim_diagnosis"),
        "payer_claim_procedure": shape.codes(first, _operations(), "payer_claim_procedure"),
        "payer_claim_line": shape.lines(frame),
    }
    return shape.part(rows, read, tables, faulty)


def _pharmacy(rows: Rows) -> Part:
    read = typed(rows.frame, _PHARMACY, "payer_claim_line")
    kept, faulty = shape.whole_claims(read, "payer_claim_line")
    frame = _keyed(kept, "rx").with_columns(
        claim_type=pl.lit("pharmacy"), service_to_date="service_from_date"
    )
    shape.noted(read.findings, frame, "payer_claim_line")
    first = frame.filter(pl.col("record_no") == pl.col("payer_claim_id"))
    tables = {
        "patient": shape.people(first),
        "payer_claim": shape.claims(frame, sums=True),
        "payer_claim_line": shape.lines(frame),
    }
    return shape.part(rows, read, tables, faulty)


def _members(rows: Rows) -> Part:
    read = typed(rows.frame, _MEMBERS, "eligibility")
    frame = read.frame.with_columns(
        pl.col("sex_code").str.to_lowercase().replace_strict(_SEX, default=None),
        line_of_business=pl.col("line_of_business").str.to_lowercase().str.replace_all(" ", "_"),
    )
    other = frame.filter(pl.col("previous_member_id") != pl.col("member_id"))
    both = linked(other.select("record_no", "member_id", "previous_member_id"))
    people = pl.concat([shape.people(frame), both["patient"]], how="diagonal")
    tables = {
        # The first of a record is there already, with all that is known of the person.
        "patient": people.unique("record_no", keep="first", maintain_order=True),
        "member_link": both["member_link"],
        "eligibility": shape.picked(frame, "eligibility"),
    }
    return shape.part(rows, read, tables)


def _keyed(frame: pl.DataFrame, *kind: str) -> pl.DataFrame:
    """The rows with the key and the id of their claim: numbers are those of one source."""
    parts = [*(pl.lit(k) for k in kind), pl.col("source").fill_null(""), pl.col("claim_number")]
    return shape.identified(frame.with_columns(claim_key=pl.concat_str(parts, separator="|")), FEED)


def _places() -> list[tuple[str, int, dict[str, str]]]:
    return [
        (
            "principal" if n == 1 else "other",
            n,
            {
                "diagnosis_code": f"diagnosis_{n}",
                "code_system": "diagnosis_system",
                "present_on_admission_code": f"poa_{n}",
            },
        )
        for n in range(1, DIAGNOSES + 1)
    ]


def _operations() -> list[tuple[str, int, dict[str, str]]]:
    return [
        (
            "",
            n,
            {
                "procedure_code": f"procedure_{n}",
                "code_system": "procedure_system",
                "procedure_date": f"procedure_date_{n}",
            },
        )
        for n in range(1, PROCEDURES + 1)
    ]


_MADE: Mapping[str, Callable[[Rows], Part]] = {
    "medical": _medical,
    "pharmacy": _pharmacy,
    "eligibility": _members,
}
