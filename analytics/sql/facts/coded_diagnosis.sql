-- coded_diagnosis: one row per ICD-10 diagnosis of a claim as first sent, and whether it is unspecified.
--
-- Reads    billed_claim, claim_diagnosis, reference_file, icd10cm_code
-- Sources  ICD-10-CM order files: a code for what the record does not specify is called so in its
--          title (Official Guidelines for Coding and Reporting, I.A.9.b).
--
-- A day is judged by the latest release in force then.  Admitting diagnoses, reasons for a visit and
-- external causes are not looked at.  The charge stands on the principal, so that charges add up.
WITH every_day AS (
    SELECT service_to_date AS day
    FROM billed_claim
    WHERE service_to_date IS NOT NULL
    GROUP BY service_to_date
),

ranked_release AS (
    SELECT
        every_day.day,
        reference_file.reference_id,
        row_number() OVER (
            PARTITION BY every_day.day
            ORDER BY
                reference_file.effective_from DESC NULLS LAST,
                reference_file.effective_to DESC NULLS LAST,
                reference_file.release DESC NULLS LAST,
                reference_file.reference_id DESC NULLS LAST
        ) AS place
    FROM every_day
    JOIN reference_file
        ON reference_file.kind = 'icd10cm_code'
        AND every_day.day >= reference_file.effective_from
        AND every_day.day <= coalesce(reference_file.effective_to, DATE '9999-12-31')
),

titled AS (
    SELECT
        reference_id,
        code,
        lower(long_title) LIKE '%unspecified%' AS is_unspecified
    FROM icd10cm_code
    WHERE is_billable
)

SELECT
    CAST(billed_claim.claim_id AS BIGINT) AS claim_id,
    CAST(claim_diagnosis.position AS INTEGER) AS position,
    billed_claim.file_id,
    billed_claim.record_no,
    billed_claim.payer_name,
    billed_claim.line_of_business,
    billed_claim.claim_type,
    billed_claim.payer_sequence_code,
    billed_claim.facility_state_code,
    billed_claim.place_of_service_code,
    billed_claim.billing_provider,
    billed_claim.rendering_provider,
    billed_claim.specialty,
    billed_claim.facility,
    billed_claim.diagnosis_category,
    billed_claim.diagnosis_chapter,
    billed_claim.submission_date,
    billed_claim.service_to_date,
    billed_claim.is_voided,
    CAST(claim_diagnosis.diagnosis_code AS STRING) AS diagnosis_code,
    CAST(claim_diagnosis.kind AS STRING) AS diagnosis_kind,
    CAST(ranked_release.reference_id IS NOT NULL AS BOOLEAN) AS is_checked,
    CAST(titled.is_unspecified AS BOOLEAN) AS is_unspecified,
    CAST(CASE WHEN claim_diagnosis.kind = 'principal' THEN billed_claim.billed_amount ELSE 0 END
        AS DECIMAL(18, 2)) AS billed_amount
FROM claim_diagnosis
JOIN billed_claim ON billed_claim.claim_id = claim_diagnosis.claim_id
LEFT JOIN ranked_release
    ON ranked_release.day = billed_claim.service_to_date AND ranked_release.place = 1
LEFT JOIN titled
    ON titled.reference_id = ranked_release.reference_id
    AND titled.code = claim_diagnosis.diagnosis_code
WHERE claim_diagnosis.code_system = 'icd10' AND claim_diagnosis.kind IN ('principal', 'other')
