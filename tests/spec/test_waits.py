"""How long claims wait: from when, until when, and which spans are no wait at all."""

import datetime as dt
from decimal import Decimal

import pytest
from world import REMIT, adjustments, claim, claims, payment, payments

from analytics.errors import BadQueryError, UnknownNameError
from analytics.metrics import CATALOGUE, cash_curve, lag_curve, outcome_curve, payer_scorecard

AS_OF = dt.date(2026, 6, 1)
ANSWER, PAYMENT = CATALOGUE["days_submission_to_answer"], CATALOGUE["days_submission_to_payment"]
SERVICE, WHOLE = CATALOGUE["days_service_to_submission"], CATALOGUE["days_service_to_payment"]
DENIAL = CATALOGUE["days_denial_to_payment"]


def world(given, sent, came=(), adjusted=(), as_of=AS_OF, **more):
    """Claims and what came back; service is 2026-01-05, sending 2026-01-10, if not said."""
    return given(
        as_of,
        claim=claims(*sent),
        remit=REMIT,
        remit_claim=payments(*came),
        adjustment=adjustments(*adjusted),
        **more,
    )


def days(metric, db, **options):
    """Days waited, and whether that is all: the rows behind the number."""
    rows = metric.clocked(options.get("clock")).rows(db)
    return rows.select("days", "is_ended").rows()


def reasons(metric, db):
    return dict(metric.excluded(db).select("reason", "n").iter_rows())


def test_each_span_from_its_own_day_to_its_own(given):
    """Served 5 January, sent on the 10th, denied 1 February, paid 1 March."""
    came = [payment(10), payment(11, 2, paid="100")]
    db = world(given, [claim(1)], came, [(10, "CO", "197", "100")])
    assert days(SERVICE, db) == [(5, True)]
    assert days(ANSWER, db) == [(22, True)]
    assert days(PAYMENT, db) == [(50, True)]
    assert days(WHOLE, db) == [(55, True)]
    assert days(DENIAL, db) == [(28, True)]


def test_a_claim_still_open_waits_to_the_last_day(given):
    db = world(given, [claim(1)])
    assert days(ANSWER, db) == days(PAYMENT, db) == [(142, False)]
    assert days(WHOLE, db) == [(147, False)]
    assert (PAYMENT(db)["n"].item(), PAYMENT(db)["events"].item()) == (1, 0)
    assert PAYMENT(db)["value"].item() is None
    assert days(SERVICE, db) == [(5, True)]
    assert reasons(DENIAL, db) == {"not denied": 1}


def test_a_voided_claim_waits_to_its_void(given):
    db = world(given, [claim(1), claim(2, sent="2026-01-30", freq="8")])
    assert days(PAYMENT, db) == [(20, False)]
    assert days(WHOLE, db) == [(25, False)]


def test_what_the_patient_owes_pays_nothing_and_waits_on(given):
    db = world(given, [claim(1)], [payment(10)], [(10, "PR", "1", "100")])
    assert days(ANSWER, db) == [(22, True)]
    assert days(PAYMENT, db) == [(142, False)]


def test_a_payment_before_its_claim_is_counted_and_not_measured(given):
    sent = [claim(1, sent="2026-02-11"), claim(2, "B")]
    db = world(given, sent, [payment(10, paid="100"), payment(11, 2, "B", paid="100")])
    assert days(PAYMENT, db) == days(PAYMENT, db) == [(50, True)]
    assert PAYMENT(db).select("n", "value").row(0) == (1, 50)
    assert reasons(PAYMENT, db) == {"rejected_span: paid before it was sent": 1}
    assert reasons(ANSWER, db) == {"rejected_span: answered before it was sent": 1}
    assert PAYMENT.excluded(db)["amount"].to_list() == [100]


def test_a_service_after_its_end_or_of_no_day_is_counted_and_not_measured(given):
    sent = [claim(1, day="2026-02-15"), claim(2, "B", to="2026-01-06")]
    sent += [claim(3, "C").replace("2026-01-05 | 2026-01-05", " | ")]
    db = world(given, sent, [payment(10, paid="100")])
    assert days(SERVICE, db) == [(4, True)]
    assert days(WHOLE, db) == [(146, False)]
    no_day = {"rejected_span: no day of service": 1}
    assert reasons(SERVICE, db) == {**no_day, "rejected_span: served after it was sent": 1}
    assert reasons(WHOLE, db) == {**no_day, "rejected_span: served after the wait ends": 1}


