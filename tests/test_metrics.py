"""What is true of every metric in the catalogue, whoever adds it."""

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from analytics import facts
from analytics.database import Database
from analytics.errors import NotBuiltError, UnknownNameError
from analytics.loader import load
from analytics.metrics import CATALOGUE, MATURE, Balance, PerMember, Trailing, denial_pareto
from analytics.query import Between

SNAPSHOTS = Path(__file__).parent / "snapshots"
NOT_IN_THE_SAMPLE = {
    "chain_link",
    "payer_claim_version",
    "settled_line",
    "settled_claim",
    "feed_doubt",
    "fee_release",
}
SAMPLE = Path(__file__).parents[1] / "sample_data"
EVERY_METRIC = pytest.mark.parametrize("metric", CATALOGUE.values(), ids=CATALOGUE.keys())
EVERY_FACT = pytest.mark.parametrize("fact", facts.ALL, ids=[fact.name for fact in facts.ALL])
SHAPE = ["n", "value", "low", "high"]


@EVERY_METRIC
def test_sql_is_as_reviewed(metric):
    sql = metric.query(by="payer_name", every="month", where={"line_of_business": "medicare"}).sql
    assert sql + "\n" == (SNAPSHOTS / f"{metric.name}.sql").read_text()


@EVERY_METRIC
def test_every_metric_tells_what_it_is(metric):
    assert all((metric.title, metric.source, metric.denominator, metric.date_basis))
    assert metric.definition.endswith(".")
    assert metric.definition.count(". ") == 0, "one sentence"


@EVERY_METRIC
@pytest.mark.parametrize("every", [None, "month"])
def test_same_columns(metric, db, every):
    frame = metric(db, by=["payer_name", "line_of_business"], every=every)
    groups = ["payer_name", "line_of_business", *(["period"] if every else [])]
    assert frame.columns[: len(groups)] == groups
    keys = ["age_bucket", *metric.keys]
    rest = [c for c in frame.columns[len(groups) :] if c not in keys]
    assert rest[:4] == SHAPE
    assert [frame.schema[c] for c in SHAPE[1:]] == [pl.Float64] * 3
    assert frame.height > 1


@EVERY_METRIC
def test_slices_add_up_to_the_whole(metric, db):
    whole = db.fetch(metric.query())
    keys = [item.split(" AS ")[-1] for item in metric.keys]
    sums = [item.split(" AS ")[-1] for item in metric.sums]
    exact = [c for c in sums if whole.schema[c] != pl.Float64]
    for dimension in metric.dimensions:
        slices = db.fetch(metric.query(by=dimension))
        total = pl.col(exact).sum()
        added = slices.group_by(keys).agg(total).sort(keys) if keys else slices.select(total)
        assert_frame_equal(
            added, whole.select(*keys, *exact), check_column_order=False, check_dtypes=False
        )


@EVERY_METRIC
def test_periods_add_up_to_the_whole(metric, db):
    if isinstance(metric, Balance):
        pytest.skip("a balance of one day is not the sum of others")
    whole = metric(db)["n"].sum()
    long = ("month", "quarter", "year")
    for every in long if isinstance(metric, Trailing) else ("day", "week", *long):
        assert metric(db, every=every)["n"].sum() == whole


@EVERY_METRIC
def test_what_counts_and_what_is_left_out_is_all(metric, db):
    if isinstance(metric, Balance):
        pytest.skip("counts claims of a fact of movements")
    if isinstance(metric, Trailing):
        pytest.skip("counts a claim once for each of three months")
    rows = db.sql(f"SELECT count(*) FROM {metric.fact.name}").item()
    excluded = metric.excluded(db)
    inside = excluded.filter(pl.col("reason").is_in(list(metric.reasons(include_duplicates=False))))
    # Per member: its `n` are member months, each a row, and claims are rows besides.
    counted = metric.row_count(db) if isinstance(metric, PerMember) else metric(db)["n"].sum()
    assert counted + inside["n"].sum() == rows
    assert inside.equals(metric.excluded(db, where={metric.period: Between()}))


@EVERY_METRIC
def test_rows_are_those_counted_and_lead_to_their_file(metric, db):
    some = metric.rows(db, limit=5)
    assert some.height == 5
    assert some["file_name"].null_count() == 0
    assert {"file_name", "record_no"} <= set(some.columns)
    if not isinstance(metric, Balance | Trailing | PerMember):
        assert metric.rows(db, limit=None).height == metric(db)["n"].sum()


