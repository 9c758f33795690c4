-- The head: one row, with the number under which the claim was first sent.
SELECT
    claim_outcome.claim_id,
    claim.patient_control_number,
    (
        SELECT string_agg(DISTINCT remit_claim.payer_claim_number, ', ')
        FROM answer
        JOIN remit_claim ON remit_claim.remit_claim_id = answer.remit_claim_id
        WHERE answer.claim_id = $claim_id
    ) AS payer_claim_numbers,
    claim_outcome.payer_name,
    claim_outcome.line_of_business,
    claim_outcome.claim_type,
    claim_outcome.payer_sequence_code,
    claim.billing_npi,
    coalesce(claim.rendering_npi, claim.attending_npi) AS rendering_npi,
    claim_outcome.service_from_date,
    claim_outcome.service_to_date,
    claim_outcome.submission_date,
    claim_outcome.submission_count,
    claim_outcome.answer_count,
    claim_outcome.first_outcome,
    claim_outcome.is_voided,
    claim_outcome.void_date
FROM claim_outcome
JOIN claim ON claim.claim_id = claim_outcome.claim_id
WHERE claim_outcome.claim_id = $claim_id
