-- What was billed, less what the answers that stand paid and adjusted, is what is open.  The parts
-- come from the answers and write-offs, the open balance from the ledger: each checks the other.
WITH standing AS (
    SELECT movement.kind, movement.amount
    FROM movement
    JOIN answer ON answer.file_id = movement.file_id AND answer.record_no = movement.record_no
    WHERE movement.claim_id = $claim_id
      AND movement.is_answer
      AND answer.claim_id = $claim_id
      AND answer.is_answer
      AND NOT answer.is_taken_back
),

part AS (
    SELECT
        coalesce(sum(amount) FILTER (WHERE kind = 'payer_payment'), 0) AS paid_amount,
        coalesce(sum(amount) FILTER (
            WHERE kind IN ('contractual', 'prior_payer', 'other_adjustment')
        ), 0) AS adjusted_amount,
        coalesce(sum(amount) FILTER (WHERE kind = 'patient_share'), 0) AS patient_share_amount
    FROM standing
),

posted AS (
    SELECT
        coalesce(sum(amount) FILTER (WHERE kind = 'write_off'), 0) AS written_off_amount,
        coalesce(sum(amount) FILTER (WHERE kind IN ('patient_payment', 'refund')), 0)
            AS patient_paid_amount
    FROM movement
    WHERE claim_id = $claim_id
),

told AS (
    SELECT
        claim_outcome.billed_amount,
        part.paid_amount,
        part.adjusted_amount,
        posted.written_off_amount,
        part.patient_share_amount,
        claim_outcome.open_balance_amount,
        posted.patient_paid_amount,
        claim_outcome.denied_amount,
        claim_outcome.open_denied_amount,
        claim_outcome.is_voided,
        claim_outcome.billed_amount - part.paid_amount - part.adjusted_amount
            - posted.written_off_amount - part.patient_share_amount
            - claim_outcome.open_balance_amount AS left_amount
    FROM claim_outcome
    CROSS JOIN part
    CROSS JOIN posted
    WHERE claim_outcome.claim_id = $claim_id
)

SELECT
    CAST(billed_amount AS DECIMAL(18, 2)) AS billed_amount,
    CAST(paid_amount AS DECIMAL(18, 2)) AS paid_amount,
    CAST(adjusted_amount AS DECIMAL(18, 2)) AS adjusted_amount,
    CAST(written_off_amount AS DECIMAL(18, 2)) AS written_off_amount,
    CAST(patient_share_amount AS DECIMAL(18, 2)) AS patient_share_amount,
    -- After a void nothing is owed, whatever was paid before: it takes out the rest.
    CAST(CASE WHEN is_voided THEN left_amount ELSE 0 END AS DECIMAL(18, 2)) AS voided_amount,
    CAST(open_balance_amount AS DECIMAL(18, 2)) AS open_amount,
    CAST(CASE WHEN is_voided THEN 0 ELSE left_amount END AS DECIMAL(18, 2)) AS difference_amount,
    CAST(patient_paid_amount AS DECIMAL(18, 2)) AS patient_paid_amount,
    CAST(denied_amount AS DECIMAL(18, 2)) AS first_denied_amount,
    CAST(open_denied_amount AS DECIMAL(18, 2)) AS open_denied_amount
FROM told
