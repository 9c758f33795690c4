"""What insurers still owe."""

import datetime as dt

import pytest
from world import REMIT, adjustments, claim, claims, payment, payments

from analytics.metrics.lag import ar_aging, days_in_ar

AS_OF = dt.date(2026, 6, 30)


def balance(db, day=None):
    return sum(ar_aging(db, at=day)["amount"])


@pytest.mark.parametrize(
    ("paid", "adjusted", "left"),
    [
        ("80", [("CO", "45", "20")], 0),
        ("60", [("CO", "45", "20"), ("PR", "2", "20")], 0),
        ("0", [("OA", "23", "100")], 0),
        ("0", [("CO", "97", "100")], 100),
        ("0", [("PR", "96", "100")], 100),
        ("0", [("OA", "18", "100")], 100),
        ("0", [("CO", "193", "100")], 100),
        ("0", [("OA", "133", "100")], 100),
        ("50", [("CO", "59", "50")], 0),
        ("0", [("CO", "ZZ9", "100")], 0),
        ("90", [("CO", "45", "20")], -10),
    ],
)
def test_what_an_answer_leaves_open(given, paid, adjusted, left):
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=payments(payment(10, paid=paid)),
        adjustment=adjustments(*((10, *one) for one in adjusted)),
        as_of=AS_OF,
    )
    assert balance(db) == left
    assert balance(db, dt.date(2026, 1, 20)) == 100
    assert balance(db, dt.date(2026, 1, 9)) == 0


def test_a_resubmission_adds_no_second_charge_and_a_new_charge_replaces(given):
    db = given(
        claim=claims(
            claim(1), claim(2, sent="2026-02-10"), claim(3, sent="2026-03-10", billed="70")
        ),
        as_of=AS_OF,
    )
    assert balance(db, dt.date(2026, 2, 28)) == 100
    assert balance(db) == 70
    assert db.sql("SELECT sum(amount) FROM ledger WHERE kind = 'charge'").item() == 270


def test_late_charges_add(given):
    db = given(
        claim=claims(claim(1), claim(2, sent="2026-02-10", billed="30", freq="5")), as_of=AS_OF
    )
    assert balance(db) == 130
    assert db.sql("SELECT billed_amount FROM claim_outcome").item() == 130


def test_a_void_closes_the_claim_for_good(given):
    db = given(
        claim=claims(claim(1), claim(2, sent="2026-03-10", freq="8")),
        remit=REMIT,
        remit_claim=payments(
            payment(10, 1, paid="30"), payment(11, 4, status="22", charge="-100", paid="-30")
        ),
        as_of=AS_OF,
    )
    assert balance(db, dt.date(2026, 2, 28)) == 70
    assert balance(db, dt.date(2026, 3, 10)) == 0
    assert balance(db) == 0
    assert db.sql("SELECT sum(amount) FROM ledger WHERE kind = 'charge'").item() == 200


def test_a_payment_and_its_reversal_cancel_even_where_their_amounts_differ(given):
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=payments(
            payment(10, 1, paid="80"), payment(11, 2, status="22", charge="-100", paid="-75")
        ),
        adjustment=adjustments((10, "CO", "45", "20"), (11, "CO", "45", "-25")),
        as_of=AS_OF,
    )
    assert balance(db, dt.date(2026, 2, 15)) == 0
    assert balance(db) == 100
    assert db.sql("SELECT sum(amount) FROM ledger WHERE kind = 'payer_payment'").item() == 5


def test_a_reversal_of_a_payment_never_seen_moves_nothing(given):
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=payments(payment(11, 2, status="22", charge="-100", paid="-75")),
        as_of=AS_OF,
    )
    assert balance(db) == 100


def test_write_offs_close_and_patient_payments_do_not(given):
    db = given(
        claim=claims(claim(1)),
        write_off="""
        patient_control_number | write_off_date | amount | file_id | record_no
        a                      | 2026-02-01     | 30     | 3       | 1
        """,
        patient_payment="""
        patient_control_number | payment_date | amount | file_id | record_no
        A                      | 2026-02-01   | 15     | 4       | 1
        """,
        as_of=AS_OF,
    )
    assert balance(db) == 70


def test_ages_by_service_and_credits_apart(given):
    days = {1: "2026-06-20", 2: "2026-05-31", 3: "2026-05-30", 4: "2026-01-01"}
    db = given(
        claim=claims(
            *(claim(n, f"C{n}", day=d, sent="2026-06-25") for n, d in days.items()),
            claim(9, "C9", sent="2026-06-25"),
        ),
        remit=REMIT,
        remit_claim=payments(payment(10, 1, "C9", paid="130")),
        as_of=AS_OF,
    )
    buckets = ar_aging(db).select("age_bucket", "n", "amount").rows()
    assert buckets == [("0-30", 2, 200), ("31-60", 1, 100), (">120", 1, 100), ("credit", 1, -30)]
    by_sent = ar_aging(db, age_from="submission")["age_bucket"].to_list()
    assert by_sent == ["0-30", "credit"]


def test_days_in_ar_divides_by_the_charges_of_an_average_day(given):
    db = given(
        claim=claims(
            claim(1, "A", sent="2026-04-02", billed="900"),
            claim(2, "B", sent="2026-04-01", billed="50"),
        ),
        as_of=AS_OF,
    )
    row = days_in_ar(db).row(0, named=True)
    assert (row["receivable"], row["charges"]) == (950, 900)
    assert row["value"] == pytest.approx(95)
