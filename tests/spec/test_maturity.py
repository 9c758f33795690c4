"""A young period is told from an old one, and no figure takes it for a fall."""

import datetime as dt

import pytest
from world import adjustments, claim, claims, payment, payments

from analytics import plots
from analytics.metrics import MATURE
from analytics.metrics.denials import clean_claim_rate, overturn_rate, rejection_rate
from analytics.metrics.value import pmpm

REMIT = """
    remit_id | payment_date
    1        | 2026-02-28
    2        | 2026-03-31
    3        | 2026-04-15
    """


@pytest.fixture
def young(given):
    """20 claims a month: 19 paid, 1 denied; of April only two are answered, both denied."""
    sent = {1: "2026-02-01", 2: "2026-03-01", 3: "2026-04-01"}
    rows = [(100 * m + i, m) for m in sent for i in range(20)]
    answers = [(n, m) for n, m in rows if m < 3 or n % 100 < 2]
    refused = [n for n, m in answers if n % 100 == 0 or m == 3]
    return given(
        "2026-04-30",
        claim=claims(*(claim(n, f"C{n}", sent=sent[m], day=sent[m]) for n, m in rows)),
        remit=REMIT,
        remit_claim=payments(
            *(payment(n, m, f"C{n}", paid="0" if n in refused else "80") for n, m in answers)
        ),
        adjustment=adjustments(*((n, "CO", "197", "100") for n in refused)),
    )


def test_the_share_answered_tells_a_young_month(young):
    frame = clean_claim_rate(young, every="month")
    found = frame.select("value", "n", "answered_share", "is_mature").rows()
    assert found == [(0.95, 20, 1.0, True), (0.95, 20, 1.0, True), (0.0, 2, 0.1, False)]
    assert clean_claim_rate(young)["answered_share"].item() == 42 / 60
    assert "is_mature" not in clean_claim_rate(young).columns, "of a period only"


def test_a_period_is_mature_from_a_share_on(given):
    for answered, is_mature in ((18, False), (19, True)):
        db = given(
            claim=claims(*(claim(i, f"C{i}", sent="2026-02-01") for i in range(20))),
            remit=REMIT,
            remit_claim=payments(*(payment(i, 1, f"C{i}", paid="80") for i in range(answered))),
        )
        row = clean_claim_rate(db, every="month").row(0, named=True)
        assert (row["answered_share"], row["is_mature"]) == (answered / 20, is_mature)
    assert MATURE == 0.95


def test_no_trend_takes_a_young_month_for_a_fall(young):
    ax = plots.trend(clean_claim_rate(young, every="month"), clean_claim_rate, small=0)
    words = " ".join(text.get_text() for text in ax.figure.findobj(match=_is_text))
    assert "fell" not in words
    assert "in Feb 2026 to 95.0\u202f% in Mar 2026" in words
    assert "Hatched: not settled yet." in words
    hollow = [line for line in ax.lines if line.get_markerfacecolor() == plots.style.PAPER]
    assert [len(line.get_xdata()) for line in hollow if line.get_marker() != "None"] == [1]


def test_a_cohort_of_denials_is_mature_when_settled_or_old(given):
    def cohort(as_of, *then):
        db = given(
            as_of,
            claim=claims(claim(1)),
            remit=REMIT,
            remit_claim=payments(payment(10), *then),
            adjustment=adjustments((10, "CO", "197", "100")),
        )
        return overturn_rate(db, every="month").select("value", "settled_share", "is_mature").row(0)

    assert cohort("2026-08-27") == (0.0, 0.0, False)
    assert cohort("2026-08-28") == (0.0, 1.0, True)  # the 181st day
    assert cohort("2026-04-30", payment(11, 2, paid="60")) == (1.0, 1.0, True)


def test_a_submission_waits_for_its_acknowledgement_or_its_answer(given):
    said = """
        acknowledgement_id | transaction_id | source | level | action   | patient_control_number | acknowledged_date | file_id
        901                | 900            | 277CA  | claim | rejected | A                      | 2026-02-02        | 3
        """  # noqa: E501
    db = given(
        claim=claims(*(claim(i, c, sent="2026-02-01") for i, c in enumerate("ABC"))),
        remit=REMIT,
        remit_claim=payments(payment(10, 1, "B", paid="80")),
        acknowledgement=said,
    )
    row = rejection_rate(db, every="month").row(0, named=True)
    assert (row["hits"], row["n"], row["answered_share"]) == (1, 1, 2 / 3)


def test_a_month_of_cost_waits_for_its_claims(given):
    db = given(
        patient="patient_id | member_id | birth_date\n1 | M | 1980-01-01",
        eligibility="patient_id | start_date | file_id | record_no\n1 | 2026-02-01 | 5 | 1",
        claim="""
        claim_id | patient_id | patient_control_number | submission_date | service_to_date | billed_amount
        1        | 1          | A                      | 2026-02-03      | 2026-02-02      | 100
        2        | 1          | B                      | 2026-02-03      | 2026-02-02      | 100
        """,  # noqa: E501
        remit=REMIT,
        remit_claim=payments(payment(10, 1, "A", paid="80")),
    )
    rows = pmpm(db, every="month").select("period", "value", "answered_share").rows()
    assert rows[0] == (dt.date(2026, 2, 1), 80, 0.5)


def _is_text(artist):
    return hasattr(artist, "get_text")
