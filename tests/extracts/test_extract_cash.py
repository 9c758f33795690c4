"""Payments as clearinghouses export them: claims, provider-level adjustments, other payers."""

from decimal import Decimal

import pytest
from extract_worlds import HEAD, lines

from analytics.maps import MapError
from analytics.metrics.reconciliation import cash_reconciliation

POSTINGS = (
    HEAD
    + """grain = "transaction"
[file.columns]
remit.trace_number = "Check"
remit.payment_date = "Paid On"
payer.payer_name = "Payer"
remit_claim.patient_control_number = "Acct"
remit_claim.paid_amount = { column = "Amt", sum = true, where = { Type = ["PMT"] } }
adjustment.group_and_carc_code = { column = "Code", where = { Type = "ADJ" } }
adjustment.amount = { column = "Amt", where = { Type = "ADJ" } }
provider_adjustment.reason_code = { column = "Code", where = { Type = ["PLB"] } }
provider_adjustment.reference = { column = "Ref", where = { Type = ["PLB"] } }
provider_adjustment.amount = { column = "Amt", where = { Type = ["PLB"] } }
"""
)
ROWS = """Check,Paid On,Payer,Acct,Type,Code,Amt,Ref
C1,3/1/26,Acme,A1,PMT,,80.00,
C1,3/1/26,Acme,A1,adj,CO-45,20.00,
C1,3/1/26,Acme,A2,PMT,,50.00,
C1,3/1/26,Acme,A2,PMT,,-5.00,
C1,3/1/26,Acme,,PLB,WO,30.00,ICN9
C1,3/1/26,Acme,,PLB,L6,-1.25,
C2,3/2/26,Acme,A3,PMT,,10.00,
"""


def cash(world):
    world.db.build(as_of="2026-06-30")
    return cash_reconciliation(world.db, ["payment_date"]).select(
        "payment_amount", "claim_paid_amount", "provider_adjustment_amount", "interest_amount",
        "difference_amount",
    )  # fmt: skip


def test_cash_closes_with_adjustments_of_the_provider(world):
    report = world.load(POSTINGS, ROWS)
    assert (report.extract_rows, world.rejected()) == (7, [])
    assert cash(world).rows() == [
        tuple(map(Decimal, row))
        for row in (("96.25", "125", "28.75", "1.25", "0"), ("10", "10", "0", "0", "0"))
    ]
    names = ("record_no", "position", "reason_code", "reference")
    assert world.rows("provider_adjustment", *names) == [
        (5, 1, "WO", "ICN9"), (6, 1, "L6", None),
    ]  # fmt: skip
    assert world.rows("remit_claim", "patient_control_number", "charge_amount", "paid_amount") == [
        ("A1", Decimal(100), Decimal(80)), ("A2", Decimal(45), Decimal(45)),
        ("A3", Decimal(10), Decimal(10)),
    ]  # fmt: skip
    assert world.rows("adjustment", "group_code", "carc_code", "amount") == [
        ("CO", "45", Decimal(20))
    ]


def test_a_check_that_is_told_is_held_against_what_is_there(world):
    text = POSTINGS + 'remit.payment_amount = "Check Amt"\n'
    head, *rows = ROWS.splitlines()
    told = [f"{row},{'96.25' if row.startswith('C1') else '12.00'}" for row in rows]
    world.load(text, "\n".join([head + ",Check Amt", *told]) + "\n")
    assert cash(world)["difference_amount"].to_list() == [Decimal(0), Decimal(-2)]


def test_adjustments_of_the_provider_side_by_side(world):
    text = (
        HEAD
        + """grain = "claim"
[file.columns]
remit.trace_number = "Check"
remit.payment_date = "Paid On"
payer.payer_name = "Payer"
remit_claim.patient_control_number = "Acct"
remit_claim.paid_amount = "Paid"
provider_adjustment.reason_code = "PLB{n}"
provider_adjustment.amount = "PLB{n} Amt"
"""
    )
    rows = (
        "Check,Paid On,Payer,Acct,Paid,PLB1,PLB1 Amt,PLB2,PLB2 Amt\n"
        "C1,3/1/26,Acme,A1,80,,,,\nC1,3/1/26,Acme,,,FB,5,72,2\nC1,3/1/26,Acme,,,,5,,\n"
        "C1,3/1/26,Acme,,7,,,,\n"
    )
    world.load(text, rows)
    assert world.rejected() == [(3, "value_missing", "PLB{n}"), (4, "value_missing", "Acct")]
    assert world.rows("provider_adjustment", "position", "reason_code") == [(1, "FB"), (2, "72")]
    assert cash(world).row(0)[:3] == (Decimal(73), Decimal(80), Decimal(7))


def test_a_provider_adjustment_needs_its_payments(world):
    lonely = [line for line in POSTINGS.splitlines() if "remit_claim" not in line]
    with pytest.raises(MapError, match="map remit_claim"):
        world.load("\n".join(lonely), ROWS)


COB = """
claim_other_payer.payer_name = "Other{n}"
claim_other_payer.paid_amount = "Other{n} Paid"
"""


def test_other_payers_of_a_claim_side_by_side(world):
    text = (
        HEAD
        + """grain = "claim"
[file.columns]
claim.patient_control_number = "Acct"
claim.claim_type = { constant = "professional" }
claim.submission_date = "Sent"
claim.billed_amount = "Amt"
claim.service_from_date = "DOS"
claim.payer_sequence_code = "Seq"
payer.payer_name = "Payer"
"""
        + COB
    )
    world.load(
        text,
        "Acct,Sent,Amt,DOS,Seq,Payer,Other1,Other1 Paid,Other2,Other2 Paid\n"
        "A,1/5/26,90,1/2/26,T,P,Acme,50.00,Best,\nB,1/5/26,90,1/2/26,P,P,,0.00,,\n",
    )
    assert world.rejected() == []
    rows = world.rows("claim_other_payer", "claim_id % 4294967296", "payer_name", "paid_amount")
    assert rows == [(1, "Acme", Decimal(50)), (1, "Best", None)]


def test_what_other_payers_paid_is_added_up_over_lines(world):
    text = lines(columns='claim_other_payer.paid_amount = { column = "Prim", sum = true }\n')
    world.load(
        text,
        "Acct,Sent,Payer,CPT,Amt,DOS,Prim\nA,1/5/26,P,1,9,1/2/26,4.00\nA,1/5/26,P,2,9,1/2/26,1.50\n"
        "B,1/5/26,P,1,9,1/2/26,\n",
    )
    assert world.rejected() == []
    assert world.rows("claim_other_payer", "record_no", "paid_amount") == [(1, Decimal("5.50"))]


def test_a_value_says_nothing_in_other_rows(world):
    text = HEAD + (
        '[file.columns]\nwrite_off.patient_control_number = "Acct"\n'
        'write_off.write_off_date = "Day"\nwrite_off.amount = "Amt"\n'
        'write_off.reason = { column = "Why", map = { x = "SMALL" }, where = { T = "W" } }\n'
    )
    world.load(text, "Acct,Day,Amt,Why,T\nA,1/5/26,5,x,w\nB,1/5/26,5,y,other\nC,1/5/26,5,y,W\n")
    assert world.rows("write_off", "patient_control_number", "reason") == [
        ("A", "SMALL"),
        ("B", None),
    ]
    assert world.rejected() == [(3, "value_not_in_map", "Why")]
