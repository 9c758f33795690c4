"""What becomes of a denial: paid, denied again, appealed, written off, or lost."""

import datetime as dt
from decimal import Decimal

import pytest
from world import (
    REMIT,
    adjustments,
    appeals,
    claim,
    claims,
    line,
    lines,
    on_lines,
    payment,
    payments,
    write_offs,
)

from analytics.errors import BadQueryError
from analytics.metrics.denial_ends import (
    appeal_rate,
    appeal_success_rate,
    days_denial_to_resolution,
    days_denial_to_resubmission,
    denial_write_off_rate,
    final_denial_rate,
    repeat_denials,
)
from analytics.metrics.denials import denied_dollars, overturn_rate, recovery_rate
from analytics.metrics.first_denials import hard_share, initial_denial_dollars, preventable_share

# Denied on 2026-02-01; 180 days on it is 2026-07-31.
DENIED = (10, "CO", "197", "100")
YOUNG, OLD = "2026-07-31", "2026-08-01"


def denied(given, as_of=OLD, *, then=(), sent=(), adjusted=(), **extracts):
    """One claim of $100, first denied, and what came after."""
    return given(
        as_of,
        claim=claims(claim(1), *sent),
        remit=REMIT,
        remit_claim=payments(payment(10), *then),
        adjustment=adjustments(DENIED, *adjusted),
        **extracts,
    )


def hits(metric, db):
    return metric(db).select("hits", "n").row(0)


def dollars(metric, db, **options):
    return metric(db, **options).select("top", "bottom").row(0)


@pytest.mark.parametrize(
    ("then", "adjusted", "recovered"),
    [
        ([payment(11, 2, paid="60")], [(11, "CO", "45", "40")], 60),
        ([payment(11, 2)], [(11, "PR", "1", "70"), (11, "CO", "45", "30")], 70),
        ([payment(11, 2)], [(11, "CO", "197", "100")], 0),
        # A payment taken back leaves the money.
        (
            [
                payment(11, 2, paid="60"),
                payment(12, 3, status="22", charge="-100", paid="-60"),
            ],
            [],
            0,
        ),
    ],
)
def test_overturned_is_what_a_later_answer_pays_or_moves_to_the_patient(
    given, then, adjusted, recovered
):
    db = denied(given, then=then, adjusted=adjusted)
    assert hits(overturn_rate, db) == (recovered > 0, 1)
    assert dollars(recovery_rate, db) == (recovered, 100)


@pytest.mark.parametrize(
    ("control", "again", "code", "overturned"),
    [
        ("L1", "L1", "99214", True),  # the control number tells the line, whatever its code
        ("L1", "L2", "99213", False),
        ("", "L1", "99213", True),  # one without a control number: procedure and day
        ("", "", "99214", False),
    ],
)
def test_only_money_on_a_denied_line_overturns(given, control, again, code, overturned):
    db = given(
        claim=claims(claim(1, billed="200")),
        remit=REMIT,
        remit_claim=payments(payment(10, charge="200", paid="80"), payment(11, 2, paid="60")),
        remit_line=lines(
            line(1, 10, control=control),
            line(2, 10, control="K", code="71045", paid="80"),
            line(3, 11, control=again, code=code, paid="60"),
        ),
        adjustment=on_lines((10, 1, "CO", "197", "100"), (10, 2, "CO", "45", "20")),
    )
    assert hits(overturn_rate, db) == (overturned, 1)
    assert dollars(initial_denial_dollars, db) == (200, 200)


def test_a_line_denied_three_times_is_three_events_and_its_dollars_once(given):
    db = denied(
        given,
        then=[payment(11, 2), payment(12, 3), payment(13, 4)],
        adjusted=[
            (11, "CO", "197", "100"),
            (12, "CO", "197", "100"),
            (13, "CO", "193", "100"),  # repeats an earlier denial: no new event
        ],
    )
    assert dollars(repeat_denials, db) == (3, 1)
    assert denied_dollars(db)["value"].item() == 100
    assert dollars(initial_denial_dollars, db) == (100, 100)


