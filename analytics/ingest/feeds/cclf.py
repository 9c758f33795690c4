"""CMS Claim and Claim Line Feed: parts A, B and D, beneficiaries, their numbers, benefit amounts.

Of fixed width as CMS sends it, or as CSV under the same names.  Which version of a claim stands is
told by several files together and is settled in the fact `settled_claim`; nothing is lost here.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import BinaryIO

import polars as pl

from analytics.ingest.feeds import cclf_fields as fields
from analytics.ingest.feeds import shape
from analytics.ingest.feeds.cclf_layout import LAYOUTS
from analytics.ingest.feeds.feed import Feed, Part
from analytics.ingest.feeds.text import Rows, delimited, fixed
from analytics.ingest.feeds.typed import Typed, typed
from analytics.ingest.rules import REASONS

FEED = "cclf"
SECOND = 1 << 31  # added to the number of the record for the second person that it names
_MEDICARE = {"payer_name": pl.lit("Medicare"), "line_of_business": pl.lit("medicare")}
_KINDS = {"1": "M", "2": "F", "0": "U"}


def feed(file: str, separator: str | None) -> Feed:
    """How that file is read; with a separator as delimited text under CMS's names."""
    read = partial(_read, file, "|" if file == "0" else separator)
    # Of part A headers and drugs a record is a claim: one told twice is two versions of it.
    return Feed(f"cclf{file.lower()}", read, sums=file in "56", whole=file in "17")


def _read(file: str, separator: str | None, stream: BinaryIO, number: int) -> Iterator[Part]:
    layout = LAYOUTS.get(file, {})
    whole = {name for name in layout if name.endswith(("_AMT", "_DT", "_DOB", "_QTY"))}
    rows = (
        delimited(stream, separator, number, quoted=separator == ",")
        if separator
        else fixed(stream, layout, whole, number, least=_least(layout))
    )
    return (_MADE[file](block) for block in rows)


def _least(layout: Mapping[str, tuple[int, int]]) -> int:
    """Where the last field ends that every record has: a shorter record was cut off."""
    always = ("CLM_IDR_LD_DT", "CLM_EFCTV_DT", "CLM_LINE_CVRD_PD_AMT", "BENE_DOB", "PRVS_NUM")
    return max((layout[name][1] for name in always if name in layout), default=0)


def _header(rows: Rows) -> Part:
    """CCLF1: part A claims."""
    read = typed(rows.frame, fields.HEADER, "payer_claim")
    frame = read.frame.with_columns(
        claim_key=pl.concat_str(
            "provider_number", "service_from_date", "service_to_date", separator="|",
            ignore_nulls=True,
        ),
        bill_type_code=pl.concat_str("facility", "classification", "frequency", ignore_nulls=True),
        claim_type=pl.lit("institutional"),
        **_MEDICARE,
    )  # fmt: skip
    frame = shape.identified(frame, FEED).with_columns(payer_claim_id="record_no")
    shape.noted(read.findings, frame, "payer_claim")
    claim = shape.picked(frame, "payer_claim")
    return shape.part(rows, read, {"patient": shape.people(frame), "payer_claim": claim})


def _revenue(rows: Rows) -> Part:
    """CCLF2: lines of part A claims; the claims are of another file."""
    read = typed(rows.frame, fields.REVENUE, "payer_claim_line")
    frame = shape.modifiers(_of_feed(read.frame), fields.MODIFIERS)
    return shape.part(rows, read, {"payer_claim_line": shape.lines(frame)})


def _procedures(rows: Rows) -> Part:
    """CCLF3."""
    read = typed(rows.frame, fields.PROCEDURES, "payer_claim_procedure")
    frame = _of_feed(read.frame).with_columns(code_system=_system())
    made = shape.picked(frame, "payer_claim_procedure")
    return shape.part(rows, read, {"payer_claim_procedure": made})


def _diagnoses(rows: Rows) -> Part:
    """CCLF4: E is an accident's code, 1 the first external one, D any other; D 1 the principal."""
    read = typed(rows.frame, fields.DIAGNOSES, "payer_claim_diagnosis")
    external = pl.col("product").is_in(["E", "1"])
    principal = pl.col("position") == 1
    frame = _of_feed(read.frame).with_columns(
        code_system=_system(),
        kind=pl.when(external)
        .then(pl.lit("external"))
        .when(principal)
        .then(pl.lit("principal"))
        .otherwise(pl.lit("other")),
    )
    made = shape.picked(frame, "payer_claim_diagnosis")
    return shape.part(rows, read, {"payer_claim_diagnosis": made})


def _carrier(rows: Rows, which: str) -> Part:
    """CCLF5 and 6: lines of part B, of which claims are made."""
    read = typed(rows.frame, fields.CARRIER[which], "payer_claim_line")
    kept, faulty = shape.whole_claims(read, "payer_claim_line")
    frame = shape.identified(kept, FEED).with_columns(
        claim_type=pl.lit("professional"),
        principal_diagnosis_code=pl.col("diagnosis_1"),
        **_MEDICARE,
    )
    frame = shape.modifiers(frame, fields.MODIFIERS)
    shape.noted(read.findings, frame, "payer_claim_line")
    first = frame.filter(pl.col("record_no") == pl.col("payer_claim_id"))
    first = first.with_columns(code_system=_system())
    places = [
        ("principal" if n == 1 else "other", n, _code(f"diagnosis_{n}")) for n in range(1, 13)
    ]
    tables = {
        "patient": shape.people(first),
        "payer_claim": shape.claims(frame, sums=True),
        "payer_claim_diagnosis": shape.codes(first, places, "payer_claim_diagnosis"),
        "payer_claim_line": shape.lines(frame),
    }
    return shape.part(rows, read, tables, faulty)


