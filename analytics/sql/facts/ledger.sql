-- ledger: one row per dated movement of money, by what its claim can be sliced by.
--
-- Reads    movement, billed_claim
-- A view: no metric reads it but studies do, and columns of a claim on each of its movements were a
-- fifth of what a build wrote.
SELECT
    movement.claim_id,
    movement.kind,
    movement.entry_date,
    movement.amount,
    movement.insurance_amount,
    movement.is_answer,
    CASE
        WHEN movement.claim_id IS NULL THEN movement.payer_name ELSE billed_claim.payer_name
    END AS payer_name,
    CASE
        WHEN movement.claim_id IS NULL THEN movement.line_of_business
        ELSE billed_claim.line_of_business
    END AS line_of_business,
    billed_claim.claim_type,
    billed_claim.payer_sequence_code,
    billed_claim.facility_state_code,
    billed_claim.billing_provider,
    billed_claim.specialty,
    billed_claim.facility,
    CAST(billed_claim.service_to_date AS DATE) AS service_to_date,
    CAST(billed_claim.submission_date AS DATE) AS submission_date,
    movement.file_id,
    movement.record_no,
    movement.position
FROM movement
LEFT JOIN billed_claim ON billed_claim.claim_id = movement.claim_id
