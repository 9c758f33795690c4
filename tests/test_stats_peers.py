"""Statistics against scipy and statsmodels: the same numbers from code written by others."""

import numpy as np
import polars as pl
import pytest
from peers import Peer

from analytics import stats
from analytics.stats import exact

scipy_stats = Peer("scipy.stats")
proportion = Peer("statsmodels.stats.proportion")
rates = Peer("statsmodels.stats.rates")
meta = Peer("statsmodels.stats.meta_analysis")
multitest = Peer("statsmodels.stats.multitest")
linear_model = Peer("statsmodels.regression.linear_model")

RNG = np.random.default_rng(835)


def test_wilson_is_statsmodels_proportion_confint():
    n = RNG.integers(1, 5000, 300)
    hits = RNG.integers(0, n + 1)
    ours = pl.DataFrame({"hits": hits, "n": n}).select(stats.wilson("hits", "n"))
    low, high = proportion.proportion_confint(hits, n, method="wilson")
    np.testing.assert_allclose(ours["low"], low, atol=1e-14)
    np.testing.assert_allclose(ours["high"], high, atol=1e-14)


def test_ratio_error_is_that_of_a_weighted_regression_with_robust_errors():
    """A ratio of totals is the slope of y on x through 0, weighted by 1 / x, with errors HC1."""
    x = RNG.gamma(2, 300, 200)
    y = x * RNG.beta(2, 9, 200)
    sums = {"top": y, "bottom": x, "tt": y * y, "tb": x * y, "bb": x * x}
    frame = pl.DataFrame({k: [v.sum()] for k, v in sums.items()}).with_columns(n=pl.lit(len(x)))
    value, low, high = frame.select(stats.ratio("top", "bottom", "n", "tt", "tb", "bb")).row(0)
    fit = linear_model.WLS(y, x, weights=1 / x).fit(cov_type="HC1")
    step = np.exp(stats.Z95 * fit.bse[0] / fit.params[0])  # the interval is on the log scale
    assert (value, low, high) == pytest.approx(
        (fit.params[0], fit.params[0] / step, fit.params[0] * step), rel=1e-10
    )


