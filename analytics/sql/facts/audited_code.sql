-- audited_code: one row per code that a review of coders looked at, up to the as-of date.
--
-- Reads    audit, posting_tie, billed_claim, build_info
-- The charge of a claim stands on the first row of its case, so that charges add up.
WITH numbered AS (
    SELECT
        file_id, record_no, audit_date, coder, reviewer, kind, coded_code, correct_code,
        row_number() OVER (
            PARTITION BY file_id, upper(trim(patient_control_number)), audit_date
            ORDER BY record_no ASC NULLS LAST
        ) AS place
    FROM audit
)

SELECT
    CAST(numbered.file_id AS BIGINT) AS file_id,
    CAST(numbered.record_no AS BIGINT) AS record_no,
    CAST(posting_tie.claim_id AS BIGINT) AS claim_id,
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
    CAST(numbered.audit_date AS DATE) AS audit_date,
    CAST(numbered.coder AS STRING) AS coder,
    CAST(numbered.reviewer AS STRING) AS reviewer,
    CAST(numbered.kind AS STRING) AS code_kind,
    CAST(numbered.coded_code AS STRING) AS coded_code,
    CAST(numbered.correct_code AS STRING) AS correct_code,
    CAST(coalesce(numbered.coded_code = numbered.correct_code, FALSE) AS BOOLEAN) AS is_right,
    CAST(CASE WHEN numbered.place = 1 THEN coalesce(billed_claim.billed_amount, 0) ELSE 0 END
        AS DECIMAL(18, 2)) AS billed_amount
FROM numbered
CROSS JOIN build_info
JOIN posting_tie
    ON posting_tie.table_name = 'audit'
    AND posting_tie.file_id = numbered.file_id
    AND posting_tie.record_no = numbered.record_no
LEFT JOIN billed_claim ON billed_claim.claim_id = posting_tie.claim_id
WHERE numbered.audit_date <= build_info.as_of
