"""Payers, or other groups, against what their own mix of claims would make one expect."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from analytics import stats
from analytics.errors import BadQueryError
from analytics.metrics._metric import Metric, Where, listed
from analytics.metrics._parts import shares
from analytics.metrics.denials import initial_denial_rate
from analytics.query import Engine

_DRAWS, _SEED = 2000, 20210301  # of the rank interval: the same data give the same ranks
_TIE = 1e-9  # groups no more apart than this change places by chance
_KEPT = (
    "n", "value", "low", "high", "hits", "expected", "ratio", "ratio_low", "ratio_high",
    "alone_share", "z", "dispersion", "low_95", "high_95", "low_998", "high_998", "signal",
    "shrunken", "shrunken_low", "shrunken_high", "rank", "rank_low", "rank_high",
)  # fmt: skip


def payer_comparison(
    engine: Engine,
    metric: Metric | str = initial_denial_rate,
    *,
    by: str | Sequence[str] = "payer_name",
    strata: str | Sequence[str] = ("claim_type", "specialty"),
    where: Where | None = None,
    overdispersion: bool = False,
) -> pl.DataFrame:
    """Observed over expected hits of a share metric by payer, with what chance and mix explain.

    One row per group, the highest ``shrunken`` first: by; ``n, value, low, high, hits`` as of the
    metric; ``expected`` hits, had each stratum of its claims the rate of that stratum over all
    groups (indirect standardisation); ``ratio`` (hits over expected) with its exact 95% Poisson
    interval ``ratio_low, ratio_high``; ``alone_share``, the share of its claims in strata where no
    other group has any, so that nothing was compared; the funnel: ``z``, ``dispersion``, limits
    ``low_95, high_95, low_998, high_998`` of the ratio and ``signal`` (high or low beyond 99.8%,
    else null), limits widened by what groups differ beyond chance where `overdispersion` is asked
    for; the ratio ``shrunken`` to the mean of all with ``shrunken_low, shrunken_high``; and the
    ``rank`` by it, 1 the highest, with its 95% interval ``rank_low, rank_high``.
    Null where nothing is expected.  No rows for no data.  Raises `BadQueryError` for a metric that
    is no share, `UnknownNameError` for unknown dimensions.
    Sources: Spiegelhalter (2005), Statistics in Medicine 24:1185 (funnel, overdispersion);
    Garwood (1936); DerSimonian & Laird (1986); Goldstein & Spiegelhalter (1996), JRSS A 159:385.
    """
    keys = listed(by)
    if common := set(keys) & set(listed(strata)):
        raise BadQueryError(f"{min(common)!r} is compared: it cannot be a stratum too")
    crude = shares(engine, metric, keys, where=where)
    cells = shares(engine, metric, [*keys, *listed(strata)], where=where)
    frame = crude.join(_expected(cells, keys, listed(strata)), on=keys, nulls_equal=True)
    frame = frame.with_columns(ratio=pl.col("hits") / _positive("expected"))
    low, high = stats.poisson(frame["hits"])
    frame = frame.with_columns(
        ratio_low=low / _positive("expected"), ratio_high=high / _positive("expected")
    )
    frame = stats.funnel(frame, "hits", "expected", "variance", overdispersion=overdispersion)
    return _ranked(_shrunken(_signalled(frame))).select(*keys, *_KEPT)


def _positive(column: str) -> pl.Expr:
    return pl.when(pl.col(column) > 0).then(pl.col(column))


def _expected(cells: pl.DataFrame, by: list[str], strata: list[str]) -> pl.DataFrame:
    """By group: ``expected`` hits, their ``variance`` by chance, and ``alone_share``."""
    over = strata or [pl.lit(1)]
    rate = pl.col("hits").sum().over(over) / pl.col("n").sum().over(over)
    rated = cells.with_columns(rate=rate, groups=pl.len().over(over))
    n, r = pl.col("n"), pl.col("rate")
    return rated.group_by(by, maintain_order=True).agg(
        expected=(n * r).sum(),
        variance=(n * r * (1 - r)).sum(),
        alone_share=n.filter(pl.col("groups") == 1).sum() / n.sum(),
    )


def _signalled(frame: pl.DataFrame) -> pl.DataFrame:
    high = pl.when(pl.col("ratio") > pl.col("high_998")).then(pl.lit("high"))
    return frame.with_columns(
        signal=high.when(pl.col("ratio") < pl.col("low_998")).then(pl.lit("low"))
    )


def _shrunken(frame: pl.DataFrame) -> pl.DataFrame:
    """Each ratio drawn to the mean of all, by what chance alone would spread it."""
    noise = pl.col("variance") / _positive("expected") ** 2
    found = stats.random_effects(frame.with_columns(noise=noise), "ratio", "noise")
    half = stats.Z95 * pl.col("shrunken_error")
    return found.with_columns(
        shrunken_low=(pl.col("shrunken") - half).clip(0), shrunken_high=pl.col("shrunken") + half
    )


def _ranked(frame: pl.DataFrame) -> pl.DataFrame:
    """Rank by the shrunken ratio, and between which ranks chance may move it."""
    known = frame.drop_nulls("shrunken").sort("shrunken", descending=True, maintain_order=True)
    rng = np.random.default_rng(_SEED)
    middle, error = known["shrunken"].to_numpy(), known["shrunken_error"].to_numpy()
    draws = rng.normal(middle, np.maximum(error, _TIE), (_DRAWS, known.height))
    ranks = (-draws).argsort(axis=1).argsort(axis=1) + 1
    ends = (
        np.quantile(ranks, (0.025, 0.975), axis=0, method="nearest")
        if known.height
        else np.empty((2, 0))
    )
    ranked = known.with_columns(
        rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int64),
        rank_low=pl.Series(ends[0].astype(np.int64)),
        rank_high=pl.Series(ends[1].astype(np.int64)),
    )
    rest = frame.filter(pl.col("shrunken").is_null())
    return pl.concat([ranked, rest], how="diagonal")
