"""The library against a naive computation: the same core tables, read with dictionaries and loops.

Nothing of the library's SQL is used, only the definitions; so each checks the other.  Where these
leave a case open the naive computation follows what the library says it does: a second payer's
answer to a claim never sent to it is tied to none; payer and payee break what is level; interim
bills add to a claim and others replace it; what is sent after a void opens the claim again, what is
written off after one counts for nothing; a pend that pays is an answer.
"""

import datetime as dt

import naive_cash
import naive_draw
import naive_metrics
import naive_rows
import naive_waits
import polars as pl
import pytest
from seldom import seldom

from analytics import sample
from analytics.database import Database
from analytics.loader import load
from analytics.metrics import (
    CATALOGUE,
    ar_rollforward,
    cash_curve,
    completion_factors,
    outcome_curve,
)
from analytics.metrics._wait import REJECTED
from analytics.metrics.denial_ends import WINDOW

END = dt.date(2026, 10, 31)
HALF_WAY = dt.date(2026, 3, 20)
SAMPLES = {"sample 33, half-way": (33, HALF_WAY), "sample 31": (31, END), "sample 32": (32, END)}
DRAWN = {f"random {seed}": (seed, dt.date(2026, 4 + seed, 15)) for seed in range(1, 6)}
COLUMNS = {
    "payer": "payer_name",
    "first_outcome": "first_outcome",
    "is_duplicate": "is_duplicate",
    "is_denied": "is_initially_denied",
    "first_day": "first_answer_date",
    "denied": "denied_amount",
    "recovered": "recovered_amount",
    "balance": "open_balance_amount",
}
REASONS = {
    "group": "denial_group", "carc": "denial_carc", "rarc": "denial_rarc",
    "category": "denial_category",
}  # fmt: skip
PAIRS = (
    "initial_denial_rate", "full_denial_rate", "partial_denial_rate", "first_pass_rate",
    "clean_claim_rate",
    "line_denial_rate", "coding_denial_rate", "overturn_rate", "denied_dollar_rate",
    "initial_denial_dollars",
    "recovery_rate", "primary_denial_rate", "remittance_denial_rate", "final_denial_rate",
    "denial_write_off_rate", "preventable_share", "hard_share", "repeat_denials", "appeal_rate",
    "appeal_success_rate",
)  # fmt: skip
WAITS = (
    "days_service_to_submission", "days_submission_to_answer", "days_submission_to_payment",
    "days_service_to_payment", "days_denial_to_payment", "days_denial_to_resubmission",
    "days_denial_to_resolution",
)  # fmt: skip
RECEIVED = "days_submission_to_answer by receipt"


@pytest.fixture(scope="module", params=[*seldom(SAMPLES, 1), *seldom(DRAWN, 3)])
def world(request, tmp_path_factory):
    """A database built as of a day, the naive claims of it, and the naive metrics."""
    if request.param in DRAWN:
        seed, as_of = DRAWN[request.param]
        made = naive_draw.database(seed)
    else:
        seed, as_of = SAMPLES[request.param]
        folder = tmp_path_factory.mktemp("sample")
        sample.write(folder, claims=600, seed=seed, files="single", with_truth=False)
        load(made := Database(), folder)
    with made as db:
        db.build(as_of)
        said_no = db.sql("SELECT submission_id FROM submission_outcome WHERE is_rejected")
        rejected = set(said_no["submission_id"])
        yield db, *naive_metrics.family(naive_rows.world(db, as_of), WINDOW, rejected)


def test_every_claim(world):
    db, claims, _ = world
    found = {row["claim_id"]: row for row in db.sql("SELECT * FROM claim_outcome").to_dicts()}
    assert len(claims) == len(found)
    for one in claims:
        row = found[one.chain.submissions[0]["claim_id"]]
        ours = {name: getattr(one, name) for name in COLUMNS}
        assert ours == {name: row[column] for name, column in COLUMNS.items()}
        if one.main:
            ours = {name: getattr(one.main, name) for name in REASONS}
            assert ours == {name: row[column] for name, column in REASONS.items()}


