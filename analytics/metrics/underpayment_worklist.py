"""Lines allowed less than expected, the largest first."""

import polars as pl

from analytics.errors import BadQueryError
from analytics.metrics._metric import Where
from analytics.metrics._named import named
from analytics.metrics._priced import Shortfall
from analytics.metrics.underpayment import underpayment
from analytics.query import Engine, Query, conditions

_ITEMS = (
    "source_file.file_name", "priced_line.record_no", "remit_claim_id", "line_no", "claim_id",
    "payer_name", "procedure_code", "modifier_key", "service_date", "answer_date", "units_billed",
    "units_paid", "charge_amount", "allowed_amount", "expected_amount", "usual_amount",
    "variance_kind", "rate_source", "rate_method", "support",
    "rate_file.file_name AS rate_file_name", "rate_record_no",
)  # fmt: skip


def underpayment_worklist(
    engine: Engine,
    metric: Shortfall | str = underpayment,
    *,
    where: Where | None = None,
    limit: int | None = 100,
) -> pl.DataFrame:
    """Service lines allowed less than expected beyond the tolerance, those first by most dollars.

    One row per line, at most `limit` (None for all): ``file_name, record_no`` (where the payment
    stands), ``remit_claim_id, line_no, claim_id, payer_name, procedure_code, modifier_key,
    service_date, answer_date, units_billed, units_paid``, ``charge_amount, allowed_amount,
    expected_amount`` (by the rate), ``usual_amount`` (what a usual reduction leaves of it) and
    ``variance_kind`` (which reduction; null for none), ``rate_source`` (contract or inferred),
    ``rate_method``, ``support`` (lines an inferred rate rests on), ``rate_file_name,
    rate_record_no`` (where the contract's rate stands) and ``underpaid_amount`` (dollars).
    Another tolerance: ``metric=underpayment.within(amount=5)``.
    Raises `UnknownNameError` for unknown dimensions, `BadQueryError` for a `limit` below 0 or a
    metric that is no underpayment.
    Source: that of underpayment.
    """
    short = named(metric)
    if not isinstance(short, Shortfall):
        raise BadQueryError("an underpayment is worked on: give it, by another tolerance or not")
    if limit is not None and limit < 0:
        raise BadQueryError("give no limit below 0")
    short.checked((), where)
    filters, params = conditions(where or {})
    tests = [*short.population(include_duplicates=False), short.short_sql, *filters]
    lines = [
        "-- Lines allowed less than expected, with where their payment stands.",
        "SELECT " + ", ".join(_ITEMS) + ",",
        f"    CAST({short.short_amount} AS DECIMAL(18, 2)) AS underpaid_amount",
        "FROM priced_line",
        "LEFT JOIN source_file ON source_file.file_id = priced_line.file_id",
        "LEFT JOIN source_file AS rate_file ON rate_file.file_id = priced_line.rate_file_id",
        "WHERE " + "\n  AND ".join(tests),
        "ORDER BY underpaid_amount DESC, remit_claim_id ASC, line_no ASC",
    ]
    if limit is not None:
        lines.append("LIMIT $row_limit")
        params["row_limit"] = limit
    return engine.fetch(Query("\n".join(lines), params))
