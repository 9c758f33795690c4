"""What insurers still owe."""

import datetime as dt

import pytest
from world import REMIT, adjustments, claim, claims, payment, payments

from analytics.errors import BadQueryError, UnknownNameError
from analytics.metrics import ar_rollforward
from analytics.metrics.aged import aged_ar_share, ar_aging, credit_balances, days_in_ar

AS_OF = dt.date(2026, 6, 30)


def balance(db, day=None):
    return sum(ar_aging(db, at=day)["amount"])


@pytest.mark.parametrize(
    ("paid", "adjusted", "left"),
    [
        ("80", [("CO", "45", "20")], 0),
        ("60", [("CO", "45", "20"), ("PR", "2", "20")], 0),
        ("0", [("OA", "23", "100")], 0),
        ("0", [("CO", "97", "100")], 100),
        ("0", [("PR", "96", "100")], 100),
        ("0", [("OA", "18", "100")], 100),
        ("0", [("CO", "193", "100")], 100),
        ("0", [("OA", "133", "100")], 100),
        ("50", [("CO", "59", "50")], 0),
        ("0", [("CO", "ZZ9", "100")], 0),
        ("90", [("CO", "45", "20")], -10),
    ],
)
def test_what_an_answer_leaves_open(given, paid, adjusted, left):
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=payments(payment(10, paid=paid)),
        adjustment=adjustments(*((10, *one) for one in adjusted)),
        as_of=AS_OF,
    )
    assert balance(db) == left
    assert balance(db, dt.date(2026, 1, 20)) == 100
    assert balance(db, dt.date(2026, 1, 9)) == 0


def test_a_resubmission_adds_no_second_charge_and_a_new_charge_replaces(given):
    db = given(
        claim=claims(
            claim(1), claim(2, sent="2026-02-10"), claim(3, sent="2026-03-10", billed="70")
        ),
        as_of=AS_OF,
    )
    assert balance(db, dt.date(2026, 2, 28)) == 100
    assert balance(db) == 70
    assert db.sql("SELECT sum(amount) FROM ledger WHERE kind = 'charge'").item() == 270


def test_late_charges_add(given):
    db = given(
        claim=claims(claim(1), claim(2, sent="2026-02-10", billed="30", freq="5")), as_of=AS_OF
    )
    assert balance(db) == 130
    assert db.sql("SELECT billed_amount FROM claim_outcome").item() == 130


def test_a_void_closes_the_claim_for_good(given):
    db = given(
        claim=claims(claim(1), claim(2, sent="2026-03-10", freq="8")),
        remit=REMIT,
        remit_claim=payments(
            payment(10, 1, paid="30"), payment(11, 4, status="22", charge="-100", paid="-30")
        ),
        as_of=AS_OF,
    )
    assert balance(db, dt.date(2026, 2, 28)) == 70
    assert balance(db, dt.date(2026, 3, 10)) == 0
    assert balance(db) == 0
    assert db.sql("SELECT sum(amount) FROM ledger WHERE kind = 'charge'").item() == 200


def test_a_claim_voided_and_sent_again_owes_nothing_between(given):
    """Paid 30, voided in March, the 30 taken back in April, sent again in May."""
    db = given(
        claim=claims(claim(1), claim(2, sent="2026-03-10", freq="8"), claim(3, sent="2026-05-10")),
        remit=REMIT,
        remit_claim=payments(
            payment(10, 1, paid="30"), payment(11, 3, status="22", charge="-100", paid="-30")
        ),
        as_of=AS_OF,
    )
    days = {"2026-02-28": 70, "2026-03-10": 0, "2026-03-31": 0, "2026-04-15": 0, "2026-05-09": 0}
    for day, left in {**days, "2026-05-10": 100, "2026-06-30": 100}.items():
        assert balance(db, dt.date.fromisoformat(day)) == left, day
    assert credit_balances(db, at=dt.date(2026, 3, 31))["n"].item() == 0
    kinds = dict(db.sql("SELECT kind, sum(insurance_amount) FROM ledger GROUP BY 1").iter_rows())
    assert kinds["void"] + kinds.get("reopened", 0) == 0


