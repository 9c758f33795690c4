"""Money transferred against money in the ledger."""

import datetime as dt

import pytest
from world import claim, claims, payment, payments

from analytics.errors import UnknownNameError
from analytics.metrics import cash_reconciliation

AMOUNTS = (
    "payment_amount", "undated_or_later_amount", "claim_paid_amount", "unmatched_amount",
    "provider_adjustment_amount", "interest_amount", "difference_amount",
)  # fmt: skip


@pytest.fixture
def db(given):
    """1: 60 + 10 to nobody of ours, 4 withheld, 1 interest.  2: 5 short.  3: later.  4: no date."""
    return given(
        claim=claims(claim(1)),
        remit="""
        remit_id | file_id | record_no | payment_date | payment_amount | payer_id
        1        | 9       | 100       | 2026-02-01   | 67             | 5
        2        | 9       | 200       | 2026-03-01   | 25             | 5
        3        | 9       | 300       | 2026-07-01   | 40             |
        4        | 9       | 400       |              | 50             |
        """,
        payer="payer_id | payer_name\n5 | ACME",
        remit_claim=payments(
            payment(10, 1, paid="60"), payment(11, 1, "Z", paid="10"), payment(12, 2, paid="20"),
            payment(13, 3, paid="40"), payment(14, 4, paid="50"),
        ),
        provider_adjustment="""
        remit_id | file_id | record_no | position | reason_code | amount
        1        | 9       | 150       | 1        | WO          | 4
        1        | 9       | 150       | 2        | L6          | -1
        3        | 9       | 350       | 1        | WO          | 7
        """,
        as_of=dt.date(2026, 6, 30),
    )  # fmt: skip


def test_each_payment_to_the_cent(db):
    frame = cash_reconciliation(db)
    assert frame.select("record_no", "payer_name", "status", *AMOUNTS).rows() == [
        (100, "ACME", "counted", 67, 0, 70, 10, 3, 1, 0),
        (200, "ACME", "counted", 25, 0, 20, 0, 0, 0, -5),
        (300, None, "after the as-of date", 40, 40, 0, 0, 0, 0, 0),
        (400, None, "of no known date", 50, 50, 0, 0, 0, 0, 0),
    ]
    assert frame["unmatched_count"].to_list() == [1, 0, 0, 0]


def test_by_payer_and_in_all(db):
    by_payer = cash_reconciliation(db, "payer_name", where={"status": "counted"})
    assert by_payer.select("payer_name", "n", *AMOUNTS).rows() == [
        ("ACME", 2, 92, 0, 90, 10, 3, 1, -5)
    ]
    assert cash_reconciliation(db, ()).select("n", *AMOUNTS).row(0) == (
        4,
        182,
        90,
        90,
        10,
        3,
        1,
        -5,
    )


def test_names_are_checked(db):
    with pytest.raises(UnknownNameError, match="did you mean 'payer_name'"):
        cash_reconciliation(db, "payer_nme")
