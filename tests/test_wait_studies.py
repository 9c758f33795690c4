"""Studies of waits on the sample: each number is that of its metric, ranks fit their intervals."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from analytics import metrics
from analytics.errors import BadQueryError
from analytics.metrics import CATALOGUE

ANSWER = CATALOGUE["days_submission_to_answer"]
WAITS = [m for m in CATALOGUE.values() if isinstance(m, metrics.Wait)]
MEASURES = ["denial_rate", "first_pass_rate", "lag_p50", "lag_p90", "aged_share", "underpaid"]


class TestLagCurve:
    @pytest.mark.parametrize("metric", WAITS, ids=lambda m: m.name)
    def test_its_half_is_the_median_of_the_metric(self, db, metric):
        curve = metrics.lag_curve(db, metric, "payer_name")
        half = curve.filter(pl.col("still") <= 0.5 + 1e-9).group_by("payer_name").first()
        medians = metric(db, "payer_name").drop_nulls("value")
        joined = medians.join(half, on="payer_name")
        assert joined.height == medians.height
        assert (joined["value"] == joined["days"]).all()

    def test_groups_are_those_taken_alone(self, db):
        both = metrics.lag_curve(db, ANSWER, ["claim_type", "line_of_business"], clock="received")
        where = {"claim_type": "professional", "line_of_business": "medicare"}
        alone = metrics.lag_curve(db, ANSWER, where=where, clock="received")
        assert_frame_equal(both.filter(**where).drop(where), alone)


class TestOutcomeCurve:
    def test_the_shares_add_up_to_what_is_answered(self, db):
        shares = metrics.outcome_curve(db).group_by("days").agg(pl.col("share").sum())
        still = metrics.lag_curve(db, ANSWER).select("days", "still")
        joined = shares.join(still, on="days")
        assert joined.height == still.height
        assert (joined["share"] + joined["still"] - 1).abs().max() < 1e-12

    def test_the_ends_are_the_first_outcomes_of_claims(self, db):
        ended = (
            metrics.outcome_curve(db, "payer_name").group_by("outcome").agg(pl.col("ended").sum())
        )
        told = dict(ended.iter_rows())
        counts = db.sql("""
            SELECT CASE WHEN is_initially_denied THEN 'denied'
                WHEN first_outcome = 'paid' AND first_paid_amount = 0 THEN 'patient_only'
                ELSE first_outcome END AS outcome, count(*) AS n
            FROM claim_outcome WHERE is_answered GROUP BY 1
        """)
        assert told == dict(counts.iter_rows())
        assert min(told.values()) > 0, "the sample has all four"


class TestCashCurve:
    @pytest.mark.parametrize("every", [None, "month"])
    def test_bands_add_up_where_all_are_known(self, db, every):
        frame = metrics.cash_curve(db, ANSWER, "payer_name", every=every)
        keys = ["payer_name", *(["period"] if every else [])]
        sums = frame.group_by(keys).agg(
            pl.col("value", "dollar_value").sum(), known=pl.col("value").count()
        )
        whole = sums.filter(pl.col("known") == 5)
        assert whole.height
        assert (whole["value"] - 1).abs().max() < 1e-9
        assert (whole["dollar_value"] - 1).abs().max() < 1e-9
        assert_frame_equal(
            frame.unique([*keys, "n"])
            .group_by("payer_name")
            .agg(pl.col("n").sum())
            .sort("payer_name"),
            ANSWER(db, "payer_name").select("payer_name", "n"),
        )

    def test_within_is_the_curve(self, db):
        curve = metrics.lag_curve(db, ANSWER)
        by_30 = curve.filter(pl.col("days") <= 30)["still"][-1]
        assert metrics.cash_curve(db, ANSWER)["within"][1] == pytest.approx(1 - by_30)


class TestScorecard:
    def test_its_numbers_are_those_of_the_metrics(self, db):
        frame = metrics.payer_scorecard(db).sort("payer_name")
        told = {
            "denial_rate": CATALOGUE["initial_denial_rate"](db, "payer_name")["value"],
            "first_pass_rate": CATALOGUE["first_pass_rate"](db, "payer_name")["value"],
            "lag_p50": ANSWER(db, "payer_name")["p50"],
            "lag_p90": ANSWER(db, "payer_name")["p90"],
            "aged_share": CATALOGUE["aged_ar_share"](db, "payer_name")["value"],
            "underpaid": CATALOGUE["underpayment"](db, "payer_name").select(
                pl.col("underpaid") / pl.col("n")
            )["underpaid"],
        }
        for name, numbers in told.items():
            assert frame[name].to_list() == pytest.approx(numbers.to_list()), name
        assert frame["n"].sum() == db.sql("SELECT count(*) FROM claim_outcome").item()

    @pytest.mark.parametrize("name", MEASURES)
    def test_ranks_fit_their_intervals(self, db, name):
        frame = metrics.payer_scorecard(db, by=["payer_name", "claim_type"]).drop_nulls(name)
        value, rank = frame[name], frame[f"{name}_rank"]
        assert (frame[f"{name}_rank_low"] <= rank).all()
        assert (rank <= frame[f"{name}_rank_high"]).all()
        assert rank.min() == 1
        assert frame[f"{name}_rank_high"].max() == frame.height
        best = value.max() if name == "first_pass_rate" else value.min()
        assert set(value.filter(rank == 1)) == {best}
        assert (frame[f"{name}_low"].fill_null(0) <= value).all()

    def test_lines_have_no_chapter_of_diagnosis(self, db):
        frame = metrics.payer_scorecard(db, by="diagnosis_chapter")
        assert frame["underpaid"].null_count() == frame.height > 0
        assert frame["denial_rate"].null_count() == 0

    def test_of_one_payer_it_is_first_and_last(self, db):
        frame = metrics.payer_scorecard(db, where={"payer_name": "Medicare"})
        ranks = frame.select(pl.col("^.*_rank(_low|_high)?$")).row(0)
        assert set(ranks) == {1}
        with pytest.raises(BadQueryError, match="dimension"):
            metrics.payer_scorecard(db, by=[])
