"""Transaction sets over all that tasks have read: which came before, known by their content."""

from collections.abc import Sequence

from analytics.engines.loading.stage import LOT
from analytics.engines.loading.views import Views

# What duplicates.CONTENT hashes.  A task knew payers by its own ids: the content of a payment is
# hashed anew where that of its payer is another one, and of sets read in pieces it was not yet.
_CONTENT = f"""
WITH wanted AS (
    SELECT s.* FROM {{new_transaction_set}} AS s
    LEFT JOIN {{new_remit}} AS r ON r.remit_id = s.transaction_id
    LEFT JOIN {{payer_ids}} AS p ON p.before = r.payer_id
    WHERE s.status = 'loaded' AND (s.content_hash IS NULL OR p.id IS NOT NULL)
), payments AS (
    SELECT remit_id AS transaction_id, array_join(transform(array_sort(collect_list(
        struct(record_no, body))), x -> x.body), '~') AS body
    FROM (
        SELECT remit_id, record_no, concat_ws('|', patient_control_number, status_code,
            CAST(charge_amount AS STRING), CAST(paid_amount AS STRING), payer_claim_number) AS body
        FROM {{new_remit_claim}} WHERE remit_id IN (SELECT transaction_id FROM wanted)
    ) AS told GROUP BY remit_id
), claims AS (
    SELECT transaction_id, array_join(transform(array_sort(collect_list(
        struct(record_no, body))), x -> x.body), '~') AS body
    FROM (
        SELECT transaction_id, record_no, concat_ws('|', patient_control_number, billing_npi,
            payer_sequence_code, frequency_code, CAST(billed_amount AS STRING),
            CAST(service_from_date AS STRING), CAST(submission_date AS STRING)) AS body
        FROM {{new_claim}} WHERE transaction_id IN (SELECT transaction_id FROM wanted)
    ) AS told GROUP BY transaction_id
), answers AS (
    SELECT transaction_id, array_join(transform(array_sort(collect_list(
        struct(record_no, body))), x -> x.body), '~') AS body
    FROM (
        SELECT transaction_id, record_no, concat_ws('|', level, reply_code, reason_code,
            CAST(acknowledged_date AS STRING), reference_number, provider_npi,
            patient_control_number, payer_claim_number, line_control_number,
            CAST(charge_amount AS STRING), category_code, status_code, gs_control_number,
            set_type_code, st_control_number) AS body
        FROM {{new_acknowledgement}}
        WHERE transaction_id IN (SELECT transaction_id FROM wanted)
    ) AS told GROUP BY transaction_id
)
SELECT s.transaction_id, s.{LOT}, s.content_hash AS before, md5(concat_ws('|', 'remit',
    CAST(coalesce(p.id, r.payer_id) AS STRING), r.trace_number, CAST(r.payment_date AS STRING),
    CAST(r.payment_amount AS STRING), payments.body)) AS content_hash
FROM wanted AS s
JOIN {{new_remit}} AS r ON r.remit_id = s.transaction_id
JOIN payments ON payments.transaction_id = s.transaction_id
LEFT JOIN {{payer_ids}} AS p ON p.before = r.payer_id
UNION ALL
SELECT s.transaction_id, s.{LOT}, s.content_hash AS before, md5(concat_ws('|', 'claim',
    s.sender_code, s.reference_number, claims.body)) AS content_hash
FROM wanted AS s
JOIN claims ON claims.transaction_id = s.transaction_id
UNION ALL
SELECT s.transaction_id, s.{LOT}, s.content_hash AS before, md5(concat_ws('|', 'answer',
    s.type_code, s.sender_code, s.receiver_code, s.reference_number,
    CASE WHEN s.type_code <> '277' THEN concat_ws('|', s.isa_control_number, s.gs_control_number,
        s.st_control_number, CAST(s.interchange_date AS STRING)) END,
    answers.body)) AS content_hash
FROM wanted AS s
JOIN answers ON answers.transaction_id = s.transaction_id
"""

# A set that a task kept out as a repeated one has the hash of the one it repeats.
_SETS = f"""
WITH hashed AS (
    SELECT s.*, coalesce(own.content_hash, same.content_hash, s.content_hash) AS hash
    FROM {{new_transaction_set}} AS s
    LEFT JOIN {{content}} AS own ON own.transaction_id = s.transaction_id
    LEFT JOIN (SELECT {LOT}, before, min(content_hash) AS content_hash FROM {{content}}
        WHERE before IS NOT NULL GROUP BY {LOT}, before) AS same
        ON same.{LOT} = s.{LOT} AND same.before = s.content_hash
), first_ AS (
    SELECT hash, min(transaction_id) AS transaction_id FROM (
        SELECT hash, transaction_id FROM hashed WHERE status = 'loaded'
        UNION ALL
        SELECT content_hash, transaction_id FROM {{old_transaction_set}} WHERE status = 'loaded'
    ) AS loaded WHERE hash IS NOT NULL GROUP BY hash
)
SELECT hashed.*, status = 'loaded'
    AND coalesce(hashed.transaction_id > first_.transaction_id, FALSE) AS is_repeated
FROM hashed LEFT JOIN first_ ON first_.hash = hashed.hash
"""


def settle_sets(views: Views) -> None:
    """`sets`: the new sets with their hashes, and whether each came before."""
    views.kept("content", _CONTENT, of="transaction_set")
    views.kept("sets", _SETS, of="transaction_set")


def written(columns: Sequence[str]) -> str:
    """The new rows of `transaction_set`."""
    said = {
        "status": "CASE WHEN is_repeated THEN 'rejected' ELSE status END AS status",
        "content_hash": "hash AS content_hash",
    }
    return f"SELECT {', '.join(said.get(name, name) for name in columns)} FROM {{sets}}"
