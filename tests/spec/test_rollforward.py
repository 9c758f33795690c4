"""How the receivables of one month become those of the next."""

import datetime as dt

import pytest
from world import REMIT, adjustments, claim, claims, payment, payments, write_offs

from analytics.errors import UnknownNameError
from analytics.metrics import ar_rollforward

JAN, FEB, MAR, APR, MAY, JUN = (dt.date(2026, month, 1) for month in range(1, 7))


@pytest.fixture
def db(given):
    """Claim A: paid 60 in February, taken back in March.  Claim B: 30 in March, overpaid in May."""
    return given(
        claim=claims(claim(1), claim(2, "B", sent="2026-03-05", billed="30")),
        remit=REMIT,
        remit_claim=payments(
            payment(10, 1, paid="60"),
            payment(11, 2, status="22", charge="-100", paid="-60"),
            payment(12, 4, "B", charge="30", paid="40", icn="Y"),
        ),
        adjustment=adjustments((10, "CO", "45", "15"), (10, "CO", "97", "25")),
        write_off=write_offs(("A", "2026-05-20", "5")),
        as_of=dt.date(2026, 6, 15),
    )


def test_opening_and_movements_make_the_closing(db):
    moved = ("charge", "payer_payment", "contractual", "taken_back", "write_off")
    frame = ar_rollforward(db)
    assert frame.select("period", "opening", *moved, "closing", "closing_credit").rows() == [
        (JAN, 0, 100, 0, 0, 0, 0, 100, 0),
        (FEB, 100, 0, -60, -15, 0, 0, 25, 0),
        (MAR, 25, 30, 0, 0, 75, 0, 130, 0),
        (APR, 130, 0, 0, 0, 0, 0, 130, 0),
        (MAY, 130, 0, -40, 0, 0, -5, 85, -10),
        (JUN, 85, 0, 0, 0, 0, 0, 85, -10),
    ]
    assert frame["difference"].to_list() == [0] * 6


def test_a_group_begins_with_its_first_movement(db):
    frame = ar_rollforward(db, "submission_date", every="quarter")
    assert frame.select("submission_date", "period", "opening", "closing").rows() == [
        (dt.date(2026, 1, 10), JAN, 0, 100),
        (dt.date(2026, 1, 10), APR, 100, 95),
        (dt.date(2026, 3, 5), JAN, 0, 30),
        (dt.date(2026, 3, 5), APR, 30, -10),
    ]


def test_names_are_checked(db):
    with pytest.raises(UnknownNameError, match="entry_date"):
        ar_rollforward(db, "entry_date")
    with pytest.raises(UnknownNameError, match="did you mean 'month'"):
        ar_rollforward(db, every="mnth")
