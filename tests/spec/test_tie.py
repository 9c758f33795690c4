"""Which claim a payment answers."""

import pytest
from world import REMIT, claim, claims, payment, payments


def ties(db):
    return dict(db.sql("SELECT remit_claim_id, claim_id FROM answer").iter_rows())


def test_by_control_number_whatever_its_case(given):
    db = given(
        claim=claims(claim(1, "ab1")), remit=REMIT, remit_claim=payments(payment(10, 1, "AB1"))
    )
    assert ties(db) == {10: 1}


def test_a_payment_of_no_claim_is_kept_and_counted_as_cash(given):
    db = given(
        claim=claims(claim(1)), remit=REMIT, remit_claim=payments(payment(10, 1, "ZZ", paid="40"))
    )
    assert ties(db) == {10: None}
    ledger = db.sql("SELECT amount, insurance_amount FROM ledger WHERE kind = 'payer_payment'")
    assert ledger.rows() == [(40, 0)]
    assert db.sql("SELECT count(*) FROM claim_outcome WHERE is_answered").item() == 0


@pytest.mark.parametrize(("status", "wanted"), [("1", 1), ("19", 1), ("2", 2), ("20", 2), ("3", 3)])
def test_the_payer_sequence_told_by_the_status_comes_first(given, status, wanted):
    db = given(
        claim=claims(claim(1), claim(2, seq="S", sent="2026-01-15"), claim(3, seq="T")),
        remit=REMIT,
        remit_claim=payments(payment(10, status=status)),
    )
    assert ties(db) == {10: wanted}


def test_then_the_payers_number_then_dates_then_the_charge(given):
    db = given(
        claim=claims(
            claim(1, day="2026-01-01"),
            claim(2, day="2026-01-02", billed="70"),
            claim(3, day="2026-01-03", freq="7", original="F8"),
        ),
        remit=REMIT,
        remit_claim=payments(
            payment(10, icn="F8", day="2026-01-02"),
            payment(11, day="2026-01-02"),
            payment(12, charge="70"),
        ),
    )
    assert ties(db) == {10: 3, 11: 2, 12: 2}


def test_last_the_latest_claim_sent_before_the_payment(given):
    db = given(
        claim=claims(
            claim(1, day="2026-01-01", sent="2026-01-02"),
            claim(2, day="2026-01-03", sent="2026-01-04"),
            claim(3, day="2026-01-05", sent="2026-02-20"),
        ),
        remit=REMIT,
        remit_claim=payments(payment(10)),
    )
    assert ties(db) == {10: 2}


def test_a_reversal_follows_the_payment_it_takes_back(given):
    db = given(
        claim=claims(claim(1), claim(2, seq="S", sent="2026-02-10")),
        remit=REMIT,
        remit_claim=payments(
            payment(10, 1, status="1", paid="80", icn="P1"),
            payment(11, 2, status="2", paid="20", icn="S1"),
            payment(12, 3, status="22", charge="-100", paid="-80", icn="P1"),
        ),
    )
    assert ties(db) == {10: 1, 11: 2, 12: 1}


def test_a_crossover_payment_does_not_answer_the_primary_claim(given):
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=payments(
            payment(10, 1, status="19", paid="80"), payment(11, 2, status="2", paid="20", icn="S1")
        ),
    )
    assert ties(db) == {10: 1, 11: None}
    assert db.sql("SELECT tie_rule FROM answer WHERE remit_claim_id = 11").item() == "crossover"


def test_a_payer_that_finds_itself_second_still_answers(given):
    db = given(claim=claims(claim(1)), remit=REMIT, remit_claim=payments(payment(10, status="2")))
    assert ties(db) == {10: 1}


def test_overlapping_days_come_before_the_charge_and_the_payer_after_both(given):
    db = given(
        payer="payer_id | payer_name\n1 | NORTHERN\n2 | EASTWIND",
        claim="""
        claim_id | patient_control_number | billing_npi | submission_date | service_from_date | service_to_date | billed_amount | payer_id
        1        | A                      | 1           | 2026-01-10      | 2026-01-01        | 2026-01-03      | 70            | 1
        2        | A                      | 1           | 2026-01-10      | 2026-01-05        | 2026-01-07      | 100           | 2
        """,  # noqa: E501
        remit="remit_id | payment_date | payer_id\n1 | 2026-02-01 | 2",
        remit_claim=payments(payment(10, day="2026-01-02"), payment(11, charge="70")),
    )
    assert ties(db) == {10: 1, 11: 1}


def test_the_reversal_of_a_crossover_payment_is_tied_to_none_as_well(given):
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=payments(
            payment(10, 1, status="19", paid="80", icn="P1"),
            payment(11, 2, status="2", paid="20", icn="S1"),
            payment(12, 3, status="22", charge="-100", paid="-20", icn="S1"),
        ),
    )
    assert ties(db) == {10: 1, 11: None, 12: None}


def open_on(db, day):
    text = (
        "SELECT claim_id, open_amount FROM claim_balance WHERE $day BETWEEN from_date AND to_date"
    )
    return dict(db.sql(text, day=day).iter_rows())


def test_until_the_primary_payer_answers_a_crossover_payment_looks_like_an_answer(given):
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=payments(
            payment(11, 2, status="2", paid="20", icn="S1"), payment(10, 3, status="19", paid="80")
        ),
    )
    assert open_on(db, "2026-02-28") == {1: 100}
    assert open_on(db, "2026-03-15") == {1: 80}
    assert open_on(db, "2026-04-01") == {1: 20}
    rows = db.sql(
        "SELECT entry_date, insurance_amount FROM ledger WHERE kind = 'retied' ORDER BY 1"
    )
    assert [(f"{day:%m-%d}", amount) for day, amount in rows.rows()] == [
        ("03-01", -20),
        ("04-01", 20),
    ]


def test_until_its_claim_is_sent_a_payment_is_another_claims(given):
    db = given(
        claim=claims(claim(1), claim(2, day="2026-02-02", sent="2026-03-20")),
        remit=REMIT,
        remit_claim=payments(payment(10, 2, paid="60", day="2026-02-02"), payment(11, 4, paid="0")),
    )
    assert open_on(db, "2026-03-15") == {1: 40}
    assert open_on(db, "2026-03-20") == {1: 100, 2: 40}


def test_a_posting_is_about_the_claim_that_was_sent_by_then(given):
    db = given(
        as_of="2026-05-01",
        claim=claims(claim(1), claim(2, day="2026-02-02", sent="2026-03-20")),
        write_off="""
        file_id | record_no | patient_control_number | write_off_date | amount
        5       | 1         | A                      | 2026-03-01     | 10
        5       | 2         | A                      | 2026-04-01     | 20
        5       | 3         | A                      | 2026-01-01     | 30
        """,
    )
    found = db.sql("SELECT record_no, claim_id FROM posting_tie ORDER BY 1").rows()
    assert found == [(1, 1), (2, 2), (3, 1)]
