"""Answers, reversals, pends and split payments."""

from world import REMIT, adjustments, claim, claims, payment, payments, write_offs


def taken(db):
    rows = db.sql("SELECT remit_claim_id, taken_back_by FROM answer WHERE is_taken_back")
    return dict(rows.iter_rows())


def back(number, remit, paid, icn="X1", charge="-100"):
    return payment(number, remit, status="22", charge=charge, paid=paid, icn=icn)


def test_a_reversal_takes_back_the_payment_under_its_number(given):
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=payments(
            payment(10, 1, paid="80"), back(11, 2, "-80"), payment(12, 2, paid="60")
        ),
    )
    assert taken(db) == {10: 11}
    row = db.sql("SELECT first_paid_amount, paid_amount, answer_count FROM claim_outcome").row(0)
    assert row == (80, 60, 2)


def test_reversals_nest(given):
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=payments(
            payment(10, 1, paid="50"),
            payment(11, 2, paid="50"),
            back(12, 3, "-50"),
            back(13, 4, "-50"),
        ),
    )
    assert taken(db) == {11: 12, 10: 13}


def test_equal_amounts_come_before_the_latest(given):
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=payments(
            payment(10, 1, paid="80"), payment(11, 2, paid="60"), back(12, 3, "-80")
        ),
    )
    assert taken(db) == {10: 12}


def test_same_number_is_enough_where_amounts_differ(given):
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=payments(payment(10, 1, paid="80"), back(11, 2, "-75")),
    )
    assert taken(db) == {10: 11}


def test_opposite_amounts_are_enough_under_another_number(given):
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=payments(payment(10, 1, paid="80"), back(11, 2, "-80", icn="OTHER")),
    )
    assert taken(db) == {10: 11}


def test_a_reversal_takes_back_nothing_later_and_nothing_twice(given):
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=payments(
            back(9, 1, "-80"), payment(10, 2, paid="80"), back(11, 3, "-80"), back(12, 4, "-80")
        ),
    )
    assert taken(db) == {10: 11}


def test_reversals_forwarded_and_price_requests_are_no_answers(given):
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=payments(
            payment(10, 1, status="23"), payment(11, 2, status="25"), back(12, 3, "0")
        ),
    )
    assert db.sql("SELECT count(*) FROM answer WHERE is_answer").item() == 0
    assert not db.sql("SELECT is_answered FROM claim_outcome").item()


def test_nothing_but_pend_codes_is_no_answer_yet(given):
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=payments(payment(10, 1), payment(11, 2), payment(12, 3, paid="55")),
        adjustment=adjustments(
            (10, "OA", "133", "100"), (11, "OA", "133", "50"), (11, "CO", "97", "50"),
            (12, "CO", "45", "45"),
        ),
    )  # fmt: skip
    roles = db.sql("SELECT remit_claim_id, role, answer_no FROM answer ORDER BY 1").rows()
    assert roles == [(10, "pended", None), (11, "answer", 1), (12, "answer", 2)]


def test_payments_of_one_day_are_one_answer(given):
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=payments(payment(10, 1, charge="60", paid="50"), payment(11, 1, charge="40")),
        adjustment=adjustments(
            (10, "CO", "45", "10"), (11, "CO", "197", "40"),
        ),
    )  # fmt: skip
    row = db.sql(
        "SELECT answer_count, first_outcome, first_paid_amount, denied_amount FROM claim_outcome"
    ).row(0)
    assert row == (1, "partially_denied", 50, 40)


def test_an_answer_taken_back_stays_what_came_first(given):
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=payments(payment(10, 1), back(11, 2, "0"), payment(12, 3, paid="80")),
        adjustment=adjustments(
            (10, "CO", "197", "100"), (11, "CO", "197", "-100"), (12, "CO", "45", "20"),
        ),
    )  # fmt: skip
    row = db.sql(
        "SELECT first_outcome, is_overturned, recovered_amount, open_balance_amount "
        "FROM claim_outcome"
    ).row(0)
    assert row == ("denied", True, 80, 0)


def test_nothing_later_than_the_day_asked_for(given):
    """One claim denied, sent again, paid and written off; as it stood before each of these."""
    days = {"2026-02-15": ("denied", 0, 1, 100), "2026-03-15": ("denied", 60, 1, 40)}
    for day, wanted in {**days, "2026-06-01": ("denied", 60, 2, 30)}.items():
        db = given(
            day,
            claim=claims(claim(1), claim(2, sent="2026-05-10")),
            remit=REMIT,
            remit_claim=payments(payment(10, 1), payment(11, 2, paid="60")),
            adjustment=adjustments((10, "CO", "197", "100"), (11, "CO", "29", "40")),
            write_off=write_offs(("A", "2026-05-20", "10")),
        )
        row = db.sql(
            "SELECT first_outcome, recovered_amount, submission_count, open_balance_amount "
            "FROM claim_outcome"
        ).row(0)
        assert row == wanted


def test_every_code_that_pends_is_no_answer_yet(given):
    codes = ("133", "257", "277")
    db = given(
        claim=claims(*(claim(i, f"C{i}") for i in range(3))),
        remit=REMIT,
        remit_claim=payments(*(payment(10 + i, 1, f"C{i}") for i in range(3))),
        adjustment=adjustments(*((10 + i, "OA", c, "100") for i, c in enumerate(codes))),
    )
    assert db.sql("SELECT DISTINCT role FROM answer")["role"].to_list() == ["pended"]
