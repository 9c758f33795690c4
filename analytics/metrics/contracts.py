"""What payers deny of the members of a contract, beside what their care costs."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from analytics.facts_value import member_outcome
from analytics.metrics._metric import Metric, Where, listed
from analytics.metrics.denials import denied_dollar_rate, initial_denial_rate
from analytics.metrics.lag import days_submission_to_answer
from analytics.metrics.open_denials import open_denied_dollars
from analytics.metrics.value import paid_pmpm, pmpm
from analytics.query import Engine

# The metrics of all claims, over those of members: no definition of its own.
_DENIED = replace(initial_denial_rate, fact=member_outcome)
_DOLLARS = replace(denied_dollar_rate, fact=member_outcome)
_OPEN = replace(open_denied_dollars, fact=member_outcome)
_WAIT = replace(days_submission_to_answer, fact=member_outcome, clocks={})


def denials_in_contract(
    engine: Engine,
    by: str | Sequence[str] = ("payer_name", "line_of_business"),
    *,
    where: Where | None = None,
) -> pl.DataFrame:
    """Denials and days to answer of members' claims beside their cost: revenue at risk.

    One row per group of members: by; ``member_months``; ``pmpm`` and ``paid_pmpm`` (dollars);
    ``claims`` (our primary claims of covered months, answered), ``denial_rate`` with its interval
    ``denial_rate_low, denial_rate_high`` (`initial_denial_rate`), ``denied_dollar_rate``,
    ``open_denied_amount`` (dollars denied first and still open: `open_denied_dollars`) and
    ``denied_pmpm`` (those per member month), ``lag_p50, lag_p90`` (days from submission to answer).
    Null where a group has no such claims.  `by` and `where` are of payer_name, line_of_business,
    sex_code and month, of the members' cover.  Raises `UnknownNameError` for other names.
    """
    keys = _WAIT.checked(by, where)
    months = pmpm(engine, keys, where=where)
    frame = months.select(*keys, member_months="n", pmpm="value")
    months_of = pl.when(pl.col("member_months") > 0).then(pl.col("member_months"))
    denied = pl.col("value").alias("denial_rate")
    ends = pl.col("low", "high").name.prefix("denial_rate_")
    for metric, columns in (
        (paid_pmpm, [pl.col("value").alias("paid_pmpm")]),
        (_DENIED, [pl.col("n").alias("claims"), denied, ends]),
        (_DOLLARS, [pl.col("value").alias("denied_dollar_rate")]),
        (_OPEN, [pl.col("amount").alias("open_denied_amount")]),
        (_WAIT, [pl.col("p50", "p90").name.prefix("lag_")]),
    ):
        frame = _beside(frame, _asked(engine, metric, keys, where).select(*keys, *columns), keys)
    per_month = pl.col("open_denied_amount").cast(pl.Float64) / months_of
    return frame.with_columns(denied_pmpm=per_month)


def _asked(
    engine: Engine, metric: Metric, keys: Sequence[str], where: Where | None
) -> pl.DataFrame:
    return metric(engine, listed(list(keys)), where=where)


def _beside(frame: pl.DataFrame, more: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    if not keys:
        return pl.concat([frame, more], how="horizontal")
    return frame.join(more, on=list(keys), how="left", nulls_equal=True, maintain_order="left")
