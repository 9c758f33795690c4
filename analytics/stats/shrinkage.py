"""Estimates of many groups, drawn to what all groups say, the more the less a group says itself."""

from collections.abc import Sequence

import polars as pl


def beta_binomial(
    frame: pl.DataFrame, hits: str, n: str, within: Sequence[str] = ()
) -> pl.DataFrame:
    """Shares ``hits / n`` of the rows, shrunken to the share of all rows `within` the same keys.

    Adds ``prior`` (that share), ``weight`` (what a row's own share counts, 0 to 1) and
    ``shrunken``, the mean of the posterior beta distribution.  How far true shares differ is
    estimated by moments: Kleinman (1973), JASA 68:46.  Where they differ no more than chance makes
    them, all weight is the prior's.  Null where no row has any `n`.
    """

    def over(e: pl.Expr) -> pl.Expr:
        return e.over(within) if within else e

    k, m = pl.col(hits).cast(pl.Float64), pl.col(n).cast(pl.Float64)
    total, prior = over(m.sum()), pl.col("prior")
    noise = prior * (1 - prior)
    spread = over(pl.when(m > 0).then((k - m * prior) ** 2 / m).sum())
    extra = over((m > 0).sum()) - 1.0  # groups less one
    likeness = (spread - noise * extra) / (noise * (total - over((m**2).sum()) / total - extra))
    rho = pl.when(likeness.is_finite()).then(likeness.clip(0, 1)).otherwise(0.0)
    own = pl.when(m > 0).then(pl.col("rho") * m / (1 + (m - 1) * pl.col("rho"))).otherwise(0.0)
    return (
        frame.with_columns(prior=pl.when(total > 0).then(over(k.sum()) / total))
        .with_columns(rho=rho)
        .with_columns(weight=own)
        .with_columns(
            shrunken=pl.when(m > 0)
            .then(prior + pl.col("weight") * (k / m - prior))
            .otherwise(prior)
        )
        .drop("rho")
    )


def random_effects(frame: pl.DataFrame, effect: str, variance: str) -> pl.DataFrame:
    """Effects with known sampling variance, shrunken to their common mean.

    Adds ``shrunken`` and its standard error ``shrunken_error``.  The variance of the true effects
    is by moments: DerSimonian & Laird (1986), Controlled Clinical Trials 7:177.  Null where an
    effect is.
    """
    w = 1 / pl.col(variance)
    y = pl.when(pl.col(effect).is_not_null() & (pl.col(variance) > 0)).then(pl.col(effect))
    w = pl.when(y.is_not_null()).then(w)
    fixed = (w * y).sum() / w.sum()
    q = (w * (y - fixed) ** 2).sum()
    between = ((q - (y.count() - 1)) / (w.sum() - (w**2).sum() / w.sum())).clip(0)
    tau2 = pl.when(between.is_finite()).then(between).otherwise(0.0)
    reliable = pl.col("tau2") / (pl.col("tau2") + pl.col(variance))
    total = pl.when(y.is_not_null()).then(1 / (pl.col("tau2") + pl.col(variance)))
    mean = (total * y).sum() / total.sum()
    return (
        frame.with_columns(tau2=tau2)
        .with_columns(
            shrunken=mean + reliable * (y - mean),
            shrunken_error=pl.when(y.is_not_null()).then((reliable * pl.col(variance)).sqrt()),
        )
        .drop("tau2")
    )
