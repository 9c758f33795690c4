-- line_edit: one row per service line (or claim) and edit of coding that it breaks.
--
-- Reads    edit_finding, billed_claim, claim_line
-- Claims are taken as first sent.  line_no is empty where the claim itself breaks the edit.  What was
-- checked and what was not is in edit_check.
SELECT
    CAST(edit_finding.claim_id AS BIGINT) AS claim_id,
    CAST(edit_finding.line_no AS INTEGER) AS line_no,
    CAST(edit_finding.edit_code AS STRING) AS edit_code,
    CAST(edit_finding.finding AS STRING) AS finding,
    CAST(edit_finding.finding_count AS INTEGER) AS finding_count,
    CAST(edit_finding.other_claim_id AS BIGINT) AS other_claim_id,
    CAST(edit_finding.other_line_no AS INTEGER) AS other_line_no,
    CAST(claim_line.procedure_code AS STRING) AS procedure_code,
    CAST(claim_line.modifier_key AS STRING) AS modifier_key,
    billed_claim.file_id,
    CAST(coalesce(claim_line.record_no, billed_claim.record_no) AS BIGINT) AS record_no,
    billed_claim.payer_name,
    billed_claim.line_of_business,
    billed_claim.claim_type,
    billed_claim.payer_sequence_code,
    billed_claim.facility_state_code,
    billed_claim.billing_provider,
    billed_claim.specialty,
    billed_claim.facility,
    billed_claim.place_of_service_code,
    billed_claim.rendering_provider,
    billed_claim.diagnosis_category,
    billed_claim.diagnosis_chapter,
    billed_claim.submission_date,
    billed_claim.service_to_date,
    CAST(coalesce(
        CASE WHEN edit_finding.line_no IS NULL THEN billed_claim.billed_amount
            ELSE claim_line.billed_amount END, 0
    ) AS DECIMAL(18, 2)) AS billed_amount
FROM edit_finding
JOIN billed_claim ON billed_claim.claim_id = edit_finding.claim_id
LEFT JOIN claim_line
    ON claim_line.claim_id = edit_finding.claim_id AND claim_line.line_no = edit_finding.line_no
WHERE edit_finding.result = 'broken'
