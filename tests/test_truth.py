"""The library's answers on the sample against those of the events it was made from.

truth.json is told by the generator from its own events, in plain Python: no SQL, no parsing.
"""

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from analytics.database import Database
from analytics.loader import load
from analytics.metrics import CATALOGUE, denial_pareto

SAMPLE = Path(__file__).parents[1] / "sample_data"
RATES = (
    "initial_denial_rate",
    "full_denial_rate",
    "partial_denial_rate",
    "line_denial_rate",
    "overturn_rate",
    "first_pass_rate",
    "coding_denial_rate",
    "rejection_rate",
    "clean_claim_rate",
)
WAITS = ("days_submission_to_answer", "days_submission_to_payment")


@pytest.fixture(scope="module")
def truth():
    return json.loads((SAMPLE / "truth.json").read_text())


@pytest.fixture(scope="module")
def db(truth):
    with Database() as db:
        load(db, SAMPLE)
        db.build(dt.date.fromisoformat(truth["as_of"]))
        yield db


@pytest.mark.parametrize("name", RATES)
def test_rates(db, truth, name):
    expected = truth["metrics"][name]
    metric = CATALOGUE[name]
    assert metric(db).select("hits", "n").row(0, named=True) == expected["all"]
    by_payer = metric(db, by="payer_name")
    assert _pairs(by_payer, "payer_name") == expected["payer_name"]
    by_month = metric(db, every="month").with_columns(pl.col("period").dt.strftime("%Y-%m"))
    assert _pairs(by_month, "period") == expected["month"]


def test_denied_dollars(db, truth):
    expected = truth["metrics"]["denied_dollar_rate"]
    found = CATALOGUE["denied_dollar_rate"](db).row(0, named=True)
    assert (found["top"], found["bottom"]) == (
        Decimal(expected["top"]),
        Decimal(expected["bottom"]),
    )


@pytest.mark.parametrize("name", WAITS)
@pytest.mark.parametrize("payer", [None, "Medicare", "Heronbank Health"])
def test_waits(db, truth, name, payer):
    told = truth["metrics"][name]
    expected = told["payer_name"][payer] if payer else told["all"]
    metric = CATALOGUE[name]
    where = {"payer_name": payer} if payer else None
    found = metric(db, where=where).row(0, named=True)
    assert (found["n"], found["events"]) == (expected["n"], expected["events"])
    parts = db.fetch(metric.query(where=where))
    assert _histogram(parts, "ended") == expected["event_days"]
    assert _histogram(parts, "waiting") == expected["censored_days"]


def test_aging_on_four_days(db, truth):
    aging = CATALOGUE["ar_aging"]
    for day, expected in truth["metrics"]["ar_aging"].items():
        at = dt.date.fromisoformat(day)
        assert _buckets(aging(db, at=at)) == _amounts(expected["all"])
        for payer, buckets in expected["payer_name"].items():
            assert _buckets(aging(db, at=at, where={"payer_name": payer})) == _amounts(buckets)


def test_days_in_ar(db, truth):
    expected = truth["metrics"]["days_in_ar"]
    found = CATALOGUE["days_in_ar"](db).row(0, named=True)
    assert (found["receivable"], found["charges"]) == (
        Decimal(expected["ar"]),
        Decimal(expected["charges"]),
    )


def test_pmpm(db, truth):
    expected = truth["metrics"]["pmpm"]
    found = CATALOGUE["pmpm"](db).row(0, named=True)
    assert (found["top"], found["n"]) == (
        Decimal(expected["all"]["allowed"]),
        expected["all"]["member_months"],
    )
    by_month = CATALOGUE["pmpm"](db, every="month")
    assert {
        row["period"].strftime("%Y-%m"): (row["top"], row["n"]) for row in by_month.to_dicts()
    } == {
        month: (Decimal(one["allowed"]), one["member_months"])
        for month, one in expected["month"].items()
    }


def test_claims_without_cover_are_told(db, truth):
    expected = truth["metrics"]["pmpm"]["left_out"]
    found = CATALOGUE["pmpm"].excluded(db).row(0, named=True)
    assert (found["n"], found["amount"]) == (expected["claims"], Decimal(expected["allowed"]))


@pytest.mark.parametrize(("by", "key"), [("denial_category", "category"), ("denial_carc", "carc")])
def test_pareto(db, truth, by, key):
    found = {row[by]: (row["n"], row["amount"]) for row in denial_pareto(db, by).to_dicts()}
    assert found == {
        name: (one["lines"], Decimal(one["denied_amount"]))
        for name, one in truth["metrics"]["denial_pareto"][key].items()
    }


def test_totals(db, truth):
    expected = truth["metrics"]
    claims, balance = db.sql("SELECT count(*), sum(open_balance_amount) FROM claim_outcome").row(0)
    assert (claims, balance) == (expected["claims"], Decimal(expected["open_balance"]))
    unmatched = db.sql("SELECT count(*), sum(paid_amount) FROM answer WHERE NOT is_matched").row(0)
    assert unmatched == (expected["unmatched_remit_claims"], Decimal(expected["unmatched_paid"]))


def test_every_claim(db, truth):
    told = pl.DataFrame(truth["claims"]["rows"], schema=truth["claims"]["columns"], orient="row")
    amounts = ["denied_amount", "recovered_amount", "open_balance"]
    told = told.with_columns(
        pl.col(amounts).cast(pl.Decimal(14, 2)),
        pl.col("first_answer_date", "first_paid_date").str.to_date(),
    )
    found = db.sql("""
        SELECT claim.patient_control_number, claim_outcome.payer_sequence_code,
            claim_outcome.payer_name, claim_outcome.claim_type, claim_outcome.first_outcome,
            claim_outcome.is_duplicate, first_answer_date, first_paid_date, denied_amount,
            recovered_amount, open_balance_amount AS open_balance, is_overturned,
            submission_count AS submissions
        FROM claim_outcome JOIN claim USING (claim_id)
    """)
    keys = ["patient_control_number", "payer_sequence_code"]
    found = found.with_columns(pl.col(amounts).cast(pl.Decimal(14, 2)))
    both = told.join(found, on=keys, how="full", suffix="_found", coalesce=True)
    for column in [c for c in told.columns if c not in keys]:
        differing = both.filter(~pl.col(column).eq_missing(pl.col(f"{column}_found")))
        assert differing.is_empty(), (column, differing.height)


def _pairs(frame, key):
    return {row[key]: {"hits": row["hits"], "n": row["n"]} for row in frame.to_dicts()}


def _histogram(parts, column):
    some = parts.filter(pl.col(column) > 0)
    return {str(days): count for days, count in some.select("days", column).iter_rows()}


def _buckets(frame):
    return dict(frame.select("age_bucket", "amount").iter_rows())


def _amounts(told):
    return {bucket: Decimal(amount) for bucket, amount in told.items() if Decimal(amount)}