def test_a_claim_voided_twice_with_nothing_between_the_voids(given):
    db = given(
        claim=claims(
            claim(1), claim(2, sent="2026-03-10", freq="8"), claim(3, sent="2026-03-20", freq="8"),
            claim(4, sent="2026-04-10", billed="90"), claim(5, sent="2026-05-10", freq="8"),
        ),
        remit=REMIT,
        remit_claim=payments(payment(10, 1, paid="30")),
        as_of=AS_OF,
    )  # fmt: skip
    days = {"2026-03-01": 70, "2026-03-15": 0, "2026-03-25": 0, "2026-04-10": 60, "2026-05-10": 0}
    for day, left in days.items():
        assert balance(db, dt.date.fromisoformat(day)) == left, day


def test_a_payment_and_its_reversal_cancel_even_where_their_amounts_differ(given):
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=payments(
            payment(10, 1, paid="80"), payment(11, 2, status="22", charge="-100", paid="-75")
        ),
        adjustment=adjustments((10, "CO", "45", "20"), (11, "CO", "45", "-25")),
        as_of=AS_OF,
    )
    assert balance(db, dt.date(2026, 2, 15)) == 0
    assert balance(db) == 100
    assert db.sql("SELECT sum(amount) FROM ledger WHERE kind = 'payer_payment'").item() == 5


@pytest.mark.parametrize("charge", ["-100", "-50"])
def test_a_reversal_takes_the_whole_answer_back_whatever_its_amount(given, charge):
    """835 section 1.10.2.8: a reversal undoes a claim payment, the correction tells what stands.

    Until that comes the whole charge is open; the money, 100 less 50, is what the files say.
    """
    paid = [payment(10, 1, paid="100"), payment(11, 2, status="22", charge=charge, paid="-50")]
    tables = {"claim": claims(claim(1)), "remit": REMIT}
    db = given(remit_claim=payments(*paid), as_of=AS_OF, **tables)
    assert (balance(db, dt.date(2026, 2, 15)), balance(db)) == (0, 100)
    assert db.sql("SELECT sum(amount) FROM ledger WHERE kind = 'payer_payment'").item() == 50
    tables["adjustment"] = adjustments((12, "CO", "45", "50"))
    corrected = given(remit_claim=payments(*paid, payment(12, 3, paid="50")), as_of=AS_OF, **tables)
    assert balance(corrected) == 0


@pytest.mark.parametrize("icn", ["X1", "OTHER"])
@pytest.mark.parametrize("sign", ["-", ""])
def test_a_reversal_sent_without_its_sign_takes_back_as_well(given, icn, sign):
    """The amounts stay as the file has them, so that each kind adds up to it."""
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=payments(
            payment(10, 1, paid="80"),
            payment(11, 2, status="22", charge=f"{sign}100", paid=f"{sign}80", icn=icn),
        ),
        adjustment=adjustments((10, "CO", "45", "20"), (11, "CO", "45", f"{sign}20")),
        as_of=AS_OF,
    )
    assert (balance(db, dt.date(2026, 2, 15)), balance(db)) == (0, 100)
    paid = db.sql("SELECT sum(amount) FROM ledger WHERE kind = 'payer_payment'").item()
    assert paid == (0 if sign else 160)
    assert db.sql("SELECT paid_amount, is_voided FROM claim_outcome").row(0) == (0, False)


