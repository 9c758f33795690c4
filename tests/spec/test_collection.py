"""How much of what could be collected came in."""

import datetime as dt

import pytest
from world import REMIT, adjustments, claim, claims, payment, payments, posted

from analytics.metrics.collections import gross_collection_rate, net_collection_rate

AS_OF = dt.date(2026, 6, 30)


def net(db, **more):
    row = net_collection_rate(db, **more).row(0, named=True)
    return row["top"], row["bottom"]


def test_payers_and_patients_less_refunds_over_charges_less_contractual(given):
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=payments(payment(10, paid="60")),
        adjustment=adjustments((10, "CO", "45", "20"), (10, "PR", "2", "20")),
        patient_payment=posted(
            "payment_date | amount", ("A", "2026-03-01", "25"), ("A", "2026-03-09", "-5")
        ),
        as_of=AS_OF,
    )
    assert net(db) == (80, 80)
    assert net_collection_rate(db)["value"].item() == pytest.approx(1)
    assert gross_collection_rate(db)["value"].item() == pytest.approx(0.8)


def test_a_second_payer_adds_its_payment_and_no_charge(given):
    """100 charged: 50 paid, 20 contractual, 30 left; the second payer pays 20, cuts 10."""
    db = given(
        claim=claims(claim(1), claim(2, seq="S", sent="2026-02-10")),
        remit=REMIT,
        remit_claim=payments(payment(10, 1, paid="50"), payment(11, 2, status="2", paid="20")),
        adjustment=adjustments(
            (10, "CO", "45", "20"), (10, "PR", "2", "30"), (11, "OA", "23", "70"),
            (11, "CO", "45", "10"),
        ),
        as_of=AS_OF,
    )  # fmt: skip
    assert net(db) == (70, 70)
    assert gross_collection_rate(db).select("n", "top", "bottom").row(0) == (1, 70, 100)


def test_a_second_payers_claim_alone_is_asked_what_is_left(given):
    db = given(
        claim=claims(claim(2, seq="S")),
        remit=REMIT,
        remit_claim=payments(payment(11, 2, status="2", paid="20")),
        adjustment=adjustments((11, "OA", "23", "70"), (11, "CO", "45", "10")),
        as_of=AS_OF,
    )
    assert net(db) == (20, 20)


def test_what_is_taken_back_is_neither_paid_nor_contractual(given):
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=payments(
            payment(10, 1, paid="60"), payment(11, 2, status="22", charge="-100", paid="-60"),
            payment(12, 3, paid="70", icn="X2"),
        ),
        adjustment=adjustments(
            (10, "CO", "45", "40"), (11, "CO", "45", "-40"), (12, "CO", "45", "30")
        ),
        as_of=AS_OF,
    )  # fmt: skip
    assert net(db) == (70, 70)


def test_a_replacement_replaces_the_charge_and_a_void_is_left_out(given):
    db = given(
        claim=claims(
            claim(1), claim(2, sent="2026-02-10", billed="70", freq="7"),
            claim(3, "V"), claim(4, "V", sent="2026-02-10", freq="8"),
        ),
        as_of=AS_OF,
    )  # fmt: skip
    assert net(db) == (0, 70)
    left_out = net_collection_rate.excluded(db)
    assert left_out.select("reason", "n").rows() == [("voided", 1)]


def test_a_month_is_mature_when_nothing_is_owed_or_time_has_passed(given):
    db = given(
        claim=claims(
            claim(1, "A", day="2025-11-05", sent="2025-12-01"),
            claim(2, "B", day="2026-01-05"),
            claim(3, "C", day="2026-02-05", sent="2026-02-10"),
        ),
        remit=REMIT,
        remit_claim=payments(payment(10, 1, "B", paid="100")),
        as_of=AS_OF,
    )
    frame = net_collection_rate(db, every="month")
    assert frame.select("settled_share", "is_mature").rows() == [(1, True), (1, True), (0, False)]
