-- recovery: one row per claim first denied and later answer that moved money on what was denied.
--
-- Reads    first_outcome, answered_line, remit_line, billed_claim, claim_line
-- Sources  METRICS section 1: recovered is what later answers paid, or allowed to the patient.
WITH denied_line AS (
    SELECT
        answered_line.claim_id,
        answered_line.remit_line_id,
        remit_line.line_control_number,
        answered_line.procedure_code,
        answered_line.service_date
    FROM answered_line
    JOIN first_outcome
        ON first_outcome.claim_id = answered_line.claim_id
        AND first_outcome.first_outcome IN ('denied', 'partially_denied')
    LEFT JOIN remit_line ON remit_line.remit_line_id = answered_line.remit_line_id
    WHERE answered_line.is_first_answer AND answered_line.is_denied
),

later_line AS (
    SELECT
        answered_line.claim_id,
        answered_line.remit_claim_id,
        answered_line.line_no,
        remit_line.line_control_number,
        answered_line.procedure_code,
        answered_line.service_date,
        answered_line.paid_amount + answered_line.patient_share_amount AS amount,
        first_outcome.first_outcome,
        answered_line.answer_no,
        answered_line.answer_date
    FROM answered_line
    JOIN first_outcome
        ON first_outcome.claim_id = answered_line.claim_id
        AND first_outcome.first_outcome IN ('denied', 'partially_denied')
    LEFT JOIN remit_line ON remit_line.remit_line_id = answered_line.remit_line_id
    WHERE answered_line.answer_no > 1 AND NOT answered_line.is_taken_back
),

line_again AS (
    -- The same line: by its control number where both answers give one, else procedure and day.
    SELECT later_line.remit_claim_id, later_line.line_no
    FROM later_line
    JOIN denied_line
        ON denied_line.claim_id = later_line.claim_id
        AND denied_line.line_control_number = later_line.line_control_number
    UNION
    SELECT later_line.remit_claim_id, later_line.line_no
    FROM later_line
    JOIN denied_line
        ON denied_line.claim_id = later_line.claim_id
        AND denied_line.procedure_code = later_line.procedure_code
        AND denied_line.service_date IS NOT DISTINCT FROM later_line.service_date
    WHERE denied_line.line_control_number IS NULL OR later_line.line_control_number IS NULL
),

denied_by_line AS (
    SELECT claim_id
    FROM denied_line
    GROUP BY claim_id
    HAVING count(*) = count(remit_line_id)
),

other_line AS (
    -- Lines known from the first submission, on a claim of which others were denied: not answered
    -- with the first, or answered otherwise.
    SELECT DISTINCT later_line.remit_claim_id, later_line.line_no
    FROM later_line
    JOIN denied_by_line ON denied_by_line.claim_id = later_line.claim_id
    JOIN claim_line
        ON claim_line.claim_id = later_line.claim_id
        AND claim_line.line_control_number = later_line.line_control_number
    LEFT JOIN line_again
        ON line_again.remit_claim_id = later_line.remit_claim_id
        AND line_again.line_no = later_line.line_no
    WHERE later_line.first_outcome = 'denied' AND line_again.remit_claim_id IS NULL
),

recovered AS (
    -- Of a claim denied as a whole every later dollar is on a denied line, unless the line is known
    -- to be another.
    SELECT
        later_line.claim_id,
        later_line.answer_no,
        later_line.answer_date,
        sum(later_line.amount) AS amount
    FROM later_line
    LEFT JOIN line_again
        ON line_again.remit_claim_id = later_line.remit_claim_id
        AND line_again.line_no = later_line.line_no
    LEFT JOIN other_line
        ON other_line.remit_claim_id = later_line.remit_claim_id
        AND other_line.line_no = later_line.line_no
    WHERE line_again.remit_claim_id IS NOT NULL
       OR (later_line.first_outcome = 'denied' AND other_line.remit_claim_id IS NULL)
    GROUP BY later_line.claim_id, later_line.answer_no, later_line.answer_date
    HAVING sum(later_line.amount) <> 0
),

judged AS (
    -- What overturned the denial is the first answer that paid, of claims that got money at all.
    SELECT
        claim_id,
        answer_no,
        answer_date,
        amount,
        sum(amount) OVER (PARTITION BY claim_id) > 0
            AND answer_no = min(CASE WHEN amount > 0 THEN answer_no END) OVER (
                PARTITION BY claim_id
            ) AS is_overturning
    FROM recovered
)

SELECT
    CAST(judged.claim_id AS BIGINT) AS claim_id,
    CAST(judged.answer_no AS INTEGER) AS answer_no,
    CAST(billed_claim.file_id AS BIGINT) AS file_id,
    CAST(billed_claim.record_no AS BIGINT) AS record_no,
    billed_claim.payer_name,
    billed_claim.line_of_business,
    billed_claim.claim_type,
    billed_claim.payer_sequence_code,
    billed_claim.facility_state_code,
    billed_claim.place_of_service_code,
    billed_claim.bill_type_code,
    billed_claim.billing_npi,
    billed_claim.billing_provider,
    billed_claim.rendering_npi,
    billed_claim.rendering_provider,
    billed_claim.specialty,
    billed_claim.provider_group,
    billed_claim.facility,
    billed_claim.diagnosis_category,
    billed_claim.diagnosis_chapter,
    CAST(billed_claim.service_from_date AS DATE) AS service_from_date,
    CAST(billed_claim.service_to_date AS DATE) AS service_to_date,
    CAST(billed_claim.submission_date AS DATE) AS submission_date,
    CAST(first_outcome.first_outcome AS STRING) AS first_outcome,
    first_outcome.denial_category,
    first_outcome.denial_preventable,
    first_outcome.denial_hardness,
    first_outcome.denial_carc,
    first_outcome.denial_group,
    first_outcome.denial_rarc,
    CAST(first_outcome.first_answer_date AS DATE) AS first_answer_date,
    CAST(judged.answer_date AS DATE) AS recovery_date,
    -- Months by the calendar, so that a cohort's month is over for all its claims at once.
    CAST(
        (year(judged.answer_date) - year(first_outcome.first_answer_date)) * 12
        + month(judged.answer_date) - month(first_outcome.first_answer_date) AS INTEGER
    ) AS months_since_denial,
    CAST(coalesce(judged.is_overturning, FALSE) AS BOOLEAN) AS is_overturning,
    CAST(judged.amount AS DECIMAL(18, 2)) AS recovered_amount
FROM judged
JOIN first_outcome ON first_outcome.claim_id = judged.claim_id
JOIN billed_claim ON billed_claim.claim_id = judged.claim_id
