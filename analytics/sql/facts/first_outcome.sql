-- first_outcome: one row per claim answered, with what its first answer said.
--
-- Reads    payment_outcome, answer, denial
-- Sources  HFMA Claim Integrity Task Force (2021) for first outcomes; METRICS section 1.
WITH paid AS (
    SELECT
        claim_id,
        min(answer_date) AS first_answer_date,
        sum(charge_amount) AS charge_amount,
        sum(paid_amount) AS paid_amount,
        sum(allowed_amount) AS allowed_amount,
        sum(patient_share_amount) AS patient_share_amount,
        sum(denied_amount) AS denied_amount,
        sum(duplicate_amount) AS duplicate_amount,
        sum(line_count) AS line_count,
        sum(denied_line_count) AS denied_line_count
    FROM payment_outcome
    WHERE is_answer AND answer_no = 1
    GROUP BY claim_id
),

denying AS (
    -- The reasons of the first answer, those on the whole claim included.
    SELECT
        answer.claim_id,
        denial.carc_code,
        denial.rarc_code,
        denial.group_code,
        denial.category,
        denial.preventable,
        denial.hardness,
        denial.is_denial,
        denial.amount,
        denial.file_id,
        denial.record_no,
        denial.position
    FROM denial
    JOIN answer ON answer.remit_claim_id = denial.remit_claim_id
    WHERE answer.answer_no = 1 AND (denial.is_denial OR denial.kind = 'duplicate')
),

main_reason AS (
    SELECT
        claim_id, carc_code, rarc_code, group_code, category, preventable, hardness,
        row_number() OVER (
            PARTITION BY claim_id
            ORDER BY
                CASE WHEN is_denial THEN 0 ELSE 1 END ASC NULLS LAST,
                amount DESC NULLS LAST,
                file_id ASC NULLS LAST,
                record_no ASC NULLS LAST,
                position ASC NULLS LAST
        ) AS weight
    FROM denying
    WHERE amount > 0
)

SELECT
    CAST(paid.claim_id AS BIGINT) AS claim_id,
    CAST(paid.first_answer_date AS DATE) AS first_answer_date,
    CAST(CASE
        WHEN paid.denied_amount > 0 AND paid.paid_amount = 0 AND paid.allowed_amount = 0
            THEN 'denied'
        WHEN paid.denied_amount > 0 THEN 'partially_denied'
        WHEN paid.paid_amount > 0 OR paid.patient_share_amount > 0 THEN 'paid'
        ELSE 'no_pay_other'
    END AS STRING) AS first_outcome,
    CAST(paid.duplicate_amount > 0 AND paid.denied_amount = 0 AS BOOLEAN) AS is_duplicate,
    main_reason.category AS denial_category,
    main_reason.preventable AS denial_preventable,
    main_reason.hardness AS denial_hardness,
    main_reason.carc_code AS denial_carc,
    main_reason.group_code AS denial_group,
    main_reason.rarc_code AS denial_rarc,
    CAST(paid.charge_amount AS DECIMAL(18, 2)) AS charge_amount,
    CAST(paid.paid_amount AS DECIMAL(18, 2)) AS paid_amount,
    CAST(paid.allowed_amount AS DECIMAL(18, 2)) AS allowed_amount,
    CAST(paid.patient_share_amount AS DECIMAL(18, 2)) AS patient_share_amount,
    CAST(paid.denied_amount AS DECIMAL(18, 2)) AS denied_amount,
    CAST(paid.line_count AS INTEGER) AS line_count,
    CAST(paid.denied_line_count AS INTEGER) AS denied_line_count
FROM paid
LEFT JOIN main_reason ON main_reason.claim_id = paid.claim_id AND main_reason.weight = 1
