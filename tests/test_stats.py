"""Statistics against numbers from textbooks and papers, and against their own laws."""

from math import exp

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import stats


def wilson(hits, n):
    return pl.DataFrame({"hits": [hits], "n": [n]}).select(stats.wilson("hits", "n")).row(0)


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [  # Newcombe (1998), Statistics in Medicine 17:857, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_as_published(hits, n, low, high):
    value, found_low, found_high = wilson(hits, n)
    assert value == pytest.approx(hits / n)
    assert (found_low, found_high) == pytest.approx((low, high), abs=5e-5)


def test_wilson_of_nothing_is_null():
    assert wilson(0, 0) == (None, None, None)


@given(st.integers(0, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
@settings(deadline=None, max_examples=100)
def test_wilson_stays_inside_and_holds_the_share(pair):
    hits, n = pair
    value, low, high = wilson(hits, n)
    if n:
        assert 0 <= low <= value + 1e-12
        assert value - 1e-12 <= high <= 1


def ratio(rows, *, share=False):
    frame = pl.DataFrame(rows, schema=["t", "b"], orient="row").cast(pl.Float64)
    t, b = pl.col("t"), pl.col("b")
    sums = frame.select(
        n=pl.len(), top=t.sum(), bottom=b.sum(),
        tt=(t * t).sum(), tb=(t * b).sum(), bb=(b * b).sum(),
    )  # fmt: skip
    return sums.select(stats.ratio("top", "bottom", "n", "tt", "tb", "bb", share=share)).row(0)


def test_ratio_by_hand():
    # Residuals t - r b with r = 6/12: -0.5, 0.5, 0; their squares sum to 0.5.
    value, low, high = ratio([(1, 3), (3, 5), (2, 4)])
    half = 1.959963984540054 * (3 / 2 * 0.5) ** 0.5 / 12
    assert value == 0.5
    assert (low, high) == pytest.approx((0.5 * exp(-half / 0.5), 0.5 * exp(half / 0.5)))
    _, low, high = ratio([(1, 3), (3, 5), (2, 4)], share=True)
    assert (low, high) == pytest.approx((1 / (1 + exp(half / 0.25)), 1 / (1 + exp(-half / 0.25))))


@pytest.mark.parametrize("share", [True, False])
def test_a_ratio_keeps_within_its_bounds(share):
    """However far it is spread, no dollars below zero and no share outside [0, 1]."""
    value, low, high = ratio([(9, 10), (0, 100), (1, 3)], share=share)
    assert 0 < low < value < high
    assert high < 1 or not share
    assert ratio([(0, 2), (0, 4)], share=share) == (0, 0, 0)
    half = 1.959963984540054 * (2 * 2) ** 0.5 / 6  # residuals -1 and 1: not above 0, so not bent
    assert ratio([(-1, 2), (1, 4)], share=share) == pytest.approx((0, -half, half))
    assert ratio([(2, 2), (4, 4)], share=share) == (1, 1, 1)


@pytest.mark.parametrize("share", [False, True])
def test_what_rounding_leaves_of_a_ratio_that_all_share_is_no_width(share):
    """Sums of squares in another order differ in their last digits; their root is no such."""
    n, part = 411, 0.6
    sums = {"top": n * part, "bottom": n, "n": n, "tt": n * part**2, "tb": n * part, "bb": n}
    for off in (1 - 4e-16, 1, 1 + 4e-16):
        made = pl.DataFrame({**sums, "tt": sums["tt"] * off})
        (found,) = made.select(
            *stats.ratio("top", "bottom", "n", "tt", "tb", "bb", share=share)
        ).rows()
        assert found == (found[0],) * 3


def test_ratio_without_spread_is_sure_and_without_bottom_is_null():
    assert ratio([(1, 2), (2, 4)]) == pytest.approx((0.5, 0.5, 0.5))
    assert ratio([(1, 0), (2, 0)]) == (None, None, None)
    assert ratio([(1, 2)]) == (0.5, None, None)


# Remission times of leukaemia patients on 6-MP: Freireich et al. (1963), Blood 21:699, as in
# Kalbfleisch & Prentice (1980), The Statistical Analysis of Failure Time Data, ch. 1.
SIX_MP = pl.DataFrame(
    {
        "days": [6, 7, 9, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 34, 35],
        "ended": [3, 1, 0, 1, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0],
        "waiting": [1, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 2, 1, 1],
    }
)
PLACEBO = pl.DataFrame(
    {
        "days": [1, 2, 3, 4, 5, 8, 11, 12, 15, 17, 22, 23],
        "ended": [2, 2, 1, 2, 2, 4, 2, 2, 1, 1, 1, 1],
        "waiting": [0] * 12,
    }
)


def test_kaplan_meier_as_published():
    curve = stats.kaplan_meier(SIX_MP)
    still = dict(curve.select("days", "still").iter_rows())
    published = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    assert {day: round(still[day], 3) for day in published} == published
    assert curve["at_risk"].to_list()[:4] == [21, 17, 16, 15]


def test_median_waits_as_published():
    assert stats.wait_quantiles(stats.kaplan_meier(SIX_MP))["value"].item() == 23
    assert stats.wait_quantiles(stats.kaplan_meier(PLACEBO))["value"].item() == 8


def test_interval_of_the_curve_is_log_minus_log():
    # R survival, conf.type = "log-log", of the same data at 6: 0.620 to 0.952.
    first = stats.kaplan_meier(SIX_MP).row(0, named=True)
    assert (round(first["low"], 3), round(first["high"], 3)) == (0.620, 0.952)


def test_a_median_not_reached_is_null():
    waits = pl.DataFrame({"days": [3, 9], "ended": [1, 0], "waiting": [0, 9]})
    row = stats.wait_quantiles(stats.kaplan_meier(waits)).row(0, named=True)
    assert (row["value"], row["n"], row["events"], row["waiting"]) == (None, 10, 1, 9)


def test_percentiles_without_censoring_are_those_of_the_sample():
    waits = pl.DataFrame({"days": list(range(1, 101)), "ended": [1] * 100, "waiting": [0] * 100})
    row = stats.wait_quantiles(stats.kaplan_meier(waits)).row(0, named=True)
    assert [row[p] for p in ("p25", "p50", "p75", "p90")] == [25, 50, 75, 90]


def test_groups_are_those_taken_alone():
    both = pl.concat(
        [SIX_MP.with_columns(arm=pl.lit("6-MP")), PLACEBO.with_columns(arm=pl.lit("placebo"))]
    )
    grouped = stats.wait_quantiles(stats.kaplan_meier(both, ["arm"]), ["arm"])
    for arm, data in (("6-MP", SIX_MP), ("placebo", PLACEBO)):
        alone = stats.wait_quantiles(stats.kaplan_meier(data))
        assert grouped.filter(pl.col("arm") == arm).drop("arm").row(0) == alone.row(0)


def test_shares_of_a_total():
    frame = stats.shares_of_total(pl.DataFrame({"value": [1.0, 3.0]}), "value")
    assert frame.rows() == [(3.0, 0.75, 0.75), (1.0, 0.25, 1.0)]
    nothing = stats.shares_of_total(pl.DataFrame({"value": [0.0]}), "value")
    assert nothing.rows() == [(0.0, None, None)]
