"""What counts as recovered on a claim whose first answer denied all it spoke of."""

import pytest
from world import REMIT, claim, claims, line, lines, on_lines, payment, payments

CLAIM_LINES = """
    claim_line_id | claim_id | line_no | line_control_number
    --------------+----------+---------+--------------------
    51            | 1        | 1       | L1
    52            | 1        | 2       | L2
    """


@pytest.mark.parametrize(
    ("control", "recovered"),
    [
        ("L1", 60),  # the line denied
        ("L2", 0),  # another, which was not yet answered then
        ("N1", 60),  # numbered anew: all that was answered was denied
        ("", 60),
    ],
)
def test_a_line_answered_apart_is_no_recovery(given, control, recovered):
    """Line 1 denied on one day; on another 60 paid, on which line?"""
    db = given(
        claim=claims(claim(1, billed="200")),
        claim_line=CLAIM_LINES,
        remit=REMIT,
        remit_claim=payments(payment(10, charge="100"), payment(11, 2, charge="100", paid="60")),
        remit_line=lines(line(1, 10, control="L1"), line(2, 11, control=control, paid="60")),
        adjustment=on_lines((10, 1, "CO", "197", "100"), (11, 2, "CO", "45", "40")),
    )
    found = db.sql("SELECT first_outcome, is_overturned, recovered_amount FROM claim_outcome").row(
        0
    )
    assert found == ("denied", recovered > 0, recovered)
