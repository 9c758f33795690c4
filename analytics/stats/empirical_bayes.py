"""Ratios of counts to what is expected, shrunken by what all ratios say: EBGM and EB05.

Each count is Poisson about its expected count times a ratio of its own; the ratios are drawn from
a mixture of two gamma distributions, which is fitted to all counts: DuMouchel (1999), The American
Statistician 53:177.  Counts may be fractions, where a thing counts by its share.
"""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analytics.stats.exact import gamma_share, log_gamma
from analytics.stats.simplex import minimise

Floats: TypeAlias = NDArray[np.float64]
_START = (0.2, 0.1, 2.0, 4.0, 1 / 3)  # DuMouchel's
_FAR = 9.0  # logarithms of shapes and rates beyond this say nothing more
_HALVINGS = 60


class GammaMixture(NamedTuple):
    """Two gamma distributions by shape and rate, and the weight of the first."""

    shape_1: float
    rate_1: float
    shape_2: float
    rate_2: float
    weight: float


def fit_mixture(observed: ArrayLike, expected: ArrayLike, times: ArrayLike = 1.0) -> GammaMixture:
    """The mixture under which the counts are likeliest; `expected` above 0.

    A row stands for as many equal counts as `times` says.  Without any row DuMouchel's start.
    """
    n, e, w = np.broadcast_arrays(*(np.asarray(x, np.float64) for x in (observed, expected, times)))
    if not n.size:
        return GammaMixture(*_START)

    def loss(logs: Floats) -> float:
        outside = float(np.maximum(np.abs(logs) - _FAR, 0).sum())
        fit = _logs(n, e, _mixture(np.clip(logs, -_FAR, _FAR)))
        return outside - float((w * np.logaddexp(*fit)).sum() / w.sum())

    # From the other side too: the likelihood can have more than one top.
    found = [minimise(loss, start) for start in (_start(), _start((4.0, 4.0, 4.0, 4.0, 0.1)))]
    return _mixture(np.clip(min(found, key=loss), -_FAR, _FAR))


def geometric_mean(observed: ArrayLike, expected: ArrayLike, prior: GammaMixture) -> Floats:
    """EBGM: the geometric mean of each ratio's posterior."""
    n, e = _floats(observed, expected)
    first = _first(n, e, prior)
    means = (_digamma(shape + n) - np.log(rate + e) for shape, rate in (prior[:2], prior[2:4]))
    one, two = means
    return np.exp(first * one + (1 - first) * two)


def quantile(share: float, observed: ArrayLike, expected: ArrayLike, prior: GammaMixture) -> Floats:
    """The ratio below which `share` of each posterior lies; 0.05 gives EB05."""
    n, e = _floats(observed, expected)
    first = _first(n, e, prior)
    low, high = np.zeros_like(e), np.full_like(e, 1.0)
    high = np.maximum(high, 4 * (n + max(prior[0], prior[2]) + 20) / (e + min(prior[1], prior[3])))
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        below = first * gamma_share(middle * (e + prior[1]), n + prior[0])
        below += (1 - first) * gamma_share(middle * (e + prior[3]), n + prior[2])
        low, high = np.where(below < share, middle, low), np.where(below < share, high, middle)
    return (low + high) / 2


def _floats(*values: ArrayLike) -> list[Floats]:
    return [np.atleast_1d(np.asarray(value, np.float64)) for value in values]


def _start(values: tuple[float, ...] = _START) -> Floats:
    *shapes, weight = values
    return np.array([*np.log(shapes), np.log(weight / (1 - weight))])


def _mixture(logs: Floats) -> GammaMixture:
    shape_1, rate_1, shape_2, rate_2 = map(float, np.exp(logs[:4]))
    return GammaMixture(shape_1, rate_1, shape_2, rate_2, float(1 / (1 + np.exp(-logs[4]))))


def _logs(n: Floats, e: Floats, prior: GammaMixture) -> tuple[Floats, Floats]:
    """The log likelihood of each count under either part, times its weight."""
    first, second = np.log(prior.weight), np.log1p(-prior.weight)
    return (
        first + _negative_binomial(n, e, *prior[:2]),
        second + _negative_binomial(n, e, *prior[2:4]),
    )


def _negative_binomial(n: Floats, e: Floats, shape: float, rate: float) -> Floats:
    """Up to what depends on the count alone."""
    return (
        log_gamma(shape + n) - log_gamma(shape)
        - shape * np.log1p(e / rate) - n * np.log(rate + e)
    )  # fmt: skip


def _first(n: Floats, e: Floats, prior: GammaMixture) -> Floats:
    """The chance that a ratio is of the first part, given its count."""
    one, two = _logs(n, e, prior)
    return np.exp(one - np.logaddexp(one, two))


def _digamma(x: Floats) -> Floats:
    """The derivative of the log of the gamma function."""
    steps = (1 / (x[..., None] + np.arange(10))).sum(axis=-1)
    z = x + 10
    square = 1 / z**2
    return np.log(z) - 0.5 / z - square * (1 / 12 - square * (1 / 120 - square / 252)) - steps
