"""How sure it is that a pattern is denied more than expected, and how much more."""

import numpy as np
import polars as pl

from analytics import stats
from analytics.metrics._pattern_lines import ITEMS

_SURE = 0.05


def clustered(prefix: str = "") -> pl.Expr:
    """How many denials come together: 1 where no claim has more than one, else what spreads so.

    The sum of squares of each claim's denials is the variance of their sum where claims are denied
    whole; over their number it is what binomial counts are to be divided by (Rao & Scott 1992).
    """
    hits = pl.col(f"{prefix}denied")
    return pl.when(hits > 0).then(pl.col(f"{prefix}squares") / hits).otherwise(1.0).clip(1)


def tail(rows: pl.DataFrame, draws: pl.Expr, expected: pl.Expr, prefix: str = "") -> pl.Series:
    """The chance of so many denials or more in so many draws; 1 where no more than expected."""
    size, share = clustered(prefix), expected / draws
    cells = rows.select(hits=pl.col(f"{prefix}denied") / size, n=draws / size, share=share)
    cells = cells.with_columns(hits=pl.min_horizontal("hits", "n"))
    can_tell = (pl.col("share") > 0) & (pl.col("share") < 1)
    is_more = can_tell & (pl.col("hits") > pl.col("share") * pl.col("n"))
    places = cells.select(is_more.fill_null(value=False)).to_series().arg_true()
    some = cells[places]
    found = stats.binomial_tails(some["hits"], some["n"], some["share"])[1]
    ones = pl.Series([1.0] * rows.height, dtype=pl.Float64)
    return ones.scatter(places, pl.Series(found, dtype=pl.Float64))


def over_strata(rows: pl.DataFrame, prefix: str = "") -> pl.Series:
    """An upper bound of the exact tail, given how much each stratum is denied.

    Of each stratum so many lines were denied and so many are the pattern's: what falls together is
    hypergeometric, and no more spread than a binomial of the lines, or of the denials, in number.
    """
    due = pl.col(f"{prefix}expected")
    by_line = tail(rows, pl.col(f"{prefix}lines"), due, prefix)
    by_denial = tail(rows, pl.col(f"{prefix}touched"), due, prefix)
    return _least(by_line, by_denial)


def tested(found: pl.DataFrame, tests: int) -> pl.DataFrame:
    """With ``p_value`` and ``q_value`` over so many tests."""
    p = over_strata(found)
    return found.with_columns(p_value=p, q_value=stats.benjamini_hochberg(p, tests))


def beyond_parents(kept: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """``child, parent`` (places in `kept`, null where the parent is not in it), ``ratio, p_value``.

    The parents of a pattern are those of all its items but one; ``ratio`` is the parent's denied
    over expected, ``p_value`` the tail of the child had it the parent's ratio.
    """
    own = found.select(*ITEMS, above_denied="denied", above_expected="expected")
    rows = kept.with_row_index("child")
    general = pl.concat(
        rows.filter(pl.col(item).is_not_null()).with_columns(pl.lit(None, pl.String).alias(item))
        for item in ITEMS
    )
    places = kept.select(ITEMS).with_row_index("parent")
    pairs = general.join(own, on=ITEMS, nulls_equal=True).join(
        places, on=ITEMS, nulls_equal=True, how="left", maintain_order="left"
    )
    ratio = pl.col("above_denied") / pl.col("above_expected")
    by_line = tail(pairs, pl.col("lines"), pl.col("expected") * ratio)
    by_denial = tail(pairs, pl.col("above_denied"), pl.col("expected") * ratio)
    return pairs.select("child", "parent", ratio=ratio, p_value=_least(by_line, by_denial))


def evidence() -> pl.Expr:
    """The logarithm of how much likelier what was seen is by its own share than by the expected."""
    bits = [_divergence(pl.col(draws)) for draws in ("lines", "touched")]
    is_more = pl.col("denied") > pl.col("expected")
    return pl.when(is_more).then(pl.max_horizontal(bits) / clustered()).otherwise(0.0)


def shrunken(kept: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """With ``ebgm, eb05``, by what all patterns tested say."""
    if kept.is_empty():
        return kept.with_columns(ebgm=pl.lit(None, pl.Float64), eb05=pl.lit(None, pl.Float64))
    prior = stats.fit_mixture(*_binned(found))
    counts = kept.select(pl.col("denied", "expected") / clustered())
    n, e = counts["denied"].to_numpy(), counts["expected"].to_numpy()
    return kept.with_columns(
        ebgm=pl.Series(stats.geometric_mean(n, e, prior)),
        eb05=pl.Series(stats.quantile(0.05, n, e, prior)),
    )


def confirmed(rows: pl.DataFrame) -> pl.DataFrame:
    """With what the month held out says, and whether it could have said it."""
    p = over_strata(rows, "held_")
    part = pl.col("held_lines") / pl.col("lines")  # all as before, in as many lines as that month
    as_before = rows.with_columns(
        (pl.col(name) * part).alias(f"held_{name}")
        for name in ("denied", "expected", "touched", "squares")
    )
    could = over_strata(as_before, "held_") < _SURE
    return rows.with_columns(
        holdout_n=pl.col("held_lines").cast(pl.Int64),
        holdout_denied=pl.col("held_denied").cast(pl.Int64),
        holdout_expected=pl.col("held_expected"),
        holdout_p_value=pl.when(pl.col("held_lines") > 0).then(p),
        holdout_confirmed=pl.when((p < _SURE) | could).then(p < _SURE),
    )


def _least(one: pl.Series, other: pl.Series) -> pl.Series:
    return pl.Series(np.minimum(one.to_numpy(), other.to_numpy()), dtype=pl.Float64)


def _divergence(draws: pl.Expr) -> pl.Expr:
    hits, due = pl.col("denied"), pl.col("expected")
    rest = draws - hits
    other = pl.when(rest > 0).then(rest * (rest / (draws - due)).log()).otherwise(0.0)
    return hits * (hits / due).log() + other


def _binned(found: pl.DataFrame) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Counts, what is expected and how many patterns, those alike put together."""
    size, times = clustered(), pl.col("patterns")
    cells = found.select(n=pl.col("denied") / size, e=pl.col("expected") / size, times=times)
    near = [(8 * (pl.col("n") + 1).log()).round().alias("a"), (8 * pl.col("e").log()).round()]
    all_ = pl.col("times").sum()
    bins = cells.group_by(near[0], near[1].alias("b"), maintain_order=True).agg(
        (pl.col("n", "e") * pl.col("times")).sum() / all_, all_
    )
    return bins["n"], bins["e"], bins["times"]
