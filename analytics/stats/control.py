"""Control charts: limits that tell a change from noise, and rules for runs."""

from collections.abc import Sequence
from functools import cache
from math import comb, log2
from typing import Literal, TypeAlias

import polars as pl

Kind: TypeAlias = Literal["p", "p_prime", "c", "u"]
_D2 = 1.128  # mean moving range of two standard normal values
_RARE = 0.05  # of the count of crossings, by chance


def chart(
    frame: pl.DataFrame,
    hits: str,
    n: str,
    by: Sequence[str] = (),
    *,
    kind: Kind = "p_prime",
    base: pl.Expr | None = None,
) -> pl.DataFrame:
    """The control chart of ``hits / n`` in the order of the rows, for each group apart.

    Adds ``centre``, ``spread`` (sigma z), ``low_limit, high_limit`` (three sigma, not below 0, a
    share not above 1), ``z`` (distance in sigmas) and ``is_outside``.  Rows outside `base` set
    neither centre nor spread.  Kinds: ``p`` shares, ``p_prime`` shares with Laney's spread between
    periods, ``c`` counts (n is 1), ``u`` counts by size.  Rows with no `n` have no limits, nor has
    a group with none a centre.
    Shewhart (1931); Laney (2002), Quality Engineering 14:531.
    """

    def over(e: pl.Expr) -> pl.Expr:
        return e.over(by) if by else e

    is_share, inside = kind in ("p", "p_prime"), pl.lit(True) if base is None else base
    k, m = pl.col(hits).cast(pl.Float64), pl.col(n).cast(pl.Float64)
    size = pl.when(m > 0).then(m)
    total = m.filter(inside & (m > 0)).sum()
    centre = over(k.filter(inside).sum() / pl.when(total > 0).then(total))
    c = pl.col("centre")
    noise = ((c * (1 - c) if is_share else c) / size).sqrt()
    z = pl.when(pl.col("noise") > 0).then((k / size - c) / pl.col("noise"))
    moved = over(pl.col("z").filter(inside & pl.col("z").is_not_null()).diff().abs().mean() / _D2)
    spread = moved if kind == "p_prime" else pl.lit(1.0)
    half = 3 * pl.col("spread") * pl.col("noise")
    high = (c + half).clip(upper_bound=1.0) if is_share else c + half
    scaled = pl.when(pl.col("spread") > 0).then(pl.col("z") / pl.col("spread"))
    return (
        frame.with_columns(centre=centre)
        .with_columns(noise=noise)
        .with_columns(z=z)
        .with_columns(spread=spread)
        .with_columns(low_limit=(c - half).clip(0), high_limit=high, z=scaled)
        .with_columns(is_outside=(pl.col("z").abs() > 3).fill_null(value=False))
        .drop("noise")
    )


def runs(frame: pl.DataFrame, value: str, centre: str, by: Sequence[str] = ()) -> pl.DataFrame:
    """For each group, whether its values lie on one side of the centre for too long.

    One row a group: ``useful`` (values off the centre), ``above`` (of these), ``longest_run,
    longest_run_max, crossings, crossings_min, is_run`` and ``run_p_value``, the chance of so few
    runs in any order of the same values (Wald & Wolfowitz 1940).  Too long a run or too few
    crossings is a signal: Anhoej & Olesen (2014), PLoS ONE 9:e113825.
    """
    side = (pl.col(value) > pl.col(centre)).alias("side")
    off = frame.filter(pl.col(value) != pl.col(centre)).select(*by, side)
    run = pl.col("side").rle().struct.field("len")
    summary = (
        pl.len().cast(pl.Int64).alias("useful"),
        pl.col("side").sum().cast(pl.Int64).alias("above"),
        run.max().cast(pl.Int64).alias("longest_run"),
        (run.len().cast(pl.Int64) - 1).alias("crossings"),
    )
    found = off.group_by(by, maintain_order=True).agg(summary) if by else off.select(summary)
    found = found.filter(pl.col("useful") > 0)
    most = [round(log2(n)) + 3 for n in found["useful"]]
    least = [_fewest_crossings(n) for n in found["useful"]]
    chance = [
        _chance_of_runs(above, useful - above, crossings + 1)
        for useful, above, crossings in found.select("useful", "above", "crossings").iter_rows()
    ]
    return found.with_columns(
        longest_run_max=pl.Series(most, dtype=pl.Int64),
        crossings_min=pl.Series(least, dtype=pl.Int64),
        run_p_value=pl.Series(chance, dtype=pl.Float64),
    ).with_columns(
        is_run=(pl.col("longest_run") > pl.col("longest_run_max"))
        | (pl.col("crossings") < pl.col("crossings_min"))
    )


@cache
def _fewest_crossings(useful: int) -> int:
    """The least number of crossings that chance gives more often than rarely."""
    flips = useful - 1
    count, chance = 0, 0.5**flips
    while chance < _RARE:
        count += 1
        chance += comb(flips, count) * 0.5**flips
    return count


@cache
def _chance_of_runs(above: int, below: int, most: int) -> float:
    """The chance of at most so many runs when the order is by chance."""
    if not above or not below:
        return 1.0
    ways = sum(_ways(above, below, count) for count in range(2, most + 1))
    return ways / comb(above + below, above)


def _ways(above: int, below: int, count: int) -> int:
    """In how many orders of two kinds there are `count` runs."""
    half, odd = divmod(count, 2)
    first, second = comb(above - 1, half - 1), comb(below - 1, half - 1)
    if not odd:
        return 2 * first * second
    return comb(above - 1, half) * second + first * comb(below - 1, half)
