"""837 claims to frames: claim, claim_line, claim_diagnosis, other payers, and who is named.

Guides: ASC X12N 005010X222A1 (professional), X223A2 (institutional), X224A2 (dental).
"""

import numpy as np
import polars as pl

from analytics.ingest.extract import Findings
from analytics.ingest.x12 import claim_codes, claim_lines, claim_other_payers, claim_parties, warn
from analytics.ingest.x12.claim_tree import Tree
from analytics.ingest.x12.columns import ZERO, first_of, typed
from analytics.ingest.x12.dates import days, filled
from analytics.ingest.x12.loops import Parts, parts
from analytics.ingest.x12.settle import settle
from analytics.ingest.x12.tokens import Segments

_PREDETERMINATION = "X291|X292|X300"
_TYPES = {
    "professional": "X222|X291|X098",
    "institutional": "X223|X292|X096",
    "dental": "X224|X300|X097",
}


def read(found: Segments, findings: Findings) -> dict[str, pl.DataFrame]:
    """The 837 rows of a chunk; `found` shows the segments of 837 sets only."""
    tree = Tree(found)
    tables = {
        "claim": _claims(tree),
        "claim_line": claim_lines.lines(tree),
        "claim_diagnosis": claim_codes.diagnoses(tree),
        "claim_other_payer": claim_other_payers.other_payers(tree),
        "claim_line_other_payer": claim_other_payers.line_answers(tree),
        "claim_other_payer_adjustment": claim_other_payers.adjustments(tree),
    }
    kept = settle(found, tables, "claim_id", findings)
    claims, lines = filled(kept["claim"], kept["claim_line"], "claim_id")
    claims = _with_codes(claims, kept["claim_diagnosis"], claim_codes.drg(tree))
    kept |= {"claim": _summed(claims, lines), "claim_line": claim_lines.of_claims(lines, claims)}
    kept |= _parties(tree, kept["claim"])
    warn.claims(kept, findings)
    return kept


def _claims(tree: Tree) -> pl.DataFrame:
    """One row per CLM."""
    found, rows = tree.found, tree.claims
    frame = pl.DataFrame(
        {"record_no": found.record_no[rows]} | _own(tree) | _envelope(tree) | _named(tree)
    )
    frame = typed(
        frame,
        amounts=["billed_amount", "patient_paid_amount"],
        dates=["service_from_date", "service_to_date"],
        optional_dates=["submission_date", "group_date", "admission_date"],
    )
    missing = pl.when(pl.col("patient_control_number").is_null())
    undated = pl.when(pl.col("submission_date").is_null()).then(pl.lit("submission_date_missing"))
    return (
        _typed_claims(frame)
        .with_columns(
            pl.col("record_no").alias("claim_id"),
            pl.col("billed_amount").fill_null(ZERO),
            pl.coalesce("submission_date", "group_date").alias("submission_date"),
            fault=pl.coalesce("fault", missing.then(pl.lit("control_number_missing"))),
            doubt=pl.coalesce(undated, "doubt"),
        )
        .drop("group_date", "implementation", "facility_code", "facility_kind", "purpose")
    )


def _own(tree: Tree) -> dict[str, pl.Series]:
    """What the claim says of itself."""
    found, rows = tree.found, tree.claims
    ref, dtp = parts(tree.detail, "REF"), parts(tree.detail, "DTP")
    amt = parts(tree.detail, "AMT")
    cl1 = parts(tree.loops, "CL1")
    facility = found.span(rows, 5)
    first, last = days(_statement(tree, dtp))
    return {
        "patient_control_number": found.text(rows, 1),
        "billed_amount": found.text(rows, 2),
        "facility_code": found.strings(found.component(facility, 0)),
        "facility_kind": found.strings(found.component(facility, 1)),
        "frequency_code": found.strings(found.component(facility, 2)),
        "purpose": found.text(rows, 19),
        "original_payer_claim_number": found.text(ref.of("claim", "F8"), 2),
        "prior_authorization_number": found.text(ref.of("claim", "G1"), 2),
        "service_from_date": first,
        "service_to_date": last,
        "admission_date": found.text(dtp.of("claim", "435"), 3),
        "admission_type_code": found.text(cl1.any_of("claim"), 1),
        "discharge_status_code": found.text(cl1.any_of("claim"), 3),
        "patient_paid_amount": found.text(amt.of("claim", "F5"), 2),
        "note_count": _notes(tree),
    }


def _statement(tree: Tree, dtp: Parts) -> pl.Series:
    """The claim's days of service: statement dates, else the service date of the claim."""
    found = tree.found
    return first_of(found.text(dtp.of("claim", "434"), 3), found.text(dtp.of("claim", "472"), 3))


