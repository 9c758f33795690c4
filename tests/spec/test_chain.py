"""Which submissions are one claim."""

from world import REMIT, claim, claims, payment, payments


def chains(db):
    rows = db.sql("SELECT claim_id, list(submission_id ORDER BY submission_no) FROM submission "
                  "GROUP BY claim_id ORDER BY claim_id")  # fmt: skip
    return dict(rows.iter_rows())


def test_a_resubmission_is_the_same_claim(given):
    db = given(claim=claims(claim(1), claim(2, " a", sent="2026-02-10")))
    assert chains(db) == {1: [1, 2]}
    assert db.sql("SELECT submission_count, billed_amount FROM claim_outcome").row(0) == (2, 100)


def test_the_earliest_sent_names_the_claim(given):
    db = given(claim=claims(claim(1, sent="2026-02-10"), claim(2, sent="2026-01-10")))
    assert chains(db) == {2: [2, 1]}


def test_another_visit_under_the_same_number_is_another_claim(given):
    db = given(claim=claims(claim(1), claim(2, day="2026-01-06")))
    assert chains(db) == {1: [1], 2: [2]}


def test_overlapping_stays_chain_through_each_other(given):
    db = given(
        claim=claims(
            claim(1, day="2026-01-01", to="2026-01-05"),
            claim(2, day="2026-01-05", to="2026-01-09"),
            claim(3, day="2026-01-09", to="2026-01-10"),
            claim(4, day="2026-01-11", to="2026-01-12"),
        )
    )
    assert chains(db) == {1: [1, 2, 3], 4: [4]}


def test_other_provider_payer_sequence_or_number_is_another_claim(given):
    db = given(claim=claims(claim(1), claim(2, npi="2"), claim(3, seq="S"), claim(4, "B")))
    assert chains(db) == {1: [1], 2: [2], 3: [3], 4: [4]}


def test_a_replacement_under_a_new_number_is_found_by_the_payers_number(given):
    db = given(
        claim=claims(
            claim(1, "A"),
            claim(2, "B", day="2026-01-07", sent="2026-02-10", freq="7", original="x1"),
            claim(3, "C", day="2026-01-07", sent="2026-03-10", freq="7", original="X2"),
            claim(4, "D", freq="1", original="X1"),
        ),
        remit=REMIT,
        remit_claim=payments(payment(10, 1, "A"), payment(11, 2, "B", icn="X2")),
    )
    assert chains(db) == {1: [1, 2, 3], 4: [4]}


def test_a_payers_number_does_not_reach_over_providers_or_payer_sequences(given):
    db = given(
        claim=claims(
            claim(1, "A"),
            claim(2, "B", sent="2026-02-10", freq="7", original="X1", npi="2"),
            claim(3, "C", sent="2026-02-10", freq="7", original="X1", seq="S"),
        ),
        remit=REMIT,
        remit_claim=payments(payment(10)),
    )
    assert chains(db) == {1: [1], 2: [2], 3: [3]}


def test_a_request_for_a_price_is_no_claim(given):
    db = given(
        claim="""
        claim_id | submission_date | is_predetermination
        ---------+-----------------+--------------------
        1        | 2026-01-05      | true
        2        | 2026-01-05      | false
        """
    )
    assert chains(db) == {2: [2]}


def test_a_void_under_a_new_number_closes_the_whole_chain(given):
    db = given(
        claim=claims(
            claim(1, "A"), claim(2, "B", sent="2026-02-10", freq="8", original="X1", billed="0")
        ),
        remit=REMIT,
        remit_claim=payments(payment(10, 1, "A")),
    )
    assert chains(db) == {1: [1, 2]}
    row = db.sql("SELECT is_voided, billed_amount, open_balance_amount FROM claim_outcome").row(0)
    assert row == (True, 0, 0)
