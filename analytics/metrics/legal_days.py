"""The day by which payers have to answer, for the curves of their waits."""

from collections.abc import Sequence

import polars as pl

from analytics.errors import BadQueryError
from analytics.metrics._metric import Where, listed
from analytics.metrics.prompt_pay import prompt_pay_breaches
from analytics.query import Engine, Query, conditions


def legal_days(
    engine: Engine, by: str | Sequence[str] = "payer_name", *, where: Where | None = None
) -> pl.DataFrame:
    """Days payers have for an answer by law or contract: what most claims of a group are due in.

    One row per group that a rule is known for, by group: by; ``days`` (calendar days from the
    clock to the last day to answer; weekends and federal holidays between business days
    included), ``n`` (claims with a rule), ``share`` (of them due in so many), ``unverified`` (of
    them by a rule not verified).
    For `plots.curve`: ``legal_day=dict(frame.select("payer_name", "days").iter_rows())``.
    Raises `UnknownNameError` for unknown dimensions, `BadQueryError` where `by` names none.
    Source: that of prompt_pay_breaches.
    """
    keys = listed(by)
    if not keys:
        raise BadQueryError("name at least one dimension to tell days by")
    prompt_pay_breaches.checked(keys, where)
    filters, params = conditions(where or {})
    tests = ["due_date IS NOT NULL", *filters]
    names = ", ".join(keys)
    counted = engine.fetch(
        Query(
            f"-- Claims by the days in which they are due.\n"
            f"SELECT {names}, days_between(clock_date, due_date) AS days, count(*) AS n,\n"
            "    count(*) FILTER (WHERE NOT is_verified) AS unverified\n"
            "FROM prompt_pay\nWHERE " + "\n  AND ".join(tests) + "\n"
            f"GROUP BY {names}, days_between(clock_date, due_date)",
            params,
        )
    )
    return (
        counted.sort(*keys, "n", "days", descending=[*[False] * len(keys), True, False])
        .group_by(keys, maintain_order=True)
        .agg(
            pl.col("days").first(),
            pl.col("n").sum(),
            (pl.col("n").first() / pl.col("n").sum()).alias("share"),
            pl.col("unverified").sum(),
        )
    )