@pytest.mark.parametrize(
    ("late", "on_its_day"), [("2026-04-10", 30), ("2026-03-10", 30)], ids=["later", "same day"]
)
def test_a_late_charge_after_a_void_stands_alone(given, late, on_its_day):
    """100 voided in March: nothing stands that 30 more could add to, so 30 are asked for."""
    db = given(
        claim=claims(
            claim(1), claim(2, sent="2026-03-10", freq="8"),
            claim(3, sent=late, billed="30", freq="5"), claim(4, sent="2026-05-20", billed="7",
                                                              freq="5"),
        ),
        as_of=AS_OF,
    )  # fmt: skip
    assert balance(db, dt.date(2026, 3, 1)) == 100
    assert balance(db, dt.date(2026, 3, 9)) == 100
    assert balance(db, dt.date.fromisoformat(late)) == on_its_day
    assert balance(db) == 37
    row = db.sql("SELECT billed_amount, is_voided, open_balance_amount FROM claim_outcome").row(0)
    assert row == (37, False, 37)
    assert db.sql("SELECT sum(amount) FROM ledger WHERE kind = 'charge'").item() == 237


def test_a_reversal_of_a_payment_never_seen_moves_nothing(given):
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=payments(payment(11, 2, status="22", charge="-100", paid="-75")),
        as_of=AS_OF,
    )
    assert balance(db) == 100


def test_write_offs_close_and_patient_payments_do_not(given):
    db = given(
        claim=claims(claim(1)),
        write_off="""
        patient_control_number | write_off_date | amount | file_id | record_no
        a                      | 2026-02-01     | 30     | 3       | 1
        """,
        patient_payment="""
        patient_control_number | payment_date | amount | file_id | record_no
        A                      | 2026-02-01   | 15     | 4       | 1
        """,
        as_of=AS_OF,
    )
    assert balance(db) == 70


def test_ages_by_service_and_credits_apart(given):
    days = {1: "2026-06-20", 2: "2026-05-31", 3: "2026-05-30", 4: "2026-01-01"}
    db = given(
        claim=claims(
            *(claim(n, f"C{n}", day=d, sent="2026-06-25") for n, d in days.items()),
            claim(9, "C9", sent="2026-06-25"),
        ),
        remit=REMIT,
        remit_claim=payments(payment(10, 1, "C9", paid="130")),
        as_of=AS_OF,
    )
    buckets = ar_aging(db).select("age_bucket", "n", "amount").rows()
    assert buckets == [("0-30", 2, 200), ("31-60", 1, 100), (">120", 1, 100), ("credit", 1, -30)]
    by_sent = ar_aging(db, age_from="submission")["age_bucket"].to_list()
    assert by_sent == ["0-30", "credit"]


def test_days_in_ar_divides_by_the_charges_of_an_average_day(given):
    db = given(
        claim=claims(
            claim(1, "A", sent="2026-04-02", billed="900"),
            claim(2, "B", sent="2026-04-01", billed="50"),
        ),
        as_of=AS_OF,
    )
    row = days_in_ar(db).row(0, named=True)
    assert (row["receivable"], row["charges"]) == (950, 900)
    assert row["value"] == pytest.approx(95)


def test_days_in_ar_of_young_data_divides_by_the_days_there_are(given):
    db = given(
        claim=claims(
            claim(1, "A", sent="2026-06-11", billed="900"),
            claim(2, "B", sent="2026-06-21", billed="300"),
        ),
        as_of=AS_OF,
    )
    assert days_in_ar(db).select("value", "window_days").row(0) == (pytest.approx(20), 20)
    of_b = days_in_ar(db, where={"submission_date": dt.date(2026, 6, 21)})
    assert of_b.select("value", "window_days").row(0) == (pytest.approx(20), 20)
    first = days_in_ar(db, at=dt.date(2026, 6, 11)).row(0, named=True)
    assert (first["value"], first["window_days"]) == (1, 1)
    assert days_in_ar(db, at=dt.date(2026, 6, 1))["value"].to_list() == [None]


