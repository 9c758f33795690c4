-- Claims as they leave for Tuva: payers' that stand, and own ones that no payer's feed tells of.
-- What the member owes of own claims are the adjustments PR 1, 2 and 3 of answers that stand.
owed AS (
    SELECT
        answer.claim_id,
        coalesce(adjustment.remit_line_id, adjustment.remit_claim_id) AS owed_on_id,
        sum(CASE WHEN adjustment.carc_code = '1' THEN adjustment.amount ELSE 0 END)
            AS deductible_amount,
        sum(CASE WHEN adjustment.carc_code = '2' THEN adjustment.amount ELSE 0 END)
            AS coinsurance_amount,
        sum(CASE WHEN adjustment.carc_code = '3' THEN adjustment.amount ELSE 0 END)
            AS copayment_amount
    FROM answer
    JOIN adjustment ON adjustment.remit_claim_id = answer.remit_claim_id
    WHERE answer.is_answer AND NOT answer.is_taken_back AND answer.claim_id IS NOT NULL
      AND adjustment.group_code = 'PR' AND adjustment.carc_code IN ('1', '2', '3')
    GROUP BY ALL
),

owed_claim AS (
    SELECT
        claim_id,
        sum(deductible_amount) AS deductible_amount,
        sum(coinsurance_amount) AS coinsurance_amount,
        sum(copayment_amount) AS copayment_amount
    FROM owed
    GROUP BY claim_id
),

unsaid AS (
    -- The member owes something (CLP05), and no reason says what it is.
    SELECT DISTINCT answer.claim_id
    FROM answer
    JOIN remit_claim ON remit_claim.remit_claim_id = answer.remit_claim_id
    WHERE answer.is_answer AND NOT answer.is_taken_back AND answer.claim_id IS NOT NULL
      AND remit_claim.patient_responsibility_amount <> 0
      AND NOT EXISTS (
          SELECT 1 FROM adjustment WHERE adjustment.remit_claim_id = answer.remit_claim_id
      )
),

claim AS (
    SELECT
        settled_claim.*,
        told.deductible_amount,
        told.coinsurance_amount,
        told.copayment_amount,
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
        CASE WHEN unsaid.claim_id IS NULL THEN coalesce(owed_claim.deductible_amount, 0) END
            AS deductible_amount,
        CASE WHEN unsaid.claim_id IS NULL THEN coalesce(owed_claim.coinsurance_amount, 0) END
            AS coinsurance_amount,
        CASE WHEN unsaid.claim_id IS NULL THEN coalesce(owed_claim.copayment_amount, 0) END
            AS copayment_amount,
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
    LEFT JOIN owed_claim ON owed_claim.claim_id = own.payer_claim_id
    LEFT JOIN unsaid ON unsaid.claim_id = own.payer_claim_id
    WHERE NOT own.is_told_by_payer
),

line AS (
    SELECT
        stands.* EXCLUDE (is_remainder),
        told.deductible_amount,
        told.coinsurance_amount,
        told.copayment_amount
    FROM settled_line AS stands
    JOIN payer_claim_line AS told
        ON told.payer_claim_line_id = stands.payer_claim_line_id
        AND told.line_no IS NOT DISTINCT FROM stands.line_no
    WHERE NOT stands.is_remainder
    UNION ALL BY NAME
    SELECT
        stands.* EXCLUDE (is_remainder),
        coalesce(owed.deductible_amount, 0) AS deductible_amount,
        coalesce(owed.coinsurance_amount, 0) AS coinsurance_amount,
        coalesce(owed.copayment_amount, 0) AS copayment_amount
    FROM own_settled_line AS stands
    LEFT JOIN owed ON owed.owed_on_id = stands.payer_claim_line_id
    WHERE NOT stands.is_remainder
),

added AS (
    SELECT
        payer_claim_id,
        coalesce(sum(billed_amount), 0) AS billed_amount,
        coalesce(sum(allowed_amount), 0) AS allowed_amount,
        coalesce(sum(paid_amount), 0) AS paid_amount,
        sum(deductible_amount) AS deductible_amount,
        sum(coinsurance_amount) AS coinsurance_amount,
        sum(copayment_amount) AS copayment_amount
    FROM line
    GROUP BY payer_claim_id
),

placed AS (
    -- An amount that the lines do not add up to stands on the first.
    SELECT
        claim.* EXCLUDE (deductible_amount, coinsurance_amount, copayment_amount),
        CASE WHEN claim.is_own THEN claim.deductible_amount
            ELSE coalesce(claim.deductible_amount, added.deductible_amount) END AS deductible_amount,
        CASE WHEN claim.is_own THEN claim.coinsurance_amount
            ELSE coalesce(claim.coinsurance_amount, added.coinsurance_amount) END AS coinsurance_amount,
        CASE WHEN claim.is_own THEN claim.copayment_amount
            ELSE coalesce(claim.copayment_amount, added.copayment_amount) END AS copayment_amount,
        line.* EXCLUDE (
            payer_claim_id, billed_amount, allowed_amount, paid_amount, patient_paid_amount,
            deductible_amount, coinsurance_amount, copayment_amount,
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
        line.paid_amount AS line_paid,
        added.deductible_amount AS added_deductible,
        added.coinsurance_amount AS added_coinsurance,
        added.copayment_amount AS added_copayment,
        line.deductible_amount AS line_deductible,
        line.coinsurance_amount AS line_coinsurance,
        line.copayment_amount AS line_copayment
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
        END AS paid,
        CASE
            WHEN deductible_amount IS NULL THEN NULL
            WHEN coalesce(added_deductible = deductible_amount, FALSE) THEN coalesce(line_deductible, 0)
            WHEN place = 1 THEN deductible_amount
            ELSE 0
        END AS deductible,
        CASE
            WHEN coinsurance_amount IS NULL THEN NULL
            WHEN coalesce(added_coinsurance = coinsurance_amount, FALSE) THEN coalesce(line_coinsurance, 0)
            WHEN place = 1 THEN coinsurance_amount
            ELSE 0
        END AS coinsurance,
        CASE
            WHEN copayment_amount IS NULL THEN NULL
            WHEN coalesce(added_copayment = copayment_amount, FALSE) THEN coalesce(line_copayment, 0)
            WHEN place = 1 THEN copayment_amount
            ELSE 0
        END AS copayment
    FROM placed
)
