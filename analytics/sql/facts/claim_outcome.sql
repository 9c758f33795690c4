-- claim_outcome: one row per claim (a chain of submissions), with what first and finally came back.
--
-- Reads    billed_claim, answer, answered_line, first_outcome, recovery, ledger, build_info
-- Sources  HFMA Claim Integrity Task Force (2021) for first outcomes; METRICS section 1.
WITH paid AS (
    SELECT
        claim_id,
        max(payment_date) AS last_answer_date,
        min(payment_date) FILTER (WHERE paid_amount > 0) AS first_paid_date,
        min(received_date) FILTER (WHERE answer_no = 1) AS received_date,
        max(answer_no) AS answer_count,
        sum(paid_amount) FILTER (WHERE NOT is_taken_back) AS paid_amount
    FROM answer
    WHERE is_answer AND claim_id IS NOT NULL
    GROUP BY claim_id
),

priced AS (
    SELECT
        claim_id,
        sum(allowed_amount) AS allowed_amount,
        sum(patient_share_amount) AS patient_share_amount
    FROM answered_line
    WHERE claim_id IS NOT NULL AND NOT is_taken_back
    GROUP BY claim_id
),

recovered AS (
    SELECT
        claim_id,
        sum(recovered_amount) AS amount,
        min(recovery_date) FILTER (WHERE is_overturning) AS first_date
    FROM recovery
    GROUP BY claim_id
),

balance AS (
    SELECT claim_id, sum(insurance_amount) AS open_balance_amount
    FROM ledger
    WHERE claim_id IS NOT NULL
    GROUP BY claim_id
)

