"""CMS's synthetic public use files (DE-SynPUF 2008-2010): claims, drug events, beneficiaries.

A record is a claim, its lines and codes side by side.  Carriers' claims say money by line, others
of the claim alone; no file says charges, but drug events their price.  Beneficiaries say how many
months of a year they had each part, not which: whole years, or all months to a death, are cover.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import BinaryIO

import polars as pl

from analytics.ingest.feeds import shape
from analytics.ingest.feeds.cclf import sexed, unsaid
from analytics.ingest.feeds.feed import Feed, Part
from analytics.ingest.feeds.synpuf_fields import (
    BENEFICIARY,
    CARRIER,
    DRUG,
    FACILITY,
    LINES,
    MOST,
    PARTS,
)
from analytics.ingest.feeds.text import Rows, delimited
from analytics.ingest.feeds.typed import Typed, typed

FEED = "synpuf"
_HEADS = {
    "inpatient": {"DESYNPUF_ID", "CLM_ID", "CLM_ADMSN_DT", "CLM_DRG_CD"},
    "outpatient": {"DESYNPUF_ID", "CLM_ID", "CLM_PMT_AMT", "NCH_BENE_PTB_DDCTBL_AMT"},
    "carrier": {"DESYNPUF_ID", "CLM_ID", "LINE_NCH_PMT_AMT_1"},
    "drugs": {"DESYNPUF_ID", "PDE_ID", "SRVC_DT"},
    "members": {"DESYNPUF_ID", "BENE_BIRTH_DT", "BENE_HI_CVRAGE_TOT_MONS"},
}
_MEDICARE = {"payer_name": pl.lit("Medicare"), "line_of_business": pl.lit("medicare")}
_YEAR = re.compile(r"_(20\d\d)_Beneficiary", re.IGNORECASE)


def by_head(names: list[str]) -> str | None:
    """The file that these column names are of."""
    return next((file for file, head in _HEADS.items() if head <= set(names)), None)


def feed(file: str, name: str) -> Feed:
    """How that file is read; of beneficiaries the name of the file may tell the year."""
    year = _YEAR.search(name)
    made = partial(_members, named=int(year[1]) if year else None) if file == "members" else None
    return Feed(f"synpuf_{file}", partial(_read, made or _MADE[file]), whole=True)


def _read(made: Callable[[Rows], Part], stream: BinaryIO, number: int) -> Iterator[Part]:
    return (made(block) for block in delimited(stream, ",", number, quoted=True))


def _facility(rows: Rows, kind: str) -> Part:
    """Inpatient and outpatient: procedures are lines without amounts."""
    read = typed(rows.frame, FACILITY, "payer_claim")
    frame = _identified(read.frame, "institutional").with_columns(
        claim_type_code=pl.lit(kind),
        pass_through_amount=(pl.col("per_diem") * pl.col("days")).cast(pl.Decimal(14, 2)),
    )
    shape.noted(read.findings, frame, "payer_claim")
    parts = [
        frame.filter(pl.col(f"hcpcs_{n}").is_not_null()).select(
            *_LINE_OF, procedure_code=f"hcpcs_{n}", line_no=pl.lit(n, pl.Int32)
        )
        for n in range(1, MOST["facility"] + 1)
    ]
    return _claims(rows, read, frame, pl.concat(parts).sort("record_no", "line_no"))


def _carrier(rows: Rows) -> Part:
    """Up to thirteen lines, of which the claim is the sum."""
    read = typed(rows.frame, CARRIER, "payer_claim")
    frame = _identified(read.frame, "professional").with_columns(claim_type_code=pl.lit("71"))
    every = pl.concat(
        frame.select(
            *_LINE_OF, *(pl.col(f"{name}_{n}").alias(name) for name in LINES),
            line_no=pl.lit(n, pl.Int32),
        )
        for n in range(1, MOST["carrier"] + 1)
    )  # fmt: skip
    amounts = [name for name in LINES if name.endswith("_amount")]
    said = [pl.col(name).is_not_null() for name in LINES if name not in amounts]
    lines = every.filter(
        pl.any_horizontal(*said, *((pl.col(name) != 0).fill_null(value=False) for name in amounts))
    ).sort("record_no", "line_no")
    total = lines.group_by("record_no").agg(pl.col(name).sum() for name in amounts)
    frame = frame.join(total, on="record_no", how="left")
    shape.noted(read.findings, frame, "payer_claim")
    return _claims(rows, read, frame, lines)


_LINE_OF = (
    "record_no", "payer_claim_id", "feed_code", "claim_number", "service_from_date",
    "service_to_date",
)  # fmt: skip


def _claims(rows: Rows, read: Typed, frame: pl.DataFrame, lines: pl.DataFrame) -> Part:
    first = frame.with_columns(code_system=pl.lit("icd9"))
    diagnoses = [
        ("principal" if n == 1 else "other", n, _code("diagnosis_code", f"diagnosis_{n}"))
        for n in range(1, MOST["diagnosis"] + 1)
    ]
    diagnoses.append(("admitting", 1, _code("diagnosis_code", "admitting")))
    procedures = [
        ("", n, _code("procedure_code", f"procedure_{n}")) for n in range(1, MOST["procedure"] + 1)
    ]
    tables = {
        "patient": shape.people(frame),
        "payer_claim_line": shape.lines(lines),
        "payer_claim_diagnosis": shape.codes(first, diagnoses, "payer_claim_diagnosis"),
        "payer_claim_procedure": shape.codes(first, procedures, "payer_claim_procedure"),
        "payer_claim": shape.picked(frame, "payer_claim"),
    }
    return shape.part(rows, read, tables)


def _drugs(rows: Rows) -> Part:
    """What the member paid and the price; what the plan paid is not said."""
    read = typed(rows.frame, DRUG, "payer_claim")
    frame = _identified(read.frame, "pharmacy").with_columns(
        claim_key=pl.lit("pde|") + pl.col("claim_number"),
        service_to_date="service_from_date",
        line_no=pl.lit(1, pl.Int32),
    )
    tables = {
        "patient": shape.people(frame),
        "payer_claim_line": shape.lines(frame),
        "payer_claim": shape.picked(frame, "payer_claim"),
    }
    return shape.part(rows, read, tables)


def _members(rows: Rows, named: int | None) -> Part:
    read = typed(rows.frame, BENEFICIARY, "eligibility")
    frame = sexed(read.frame).with_columns(
        **_MEDICARE, year=pl.coalesce("year", pl.lit(named, pl.Int32))
    )
    first = pl.date("year", 1, 1)
    dead = pl.col("death_date").dt.year() == pl.col("year")
    last = (
        pl.when(dead).then(pl.col("death_date").dt.month_end()).otherwise(pl.date("year", 12, 31))
    )
    known = pl.col("year").is_between(1966, 2199)
    spans = pl.concat(
        frame.filter(known & (pl.col(months) == last.dt.month())).with_columns(
            coverage_code=pl.lit(part), start_date=first, end_date=last
        )
        for part, months in PARTS.items()
    ).sort("record_no", "coverage_code")
    none = frame.join(spans.select("record_no").unique(), on="record_no", how="anti")
    partly = [
        (pl.col(months) > 0) & (pl.col(months) != last.dt.month()) for months in PARTS.values()
    ]
    some = frame.filter(known & pl.any_horizontal(partly))
    unsaid(read, pl.concat([none, some]).unique("record_no").sort("record_no"))
    return shape.part(
        rows,
        read,
        {"patient": shape.people(frame), "eligibility": shape.picked(spans, "eligibility")},
    )


def _identified(frame: pl.DataFrame, kind: str) -> pl.DataFrame:
    frame = frame.with_columns(claim_type=pl.lit(kind), **_MEDICARE)
    return shape.identified(frame, FEED).with_columns(payer_claim_id="record_no")


def _code(column: str, source: str) -> dict[str, str]:
    return {column: source, "code_system": "code_system"}


_MADE: Mapping[str, Callable[[Rows], Part]] = {
    "inpatient": partial(_facility, kind="60"),
    "outpatient": partial(_facility, kind="40"),
    "carrier": _carrier,
    "drugs": _drugs,
}