def _drugs(rows: Rows) -> Part:
    """CCLF7: one record is a claim with one line; CMS tells what the beneficiary paid, no more."""
    read = typed(rows.frame, fields.DRUGS, "payer_claim")
    key = ("filled", "qualifier", "pharmacy", "status", "prescription", "fill")
    frame = read.frame.with_columns(
        claim_key=pl.concat_str(*(pl.col(k).fill_null("") for k in key), separator="|"),
        claim_type=pl.lit("pharmacy"),
        service_to_date="service_from_date",
        line_no=pl.lit(1, pl.Int32),
        **_MEDICARE,
    )
    frame = shape.identified(frame, FEED).with_columns(payer_claim_id="record_no")
    tables = {
        "patient": shape.people(frame),
        "payer_claim_line": shape.lines(frame),
        "payer_claim": shape.picked(frame, "payer_claim"),
    }
    return shape.part(rows, read, tables)


def _members(rows: Rows) -> Part:
    """CCLF8: a beneficiary, with a span for each part of Medicare that a day is said of."""
    read = typed(rows.frame, fields.MEMBERS, "eligibility")
    frame = sexed(read.frame).with_columns(**_MEDICARE, end_date="death_date")
    parts = [
        frame.filter(pl.col(f"{name}_start").is_not_null()).with_columns(
            coverage_code=pl.lit(name.upper()), start_date=f"{name}_start"
        )
        for name in ("part_a", "part_b")
    ]
    none = frame.filter(pl.col("part_a_start").is_null() & pl.col("part_b_start").is_null())
    parts.append(
        none.with_columns(coverage_code=pl.lit(None, pl.String), start_date=pl.lit(None, pl.Date))
    )
    spans = shape.picked(pl.concat(parts, how="diagonal").sort("record_no"), "eligibility")
    unsaid(read, none)
    return shape.part(rows, read, {"patient": shape.people(frame), "eligibility": spans})


def _enrolment(rows: Rows) -> Part:
    """Spans of enrolment as CSV, as connectors add to CCLF."""
    read = typed(rows.frame, fields.ENROLMENT, "eligibility")
    frame = read.frame.with_columns(**_MEDICARE)
    spans = shape.picked(frame, "eligibility")
    return shape.part(rows, read, {"patient": shape.people(frame), "eligibility": spans})


def _numbers(rows: Rows) -> Part:
    """CCLF9: the current and a previous number of one beneficiary."""
    read = typed(rows.frame, fields.NUMBERS, "member_link")
    return shape.part(rows, read, linked(read.frame))


def linked(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """People and links of records that name one person twice: member_id and previous_member_id."""
    second = pl.col("record_no") + SECOND
    people = pl.concat(
        [
            frame.select("record_no", "member_id"),
            frame.select(second.alias("record_no"), member_id="previous_member_id"),
        ]
    )
    links = frame.select(
        pl.col("^(record_no|start_date|end_date)$"),
        patient_id="record_no",
        previous_patient_id=second,
    )
    return {"patient": people, "member_link": links}


def sexed(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with CMS's codes of sex as X12 has them."""
    return frame.with_columns(pl.col("sex_code").replace_strict(_KINDS, default=None))


def unsaid(read: Typed, frame: pl.DataFrame) -> None:
    """Note the members of whom no day of cover is said."""
    rule = "cover_start_missing"
    read.findings.add(frame["record_no"], "eligibility", rule, REASONS[rule], severity="warning")


def _amounts(rows: Rows, which: str) -> Part:
    """CCLFA and B: amounts of benefit enhancements and cost sharing, one row per amount said."""
    names = [name for name in LAYOUTS[which] if name.endswith("_AMT")]
    read = typed(rows.frame, [*fields.AMOUNT_IDS, *fields.amounts(names)], "payer_claim_amount")
    long = _of_feed(read.frame).unpivot(
        names, index=["record_no", "feed_code", "claim_number", "line_no"],
        variable_name="kind", value_name="amount",
    )  # fmt: skip
    made = shape.picked(
        long.drop_nulls("amount").sort("record_no", maintain_order=True), "payer_claim_amount"
    )
    return shape.part(rows, read, {"payer_claim_amount": made})


def _control(rows: Rows) -> Part:
    """CCLF0: how many records the other files of the delivery have."""
    read = typed(rows.frame, fields.CONTROL, "feed_control")
    return shape.part(rows, read, {"feed_control": shape.picked(read.frame, "feed_control")})


def _of_feed(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(feed_code=pl.lit(FEED))


def _system() -> pl.Expr:
    return pl.col("icd").replace_strict({"0": "icd10", "9": "icd9"}, default=None)


def _code(source: str) -> Mapping[str, str]:
    return {"diagnosis_code": source, "code_system": "code_system"}


_MADE: Mapping[str, Callable[[Rows], Part]] = {
    "0": _control,
    "1": _header,
    "2": _revenue,
    "3": _procedures,
    "4": _diagnoses,
    "5": partial(_carrier, which="5"),
    "6": partial(_carrier, which="6"),
    "7": _drugs,
    "8": _members,
    "9": _numbers,
    "A": partial(_amounts, which="A"),
    "B": partial(_amounts, which="B"),
    "E": _enrolment,
}
