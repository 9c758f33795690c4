"""What an 837 tells of other payers (loops 2320, 2330 and 2430): coordination of benefits."""

from analytics.ingest.x12.cas import triplets
from analytics.ingest.x12.claim_tree import Tree
from analytics.ingest.x12.loops import parts, pick
from analytics.ingest.x12.table import Table
from analytics.ingest.x12.tokens import packed


def other_payers(tree: Tree) -> Table:
    """One row per other payer of a claim."""
    found, rows = tree.found, tree.levels["other"]
    amt, payer = parts(tree.loops, "AMT"), tree.names.of("other", "PR")
    table = Table("claim_other_payer", found, rows, {"claim": tree.loops.owner("claim", rows)})
    table.text(payer_sequence_code=1, claim_filing_code=9)
    table.text(payer, payer_code=9)
    table.text(payer, upper=True, payer_name=3)
    table.money(amt.of("other", "D"), paid_amount=2)
    table.money(amt.of("other", "EAF"), remaining_patient_amount=2)
    table.money(amt.of("other", "A8"), noncovered_amount=2)
    return table


def line_answers(tree: Tree) -> Table:
    """One row per answer of another payer to a line (SVD)."""
    found, rows = tree.found, tree.found.new("SVD")
    table = Table("claim_line_other_payer", found, rows, {"claim": tree.loops.owner("claim", rows)})
    nested = tree.loops.and_inside("answer", rows)
    dates = found.of("DTP")
    dates = dates[found.qualifier(dates) == packed("573")]
    paid = pick(len(rows), nested.owner("answer", dates), dates)
    table.text(payer_code=1)
    table.money(paid_amount=2)
    table.day(optional=True, paid_date=found.span(paid, 3))
    return table


def adjustments(tree: Tree) -> Table:
    """One row per CAS triplet that another payer applied, on claims and lines."""
    rows = tree.found.new("CAS")
    owners = {"claim": tree.loops.owner("claim", rows)}
    return triplets("claim_other_payer_adjustment", tree.found, owners)
