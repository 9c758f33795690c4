"""What the database holds, what was kept out, and whether its money is that of the files.

Reads only.  Amounts stay decimal: a difference of one cent shows.
"""

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl

from analytics import formats, reference
from analytics.query import Claims

_CONTENT = """
SELECT
    transaction_set.type_code,
    count(DISTINCT transaction_set.file_id) AS files,
    count(*) FILTER (WHERE transaction_set.status = 'loaded') AS sets_loaded,
    count(*) FILTER (WHERE transaction_set.status = 'rejected') AS sets_rejected,
    count(*) FILTER (WHERE transaction_set.status = 'skipped') AS sets_skipped,
    count(*) FILTER (WHERE transaction_set.status = 'loaded' AND NOT transaction_set.is_balanced)
        AS out_of_balance
FROM transaction_set
GROUP BY 1
ORDER BY 1 ASC NULLS LAST
"""
_KEPT_OUT = """
SELECT severity, rule, table_name, count(*) AS n, count(DISTINCT file_id) AS files
FROM rejected
GROUP BY 1, 2, 3
ORDER BY
    severity ASC NULLS LAST, n DESC NULLS LAST, rule ASC NULLS LAST, table_name ASC NULLS LAST
"""
_FEEDS = """
SELECT
    feed_code, fate, count(*) AS n, CAST(sum(signed_paid_amount) AS DECIMAL(18, 2)) AS paid_amount
FROM payer_claim_version
GROUP BY 1, 2
ORDER BY feed_code ASC NULLS LAST, n DESC NULLS LAST, fate ASC NULLS LAST
"""
_UNBALANCED = """
SELECT
    source_file.file_name, transaction_set.type_code, transaction_set.st_control_number,
    transaction_set.record_no, transaction_set.status, transaction_set.difference_amount,
    transaction_set.unbalanced_claim_count, transaction_set.unbalanced_line_count
FROM transaction_set
LEFT JOIN source_file ON source_file.file_id = transaction_set.file_id
WHERE NOT transaction_set.is_balanced
ORDER BY file_name ASC NULLS LAST, record_no ASC NULLS LAST
"""
# Each side is added up on its own: the files' totals as noted at load, what purges removed of
# them, the rows that no fact counts with their reason, and the ledger.  Predeterminations are no
# bills; what is dated after the facts' as-of date, or not dated, is not in them.
_MONEY = """
WITH source AS (
    SELECT 'billed' AS item, CAST(sum(billed_amount) AS DECIMAL(18, 2)) AS files_amount
    FROM source_file
    UNION ALL
    SELECT 'paid', CAST(sum(paid_amount) AS DECIMAL(18, 2)) FROM source_file
    UNION ALL
    SELECT 'adjusted', CAST(sum(amount) AS DECIMAL(18, 2)) FROM adjustment
    UNION ALL
    SELECT 'provider level', CAST(sum(amount) AS DECIMAL(18, 2)) FROM provider_adjustment
),

gone AS (
    SELECT 'billed' AS item, CAST(sum(billed_amount) AS DECIMAL(18, 2)) AS purged_amount
    FROM purged
    UNION ALL
    SELECT 'paid', CAST(sum(paid_amount) AS DECIMAL(18, 2)) FROM purged
),

no_bill AS (
    SELECT 'billed' AS item, CAST(sum(billed_amount) AS DECIMAL(18, 2)) AS no_bill_amount
    FROM claim
    WHERE is_predetermination
),

later AS (
    SELECT 'billed' AS item, claim.billed_amount AS amount
    FROM claim
    CROSS JOIN build_info
    WHERE NOT coalesce(claim.is_predetermination, FALSE)
      AND (claim.submission_date > build_info.as_of OR claim.submission_date IS NULL)
    UNION ALL
    SELECT 'paid', remit_claim.paid_amount
    FROM remit_claim
    JOIN remit ON remit.remit_id = remit_claim.remit_id
    CROSS JOIN build_info
    WHERE remit.payment_date > build_info.as_of OR remit.payment_date IS NULL
    UNION ALL
    SELECT 'adjusted', adjustment.amount
    FROM adjustment
    JOIN remit_claim ON remit_claim.remit_claim_id = adjustment.remit_claim_id
    JOIN remit ON remit.remit_id = remit_claim.remit_id
    CROSS JOIN build_info
    WHERE remit.payment_date > build_info.as_of OR remit.payment_date IS NULL
    UNION ALL
    SELECT 'provider level', provider_adjustment.amount
    FROM provider_adjustment
    JOIN remit ON remit.remit_id = provider_adjustment.remit_id
    CROSS JOIN build_info
    WHERE remit.payment_date > build_info.as_of OR remit.payment_date IS NULL
),

after AS (
    SELECT item, CAST(sum(amount) AS DECIMAL(18, 2)) AS later_amount
    FROM later
    GROUP BY 1
),

facts AS (
    SELECT
        CASE
            WHEN kind = 'charge' THEN 'billed'
            WHEN kind = 'payer_payment' THEN 'paid'
            WHEN kind = 'provider_adjustment' THEN 'provider level'
            ELSE 'adjusted'
        END AS item,
        CAST(sum(amount) AS DECIMAL(18, 2)) AS facts_amount
    FROM ledger
    WHERE kind IN (
        'charge', 'payer_payment', 'provider_adjustment', 'contractual', 'patient_share',
        'prior_payer', 'other_adjustment', 'denied', 'pended'
    )
    GROUP BY 1
)

SELECT
    source.item,
    coalesce(source.files_amount, 0) AS files_amount,
    coalesce(gone.purged_amount, 0) AS purged_amount,
    coalesce(no_bill.no_bill_amount, 0) AS predetermined_amount,
    coalesce(after.later_amount, 0) AS undated_or_later_amount,
    coalesce(facts.facts_amount, 0) AS facts_amount,
    CAST(coalesce(source.files_amount, 0) - coalesce(gone.purged_amount, 0)
        - coalesce(no_bill.no_bill_amount, 0) - coalesce(after.later_amount, 0)
        - coalesce(facts.facts_amount, 0) AS DECIMAL(18, 2))
        AS difference_amount
FROM source
LEFT JOIN gone ON gone.item = source.item
LEFT JOIN no_bill ON no_bill.item = source.item
LEFT JOIN after ON after.item = source.item
LEFT JOIN facts ON facts.item = source.item
ORDER BY item ASC NULLS LAST
"""
_AT_FAULT = """
WITH broken AS (
    SELECT file_id, rule, count(*) AS records
    FROM rejected
    WHERE severity = 'rejected'
    GROUP BY 1, 2
),

ranked AS (
    SELECT
        file_id, rule,
        CAST(sum(records) OVER (PARTITION BY file_id) AS BIGINT) AS records,
        row_number() OVER (
            PARTITION BY file_id ORDER BY records DESC NULLS LAST, rule ASC NULLS LAST
        ) AS place
    FROM broken
)

SELECT source_file.file_name, ranked.records, ranked.rule
FROM ranked
JOIN source_file ON source_file.file_id = ranked.file_id
WHERE ranked.place = 1
ORDER BY records DESC NULLS LAST, file_name ASC NULLS LAST, rule ASC NULLS LAST
LIMIT $limit
"""
_DOUBTS = """
SELECT reason, count(*) AS n, CAST(coalesce(sum(amount), 0) AS DECIMAL(18, 2)) AS amount
FROM feed_doubt
GROUP BY reason
ORDER BY n DESC NULLS LAST, reason ASC NULLS LAST
"""
_SPAN = """
SELECT min(entry_date) FILTER (WHERE kind = 'charge') AS first, max(entry_date) AS last FROM ledger
"""
_SUMMARY = """
SELECT
    (SELECT count(*) FROM source_file) AS files,
    (SELECT count(*) FROM claim) AS claims,
    (SELECT count(*) FROM remit_claim) AS remit_claims,
    CAST((SELECT coalesce(sum(billed_amount), 0) FROM source_file)
        - (SELECT coalesce(sum(billed_amount), 0) FROM purged) AS DECIMAL(18, 2)) AS billed_amount,
    CAST((SELECT coalesce(sum(paid_amount), 0) FROM source_file)
        - (SELECT coalesce(sum(paid_amount), 0) FROM purged) AS DECIMAL(18, 2)) AS paid_amount,
    (SELECT count(*) FROM rejected WHERE severity = 'rejected') AS rejected,
    (SELECT count(*) FROM transaction_set WHERE status = 'loaded' AND NOT is_balanced)
        AS out_of_balance,
    (SELECT count(*) FROM answer WHERE NOT is_matched) AS unmatched
"""


