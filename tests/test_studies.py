"""The studies on the sample and on invented sums: exact where they say so, empty of nothing."""

import datetime as dt
import inspect

import polars as pl
import pytest
from asked import CALLS, RATE, SPRING, SUMMER, drivers
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from analytics import metrics, stats
from analytics.errors import BadQueryError, NotBuiltError, UnknownNameError
from analytics.metrics import CATALOGUE, STUDIES
from analytics.query import Between

TWO_TOTALS = [
    RATE,
    CATALOGUE["denied_dollar_rate"],
    CATALOGUE["line_denial_rate"],
    CATALOGUE["initial_denial_rate_submitted"],
    CATALOGUE["pmpm"],
]


EVERY_STUDY = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())


def test_every_study_is_tried_here():
    names = {"risk_score", "risk_scores", "hcc_gaps", "hcc_recapture_rate"}
    assert CALLS.keys() | names == STUDIES.keys()


OF_A_METRIC = {
    name: CALLS[name] for name in CALLS if "metric" in inspect.signature(STUDIES[name]).parameters
}


@pytest.mark.parametrize(("name", "call"), OF_A_METRIC.items(), ids=OF_A_METRIC.keys())
def test_a_metric_may_be_given_by_its_name(name, call, db):
    usual = inspect.signature(STUDIES[name]).parameters["metric"].default
    metric = RATE if usual is inspect.Parameter.empty else usual
    assert_frame_equal(call(db, metric=metric.name), call(db, metric=metric))
    with pytest.raises(UnknownNameError, match=f"unknown metric .*{metric.name!r}"):
        call(db, metric=f"{metric.name}s")
    for odd in (5, None, metric.finish):
        with pytest.raises(BadQueryError, match="a metric, or its name"):
            call(db, metric=odd)


def test_a_name_of_another_kind_of_metric_is_refused_as_the_metric_is(db):
    with pytest.raises(BadQueryError, match="pmpm is no wait"):
        metrics.lag_curve(db, "pmpm")
    with pytest.raises(BadQueryError, match="pmpm is no share"):
        metrics.denial_alerts(db, "pmpm")
    with pytest.raises(BadQueryError, match="an underpayment"):
        metrics.underpayment_worklist(db, "pmpm")


@EVERY_STUDY
def test_nothing_loaded_gives_the_same_columns_and_no_numbers(call, db, empty):
    full, none = call(db), call(empty)
    assert none.schema == full.schema
    assert none.is_empty() or none.select(pl.col(pl.Float64).sum()).sum_horizontal().item() == 0
    assert not full.is_empty()


@EVERY_STUDY
def test_names_are_checked_and_values_bound(call, db):
    with pytest.raises(UnknownNameError, match="did you mean 'payer_name'"):
        call(db, where={"payer_nme": "x"})
    assert (
        call(db, where={"payer_name": "x' OR 1=1 --"})
        .select(pl.col(pl.Float64, pl.Decimal).sum())
        .sum_horizontal()
        .sum()
        == 0
    )


@EVERY_STUDY
def test_before_the_build_the_message_says_what_to_do(call, unbuilt):
    with pytest.raises(NotBuiltError):
        call(unbuilt)


@EVERY_STUDY
def test_no_row_names_a_person(call, db):
    forbidden = {"member_id", "last_name", "first_name", "birth_date", "patient_control_number"}
    assert not forbidden & set(call(db).columns)


class TestBridge:
    def test_steps_are_the_metrics_and_add_up(self, db):
        frame = metrics.denial_bridge(db)
        for row in frame.iter_rows(named=True):
            metric = CATALOGUE[row["name"]]
            alone = metric(db, include_duplicates=row["include_duplicates"])
            assert row["after"] == pytest.approx(alone["value"].item(), abs=1e-15)
        assert frame["before"].to_list() == [None, *frame["after"][:-1]]
        whole = frame["after"][-1] - frame["after"][0]
        assert frame["change"].sum() == pytest.approx(whole, abs=1e-12)
        assert frame["moved_by"].to_list()[1:] == [text for text in frame["moved_by"] if text]

    def test_a_period_is_that_of_each_metric(self, db):
        frame = metrics.denial_bridge(db, period=SUMMER, where={"claim_type": "institutional"})
        where = {"claim_type": "institutional"}
        for row in frame.iter_rows(named=True):
            metric = CATALOGUE[row["name"]]
            alone = metric(
                db,
                where={**where, metric.period: SUMMER},
                include_duplicates=row["include_duplicates"],
            )
            assert row["after"] == pytest.approx(alone["value"].item(), abs=1e-15)


