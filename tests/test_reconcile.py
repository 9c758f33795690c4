"""What was loaded is accounted for: records kept out by rule, dollars to the cent."""

from decimal import Decimal

import pytest

from analytics import reconcile
from analytics.database import Database
from analytics.loader import load
from analytics.sample import write


@pytest.fixture(scope="module")
def db(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    write(folder, claims=300, months=6)
    with Database() as db:
        load(db, folder)
        db.build()
        yield db


def test_the_dollars_of_the_facts_are_those_of_the_files(db):
    money = reconcile.money(db)
    assert money["item"].to_list() == ["adjusted", "billed", "paid", "provider level"]
    assert money["difference_amount"].to_list() == [Decimal("0.00")] * 4
    assert money["files_amount"].to_list() == [
        db.sql("SELECT sum(amount) FROM adjustment").item(),
        db.sql("SELECT sum(billed_amount) FROM claim").item(),
        db.sql("SELECT sum(paid_amount) FROM remit_claim").item(),
        db.sql("SELECT sum(amount) FROM provider_adjustment").item(),
    ]


def test_the_span_runs_from_the_first_charge(db):
    first, last = reconcile.span(db)
    assert first == db.sql("SELECT min(submission_date) FROM claim").item()
    assert first < last <= db.as_of


def test_what_is_later_than_the_facts_is_told_apart(db):
    days = "SELECT max(payment_date) AS last, min(payment_date) AS first FROM remit"
    last, first = db.sql(days).row(0)
    db.build(as_of=first + (last - first) / 2)
    money = reconcile.money(db)
    db.build()
    assert money["difference_amount"].to_list() == [Decimal("0.00")] * 4
    assert all(later > 0 for later in money["undated_or_later_amount"].to_list()[1:3])


def test_a_cent_astray_shows(db):
    db.connection.execute("BEGIN")
    db.connection.execute(
        "UPDATE movement SET amount = amount + 0.01 WHERE rowid = "
        "(SELECT min(rowid) FROM movement WHERE kind = 'payer_payment')"
    )
    head = reconcile.summary(db)
    db.connection.execute("ROLLBACK")
    assert head["Files against facts"] == "they differ"
    assert reconcile.alerts(head) == ["Files against facts"]
    assert reconcile.alerts(reconcile.summary(db)) == []


def test_an_empty_database_has_nothing_and_no_difference():
    with Database() as db:
        db.build()
        assert reconcile.content(db).is_empty()
        assert reconcile.kept_out(db).is_empty()
        assert reconcile.unbalanced(db).is_empty()
        assert reconcile.summary(db)["Files against facts"] == "equal to the cent"


def test_findings_are_counted_by_rule():
    with Database() as db:
        db.connection.execute(
            "INSERT INTO rejected (file_id, record_no, table_name, severity, rule) VALUES "
            "(1, 5, 'claim', 'rejected', 'date_unreadable'), "
            "(2, 9, 'claim', 'rejected', 'date_unreadable'), "
            "(2, 1, 'remit', 'warning', 'trailer_missing')"
        )
        assert reconcile.kept_out(db).rows() == [
            ("rejected", "date_unreadable", "claim", 2, 2),
            ("warning", "trailer_missing", "remit", 1, 1),
        ]


def test_claims_of_feeds_are_told_by_what_became_of_them():
    with Database() as db:
        db.build()
        assert reconcile.feeds(db).is_empty()
        db.connection.execute("INSERT INTO patient (patient_id, member_id) VALUES (1, 'M1')")
        db.connection.execute(
            "INSERT INTO payer_claim (payer_claim_id, file_id, record_no, feed_code, claim_number,"
            " claim_key, claim_type, patient_id, service_from_date, service_to_date, paid_amount)"
            " SELECT n, 7, n, 'tuva', 'N' || n, 'N' || n, 'professional', 1, DATE '2026-01-05',"
            " DATE '2026-01-05', 10 FROM range(1, 4) AS made(n)"
        )
        db.build()
        assert reconcile.feeds(db).rows() == [("tuva", "final", 3, Decimal("30.00"))]
