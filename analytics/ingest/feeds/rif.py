"""CMS research identifiable files (CCW's RIF): claims of each kind, drug events, beneficiaries.

A record is a line and repeats its claim.  CLM_ID is the claim; CLM_GRP_ID is no key.  A file may
say of a record that it replaces (UPDATE) or takes back (DELETE) one sent before.  Institutional
files have no amount allowed: it stays empty.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import BinaryIO

import polars as pl

from analytics.ingest.feeds import rif_fields as fields
from analytics.ingest.feeds import shape
from analytics.ingest.feeds.cclf import linked, sexed, unsaid
from analytics.ingest.feeds.feed import Feed, Part
from analytics.ingest.feeds.rif_cover import spans
from analytics.ingest.feeds.text import Rows, delimited
from analytics.ingest.feeds.typed import typed

FEED = "rif"
_HEADS = {
    "institutional": {"CLM_ID", "REV_CNTR", "CLM_PMT_AMT"},
    "carrier": {"CLM_ID", "LINE_NUM", "LINE_NCH_PMT_AMT"},
    "drugs": {"PDE_ID", "SRVC_DT"},
    "members": {"BENE_ID", "BENE_BIRTH_DT", "RFRNC_YR"},
    "history": {"BENE_ID", "BENE_BIRTH_DT", "BENE_CRNT_HIC_NUM"},
    "summary": {"BENE_ID", "CARRIER_CLAIMS", "PDE_CLAIMS"},
}
_MEDICARE = {"payer_name": pl.lit("Medicare"), "line_of_business": pl.lit("medicare")}


def by_head(names: list[str]) -> str | None:
    """The file that these column names are of."""
    return next((file for file, head in _HEADS.items() if head <= set(names)), None)


def feed(file: str, separator: str) -> Feed:
    """How that file is read."""
    return Feed(f"rif_{file}", partial(_read, file, separator), whole=file == "drugs")


def _read(file: str, separator: str, stream: BinaryIO, number: int) -> Iterator[Part]:
    if file not in _MADE:
        return shape.unused(file, number)
    rows = delimited(stream, separator, number, quoted=separator == ",")
    return (_MADE[file](block) for block in rows)


def _institutional(rows: Rows) -> Part:
    """Inpatient, skilled nursing, home health, hospice and outpatient."""
    read = typed(rows.frame, fields.INSTITUTIONAL, "payer_claim_line")
    kept, faulty = shape.whole_claims(read, "payer_claim_line")
    frame = _versioned(kept).with_columns(
        bill_type_code=pl.concat_str("facility", "classification", "frequency", ignore_nulls=True),
        claim_type=pl.lit("institutional"),
        pass_through_amount=(pl.col("per_diem") * pl.col("days")).cast(pl.Decimal(14, 2)),
        **{"line:other_payer_paid_amount": _together("first_payer", "second_payer")},
        **_MEDICARE,
    )
    frame = shape.modifiers(shape.identified(frame, FEED), fields.MODIFIERS)
    shape.noted(read.findings, frame, "payer_claim_line")
    first = _first(frame, fields.MOST_CODES["institutional"])
    places = [
        *_places(fields.MOST_CODES["institutional"]),
        ("admitting", 1, {"diagnosis_code": "admitting", "code_system": "admitting_icd"}),
        *(
            ("external", n, _sources(f"external_{n}", f"external_icd_{n}", f"external_poa_{n}"))
            for n in range(1, fields.MOST_CODES["external"] + 1)
        ),
    ]
    tables = {
        "patient": shape.people(first),
        "payer_claim": shape.claims(frame, sums=False),
        "payer_claim_diagnosis": shape.codes(first, places, "payer_claim_diagnosis"),
        "payer_claim_procedure": shape.codes(first, _operations(), "payer_claim_procedure"),
        "payer_claim_line": shape.lines(frame),
    }
    return shape.part(rows, read, tables, faulty)


def _carrier(rows: Rows) -> Part:
    """Physicians' claims and those of suppliers of durable equipment."""
    read = typed(rows.frame, fields.CARRIER, "payer_claim_line")
    kept, faulty = shape.whole_claims(read, "payer_claim_line")
    frame = _versioned(kept).with_columns(claim_type=pl.lit("professional"), **_MEDICARE)
    frame = shape.modifiers(shape.identified(frame, FEED), fields.MODIFIERS)
    shape.noted(read.findings, frame, "payer_claim_line")
    first = _first(frame, fields.MOST_CODES["carrier"])
    places = _places(fields.MOST_CODES["carrier"])
    tables = {
        "patient": shape.people(first),
        "payer_claim": shape.claims(frame, sums=False),
        "payer_claim_diagnosis": shape.codes(first, places, "payer_claim_diagnosis"),
        "payer_claim_line": shape.lines(frame),
    }
    return shape.part(rows, read, tables, faulty)


