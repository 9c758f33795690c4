"""Groups against what was expected of them."""

import polars as pl

from analytics.stats.intervals import Z95

Z998 = 3.090232306167813  # standard normal 99.9th percentile
_WINSORISED = 0.1  # share of scores drawn in at each end before spread is judged


def funnel(
    frame: pl.DataFrame,
    observed: str,
    expected: str,
    variance: str,
    *,
    overdispersion: bool = False,
) -> pl.DataFrame:
    """Limits within which ``observed / expected`` lies by chance, and the score of each group.

    `variance` is that of `observed` when only chance is at work.  Adds ``z``, its spread
    ``dispersion``, and ``low_95, high_95, low_998, high_998`` around 1, not below 0.  With
    `overdispersion` limits widen by the spread of all scores, the tenth at each end drawn in
    first, where that exceeds 1.  Spiegelhalter (2005), Statistics in Medicine 24:1185.
    Null where nothing is expected.
    """
    e, v = pl.col(expected), pl.col(variance)
    score = (pl.col(observed) - e) / pl.when(v > 0).then(v.sqrt())
    scored = frame.with_columns(z=score, unit=pl.when(e > 0).then(v.sqrt() / e))
    wide = _dispersion(scored["z"]) if overdispersion else 1.0
    half = pl.col("unit") * wide**0.5
    return scored.with_columns(
        dispersion=pl.lit(wide),
        z=pl.col("z") / wide**0.5,
        low_95=(1 - Z95 * half).clip(0),
        high_95=1 + Z95 * half,
        low_998=(1 - Z998 * half).clip(0),
        high_998=1 + Z998 * half,
    ).drop("unit")


def _dispersion(z: pl.Series) -> float:
    """The mean square of the scores, their ends drawn in; at least 1."""
    known = z.drop_nulls()
    low, high = known.quantile(_WINSORISED, "linear"), known.quantile(1 - _WINSORISED, "linear")
    if low is None or high is None:
        return 1.0
    square = (known.clip(low, high) ** 2).mean()
    return max(1.0, float(square))  # type: ignore[arg-type]
