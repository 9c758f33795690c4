-- payment_outcome: one row per claim payment (CLP) up to the as-of date, with what it denied.
--
-- Reads    answer, answered_line, denial, billed_claim
-- Sources  835 CLP and CAS; METRICS section 1 for answers, denials and duplicates.
--
-- Tied to a claim or not: what a payer sent is counted.  Payments of one claim on one day are one
-- answer (a split remit); its first payment stands for it (is_answer_head).
WITH priced AS (
    SELECT
        remit_claim_id,
        sum(allowed_amount) AS allowed_amount,
        sum(patient_share_amount) AS patient_share_amount,
        count(*) AS line_count,
        count(*) FILTER (WHERE is_denied) AS denied_line_count
    FROM answered_line
    GROUP BY remit_claim_id
),

withheld AS (
    -- Denials of lines and of the whole claim.
    SELECT
        remit_claim_id,
        sum(amount) FILTER (WHERE is_denial) AS denied_amount,
        sum(amount) FILTER (WHERE kind = 'duplicate') AS duplicate_amount
    FROM denial
    WHERE amount > 0 AND (is_denial OR kind = 'duplicate')
    GROUP BY remit_claim_id
),

reason AS (
    SELECT
        remit_claim_id, carc_code, rarc_code, group_code, category, preventable, hardness,
        is_denial, amount, file_id, record_no, position,
        row_number() OVER (
            PARTITION BY remit_claim_id
            ORDER BY
                CASE WHEN is_denial THEN 0 ELSE 1 END ASC NULLS LAST,
                amount DESC NULLS LAST,
                record_no ASC NULLS LAST,
                position ASC NULLS LAST
        ) AS weight
    FROM denial
    WHERE amount > 0 AND (is_denial OR kind = 'duplicate')
),

several AS (
    SELECT claim_id, answer_no
    FROM answer
    WHERE answer_no IS NOT NULL
    GROUP BY claim_id, answer_no
    HAVING count(*) > 1
),

split_part AS (
    SELECT
        answer.remit_claim_id,
        row_number() OVER (
            PARTITION BY answer.claim_id, answer.answer_no
            ORDER BY
                answer.file_id ASC NULLS LAST,
                answer.record_no ASC NULLS LAST,
                answer.remit_claim_id ASC NULLS LAST
        ) AS part_no,
        sum(answer.paid_amount) OVER (
            PARTITION BY answer.claim_id, answer.answer_no
        ) AS paid_amount,
        sum(withheld.denied_amount) OVER (
            PARTITION BY answer.claim_id, answer.answer_no
        ) AS denied_amount,
        sum(withheld.duplicate_amount) OVER (
            PARTITION BY answer.claim_id, answer.answer_no
        ) AS duplicate_amount
    FROM answer
    JOIN several ON several.claim_id = answer.claim_id AND several.answer_no = answer.answer_no
    LEFT JOIN withheld ON withheld.remit_claim_id = answer.remit_claim_id
)

SELECT
    CAST(answer.remit_claim_id AS BIGINT) AS remit_claim_id,
    CAST(answer.claim_id AS BIGINT) AS claim_id,
    CAST(answer.file_id AS BIGINT) AS file_id,
    CAST(answer.record_no AS BIGINT) AS record_no,
    CAST(answer.role AS STRING) AS role,
    CAST(answer.is_answer AS BOOLEAN) AS is_answer,
    CAST(answer.is_matched AS BOOLEAN) AS is_matched,
    CAST(answer.is_taken_back AS BOOLEAN) AS is_taken_back,
    CAST(answer.answer_no AS INTEGER) AS answer_no,
    CAST(answer.payment_date AS DATE) AS answer_date,
    CAST(answer.received_date AS DATE) AS received_date,
    CASE
        WHEN answer.claim_id IS NULL THEN answer.remit_payer_name ELSE billed_claim.payer_name
    END AS payer_name,
    CASE
        WHEN answer.claim_id IS NULL THEN answer.remit_line_of_business
        ELSE billed_claim.line_of_business
    END AS line_of_business,
    billed_claim.claim_type,
    CAST(coalesce(
        billed_claim.payer_sequence_code,
        CASE
            WHEN answer.status_code IN ('1', '19') THEN 'P'
            WHEN answer.status_code IN ('2', '20') THEN 'S'
            WHEN answer.status_code IN ('3', '21') THEN 'T'
        END
    ) AS STRING) AS payer_sequence_code,
    billed_claim.facility_state_code,
    billed_claim.place_of_service_code,
    billed_claim.billing_provider,
    billed_claim.rendering_provider,
    billed_claim.specialty,
    billed_claim.facility,
    billed_claim.diagnosis_category,
    billed_claim.diagnosis_chapter,
    CAST(billed_claim.submission_date AS DATE) AS submission_date,
    CAST(billed_claim.service_to_date AS DATE) AS service_to_date,
    reason.category AS denial_category,
    reason.preventable AS denial_preventable,
    reason.hardness AS denial_hardness,
    reason.carc_code AS denial_carc,
    reason.group_code AS denial_group,
    reason.rarc_code AS denial_rarc,
    CAST(coalesce(reason.is_denial, FALSE) AS BOOLEAN) AS is_denying,
    CAST(coalesce(NOT reason.is_denial, FALSE) AS BOOLEAN) AS is_duplicate,
    CAST(
        answer.answer_no IS NOT NULL AND coalesce(split_part.part_no, 1) = 1 AS BOOLEAN
    ) AS is_answer_head,
    CAST(
        coalesce(split_part.paid_amount, answer.paid_amount) = 0
        AND coalesce(split_part.denied_amount, withheld.denied_amount, 0) > 0 AS BOOLEAN
    ) AS is_answer_unpaid_denial,
    CAST(
        coalesce(split_part.denied_amount, withheld.denied_amount, 0) = 0
        AND coalesce(split_part.duplicate_amount, withheld.duplicate_amount, 0) > 0 AS BOOLEAN
    ) AS is_answer_duplicate,
    CAST(answer.charge_amount AS DECIMAL(18, 2)) AS charge_amount,
    CAST(answer.paid_amount AS DECIMAL(18, 2)) AS paid_amount,
    CAST(coalesce(priced.allowed_amount, 0) AS DECIMAL(18, 2)) AS allowed_amount,
    CAST(coalesce(priced.patient_share_amount, 0) AS DECIMAL(18, 2)) AS patient_share_amount,
    CAST(coalesce(withheld.denied_amount, 0) AS DECIMAL(18, 2)) AS denied_amount,
    CAST(coalesce(withheld.duplicate_amount, 0) AS DECIMAL(18, 2)) AS duplicate_amount,
    CAST(coalesce(priced.line_count, 0) AS INTEGER) AS line_count,
    CAST(coalesce(priced.denied_line_count, 0) AS INTEGER) AS denied_line_count
FROM answer
LEFT JOIN billed_claim ON billed_claim.claim_id = answer.claim_id
LEFT JOIN priced ON priced.remit_claim_id = answer.remit_claim_id
LEFT JOIN withheld ON withheld.remit_claim_id = answer.remit_claim_id
LEFT JOIN reason ON reason.remit_claim_id = answer.remit_claim_id AND reason.weight = 1
LEFT JOIN split_part ON split_part.remit_claim_id = answer.remit_claim_id
