"""The oldest and newest day of what is loaded."""

import datetime as dt

import duckdb

# Until something is loaded there is no such day; then the facts hold nothing.  Payments are dated
# some days ahead; one dated years ahead is a slip, and would make every open claim years old.
_SPAN = """
SELECT min(day), coalesce(max(day) FILTER (WHERE day <= current_date + 31), max(day)) FROM (
    SELECT unnest([min(submission_date), max(submission_date),
        max(submission_date) FILTER (WHERE submission_date <= current_date + 31)]) AS day FROM claim
    UNION ALL
    SELECT unnest([min(payment_date), max(payment_date),
        max(payment_date) FILTER (WHERE payment_date <= current_date + 31)]) FROM remit
    UNION ALL
    SELECT unnest([min(acknowledged_date), max(acknowledged_date),
        max(acknowledged_date) FILTER (WHERE acknowledged_date <= current_date + 31)])
    FROM acknowledgement
) AS days
"""

_FEED_SPAN = """
SELECT min(day), coalesce(max(day) FILTER (WHERE day <= current_date + 31), max(day)) FROM (
    SELECT unnest([min(service_from_date), max(service_from_date), max(service_to_date),
        max(processed_date), max(paid_date)]) AS day FROM payer_claim
    UNION ALL
    SELECT unnest([min(service_from_date), max(service_from_date)]) FROM payer_claim_line
) AS days
"""


def span(connection: duckdb.DuckDBPyConnection) -> tuple[dt.date | None, dt.date | None]:
    """Both days: of submissions, payments and acknowledgements, else of claims payers settled."""
    oldest, newest = connection.execute(_SPAN).fetchall()[0]
    if newest is None:
        oldest, newest = connection.execute(_FEED_SPAN).fetchall()[0]
    return oldest, newest