@pytest.mark.parametrize("level", [0.95, 0.998])
def test_poisson_interval_is_statsmodels_exact_one(level):
    counts = [0, 1, 2, 7, 30, 400, 25_000, 1_000_000]
    low, high = stats.poisson(pl.Series(counts), level)
    theirs = [rates.confint_poisson(k, 1, method="exact-c", alpha=1 - level) for k in counts]
    np.testing.assert_allclose(low, [ends[0] for ends in theirs], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(high, [ends[1] for ends in theirs], rtol=1e-9)


def test_quantiles_of_gamma_and_beta_are_scipys():
    a, b = RNG.uniform(0.2, 400, 200), RNG.uniform(0.2, 4000, 200)
    for share in (0.001, 0.025, 0.5, 0.975, 0.999):
        ours = exact.gamma_quantile(share, a)
        np.testing.assert_allclose(ours, scipy_stats.gamma.ppf(share, a), rtol=1e-7)
        ours = exact.beta_quantile(share, a, b)
        np.testing.assert_allclose(ours, scipy_stats.beta.ppf(share, a, b), rtol=1e-7)


def test_tails_are_scipys():
    n = RNG.integers(1, 5000, 300)
    hits, share = RNG.integers(0, n + 1), RNG.uniform(0.01, 0.6, 300)
    at_most, at_least = exact.binomial_tails(hits, n, share)
    np.testing.assert_allclose(at_most, scipy_stats.binom.cdf(hits, n, share), atol=1e-12)
    np.testing.assert_allclose(at_least, scipy_stats.binom.sf(hits - 1, n, share), atol=1e-12)
    t, freedom = RNG.normal(0, 3, 300), RNG.uniform(2, 80, 300)
    theirs = 2 * scipy_stats.t.sf(abs(t), freedom)
    np.testing.assert_allclose(exact.t_tails(t, freedom), theirs, rtol=1e-10)


def test_funnel_limits_are_those_of_a_share_with_the_normal_quantiles_of_scipy():
    """Without strata: p / p0 within 1 +- z sqrt(p0 (1 - p0) / n) / p0 (Spiegelhalter 2005)."""
    n, p = np.array([20, 150, 4000]), 0.12
    frame = pl.DataFrame({"o": [4, 18, 400], "e": n * p, "v": n * p * (1 - p)})
    found = stats.funnel(frame, "o", "e", "v")
    for name, level in (("95", 0.95), ("998", 0.998)):
        half = scipy_stats.norm.ppf((1 + level) / 2) * np.sqrt(p * (1 - p) / n) / p
        np.testing.assert_allclose(found[f"low_{name}"], np.maximum(0, 1 - half), rtol=1e-12)
        np.testing.assert_allclose(found[f"high_{name}"], 1 + half, rtol=1e-12)
    np.testing.assert_allclose(
        found["z"] ** 2, (frame["o"] - frame["e"]) ** 2 / frame["v"], rtol=1e-12
    )


def test_overdispersion_is_the_mean_square_of_scores_winsorised_as_scipy_does():
    z = RNG.normal(0, 2, 200)  # 10% of 200 are 20 at each end
    frame = pl.DataFrame({"o": 100 + 10 * z, "e": 100.0, "v": 100.0})
    wide = stats.funnel(frame, "o", "e", "v", overdispersion=True)["dispersion"][0]
    drawn_in = scipy_stats.mstats.winsorize(z, limits=(0.1, 0.1))
    assert wide == pytest.approx(float((drawn_in**2).mean()), rel=0.02)


def test_q_values_are_statsmodels_fdr_bh():
    p = np.concatenate([RNG.uniform(0, 1, 80), RNG.uniform(0, 1e-3, 20), [0.5, 0.5, 0, 1]])
    ours = stats.benjamini_hochberg(pl.Series(p))
    np.testing.assert_allclose(ours, multitest.multipletests(p, method="fdr_bh")[1], rtol=1e-12)


def test_random_effects_are_statsmodels_dersimonian_laird():
    effect, variance = RNG.normal(1, 0.3, 12), RNG.uniform(0.005, 0.1, 12)
    found = stats.random_effects(pl.DataFrame({"y": effect, "v": variance}), "y", "v")
    theirs = meta.combine_effects(effect, variance, method_re="dl")
    tau2, mean = theirs.tau2, theirs.mean_effect_re
    kept = tau2 / (tau2 + variance)
    np.testing.assert_allclose(found["shrunken"], mean + kept * (effect - mean), rtol=1e-10)
    np.testing.assert_allclose(found["shrunken_error"], np.sqrt(kept * variance), rtol=1e-10)


def test_beta_binomial_shrinkage_is_the_posterior_mean_of_scipys_beta():
    """With the prior found by moments, and that prior close to the one the shares came from."""
    n = RNG.integers(5, 400, 600)
    hits = scipy_stats.betabinom.rvs(n, 6, 14, random_state=RNG)
    found = stats.beta_binomial(pl.DataFrame({"hits": hits, "n": n}), "hits", "n")
    prior = found["prior"][0]
    size = float((n * (1 / found["weight"].to_numpy() - 1)).mean())  # weight = n / (n + a + b)
    posterior = scipy_stats.beta(size * prior + hits, size * (1 - prior) + n - hits)
    np.testing.assert_allclose(found["shrunken"], posterior.mean(), rtol=1e-9)
    assert prior == pytest.approx(6 / 20, abs=0.01)
    assert size == pytest.approx(20, rel=0.15)


def test_fewest_crossings_is_scipys_binomial_quantile():
    for useful in range(1, 80):
        alternating = pl.DataFrame({"y": [i % 2 for i in range(useful)], "c": [0.5] * useful})
        found = stats.runs(alternating, "y", "c")["crossings_min"].item()
        assert found == scipy_stats.binom.ppf(0.05, useful - 1, 0.5)
