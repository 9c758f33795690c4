"""Rates of AHRQ's Prevention Quality Indicators, each over the ages it is for."""

from collections.abc import Sequence

import polars as pl

from analytics import stats
from analytics.facts_value import member_month, pqi_stay
from analytics.metrics._metric import Where, group_lines, where_lines
from analytics.metrics._parts import grouped
from analytics.metrics.preventive import pqi_rate
from analytics.query import Engine, Query, conditions

_PER = 1_200_000  # member months in 100,000 members and years
_LOADED = "SELECT count(*) AS n FROM measure_code WHERE list_name LIKE 'pqi_%'"
# The first and last age of an indicator; 90 is the composite of all.
AGES = {
    "01": (18, None), "03": (18, None), "05": (40, None), "07": (18, None), "08": (18, None),
    "11": (18, None), "12": (18, None), "14": (18, None), "15": (18, 39), "16": (18, None),
    "90": (18, None),
}  # fmt: skip


def pqi_rates(
    engine: Engine, by: str | Sequence[str] = (), *, where: Where | None = None
) -> pl.DataFrame:
    """Preventable admissions per 100,000 members and year, by indicator.

    One row per group and indicator: by, ``pqi_number`` (90: any of them, each stay once), ``n``
    (member months of its ages), ``value, low, high`` (stays per 100,000 members and year, exact
    Poisson interval) and ``stays``.  No rows where AHRQ's value sets are not loaded: `revcycle
    reference load pqi_v2024_value_sets.csv`.  Observed rates, not risk-adjusted.
    Raises `UnknownNameError` for unknown names.
    Source: AHRQ Prevention Quality Indicators v2024.
    """
    groups = pqi_rate.checked(by, where)
    months = engine.fetch(_months(groups, where or {}))
    stays = engine.fetch(_stays(groups, where or {}))
    is_loaded = engine.fetch(Query(_LOADED))["n"].item() > 0
    each = [_rate(months, stays, groups, number) for number in AGES]
    frame = pl.concat(each).sort([*groups, "pqi_number"], nulls_last=True)
    return frame if is_loaded else frame.clear()


def _rate(
    months: pl.DataFrame, stays: pl.DataFrame, groups: Sequence[str], number: str
) -> pl.DataFrame:
    first, last = AGES[number]
    ages = pl.col("age").is_between(first, last or 999)
    below = _summed(months.filter(ages), groups, "n")
    counted = stays if number == "90" else stays.filter(pl.col("pqi_number") == number)
    column = "once" if number == "90" else "stays"
    above = _summed(counted.select(*groups, stays=column), groups, "stays")
    joined = (
        below.join(above, on=list(groups), how="left", nulls_equal=True)
        if groups
        else pl.concat([below, above], how="horizontal")
    ).with_columns(pl.col("stays").fill_null(0))
    joined = joined.filter(pl.col("n") > 0)
    low, high = stats.poisson(joined["stays"].cast(pl.Float64))
    return joined.with_columns(low=low, high=high).select(
        *groups,
        pl.lit(number).alias("pqi_number"),
        "n",
        (pl.col("stays") / pl.col("n") * _PER).alias("value"),
        pl.col("low", "high") / pl.col("n") * _PER,
        "stays",
    )


def _summed(frame: pl.DataFrame, groups: Sequence[str], name: str) -> pl.DataFrame:
    total = pl.col(name).sum().cast(pl.Int64)
    return grouped(frame, groups, total)


def _months(groups: Sequence[str], where: Where) -> Query:
    return _counted("count(*) AS n", [*groups, "age"], member_month.name, ["age >= 18"], where)


def _stays(groups: Sequence[str], where: Where) -> Query:
    sums = "count(*) AS stays, CAST(coalesce(sum(composite_count), 0) AS BIGINT) AS once"
    return _counted(sums, [*groups, "pqi_number"], pqi_stay.name, ["is_covered"], where)


def _counted(
    sums: str, groups: Sequence[str], fact: str, kept: Sequence[str], where: Where
) -> Query:
    filters, params = conditions(where)
    lines = [
        "-- Preventable admissions and member months.",
        f"SELECT {', '.join([*groups, sums])}",
        f"FROM {fact}",
        *where_lines([*kept, *filters]),
        *group_lines(len(groups)),
    ]
    return Query("\n".join(lines), params)
