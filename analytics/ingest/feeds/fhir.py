"""FHIR R4 and STU3 as BCDA, AB2D and Blue Button send it: claims, patients, coverage.

A resource is a record.  Claims are ExplanationOfBenefit resources; one of another `use` than a
claim is a request, and no money.  A version of a claim is a resource of the same id in a later
file.
"""

from collections.abc import Iterator
from typing import BinaryIO

import polars as pl

from analytics.ingest.extract import Extract, Findings
from analytics.ingest.feeds import fhir_fields as fields
from analytics.ingest.feeds import fhir_flat as flat
from analytics.ingest.feeds import shape
from analytics.ingest.feeds.cclf import linked, unsaid
from analytics.ingest.feeds.feed import Feed, Part
from analytics.ingest.feeds.fhir_code import extension
from analytics.ingest.feeds.fhir_text import READ, Resources, resources
from analytics.ingest.feeds.typed import Typed, typed
from analytics.ingest.rules import REASONS

FEED = "fhir"
_SEX = {"male": "M", "female": "F", "unknown": "U", "other": "U"}


def is_fhir(head: bytes) -> bool:
    """Whether a file that begins so holds FHIR resources."""
    return head.startswith(b"{") and b'"resourceType"' in head


def feed() -> Feed:
    """How such a file is read."""
    return Feed("fhir", _read, whole=True)


def _read(stream: BinaryIO, number: int) -> Iterator[Part]:
    return (_part(found) for found in resources(stream, number))


def _part(found: Resources) -> Part:
    of = {name: found.frame.filter(kind=name).drop("kind").unnest("resource") for name in READ}
    claims = of["ExplanationOfBenefit"]
    asked = claims.filter(pl.col("use").fill_null("claim") != "claim")
    findings = Findings()
    _note(findings, found.malformed, "resource_unreadable")
    _note(findings, found.unused, "resource_not_used")
    _note(findings, asked["record_no"], "request_not_claim")
    made = [
        _claims(findings, claims.filter(pl.col("use").fill_null("claim") == "claim")),
        _patients(findings, of["Patient"]),
        _coverage(findings, of["Coverage"]),
    ]
    tables: dict[str, pl.DataFrame] = {}
    for one in made:
        for name, rows in one.items():
            before = [tables[name]] if name in tables else []
            tables[name] = pl.concat([*before, rows], how="diagonal")
    return Part(Extract(tables, _once(findings.frame()), found.total), shape.NO_CLAIMS)


def _note(findings: Findings, records: pl.Series, rule: str) -> None:
    findings.add(records, "payer_claim", rule, REASONS[rule])


def _once(found: pl.DataFrame) -> pl.DataFrame:
    """A resource is rejected once, however many lines are at fault, and warned of once a rule."""
    refused = found.filter(severity="rejected").unique("record_no", keep="first")
    warned = found.filter(severity="warning").join(refused, on="record_no", how="anti")
    both = [refused, warned.unique(["record_no", "rule"], keep="first")]
    return pl.concat(both).sort("record_no", maintain_order=True)


