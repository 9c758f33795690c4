"""How much of what is denied comes back, and how soon."""

import datetime as dt
from collections.abc import Sequence

import polars as pl

from analytics import stats
from analytics.facts import recovery
from analytics.metrics._kinds import Ratio
from analytics.metrics._metric import Where, listed
from analytics.metrics._parts import as_of
from analytics.metrics.denials import recovery_rate
from analytics.query import Engine

# Not of the catalogue: what it gives is read by cohort and month, as below.
_RECOVERED = Ratio(
    name="recovered_per_claim",
    title="Dollars recovered per claim overturned",
    definition="Dollars recovered on lines first denied, over the claims overturned.",
    unit="dollars",
    better="higher",
    denominator="claims overturned",
    date_basis="date of the first answer (the cohort of the denial)",
    source="835 answers after the first",
    fact=recovery,
    top="recovered_amount",
    bottom="CASE WHEN is_overturning THEN 1 ELSE 0 END",
    period="first_answer_date",
)


def denial_cohorts(
    engine: Engine, by: str | Sequence[str] = (), *, where: Where | None = None
) -> pl.DataFrame:
    """The share of first denials recovered within so many months, by month of the denial.

    One row per group, cohort and month: by, ``period`` (first day of the month of the denial),
    ``months`` since (0 is that month itself), ``n`` (claims first denied), ``value`` (the share of
    them overturned by the end of that month) with its 95% Wilson interval ``low, high``, ``hits``
    (claims overturned), ``denied_amount``, ``recovered_amount`` and ``dollar_value`` (the share of
    the dollars recovered).  Counts and dollars add up from month 0.  What the data cannot show yet,
    a month not over on the as-of date, is null and not zero.  No rows for no denials.
    Raises `UnknownNameError` for unknown dimensions.
    Source: HFMA Claim Integrity Task Force (2021), metric 4, laid out as a development triangle.
    """
    keys = [*listed(by), "period"]
    denied = recovery_rate(engine, by, every="month", where=where).select(
        *keys, "n", denied_amount="bottom"
    )
    won = _RECOVERED(engine, [*listed(by), "months_since_denial"], every="month", where=where)
    cells = won.select(
        *keys,
        pl.col("months_since_denial").cast(pl.Int64).alias("months"),
        pl.col("bottom").cast(pl.Int64).alias("hits"),
        pl.col("top").alias("recovered_amount"),
    )
    grid = _grid(denied, as_of(engine))
    joined = grid.join(cells, on=[*keys, "months"], how="left", nulls_equal=True)
    return _added_up(joined.sort(*keys, "months", nulls_last=True), keys)


def _grid(cohorts: pl.DataFrame, last: dt.date | None) -> pl.DataFrame:
    """Each cohort with every month the oldest one has seen, and whether it has seen that month."""
    first = cohorts["period"].min()
    if last is None or not isinstance(first, dt.date):
        first = last = dt.date(1, 1, 1)
    span = (last.year - first.year) * 12 + last.month - first.month
    months = pl.DataFrame({"months": range(span + 1)}, schema={"months": pl.Int64})
    over = pl.col("period").dt.offset_by(pl.format("{}mo", pl.col("months") + 1))
    grid = cohorts.join(months, how="cross")
    seen = grid.with_columns(is_seen=over <= last + dt.timedelta(days=1))
    return seen.filter(pl.col("is_seen").any().over("months") | (pl.col("months") == 0))


def _added_up(grid: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Running totals along each cohort, null where the month is not over, and their shares."""
    seen = pl.col("is_seen")
    totals = grid.with_columns(
        pl.when(seen).then(pl.col(name).fill_null(0).cum_sum().over(keys)).alias(name)
        for name in ("hits", "recovered_amount")
    )
    dollars = pl.col("denied_amount").cast(pl.Float64)
    return totals.select(
        *keys,
        "months",
        "n",
        *stats.wilson("hits", "n"),
        "hits",
        pl.col("denied_amount", "recovered_amount").cast(pl.Decimal(18, 2)),
        dollar_value=pl.col("recovered_amount").cast(pl.Float64)
        / pl.when(dollars != 0).then(dollars),
    )
