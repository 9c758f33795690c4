"""Curves of waits against lifelines, and against fractions added up one day after another."""

from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from peers import Peer

from analytics import stats

lifelines = Peer("lifelines")

RNG = np.random.default_rng(837)
CAUSES = ["paid", "denied", "patient"]


def spans(n, censored, most=60):
    """Whole days, with ties, and whether each ended: about a share `censored` did not."""
    return RNG.integers(0, most, n), RNG.uniform(size=n) >= censored


WORLDS = {
    "ties and days of 0": spans(400, 0.2, most=12),
    "heavy censoring": spans(300, 0.9),
    "no censoring": spans(250, 0),
    "everything censored": (RNG.integers(0, 60, 40), np.zeros(40, dtype=bool)),
    "one that ended": (np.array([5]), np.array([True])),
    "one that waits": (np.array([5]), np.array([False])),
    "all on day 0": (np.zeros(30, dtype=int), np.ones(30, dtype=bool)),
}
EVERY_WORLD = pytest.mark.parametrize(("days", "ended"), WORLDS.values(), ids=WORLDS.keys())


def histogram(days, ended):
    rows = pl.DataFrame({"days": days, "ended": ended})
    counts = pl.col("ended").sum().cast(pl.Int64), (~pl.col("ended")).sum().alias("waiting")
    return rows.group_by("days").agg(*counts).cast({"waiting": pl.Int64})


def close(ours, theirs):
    """Equal where both know a number; gives back where we do."""
    theirs, known = np.asarray(theirs), ours.is_not_null().to_numpy()
    both = known & np.isfinite(theirs)  # not a number where the last wait ends: 0 / 0
    np.testing.assert_allclose(ours.to_numpy()[both], theirs[both], rtol=1e-9, atol=1e-12)
    return known


def first_day(curve, share):
    """When a curve of lifelines has come down to a share."""
    reached = curve.index[curve.to_numpy() <= share + 1e-9]
    return reached[0] if len(reached) else None


@EVERY_WORLD
def test_kaplan_meier_is_lifelines(days, ended):
    curve = stats.kaplan_meier(histogram(days, ended))
    fit = lifelines.KaplanMeierFitter().fit(days, ended)
    at = curve["days"].to_list()
    assert close(curve["still"], fit.survival_function_at_times(at)).all()
    band = fit.confidence_interval_.loc[at]
    between = curve["still"].is_between(0, 1, closed="none").to_numpy()
    assert (close(curve["low"], band.iloc[:, 0]) == between).all()
    assert (close(curve["high"], band.iloc[:, 1]) == between).all()
    assert curve["at_risk"].to_list() == fit.event_table.loc[at, "at_risk"].to_list()


@EVERY_WORLD
@pytest.mark.parametrize("share", [25, 50, 75, 90])
def test_percentiles_and_their_intervals_are_lifelines(days, ended, share):
    found = stats.wait_quantiles(stats.kaplan_meier(histogram(days, ended))).row(0, named=True)
    fit = lifelines.KaplanMeierFitter().fit(days, ended)
    left, still = 1 - share / 100, fit.survival_function_.iloc[:, 0]
    assert found[f"p{share}"] == first_day(still, left)
    # Where nobody waits any longer lifelines' band is 0 to 0; its upper edge is not known.
    band = fit.confidence_interval_.copy()
    band.loc[still <= 1e-12] = (0.0, 1.0)
    assert found[f"p{share}_low"] == first_day(band.iloc[:, 0], left)
    assert found[f"p{share}_high"] == first_day(band.iloc[:, 1], left)
    assert (found["value"], found["low"], found["high"]) == (
        found["p50"], found["p50_low"], found["p50_high"],
    )  # fmt: skip


def competing(days, cause):
    """The histogram of days and causes, 0 for what still waits."""
    names = {0: "waiting", **dict(enumerate(CAUSES, start=1))}
    rows = pl.DataFrame({"days": days, "cause": cause})
    counts = [(pl.col("cause") == at).sum().cast(pl.Int64).alias(n) for at, n in names.items()]
    return rows.group_by("days").agg(counts)


