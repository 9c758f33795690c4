"""Open denials in the order in which work on them is likely to pay."""

import datetime as dt
from collections.abc import Mapping

import polars as pl

from analytics import stats
from analytics.errors import BadQueryError
from analytics.metrics._metric import Where
from analytics.metrics._parts import as_of
from analytics.metrics.open_denials import open_denied_dollars
from analytics.query import Engine, Query, conditions

_CELL = ("payer_name", "denial_category")
_BANDS: Mapping[int, str] = {0: "0-30", 31: "31-60", 61: "61-90", 91: "91-180", 181: ">180"}
_DEADLINES = ("appeal", "filing")
_KEPT = (
    "rank", "file_name", "record_no", "claim_id", *_CELL, "denial_carc", "first_answer_date",
    "days_since_denial", "age_band", "open_amount", "overturn_rate", "history", "expected_amount",
    "appeal_deadline_date", "filing_deadline_date", "appeal_days_left", "filing_days_left",
    "days_left", "is_past_deadline",
)  # fmt: skip


def denial_worklist(
    engine: Engine, *, where: Where | None = None, limit: int | None = 100, within: int = 90
) -> pl.DataFrame:
    """Open denials, those first whose work is expected to bring back most.

    One row per claim, at most `limit` (None for all): ``rank, file_name, record_no`` (where the
    claim stands), ``claim_id, payer_name, denial_category, denial_carc, first_answer_date``,
    ``days_since_denial`` and its ``age_band``, ``open_amount`` (dollars denied and still open),
    ``overturn_rate``, ``history`` (past denials of its own it rests on), ``expected_amount`` (open
    amount times rate, dollars), ``appeal_deadline_date, filing_deadline_date`` by the payer map
    (null where it says nothing), ``appeal_days_left, filing_days_left`` (below 0 once past),
    ``days_left`` to the next deadline ahead, else since the last one past, and
    ``is_past_deadline``: none of those known is ahead.

    The rate: of past denials of the same payer and category not overturned when they reached the
    first day of the age band, the share overturned `within` so many days from then; only denials
    old enough to show it count.  It is shrunken to that of the age band over all payers and
    categories (beta-binomial), and rests on all data, whatever `where` asks for.  Denials of an
    age without any history have no rate and come last, by amount.
    Raises `UnknownNameError` for unknown dimensions, `BadQueryError` for `within` below 1 or a
    `limit` below 0.
    Source: HFMA Claim Integrity Task Force (2021), metric 4, for overturned; Kleinman (1973).
    """
    if within < 1 or (limit is not None and limit < 0):
        raise BadQueryError("give `within` at least one day, and no limit below 0")
    denials, history = engine.fetch(_open(where or {})), engine.fetch(_history(within))
    rates = _rates(history)
    priors = rates.group_by("age_band").agg(pl.col("prior").first())
    rated = (
        denials.with_columns(age_band=_band(pl.col("days_since_denial")))
        .join(rates.drop("prior"), on=[*_CELL, "age_band"], how="left", nulls_equal=True)
        .join(priors, on="age_band", how="left")
        .with_columns(
            overturn_rate=pl.coalesce("shrunken", "prior"), history=pl.col("history").fill_null(0)
        )
    )
    return _ordered(_dated(rated, as_of(engine)), limit)


def _open(where: Where) -> Query:
    """The open denials themselves."""
    open_denied_dollars.checked((), where)
    filters, params = conditions(where)
    tests = [*open_denied_dollars.population(include_duplicates=False), *filters]
    lines = [
        "-- Denials still open, with where their claim stands.",
        "SELECT source_file.file_name, claim_outcome.record_no, claim_id, payer_name,",
        "    denial_category, denial_carc, first_answer_date, days_since_denial,",
        "    appeal_deadline_date, filing_deadline_date,",
        f"    CAST({open_denied_dollars.amount} AS DECIMAL(18, 2)) AS open_amount",
        "FROM claim_outcome",
        "LEFT JOIN source_file ON source_file.file_id = claim_outcome.file_id",
        "WHERE " + "\n  AND ".join(tests),
    ]
    return Query("\n".join(lines), params)


def _history(within: int) -> Query:
    """Counts of past denials by payer and category, for each age band."""
    items: list[str] = []
    for start in _BANDS:
        old = f"days_since_denial >= {start} + $within"
        left = f"{old} AND coalesce(days_to_overturn, {start} + $within) >= {start}"
        won = f"{old} AND days_to_overturn >= {start} AND days_to_overturn < {start} + $within"
        items.append(f"count(*) FILTER (WHERE {left}) AS n_{start}")
        items.append(f"count(*) FILTER (WHERE {won}) AS hits_{start}")
    lines = [
        "-- Past denials, and those overturned within so many days of each age.",
        "SELECT payer_name, denial_category,",
        "    " + ",\n    ".join(items),
        "FROM claim_outcome",
        "WHERE is_initially_denied",
        "GROUP BY 1, 2",
        "ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST",
    ]
    return Query("\n".join(lines), {"within": within})


def _rates(counts: pl.DataFrame) -> pl.DataFrame:
    """One row per cell and age band: ``history, shrunken, prior``."""
    long = pl.concat(
        counts.select(
            *_CELL,
            pl.lit(band).alias("age_band"),
            pl.col(f"n_{start}").alias("history"),
            pl.col(f"hits_{start}").alias("hits"),
        )
        for start, band in _BANDS.items()
    )
    return stats.beta_binomial(long, "hits", "history", ["age_band"]).drop("hits", "weight")


def _band(days: pl.Expr) -> pl.Expr:
    oldest_first = sorted(_BANDS.items(), reverse=True)
    return pl.coalesce(
        pl.when(days >= start).then(pl.lit(band, dtype=pl.String)) for start, band in oldest_first
    )


def _dated(frame: pl.DataFrame, today: dt.date | None) -> pl.DataFrame:
    """Days left to each deadline, to the next one, and whether all are past."""
    left = frame.with_columns(
        (pl.col(f"{name}_deadline_date") - pl.lit(today, dtype=pl.Date))
        .dt.total_days()
        .alias(f"{name}_days_left")
        for name in _DEADLINES
    )
    days = [pl.col(f"{name}_days_left") for name in _DEADLINES]
    ahead = pl.min_horizontal(pl.when(d >= 0).then(d) for d in days)
    last = pl.max_horizontal(days)
    return left.with_columns(days_left=pl.coalesce(ahead, last), is_past_deadline=last < 0)


def _ordered(frame: pl.DataFrame, limit: int | None) -> pl.DataFrame:
    amount = pl.col("open_amount").cast(pl.Float64)
    worth = (amount * pl.col("overturn_rate")).round(2).cast(pl.Decimal(14, 2))
    best = frame.with_columns(expected_amount=worth).sort(
        "expected_amount", "open_amount", "claim_id",
        descending=[True, True, False], nulls_last=True,
    )  # fmt: skip
    ranked = best.with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
    return ranked.head(ranked.height if limit is None else limit).select(_KEPT)
