"""Payers side by side, with ranks that say where chance alone may have put them."""

from collections.abc import Sequence

import polars as pl

from analytics import stats
from analytics.errors import BadQueryError
from analytics.facts import claim_outcome
from analytics.metrics._kinds import Ratio, Total
from analytics.metrics._metric import Metric, Where, listed
from analytics.metrics._wait import as_wait
from analytics.metrics.denials import first_pass_rate, initial_denial_rate
from analytics.metrics.lag import days_submission_to_answer
from analytics.metrics.underpayment import underpayment
from analytics.query import Engine

# Not of the catalogue: the volume, and aged_ar_share of the as-of date with its interval.
_SENT = Total(
    name="claims_sent",
    title="Claims sent",
    definition="Claims sent, and dollars billed on them.",
    unit="dollars",
    better="higher",
    denominator="claims submitted",
    date_basis="date of first submission",
    source="837 CLM",
    fact=claim_outcome,
    amount="billed_amount",
    period="submission_date",
)
_OLD = "days_between(service_to_date, (SELECT as_of FROM build_info)) > 90"
_AGED = Ratio(
    name="aged_ar_share",
    title="A/R over 90 days",
    definition="Of the dollars insurers still owe, the share on claims older than 90 days.",
    unit="share",
    better="lower",
    denominator="dollars of open balances above zero",
    date_basis="balance on the as-of date; age from the last day of service",
    source="HFMA MAP Keys, aged A/R",
    fact=claim_outcome,
    left_out={"nothing open": "open_balance_amount <= 0"},
    top=f"CASE WHEN {_OLD} THEN open_balance_amount ELSE 0 END",
    bottom="open_balance_amount",
    period="submission_date",
)


def payer_scorecard(
    engine: Engine,
    metric: Metric | str = days_submission_to_answer,
    *,
    by: str | Sequence[str] = "payer_name",
    where: Where | None = None,
) -> pl.DataFrame:
    """Payers side by side: volume, denials, first pass, days to answer, old A/R, short pay, ranks.

    One row per group, the most claims first: by; ``n`` (claims sent), ``amount`` (dollars billed);
    then ``denial_rate`` (`initial_denial_rate`), ``first_pass_rate``, ``lag_p50, lag_p90`` (days of
    `metric`, any wait), ``aged_share`` (`aged_ar_share` on the as-of date), ``underpaid`` (of the
    lines with an expected amount, the share allowed too little; null by or where a dimension that
    lines do not have).  Each has its 95% interval, as ``denial_rate_low, denial_rate_high``, and
    its rank: ``denial_rate_rank``, 1 the best and equals alike, between ``denial_rate_rank_low``
    and ``denial_rate_rank_high``.  A rank range says which groups surely stand before and after:
    those whose interval lies wholly on the better, or worse, side.  Intervals that touch are a
    tie; ranges hold pair by pair, not all at once.  Null where a group has no such value, but a
    group of which too few are done for ``lag_p50`` or ``lag_p90`` ranks after those that have one.
    No rows for no claims.
    Raises `BadQueryError` for a metric that is no wait or no dimension to compare by,
    `UnknownNameError` for unknown dimensions.
    Source: Klein, Wright & Wieczorek (2020), JRSS A 183:589 (ranks from intervals).
    """
    keys = listed(by)
    if not keys:
        raise BadQueryError("name at least one dimension to compare by")
    frame = _SENT(engine, keys, where=where).select(*keys, "n", "amount")
    wait = as_wait(metric)
    measures = {
        "denial_rate": (initial_denial_rate, "value"),
        "first_pass_rate": (first_pass_rate, "value"),
        "lag_p50": (wait, "p50"),
        "lag_p90": (wait, "p90"),
        "aged_share": (_AGED, "value"),
        "underpaid": (underpayment, "value"),
    }
    found = {underpayment.name: _underpaid(engine, keys, where)}
    for name, (source, value) in measures.items():
        if source.name not in found:
            found[source.name] = source(engine, keys, where=where)
        ranked = _measured(found[source.name], keys, name, value, better=source.better)
        frame = frame.join(ranked, on=keys, how="left", nulls_equal=True)
    return frame.sort("n", *keys, descending=[True, *[False] * len(keys)], nulls_last=True)


def _underpaid(engine: Engine, keys: list[str], where: Where | None) -> pl.DataFrame:
    """The share of lines allowed too little."""
    if {*keys, *(where or ())} <= underpayment.fact.dimensions.keys():
        lines = underpayment(engine, keys, where=where)
        return lines.select(*keys, *stats.wilson("underpaid", "n"))
    names = dict.fromkeys(keys, pl.String) | dict.fromkeys(("value", "low", "high"), pl.Float64)
    return pl.DataFrame(schema=names)


def _measured(
    frame: pl.DataFrame, keys: list[str], name: str, value: str, *, better: str
) -> pl.DataFrame:
    """One measure under its name, with interval and ranks."""
    low, high = ("low", "high") if value == "value" else (f"{value}_low", f"{value}_high")
    numbers = frame.select(
        *keys,
        pl.col(value).alias(name),
        pl.col(low).alias(f"{name}_low"),
        pl.col(high).alias(f"{name}_high"),
    )
    placed = numbers[name]
    if value != "value":  # a day by which too few are done lies after every day that is known
        placed = frame.select(
            pl.when(pl.col("n") > 0).then(pl.col(value).cast(pl.Float64).fill_null(float("inf")))
        ).to_series()
    ranks = stats.rank_ranges(
        placed, numbers[f"{name}_low"], numbers[f"{name}_high"], lowest=better == "lower"
    )
    return pl.concat([numbers, ranks.rename(lambda end: f"{name}_{end}")], how="horizontal")