@EVERY_METRIC
def test_no_row_shown_names_a_person(metric, db):
    forbidden = {"member_id", "last_name", "first_name", "birth_date", "patient_control_number"}
    assert not forbidden & set(metric.rows(db, limit=1).columns)


@EVERY_METRIC
def test_a_value_cannot_become_sql(metric, db):
    frame = metric(db, where={"payer_name": "x' OR 1=1 --"})
    assert frame["n"].sum() == 0


@EVERY_METRIC
def test_filters_of_every_form(metric, db):
    assert metric(db, where={"payer_name": ["Medicare", None]})["n"].sum() > 0
    assert metric(db, where={"payer_name": []})["n"].sum() == 0
    assert metric(db, where={"payer_name": None})["n"].sum() == 0
    year = Between(dt.date(2026, 1, 1), dt.date(2027, 1, 1))
    date = "submission_date" if isinstance(metric, Balance) else metric.period
    assert 0 < metric(db, where={date: year})["n"].sum() <= metric(db)["n"].sum()
    assert metric(db, where={date: Between()})["n"].sum() > 0


@EVERY_METRIC
def test_a_wrong_name_is_answered_with_the_right_one(metric, db):
    for call in (metric, metric.rows, metric.excluded):
        with pytest.raises(UnknownNameError, match="did you mean 'payer_name'"):
            call(db, where={"payer_nme": "x"})
    with pytest.raises(UnknownNameError, match="did you mean 'payer_name'"):
        metric(db, by="payer_nme")
    with pytest.raises(UnknownNameError, match="did you mean 'month'"):
        metric(db, every="mnth")


@EVERY_METRIC
def test_an_empty_database_gives_no_rows_and_no_errors(metric, empty):
    whole = metric(empty)
    assert whole["n"].sum() == 0
    assert whole["value"].drop_nulls().sum() == 0
    by = metric(empty, by="payer_name", every="month")
    assert by.is_empty()
    assert metric.rows(empty).is_empty()
    assert metric.excluded(empty).is_empty()


@EVERY_METRIC
def test_what_is_settled_adds_up_and_makes_a_period_mature(metric, db):
    if metric.maturity is None:
        pytest.skip("nothing to wait for")
    column = metric.maturity.column
    whole = db.fetch(metric.maturity_query())
    for dimension in metric.dimensions:
        slices = db.fetch(metric.maturity_query(by=dimension))
        assert_frame_equal(slices.select(pl.col("settled", "whole").sum()), whole)
    monthly = metric(db, every="month")
    assert monthly.columns[-2:] == [column, "is_mature"]
    assert monthly[column].drop_nulls().is_between(0, 1).all()
    mature = (monthly[column] >= MATURE).fill_null(value=True)
    assert monthly["is_mature"].to_list() == mature.to_list()
    assert metric(db)[column].item() == whole["settled"].item() / whole["whole"].item()


@EVERY_METRIC
def test_before_the_build_the_message_says_what_to_do(metric, unbuilt):
    with pytest.raises(NotBuiltError, match=r"db\.build\(\)"):
        metric(unbuilt)


@EVERY_METRIC
def test_the_interval_holds_the_value(metric, db):
    known = metric(db, by="payer_name").drop_nulls(["low", "high", "value"])
    assert (known["low"] <= known["value"]).all()
    assert (known["value"] <= known["high"]).all()


@EVERY_FACT
def test_each_fact_row_is_unique_on_its_key(fact, db):
    key = ", ".join(fact.key)
    assert db.sql(f"SELECT 1 FROM {fact.name} GROUP BY {key} HAVING count(*) > 1").is_empty()


@EVERY_FACT
def test_each_fact_has_rows_and_the_columns_it_is_sliced_by(fact, db):
    frame = db.sql(f"SELECT * FROM {fact.name} LIMIT 1")
    assert frame.height == 1 or fact.name in NOT_IN_THE_SAMPLE
    assert set(fact.dimensions) <= set(frame.columns)


