"""Claims answered late, or not yet, after the last day by law or contract."""

import polars as pl

from analytics.errors import BadQueryError
from analytics.metrics._metric import Where
from analytics.metrics.prompt_pay import prompt_pay_breaches
from analytics.query import Engine, Query, conditions

# Of an unknown amount nothing is known to be due; `greatest` alone would make it 0.
_DUE = """CAST(CASE
    WHEN interest_amount IS NOT NULL
        THEN greatest(interest_amount - coalesce(interest_sent_amount, 0), 0)
END AS DECIMAL(18, 2))"""
_ITEMS = (
    "source_file.file_name", "prompt_pay.record_no", "claim_id", "payer_name", "line_of_business",
    "submission_date", "received_date", "due_date", "answer_date", "days_late",
    "prompt_pay.billed_amount", "late_amount", "interest_amount", "interest_sent_amount",
    f"{_DUE} AS interest_due_amount", "interest_unknown", "rule_level", "rule_jurisdiction",
    "answer_days", "day_type", "rule_confidence", "is_verified",
)  # fmt: skip


def prompt_pay_worklist(
    engine: Engine, *, where: Where | None = None, limit: int | None = 100
) -> pl.DataFrame:
    """Clean claims not answered by their last day, those first on which most interest is still due.

    One row per claim, at most `limit` (None for all), by interest still due, then by days late:
    ``file_name, record_no`` (where the claim stands), ``claim_id, payer_name, line_of_business,
    submission_date, received_date, due_date, answer_date`` (null while it is open), ``days_late``
    (to the answer, else to the as-of date), ``billed_amount, late_amount`` (paid late, dollars),
    ``interest_amount`` (dollars; null with the reason in ``interest_unknown``),
    ``interest_sent_amount`` (that came with the answer, AMT*I; null for none),
    ``interest_due_amount`` (interest less what came, never below 0; null where the interest is, as
    not known is not 0; interest in provider-level adjustments, PLB L6, is not taken off), and the
    rule: ``rule_level, rule_jurisdiction, answer_days, day_type, rule_confidence, is_verified``
    (false: check the rule before you act on it).
    Raises `UnknownNameError` for unknown dimensions, `BadQueryError` for a `limit` below 0.
    Source: that of prompt_pay_breaches.
    """
    if limit is not None and limit < 0:
        raise BadQueryError("give no limit below 0")
    prompt_pay_breaches.checked((), where)
    filters, params = conditions(where or {})
    tests = [*prompt_pay_breaches.population(include_duplicates=False), "is_late", *filters]
    lines = [
        "-- Clean claims not answered by their last day, with where they stand.",
        "SELECT " + ", ".join(_ITEMS),
        "FROM prompt_pay",
        "LEFT JOIN source_file ON source_file.file_id = prompt_pay.file_id",
        "WHERE " + "\n  AND ".join(tests),
        "ORDER BY interest_due_amount DESC NULLS LAST, days_late DESC, submission_id ASC",
    ]
    if limit is not None:
        lines.append("LIMIT $row_limit")
        params["row_limit"] = limit
    return engine.fetch(Query("\n".join(lines), params))
