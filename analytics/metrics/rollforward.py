"""How the receivables of one month end became those of the next."""

import datetime as dt
from collections.abc import Sequence

import polars as pl

from analytics.errors import UnknownNameError
from analytics.metrics._metric import Every, Where, where_lines
from analytics.metrics._parts import LENGTHS
from analytics.metrics.aged import ar_aging
from analytics.query import Engine, Query, conditions

# The kinds of movement that change what insurers owe, in the order of a claim's life.
KINDS = (
    "charge", "superseded_charge", "void", "reopened", "payer_payment", "contractual",
    "patient_share", "prior_payer", "other_adjustment", "taken_back", "retied", "write_off",
)  # fmt: skip
_DOLLARS = pl.Decimal(18, 2)


def ar_rollforward(
    engine: Engine,
    by: str | Sequence[str] = (),
    *,
    every: Every = "month",
    where: Where | None = None,
) -> pl.DataFrame:
    """What insurers owed at the end of each period, from the end of the one before, by movement.

    One row per group and period: by, ``period`` (first day; the last one ends on the as-of date),
    ``n`` movements and in dollars ``opening``, the movements ``charge, superseded_charge`` (charges
    that a resubmission replaced), ``void, reopened, payer_payment, contractual, patient_share,
    prior_payer, other_adjustment, taken_back`` (answers reversed), ``retied`` (answers that a later
    claim or answer showed to be another claim's) and ``write_off``, each as it moves the balance,
    ``closing``, ``closing_credit`` (credit balances within it) and ``difference``, opening plus
    movements less closing: 0, as movements are added up from the ledger and balances looked up in
    the claims.  Denied and pended dollars move nothing.
    Raises `UnknownNameError` for unknown names.
    Source: A/R roll-forward of accounting practice; HFMA MAP Keys for what is open.
    """
    if every not in LENGTHS:
        raise UnknownNameError("period length", every, LENGTHS)
    groups = ar_aging.checked(by, where)
    moved = engine.fetch(_movements(groups, every, where or {}))
    aged = ar_aging(engine, by, every=every, where=where)
    keys = [*groups, "period"]
    is_credit = pl.col("age_bucket") == "credit"
    closing = aged.group_by(keys).agg(
        closing=pl.col("amount").sum(), closing_credit=pl.col("amount").filter(is_credit).sum()
    )
    known = pl.concat([moved.select(keys), closing.select(keys)]).unique()
    periods = _periods(known["period"], every)
    grid = known.select(groups).unique().join(periods, how="cross") if groups else periods
    for one in (moved, closing):
        grid = grid.join(one, on=keys, how="left", nulls_equal=True)
    return _balanced(grid.sort(*keys, nulls_last=True), groups).select(
        *keys, "n", "opening", *KINDS, "closing", "closing_credit", "difference"
    )


def _movements(groups: Sequence[str], every: str, where: Where) -> Query:
    filters, params = conditions(where)
    sums = [
        f"CAST(coalesce(sum(insurance_amount) FILTER (WHERE kind = '{kind}'), 0)"
        f" AS DECIMAL(18, 2)) AS {kind}"
        for kind in KINDS
    ]
    # A claim counts from its first submission, an answer dated before it too.
    day = "greatest(entry_date, submission_date)"
    period = f"CAST(date_trunc('{every}', {day}) AS DATE) AS period"
    numbers = ", ".join(str(i) for i in range(1, len(groups) + 2))
    lines = [
        "-- Movements of what insurers owe, by kind.",
        "SELECT",
        "    " + ",\n    ".join([*groups, period, "count(*) AS n", *sums]),
        "FROM ledger",
        *where_lines(["claim_id IS NOT NULL", "insurance_amount <> 0", *filters]),
        f"GROUP BY {numbers}",
    ]
    return Query("\n".join(lines), params)


def _periods(seen: pl.Series, every: str) -> pl.DataFrame:
    """Every period from the first seen to the last: one without movement stands too."""
    first, last = seen.min(), seen.max()
    if not isinstance(first, dt.date) or not isinstance(last, dt.date):
        return pl.DataFrame(schema={"period": pl.Date()})
    return pl.select(period=pl.date_range(first, last, LENGTHS[every]))


def _balanced(grid: pl.DataFrame, groups: list[str]) -> pl.DataFrame:
    """Opening balances and differences; without the periods before a group's first movement."""
    before = pl.col("closing").shift(1)
    added = pl.sum_horizontal("opening", *KINDS)
    filled = grid.with_columns(
        pl.col("n").fill_null(0),
        pl.col(*KINDS, "closing", "closing_credit").fill_null(0).cast(_DOLLARS),
    ).with_columns(opening=(before.over(groups) if groups else before).fill_null(0).cast(_DOLLARS))
    has_any = (pl.col("n") > 0) | (pl.col("opening") != 0) | (pl.col("closing") != 0)
    return filled.filter(has_any).with_columns(
        difference=(added - pl.col("closing")).cast(_DOLLARS)
    )