def span(db: Claims) -> tuple[dt.date | None, dt.date | None]:
    """The first day with a charge and the last with any movement; None where there are none."""
    first, last = db.sql(_SPAN).row(0)
    return first, last


def content(db: Claims) -> pl.DataFrame:
    """Files and transaction sets by type: loaded, rejected, skipped, out of balance."""
    return db.sql(_CONTENT)


def kept_out(db: Claims) -> pl.DataFrame:
    """Records kept out, and records kept with a warning, by the rule they broke."""
    return db.sql(_KEPT_OUT)


def feeds(db: Claims) -> pl.DataFrame:
    """Payers' claims by feed and by what became of each version: final ones count; dollars paid."""
    return db.sql(_FEEDS)


def files_at_fault(db: Claims, limit: int = 25) -> pl.DataFrame:
    """The files with most records kept out, each with the rule broken most often there."""
    return db.sql(_AT_FAULT, limit=limit)


def doubts(db: Claims) -> pl.DataFrame:
    """What is doubtful in members and claims of payers' feeds, by reason."""
    return db.sql(_DOUBTS)


def unbalanced(db: Claims) -> pl.DataFrame:
    """The transaction sets that do not balance to the cent, with file and place; dollars."""
    return db.sql(_UNBALANCED)


def money(db: Claims) -> pl.DataFrame:
    """Dollars in the files against dollars in the facts; ``difference_amount`` should be 0.

    One row each for what was billed, paid, adjusted, and adjusted at provider level;
    ``purged_amount`` is what purges removed of the files' (of adjustments both sides are without).
    """
    return db.sql(_MONEY)


def summary(db: Claims) -> dict[str, Any]:
    """The database in a few lines, for the head of a report."""
    row = db.sql(_SUMMARY).row(0, named=True)
    apart = money(db)["difference_amount"].to_list()
    return {
        "Whole database": Path(db.path).name,
        "Files": row["files"],
        "Claims sent": row["claims"],
        "Billed": row["billed_amount"],
        "Claim payments": row["remit_claims"],
        "Paid": row["paid_amount"],
        "Answers tied to no claim": formats.count(row["unmatched"]),
        "Records rejected": row["rejected"],
        "Sets out of balance": row["out_of_balance"],
        "Files against facts": "equal to the cent" if not any(apart) else "they differ",
        "Codes": db.code_map,
        "Codes in no map": len(reference.unmapped_codes(db)),
    }


def alerts(head: dict[str, Any]) -> list[str]:
    """The names in a `summary` that a reader should look at first."""
    loud = {name for name in ("Records rejected", "Sets out of balance") if head[name]}
    return [name for name in head if name in loud or head[name] == "they differ"]
