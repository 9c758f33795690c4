"""A build of what changed, in worlds small enough to say which records that is."""

import datetime as dt
from contextlib import contextmanager

import pytest
from built import assert_same, told
from drawing import draw

from analytics import words
from analytics.database import Database
from analytics.increment import touched


@pytest.fixture(autouse=True)
def _all_may_change(monkeypatch):
    monkeypatch.setattr(touched, "_MOST", 1)


DRAWN = {
    "source_file": "file_id | file_name \n 1 | one \n 2 | two",
    "payer": "payer_id | file_id | payer_name \n 1 | 1 | ACME",
    "claim": """
        claim_id | file_id | patient_control_number | submission_date | facility_state_code
        1        | 1       | A                      | 2026-01-05      | NY
        2        | 1       | B                      | 2026-01-06      | NJ
        3        | 1       | C                      | 2026-01-07      | NJ
        """,
    "remit": "remit_id | file_id | payer_id | payment_date \n 7 | 1 | 1 | 2026-02-01",
    "remit_claim": """
        remit_claim_id | file_id | record_no | remit_id | patient_control_number | status_code
        70             | 1       | 1         | 7        | A                      | 1
        71             | 1       | 2         | 7        | B                      | 4
        """,
    "adjustment": """
        remit_claim_id | file_id | record_no | position | group_code | carc_code | amount
        71             | 1       | 4         | 1        | CO         | 16        | 200
        """,
}


PAID = """
UPDATE remit_claim SET payer_claim_number = 'P' || record_no, charge_amount = 100 * record_no,
    paid_amount = CASE status_code WHEN '1' THEN 80 ELSE 0 END
"""


@contextmanager
def built(tables, completed):
    """A database of drawn tables, completed by SQL, with its facts."""
    with Database() as db:
        for name, rows in tables.items():
            draw(db, name, rows)
        db.sql(completed)
        db.build()
        yield db


@pytest.fixture
def drawn():
    """Three claims as of the first of February: one paid, one denied, one without an answer."""
    with built(DRAWN, PAID) as db:
        yield db


def made_anew(db):
    """How many claims and payments were made anew, once the facts are those of a full build."""
    found, last = told(db), db.last_build
    db.build()
    assert_same(found, told(db))
    return last.claims, last.payments, last.why_all


def test_a_reversal_months_later_touches_its_claim_alone(drawn):
    draw(drawn, "remit", "remit_id | file_id | payer_id | payment_date \n 8 | 2 | 1 | 2026-06-01")
    draw(
        drawn,
        "remit_claim",
        """
        remit_claim_id | file_id | record_no | remit_id | patient_control_number | status_code
        80             | 2       | 1         | 8        | A                      | 22
        """,
    )
    drawn.sql(
        "UPDATE remit_claim SET payer_claim_number = 'P1', charge_amount = -100, "
        "paid_amount = -80 WHERE remit_claim_id = 80"
    )
    drawn.build(full=False)
    waited = "SELECT claim_id, days_to_answer, days_since_denial FROM claim_outcome ORDER BY ALL"
    assert drawn.sql(waited).rows() == [(1, 27, None), (2, 26, 120), (3, 145, None)]
    assert drawn.sql("SELECT count(*) FROM answer WHERE is_taken_back").item() == 1
    assert made_anew(drawn) == (1, 2, "")


def test_a_replacement_by_the_payers_number_touches_the_claim_it_replaces(drawn):
    draw(
        drawn,
        "claim",
        """
        claim_id | file_id | submission_date | frequency_code | original_payer_claim_number
        4        | 2       | 2026-05-05      | 7              | p2
        """,
    )
    drawn.build(full=False)
    assert drawn.sql("SELECT count(*) FROM claim_outcome").item() == 3
    assert made_anew(drawn) == (2, 1, "")


def test_a_later_day_alone_touches_what_happened_since(drawn):
    drawn.build(dt.date(2026, 1, 31))
    drawn.build(dt.date(2026, 3, 31), full=False)
    assert (drawn.last_build.claims, drawn.last_build.payments) == (2, 2)
    balance = "SELECT claim_id, max(to_date) FROM claim_balance GROUP BY ALL ORDER BY ALL"
    assert {day for _, day in drawn.sql(balance).rows()} == {dt.date(2026, 3, 31)}