def test_aalen_johansen_is_lifelines_where_no_two_causes_share_a_day():
    """lifelines moves such days apart at random, so the causes here have days of their own."""
    cause = RNG.integers(0, 4, 500)
    days = RNG.integers(0, 30, 500) * 4 + cause + 1  # of an event on day 0 lifelines says nothing
    found = stats.aalen_johansen(competing(days, cause), CAUSES)
    for at, name in enumerate(CAUSES, start=1):
        ours = found.filter(pl.col("outcome") == name)
        fit = lifelines.AalenJohansenFitter().fit(days, cause, event_of_interest=at)
        when = ours["days"].to_list()
        assert close(ours["share"], fit.cumulative_density_.loc[when].iloc[:, 0]).all()
        band = fit.confidence_interval_.loc[when]
        assert close(ours["low"], band.iloc[:, 0])[-1]
        assert close(ours["high"], band.iloc[:, 1])[-1]


@EVERY_WORLD
def test_of_one_cause_it_is_lifelines_with_ties(days, ended):
    found = stats.aalen_johansen(competing(days, ended.astype(int)), ["paid"])
    fit = lifelines.KaplanMeierFitter().fit(days, ended)
    when = found["days"].to_list()
    assert close(1 - found["share"], fit.survival_function_at_times(when)).all()
    if ended.any() and len(days) > 1:
        later = lifelines.AalenJohansenFitter().fit(days + 1, ended.astype(int), 1)
        band = later.confidence_interval_.loc[[day + 1 for day in when]]
        close(found["low"], band.iloc[:, 0])
        close(found["high"], band.iloc[:, 1])


LIVES = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 3)), min_size=1, max_size=40)


@given(LIVES)
@settings(deadline=None, max_examples=150)
def test_shares_of_a_day_add_up_whatever_the_ties(lives):
    days, cause = (np.array(column) for column in zip(*lives, strict=True))
    found = stats.aalen_johansen(competing(days, cause), CAUSES)
    still, sums = Fraction(1), dict.fromkeys(CAUSES, Fraction(0))
    for day in sorted(set(days.tolist())):
        at_risk = int((days >= day).sum())
        for at, name in enumerate(CAUSES, start=1):
            sums[name] += still * int(((days == day) & (cause == at)).sum()) / at_risk
        still *= 1 - Fraction(int(((days == day) & (cause > 0)).sum()), at_risk)
        told = found.filter(pl.col("days") == day)
        assert dict(told.select("outcome", "share").iter_rows()) == pytest.approx(
            {name: float(share) for name, share in sums.items()}, abs=1e-12
        )
        assert float(still) + told["share"].sum() == pytest.approx(1)
    known = found.drop_nulls(["low", "high"])
    assert (known["low"] <= known["share"] + 1e-12).all()
    assert (known["share"] <= known["high"] + 1e-12).all()


def test_groups_are_those_taken_alone():
    days, cause = RNG.integers(0, 20, 300), RNG.integers(0, 4, 300)
    half = np.arange(300) < 150
    parts = [competing(days[of], cause[of]) for of in (half, ~half)]
    both = pl.concat(
        p.with_columns(payer=pl.lit(name)) for p, name in zip(parts, "AB", strict=True)
    )
    for join in (
        lambda frame, by=(): stats.aalen_johansen(frame, CAUSES, by),
        lambda frame, by=(): stats.done_in_bands(weighed(frame), (5, 10), by),
    ):
        grouped = join(both, ["payer"])
        for part, name in zip(parts, "AB", strict=True):
            alone = grouped.filter(pl.col("payer") == name).drop("payer")
            assert alone.equals(join(part))


def weighed(frame):
    """A histogram of causes as one of weights of 1."""
    ended = pl.sum_horizontal(CAUSES)
    return frame.with_columns(ended=ended, squares=ended + pl.col("waiting"))


@EVERY_WORLD
def test_bands_are_differences_of_lifelines_curve(days, ended):
    parts = histogram(days, ended).with_columns(squares=pl.col("ended") + pl.col("waiting"))
    found = stats.done_in_bands(parts, (0, 7, 30))
    fit = lifelines.KaplanMeierFitter().fit(days, ended)
    still = [1, *fit.survival_function_at_times([0, 7, 30]), 0]
    close(found["value"], -np.diff(still))
    known = [days.max() >= last or not fit.predict(last) for last in (0, 7, 30)]
    assert found["value"].is_not_null().to_list() == [
        known[0], known[0] and known[1], known[1] and known[2], known[2],
    ]  # fmt: skip
    if known[0] and 0 < still[1] < 1:
        fit_0 = stats.aalen_johansen(competing(days, ended.astype(int)), ["paid"]).row(
            0, named=True
        )
        assert found.select("low", "high").row(0) == pytest.approx((fit_0["low"], fit_0["high"]))