def test_a_split_answer_is_one_event_and_a_duplicate_none(given):
    db = denied(
        given,
        then=[payment(11, 1), payment(12, 2)],
        adjusted=[(11, "CO", "197", "100"), (12, "OA", "18", "100")],
    )
    assert dollars(repeat_denials, db) == (1, 1)


def test_a_claim_first_paid_and_later_denied_was_denied_once(given):
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=payments(payment(10, paid="60"), payment(11, 2)),
        adjustment=adjustments((11, "CO", "197", "40")),
        appeal=appeals(("A", "2026-04-01", "", "")),
    )
    assert dollars(repeat_denials, db) == (1, 1)
    by_month = appeal_rate(db, every="month")
    assert by_month.select("period", "hits", "n").row(0) == (dt.date(2026, 3, 1), 1, 1)
    assert overturn_rate(db)["n"].item() == 0


@pytest.mark.parametrize(
    ("as_of", "then", "write_off", "lost"),
    [
        (YOUNG, [], None, 0),  # there is time left
        (OLD, [], None, 100),
        (YOUNG, [], "30", 30),
        (OLD, [], "30", 100),
        (OLD, [], "130", 100),  # no more than was denied
        (OLD, [payment(11, 2, paid="100")], None, 0),
        (OLD, [payment(11, 2, paid="60")], None, 40),
    ],
)
def test_final_is_what_is_written_off_or_still_denied_after_the_window(
    given, as_of, then, write_off, lost
):
    extracts = {"write_off": write_offs(("A", "2026-05-01", write_off))} if write_off else {}
    db = denied(given, as_of, then=then, **extracts)
    assert dollars(final_denial_rate, db) == (lost, 100)


def test_write_offs_are_unknown_without_an_extract_and_may_be_over_revenue(given):
    db = denied(given)
    assert denial_write_off_rate(db)["n"].item() == 0
    assert denial_write_off_rate.excluded(db).row(0) == ("no extract of write-offs", 1, 100)
    db = denied(given, write_off=write_offs(("a", "2026-05-01", "30"), ("B", "2026-05-01", "7")))
    assert dollars(denial_write_off_rate, db) == (30, 100)
    assert denial_write_off_rate.excluded(db).rows() == [("write-off tied to no claim", 1, 7)]
    over = denial_write_off_rate(db, npsr=Decimal(1000))
    assert over.select("value", "low", "high", "top", "bottom").row(0) == (
        0.03, None, None, 30, 1000,
    )  # fmt: skip
    for wrong in ({"by": "payer_name"}, {"every": "month"}, {"npsr": 0}):
        with pytest.raises(BadQueryError, match="npsr"):
            denial_write_off_rate(db, **{"npsr": 1000} | wrong)


def test_a_write_off_of_a_claim_never_denied_is_no_denial_lost(given):
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=payments(payment(10, paid="60")),
        write_off=write_offs(("A", "2026-05-01", "40")),
    )
    assert dollars(denial_write_off_rate, db) == (0, 100)


def test_appeals_are_unknown_without_an_extract(given):
    db = denied(given)
    assert appeal_rate(db)["n"].item() == 0
    assert appeal_rate.excluded(db).row(0) == ("no extract of appeals", 1, 100)


