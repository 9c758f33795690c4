"""What an 837 tells of other payers (loops 2320, 2330 and 2430): coordination of benefits."""

from analytics.ingest.x12 import remarks as codes
from analytics.ingest.x12.cas import triplets
from analytics.ingest.x12.claim_tree import Tree
from analytics.ingest.x12.loops import parts, place
from analytics.ingest.x12.modifiers import modifiers
from analytics.ingest.x12.spans import Positions
from analytics.ingest.x12.table import Table


def other_payers(tree: Tree) -> Table:
    """One row per other payer of a claim."""
    found, rows = tree.found, tree.levels["other"]
    table = Table("claim_other_payer", found, rows, {"claim": tree.loops.owner("claim", rows)})
    if not len(rows):
        return table
    amt, payer = parts(tree.loops, "AMT"), tree.names.of("other", "PR")
    table.text(
        payer_sequence_code=1, relationship_code=2, group_number=3, insurance_type_code=5,
        claim_filing_code=9,
    )  # fmt: skip
    table.text(parts(tree.loops, "OI").any_of("other"), benefits_assigned_code=3, release_code=6)
    table.text(payer, payer_code=9)
    table.text(payer, upper=True, payer_name=3)
    table.text(tree.below(payer, "REF", "F8"), payer_claim_number=2)
    table.text(tree.below(payer, "REF", "G1"), prior_authorization_number=2)
    table.day(optional=True, paid_date=found.span(tree.below(payer, "DTP", "573"), 3))
    table.money(amt.of("other", "D"), paid_amount=2)
    table.money(amt.of("other", "EAF"), remaining_patient_amount=2)
    table.money(amt.of("other", "A8"), noncovered_amount=2)
    return table


def line_answers(tree: Tree) -> Table:
    """One row per answer of another payer to a line (SVD)."""
    found, rows = tree.found, tree.found.new("SVD")
    table = Table("claim_line_other_payer", found, rows, {"claim": tree.loops.owner("claim", rows)})
    if not len(rows):
        return table
    whole = found.span(rows, 3)
    procedure = found.components(whole, 2)
    table.text(payer_code=1)
    table.columns["procedure_qualifier"] = found.column(procedure[0])
    table.columns["procedure_code"] = found.column(procedure[1], upper=True)
    modifiers(table, whole)
    table.text(revenue_code=4, bundled_line_no=6)
    table.money(paid_amount=2)
    table.quantity(optional=True, units=5)
    paid, left = (
        parts(tree.answers, name).of("answer", qualifier)[-len(rows) :]  # not of the context
        for name, qualifier in (("DTP", "573"), ("AMT", "EAF"))
    )
    table.day(optional=True, paid_date=found.span(paid, 3))
    table.money(left, optional=True, remaining_patient_amount=2)
    return table


def adjustments(tree: Tree) -> Table:
    """One row per CAS triplet that another payer applied, on claims and lines."""
    rows = tree.found.new("CAS")
    owners = {"claim": tree.loops.owner("claim", rows)}
    return triplets("claim_other_payer_adjustment", tree.found, owners)


def remarks(tree: Tree) -> Table:
    """One row per remark code that another payer gave to a claim."""
    return codes.remarks("claim_other_payer_remark", tree.found, ("MIA", "MOA"))


def ids(tree: Tree, table: Table) -> dict[str, Positions]:
    """The segments that name further what a row of these tables is of."""
    if table.name == "claim_other_payer_adjustment":
        return {"line_answer_record_no": tree.answers.at("answer", table.rows)}
    if table.name == "claim_other_payer":
        return {"subscriber_id": insured(tree, table.rows)}
    return {}


def insured(tree: Tree, rows: Positions) -> Positions:
    """For each other payer (SBR) the NM1 that names who is insured by it, or -1."""
    return place(tree.names.of("other", "IL"), tree.loops.owner("other", rows))