def test_a_payment_of_a_later_day_or_none_is_counted_and_its_claim_waits(given):
    remit = f"{REMIT}\n    8 | 2062-01-01\n    9 |\n"
    db = given(
        AS_OF,
        claim=claims(claim(1), claim(2, "B")),
        remit=remit,
        remit_claim=payments(payment(10, 8, paid="100"), payment(11, 9, "B", paid="100")),
    )
    assert days(PAYMENT, db) == [(142, False)] * 2
    assert reasons(PAYMENT, db) == {
        "rejected_span: claim payment after the as-of date": 1,
        "rejected_span: claim payment of no known date": 1,
    }


class TestDenialToPayment:
    def test_paid_with_the_denial_is_for_what_was_not_denied(self, given):
        part = [(10, "CO", "197", "40")]
        db = world(given, [claim(1)], [payment(10, paid="60")], part)
        assert days(DENIAL, db) == [(120, False)]
        db = world(given, [claim(1)], [payment(10, paid="60"), payment(11, 3, paid="40")], part)
        assert days(DENIAL, db) == [(59, True)]

    def test_it_counts_from_the_first_denial_though_paid_before(self, given):
        came = [payment(10, paid="60"), payment(11, 2), payment(12, 4, paid="40")]
        db = world(given, [claim(1)], came, [(11, "CO", "197", "40")])
        assert days(DENIAL, db) == [(61, True)]

    def test_a_void_ends_it_and_one_before_it_is_no_wait(self, given):
        denied = [(10, "CO", "197", "100")]
        for void, waited in (("2026-03-03", [(30, False)]), ("2026-01-20", [])):
            sent = [claim(1), claim(2, sent=void, freq="8")]
            db = world(given, sent, [payment(10)], denied)
            assert days(DENIAL, db) == waited
        assert reasons(DENIAL, db) == {"rejected_span: voided before it was denied": 1}


class TestReceived:
    def world(self, given, received):
        head, row = payments(payment(10, paid="100")).split("\n")
        came = f"{head} | received_date\n{row} | {received}"
        return given(AS_OF, claim=claims(claim(1), claim(2, "B")), remit=REMIT, remit_claim=came)

    @pytest.mark.parametrize(
        ("received", "waited"),
        [("2026-01-12", 20), ("", 22), ("2026-02-01", 0)],
    )
    def test_it_counts_from_the_day_the_payer_says_else_the_day_sent(self, given, received, waited):
        db = self.world(given, received)
        assert days(ANSWER, db, clock="received") == [(waited, True), (142, False)]
        assert ANSWER(db, clock="received")["value"].item() == waited
        assert ANSWER(db, clock="submission")["value"].item() == ANSWER(db)["value"].item() == 22

    def test_received_after_its_answer_is_counted_and_not_measured(self, given):
        db = self.world(given, "2026-02-02")
        received = ANSWER.clocked("received")
        assert ANSWER(db, clock="received")["n"].item() == 1
        assert reasons(received, db) == {"rejected_span: answered before it was received": 1}
        assert ANSWER(db)["n"].item() == 2

    def test_other_waits_have_one_clock(self, given):
        db = self.world(given, "")
        with pytest.raises(UnknownNameError, match="clock"):
            PAYMENT(db, clock="received")
        with pytest.raises(UnknownNameError, match="did you mean 'received'"):
            ANSWER(db, clock="receved")


