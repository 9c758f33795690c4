-- Claims as they leave for Tuva: payers' that stand, and own ones that no payer's feed tells of.
claim AS (
    SELECT
        settled_claim.*,
        patient.member_id,
        coalesce(told.processed_date, told.paid_date) AS processed_date,
        told.paid_date,
        told.discharge_date,
        told.admission_source_code,
        told.admission_type_code,
        told.billing_npi,
        told.billing_tin,
        told.rendering_npi AS claim_rendering_npi,
        told.referring_npi,
        told.claim_number,
        FALSE AS is_own
    FROM settled_claim
    JOIN payer_claim AS told ON told.payer_claim_id = settled_claim.payer_claim_id
    LEFT JOIN patient ON patient.patient_id = told.patient_id
    UNION ALL BY NAME
    SELECT
        own.* EXCLUDE (is_told_by_payer),
        patient.member_id,
        claim_outcome.last_answer_date AS processed_date,
        claim_outcome.first_paid_date AS paid_date,
        CAST(NULL AS DATE) AS discharge_date,
        billed.admission_source_code,
        billed.admission_type_code,
        billed.billing_npi,
        billed.billing_tin,
        coalesce(billed.rendering_npi, billed.attending_npi) AS claim_rendering_npi,
        billed.referring_npi,
        CAST(NULL AS VARCHAR) AS claim_number,
        TRUE AS is_own
    FROM own_settled_claim AS own
    JOIN claim AS billed ON billed.claim_id = own.payer_claim_id
    JOIN claim_outcome ON claim_outcome.claim_id = own.payer_claim_id
    LEFT JOIN patient ON patient.patient_id = billed.patient_id
    WHERE NOT own.is_told_by_payer
),

line AS (
    SELECT * EXCLUDE (is_remainder) FROM settled_line
    WHERE NOT is_remainder
    UNION ALL BY NAME
    SELECT * EXCLUDE (is_remainder) FROM own_settled_line
    WHERE NOT is_remainder
),

added AS (
    SELECT
        payer_claim_id,
        coalesce(sum(billed_amount), 0) AS billed_amount,
        coalesce(sum(allowed_amount), 0) AS allowed_amount,
        coalesce(sum(paid_amount), 0) AS paid_amount
    FROM line
    GROUP BY payer_claim_id
),

placed AS (
    -- An amount that the lines do not add up to stands on the first.
    SELECT
        claim.*,
        line.* EXCLUDE (
            payer_claim_id, billed_amount, allowed_amount, paid_amount, patient_paid_amount,
            service_from_date, service_to_date, file_id, record_no, line_no
        ),
        line.service_from_date AS line_from_date,
        line.service_to_date AS line_to_date,
        row_number() OVER (
            PARTITION BY claim.payer_claim_id
            ORDER BY
                line.line_no ASC NULLS LAST,
                line.payer_claim_line_id ASC NULLS LAST
        ) AS place,
        added.billed_amount = claim.billed_amount AS is_billed_by_line,
        added.allowed_amount = claim.allowed_amount AS is_allowed_by_line,
        added.paid_amount = claim.paid_amount AS is_paid_by_line,
        line.billed_amount AS line_billed,
        line.allowed_amount AS line_allowed,
        line.paid_amount AS line_paid
    FROM claim
    LEFT JOIN line ON line.payer_claim_id = claim.payer_claim_id
    LEFT JOIN added ON added.payer_claim_id = claim.payer_claim_id
),

priced AS (
    SELECT
        *,
        CASE
            WHEN billed_amount IS NULL THEN NULL
            WHEN coalesce(is_billed_by_line, FALSE) THEN coalesce(line_billed, 0)
            WHEN place = 1 THEN billed_amount
            ELSE 0
        END AS charged,
        CASE
            WHEN allowed_amount IS NULL THEN NULL
            WHEN coalesce(is_allowed_by_line, FALSE) THEN coalesce(line_allowed, 0)
            WHEN place = 1 THEN allowed_amount
            ELSE 0
        END AS allowed,
        CASE
            WHEN paid_amount IS NULL THEN NULL
            WHEN coalesce(is_paid_by_line, FALSE) THEN coalesce(line_paid, 0)
            WHEN place = 1 THEN paid_amount
            ELSE 0
        END AS paid
    FROM placed
)