def _days(db):
    first, last = db.sql("SELECT min(from_date), max(to_date) FROM claim_balance").row(0)
    return [first + (last - first) * part // 5 for part in range(1, 6)]


def test_balances_by_age_on_any_day(world):
    db, claims, told = world
    frame = CATALOGUE["ar_aging"](db, "payer_name", at=_days(db))
    for day in _days(db):
        rows = frame.filter(day=day).select("payer_name", "age_bucket", "amount").rows()
        found = {(payer, bucket): amount for payer, bucket, amount in rows}
        assert found == naive_cash.aging(told.world, claims, day), day
        rolled = ar_rollforward(db, "payer_name", every="day").filter(period=day)
        for payer, closing in rolled.select("payer_name", "closing").rows():
            assert closing == sum(amount for (one, _), amount in found.items() if one == payer)
        assert rolled["difference"].to_list() == [0] * rolled.height


def test_collections(world):
    db, claims, told = world
    expected, voided = naive_cash.collections(told.world, claims)
    for name, bottom in (("net_collection_rate", "net"), ("gross_collection_rate", "charge")):
        frame = CATALOGUE[name](db, "payer_name", every="month")
        found = {
            (row["payer_name"], f"{row['period']:%Y-%m}"): (row["top"], row["bottom"])
            for row in frame.to_dicts()
        }
        assert found == {
            key: (paid, expected[bottom][key]) for key, paid in expected["paid"].items()
        }
        left_out = CATALOGUE[name].excluded(db).filter(reason="voided")
        assert left_out["n"].sum() == voided


def test_link_ratios(world):
    db, claims, told = world
    frame = completion_factors(db)
    for payer in frame["payer_name"].unique():
        found = frame.filter(payer_name=payer)["factor"].to_list()
        expected = naive_cash.factors(told.world, claims, payer)
        assert found[-len(expected) :] == pytest.approx(expected)


def sums(frame):
    """Both sums of a metric by payer and month."""
    top, bottom = ("hits", "n") if "hits" in frame.columns else ("top", "bottom")
    return {
        (row["payer_name"], f"{row['period']:%Y-%m}"): (row[top], row[bottom])
        for row in frame.to_dicts()
        if row[bottom]
    }


@pytest.mark.parametrize("name", PAIRS)
def test_sums(world, name):
    db, _, told = world
    found = sums(CATALOGUE[name](db, by="payer_name", every="month"))
    assert found == {key: pair for key, pair in told.sums[name].items() if pair[1]}


@pytest.mark.parametrize(
    "name", ["initial_denial_rate", "line_denial_rate", "remittance_denial_rate"]
)
def test_duplicates_counted(world, name):
    db, _, told = world
    frame = CATALOGUE[name](db, by="payer_name", every="month", include_duplicates=True)
    assert sums(frame) == told.sums[name + naive_metrics.DUPLICATES]


@pytest.mark.parametrize("by", ["denial_category", "denial_carc", "denial_rarc", "denial_group"])
def test_denied_dollars(world, by):
    db, _, told = world
    column = by.removeprefix("denial_")
    sums = {}
    for _, part in told.lines:
        value = getattr(part.main, column)
        n, amount = sums.get(value, (0, 0))
        sums[value] = (n + 1, amount + part.denied)
    frame = CATALOGUE["denied_dollars"](db, by=by)
    assert {row[by]: (row["n"], row["amount"]) for row in frame.to_dicts()} == sums


@pytest.mark.parametrize("name", WAITS)
def test_waits(world, name):
    db, _, told = world
    for row in CATALOGUE[name](db, by="payer_name").to_dicts():
        days = ((d, ended) for key, d, ended in told.waits[name] if key[0] == row["payer_name"])
        expected = naive_metrics.quantiles(days)
        assert {column: row[column] for column in expected} == expected


@pytest.mark.parametrize("name", [*WAITS[:5], RECEIVED])
def test_spans_that_are_none_are_counted(world, name):
    db, _, told = world
    metric = CATALOGUE[name.removesuffix(" by receipt")].clocked(
        "received" if name == RECEIVED else None
    )
    reasons = metric.excluded(db, where={}).filter(pl.col("reason").str.starts_with(REJECTED))
    dated = reasons.filter(~pl.col("reason").str.contains("claim payment"))
    assert dated["n"].sum() == told.rejected[name]
    assert metric(db)["n"].item() == len(told.waits[name])
    assert (
        metric(db)["p75"].item() == naive_metrics.quantiles(w[1:] for w in told.waits[name])["p75"]
    )


def test_what_came_first(world):
    db, claims, told = world
    spans = [naive_waits.spans(one, told.world.as_of)[WAITS[1]] for one in claims]
    lives = [
        (span.days, naive_waits.first_end(one), 1)
        for one, span in zip(claims, spans, strict=True)
        if not span.is_rejected
    ]
    frame = outcome_curve(db)
    for last in (20, 90):
        by_then = (
            frame.filter(pl.col("days") <= last).group_by("outcome").agg(pl.col("share").last())
        )
        found = {end: share for end, share in by_then.iter_rows() if share}
        assert found == pytest.approx(naive_waits.ended_by(lives, last), abs=1e-12)


@pytest.mark.parametrize("name", WAITS[1:4])
def test_cash(world, name):
    db, claims, told = world
    frame = cash_curve(db, CATALOGUE[name])
    for column, weight in (("within", lambda _: 1), ("dollar_within", naive_waits.billed)):
        spans = [(naive_waits.spans(one, told.world.as_of)[name], weight(one)) for one in claims]
        lives = [(s.days, "done" * bool(s.stop), w) for s, w in spans if not s.is_rejected]
        found = frame.drop_nulls(column).select("band", column).rows()
        assert len(found) > 1
        for band, share in found:
            told_share = naive_waits.ended_by(lives, int(band.split("-")[1])).get("done", 0)
            assert share == pytest.approx(told_share, abs=1e-12)


@pytest.mark.parametrize("payer", [None, "Medicare", "PAYER 2"])
def test_denials_over_claims_sent(world, payer):
    db, _, told = world
    where = {"payer_name": payer} if payer else None
    frame = CATALOGUE["initial_denial_rate_submitted"](db, every="month", where=where)
    found = {f"{r['period']:%Y-%m}": (r["hits"], r["n"]) for r in frame.to_dicts() if r["n"]}
    expected = naive_metrics.submitted(told, payer)
    assert found == {month: pair for month, pair in expected.items() if pair[1]}
