-- cash: one row per payment (835), with what the ledger has of it.
--
-- Reads    remit, transaction_set, source_file, known_payer, movement, answer, provider_adjustment,
--          purged, build_info
-- Sources  835 section 1.10.2.1.3: BPR02 = sum of CLP04 - sum of PLB amounts.
--
-- Each side stands alone: what was transferred as sent, and the claims paid and provider-level
-- adjustments as the ledger has them.  Payments dated later than the facts, or not dated, are not in
-- the ledger: their amount is told apart; so is what a purge removed of a payment's claims.
WITH paid AS (
    SELECT
        answer.remit_id,
        count(*) FILTER (WHERE movement.kind = 'payer_payment') AS remit_claim_count,
        count(*) FILTER (WHERE movement.kind = 'payer_payment' AND movement.claim_id IS NULL)
            AS unmatched_count,
        sum(movement.amount) FILTER (WHERE movement.kind = 'payer_payment') AS claim_paid_amount,
        sum(movement.amount) FILTER (
            WHERE movement.kind = 'payer_payment' AND movement.claim_id IS NULL
        ) AS unmatched_amount,
        sum(movement.amount) FILTER (WHERE movement.kind = 'interest') AS claim_interest_amount
    FROM movement
    JOIN answer ON answer.file_id = movement.file_id AND answer.record_no = movement.record_no
    WHERE movement.kind IN ('payer_payment', 'interest')
    GROUP BY answer.remit_id
),

adjusted AS (
    SELECT
        provider_adjustment.remit_id,
        sum(movement.amount) AS provider_adjustment_amount,
        -- L6: interest the payer owes; it raises the payment, so it is sent below zero.
        -sum(movement.amount) FILTER (WHERE provider_adjustment.reason_code = 'L6')
            AS interest_amount
    FROM movement
    JOIN provider_adjustment
        ON provider_adjustment.file_id = movement.file_id
        AND provider_adjustment.record_no = movement.record_no
        AND provider_adjustment.position = movement.position
    WHERE movement.kind = 'provider_adjustment'
    GROUP BY provider_adjustment.remit_id
),

gone AS (
    SELECT transaction_id, sum(paid_amount) AS purged_amount
    FROM purged
    WHERE transaction_id IS NOT NULL
    GROUP BY transaction_id
),

dated AS (
    SELECT
        remit.remit_id,
        CASE
            WHEN remit.payment_date IS NULL THEN 'of no known date'
            WHEN remit.payment_date > build_info.as_of THEN 'after the as-of date'
            ELSE 'counted'
        END AS status
    FROM remit
    CROSS JOIN build_info
)

SELECT
    CAST(remit.remit_id AS BIGINT) AS remit_id,
    CAST(dated.status AS STRING) AS status,
    CAST(CASE WHEN dated.status = 'counted' THEN remit.payment_date END AS DATE) AS payment_date,
    CAST(known_payer.payer_name AS STRING) AS payer_name,
    CAST(known_payer.line_of_business AS STRING) AS line_of_business,
    CAST(remit.method_code AS STRING) AS method_code,
    CAST(source_file.file_name AS STRING) AS file_name,
    CAST(coalesce(paid.remit_claim_count, 0) AS BIGINT) AS remit_claim_count,
    CAST(coalesce(paid.unmatched_count, 0) AS BIGINT) AS unmatched_count,
    CAST(coalesce(remit.payment_amount, 0) AS DECIMAL(18, 2)) AS payment_amount,
    CAST(CASE WHEN dated.status = 'counted' THEN 0 ELSE coalesce(remit.payment_amount, 0) END
        AS DECIMAL(18, 2)) AS undated_or_later_amount,
    CAST(coalesce(paid.claim_paid_amount, 0) AS DECIMAL(18, 2)) AS claim_paid_amount,
    CAST(coalesce(gone.purged_amount, 0) AS DECIMAL(18, 2)) AS purged_amount,
    CAST(coalesce(paid.unmatched_amount, 0) AS DECIMAL(18, 2)) AS unmatched_amount,
    CAST(coalesce(adjusted.provider_adjustment_amount, 0) AS DECIMAL(18, 2))
        AS provider_adjustment_amount,
    CAST(coalesce(adjusted.interest_amount, 0) AS DECIMAL(18, 2)) AS interest_amount,
    CAST(coalesce(paid.claim_interest_amount, 0) AS DECIMAL(18, 2)) AS claim_interest_amount,
    CAST(CASE WHEN dated.status = 'counted'
        THEN coalesce(paid.claim_paid_amount, 0) + coalesce(gone.purged_amount, 0)
            - coalesce(adjusted.provider_adjustment_amount, 0) - coalesce(remit.payment_amount, 0)
        ELSE 0
    END AS DECIMAL(18, 2)) AS difference_amount,
    CAST(coalesce(transaction_set.difference_amount, 0) AS DECIMAL(18, 2)) AS sent_difference_amount,
    CAST(remit.file_id AS BIGINT) AS file_id,
    CAST(remit.record_no AS BIGINT) AS record_no
FROM remit
JOIN dated ON dated.remit_id = remit.remit_id
LEFT JOIN paid ON paid.remit_id = remit.remit_id
LEFT JOIN adjusted ON adjusted.remit_id = remit.remit_id
LEFT JOIN gone ON gone.transaction_id = remit.remit_id
LEFT JOIN known_payer ON known_payer.payer_id = remit.payer_id
LEFT JOIN transaction_set ON transaction_set.transaction_id = remit.remit_id
LEFT JOIN source_file ON source_file.file_id = remit.file_id
