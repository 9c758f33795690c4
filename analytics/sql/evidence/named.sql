-- Claims a number means: the provider's own (CLM01) of any submission, or a payer's (CLP07, REF*F8).
WITH meant AS (
    SELECT submission.claim_id
    FROM claim
    JOIN submission ON submission.submission_id = claim.claim_id
    WHERE upper(trim(claim.patient_control_number)) = $number
       OR upper(trim(claim.original_payer_claim_number)) = $number
    UNION
    SELECT answer.claim_id
    FROM remit_claim
    JOIN answer ON answer.remit_claim_id = remit_claim.remit_claim_id
    WHERE upper(trim(remit_claim.payer_claim_number)) = $number
)

SELECT
    claim_outcome.claim_id,
    claim_outcome.payer_name,
    claim_outcome.payer_sequence_code,
    claim_outcome.service_from_date,
    claim_outcome.service_to_date,
    claim_outcome.submission_date,
    claim_outcome.billed_amount,
    claim_outcome.open_balance_amount
FROM claim_outcome
WHERE claim_outcome.claim_id IN (SELECT claim_id FROM meant)
ORDER BY claim_outcome.submission_date, claim_outcome.claim_id
