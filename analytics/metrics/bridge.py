"""The definitions of a denial rate side by side, and what moves each into the next."""

from dataclasses import dataclass

import polars as pl

from analytics.metrics import denials, first_denials, remit_denials
from analytics.metrics._kinds import Proportion, Ratio
from analytics.metrics._metric import Where
from analytics.metrics._parts import totals
from analytics.metrics._trailing import Trailing
from analytics.query import Between, Engine


@dataclass(frozen=True, slots=True)
class _Step:
    metric: Proportion | Ratio | Trailing
    counted: str  # what the denominator is made of
    moved_by: str  # how it differs from the step before
    include_duplicates: bool = False


_STEPS = (
    _Step(first_denials.initial_denial_rate_submitted, "claims sent", ""),
    _Step(
        denials.initial_denial_rate,
        "claims",
        "claims answered below, instead of those sent in three months before; every month counts",
    ),
    _Step(
        denials.initial_denial_rate,
        "claims",
        "claims denied as a duplicate only, counted as denied",
        include_duplicates=True,
    ),
    _Step(
        remit_denials.remittance_denial_rate,
        "claim payments",
        "later answers, further payments of one answer, and payments tied to no claim",
        include_duplicates=True,
    ),
    _Step(remit_denials.remittance_denial_rate, "claim payments", "denials as a duplicate out"),
    _Step(
        remit_denials.primary_denial_rate,
        "answers",
        "answers of primary payers, denied only where nothing was paid",
    ),
    _Step(denials.line_denial_rate, "service lines", "service lines of first answers"),
    _Step(denials.denied_dollar_rate, "dollars", "dollars denied, of dollars charged"),
    _Step(
        first_denials.initial_denial_dollars,
        "dollars",
        "the whole charge of claims denied in part",
    ),
)
_SCHEMA = pl.Schema(
    {
        "step": pl.Int64(),
        "name": pl.String(),
        "include_duplicates": pl.Boolean(),
        "counted": pl.String(),
        "moved_by": pl.String(),
        "n": pl.Int64(),
        "top": pl.Float64(),
        "bottom": pl.Float64(),
        "before": pl.Float64(),
        "after": pl.Float64(),
        "change": pl.Float64(),
    }
)


def denial_bridge(
    engine: Engine, *, period: Between | None = None, where: Where | None = None
) -> pl.DataFrame:
    """Denial rates of all definitions over the same data, as steps from each to the next.

    One row per step, in order: ``step`` (from 0), ``name`` of the metric, ``include_duplicates``,
    ``counted`` (claims, payments, service lines or dollars), ``moved_by`` (what sets it apart from
    the step before, in words), ``n``, ``top, bottom`` (its totals), ``before, after`` (the rates)
    and ``change``.  Rates are shares; changes add up to the last rate less the first.  The first
    step has no ``before``; a rate without denominator is null.
    `period` is of each metric's own date, `where` of dimensions that all of them have: others
    raise `UnknownNameError`.
    Sources: those of each metric.
    """
    rows = [_row(engine, step, period, where or {}) for step in _STEPS]
    frame = pl.DataFrame(
        rows, schema=["name", "include_duplicates", "n", "top", "bottom"], orient="row"
    ).with_row_index("step")
    rate = pl.when(pl.col("bottom") != 0).then(pl.col("top") / pl.col("bottom"))
    words = {"counted": [s.counted for s in _STEPS], "moved_by": [s.moved_by for s in _STEPS]}
    return (
        frame.with_columns(after=rate, **{k: pl.Series(v) for k, v in words.items()})
        .with_columns(before=pl.col("after").shift(1))
        .with_columns(change=pl.col("after") - pl.col("before"))
        .select(pl.col(name).cast(kind) for name, kind in _SCHEMA.items())
    )


def _row(
    engine: Engine, step: _Step, period: Between | None, where: Where
) -> tuple[str, bool, int, float, float]:
    kept = where if period is None else {**where, step.metric.period: period}
    frame = totals(engine, step.metric, where=kept, include_duplicates=step.include_duplicates)
    n, top, bottom = frame.select(pl.col("n", "top", "bottom").sum()).row(0)
    return step.metric.name, step.include_duplicates, n, top, bottom
