-- left_out: one row per fact and reason for which records loaded are not in it.
--
-- Reads    claim, remit, remit_claim, adjustment, adjustment_kind, answer, billed_claim,
--          claim_outcome, person, payer_claim, payer_claim_version, settled_claim, incurred_claim,
--          acknowledgement, acknowledgement_tie, write_off,
--          patient_payment, appeal, audit, posting_tie, appeal_outcome, movement, feed_doubt,
--          build_info
WITH reason AS (
    SELECT
        bill_fact.fact_name,
        CASE
            WHEN coalesce(claim.is_predetermination, FALSE) THEN 'a request for a price, not a bill'
            WHEN claim.submission_date IS NULL THEN 'sent on no known date'
            ELSE 'sent after the as-of date'
        END AS reason,
        claim.billed_amount AS amount
    FROM claim
    CROSS JOIN build_info
    CROSS JOIN (
        SELECT 'claim_outcome' AS fact_name
        UNION ALL
        SELECT 'submission_outcome' AS fact_name
        UNION ALL
        SELECT 'claim_balance' AS fact_name
        UNION ALL
        SELECT 'collection' AS fact_name
    ) AS bill_fact
    WHERE coalesce(claim.is_predetermination, FALSE)
       OR claim.submission_date IS NULL
       OR claim.submission_date > build_info.as_of
    UNION ALL
    SELECT
        'claim_outcome' AS fact_name,
        'claim payment tied to no claim (amount paid)' AS reason,
        answer.paid_amount AS amount
    FROM answer
    WHERE NOT answer.is_matched
    UNION ALL
    SELECT
        'submission_outcome' AS fact_name,
        'acknowledgement tied to nothing sent (charge stated)' AS reason,
        charge_amount AS amount
    FROM acknowledgement_tie
    WHERE NOT is_matched
    UNION ALL
    SELECT
        'submission_outcome' AS fact_name,
        CASE
            WHEN acknowledgement.acknowledged_date IS NULL THEN 'acknowledgement of no known date'
            ELSE 'acknowledgement after the as-of date'
        END AS reason,
        acknowledgement.charge_amount AS amount
    FROM acknowledgement
    CROSS JOIN build_info
    WHERE acknowledgement.acknowledged_date IS NULL
       OR acknowledgement.acknowledged_date > build_info.as_of
    UNION ALL
    SELECT
        'answered_line' AS fact_name,
        CASE
            WHEN answer.role = 'reversal' THEN 'claim payment that reverses another'
            WHEN answer.role = 'forwarded' THEN 'claim payment only forwarded'
            WHEN answer.role = 'predetermination' THEN 'answer to a request for a price'
            ELSE 'claim payment with nothing but pend codes'
        END AS reason,
        answer.charge_amount AS amount
    FROM answer
    WHERE NOT answer.is_answer
    UNION ALL
    SELECT
        paid_fact.fact_name,
        CASE
            WHEN remit.payment_date IS NULL THEN 'claim payment of no known date'
            ELSE 'claim payment after the as-of date'
        END AS reason,
        remit_claim.charge_amount AS amount
    FROM remit
    JOIN remit_claim ON remit_claim.remit_id = remit.remit_id
    CROSS JOIN build_info
    CROSS JOIN (
        SELECT 'answered_line' AS fact_name
        UNION ALL
        SELECT 'payment_outcome' AS fact_name
        UNION ALL
        SELECT 'claim_outcome' AS fact_name
    ) AS paid_fact
    WHERE remit.payment_date IS NULL OR remit.payment_date > build_info.as_of
    UNION ALL
    SELECT
        money_fact.fact_name,
        CASE
            WHEN remit.payment_date IS NULL THEN 'claim payment of no known date (amount paid)'
            ELSE 'claim payment after the as-of date (amount paid)'
        END AS reason,
        remit_claim.paid_amount AS amount
    FROM remit
    JOIN remit_claim ON remit_claim.remit_id = remit.remit_id
    CROSS JOIN build_info
    CROSS JOIN (
        SELECT 'claim_balance' AS fact_name
        UNION ALL
        SELECT 'collection' AS fact_name
    ) AS money_fact
    WHERE remit.payment_date IS NULL OR remit.payment_date > build_info.as_of
    UNION ALL
    SELECT
        money_fact.fact_name,
        'payment or posting tied to no claim' AS reason,
        movement.amount
    FROM movement
    CROSS JOIN (
        SELECT 'claim_balance' AS fact_name
        UNION ALL
        SELECT 'collection' AS fact_name
    ) AS money_fact
    WHERE movement.claim_id IS NULL
      AND movement.kind IN ('payer_payment', 'write_off', 'patient_payment', 'refund')
    UNION ALL
    -- Money under a code in no list is in the ledger, but nobody can say that it was denied.
    SELECT
        reason_fact.fact_name,
        'adjustment under a reason code in no list, not taken as a denial' AS reason,
        adjustment.amount
    FROM adjustment
    JOIN answer ON answer.remit_claim_id = adjustment.remit_claim_id
    LEFT JOIN adjustment_kind
        ON adjustment_kind.carc_code = adjustment.carc_code
        AND adjustment_kind.group_code IS NOT DISTINCT FROM adjustment.group_code
    CROSS JOIN (
        SELECT 'claim_outcome' AS fact_name
        UNION ALL
        SELECT 'answered_line' AS fact_name
        UNION ALL
        SELECT 'payment_outcome' AS fact_name
    ) AS reason_fact
    WHERE adjustment_kind.carc_code IS NULL
       OR (adjustment_kind.category = 'unmapped' AND adjustment_kind.kind <> 'reversal')
    UNION ALL
    SELECT
        'claim_outcome' AS fact_name,
        CASE
            WHEN write_off.write_off_date > build_info.as_of THEN 'write-off after the as-of date'
            ELSE 'write-off tied to no claim'
        END AS reason,
        write_off.amount
    FROM write_off
    JOIN posting_tie
        ON posting_tie.table_name = 'write_off'
        AND posting_tie.file_id = write_off.file_id
        AND posting_tie.record_no = write_off.record_no
    CROSS JOIN build_info
    WHERE posting_tie.claim_id IS NULL OR write_off.write_off_date > build_info.as_of
    UNION ALL
    SELECT 'ledger' AS fact_name, 'posting without an amount' AS reason, posting.amount
    FROM (
        SELECT amount FROM write_off
        UNION ALL
        SELECT amount FROM patient_payment
    ) AS posting
    WHERE posting.amount IS NULL
    UNION ALL
    SELECT
        'claim_outcome' AS fact_name,
        'appeal tied to no claim' AS reason,
        appeal_outcome.amount
    FROM appeal_outcome
    WHERE appeal_outcome.claim_id IS NULL
    UNION ALL
    SELECT
        appeal_fact.fact_name,
        'appeal after the as-of date' AS reason,
        appeal.amount
    FROM appeal
    CROSS JOIN build_info
    CROSS JOIN (
        SELECT 'claim_outcome' AS fact_name
        UNION ALL
        SELECT 'appeal_outcome' AS fact_name
    ) AS appeal_fact
    WHERE appeal.appeal_date > build_info.as_of
    UNION ALL
    SELECT
        audit_fact.fact_name,
        'review after the as-of date' AS reason,
        0 AS amount
    FROM audit
    CROSS JOIN build_info
    CROSS JOIN (
        SELECT 'audited_code' AS fact_name
        UNION ALL
        SELECT 'audited_case' AS fact_name
    ) AS audit_fact
    WHERE audit.audit_date > build_info.as_of
    UNION ALL
    SELECT
        spend_fact.fact_name,
        'claim of a month without cover (amount allowed)' AS reason,
        incurred_claim.allowed_amount AS amount
    FROM incurred_claim
    CROSS JOIN (SELECT 'member_month' AS fact_name) AS spend_fact
    WHERE NOT incurred_claim.is_covered
    UNION ALL
    -- Not left out of what is paid, but of what is allowed, where it counts as 0.
    SELECT
        spend_fact.fact_name,
        'counted, with nothing allowed: amount allowed not said by the feed (amount paid)' AS reason,
        incurred_claim.paid_amount AS amount
    FROM incurred_claim
    JOIN settled_claim ON settled_claim.payer_claim_id = incurred_claim.claim_id
    CROSS JOIN (SELECT 'member_spend' AS fact_name) AS spend_fact
    WHERE incurred_claim.claim_source = 'payer_feed'
        AND incurred_claim.is_covered
        AND settled_claim.allowed_amount IS NULL
    UNION ALL
    SELECT
        spend_fact.fact_name,
        'own claim of a person whom a payer''s feed tells of (amount allowed)' AS reason,
        claim_outcome.allowed_amount AS amount
    FROM billed_claim
    JOIN claim_outcome ON claim_outcome.claim_id = billed_claim.claim_id
    JOIN person ON person.patient_id = billed_claim.patient_id
    JOIN (SELECT DISTINCT person_id FROM settled_claim) AS fed
        ON fed.person_id = person.person_id
    LEFT JOIN incurred_claim
        ON incurred_claim.claim_source = 'own_claim'
        AND incurred_claim.claim_id = billed_claim.claim_id
    CROSS JOIN (
        SELECT 'member_month' AS fact_name
        UNION ALL
        SELECT 'member_spend' AS fact_name
    ) AS spend_fact
    WHERE billed_claim.payer_sequence_code = 'P' AND incurred_claim.claim_id IS NULL
    UNION ALL
    SELECT
        spend_fact.fact_name,
        CASE
            WHEN payer_claim.service_from_date IS NULL THEN 'payer''s claim of no known day (paid)'
            ELSE 'payer''s claim after the as-of date (paid)'
        END AS reason,
        payer_claim.paid_amount AS amount
    FROM payer_claim
    JOIN payer_claim_version AS version ON version.payer_claim_id = payer_claim.payer_claim_id
    LEFT JOIN settled_claim ON settled_claim.payer_claim_id = payer_claim.payer_claim_id
    CROSS JOIN (
        SELECT 'member_month' AS fact_name
        UNION ALL
        SELECT 'member_spend' AS fact_name
    ) AS spend_fact
    WHERE version.fate = 'final' AND settled_claim.payer_claim_id IS NULL
    UNION ALL
    SELECT fact_name, reason, amount
    FROM feed_doubt
)

SELECT
    CAST(fact_name AS STRING) AS fact_name,
    CAST(reason AS STRING) AS reason,
    CAST(count(*) AS BIGINT) AS n,
    CAST(coalesce(sum(amount), 0) AS DECIMAL(18, 2)) AS amount
FROM reason
GROUP BY fact_name, reason
