"""The first outcome of a claim: denied, partially denied, paid or nothing of these."""

import pytest

from analytics.metrics.denials import (
    first_pass_rate,
    full_denial_rate,
    initial_denial_rate,
    partial_denial_rate,
)

CLAIM = """
    claim_id | patient_control_number | payer_sequence_code | submission_date | billed_amount
    ---------+------------------------+---------------------+-----------------+--------------
    10       | A1                     | P                   | 2026-01-02      | 100
    """
REMIT = """
    remit_id | payment_date
    ---------+-------------
    1        | 2026-01-20
    2        | 2026-02-20
    """


def answered(given, line, adjustment, paid="0"):
    """The database of one claim of $100 answered with one line."""
    return given(
        claim=CLAIM,
        remit=REMIT,
        remit_claim=f"""
        remit_claim_id|remit_id|patient_control_number|status_code|charge_amount|paid_amount
        --------------+--------+----------------------+-----------+-------------+-----------
        100            | 1        | A1                     | 1           | 100           | {paid}
        """,
        remit_line=line,
        adjustment=adjustment,
    )


def line(paid="0", allowed=""):
    return f"""
        remit_line_id | remit_claim_id | line_no | charge_amount | paid_amount | allowed_amount
        --------------+----------------+---------+---------------+-------------+---------------
        1001          | 100            | 1       | 100           | {paid}      | {allowed}
        """


def adjusted(*triplets):
    head = "remit_claim_id | remit_line_id | record_no | position | group_code | carc_code | amount"
    rows = [
        f"100 | 1001 | {i} | 1 | {group} | {carc} | {amount}"
        for i, (group, carc, amount) in enumerate(triplets, 1)
    ]
    return "\n".join([head, *rows])


@pytest.mark.parametrize(
    ("paid", "allowed", "triplets", "outcome", "denied"),
    [
        ("0", "", [("CO", "197", "100")], "denied", 100),
        ("60", "", [("CO", "197", "20"), ("CO", "45", "20")], "partially_denied", 20),
        ("80", "", [("CO", "45", "20")], "paid", 0),
        ("0", "", [("PR", "1", "80"), ("CO", "45", "20")], "paid", 0),
        ("0", "", [("OA", "23", "100")], "no_pay_other", 0),
        ("0", "", [("CO", "45", "100")], "no_pay_other", 0),
        # Moved to the patient, but a denial all the same.
        ("0", "", [("PR", "96", "100")], "denied", 100),
        ("0", "", [("PR", "204", "100")], "denied", 100),
        # Something allowed: only part of it is denied.
        ("0", "", [("PR", "1", "40"), ("CO", "50", "60")], "partially_denied", 60),
        ("0", "40", [("CO", "50", "100")], "partially_denied", 100),
        # A reduction (CARC 59) denies only a line otherwise unpaid and unallowed.
        ("50", "", [("CO", "59", "50")], "paid", 0),
        ("0", "", [("CO", "59", "100")], "denied", 100),
        # A code that repeats an earlier denial is no new event; an unknown code is not a denial.
        ("0", "", [("CO", "193", "100")], "no_pay_other", 0),
        ("0", "", [("CO", "ZZ9", "100")], "no_pay_other", 0),
        # A duplicate is kept apart.
        ("0", "", [("OA", "18", "100")], "no_pay_other", 0),
    ],
)
def test_first_outcome(given, paid, allowed, triplets, outcome, denied):
    db = answered(given, line(paid, allowed), adjusted(*triplets), paid)
    found = db.sql("SELECT first_outcome, denied_amount FROM claim_outcome").row(0)
    assert found == (outcome, denied)


def test_a_duplicate_counts_only_when_asked_for(given):
    db = answered(given, line(), adjusted(("OA", "18", "100")))
    assert initial_denial_rate(db).select("hits", "n").row(0) == (0, 0)
    assert initial_denial_rate(db, include_duplicates=True).select("hits", "n").row(0) == (1, 1)
    assert full_denial_rate(db, include_duplicates=True).select("hits", "n").row(0) == (1, 1)
    assert partial_denial_rate(db, include_duplicates=True).select("hits", "n").row(0) == (0, 1)
    assert first_pass_rate(db, include_duplicates=True).select("hits", "n").row(0) == (0, 1)


def test_a_claim_nobody_answered_is_not_counted_but_told(given):
    db = given(claim=CLAIM)
    assert initial_denial_rate(db)["n"].item() == 0
    assert initial_denial_rate.excluded(db).row(0) == ("not answered yet", 1, 100)