WEIGHED = st.lists(
    st.tuples(st.integers(0, 8), st.booleans(), st.integers(0, 3)), min_size=1, max_size=30
)


@given(WEIGHED)
@settings(deadline=None, max_examples=150)
def test_bands_are_fractions_whatever_the_weights(lives):
    """Weights of 0 among them: nobody is lost, and no band is below 0."""
    rows = pl.DataFrame(lives, schema=["days", "is_ended", "weight"], orient="row")
    weight = pl.col("weight").cast(pl.Float64)
    parts = rows.group_by("days").agg(
        ended=(weight * pl.col("is_ended")).sum(),
        waiting=(weight * ~pl.col("is_ended")).sum(),
        squares=(weight**2).sum(),
    )
    found = stats.done_in_bands(parts, (2, 5))
    still, at = Fraction(1), dict.fromkeys((2, 5), Fraction(1))
    for day in range(9):
        at_risk = sum(w for d, _, w in lives if d >= day)
        ended = sum(w for d, is_ended, w in lives if d == day and is_ended)
        still *= 1 - Fraction(ended, at_risk) if at_risk else 1
        at |= {last: still for last in at if day <= last}
    known = found.drop_nulls("within")
    assert known["within"].to_list() == pytest.approx(
        [float(1 - at[last]) for last in (2, 5)][: known.height], abs=1e-12
    )
    assert found["value"].drop_nulls().is_between(0, 1 + 1e-12).all()
    inside = found.drop_nulls(["low", "high"])
    assert (inside["low"] <= inside["value"] + 1e-12).all()
    assert (inside["value"] <= inside["high"] + 1e-12).all()


def test_dollars_count_as_lifelines_weights_do():
    days, ended = spans(300, 0.4)
    dollars = RNG.integers(1, 5000, 300)
    rows = pl.DataFrame({"days": days, "is_ended": ended, "dollars": dollars.astype(float)})
    money = pl.col("dollars")
    parts = rows.group_by("days").agg(
        money.filter("is_ended").sum().alias("ended"),
        money.filter(~pl.col("is_ended")).sum().alias("waiting"),
        (money**2).sum().alias("squares"),
    )
    found = stats.done_in_bands(parts, (15, 30, 45))
    fit = lifelines.KaplanMeierFitter().fit(days, ended, weights=dollars)
    still = [1, *fit.survival_function_at_times([15, 30, 45]), 0]
    np.testing.assert_allclose(found["value"], -np.diff(still), rtol=1e-9)
    inside = found.select((pl.col("low") < pl.col("value")) & (pl.col("value") < pl.col("high")))
    assert inside.to_series().all()


def test_a_dollar_split_in_two_adds_no_certainty():
    """Each claim worth 7 dollars: the interval is that of the claims."""
    days, ended = spans(200, 0.3)
    ones = histogram(days, ended).with_columns(squares=pl.col("ended") + pl.col("waiting"))
    sevens = ones.select("days", pl.col("ended", "waiting") * 7, pl.col("squares") * 49)
    for mine, theirs in zip(
        stats.done_in_bands(ones, (15, 30)).iter_rows(),
        stats.done_in_bands(sevens, (15, 30)).iter_rows(),
        strict=True,
    ):
        assert mine == pytest.approx(theirs)


def test_ranks_say_who_surely_stands_before_whom():
    value = pl.Series([0.1, 0.3, 0.12, 0.12, None])
    low = pl.Series([0.05, 0.2, None, 0.11, None])
    high = pl.Series([0.15, 0.4, 0.5, 0.13, None])
    assert stats.rank_ranges(value, low, high).rows() == [
        (1, 1, 3), (4, 3, 4), (2, 1, 4), (2, 1, 3), (None, None, None),
    ]  # fmt: skip
    highest = stats.rank_ranges(value, low, high, lowest=False)
    assert highest.rows()[:2] == [(4, 2, 4), (1, 1, 2)]
