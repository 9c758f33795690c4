-- collection: one row per claim to a first payer, with what all payers and the patient paid on it.
--
-- Reads    movement, answer, billed_claim, claim, submission, build_info
-- Charges count once: a claim to a second or third payer asks again for the same services.  It
-- belongs to the first payer's claim of its control number, biller and days of service; where there
-- is none it stands alone, and what earlier payers settled is not asked of it.
WITH later_bill AS (
    SELECT
        billed_claim.claim_id,
        upper(trim(claim.patient_control_number)) AS control_number,
        coalesce(claim.billing_npi, '') AS billing_npi,
        billed_claim.service_from_date,
        billed_claim.service_to_date
    FROM billed_claim
    JOIN claim ON claim.claim_id = billed_claim.claim_id
    WHERE billed_claim.payer_sequence_code <> 'P'
),

first_bill AS (
    SELECT
        submission.claim_id,
        submission.submission_id,
        upper(trim(claim.patient_control_number)) AS control_number,
        coalesce(claim.billing_npi, '') AS billing_npi
    FROM submission
    JOIN claim ON claim.claim_id = submission.submission_id
    WHERE coalesce(claim.payer_sequence_code, 'P') = 'P'
      AND upper(trim(claim.patient_control_number)) IN (SELECT control_number FROM later_bill)
),

ranked AS (
    SELECT
        later_bill.claim_id,
        first_bill.claim_id AS first_claim_id,
        row_number() OVER (
            PARTITION BY later_bill.claim_id ORDER BY first_bill.submission_id DESC NULLS LAST
        ) AS preference
    FROM later_bill
    JOIN first_bill
        ON first_bill.control_number = later_bill.control_number
        AND first_bill.billing_npi = later_bill.billing_npi
    JOIN billed_claim ON billed_claim.claim_id = first_bill.claim_id
    WHERE billed_claim.service_from_date <= later_bill.service_to_date
      AND later_bill.service_from_date <= billed_claim.service_to_date
),

passed_on AS (
    SELECT claim_id, first_claim_id
    FROM ranked
    WHERE preference = 1
),

undone AS (
    SELECT
        movement.claim_id,
        sum(movement.insurance_amount) FILTER (WHERE movement.kind = 'contractual')
            AS contractual_amount,
        sum(movement.insurance_amount) FILTER (WHERE movement.kind = 'prior_payer')
            AS prior_payer_amount
    FROM movement
    JOIN answer ON answer.file_id = movement.file_id AND answer.record_no = movement.record_no
    WHERE movement.kind IN ('contractual', 'prior_payer')
      AND answer.is_taken_back
      AND answer.claim_id = movement.claim_id
    GROUP BY movement.claim_id
),

moved AS (
    SELECT
        claim_id,
        sum(amount) FILTER (WHERE kind = 'payer_payment') AS payer_paid_amount,
        sum(amount) FILTER (WHERE kind = 'patient_payment') AS patient_paid_amount,
        -sum(amount) FILTER (WHERE kind = 'refund') AS refund_amount,
        -sum(insurance_amount) FILTER (WHERE kind = 'contractual') AS contractual_amount,
        -sum(insurance_amount) FILTER (WHERE kind = 'prior_payer') AS prior_payer_amount,
        sum(insurance_amount) FILTER (WHERE kind IN ('charge', 'superseded_charge'))
            AS charge_amount,
        sum(insurance_amount) AS open_amount
    FROM movement
    WHERE claim_id IS NOT NULL
    GROUP BY claim_id
),

counted AS (
    SELECT
        coalesce(passed_on.first_claim_id, moved.claim_id) AS claim_id,
        CASE WHEN passed_on.claim_id IS NULL THEN moved.charge_amount ELSE 0 END AS charge_amount,
        CASE
            WHEN passed_on.claim_id IS NULL AND billed_claim.payer_sequence_code <> 'P'
                THEN coalesce(moved.prior_payer_amount, 0) + coalesce(undone.prior_payer_amount, 0)
        END AS prior_payer_amount,
        CASE WHEN billed_claim.is_voided THEN 0
            ELSE coalesce(moved.contractual_amount, 0) + coalesce(undone.contractual_amount, 0)
        END AS contractual_amount,
        moved.payer_paid_amount,
        moved.patient_paid_amount,
        moved.refund_amount,
        CASE WHEN moved.open_amount > 0 THEN 1 ELSE 0 END AS is_open,
        billed_claim.last_submission_date
    FROM moved
    JOIN billed_claim ON billed_claim.claim_id = moved.claim_id
    LEFT JOIN passed_on ON passed_on.claim_id = moved.claim_id
    LEFT JOIN undone ON undone.claim_id = moved.claim_id
),

shared AS (
    -- Claims that a later payer's is put on, and those put on them; all others stand alone.
    SELECT first_claim_id AS claim_id
    FROM passed_on
    GROUP BY first_claim_id
),

whole AS (
    SELECT
        counted.claim_id,
        counted.charge_amount - coalesce(counted.prior_payer_amount, 0) AS charge_amount,
        counted.contractual_amount,
        coalesce(counted.payer_paid_amount, 0) AS payer_paid_amount,
        coalesce(counted.patient_paid_amount, 0) AS patient_paid_amount,
        coalesce(counted.refund_amount, 0) AS refund_amount,
        counted.is_open,
        counted.last_submission_date
    FROM counted
    LEFT JOIN shared ON shared.claim_id = counted.claim_id
    WHERE shared.claim_id IS NULL
    UNION ALL
    SELECT
        counted.claim_id,
        sum(counted.charge_amount) - coalesce(sum(counted.prior_payer_amount), 0),
        sum(counted.contractual_amount),
        coalesce(sum(counted.payer_paid_amount), 0),
        coalesce(sum(counted.patient_paid_amount), 0),
        coalesce(sum(counted.refund_amount), 0),
        max(counted.is_open),
        max(counted.last_submission_date)
    FROM counted
    JOIN shared ON shared.claim_id = counted.claim_id
    GROUP BY counted.claim_id
)

SELECT
    CAST(whole.claim_id AS BIGINT) AS claim_id,
    CAST(whole.charge_amount AS DECIMAL(18, 2)) AS charge_amount,
    CAST(whole.contractual_amount AS DECIMAL(18, 2)) AS contractual_amount,
    CAST(whole.payer_paid_amount AS DECIMAL(18, 2)) AS payer_paid_amount,
    CAST(whole.patient_paid_amount AS DECIMAL(18, 2)) AS patient_paid_amount,
    CAST(whole.refund_amount AS DECIMAL(18, 2)) AS refund_amount,
    CAST(billed_claim.is_voided AS BOOLEAN) AS is_voided,
    CAST(whole.is_open = 0 AS BOOLEAN) AS is_settled,
    CAST(days_between(whole.last_submission_date, build_info.as_of) AS INTEGER) AS days_since_sent,
    billed_claim.payer_name,
    billed_claim.line_of_business,
    billed_claim.claim_type,
    billed_claim.payer_sequence_code,
    billed_claim.facility_state_code,
    billed_claim.billing_provider,
    billed_claim.specialty,
    billed_claim.facility,
    billed_claim.service_to_date,
    billed_claim.submission_date,
    billed_claim.file_id,
    billed_claim.record_no
FROM whole
JOIN billed_claim ON billed_claim.claim_id = whole.claim_id
CROSS JOIN build_info
