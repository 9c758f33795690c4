-- billed_claim: one row per claim, as billed: what every other fact is sliced by.
--
-- Reads    submission, claim, known_payer, known_provider
-- Dimensions come from the first submission; the amount from the last that stands.
WITH resubmitted AS (
    SELECT claim_id
    FROM submission
    WHERE submission_no > 1
    GROUP BY claim_id
),

followed AS (
    -- Interim and late-charge bills (frequency 2 to 5) add to what stands; all others replace it,
    -- and so does anything after a void, as nothing stands to add to.
    SELECT
        submission.claim_id,
        submission.submission_no,
        CASE
            WHEN submission.frequency_code IN ('2', '3', '4', '5')
                AND NOT coalesce(lag(submission.is_void) OVER (
                    PARTITION BY submission.claim_id ORDER BY submission.submission_no ASC
                ), FALSE) THEN 0
            ELSE 1
        END AS replaces
    FROM submission
    JOIN resubmitted ON resubmitted.claim_id = submission.claim_id
),

staged AS (
    SELECT
        submission.claim_id,
        submission.submission_no,
        submission.submission_date,
        submission.is_void,
        submission.billed_amount,
        sum(followed.replaces) OVER (
            PARTITION BY submission.claim_id ORDER BY submission.submission_no ASC
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS stage_no
    FROM submission
    JOIN followed
        ON followed.claim_id = submission.claim_id
        AND followed.submission_no = submission.submission_no
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
    CAST(known_payer.payer_name AS VARCHAR) AS payer_name,
    CAST(coalesce(
        known_payer.line_of_business,
        CASE
            WHEN claim.claim_filing_code IN ('MA', 'MB') THEN 'medicare'
            WHEN claim.claim_filing_code = '16' THEN 'medicare_advantage'
            WHEN claim.claim_filing_code = 'MC' THEN 'medicaid'
            WHEN claim.claim_filing_code = 'CH' THEN 'tricare'
            WHEN claim.claim_filing_code = 'VA' THEN 'va'
            WHEN claim.claim_filing_code = 'WC' THEN 'workers_comp'
            WHEN claim.claim_filing_code IN ('12', '13', '14', '15', '17', 'BL', 'CI', 'FI', 'HM')
                THEN 'commercial'
            WHEN claim.claim_filing_code IS NOT NULL THEN 'other'
        END
    ) AS VARCHAR) AS line_of_business,
    CAST(claim.claim_type AS VARCHAR) AS claim_type,
    CAST(coalesce(claim.payer_sequence_code, 'P') AS VARCHAR) AS payer_sequence_code,
    CAST(claim.facility_state_code AS VARCHAR) AS facility_state_code,
    CAST(claim.place_of_service_code AS VARCHAR) AS place_of_service_code,
    CAST(claim.bill_type_code AS VARCHAR) AS bill_type_code,
    CAST(claim.billing_npi AS VARCHAR) AS billing_npi,
    CAST(coalesce(biller.provider_name, claim.billing_npi) AS VARCHAR) AS billing_provider,
    CAST(coalesce(claim.rendering_npi, claim.attending_npi) AS VARCHAR) AS rendering_npi,
    CAST(coalesce(
        renderer.provider_name, claim.rendering_npi, claim.attending_npi
    ) AS VARCHAR) AS rendering_provider,
    CAST(coalesce(renderer.specialty, biller.specialty) AS VARCHAR) AS specialty,
    CAST(coalesce(renderer.provider_group, biller.provider_group) AS VARCHAR) AS provider_group,
    CAST(coalesce(site.facility, renderer.facility, biller.facility) AS VARCHAR) AS facility,
    CAST(substr(claim.principal_diagnosis_code, 1, 3) AS VARCHAR) AS diagnosis_category,
    CAST(known_payer.filing_limit_days AS INTEGER) AS filing_limit_days,
    CAST(known_payer.appeal_limit_days AS INTEGER) AS appeal_limit_days,
    -- ICD-10-CM chapters, by their first and last category; other code sets have none.
    CAST(CASE
        WHEN claim.principal_diagnosis_code < 'A' THEN NULL
        WHEN claim.principal_diagnosis_code < 'C' THEN 'A00-B99'
        WHEN claim.principal_diagnosis_code < 'D50' THEN 'C00-D49'
        WHEN claim.principal_diagnosis_code < 'E' THEN 'D50-D89'
        WHEN claim.principal_diagnosis_code < 'F' THEN 'E00-E89'
        WHEN claim.principal_diagnosis_code < 'G' THEN 'F01-F99'
        WHEN claim.principal_diagnosis_code < 'H' THEN 'G00-G99'
        WHEN claim.principal_diagnosis_code < 'H60' THEN 'H00-H59'
        WHEN claim.principal_diagnosis_code < 'I' THEN 'H60-H95'
        WHEN claim.principal_diagnosis_code < 'J' THEN 'I00-I99'
        WHEN claim.principal_diagnosis_code < 'K' THEN 'J00-J99'
        WHEN claim.principal_diagnosis_code < 'L' THEN 'K00-K95'
        WHEN claim.principal_diagnosis_code < 'M' THEN 'L00-L99'
        WHEN claim.principal_diagnosis_code < 'N' THEN 'M00-M99'
        WHEN claim.principal_diagnosis_code < 'O' THEN 'N00-N99'
        WHEN claim.principal_diagnosis_code < 'P' THEN 'O00-O9A'
        WHEN claim.principal_diagnosis_code < 'Q' THEN 'P00-P96'
        WHEN claim.principal_diagnosis_code < 'R' THEN 'Q00-Q99'
        WHEN claim.principal_diagnosis_code < 'S' THEN 'R00-R99'
        WHEN claim.principal_diagnosis_code < 'U' THEN 'S00-T88'
        WHEN claim.principal_diagnosis_code < 'V' THEN 'U00-U85'
        WHEN claim.principal_diagnosis_code < 'Z' THEN 'V00-Y99'
        WHEN claim.principal_diagnosis_code < 'a' THEN 'Z00-Z99'
    END AS VARCHAR) AS diagnosis_chapter,
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
LEFT JOIN known_payer ON known_payer.payer_id = claim.payer_id
LEFT JOIN known_provider AS biller ON biller.npi = claim.billing_npi
LEFT JOIN known_provider AS renderer
    ON renderer.npi = coalesce(claim.rendering_npi, claim.attending_npi)
LEFT JOIN known_provider AS site ON site.npi = claim.facility_npi
WHERE submission.submission_no = 1
