"""What an 837 tells of other payers (loops 2320, 2330 and 2430): coordination of benefits."""

import polars as pl

from analytics.ingest.x12.cas import triplets
from analytics.ingest.x12.claim_tree import Tree
from analytics.ingest.x12.columns import typed
from analytics.ingest.x12.loops import Loops, parts, pick, place
from analytics.ingest.x12.tokens import Positions, packed


def other_payers(tree: Tree) -> pl.DataFrame:
    """One row per other payer of a claim."""
    found, rows = tree.found, tree.levels["other"]
    amt = parts(tree.loops, "AMT")
    payer = tree.names.of("other", "PR")
    frame = pl.DataFrame(
        {
            "record_no": found.record_no[rows],
            "claim_id": found.records(tree.loops.at("claim", rows)),
            "payer_sequence_code": found.text(rows, 1),
            "claim_filing_code": found.text(rows, 9),
            "payer_code": found.text(payer, 9),
            "payer_name": found.text(payer, 3).str.to_uppercase(),
            "paid_amount": found.text(amt.of("other", "D"), 2),
            "remaining_patient_amount": found.text(amt.of("other", "EAF"), 2),
            "noncovered_amount": found.text(amt.of("other", "A8"), 2),
        }
    )
    return typed(frame, amounts=[c for c in frame.columns if c.endswith("_amount")])


def line_answers(tree: Tree) -> pl.DataFrame:
    """One row per answer of another payer to a line (SVD)."""
    found, rows = tree.found, tree.found.new("SVD")
    nested = Loops(found, tree.levels | {"answer": rows})
    dates = found.of("DTP")
    dates = dates[found.qualifier(dates) == packed("573")]
    paid = pick(len(rows), nested.owner("answer", dates), dates)
    frame = pl.DataFrame(
        {
            "record_no": found.record_no[rows],
            "claim_line_id": _service(tree, rows),
            "claim_id": found.records(tree.loops.at("claim", rows)),
            "payer_code": found.text(rows, 1),
            "paid_amount": found.text(rows, 2),
            "paid_date": found.text(paid, 3),
        }
    )
    return typed(frame, amounts=["paid_amount"], optional_dates=["paid_date"])


def adjustments(tree: Tree) -> pl.DataFrame:
    """One row per CAS triplet that another payer applied, on claims and lines."""
    found, rows = tree.found, tree.found.new("CAS")
    owners = {
        "claim_id": found.records(tree.loops.at("claim", rows)),
        "claim_line_id": _service(tree, rows),
        "other_payer_record_no": found.records(tree.loops.at("other", rows)),
    }
    return triplets(found, rows, owners)


def _service(tree: Tree, rows: Positions) -> pl.Series:
    """For each row the SV segment of its line."""
    found = tree.found
    service = found.of("SV1", "SV2", "SV3")
    first = pick(len(tree.levels["line"]), tree.loops.owner("line", service), service)
    return found.records(place(first, tree.loops.owner("line", rows)))
