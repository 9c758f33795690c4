"""Own answered claims in the shape of payers' claims: which are there, and which are told twice."""

import datetime as dt

import pytest
from world import REMIT, adjustments, line, lines, payments
from world import payment as paid

PEOPLE = """
    patient_id | member_id
    -----------+----------
    1          | M1
    2          | M2
    3          | m1
    """
CLAIMS = """
    claim_id | patient_id | patient_control_number | payer_sequence_code | claim_filing_code | claim_type | bill_type_code | submission_date | service_from_date | service_to_date | billed_amount | frequency_code
    ---------+------------+------------------------+---------------------+-------------------+------------+----------------+-----------------+-------------------+-----------------+---------------+---------------
    10       | 1          | A                      | P                   | MB                | professional |              | 2026-01-10      | 2026-01-05        | 2026-01-05      | 100           | 1
    11       | 1          | B                      | P                   | CI                | professional |              | 2026-01-10      | 2026-01-05        | 2026-01-05      | 100           | 1
    12       | 2          | C                      | P                   | MB                | institutional | 111         | 2026-01-10      | 2026-01-03        | 2026-01-05      | 100           | 1
    13       | 2          | D                      | P                   | MB                | professional |              | 2026-01-10      | 2026-01-05        | 2026-01-05      | 100           | 1
    14       | 2          | E                      | S                   | MB                | professional |              | 2026-01-10      | 2026-01-05        | 2026-01-05      | 100           | 1
    """  # noqa: E501
FED = """
    payer_claim_id | file_id | record_no | feed_code | claim_number | claim_key | claim_type | patient_id | line_of_business | service_from_date | paid_amount
    ---------------+---------+-----------+-----------+--------------+-----------+------------+------------+------------------+-------------------+------------
    900            | 7       | 1         | rif       | X            | X         | professional | 3        | medicare         | 2026-01-05        | 80
    """  # noqa: E501


@pytest.fixture
def world(given):
    return given(
        as_of=dt.date(2026, 6, 30),
        patient=PEOPLE,
        claim=CLAIMS,
        payer_claim=FED,
        remit=REMIT,
        remit_claim=payments(
            paid(100, control="A", paid="80"),
            paid(101, control="B", paid="70", icn="X2"),
            paid(102, control="C", paid="60", icn="X3"),
            paid(104, control="E", paid="20", icn="X5", status="2"),
        ),
        adjustment=adjustments((100, "PR", "2", "20"), (101, "CO", "45", "30")),
    )


def test_primary_claims_with_an_answer_are_there_with_what_it_allowed(world):
    rows = world.sql(
        "SELECT payer_claim_id, feed_code, service_category, allowed_amount, paid_amount "
        "FROM own_settled_claim ORDER BY 1"
    ).rows()
    assert rows == [
        (10, "own", "professional", 100, 80),
        (11, "own", "professional", 70, 70),
        (12, "own", "inpatient", 60, 60),
    ]


def test_what_a_payers_feed_tells_of_under_that_kind_of_cover_is_marked(world):
    """The feed names person 1 under another record (m1), and Medicare alone."""
    rows = world.sql("SELECT payer_claim_id, is_told_by_payer FROM own_settled_claim ORDER BY 1")
    assert rows.rows() == [(10, True), (11, False), (12, False)]


def test_a_feed_that_says_no_kind_of_cover_may_tell_of_any(given):
    """As in incurred_claim, which would else leave out what the export for Tuva counts twice."""
    db = given(
        as_of=dt.date(2026, 6, 30), patient=PEOPLE, claim=CLAIMS, remit=REMIT,
        payer_claim=FED.replace("| medicare ", "|          "),
        remit_claim=payments(paid(100, control="A", paid="80"), paid(102, control="C", paid="60")),
    )  # fmt: skip
    rows = db.sql("SELECT payer_claim_id, is_told_by_payer FROM own_settled_claim ORDER BY 1")
    assert rows.rows() == [(10, True), (12, False)]
    counted = "SELECT claim_source, claim_id FROM incurred_claim WHERE claim_id IN (10, 900)"
    assert db.sql(counted).rows() == [("payer_feed", 900)]


def test_a_payment_without_lines_is_one_line(world):
    rows = world.sql(
        "SELECT payer_claim_id, line_no, paid_amount FROM own_settled_line ORDER BY 1"
    ).rows()
    assert rows == [(10, 1, 80), (11, 1, 70), (12, 1, 60)]


def test_own_claims_stay_out_of_settled_claim(world):
    assert world.sql("SELECT payer_claim_id FROM settled_claim").rows() == [(900,)]


def test_what_the_payer_adjusted_for_the_claim_as_a_whole_is_a_row_of_its_own(given):
    db = given(
        as_of=dt.date(2026, 6, 30), patient=PEOPLE, claim=CLAIMS, remit=REMIT,
        remit_claim=payments(paid(100, control="A", paid="80"), paid(102, control="C", paid="30")),
        remit_line=lines(
            line(1, 100, charge="60", paid="55"), line(2, 100, charge="40", paid="35"),
            line(3, 102, charge="100", paid="0"),
        ),
        adjustment=adjustments((100, "CO", "253", "10")),
    )  # fmt: skip
    rows = db.sql(
        "SELECT payer_claim_id, line_no, is_remainder, billed_amount, paid_amount "
        "FROM own_settled_line ORDER BY 1, 2"
    ).rows()
    assert rows == [
        (10, 0, True, 0, -10),
        (10, 1, False, 60, 55),
        (10, 2, False, 40, 35),
        (12, 0, True, 0, 30),
        (12, 1, False, 100, 0),
    ]