def _envelope(tree: Tree) -> dict[str, pl.Series]:
    """What the set and the subscriber's loop say for the claim."""
    found, rows = tree.found, tree.claims
    start, group = tree.above("set", tree.levels["set"]), tree.group_header()
    subscriber = tree.above("subscriber", parts(tree.loops, "SBR").any_of("subscriber"))
    bht = tree.of_set("BHT")
    return {
        "transaction_id": found.records(tree.loops.at("set", rows)),
        "implementation": first_of(found.text(start, 3), found.text(group, 8)),
        "reference_number": found.text(bht, 3),
        "submission_date": found.text(bht, 4),
        "group_date": found.text(group, 4),
        "payer_sequence_code": found.text(subscriber, 1),
        "claim_filing_code": found.text(subscriber, 9),
    }


def _named(tree: Tree) -> dict[str, pl.Series]:
    """Who is named on the claim and above it."""
    found, names = tree.found, tree.names
    billing = tree.above("billing", names.of("billing", "85"))
    facility = names.of("claim", "77")
    state = first_of(
        found.text(tree.below(facility, "N4"), 2), found.text(tree.below(billing, "N4"), 2)
    )
    return {
        "patient_id": found.records(claim_parties.patient_rows(tree)),
        "payer_id": found.records(claim_parties.payer_rows(tree)),
        "billing_npi": tree.npi(billing),
        "billing_tin": found.text(tree.below(billing, "REF", "EI", "SY"), 2),
        "rendering_npi": tree.npi(names.of("claim", "82")),
        "referring_npi": tree.npi(names.of("claim", "DN", "P3")),
        "attending_npi": tree.npi(names.of("claim", "71")),
        "facility_npi": tree.npi(facility),
        "facility_state_code": state.str.to_uppercase(),
    }


def _notes(tree: Tree) -> pl.Series:
    """Per claim how many notes it carries; their text is left where it is."""
    owner = tree.loops.owner("claim", tree.found.of("NTE"))
    counts = np.bincount(owner[owner >= 0], minlength=len(tree.claims))
    return pl.Series(values=counts[: len(tree.claims)], dtype=pl.Int32)


def _typed_claims(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with what kind of claim it is: by the guide named, else by CLM05-2."""
    guide = pl.col("implementation")
    by_guide = [pl.when(guide.str.contains(p)).then(pl.lit(name)) for name, p in _TYPES.items()]
    by_form = pl.when(pl.col("facility_kind") == "A").then(pl.lit("institutional"))
    kind = pl.coalesce(*by_guide, by_form, pl.lit("professional"))
    frame = frame.with_columns(claim_type=kind)
    institutional = pl.col("claim_type") == "institutional"
    bill = pl.concat_str("facility_code", "frequency_code", ignore_nulls=True)
    asks_price = guide.str.contains(_PREDETERMINATION) | (pl.col("purpose") == "PB")
    return frame.with_columns(
        bill_type_code=pl.when(institutional).then(bill),
        place_of_service_code=pl.when(~institutional).then("facility_code"),
        is_predetermination=asks_price.fill_null(value=False),
    )


def _with_codes(claims: pl.DataFrame, codes: pl.DataFrame, drg: pl.DataFrame) -> pl.DataFrame:
    """Claims with principal diagnosis and DRG."""
    principal = codes.filter((pl.col("kind") == "principal") & (pl.col("position") == 1)).select(
        "claim_id", principal_diagnosis_code="diagnosis_code"
    )
    joined = claims.join(principal, on="claim_id", how="left", maintain_order="left")
    return joined.join(drg, on="claim_id", how="left", maintain_order="left")


def _summed(claims: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Claims with ``is_summed``: the charge is the sum of the lines."""
    total = lines.group_by("claim_id").agg(pl.col("billed_amount").sum().alias("total"))
    joined = claims.join(total, on="claim_id", how="left", maintain_order="left")
    equal = pl.col("total").fill_null(ZERO) == pl.col("billed_amount")
    return joined.with_columns(is_summed=equal).drop("total")


def _parties(tree: Tree, claims: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Patients and payers of the claims kept, and all providers named."""
    patients, payers = claim_parties.patients(tree), claim_parties.payers(tree)
    patients = typed(patients, optional_dates=["birth_date"]).drop("fault", "doubt")
    return {
        "patient": patients.filter(pl.col("record_no").is_in(claims["patient_id"].implode())),
        "payer": payers.filter(pl.col("record_no").is_in(claims["payer_id"].implode())),
        "provider": claim_parties.providers(tree),
    }