class TestDrivers:
    @pytest.mark.parametrize("metric", TWO_TOTALS, ids=lambda m: m.name)
    @pytest.mark.parametrize("by", ["payer_name", ["payer_name", "line_of_business"]])
    def test_effects_add_up_to_the_change(self, metric, by, db):
        frame = drivers(db, metric, by)
        rates = [metric(db, where={metric.period: p})["value"].item() for p in (SPRING, SUMMER)]
        assert frame["effect"].sum() == pytest.approx(rates[1] - rates[0], abs=1e-9 * rates[0])
        both = frame["rate_effect"] + frame["mix_effect"]
        assert (both - frame["effect"]).abs().max() < 1e-15
        assert frame["weight_before"].sum() == pytest.approx(1)

    def test_periods_alike_change_nothing(self, db):
        frame = drivers(db, before=SPRING, after=SPRING)
        assert frame.select("rate_effect", "mix_effect").sum().row(0) == (0, 0)

    def test_a_group_in_one_period_moves_the_mix_alone(self, db):
        """The dental claims of spring against the others of summer: no group is in both."""
        dates = pl.col("n_before") * pl.col("n_after")
        frame = drivers(db, by=["payer_name", "first_answer_date"])
        alone = frame.filter(dates == 0)
        assert alone.height == frame.height
        assert alone["rate_effect"].to_list() == [0] * alone.height

    def test_an_empty_period_gives_no_rows(self, db):
        nothing = Between(dt.date(1999, 1, 1), dt.date(2000, 1, 1))
        assert drivers(db, before=nothing).is_empty()
        assert drivers(db, after=nothing).columns == drivers(db).columns

    @pytest.mark.parametrize("metric", ["denied_dollars", "days_submission_to_answer", "ar_aging"])
    def test_a_metric_of_another_kind_is_refused(self, metric, db):
        with pytest.raises(BadQueryError, match=metric):
            drivers(db, CATALOGUE[metric])

    def test_a_period_twice_is_refused(self, db):
        with pytest.raises(BadQueryError, match="first_answer_date"):
            drivers(db, where={"first_answer_date": SPRING})
        with pytest.raises(BadQueryError, match="dimension"):
            drivers(db, by=[])


AMOUNT = st.integers(0, 10**9).map(lambda cents: cents / 100)
GROUPS = st.lists(st.tuples(AMOUNT, AMOUNT, AMOUNT, AMOUNT), min_size=1, max_size=12)
SUMS = ["top_before", "bottom_before", "top_after", "bottom_after"]


@given(GROUPS)
@settings(deadline=None, max_examples=300)
def test_any_split_adds_up_exactly(rows):
    """Whatever the sums, and whichever group is missing in either period."""
    frame = pl.DataFrame(rows, schema=dict.fromkeys(SUMS, pl.Float64), orient="row")
    split = stats.mix_and_rate(frame)
    t0, b0, t1, b1 = frame.sum().row(0)
    if not b0 or not b1:
        assert split.is_empty()
        return
    added = split["rate_effect"].sum() + split["mix_effect"].sum()
    scale = max(
        1.0, t0 / b0, t1 / b1, *(split["before"].drop_nulls()), *(split["after"].drop_nulls())
    )
    assert added == pytest.approx(t1 / b1 - t0 / b0, abs=1e-12 * scale)


