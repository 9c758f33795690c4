-- member_outcome: one row per own primary claim of a person covered in its month of service.
--
-- Reads    claim_outcome, billed_claim, person, member_month
--
-- What became of the claim, under the payer and line of business of the member month.  Claims sent
-- under another line of business than the cover's are left out.
SELECT
    claim_outcome.claim_id,
    member_month.person_id,
    member_month.month,
    member_month.payer_name,
    member_month.line_of_business,
    member_month.sex_code,
    claim_outcome.claim_type,
    claim_outcome.submission_date,
    claim_outcome.first_answer_date,
    claim_outcome.is_duplicate,
    claim_outcome.is_initially_denied,
    claim_outcome.billed_amount,
    claim_outcome.first_charge_amount,
    claim_outcome.denied_amount,
    claim_outcome.open_denied_amount,
    claim_outcome.open_balance_amount,
    claim_outcome.days_to_answer,
    claim_outcome.days_receipt_to_answer,
    claim_outcome.file_id,
    claim_outcome.record_no
FROM claim_outcome
JOIN billed_claim ON billed_claim.claim_id = claim_outcome.claim_id
JOIN person ON person.patient_id = billed_claim.patient_id
JOIN member_month
    ON member_month.person_id = person.person_id
    AND member_month.month = month_of(billed_claim.service_to_date)
WHERE billed_claim.payer_sequence_code = 'P'
  AND coalesce(billed_claim.line_of_business, member_month.line_of_business, '')
      = coalesce(member_month.line_of_business, billed_claim.line_of_business, '')