def _claims(findings: Findings, frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    if frame.is_empty():
        return {}
    claim = typed(flat.claims(frame), fields.CLAIM, "payer_claim")
    items = flat.lines(frame)
    line = typed(items, fields.LINE, "payer_claim_line")
    findings.parts += [*claim.findings.parts, *line.findings.parts]
    bad = pl.concat([claim.refused["record_no"], line.refused["record_no"]]).unique()
    out = pl.col("record_no").is_in(bad.implode())
    said = _added(claim, fields.CLAIM_AMOUNTS).filter(~out)
    head = said.with_columns(feed_code=pl.lit(FEED), claim_key="claim_number").with_columns(
        payer_claim_id="record_no"
    )
    shape.noted(findings, head, "payer_claim")
    lists = items.select("record_no", "line_no", "modifiers").with_columns(
        pl.col("line_no").cast(pl.Int32, strict=False)
    )
    lines = _added(line, fields.LINE_AMOUNTS).filter(~out)
    lines = lines.join(
        lists.unique(["record_no", "line_no"], keep="first"),
        on=["record_no", "line_no"],
        how="left",
    )
    kept = head.select("record_no", "payer_claim_id", "feed_code", "claim_number")
    tables = {"patient": shape.people(head), "payer_claim": shape.picked(head, "payer_claim")}
    for name, rows in (
        ("payer_claim_diagnosis", flat.diagnoses(frame)),
        ("payer_claim_procedure", flat.procedures(frame)),
    ):
        tables[name] = shape.picked(rows.join(kept, on="record_no", maintain_order="left"), name)
    lines = lines.drop("claim_number").join(kept, on="record_no", maintain_order="left")
    return {**tables, "payer_claim_line": shape.lines(lines)}


def _added(read: Typed, names: fields.Names) -> pl.DataFrame:
    """The rows with each amount added up; null where no addend is said."""
    sums = {
        column: pl.when(pl.any_horizontal(pl.col(part).is_not_null() for part in parts))
        .then(pl.sum_horizontal(parts))
        .cast(pl.Decimal(14, 2))
        for column, parts in fields.addends(names).items()
    }
    return read.frame.with_columns(**sums)


def _patients(findings: Findings, frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    if frame.is_empty():
        return {}
    held = pl.element().struct
    number = pl.col("identifier").list.eval(
        pl.when(held.field("system").str.ends_with("us-mbi")).then(held.field("value"))
    )
    name, place = pl.col("name").list.first().struct, pl.col("address").list.first().struct
    said = frame.select(
        "record_no", "id", "birthDate", "deceasedDateTime",
        mbi=number.list.drop_nulls().list.first(),
        last_name=name.field("family"),
        first_name=name.field("given").list.first(),
        sex_code=pl.col("gender").replace_strict(_SEX, default=None),
        postal_code=place.field("postalCode"),
        state=pl.when(place.field("state").str.contains("^[A-Za-z]{2}$")).then(
            place.field("state")
        ),
    )  # fmt: skip
    read = typed(said, fields.PATIENT, "patient")
    findings.parts += read.findings.parts
    both = linked(read.frame.filter(pl.col("previous_member_id").is_not_null()))
    people = pl.concat([shape.people(read.frame), both["patient"]], how="diagonal")
    # The first of a record is there already, with all that is known of the person.
    return {**both, "patient": people.unique("record_no", keep="first", maintain_order=True)}


def _coverage(findings: Findings, frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Spans of cover; of Medicare each part is a resource."""
    if frame.is_empty():
        return {}
    held = pl.element().struct
    plans = pl.col("class").list.eval(
        pl.when(held.field("value").str.contains("^Part [A-D]$")).then(held.field("value"))
    )
    part = pl.coalesce(
        plans.list.drop_nulls().list.first(), pl.col("grouping").struct.field("subPlan")
    )
    is_medicare = part.str.contains("^Part [A-D]$")
    payor = pl.col("payor").list.first().struct
    said = frame.select(
        "record_no",
        member=pl.col("beneficiary").struct.field("reference").str.extract(r"([^/]+)$"),
        coverage_code=pl.when(is_medicare).then(part.str.to_uppercase().str.replace(" ", "_")),
        payer_name=pl.when(is_medicare)
        .then(pl.lit("Medicare"))
        .otherwise(
            pl.coalesce(payor.field("display"), payor.field("identifier").struct.field("value"))
        ),
        line_of_business=pl.when(is_medicare).then(pl.lit("medicare")),
        start=pl.col("period").struct.field("start"),
        end=pl.col("period").struct.field("end"),
        medicare_status_code=extension(pl.col("extension"), "ms_cd"),
        entitlement_code=extension(pl.col("extension"), "orec"),
    )
    read = typed(said, fields.COVERAGE, "eligibility")
    unsaid(read, read.frame.filter(pl.col("start_date").is_null()))
    findings.parts += read.findings.parts
    spans = shape.picked(read.frame, "eligibility")
    return {"patient": shape.people(read.frame), "eligibility": spans}