def test_a_split_by_hand():
    """A: 10 of 100, then 30 of 100.  B: 10 of 100, then 30 of 300.  0.1 becomes 0.15.

    A's rate rises by 0.2 at a mean weight of 0.375: 0.075.  Its weight falls by 0.25 at a mean rate
    of 0.2, which is 0.075 above that of all: -0.01875.  B's rate stays; its weight rises by 0.25
    at 0.1, 0.025 below all: -0.00625.
    """
    rows = [(10, 100, 30, 100), (10, 100, 30, 300)]
    split = stats.mix_and_rate(pl.DataFrame(rows, schema=SUMS, orient="row"))
    assert split["rate_effect"].to_list() == pytest.approx([0.075, 0])
    assert split["mix_effect"].to_list() == pytest.approx([-0.01875, -0.00625])


class TestComparison:
    def test_expected_adds_up_to_observed(self, db):
        frame = metrics.payer_comparison(db)
        assert frame["expected"].sum() == pytest.approx(frame["hits"].sum(), rel=1e-12)
        assert frame["hits"].sum() == RATE(db)["hits"].item()

    def test_without_strata_it_is_the_rate_of_each_over_that_of_all(self, db):
        frame = metrics.payer_comparison(db, strata=())
        whole = RATE(db)["value"].item()
        assert (frame["ratio"] - frame["value"] / whole).abs().max() < 1e-12

    def test_the_mix_is_taken_out(self, db):
        """By the strata's own dimension nothing is left: each group is alone in its stratum."""
        frame = metrics.payer_comparison(db, by="claim_type", strata="place_of_service_code")
        alone = frame.filter(pl.col("alone_share") == 1)
        assert alone["ratio"].to_list() == pytest.approx([1] * alone.height)

    def test_order_limits_and_ranks_fit_together(self, db):
        frame = metrics.payer_comparison(db)
        assert frame["rank"].to_list() == list(range(1, frame.height + 1))
        assert frame["shrunken"].is_sorted(descending=True)
        assert (frame["rank_low"] <= frame["rank"]).all()
        assert (frame["rank"] <= frame["rank_high"]).all()
        assert (frame["low_998"] <= frame["low_95"]).all()
        drawn_in = (frame["shrunken"] - 1).abs() <= (frame["ratio"] - 1).abs() + 0.05
        assert drawn_in.all()
        assert frame.equals(metrics.payer_comparison(db)), "the same data give the same ranks"
        wide = metrics.payer_comparison(db, overdispersion=True).sort("payer_name")
        assert (wide["high_95"] >= frame.sort("payer_name")["high_95"]).all()

    def test_groups_that_chance_explains_may_have_any_rank(self):
        """Five payers of 10 denials in 100, more or less: all shrink to one, and none is first."""

        class Sums:
            def fetch(self, query):
                assert "payer_name" in query.sql
                hits = [10, 11, 9, 10, 10]
                return pl.DataFrame({"payer_name": list("ABCDE"), "hits": hits, "n": [100] * 5})

        frame = metrics.payer_comparison(Sums(), strata=())
        assert frame["shrunken"].to_list() == pytest.approx([1] * 5)
        assert set(frame["rank_low"]) == {1}
        assert set(frame["rank_high"]) == {5}
        assert frame["signal"].null_count() == 5

    def test_without_any_denial_nothing_is_expected(self, db):
        frame = metrics.payer_comparison(db, where={"denial_category": None})
        assert frame["hits"].sum() == 0
        assert frame["ratio"].null_count() == frame["rank"].null_count() == frame.height

    def test_what_cannot_be_compared_is_refused(self, db):
        with pytest.raises(BadQueryError, match="stratum"):
            metrics.payer_comparison(db, strata=["payer_name"])
        with pytest.raises(BadQueryError, match="denied_dollar_rate"):
            metrics.payer_comparison(db, CATALOGUE["denied_dollar_rate"])