@EVERY_FACT
def test_each_fact_file_says_what_a_row_is(fact):
    assert fact.sql.startswith(f"-- {fact.name}: one row per ")
    for word in ("QUALIFY", "GROUP BY ALL", "EXCLUDE", "DISTINCT ON"):
        assert word not in fact.sql, "not in the SQL all engines share"


def test_pareto_shares_are_of_the_whole(db):
    frame = denial_pareto(db, by="denial_carc")
    assert frame["share"].sum() == pytest.approx(1)
    assert frame["cumulative_share"][-1] == pytest.approx(1)
    assert frame["value"].is_sorted(descending=True)


def test_the_ledger_adds_up_to_its_files(db):
    kinds = dict(db.sql("SELECT kind, sum(amount) FROM ledger GROUP BY kind").iter_rows())
    billed = db.sql("SELECT sum(billed_amount) FROM claim").item()
    charge, paid = db.sql("SELECT sum(charge_amount), sum(paid_amount) FROM remit_claim").row(0)
    assert kinds["charge"] == billed
    assert kinds["payer_payment"] == paid
    adjusted = ("contractual", "patient_share", "prior_payer", "other_adjustment", "denied")
    assert charge == paid + sum(kinds[k] for k in adjusted) + kinds.get("pended", 0)
    plb = db.sql("SELECT sum(amount) FROM provider_adjustment").item()
    assert kinds["provider_adjustment"] == plb


def test_aging_adds_up_to_the_ledger(db):
    aged = CATALOGUE["ar_aging"](db)["amount"].sum()
    assert aged == db.sql("SELECT sum(insurance_amount) FROM ledger").item()
    assert aged == db.sql("SELECT sum(open_balance_amount) FROM claim_outcome").item()


def test_a_past_balance_is_that_of_facts_built_for_that_day(db):
    day = dt.date(2026, 6, 30)
    with Database() as past:
        load(past, SAMPLE)
        aging = CATALOGUE["ar_aging"]
        past.build(day, only=[aging.fact.name])
        assert_frame_equal(aging(past, by="claim_type"), aging(db, by="claim_type", at=day))


LEDGER = """
SELECT claim_id, sum(insurance_amount) AS amount,
    max(entry_date) FILTER (WHERE is_answer) AS answered,
    sum(insurance_amount) FILTER (WHERE kind IN ('charge', 'superseded_charge')) AS charged
FROM ledger WHERE claim_id IS NOT NULL AND greatest(entry_date, submission_date) <= $day
GROUP BY claim_id ORDER BY claim_id
"""
SPANS = """
SELECT claim_id, open_amount AS amount, last_answer_date AS answered, charged_amount AS charged
FROM claim_balance WHERE $day BETWEEN from_date AND to_date ORDER BY claim_id
"""


@pytest.mark.parametrize("day", [dt.date(2025, 9, 1), dt.date(2026, 3, 17), dt.date(2026, 10, 31)])
def test_the_balance_of_any_claim_on_any_day_is_the_sum_of_its_movements(db, day):
    assert_frame_equal(db.sql(SPANS, day=day), db.sql(LEDGER, day=day), check_dtypes=False)


BALANCES = [metric for metric in CATALOGUE.values() if isinstance(metric, Balance)]


@pytest.mark.parametrize("metric", BALANCES, ids=lambda m: m.name)
@pytest.mark.parametrize("age_from", ["service", "submission", "last_answer"])
def test_many_days_at_once_are_each_of_them_alone(db, metric, age_from):
    days = [dt.date(2026, month, 28) for month in range(1, 11)]
    for by in ([], ["payer_name"]):
        at_once = metric(db, by, at=days, age_from=age_from)
        for day in days:
            alone = metric(db, by, at=day, age_from=age_from)
            assert_frame_equal(at_once.filter(pl.col("day") == day).drop("day"), alone)


def test_balances_over_time_end_with_each_period(db):
    aging = CATALOGUE["ar_aging"]
    monthly = aging(db, every="month").filter(pl.col("period") == dt.date(2026, 6, 1))
    assert_frame_equal(monthly.drop("period"), aging(db, at=dt.date(2026, 6, 30)))


def test_a_curve_of_waiting_starts_high_and_never_rises(db):
    curve = CATALOGUE["days_submission_to_answer"].curve(db)
    assert curve["still"].is_sorted(descending=True)
    assert curve["at_risk"][0] == CATALOGUE["days_submission_to_answer"](db)["n"].item()