def test_what_came_first_rules_out_the_rest(given):
    """Five claims: paid, denied in part, left to the patient, settled by another payer, open."""
    sent = [claim(i, name) for i, name in enumerate("ABCDE", start=1)]
    came = [
        payment(10, 1, "A", paid="100"),
        payment(11, 1, "B", paid="60"),
        payment(12, 2, "C"),
        payment(13, 2, "D"),
        payment(14, 3, "B", paid="40"),
    ]
    adjusted = [(11, "CO", "197", "40"), (12, "PR", "1", "100"), (13, "OA", "23", "100")]
    frame = outcome_curve(world(given, sent, came, adjusted))
    last = frame.filter(frame["days"] == 142)
    assert dict(last.select("outcome", "share").iter_rows()) == pytest.approx(
        dict.fromkeys(("paid", "denied", "patient_only", "no_pay_other"), 0.2)
    )
    ends = frame.filter(frame["ended"] > 0).select("outcome", "days", "at_risk").rows()
    assert sorted(ends) == [
        ("denied", 22, 5), ("no_pay_other", 50, 3), ("paid", 22, 5), ("patient_only", 50, 3),
    ]  # fmt: skip


def test_cash_by_claims_and_by_dollars(given):
    """Sent 10 January: $300 paid after 22 days, $100 after 81; $100 open."""
    sent = [claim(1, billed="300"), claim(2, "B"), claim(3, "C")]
    came = [payment(10, paid="300", charge="300"), payment(11, 3, "B", paid="50")]
    frame = cash_curve(world(given, sent, came))
    assert frame["band"].to_list() == ["0-15", "16-30", "31-45", "46-60", ">60"]
    assert frame["value"].to_list() == pytest.approx([0, 1 / 3, 0, 0, 2 / 3])
    assert frame["within"].to_list()[:4] == pytest.approx([0, 1 / 3, 1 / 3, 1 / 3])
    assert frame["dollar_value"].to_list() == pytest.approx([0, 0.6, 0, 0, 0.4])
    assert frame["ended"].to_list() == [0, 1, 0, 0, 1]
    assert set(frame["n"]) == {3}
    assert set(frame["amount"]) == {Decimal(500)}


def test_open_claims_leave_the_sum_when_they_are_seen_no_longer(given):
    """Of two, one is sent too late to tell: the share is that of the one at risk."""
    sent = [claim(1), claim(2, "B", sent="2026-05-22"), claim(3, "C", sent="2026-05-22")]
    db = world(given, sent, [payment(10, paid="100")])
    frame = cash_curve(db)
    assert frame["value"].to_list() == pytest.approx([0, 1, 0, 0, 0])
    young = cash_curve(db, every="month").filter(period=dt.date(2026, 5, 1))
    assert young["value"].to_list() == [None] * 5, "ten days old: nothing to tell yet"


def test_a_day_on_the_edge_is_in_the_lower_band(given):
    """Answered on 1 February: 15 and 16 days after sending."""
    sent = [claim(1, sent="2026-01-17"), claim(2, "B", sent="2026-01-16")]
    came = [payment(10, paid="100"), payment(11, 1, "B", paid="100")]
    frame = cash_curve(world(given, sent, came), ANSWER)
    assert frame["value"].to_list() == pytest.approx([0.5, 0.5, 0, 0, 0])


def test_the_curve_is_that_of_the_metric_and_of_waits_only(given):
    db = world(given, [claim(1), claim(2, "B")], [payment(10, paid="100")])
    assert lag_curve(db, PAYMENT).equals(PAYMENT.curve(db))
    assert lag_curve(db).select("days", "still", "at_risk", "ended", "waiting").rows() == [
        (22, 0.5, 2, 1, 0), (142, 0.5, 1, 0, 1),
    ]  # fmt: skip
    for study in (lag_curve, cash_curve, payer_scorecard):
        with pytest.raises(BadQueryError, match="initial_denial_rate is no wait"):
            study(db, CATALOGUE["initial_denial_rate"])
    with pytest.raises(UnknownNameError, match="clock"):
        lag_curve(db, PAYMENT, clock="received")


def test_who_is_not_half_done_ranks_after_all_who_are(given):
    sent = [claim(i, f"A{i}", seq="P") for i in range(3)]
    sent += [claim(10 + i, f"B{i}", seq="S") for i in range(3)]
    came = [payment(20 + i, 1, f"A{i}", paid="100") for i in range(3)]
    frame = payer_scorecard(world(given, sent, came), by="payer_sequence_code")
    found = frame.sort("payer_sequence_code").select("payer_sequence_code", "lag_p50_rank")
    assert found.rows() == [("P", 1), ("S", 2)]
    assert frame.sort("payer_sequence_code")["lag_p50"].is_null().to_list() == [False, True]
