"""When and how much of a denial comes back, and what is left to do about the rest."""

import datetime as dt
from decimal import Decimal

import pytest
from world import REMIT, adjustments, claim, claims, payment, payments

from analytics.metrics import denial_cohorts, denial_worklist

MAPPED = {
    "payer": """
    payer_id | payer_code | payer_name
    ---------+------------+-----------
    5        | 55         | ACME
    """,
    "payer_map": """
    payer_code | canonical_payer | filing_limit_days | appeal_limit_days
    -----------+-----------------+-------------------+------------------
    55         | Acme            | 365               | 90
    """,
}


def denied_then(given, *later, as_of=None, **more):
    """A claim of $100 denied on 2026-02-01, with what payments came later."""
    return given(
        as_of=as_of,
        claim=claims(claim(10)),
        remit=REMIT,
        remit_claim=payments(payment(100), *later),
        adjustment=adjustments((100, "CO", "197", "100")),
        **more,
    )


def triangle(db):
    frame = denial_cohorts(db).select("months", "hits", "recovered_amount", "dollar_value")
    return [tuple(float(v) if isinstance(v, Decimal) else v for v in row) for row in frame.rows()]


def test_recovered_dollars_add_up_month_by_month(given):
    """Paid $30 in March and $20 more in April, of $100 denied in February."""
    db = denied_then(
        given,
        payment(101, remit=2, paid="30", icn="X2"),
        payment(102, remit=3, paid="20", icn="X3"),
        as_of=dt.date(2026, 4, 30),
    )
    assert triangle(db) == [(0, 0, 0, 0), (1, 1, 30, 0.3), (2, 1, 50, 0.5)]


def test_a_month_not_over_is_not_known_yet(given):
    """On April 29 the month of April, the second since February, is not over."""
    db = denied_then(given, payment(101, remit=2, paid="30"), as_of=dt.date(2026, 4, 29))
    assert triangle(db) == [(0, 0, 0, 0), (1, 1, 30, 0.3)]
    db = denied_then(given, as_of=dt.date(2026, 2, 10))
    assert triangle(db) == [(0, None, None, None)]


def test_a_payment_taken_back_recovered_nothing(given):
    db = denied_then(
        given,
        payment(101, remit=2, paid="30", icn="X2"),
        payment(102, remit=3, status="22", charge="-100", paid="-30", icn="X2"),
        as_of=dt.date(2026, 3, 31),
    )
    assert triangle(db) == [(0, 0, 0, 0), (1, 1, 30, 0.3)], "in March it was not taken back yet"
    db.build(dt.date(2026, 4, 30))
    assert triangle(db)[-1] == (2, 0, 0, 0)


@pytest.mark.parametrize(
    ("as_of", "appeal", "filing", "left", "past"),
    [  # denied on 2026-02-01, served on 2026-01-05
        (dt.date(2026, 4, 2), 30, 278, 30, False),
        (dt.date(2026, 5, 2), 0, 248, 0, False),
        (dt.date(2026, 5, 3), -1, 247, 247, False),
        (dt.date(2027, 1, 6), -249, -1, -1, True),
    ],
)
def test_deadlines_count_from_the_denial_and_from_the_service(
    given, as_of, appeal, filing, left, past
):
    """90 days to appeal a denial, 365 days from the service to file."""
    claims_of_payer = claims(claim(10)).replace("billed_amount", "billed_amount | payer_id", 1)
    head, row = claims_of_payer.splitlines()
    cells = row.split(" | ")
    cells.insert(8, "5")
    db = given(
        as_of=as_of,
        claim="\n".join([head, " | ".join(cells)]),
        remit=REMIT,
        remit_claim=payments(payment(100)),
        adjustment=adjustments((100, "CO", "197", "100")),
        **MAPPED,
    )
    found = denial_worklist(db).row(0, named=True)
    assert found["appeal_deadline_date"] == dt.date(2026, 5, 2)
    assert found["filing_deadline_date"] == dt.date(2027, 1, 5)
    assert (found["appeal_days_left"], found["filing_days_left"]) == (appeal, filing)
    assert (found["days_left"], found["is_past_deadline"]) == (left, past)


def test_without_a_payer_map_no_deadline_is_known(given):
    found = denial_worklist(denied_then(given, as_of=dt.date(2026, 3, 1))).row(0, named=True)
    assert found["days_left"] is None
    assert found["is_past_deadline"] is None
    assert (found["open_amount"], found["overturn_rate"]) == (Decimal("100.00"), None)


def test_the_rate_is_of_denials_old_enough_to_show_it(given):
    """Four denials of February, three overturned in March; on May 10 a denial is 9 days old.

    All four are at least 90 days old, so the new one has 3 of 4: 75 of its 100 dollars.  The one
    left of February is 98 days old; of that age none has been seen for another 90 days.
    """
    names = "ABCDE"
    db = given(
        as_of=dt.date(2026, 5, 10),
        claim=claims(*(claim(10 + i, name) for i, name in enumerate(names))),
        remit=REMIT,
        remit_claim=payments(
            *(payment(100 + i, control=name, icn=f"X{name}") for i, name in enumerate("ABCD")),
            payment(104, 4, "E", icn="XE"),
            *(payment(110 + i, 2, name, paid="60", icn=f"Y{name}") for i, name in enumerate("ABC")),
        ),
        adjustment=adjustments(
            *((100 + i, "CO", "197", "100") for i in range(5)),
            *((110 + i, "CO", "45", "40") for i in range(3)),
        ),
    )
    columns = ("days_since_denial", "age_band", "history", "overturn_rate", "expected_amount")
    assert denial_worklist(db).select(columns).rows() == [
        (9, "0-30", 4, 0.75, Decimal("75.00")),
        (98, "91-180", 0, None, None),
    ]