SELECT
    CAST(billed_claim.claim_id AS BIGINT) AS claim_id,
    CAST(billed_claim.file_id AS BIGINT) AS file_id,
    CAST(billed_claim.record_no AS BIGINT) AS record_no,
    CAST(billed_claim.payer_name AS VARCHAR) AS payer_name,
    CAST(billed_claim.line_of_business AS VARCHAR) AS line_of_business,
    CAST(billed_claim.claim_type AS VARCHAR) AS claim_type,
    CAST(billed_claim.payer_sequence_code AS VARCHAR) AS payer_sequence_code,
    CAST(billed_claim.facility_state_code AS VARCHAR) AS facility_state_code,
    CAST(billed_claim.place_of_service_code AS VARCHAR) AS place_of_service_code,
    CAST(billed_claim.bill_type_code AS VARCHAR) AS bill_type_code,
    CAST(billed_claim.billing_npi AS VARCHAR) AS billing_npi,
    CAST(billed_claim.billing_provider AS VARCHAR) AS billing_provider,
    CAST(billed_claim.rendering_npi AS VARCHAR) AS rendering_npi,
    CAST(billed_claim.rendering_provider AS VARCHAR) AS rendering_provider,
    CAST(billed_claim.specialty AS VARCHAR) AS specialty,
    CAST(billed_claim.provider_group AS VARCHAR) AS provider_group,
    CAST(billed_claim.facility AS VARCHAR) AS facility,
    CAST(billed_claim.diagnosis_category AS VARCHAR) AS diagnosis_category,
    CAST(billed_claim.service_from_date AS DATE) AS service_from_date,
    CAST(billed_claim.service_to_date AS DATE) AS service_to_date,
    CAST(billed_claim.submission_date AS DATE) AS submission_date,
    CAST(billed_claim.resubmission_date AS DATE) AS resubmission_date,
    CAST(billed_claim.submission_count AS INTEGER) AS submission_count,
    CAST(billed_claim.is_voided AS BOOLEAN) AS is_voided,
    CAST(billed_claim.void_date AS DATE) AS void_date,
    CAST(paid.received_date AS DATE) AS received_date,
    CAST(first_outcome.first_answer_date AS DATE) AS first_answer_date,
    CAST(paid.last_answer_date AS DATE) AS last_answer_date,
    CAST(paid.first_paid_date AS DATE) AS first_paid_date,
    CAST(coalesce(paid.answer_count, 0) AS INTEGER) AS answer_count,
    CAST(first_outcome.first_outcome AS VARCHAR) AS first_outcome,
    CAST(first_outcome.denial_category AS VARCHAR) AS denial_category,
    CAST(first_outcome.denial_carc AS VARCHAR) AS denial_carc,
    CAST(first_outcome.denial_group AS VARCHAR) AS denial_group,
    CAST(first_outcome.denial_rarc AS VARCHAR) AS denial_rarc,
    CAST(first_outcome.first_answer_date IS NOT NULL AS BOOLEAN) AS is_answered,
    CAST(coalesce(first_outcome.is_duplicate, FALSE) AS BOOLEAN) AS is_duplicate,
    CAST(
        coalesce(first_outcome.first_outcome IN ('denied', 'partially_denied'), FALSE) AS BOOLEAN
    ) AS is_initially_denied,
    CAST(
        coalesce(first_outcome.first_outcome = 'paid', FALSE)
        AND (
            billed_claim.resubmission_date IS NULL
            OR billed_claim.resubmission_date > first_outcome.first_answer_date
        ) AS BOOLEAN
    ) AS is_first_pass,
    CAST(coalesce(recovered.amount > 0, FALSE) AS BOOLEAN) AS is_overturned,
    CAST(recovered.first_date AS DATE) AS overturned_date,
    -- What can still be done about a denial, as far as the payer map tells the limits.
    CAST(CASE
        WHEN first_outcome.first_outcome IN ('denied', 'partially_denied')
            THEN first_outcome.first_answer_date + billed_claim.appeal_limit_days
    END AS DATE) AS appeal_deadline_date,
    CAST(billed_claim.service_to_date + billed_claim.filing_limit_days AS DATE)
        AS filing_deadline_date,
    CAST(CASE
        WHEN first_outcome.first_outcome IN ('denied', 'partially_denied')
            THEN days_between(first_outcome.first_answer_date, build_info.as_of)
    END AS INTEGER) AS days_since_denial,
    CAST(days_between(first_outcome.first_answer_date, recovered.first_date) AS INTEGER)
        AS days_to_overturn,
    CAST(billed_claim.billed_amount AS DECIMAL(14, 2)) AS billed_amount,
    CAST(coalesce(first_outcome.charge_amount, 0) AS DECIMAL(14, 2)) AS first_charge_amount,
    CAST(coalesce(first_outcome.paid_amount, 0) AS DECIMAL(14, 2)) AS first_paid_amount,
    CAST(coalesce(first_outcome.allowed_amount, 0) AS DECIMAL(14, 2)) AS first_allowed_amount,
    CAST(coalesce(first_outcome.patient_share_amount, 0) AS DECIMAL(14, 2))
        AS first_patient_share_amount,
    CAST(coalesce(first_outcome.denied_amount, 0) AS DECIMAL(14, 2)) AS denied_amount,
    CAST(coalesce(recovered.amount, 0) AS DECIMAL(14, 2)) AS recovered_amount,
    CAST(coalesce(paid.paid_amount, 0) AS DECIMAL(14, 2)) AS paid_amount,
    CAST(coalesce(priced.allowed_amount, 0) AS DECIMAL(14, 2)) AS allowed_amount,
    CAST(coalesce(priced.patient_share_amount, 0) AS DECIMAL(14, 2)) AS patient_share_amount,
    CAST(coalesce(balance.open_balance_amount, 0) AS DECIMAL(14, 2)) AS open_balance_amount,
    CAST(coalesce(first_outcome.line_count, 0) AS INTEGER) AS answered_line_count,
    CAST(coalesce(first_outcome.denied_line_count, 0) AS INTEGER) AS denied_line_count,
    -- Days waited so far: to the event, else to the void, else to the end of the data.
    CAST(days_between(
        billed_claim.submission_date,
        coalesce(first_outcome.first_answer_date, billed_claim.void_date, build_info.as_of)
    ) AS INTEGER) AS days_to_answer,
    CAST(days_between(
        billed_claim.submission_date,
        coalesce(paid.first_paid_date, billed_claim.void_date, build_info.as_of)
    ) AS INTEGER) AS days_to_payment,
    CAST(days_between(
        billed_claim.service_to_date, billed_claim.submission_date
    ) AS INTEGER) AS days_to_submission
FROM billed_claim
CROSS JOIN build_info
LEFT JOIN paid ON paid.claim_id = billed_claim.claim_id
LEFT JOIN priced ON priced.claim_id = billed_claim.claim_id
LEFT JOIN first_outcome ON first_outcome.claim_id = billed_claim.claim_id
LEFT JOIN recovered ON recovered.claim_id = billed_claim.claim_id
LEFT JOIN balance ON balance.claim_id = billed_claim.claim_id