def test_appeals_sent_and_decided(given):
    db = given(
        "2026-06-30",
        claim=claims(claim(1, "A"), claim(2, "B"), claim(3, "C")),
        remit=REMIT,
        remit_claim=payments(
            payment(10, 1, "A"), payment(11, 1, "B"), payment(12, 1, "C", paid="80")
        ),
        adjustment=adjustments((10, "CO", "197", "100"), (11, "CO", "29", "100")),
        appeal=appeals(
            ("a", "2026-03-01", "LOST", "2026-04-01"),
            ("A", "2026-04-05", "PARTLY_WON", "2026-05-01"),
            ("A", "2026-05-05", "WON", "2026-07-15"),  # decided after the as-of date
            ("C", "2026-03-01", "WITHDRAWN", "2026-04-01"),
            ("Z", "2026-03-01", "WON", "2026-04-01"),
            ("B", "2026-07-01", "", ""),  # sent after it
        ),
    )
    assert hits(appeal_rate, db) == (1, 2)
    assert hits(appeal_success_rate, db) == (1, 2)
    reasons = dict(appeal_success_rate.excluded(db).select("reason", "n").iter_rows())
    assert reasons == {
        "not decided yet": 1, "withdrawn": 1, "tied to no claim": 1,
        "appeal after the as-of date": 1,
    }  # fmt: skip
    by_month = appeal_success_rate(db, by="denial_carc", every="month")["period"].to_list()
    assert by_month == [dt.date(2026, 4, 1), dt.date(2026, 5, 1)]
    left = dict(appeal_rate.excluded(db).select("reason", "n").iter_rows())
    assert left == {
        "never denied": 1, "appeal tied to no claim": 1, "appeal after the as-of date": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "days", "ended"),
    [
        ([claim(2, sent="2026-02-11")], 10, True),
        ([claim(2, sent="2026-02-11", freq="7"), claim(3, sent="2026-02-21")], 10, True),
        # Sent before the answer came, a late charge, a void: nothing is sent again.
        ([claim(2, sent="2026-01-30")], 181, False),
        ([claim(2, sent="2026-02-11", freq="5")], 181, False),
        ([claim(2, sent="2026-02-11", freq="8")], 181, False),
        ([], 181, False),
    ],
)
def test_days_from_denial_to_resubmission(given, sent, days, ended):
    db = denied(given, sent=sent)
    row = days_denial_to_resubmission.rows(db).select("days", "is_ended").row(0)
    assert row == (days, ended)


@pytest.mark.parametrize(
    ("then", "sent", "write_off", "days", "ended"),
    [
        ([payment(11, 2, paid="60")], [], None, 28, True),
        ([payment(11, 2)], [], None, 181, False),  # answered again, nothing paid
        ([], [claim(2, sent="2026-02-11", freq="8")], None, 10, True),
        ([], [], "2026-02-06", 5, True),
        ([payment(11, 2, paid="60")], [], "2026-02-06", 5, True),
        ([], [], "2026-01-20", 181, False),  # written off before: no end of this denial
    ],
)
def test_days_from_denial_to_what_settles_it(given, then, sent, write_off, days, ended):
    extracts = {"write_off": write_offs(("A", write_off, "20"))} if write_off else {}
    db = denied(given, then=then, sent=sent, **extracts)
    row = days_denial_to_resolution.rows(db).select("days", "is_ended").row(0)
    assert row == (days, ended)


def test_a_claim_voided_before_its_denial_came_is_told(given):
    db = denied(given, sent=[claim(2, sent="2026-01-20", freq="8")])
    assert days_denial_to_resolution(db)["n"].item() == 0
    assert days_denial_to_resolution.excluded(db)["reason"].to_list() == [
        "rejected_span: voided before it was denied"
    ]


def test_the_share_that_could_be_prevented_and_the_share_that_is_hard(given):
    codes = ("197", "50", "16", "ZZ9")  # yes and hard, depends and hard, yes and soft, in no list
    db = given(
        claim=claims(*(claim(i, f"C{i}") for i in range(4))),
        remit=REMIT,
        remit_claim=payments(*(payment(10 + i, 1, f"C{i}") for i in range(4))),
        adjustment=adjustments(*((10 + i, "CO", code, "100") for i, code in enumerate(codes))),
    )
    assert hits(preventable_share, db) == (2, 3)
    assert hits(hard_share, db) == (2, 3)
    left = ("adjustment under a reason code in no list, not taken as a denial", 1, 100)
    assert left in hard_share.excluded(db).rows()