def _drugs(rows: Rows) -> Part:
    """Part D events: what the plan paid, covered or not; the pharmacy's price is the charge."""
    read = typed(rows.frame, fields.DRUGS, "payer_claim")
    others = ("other_troop", "low_income", "liability")
    frame = _versioned(read.frame).with_columns(
        # Numbers of drug events are counted apart from those of claims.
        claim_key=pl.lit("pde|") + pl.col("claim_number"),
        claim_type=pl.lit("pharmacy"),
        service_to_date="service_from_date",
        line_no=pl.lit(1, pl.Int32),
        paid_amount=pl.col("covered") + pl.col("not_covered").fill_null(0),
        other_payer_paid_amount=_together(*others),
        adjustment_code=pl.when(pl.col("deletion") == "D")
        .then(pl.lit("1"))
        .otherwise("adjustment_code"),
        **_MEDICARE,
    )
    frame = shape.identified(frame, FEED).with_columns(payer_claim_id="record_no")
    shape.noted(read.findings, frame, "payer_claim")
    tables = {
        "patient": shape.people(frame),
        "payer_claim_line": shape.lines(frame),
        "payer_claim": shape.picked(frame, "payer_claim"),
    }
    return shape.part(rows, read, tables)


def _members(rows: Rows) -> Part:
    read = typed(rows.frame, fields.MEMBERS, "eligibility")
    frame = sexed(read.frame).with_columns(**_MEDICARE)
    cover, none = spans(frame)
    unsaid(read, none)
    tables = {**_named(frame), "eligibility": shape.picked(cover, "eligibility")}
    return shape.part(rows, read, tables)


def _history(rows: Rows) -> Part:
    """Earlier records of beneficiaries: who they are, and their numbers."""
    read = typed(rows.frame, fields.PERSON, "patient")
    tables = _named(sexed(read.frame))
    return shape.part(rows, read, {"member_link": tables["member_link"], **tables})


def _named(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """People under CCW's number, which claims have, and links to it from Medicare's own."""
    both = linked(frame.filter(pl.col("previous_member_id").is_not_null()))
    people = pl.concat([shape.people(frame), both["patient"]], how="diagonal")
    # The first of a record is there already, with all that is known of the person.
    return {**both, "patient": people.unique("record_no", keep="first", maintain_order=True)}


def _together(*names: str) -> pl.Expr:
    """The sum of amounts; null where none is said."""
    said = pl.any_horizontal(pl.col(name).is_not_null() for name in names)
    return pl.when(said).then(pl.sum_horizontal(names)).cast(pl.Decimal(14, 2))


def _versioned(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows with what they say of versions in the words of payer_claim."""
    return frame.with_columns(
        is_final=pl.col("final").replace_strict(
            {"F": True, "N": False}, default=None, return_dtype=pl.Boolean
        ),
        adjustment_code=pl.col("change").replace_strict(
            {"DELETE": "1", "UPDATE": "2"}, default="0", return_dtype=pl.String
        ),
    )


def _first(frame: pl.DataFrame, count: int) -> pl.DataFrame:
    """The first record of each claim; its principal diagnosis stands once, as principal."""
    systems = {"0": "icd10", "9": "icd9"}
    named = pl.col("^(.*_)?icd(_\\d+)?$").replace_strict(
        systems, default=None, return_dtype=pl.String
    )
    principal = pl.col("principal_diagnosis_code")
    places = range(1, count + 1)
    again = {n: (pl.col(f"diagnosis_{n}") == principal).fill_null(value=False) for n in places}
    first = frame.filter(pl.col("record_no") == pl.col("payer_claim_id")).with_columns(named)
    return first.with_columns(
        *(
            pl.when(~again[n]).then(pl.col(f"diagnosis_{n}")).alias(f"diagnosis_{n}")
            for n in places
        ),
        principal_poa=pl.coalesce(pl.when(again[n]).then(pl.col(f"poa_{n}")) for n in places),
    )


def _places(count: int) -> list[tuple[str, int, dict[str, str]]]:
    principal = _sources("principal_diagnosis_code", "principal_icd", "principal_poa")
    others = range(1, count + 1)
    return [
        ("principal", 1, principal),
        *(("other", n, _sources(f"diagnosis_{n}", f"icd_{n}", f"poa_{n}")) for n in others),
    ]


def _sources(code: str, system: str, present: str) -> dict[str, str]:
    return {"diagnosis_code": code, "code_system": system, "present_on_admission_code": present}


def _operations() -> list[tuple[str, int, dict[str, str]]]:
    return [
        (
            "",
            n,
            {
                "procedure_code": f"procedure_{n}",
                "code_system": f"procedure_icd_{n}",
                "procedure_date": f"procedure_date_{n}",
            },
        )
        for n in range(1, fields.MOST_CODES["procedure"] + 1)
    ]


_MADE: Mapping[str, Callable[[Rows], Part]] = {
    "institutional": _institutional,
    "carrier": _carrier,
    "drugs": _drugs,
    "members": _members,
    "history": _history,
}
