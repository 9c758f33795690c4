"""Why a rate changed between two periods."""

from collections.abc import Sequence

import polars as pl

from analytics import stats
from analytics.errors import BadQueryError
from analytics.metrics._metric import Metric, Where, listed
from analytics.metrics._named import named
from analytics.metrics._parts import totals
from analytics.query import Between, Engine

_KEPT = (
    "n_before", "n_after", "before", "after", "weight_before", "weight_after",
    "rate_effect", "mix_effect", "effect",
)  # fmt: skip


def rate_drivers(
    engine: Engine,
    metric: Metric | str,
    by: str | Sequence[str],
    before: Between,
    after: Between,
    *,
    where: Where | None = None,
) -> pl.DataFrame:
    """What moved a share or ratio from one period to another, by group, exactly.

    One row per group, the largest effect first: by, ``n_before, n_after`` (rows counted),
    ``before, after`` (the group's rates; null where it has none), ``weight_before, weight_after``
    (its share of the denominator), ``rate_effect`` (its rate changed), ``mix_effect`` (its weight
    changed, against a group of average rate) and their sum ``effect``, in the metric's unit.
    Effects add up to the change of the whole rate.  Groups in one period only move the mix.
    The periods are of the metric's own date.  No rows where either period has no denominator.
    Raises `BadQueryError` for other kinds of metric, `UnknownNameError` for unknown dimensions.
    Source: Das Gupta (1993), Standardization and Decomposition of Rates (symmetric form).
    """
    metric = named(metric)
    if metric.period in (where or {}):
        raise BadQueryError(f"the two periods are of {metric.period}: leave it out of where")
    if not listed(by):
        raise BadQueryError("name at least one dimension to look for drivers in")
    sums = [
        totals(engine, metric, by, where={**(where or {}), metric.period: period}).select(
            *listed(by), pl.col("n", "top", "bottom").name.suffix(suffix)
        )
        for period, suffix in ((before, "_before"), (after, "_after"))
    ]
    both = sums[0].join(sums[1], on=listed(by), how="full", coalesce=True, nulls_equal=True)
    split = stats.mix_and_rate(both.with_columns(pl.exclude(listed(by)).fill_null(0)))
    effect = pl.col("rate_effect") + pl.col("mix_effect")
    ordered = split.with_columns(effect=effect).sort(
        pl.col("effect").abs(), *listed(by), descending=[True, *[False] * len(listed(by))]
    )
    return ordered.select(*listed(by), *_KEPT)
