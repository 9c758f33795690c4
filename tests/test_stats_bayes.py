"""Shrunken ratios of counts against scipy: the fit, the posterior and the functions below them."""

import numpy as np
import polars as pl
import pytest
from peers import Peer

from analytics import stats
from analytics.stats.exact import gamma_share, log_gamma
from analytics.stats.simplex import minimise

peer = Peer("scipy.stats")
integrate = Peer("scipy.integrate")
optimize = Peer("scipy.optimize")
special = Peer("scipy.special")


@pytest.fixture(scope="module")
def counts():
    """Counts whose ratios are drawn from two gamma distributions, one in ten from the wide one."""
    rng = np.random.default_rng(1)
    expected = np.exp(rng.normal(2, 1, 1500))
    is_wide = rng.random(1500) < 0.1
    ratio = np.where(is_wide, rng.gamma(2, 1.5, 1500), rng.gamma(30, 1 / 30, 1500))
    return rng.poisson(expected * ratio).astype(float), expected


def loss(logs, n, e):
    """The negative log likelihood, from scipy's negative binomial distribution."""
    a, b, c, d = np.exp(logs[:4])
    one = peer.nbinom.logpmf(n, a, b / (b + e)) - np.log1p(np.exp(-logs[4]))
    two = peer.nbinom.logpmf(n, c, d / (d + e)) - np.log1p(np.exp(logs[4]))
    return -np.logaddexp(one, two).sum()


def test_the_mixture_is_as_likely_as_the_one_another_method_finds(counts):
    prior = stats.fit_mixture(*counts)
    ours = loss([*np.log(prior[:4]), special.logit(prior.weight)], *counts)
    start = [*np.log([0.2, 0.1, 2, 4]), special.logit(1 / 3)]
    theirs = optimize.minimize(loss, start, args=counts, method="BFGS")
    assert ours <= theirs.fun + 1e-4
    small = sorted((prior.weight, 1 - prior.weight))[0]
    assert small == pytest.approx(0.1, abs=0.05)


def test_rows_alike_may_be_counted(counts):
    n, e = np.round(counts[0]), np.exp(np.round(np.log(counts[1]), 1))
    pairs, times = np.unique(np.stack([n, e]), axis=1, return_counts=True)
    assert stats.fit_mixture(*pairs, times) == pytest.approx(stats.fit_mixture(n, e), rel=1e-2)


@pytest.mark.parametrize(("n", "e"), [(0.0, 2.0), (22.0, 7.36), (3.5, 0.4), (900.0, 850.0)])
def test_the_posterior_is_that_of_its_integral(n, e):
    prior = stats.GammaMixture(0.4, 0.3, 25.0, 24.0, 0.15)

    def density(ratio):
        one = prior.weight * peer.gamma.pdf(ratio, prior.shape_1, scale=1 / prior.rate_1)
        two = (1 - prior.weight) * peer.gamma.pdf(ratio, prior.shape_2, scale=1 / prior.rate_2)
        return (one + two) * np.exp(n * np.log(ratio * e) - ratio * e - special.gammaln(n + 1))

    at = np.geomspace(1e-40, 60, 400001)
    logs, weight = np.log(at), density(at) * at  # over the logarithm, where small ratios are seen
    mass = integrate.cumulative_trapezoid(weight, logs, initial=0)
    mean = np.trapezoid(logs * weight, logs) / mass[-1]
    (middle,) = stats.geometric_mean([n], [e], prior)
    (low,) = stats.quantile(0.05, [n], [e], prior)
    assert middle == pytest.approx(np.exp(mean), rel=2e-3)
    assert low == pytest.approx(np.interp(0.05, mass / mass[-1], at), rel=2e-3)


def test_few_counts_are_drawn_to_the_prior_and_many_are_not(counts):
    prior = stats.fit_mixture(*counts)
    few, many = stats.geometric_mean([3.0, 3000.0], [1.0, 1000.0], prior)
    assert 1 < few < many == pytest.approx(3, rel=0.02)


def test_nothing_to_fit_gives_the_start():
    assert stats.fit_mixture([], []) == pytest.approx((0.2, 0.1, 2, 4, 1 / 3))


def test_special_functions():
    x = np.concatenate([np.geomspace(1e-5, 1e6, 200), [10.0, 9.999999]])
    assert log_gamma(x) == pytest.approx(special.gammaln(x), rel=1e-11, abs=1e-11)
    at, shape = np.meshgrid([0.0, 0.1, 1.0, 7.0, 300.0], [0.5, 1.0, 8.0, 290.0])
    assert gamma_share(at, shape) == pytest.approx(special.gammainc(shape, at).ravel(), abs=1e-10)


def test_the_least_of_a_curved_valley_is_found():
    found = minimise(lambda x: (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2, [-1.2, 1.0])
    assert found == pytest.approx([1, 1], abs=1e-3)


def test_tests_not_handed_over_count_as_one():
    p = pl.Series([0.001, 0.02])
    whole = stats.benjamini_hochberg(pl.concat([p, pl.Series([1.0] * 8)]))
    assert stats.benjamini_hochberg(p, 10).to_list() == pytest.approx(whole[:2].to_list())
