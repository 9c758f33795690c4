"""Transaction sets that came before from another place, known by their content."""

from analytics.ingest.rules import REASONS

# Two sets are the same transaction when payer, trace, date and amount (835) or sender and
# reference (837, 277CA) agree and so do their claims, in order.  Control numbers repeat in practice
# and count for a 999 alone, which names little else: one that is alike may answer another file.
CONTENT = """
WITH content AS (
    SELECT remit.remit_id AS transaction_id,
        concat_ws('|', 'remit', remit.payer_id, remit.trace_number, remit.payment_date,
            remit.payment_amount,
            string_agg(concat_ws('|', patient_control_number, status_code, charge_amount,
                paid_amount, payer_claim_number), '~' ORDER BY remit_claim.record_no)) AS body
    FROM remit
    JOIN remit_claim ON remit_claim.remit_id = remit.remit_id
    WHERE remit.file_id >= $first_file
    GROUP BY remit.remit_id, remit.payer_id, remit.trace_number, remit.payment_date,
        remit.payment_amount
    UNION ALL
    SELECT transaction_set.transaction_id,
        concat_ws('|', 'claim', sender_code, reference_number,
            string_agg(concat_ws('|', patient_control_number, billing_npi, payer_sequence_code,
                frequency_code, billed_amount, service_from_date, submission_date), '~'
                ORDER BY claim.record_no)) AS body
    FROM transaction_set
    JOIN claim ON claim.transaction_id = transaction_set.transaction_id
    WHERE transaction_set.file_id >= $first_file
    GROUP BY transaction_set.transaction_id, sender_code, reference_number
    UNION ALL
    SELECT own.transaction_id,
        concat_ws('|', 'answer', own.type_code, own.sender_code, own.receiver_code,
            own.reference_number,
            CASE WHEN own.type_code <> '277' THEN concat_ws('|', own.isa_control_number,
                own.gs_control_number, own.st_control_number, own.interchange_date) END,
            string_agg(concat_ws('|', said.level, said.reply_code, said.reason_code,
                said.acknowledged_date, said.reference_number, said.provider_npi,
                said.patient_control_number, said.payer_claim_number, said.line_control_number,
                said.charge_amount, said.category_code, said.status_code, said.gs_control_number,
                said.set_type_code, said.st_control_number), '~' ORDER BY said.record_no)) AS body
    FROM transaction_set AS own
    JOIN acknowledgement AS said ON said.transaction_id = own.transaction_id
    WHERE own.file_id >= $first_file
    GROUP BY own.transaction_id, own.type_code, own.sender_code, own.receiver_code,
        own.reference_number, own.isa_control_number, own.gs_control_number,
        own.st_control_number, own.interchange_date
)
UPDATE transaction_set SET content_hash = md5(content.body)
FROM content WHERE content.transaction_id = transaction_set.transaction_id
"""

_SAME_AS_EARLIER = """arrived.file_id >= $first_file AND arrived.status = 'loaded'
    AND arrived.transaction_id > (
        SELECT min(earlier.transaction_id) FROM transaction_set AS earlier
        WHERE earlier.content_hash = arrived.content_hash AND earlier.status = 'loaded')"""

FIND = f"""
SELECT transaction_id AS "first", transaction_id + segment_count - 1 AS "last"
FROM transaction_set AS arrived WHERE {_SAME_AS_EARLIER}
"""

MARK = (
    f"""
    INSERT INTO rejected BY NAME
    SELECT file_id, record_no, 'transaction_set' AS table_name, 'rejected' AS severity,
        'duplicate_transaction' AS rule, '{REASONS["duplicate_transaction"]}' AS reason
    FROM transaction_set AS arrived WHERE {_SAME_AS_EARLIER}
    """,
    f"UPDATE transaction_set AS arrived SET status = 'rejected' WHERE {_SAME_AS_EARLIER}",
)
