-- billed_line: one row per service line of a claim as first sent: what was coded.
--
-- Reads    billed_claim, claim_line, known_service, known_renderer
-- Sources  837 loop 2400: SV1, SV2, SV3; the line's rendering provider (2420A) before the claim's.
SELECT
    CAST(claim_line.claim_id AS BIGINT) AS claim_id,
    CAST(claim_line.line_no AS INTEGER) AS line_no,
    CAST(claim_line.file_id AS BIGINT) AS file_id,
    CAST(claim_line.record_no AS BIGINT) AS record_no,
    billed_claim.payer_name,
    billed_claim.line_of_business,
    billed_claim.claim_type,
    billed_claim.payer_sequence_code,
    billed_claim.facility_state_code,
    billed_claim.place_of_service_code,
    billed_claim.billing_provider,
    coalesce(renderer.rendering_provider, billed_claim.rendering_provider) AS rendering_provider,
    CASE WHEN renderer.npi IS NULL THEN billed_claim.specialty
        ELSE coalesce(renderer.specialty, biller.specialty) END AS specialty,
    billed_claim.facility,
    billed_claim.diagnosis_category,
    billed_claim.diagnosis_chapter,
    billed_claim.submission_date,
    billed_claim.is_voided,
    CAST(coalesce(claim_line.service_to_date, billed_claim.service_to_date) AS DATE)
        AS service_to_date,
    known_service.procedure_code,
    CAST(coalesce(claim_line.modifier_key, '') AS STRING) AS modifier_key,
    known_service.em_family,
    known_service.em_level,
    CAST(coalesce(claim_line.billed_amount, 0) AS DECIMAL(18, 2)) AS billed_amount
FROM claim_line
JOIN billed_claim ON billed_claim.claim_id = claim_line.claim_id
LEFT JOIN known_renderer AS renderer ON renderer.npi = claim_line.rendering_npi
LEFT JOIN known_renderer AS biller ON biller.npi = billed_claim.billing_npi
LEFT JOIN known_service ON known_service.procedure_code = claim_line.procedure_code
