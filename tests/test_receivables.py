"""Receivables and cash on the sample: whatever the slice, everything adds up to the cent."""

import datetime as dt

import polars as pl
import pytest

from analytics.errors import BadQueryError
from analytics.metrics import CATALOGUE, ar_rollforward, cash_reconciliation, rollforward
from analytics.metrics.aged import ar_aging
from analytics.metrics.forecast import expected_cash

AGING = CATALOGUE["ar_aging"]


@pytest.mark.parametrize("by", AGING.dimensions)
def test_openings_and_movements_are_closings_in_every_slice(db, by):
    frame = ar_rollforward(db, by)
    assert frame["difference"].unique().to_list() == [0]
    whole = ar_rollforward(db)
    summed = frame.group_by("period").agg(pl.col(*rollforward.KINDS).sum()).sort("period")
    assert summed.equals(whole.select("period", *rollforward.KINDS))


def test_closings_are_the_balances_of_the_month_ends(db):
    frame = ar_rollforward(db, "payer_name")
    for period in (dt.date(2026, 2, 1), dt.date(2026, 9, 1)):
        end = (period + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
        aged = AGING(db, "payer_name", at=end)
        for payer, closing, credit in (
            frame.filter(period=period).select("payer_name", "closing", "closing_credit").rows()
        ):
            own = aged.filter(payer_name=payer)
            assert own["amount"].sum() == closing
            assert own.filter(age_bucket="credit")["amount"].sum() == credit


def test_every_kind_that_moves_a_balance_is_told(db):
    moving = "SELECT DISTINCT kind FROM ledger WHERE insurance_amount <> 0"
    assert set(db.sql(moving)["kind"]) <= set(rollforward.KINDS)


def test_credits_stand_apart(db):
    for day in (None, dt.date(2026, 6, 30)):
        aged = AGING(db, at=day).filter(age_bucket="credit")
        credit = CATALOGUE["credit_balances"](db, at=day)
        assert credit["amount"].item() == -aged["amount"].sum()
        assert credit["n"].item() == aged["n"].sum()
        in_ar = CATALOGUE["days_in_ar"](db, at=day)
        assert (
            in_ar["receivable"].item() + in_ar["credit"].item() == AGING(db, at=day)["amount"].sum()
        )


@pytest.mark.parametrize("by", [(), "file_name", "payer_name", "payment_date", "method_code"])
def test_what_was_transferred_is_what_the_ledger_has(db, by):
    frame = cash_reconciliation(db, by)
    assert frame["difference_amount"].unique().to_list() == [0]
    moved = db.sql("SELECT sum(payment_amount) FROM remit").item()
    kinds = dict(db.sql("SELECT kind, sum(amount) FROM ledger GROUP BY kind").iter_rows())
    assert frame["payment_amount"].sum() == moved
    assert frame["claim_paid_amount"].sum() == kinds["payer_payment"]
    assert frame["provider_adjustment_amount"].sum() == kinds["provider_adjustment"]
    assert frame["unmatched_amount"].sum() != 0
    assert frame["interest_amount"].sum() == kinds["interest"]


def test_payments_later_than_the_facts_are_told_apart(db):
    some = db.sql("SELECT status, count(*) AS n FROM cash GROUP BY status")
    assert some.rows() == [("counted", db.sql("SELECT count(*) FROM remit").item())]


@pytest.mark.parametrize(
    "at", [dt.datetime(2026, 1, 31, tzinfo=dt.UTC), "2026-01-31", ["2026-01-31"], 5]
)
def test_days_that_are_no_dates_are_refused(db, at):
    with pytest.raises(BadQueryError, match="date"):
        ar_aging(db, at=at)
    with pytest.raises(BadQueryError, match="date"):
        expected_cash(db, at=at)


@pytest.mark.parametrize("edges", ["30", 30, [30.5], [True], ["30"], [60, 30], []])
def test_edges_that_are_no_rising_days_are_refused(db, edges):
    with pytest.raises(BadQueryError, match="edges"):
        CATALOGUE["ar_aging"](db, edges=edges)