def test_a_word_more_than_a_list_holds_has_all_made(drawn, monkeypatch):
    monkeypatch.setattr(words, "_MOST_WORDS", 2)
    drawn.build()
    draw(
        drawn,
        "claim",
        """
        claim_id | file_id | patient_control_number | submission_date | facility_state_code
        4        | 2       | D                      | 2026-02-01      | CT
        """,
    )
    drawn.build(full=False)
    assert made_anew(drawn) == (0, 0, "a column holds more words than fit in a list")


MEMBERS = {
    "source_file": "file_id | file_name \n 1 | one \n 2 | two",
    "payer": "payer_id | file_id | payer_name \n 1 | 1 | ACME",
    "patient": """
        patient_id | file_id | member_id | sex_code | birth_date
        1          | 1       | M1        | F        | 1960-01-01
        2          | 1       | M2        | M        | 1970-01-01
        3          | 1       | M3        | F        | 1980-01-01
        """,
    "claim": """
        claim_id | file_id | patient_control_number | patient_id | payer_id | submission_date
        1        | 1       | A                      | 1          | 1        | 2026-02-05
        2        | 1       | B                      | 2          | 1        | 2026-02-06
        3        | 1       | C                      | 3          | 1        | 2026-03-31
        """,
    "eligibility": """
        file_id | record_no | patient_id | payer_name | start_date | end_date
        1       | 1         | 1          | ZENITH     | 2025-11-01 | 2026-03-31
        1       | 2         | 1          | ACME       | 2026-01-15 |
        1       | 3         | 2          | ACME       | 2026-01-01 | 2026-02-28
        1       | 4         | 3          | ACME       | 2026-01-01 |
        """,
}
SERVED = """
UPDATE claim SET claim_type = 'professional', payer_sequence_code = 'P', billed_amount = 100,
    service_from_date = DATE '2026-02-01', service_to_date = DATE '2026-02-01'
"""


@pytest.fixture
def members():
    """Three people with a claim and cover each, as of the last of March; one covered twice."""
    with built(MEMBERS, SERVED) as db:
        assert db.sql("SELECT count(*) FROM member_month WHERE claim_count = 1").item() == 3
        yield db


def all_made(db):
    """Whether the last build made the months of everybody."""
    return "member_month" in db.last_build.whole or bool(db.last_build.why_all)


def test_cover_told_anew_is_that_of_its_member(members):
    before = members.sql("SELECT * FROM member_month WHERE person_id <> 2 ORDER BY ALL").rows()
    rows = "file_id | record_no | patient_id | payer_name | start_date | end_date \n "
    draw(members, "eligibility", rows + "2 | 1 | 2 | ACME | 2026-01-01 | 2026-01-31")
    members.build(full=False)
    assert not all_made(members)
    months = "SELECT count(*) FROM member_month WHERE person_id = 2"
    assert members.sql(months).item() == 1
    left = "SELECT claim_id FROM incurred_claim WHERE NOT is_covered"
    assert members.sql(left).rows() == [(2,)]
    after = members.sql("SELECT * FROM member_month WHERE person_id <> 2 ORDER BY ALL").rows()
    assert after == before
    assert made_anew(members) == (0, 0, "")


def test_a_payers_name_told_for_its_code_is_that_of_covers_under_the_code(members):
    members.sql("UPDATE eligibility SET payer_name = 'X9' WHERE patient_id = 3")
    members.build()
    draw(members, "payer", "payer_id | file_id | payer_code | payer_name \n 2 | 2 | X9 | ZETA")
    members.build(full=False)
    assert not all_made(members)
    payers = "SELECT DISTINCT payer_name FROM member_month WHERE person_id = 3"
    assert members.sql(payers).rows() == [("ZETA",)]
    assert made_anew(members) == (0, 0, "")


def test_numbers_that_are_of_one_person_join_what_two_had(members):
    draw(members, "member_link", "file_id | record_no | patient_id | previous_patient_id\n2|1|2|1")
    members.build(full=False)
    assert not all_made(members)
    claims = "SELECT person_id, count(*) FROM incurred_claim GROUP BY ALL ORDER BY ALL"
    assert members.sql(claims).rows() == [(2, 2), (3, 1)]
    assert made_anew(members) == (2, 0, "")


def test_a_later_day_has_all_months_of_cover_made(members):
    day = dt.date(2026, 5, 1)
    members.build(day, full=False)
    assert "member_month" in members.last_build.whole
    assert members.sql("SELECT max(month) FROM member_month").item() == day
    found = told(members)
    members.build(day)
    assert_same(found, told(members))
