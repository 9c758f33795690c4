-- submission_outcome: one row per submission up to the as-of date, with what came of it.
--
-- Reads    submission, claim, claim_outcome, acknowledgement_tie, answer, denial
-- Sources  METRICS sections 1 and 2: rejections at the front end are no denials.
--
-- A submission is rejected when any acknowledgement rejects it or what it was sent in.  A payment
-- answers the latest submission sent by the day the payer received it (DTM*050, else the payment
-- date), one that was not rejected before one that was.
WITH reply AS (
    SELECT
        submission_id, acknowledgement_id, source, is_rejected, acknowledged_date,
        category_code, status_code
    FROM acknowledgement_tie
    WHERE submission_id IS NOT NULL
    UNION ALL
    SELECT
        claim.claim_id AS submission_id, acknowledgement_tie.acknowledgement_id,
        acknowledgement_tie.source, acknowledgement_tie.is_rejected,
        acknowledgement_tie.acknowledged_date, acknowledgement_tie.category_code,
        acknowledgement_tie.status_code
    FROM acknowledgement_tie
    JOIN claim
        ON claim.transaction_id = acknowledgement_tie.transaction_id
        AND (
            acknowledgement_tie.provider_npi IS NULL
            OR acknowledgement_tie.provider_npi = claim.billing_npi
        )
),

acknowledged AS (
    SELECT submission_id, min(acknowledged_date) AS acknowledged_date
    FROM reply
    GROUP BY submission_id
),

rejection AS (
    SELECT
        submission_id, source, acknowledged_date, category_code, status_code,
        row_number() OVER (
            PARTITION BY submission_id ORDER BY acknowledged_date ASC NULLS LAST, acknowledgement_id ASC NULLS LAST
        ) AS rejection_no
    FROM reply
    WHERE is_rejected
),

last_replacing AS (
    -- Interim and late-charge bills (frequency 2 to 5) add to what was sent; others replace it.
    SELECT claim_id, max(submission_no) AS submission_no
    FROM submission
    WHERE submission_no > 1
      AND coalesce(frequency_code, '1') NOT IN ('2', '3', '4', '5')
    GROUP BY claim_id
),

resubmitted AS (
    SELECT DISTINCT claim_id
    FROM submission
    WHERE submission_no > 1
),

of_several AS (
    SELECT
        answer.remit_claim_id,
        submission.submission_id,
        submission.submission_no,
        submission.is_void,
        submission.submission_date > coalesce(answer.received_date, answer.payment_date)
            AS is_later,
        rejection.submission_id IS NOT NULL AS is_rejected
    FROM answer
    JOIN resubmitted ON resubmitted.claim_id = answer.claim_id
    JOIN submission ON submission.claim_id = answer.claim_id
    LEFT JOIN rejection
        ON rejection.submission_id = submission.submission_id AND rejection.rejection_no = 1
    WHERE answer.is_answer
),

ranked AS (
    SELECT
        remit_claim_id,
        submission_id,
        row_number() OVER (
            PARTITION BY remit_claim_id
            ORDER BY
                CASE WHEN is_void THEN 1 ELSE 0 END ASC NULLS LAST,
                CASE WHEN is_later THEN 1 ELSE 0 END ASC NULLS LAST,
                CASE WHEN is_rejected THEN 1 ELSE 0 END ASC NULLS LAST,
                CASE WHEN is_later THEN submission_no ELSE -submission_no END ASC NULLS LAST
        ) AS preference
    FROM of_several
),

answered AS (
    -- The only submission of a claim bears the id of the claim.
    SELECT
        answer.remit_claim_id,
        coalesce(ranked.submission_id, answer.claim_id) AS submission_id,
        answer.payment_date
    FROM answer
    LEFT JOIN ranked
        ON ranked.remit_claim_id = answer.remit_claim_id AND ranked.preference = 1
    WHERE answer.is_answer AND answer.claim_id IS NOT NULL
),

first_answer AS (
    SELECT submission_id, min(payment_date) AS answer_date
    FROM answered
    GROUP BY submission_id
),