def test_other_windows_edges_and_ages(given):
    db = given(
        claim=claims(
            claim(1, "A", day="2026-05-01", sent="2026-06-01"),
            claim(2, "B", day="2026-06-20", sent="2026-06-28", billed="60"),
        ),
        as_of=AS_OF,
    )
    row = days_in_ar(db, window=10).row(0, named=True)
    assert (row["receivable"], row["charges"], row["value"]) == (160, 60, pytest.approx(160 / 6))
    found = ar_aging(db, edges=[10, 60]).select("age_bucket", "amount").rows()
    assert found == [("0-10", 60), ("11-60", 100)]
    assert ar_aging(db, edges=[5])["age_bucket"].to_list() == [">5"]
    assert aged_ar_share(db, older_than=30)["old"].item() == 100
    assert aged_ar_share(db, older_than=30, age_from="submission")["old"].item() == 0
    for edges in ([], [0], [30, 30], [60, 30]):
        with pytest.raises(BadQueryError, match="edges"):
            ar_aging(db, edges=edges)
    with pytest.raises(BadQueryError, match="whole number"):
        days_in_ar(db, window=0)
    with pytest.raises(BadQueryError, match="at most 36,525"):
        days_in_ar(db, window=10**12)
    with pytest.raises(UnknownNameError, match="did you mean 'service'"):
        ar_aging(db, age_from="servce")


def test_several_days_are_told_at_once_and_a_day_to_come_is_refused(given):
    db = given(
        claim=claims(claim(1)),
        remit=REMIT,
        remit_claim=payments(payment(10, 1, paid="130")),
        as_of=AS_OF,
    )
    days = [dt.date(2026, 2, 28), dt.date(2026, 1, 31), dt.date(2026, 1, 9)]
    found = ar_aging(db, at=days).select("day", "age_bucket", "amount").rows()
    assert found == [(days[1], "0-30", 100), (days[0], "credit", -30)]
    assert credit_balances(db, at=days).select("day", "n", "amount").rows() == [(days[0], 1, 30)]
    for ask in (ar_aging, ar_aging.rows, ar_aging.row_count, credit_balances.rows):
        with pytest.raises(BadQueryError, match="names no day"):
            ask(db, at=[])
        with pytest.raises(BadQueryError, match="as of 2026-06-30"):
            ask(db, at=dt.date(2026, 7, 1))
    with pytest.raises(BadQueryError, match="names no day"):
        ar_aging.query(at=[])
    with pytest.raises(BadQueryError, match="not both"):
        ar_aging(db, at=days, every="month")


def test_an_answer_dated_before_its_claim_was_sent_counts_from_then(given):
    db = given(
        claim=claims(claim(1, sent="2026-02-20")),
        remit=REMIT,
        remit_claim=payments(payment(10, 1, paid="30")),
        as_of=AS_OF,
    )
    assert ar_aging(db, at=dt.date(2026, 2, 19)).is_empty()
    assert balance(db, dt.date(2026, 2, 20)) == 70
    frame = ar_rollforward(db, every="day")
    assert frame.select("period", "payer_payment", "difference").row(0) == (
        dt.date(2026, 2, 20), -30, 0
    )  # fmt: skip


def test_rows_are_the_claims_and_what_is_left_out_is_told(given):
    """A payment of 20 tied to no claim, one dated later, one of no date, a claim of no date."""
    db = given(
        claim=claims(claim(1), claim(2, "B", sent="")),
        remit="""
        remit_id | payment_date
        1        | 2026-02-01
        2        | 2026-07-01
        3        |
        """,
        remit_claim=payments(
            payment(10, 1, "Z", paid="20"), payment(11, 2, paid="30"), payment(12, 3, paid="40")
        ),
        as_of=AS_OF,
    )
    rows = ar_aging.rows(db)
    assert rows.select("claim_id", "amount", "age_days").rows() == [(1, 100, 176)]
    assert ar_aging.rows(db, at=dt.date(2026, 1, 9)).is_empty()
    left_out = {
        row["reason"]: (row["n"], row["amount"]) for row in ar_aging.excluded(db).to_dicts()
    }
    assert left_out == {
        "sent on no known date": (1, 100),
        "payment or posting tied to no claim": (1, 20),
        "claim payment of no known date (amount paid)": (1, 40),
        "claim payment after the as-of date (amount paid)": (1, 30),
    }