class TestCohorts:
    def test_the_last_month_seen_is_the_metric(self, db):
        frame = metrics.denial_cohorts(db, by="payer_name")
        last = (
            frame.drop_nulls("hits")
            .group_by("payer_name", "period")
            .agg(pl.col("hits", "recovered_amount").sort_by("months").last())
        )
        assert last["hits"].sum() == CATALOGUE["overturn_rate"](db)["hits"].item()
        assert last["recovered_amount"].sum() == CATALOGUE["recovery_rate"](db)["top"].item()
        one = frame.unique(["payer_name", "period"])
        assert one["n"].sum() == CATALOGUE["overturn_rate"](db)["n"].item()

    def test_a_month_not_over_is_null_and_one_over_is_not(self, db):
        frame = metrics.denial_cohorts(db)
        end = pl.col("period").dt.offset_by(pl.format("{}mo", pl.col("months") + 1))
        seen = end <= db.as_of + dt.timedelta(days=1)
        assert frame.filter(seen)["value"].null_count() == 0
        assert frame.filter(~seen)["value"].drop_nulls().is_empty()
        assert frame.filter(~seen).height > 0


class TestAlerts:
    def test_no_period_that_is_not_over(self, db):
        weeks = metrics.denial_alerts(db)
        assert weeks["period"].max() + dt.timedelta(days=6) <= db.as_of
        assert metrics.denial_alerts(db, every="month")["period"].max() == dt.date(2026, 10, 1)

    def test_the_verdict_is_one_for_each_group(self, db):
        frame = metrics.denial_alerts(db, by=["payer_name", "claim_type"], every="month")
        told = ["points", "is_run", "p_value", "q_value", "is_alert"]
        groups = frame.group_by("payer_name", "claim_type").agg(pl.col(told).n_unique())
        assert groups.select(pl.col(told).max()).row(0) == (1,) * len(told)
        few = frame.filter(pl.col("points") < 8)
        assert few["p_value"].drop_nulls().is_empty()

    def test_of_one_period_there_is_a_rate_and_no_verdict(self, db):
        march = {"first_answer_date": Between(dt.date(2026, 3, 1), dt.date(2026, 4, 1))}
        frame = metrics.denial_alerts(db, every="month", where=march)
        assert frame["value"].to_list() == frame["centre"].to_list()
        assert frame["high_limit"].null_count() == frame.height > 0
        assert not frame["is_alert"].any()
        assert frame["q_value"].null_count() == frame.height

    def test_settled_periods_only(self, db):
        """Overturns take months: the young months of that rate are left out."""
        rate = CATALOGUE["overturn_rate"]
        mature = rate(db, "payer_name", every="month").filter("is_mature")["period"]
        frame = metrics.denial_alerts(db, rate, every="month")
        assert set(frame["period"]) <= set(mature)

    def test_what_cannot_be_charted_is_refused(self, db):
        with pytest.raises(BadQueryError, match="within 0 and 1"):
            metrics.denial_alerts(db, false_alarms=0)
        with pytest.raises(BadQueryError, match="pmpm"):
            metrics.denial_alerts(db, CATALOGUE["pmpm"])
        with pytest.raises(UnknownNameError, match="month"):
            metrics.denial_alerts(db, every="mnth")


class TestWorklist:
    def test_all_that_is_open_and_nothing_else(self, db):
        frame = metrics.denial_worklist(db, limit=None)
        total = CATALOGUE["open_denied_dollars"](db)
        assert (frame.height, frame["open_amount"].sum()) == total.select("n", "amount").row(0)
        assert frame["expected_amount"].is_sorted(descending=True)
        assert frame["file_name"].null_count() == 0
        assert metrics.denial_worklist(db, limit=3).equals(frame.head(3))

    def test_rates_do_not_depend_on_the_filter(self, db):
        one = metrics.denial_worklist(db, where={"payer_name": "Medicare"}, limit=None)
        whole = metrics.denial_worklist(db, limit=None).filter(pl.col("payer_name") == "Medicare")
        assert one.drop("rank").equals(whole.drop("rank"))

    @pytest.mark.parametrize("wrong", [{"within": 0}, {"limit": -1}])
    def test_no_days_and_less_than_no_rows_are_refused(self, wrong, db):
        with pytest.raises(BadQueryError, match="at least one day"):
            metrics.denial_worklist(db, **wrong)
