"""The library's facts and metrics against the truth of a sample: claim by claim, to the cent."""

import json
from datetime import date
from decimal import Decimal

import pytest

from analytics import loader
from analytics.database import Database
from analytics.metrics import CATALOGUE
from analytics.metrics.denials import denial_pareto

RATES = (
    "initial_denial_rate", "full_denial_rate", "partial_denial_rate", "line_denial_rate",
    "overturn_rate", "first_pass_rate", "coding_denial_rate",
    "rejection_rate", "clean_claim_rate",
)  # fmt: skip
COLUMNS = {
    "payer_name": "payer_name",
    "claim_type": "claim_type",
    "first_outcome": "first_outcome",
    "is_duplicate": "is_duplicate",
    "first_answer_date": "first_answer_date",
    "first_paid_date": "first_paid_date",
    "denied_amount": "denied_amount",
    "recovered_amount": "recovered_amount",
    "open_balance": "open_balance_amount",
    "is_overturned": "is_overturned",
    "submissions": "submission_count",
}


@pytest.fixture(scope="module")
def truth(folder):
    return json.loads((folder / "truth.json").read_text())


@pytest.fixture(scope="module")
def db(folder, truth):
    database = Database(":memory:")
    loader.load(database, folder)
    database.build(as_of=date.fromisoformat(truth["as_of"]))
    yield database
    database.close()


def test_every_claim_has_the_outcome_dates_and_money_of_its_events(db, truth):
    found = db.sql(
        "SELECT upper(claim.patient_control_number) AS patient_control_number, claim_outcome.* "
        "FROM claim_outcome JOIN claim ON claim.claim_id = claim_outcome.claim_id"
    )
    ours = {
        (row["patient_control_number"], row["payer_sequence_code"]): {
            name: text(row[column]) for name, column in COLUMNS.items()
        }
        for row in found.iter_rows(named=True)
    }
    stated = [
        dict(zip(truth["claims"]["columns"], row, strict=True)) for row in truth["claims"]["rows"]
    ]
    theirs = {
        (row["patient_control_number"], row["payer_sequence_code"]): {
            name: text(row[name]) for name in COLUMNS
        }
        for row in stated
    }
    assert ours == theirs


def text(value):
    return None if value is None else str(value)


@pytest.mark.parametrize("name", RATES)
def test_rates(db, truth, name):
    metric, stated = CATALOGUE[name], truth["metrics"][name]
    row = metric(db).row(0, named=True)
    assert {"hits": row["hits"], "n": row["n"]} == stated["all"]
    for part, frame in (
        ("payer_name", metric(db, by="payer_name")),
        ("month", metric(db, every="month")),
    ):
        column = "period" if part == "month" else part
        rows = frame.filter(frame["n"] > 0).iter_rows(named=True)
        found = {
            str(row[column])[: 7 if part == "month" else None]: {
                "hits": row["hits"],
                "n": row["n"],
            }
            for row in rows
        }
        assert found == stated[part]


def test_dollars(db, truth):
    row = CATALOGUE["denied_dollar_rate"](db).row(0, named=True)
    stated = truth["metrics"]["denied_dollar_rate"]
    assert (row["top"], row["bottom"]) == (Decimal(stated["top"]), Decimal(stated["bottom"]))
    row = CATALOGUE["pmpm"](db).row(0, named=True)
    stated = truth["metrics"]["pmpm"]["all"]
    assert (row["top"], row["n"]) == (Decimal(stated["allowed"]), stated["member_months"])
    row = CATALOGUE["days_in_ar"](db).row(0, named=True)
    stated = truth["metrics"]["days_in_ar"]
    assert row["receivable"] == Decimal(stated["ar"])
    assert row["charges"] == Decimal(stated["charges"])


@pytest.mark.parametrize("name", ["days_submission_to_answer", "days_submission_to_payment"])
def test_waits(db, truth, name):
    stated = truth["metrics"][name]
    row = CATALOGUE[name](db).row(0, named=True)
    assert (row["n"], row["events"]) == (stated["all"]["n"], stated["all"]["events"])
    for row in CATALOGUE[name](db, by="payer_name").iter_rows(named=True):
        payer = stated["payer_name"][row["payer_name"]]
        assert (row["n"], row["events"]) == (payer["n"], payer["events"])


def test_aging_on_four_days(db, truth):
    for day, stated in truth["metrics"]["ar_aging"].items():
        rows = CATALOGUE["ar_aging"](db, by="payer_name", at=date.fromisoformat(day))
        found = {
            (row["payer_name"], row["age_bucket"]): row["amount"]
            for row in rows.iter_rows(named=True)
        }
        expected = {
            (payer, bucket): Decimal(amount)
            for payer, buckets in stated["payer_name"].items()
            for bucket, amount in buckets.items()
            if Decimal(amount)
        }
        assert found == expected


@pytest.mark.parametrize(("by", "part"), [("denial_category", "category"), ("denial_carc", "carc")])
def test_pareto(db, truth, by, part):
    found = {
        row[by]: {"lines": row["n"], "denied_amount": str(row["amount"])}
        for row in denial_pareto(db, by).iter_rows(named=True)
    }
    assert found == truth["metrics"]["denial_pareto"][part]


def test_the_planted_pattern_stands_out(db, truth):
    pattern = truth["planted_pattern"]
    struck = db.sql(
        "SELECT count(*) FILTER (WHERE is_denied) AS denied, count(*) AS n FROM answered_line "
        "WHERE is_first_answer AND procedure_code = $code AND modifier_key = $modifier "
        "AND payer_name = $payer AND service_date >= $start",
        code=pattern["procedure_code"],
        modifier=pattern["modifier"],
        payer=pattern["payer_name"],
        start=date.fromisoformat(pattern["service_from"]),
    ).row(0, named=True)
    assert struck["denied"] >= 20
    assert struck["denied"] / struck["n"] > 0.5


def test_damaged_files_load_as_expected(folder):
    broken = folder / "broken"
    expected = json.loads((broken / "expected.json").read_text())
    database = Database(":memory:")
    good = next(iter(sorted(folder.glob("835/*MEDICARE*.edi"))))
    loader.load(database, good)
    counts = "SELECT (SELECT count(*) FROM claim), (SELECT count(*) FROM remit_claim)"
    for name, one in expected.items():
        before = database.sql(counts).row(0)
        loader.load(database, broken / name)
        after = database.sql(counts).row(0)
        found = tuple(b - a for a, b in zip(before, after, strict=True))
        assert found == (one["readable_claims"], one["readable_remit_claims"]), name
    database.close()
