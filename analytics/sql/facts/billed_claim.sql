-- billed_claim: one row per claim, as billed: what every other fact is sliced by.
--
-- Reads    submission, claim, known_filing, known_care, known_team
-- Dimensions come from the first submission; the amount from the last that stands.
-- Every claim has its row in the three known tables; outer joins keep the engine from building its
-- table of the claims, as it thinks that several codes together find few.
WITH resubmitted AS (
    SELECT claim_id
    FROM submission
    WHERE submission_no > 1
    GROUP BY claim_id
),

staged AS (
    SELECT
        submission.claim_id,
        submission.submission_no,
        submission.submission_date,
        submission.is_void,
        submission.billed_amount,
        sum(CASE WHEN submission.is_added THEN 0 ELSE 1 END) OVER (
            PARTITION BY submission.claim_id ORDER BY submission.submission_no ASC NULLS LAST
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS stage_no
    FROM submission
    JOIN resubmitted ON resubmitted.claim_id = submission.claim_id
),

last_stage AS (
    SELECT claim_id, max(stage_no) AS stage_no
    FROM staged
    GROUP BY claim_id
),

standing AS (
    SELECT
        staged.claim_id,
        sum(CASE WHEN staged.is_void THEN 0 ELSE staged.billed_amount END)
            FILTER (WHERE staged.stage_no = last_stage.stage_no) AS billed_amount,
        max(CASE WHEN staged.is_void THEN 1 ELSE 0 END)
            FILTER (WHERE staged.stage_no = last_stage.stage_no) = 1 AS is_voided,
        max(staged.submission_date) FILTER (
            WHERE staged.is_void AND staged.stage_no = last_stage.stage_no
        ) AS void_date,
        min(staged.submission_date) FILTER (WHERE staged.submission_no > 1) AS resubmission_date,
        max(staged.submission_date) AS last_submission_date,
        count(*) AS submission_count
    FROM staged
    JOIN last_stage ON last_stage.claim_id = staged.claim_id
    GROUP BY staged.claim_id
)

SELECT
    CAST(submission.claim_id AS BIGINT) AS claim_id,
    CAST(claim.file_id AS BIGINT) AS file_id,
    CAST(claim.record_no AS BIGINT) AS record_no,
    CAST(claim.patient_id AS BIGINT) AS patient_id,
    known_filing.payer_name,
    known_filing.line_of_business,
    known_care.claim_type,
    known_care.payer_sequence_code,
    known_care.facility_state_code,
    known_care.place_of_service_code,
    known_care.bill_type_code,
    known_team.billing_npi,
    known_team.billing_provider,
    known_team.rendering_npi,
    known_team.rendering_provider,
    known_team.specialty,
    known_team.provider_group,
    known_team.facility,
    known_care.diagnosis_category,
    known_filing.filing_limit_days,
    known_filing.appeal_limit_days,
    known_care.diagnosis_chapter,
    CAST(claim.service_from_date AS DATE) AS service_from_date,
    CAST(claim.service_to_date AS DATE) AS service_to_date,
    CAST(submission.submission_date AS DATE) AS submission_date,
    CAST(standing.resubmission_date AS DATE) AS resubmission_date,
    CAST(coalesce(
        standing.last_submission_date, submission.submission_date
    ) AS DATE) AS last_submission_date,
    CAST(coalesce(standing.submission_count, 1) AS INTEGER) AS submission_count,
    CAST(coalesce(standing.is_voided, submission.is_void) AS BOOLEAN) AS is_voided,
    CAST(coalesce(
        standing.void_date,
        CASE WHEN submission.is_void AND standing.claim_id IS NULL
            THEN submission.submission_date END
    ) AS DATE) AS void_date,
    CAST(coalesce(
        standing.billed_amount,
        CASE WHEN submission.is_void THEN 0 ELSE submission.billed_amount END
    ) AS DECIMAL(18, 2)) AS billed_amount
FROM submission
JOIN claim ON claim.claim_id = submission.submission_id
LEFT JOIN standing ON standing.claim_id = submission.claim_id
LEFT JOIN known_filing
    ON known_filing.payer_id IS NOT DISTINCT FROM claim.payer_id
    AND known_filing.claim_filing_code IS NOT DISTINCT FROM claim.claim_filing_code
LEFT JOIN known_care
    ON known_care.claim_type IS NOT DISTINCT FROM claim.claim_type
    AND known_care.payer_sequence_code = coalesce(claim.payer_sequence_code, 'P')
    AND known_care.facility_state_code IS NOT DISTINCT FROM claim.facility_state_code
    AND known_care.place_of_service_code IS NOT DISTINCT FROM claim.place_of_service_code
    AND known_care.bill_type_code IS NOT DISTINCT FROM claim.bill_type_code
    AND known_care.diagnosis_category
        IS NOT DISTINCT FROM substr(claim.principal_diagnosis_code, 1, 3)
LEFT JOIN known_team
    ON known_team.billing_npi IS NOT DISTINCT FROM claim.billing_npi
    AND known_team.rendering_npi
        IS NOT DISTINCT FROM coalesce(claim.rendering_npi, claim.attending_npi)
    AND known_team.facility_npi IS NOT DISTINCT FROM claim.facility_npi
WHERE submission.submission_no = 1
