"""Claims first denied in a month over what was sent in the three months before it."""

import datetime as dt

import pytest
from world import adjustments, claim, claims, payment, payments

from analytics.errors import UnknownNameError
from analytics.metrics.first_denials import initial_denial_rate_submitted as rate
from analytics.query import Between

# Sent: 2 in January, 1 in February, 3 in March, 5 in April.
SENT = ["2026-01-05", "2026-01-31", "2026-02-01", *["2026-03-15"] * 3, *["2026-04-15"] * 5]
REMIT = """
    remit_id | payment_date
    1        | 2026-02-20
    2        | 2026-04-30
    3        | 2026-05-01
    4        | 2026-05-31
    """


def world(given, as_of="2026-06-30"):
    """Denied: one claim in February, two in April, one in May; three more are paid in April."""
    remits = enumerate([1, 2, 2, 3, 2, 2, 2], 1)
    paid = ["0"] * 5 + ["80"] * 3
    return given(
        as_of,
        claim=claims(*(claim(i, f"C{i}", sent=day) for i, day in enumerate(SENT, 1))),
        remit=REMIT,
        remit_claim=payments(*(payment(100 + i, r, f"C{i}", paid=paid[i]) for i, r in remits)),
        adjustment=adjustments(*((100 + i, "CO", "197", "100") for i in range(1, 5))),
    )


def test_a_month_has_the_mean_of_the_three_before_below(given):
    frame = rate(world(given), every="month")
    known = frame.select("period", "hits", "n", "value").rows()
    assert known == [
        # January to March have not three months before them.
        (dt.date(2026, 2, 1), 0, 0, None),
        (dt.date(2026, 3, 1), 0, 0, None),
        (dt.date(2026, 4, 1), 2, 6, 1.0),  # 2 denied over (2 + 1 + 3) / 3
        (dt.date(2026, 5, 1), 1, 9, 1 / 3),  # 1 over (1 + 3 + 5) / 3
        (dt.date(2026, 6, 1), 0, 8, 0.0),  # none over (3 + 5 + 0) / 3
    ]
    assert frame["low"][-1] == 0 < frame["high"][-1]


def test_longer_periods_pool_their_months(given):
    db = world(given)
    whole = rate(db)
    assert whole.select("hits", "n").row(0) == (3, 23)
    assert whole["value"].item() == pytest.approx(3 / (23 / 3))
    quarters = rate(db, every="quarter").select("period", "hits", "n").rows()
    assert quarters == [(dt.date(2026, 1, 1), 0, 0), (dt.date(2026, 4, 1), 3, 23)]
    for every in ("day", "week"):
        with pytest.raises(UnknownNameError, match="month"):
            rate(db, every=every)


def test_a_filter_on_its_date_chooses_months_and_keeps_what_was_sent_before(given):
    may = Between(dt.date(2026, 5, 1), dt.date(2026, 5, 31), high_included=True)
    found = rate(world(given), where={"first_answer_date": may})
    assert found.select("hits", "n").row(0) == (1, 9)


def test_a_month_that_is_not_over_has_no_value(given):
    for day, value in (("2026-05-30", None), ("2026-05-31", 1 / 3)):
        last = rate(world(given, day), every="month").row(-1, named=True)
        assert (last["period"], last["value"]) == (dt.date(2026, 5, 1), value)


def test_it_tells_how_much_of_what_was_sent_is_answered(given):
    frame = rate(world(given), every="month")
    found = frame.select("answered_share", "is_mature").rows()[2:]
    assert found == [(1.0, True), (5 / 9, False), (4 / 8, False)]


def test_duplicates_are_out_above_and_below_unless_asked_for(given):
    db = world(given)
    db.connection.execute("UPDATE adjustment SET carc_code = '18' WHERE remit_claim_id = 102")
    db.build(dt.date(2026, 6, 30))
    april = {"first_answer_date": Between(dt.date(2026, 4, 1), dt.date(2026, 5, 1))}
    assert rate(db, where=april).select("hits", "n").row(0) == (1, 5)
    asked = rate(db, where=april, include_duplicates=True)
    assert asked.select("hits", "n").row(0) == (2, 6)
