"""Money transferred against money in the ledger, payment by payment, to the cent."""

from collections.abc import Sequence

import polars as pl

from analytics.errors import UnknownNameError
from analytics.facts import cash
from analytics.metrics._metric import Where, listed, where_lines
from analytics.query import Engine, Query, conditions

_COUNTS = ("remit_claim_count", "unmatched_count")
_AMOUNTS = (
    "payment_amount", "undated_or_later_amount", "claim_paid_amount", "purged_amount",
    "unmatched_amount", "provider_adjustment_amount", "interest_amount", "claim_interest_amount",
    "difference_amount", "sent_difference_amount",
)  # fmt: skip


def cash_reconciliation(
    engine: Engine,
    by: str | Sequence[str] = ("file_name", "record_no", "payer_name", "payment_date", "status"),
    *,
    where: Where | None = None,
) -> pl.DataFrame:
    """What payments transferred against the claims paid and adjustments that the ledger has.

    One row per group, a payment (835) each if not asked otherwise: by; ``n`` payments,
    ``remit_claim_count`` claims paid in them, of these ``unmatched_count`` tied to no claim; and in
    dollars ``payment_amount`` (BPR02), ``undated_or_later_amount`` of it (payments of no known date
    or after the as-of date, which no number counts), ``claim_paid_amount``, ``purged_amount`` that
    purges removed of claims paid, ``unmatched_amount`` of those left,
    ``provider_adjustment_amount`` (PLB; above zero it lowers the payment), ``interest_amount``
    (PLB L6, within the adjustments) and ``claim_interest_amount`` (AMT*I, as told on claims),
    ``difference_amount`` (claims paid and purged less adjustments less payments counted: 0 where
    all is there) and ``sent_difference_amount`` (the same of the files alone; what the two differ
    by was kept out when loading).  Raises `UnknownNameError` for unknown dimensions.
    Source: 005010X221A1 section 1.10.2.1.3, balancing of a transaction.
    """
    for name in (*listed(by), *(where or {})):
        if name not in cash.dimensions:
            raise UnknownNameError("dimension", name, cash.dimensions)
    groups = listed(by)
    filters, params = conditions(where or {})
    items = [
        *groups,
        "count(*) AS n",
        *(f"CAST(coalesce(sum({name}), 0) AS BIGINT) AS {name}" for name in _COUNTS),
        *(f"CAST(coalesce(sum({name}), 0) AS DECIMAL(18, 2)) AS {name}" for name in _AMOUNTS),
    ]
    lines = [
        "-- Money transferred against money in the ledger.",
        "SELECT",
        "    " + ",\n    ".join(items),
        "FROM cash",
        *where_lines(filters),
    ]
    if groups:
        numbers = range(1, len(groups) + 1)
        lines.append("GROUP BY " + ", ".join(map(str, numbers)))
        lines.append("ORDER BY " + ", ".join(f"{i} ASC NULLS LAST" for i in numbers))
    return engine.fetch(Query("\n".join(lines), params))
