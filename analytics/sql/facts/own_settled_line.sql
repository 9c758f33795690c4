-- own_settled_line: one row per line that the first payer of a claim of ours answered, as settled_line.
--
-- Reads    answered_line, billed_claim
-- Answers taken back are left out.  What an answer adjusts for a claim as a whole is in none of its lines.
SELECT
    CAST(coalesce(answered_line.remit_line_id, answered_line.remit_claim_id) AS BIGINT)
        AS payer_claim_line_id,
    CAST(answered_line.claim_id AS BIGINT) AS payer_claim_id,
    CAST(row_number() OVER (
        PARTITION BY answered_line.claim_id
        ORDER BY
            answered_line.answer_no ASC NULLS LAST,
            answered_line.line_no ASC NULLS LAST,
            answered_line.file_id ASC NULLS LAST,
            answered_line.record_no ASC NULLS LAST
    ) AS INTEGER) AS line_no,
    CAST(answered_line.answered_procedure_code AS VARCHAR) AS procedure_code,
    CAST(answered_line.modifier_key AS VARCHAR) AS modifier_key,
    CAST(answered_line.revenue_code AS VARCHAR) AS revenue_code,
    CAST(NULL AS VARCHAR) AS ndc_code,
    CAST(answered_line.place_of_service_code AS VARCHAR) AS place_of_service_code,
    CAST(NULL AS VARCHAR) AS specialty_code,
    CAST(billed_claim.rendering_npi AS VARCHAR) AS rendering_npi,
    CAST(answered_line.service_date AS DATE) AS service_from_date,
    CAST(answered_line.service_date AS DATE) AS service_to_date,
    CAST(answered_line.units_paid AS DECIMAL(14, 3)) AS units,
    CAST(answered_line.charge_amount AS DECIMAL(18, 2)) AS billed_amount,
    CAST(answered_line.allowed_amount AS DECIMAL(18, 2)) AS allowed_amount,
    CAST(answered_line.paid_amount AS DECIMAL(18, 2)) AS paid_amount,
    CAST(NULL AS DECIMAL(14, 2)) AS patient_paid_amount,
    CAST(answered_line.file_id AS BIGINT) AS file_id,
    CAST(answered_line.record_no AS BIGINT) AS record_no
FROM answered_line
JOIN billed_claim ON billed_claim.claim_id = answered_line.claim_id
WHERE NOT answered_line.is_taken_back
  AND billed_claim.payer_sequence_code = 'P'
  AND NOT billed_claim.is_voided