denied AS (
    SELECT
        answered.submission_id,
        max(CASE WHEN denial.is_denial THEN 1 ELSE 0 END) = 1 AS is_denied
    FROM denial
    JOIN answered ON answered.remit_claim_id = denial.remit_claim_id
    JOIN first_answer
        ON first_answer.submission_id = answered.submission_id
        AND first_answer.answer_date = answered.payment_date
    WHERE denial.amount > 0 AND (denial.is_denial OR denial.kind = 'duplicate')
    GROUP BY answered.submission_id
),

judged AS (
    SELECT
        submission.submission_id,
        submission.claim_id,
        submission.submission_no,
        submission.file_id,
        submission.record_no,
        submission.submission_date,
        submission.is_void,
        submission.billed_amount,
        acknowledged.acknowledged_date,
        rejection.acknowledged_date AS rejection_date,
        rejection.source AS rejection_source,
        rejection.category_code AS rejection_category,
        rejection.status_code AS rejection_status,
        first_answer.answer_date,
        rejection.submission_id IS NOT NULL AS is_rejected,
        coalesce(last_replacing.submission_no > submission.submission_no, FALSE) AS is_resubmitted,
        coalesce(denied.is_denied, FALSE) AS is_denied,
        coalesce(NOT denied.is_denied, FALSE) AS is_duplicate
    FROM submission
    LEFT JOIN acknowledged ON acknowledged.submission_id = submission.submission_id
    LEFT JOIN rejection
        ON rejection.submission_id = submission.submission_id AND rejection.rejection_no = 1
    LEFT JOIN last_replacing ON last_replacing.claim_id = submission.claim_id
    LEFT JOIN first_answer ON first_answer.submission_id = submission.submission_id
    LEFT JOIN denied ON denied.submission_id = submission.submission_id
)

SELECT
    CAST(judged.submission_id AS BIGINT) AS submission_id,
    CAST(judged.claim_id AS BIGINT) AS claim_id,
    CAST(judged.submission_no AS INTEGER) AS submission_no,
    CAST(judged.file_id AS BIGINT) AS file_id,
    CAST(judged.record_no AS BIGINT) AS record_no,
    claim_outcome.payer_name,
    claim_outcome.line_of_business,
    claim_outcome.claim_type,
    claim_outcome.payer_sequence_code,
    claim_outcome.facility_state_code,
    claim_outcome.place_of_service_code,
    claim_outcome.billing_provider,
    claim_outcome.rendering_provider,
    claim_outcome.specialty,
    claim_outcome.facility,
    claim_outcome.diagnosis_category,
    claim_outcome.diagnosis_chapter,
    claim_outcome.denial_category,
    claim_outcome.denial_preventable,
    claim_outcome.denial_hardness,
    claim_outcome.denial_carc,
    claim_outcome.denial_group,
    claim_outcome.denial_rarc,
    CAST(judged.submission_date AS DATE) AS submission_date,
    CAST(claim_outcome.service_to_date AS DATE) AS service_to_date,
    CAST(judged.is_void AS BOOLEAN) AS is_void,
    CAST(judged.acknowledged_date AS DATE) AS acknowledged_date,
    CAST(judged.rejection_date AS DATE) AS rejection_date,
    CAST(judged.rejection_source AS STRING) AS rejection_source,
    CAST(judged.rejection_category AS STRING) AS rejection_category,
    CAST(judged.rejection_status AS STRING) AS rejection_status,
    CAST(judged.answer_date AS DATE) AS answer_date,
    CAST(judged.acknowledged_date IS NOT NULL AS BOOLEAN) AS is_acknowledged,
    CAST(judged.is_rejected AS BOOLEAN) AS is_rejected,
    CAST(judged.answer_date IS NOT NULL AS BOOLEAN) AS is_answered,
    CAST(judged.is_resubmitted AS BOOLEAN) AS is_resubmitted,
    CAST(judged.is_denied AS BOOLEAN) AS is_denied,
    CAST(judged.is_duplicate AND NOT judged.is_rejected AS BOOLEAN) AS is_duplicate,
    CAST(
        judged.answer_date IS NOT NULL
        AND NOT judged.is_rejected
        AND NOT judged.is_resubmitted
        AND NOT judged.is_denied
        AND NOT judged.is_duplicate AS BOOLEAN
    ) AS is_clean,
    CAST(judged.billed_amount AS DECIMAL(18, 2)) AS billed_amount
FROM judged
JOIN claim_outcome ON claim_outcome.claim_id = judged.claim_id
