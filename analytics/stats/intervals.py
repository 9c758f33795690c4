"""Intervals of shares, ratios and counts, as expressions on summed counts."""

import numpy as np
import polars as pl

from analytics.stats.exact import gamma_quantile

Z95 = 1.959963984540054  # standard normal 97.5th percentile
ROUNDING = 1e-12  # of a total, what sums of doubles in another order can differ by


def wilson(hits: str, n: str, z: float = Z95) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """The share ``hits / n`` and its Wilson score interval, as ``value, low, high``.

    Stays inside [0, 1] and behaves at 0 or `n` hits, where the textbook interval does not.
    Null when `n` is 0.  Wilson (1927), JASA 22:209.
    """
    k, m = pl.col(hits), pl.when(pl.col(n) > 0).then(pl.col(n))
    p = k / m
    centre = (k + z**2 / 2) / (m + z**2)
    half = z / (m + z**2) * (k * (m - k) / m + z**2 / 4).sqrt()
    # At no hits the low end is 0, at nothing but hits the high end 1: doubles may miss them.
    low = pl.when(m.is_not_null() & (k == 0)).then(0.0).otherwise((centre - half).clip(0, 1))
    high = pl.when(k == m).then(1.0).otherwise((centre + half).clip(0, 1))
    return p.alias("value"), low.alias("low"), high.alias("high")


def count_ratio(
    top: str, bottom: str, times: float, z: float = Z95
) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """The ratio ``times * top / bottom`` of two separate counts, as ``value, low, high``.

    Given the sum of two Poisson counts the first is binomial, so its Wilson interval, as odds, is
    that of their ratio.  Null when `bottom` is 0.  Przyborowski & Wilenski (1940),
    Biometrika 31:313.
    """
    k, m = pl.col(top), pl.when(pl.col(bottom) > 0).then(pl.col(bottom))
    n = k + m
    centre = k + z**2 / 2
    half = z * (k * m / n + z**2 / 4).sqrt()
    low, high = (centre - half).clip(0, n), centre + half
    whole = n + z**2
    return (
        (k / m * times).alias("value"),
        (low / (whole - low) * times).alias("low"),
        (high / (whole - high) * times).alias("high"),
    )


def ratio(
    top: str, bottom: str, n: str, tt: str, tb: str, bb: str, *, share: bool = False
) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """The ratio of two totals and its 95% interval by linearisation, as ``value, low, high``.

    `tt`, `tb` and `bb` are the totals of the squares and the product.  Null where `bottom` is 0,
    or as good as 0, or `n` below 2.  Cochran (1977), Sampling Techniques, ch. 6.  The interval is
    taken on the scale of logarithms, of log odds for a `share`, so that it has no amount below zero
    and no share outside [0, 1]: Agresti (2013), Categorical Data Analysis, sections 3.1 and 16.1.
    """
    x = pl.when(pl.col(bottom) != 0).then(pl.col(bottom))
    m = pl.when(pl.col(n) > 1).then(pl.col(n))
    quotient = pl.col(top) / x
    r = pl.when(quotient.is_finite()).then(quotient)  # a bottom that cancelled but for rounding
    whole = pl.col(tt) + r**2 * pl.col(bb)
    rest = whole - 2 * r * pl.col(tb)
    # What rounding may leave of totals that cancel is nothing, and its root would not be small.
    spread = pl.when(rest > ROUNDING * whole).then(rest).otherwise(0.0)
    half = Z95 * (m / (m - 1) * spread).sqrt() / x.abs()
    low, high = _bounds(r, half, share=share)
    return r.alias("value"), low.alias("low"), high.alias("high")


def _bounds(r: pl.Expr, half: pl.Expr, *, share: bool) -> tuple[pl.Expr, pl.Expr]:
    """`r` less and plus `half`, where it can be on the scale of log odds or logarithms.

    Null where an end is past all doubles: totals that nearly cancel can be that unsure.
    """
    left = (1 - r) if share else pl.lit(1.0)  # of a share, what is not in it
    step = (half / (r * left)).exp()
    inside = (r > 0) & (left > 0)
    odds = r / (r + left * step), r / (r + left / step)
    bent = odds if share else (r / step, r * step)
    low, high = (pl.when(inside).then(e) for e in bent)
    ends = low.otherwise(r - half), high.otherwise(r + half)
    below, above = (pl.when(end.is_finite()).then(end) for end in ends)
    return below, above


def poisson(count: pl.Series, level: float = 0.95) -> tuple[pl.Series, pl.Series]:
    """The exact interval of the mean behind each count, as ``low, high``.

    Garwood (1936), Biometrika 28:437: the means under which a count so high, or so low, has a
    chance of half of what `level` leaves.  Null for a null count.
    """
    known = count.fill_null(0).to_numpy().astype(np.float64)
    tail = (1 - level) / 2
    low = np.where(known > 0, gamma_quantile(tail, np.maximum(known, 1)), 0.0)
    high = gamma_quantile(1 - tail, known + 1)
    frame = pl.DataFrame({"count": count, "low": low, "high": high})
    ends = frame.select(pl.when(pl.col("count").is_not_null()).then(pl.col("low", "high")))
    return ends["low"], ends["high"]
