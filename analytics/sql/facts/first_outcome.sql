-- first_outcome: one row per claim answered, with what its first answer said.
--
-- Reads    answer, answered_line, denial
-- Sources  HFMA Claim Integrity Task Force (2021) for first outcomes; METRICS section 1.
WITH paid AS (
    SELECT
        claim_id,
        min(payment_date) AS first_answer_date,
        sum(charge_amount) AS charge_amount,
        sum(paid_amount) AS paid_amount
    FROM answer
    WHERE is_answer AND answer_no = 1
    GROUP BY claim_id
),

priced AS (
    SELECT
        claim_id,
        sum(allowed_amount) AS allowed_amount,
        sum(patient_share_amount) AS patient_share_amount,
        sum(denied_amount) AS denied_amount,
        sum(duplicate_amount) AS duplicate_amount,
        count(*) AS line_count,
        count(*) FILTER (WHERE is_denied) AS denied_line_count
    FROM answered_line
    WHERE is_first_answer
    GROUP BY claim_id
),

denying AS (
    -- The reasons of the first answer, those on the whole claim included.
    SELECT
        answer.claim_id,
        denial.remit_claim_id,
        denial.remit_line_id,
        denial.carc_code,
        denial.rarc_code,
        denial.group_code,
        denial.category,
        denial.kind,
        denial.is_denial,
        denial.amount,
        denial.file_id,
        denial.record_no,
        denial.position
    FROM denial
    JOIN answer ON answer.remit_claim_id = denial.remit_claim_id
    WHERE answer.answer_no = 1 AND (denial.is_denial OR denial.kind = 'duplicate')
),

whole_denied AS (
    -- Denials of the whole claim beside lines: on no line, so not in the sums above.
    SELECT
        denying.claim_id,
        sum(denying.amount) FILTER (WHERE denying.is_denial) AS denied_amount,
        sum(denying.amount) FILTER (WHERE denying.kind = 'duplicate') AS duplicate_amount
    FROM denying
    LEFT JOIN answered_line AS whole
        ON whole.remit_claim_id = denying.remit_claim_id AND whole.remit_line_id IS NULL
    WHERE denying.remit_line_id IS NULL AND whole.remit_claim_id IS NULL AND denying.amount > 0
    GROUP BY denying.claim_id
),

main_reason AS (
    SELECT
        claim_id, carc_code, rarc_code, group_code, category,
        row_number() OVER (
            PARTITION BY claim_id
            ORDER BY
                CASE WHEN is_denial THEN 0 ELSE 1 END ASC,
                amount DESC,
                file_id ASC NULLS LAST,
                record_no ASC NULLS LAST,
                position ASC NULLS LAST
        ) AS weight
    FROM denying
    WHERE amount > 0
),

first_answer AS (
    SELECT
        paid.claim_id,
        paid.first_answer_date,
        paid.charge_amount,
        paid.paid_amount,
        coalesce(priced.denied_amount, 0) + coalesce(whole_denied.denied_amount, 0)
            AS denied_amount,
        coalesce(priced.duplicate_amount, 0) + coalesce(whole_denied.duplicate_amount, 0)
            AS duplicate_amount,
        coalesce(priced.allowed_amount, 0) AS allowed_amount,
        coalesce(priced.patient_share_amount, 0) AS patient_share_amount,
        coalesce(priced.line_count, 0) AS line_count,
        coalesce(priced.denied_line_count, 0) AS denied_line_count
    FROM paid
    LEFT JOIN priced ON priced.claim_id = paid.claim_id
    LEFT JOIN whole_denied ON whole_denied.claim_id = paid.claim_id
)

SELECT
    CAST(first_answer.claim_id AS BIGINT) AS claim_id,
    CAST(first_answer.first_answer_date AS DATE) AS first_answer_date,
    CAST(CASE
        WHEN first_answer.denied_amount > 0 AND first_answer.paid_amount = 0
            AND first_answer.allowed_amount = 0 THEN 'denied'
        WHEN first_answer.denied_amount > 0 THEN 'partially_denied'
        WHEN first_answer.paid_amount > 0 OR first_answer.patient_share_amount > 0 THEN 'paid'
        ELSE 'no_pay_other'
    END AS VARCHAR) AS first_outcome,
    CAST(
        first_answer.duplicate_amount > 0 AND first_answer.denied_amount = 0 AS BOOLEAN
    ) AS is_duplicate,
    CAST(main_reason.category AS VARCHAR) AS denial_category,
    CAST(main_reason.carc_code AS VARCHAR) AS denial_carc,
    CAST(main_reason.group_code AS VARCHAR) AS denial_group,
    CAST(main_reason.rarc_code AS VARCHAR) AS denial_rarc,
    CAST(first_answer.charge_amount AS DECIMAL(14, 2)) AS charge_amount,
    CAST(first_answer.paid_amount AS DECIMAL(14, 2)) AS paid_amount,
    CAST(first_answer.allowed_amount AS DECIMAL(14, 2)) AS allowed_amount,
    CAST(first_answer.patient_share_amount AS DECIMAL(14, 2)) AS patient_share_amount,
    CAST(first_answer.denied_amount AS DECIMAL(14, 2)) AS denied_amount,
    CAST(first_answer.line_count AS INTEGER) AS line_count,
    CAST(first_answer.denied_line_count AS INTEGER) AS denied_line_count
FROM first_answer
LEFT JOIN main_reason ON main_reason.claim_id = first_answer.claim_id AND main_reason.weight = 1
