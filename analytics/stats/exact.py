"""The gamma and beta distributions, from which exact intervals and tails are made.

Both are integrated over the logarithm (the log odds) of their variable, where their densities are
smooth with a single peak for every shape, by Gauss-Legendre quadrature on either side of the peak.
Checked against scipy to ten digits; written here so that the library need not depend on it.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Density: TypeAlias = Callable[[Floats], Floats]  # log density against distance from the peak

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(64)
_FAINT = 45.0  # e to the minus this is nothing beside the peak, in double precision
_HALVINGS = 64
_NEAR = 1e-13  # of the distance between the ends: a last step so small changes no digit that counts
_SHIFT = 10  # from here on four terms of Stirling's series are as exact as doubles are


def gamma_quantile(share: ArrayLike, shape: ArrayLike) -> Floats:
    """The value below which `share` of a gamma distribution lies; scale 1, `shape` above 0."""
    p, a = _columns(share, shape)
    return np.ravel(a * np.exp(_quantile(_gamma(a), *_gamma_ends(a), p)))


def gamma_share(x: ArrayLike, shape: ArrayLike) -> Floats:
    """The share of a gamma distribution below `x`, at least 0; scale 1, `shape` above 0."""
    at, a = _columns(x, shape)
    with np.errstate(divide="ignore"):
        distance = np.log(at / a)
    return np.ravel(_below(_gamma(a), *_gamma_ends(a), distance))


def log_gamma(x: ArrayLike) -> Floats:
    """The logarithm of the gamma function; `x` above 0.  By Stirling's series from 10 on."""
    at = np.asarray(x, dtype=np.float64)
    steps = at[..., None] + np.arange(_SHIFT)
    down = np.where(at < _SHIFT, np.log(np.minimum(steps, 2 * _SHIFT).prod(axis=-1)), 0.0)
    z = np.where(at < _SHIFT, at + _SHIFT, at)
    square = 1 / z**2
    series = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680))) / z
    return (z - 0.5) * np.log(z) - z + np.log(2 * np.pi) / 2 + series - down


def beta_quantile(share: ArrayLike, a: ArrayLike, b: ArrayLike) -> Floats:
    """The value below which `share` of a beta distribution lies; `a` and `b` above 0."""
    p, left, right = _columns(share, a, b)
    odds = left / right * np.exp(_quantile(_beta(left, right), *_beta_ends(left, right), p))
    return np.ravel(odds / (1 + odds))


def beta_share(x: ArrayLike, a: ArrayLike, b: ArrayLike) -> Floats:
    """The share of a beta distribution below `x`: the regularised incomplete beta function."""
    at, left, right = _columns(x, a, b)
    with np.errstate(divide="ignore"):
        distance = np.log(at) - np.log1p(-at) - np.log(left / right)
    return np.ravel(_below(_beta(left, right), *_beta_ends(left, right), distance))


def binomial_tails(hits: ArrayLike, n: ArrayLike, share: ArrayLike) -> tuple[Floats, Floats]:
    """The chance of at most, and of at least, so many hits in `n` draws; `share` within (0, 1)."""
    k, m, p = _columns(hits, n, share)
    at_most = beta_share(1 - p, np.maximum(m - k, 1), k + 1)
    at_least = beta_share(p, np.maximum(k, 1), m - k + 1)
    full, none = np.ravel(k >= m), np.ravel(k <= 0)
    return np.where(full, 1.0, at_most), np.where(none, 1.0, at_least)


def t_tails(t: ArrayLike, freedom: ArrayLike) -> Floats:
    """The chance of a Student variable at least as far from 0, either way."""
    value, nu = _columns(t, freedom)
    return beta_share(nu / (nu + value**2), nu / 2, np.full_like(nu, 0.5))


def _columns(*values: ArrayLike) -> list[Floats]:
    """The values as columns of one length, to stand beside the nodes."""
    arrays = [np.atleast_1d(np.asarray(value, dtype=np.float64)).ravel() for value in values]
    return [array[:, None] for array in np.broadcast_arrays(*arrays)]


def _gamma(a: Floats) -> Density:
    return lambda u: a * (u - np.expm1(u))


def _gamma_ends(a: Floats) -> tuple[Floats, Floats]:
    wide = np.sqrt(2 * _FAINT / a)
    return -(wide + _FAINT / a), np.minimum(wide, 1 + np.log1p(_FAINT / a))


def _beta(a: Floats, b: Floats) -> Density:
    p = a / (a + b)
    # Beyond e^50 the other form of the same: no number overflows.
    return lambda u: np.where(
        u > 0,
        -b * u - (a + b) * np.log1p((1 - p) * np.expm1(-np.abs(u))),
        a * u - (a + b) * np.log1p(p * np.expm1(-np.abs(u))),
    )


def _beta_ends(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    wide = np.sqrt(2 * _FAINT * (a + b) / (a * b))
    return -(wide + _FAINT / a), wide + _FAINT / b


def _area(density: Density, low: Floats, high: Floats) -> Floats:
    half = (high - low) / 2
    return half * (np.exp(density(low + half * (1 + _NODES))) @ _WEIGHTS)[:, None]


def _below(density: Density, low: Floats, high: Floats, at: Floats) -> Floats:
    """The share of the whole mass below `at`, the peak being at 0."""
    return _mass(density, low, high, at) / _mass(density, low, high, high)


def _mass(density: Density, low: Floats, high: Floats, at: Floats) -> Floats:
    """The mass below `at`."""
    zero = np.zeros_like(low)
    left = _area(density, low, np.clip(at, low, zero))
    return left + _area(density, zero, np.clip(at, zero, high))


def _quantile(density: Density, low: Floats, high: Floats, share: Floats) -> Floats:
    """Where `share` of the mass lies below: Newton's steps, halving where one leaves the ends.

    Ten steps or so are enough, where halving alone takes 64.
    """
    whole = _mass(density, low, high, high)
    left, right, at = low, high, np.zeros_like(low)
    for _ in range(_HALVINGS):
        off = _mass(density, low, high, at) / whole - share
        left, right = np.where(off < 0, at, left), np.where(off < 0, right, at)
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            step = at - off * whole / np.exp(density(at))
        after = np.where((step >= left) & (step <= right), step, (left + right) / 2)
        is_there = np.abs(after - at) <= _NEAR * (high - low)
        at = after
        if is_there.all():
            break
    return at
