-- answered_line: one row per service line a payer answered; a payment without lines is one line.
--
-- Reads    answer, remit_line, remit_claim, adjustment, adjustment_kind, denial, billed_claim
-- Sources  835 loop 2110: SVC02 charge, SVC03 paid, AMT*B6 allowed, CAS.
--
-- Only answers are here: no reversals, forwarded or pended payments.
WITH item AS (
    SELECT
        remit_line.remit_claim_id,
        remit_line.remit_line_id,
        remit_line.file_id,
        remit_line.record_no,
        remit_line.line_no,
        coalesce(remit_line.submitted_procedure_code, remit_line.procedure_code) AS procedure_code,
        remit_line.procedure_code AS answered_procedure_code,
        remit_line.modifier_key,
        remit_line.revenue_code,
        remit_line.service_from_date,
        coalesce(remit_line.charge_amount, 0) AS charge_amount,
        coalesce(remit_line.paid_amount, 0) AS paid_amount,
        remit_line.allowed_amount,
        remit_line.units_billed,
        remit_line.units_paid
    FROM remit_line
),

line_share AS (
    SELECT adjustment.remit_line_id, sum(adjustment.amount) AS patient_share_amount
    FROM adjustment
    JOIN adjustment_kind
        ON adjustment_kind.carc_code = adjustment.carc_code
        AND adjustment_kind.group_code = adjustment.group_code
    WHERE adjustment_kind.kind = 'patient_share' AND adjustment.remit_line_id IS NOT NULL
    GROUP BY adjustment.remit_line_id
),

whole AS (
    -- A payment without lines counts as one line.
    SELECT
        remit_claim.remit_claim_id,
        remit_claim.file_id,
        remit_claim.record_no,
        remit_claim.service_from_date,
        coalesce(remit_claim.charge_amount, 0) AS charge_amount,
        coalesce(remit_claim.paid_amount, 0) AS paid_amount,
        remit_claim.allowed_amount,
        remit_claim.patient_responsibility_amount
    FROM remit_claim
    WHERE NOT EXISTS (
        SELECT 1 FROM remit_line WHERE remit_line.remit_claim_id = remit_claim.remit_claim_id
    )
),

whole_share AS (
    SELECT
        adjustment.remit_claim_id,
        coalesce(
            sum(adjustment.amount) FILTER (WHERE adjustment_kind.kind = 'patient_share'), 0
        ) AS patient_share_amount
    FROM adjustment
    JOIN whole ON whole.remit_claim_id = adjustment.remit_claim_id
    LEFT JOIN adjustment_kind
        ON adjustment_kind.carc_code = adjustment.carc_code
        AND adjustment_kind.group_code = adjustment.group_code
    GROUP BY adjustment.remit_claim_id
),

priced AS (
    SELECT
        item.remit_claim_id,
        item.remit_line_id,
        item.file_id,
        item.record_no,
        item.line_no,
        item.procedure_code,
        item.answered_procedure_code,
        item.modifier_key,
        item.revenue_code,
        item.service_from_date,
        item.charge_amount,
        item.paid_amount,
        coalesce(line_share.patient_share_amount, 0) AS patient_share_amount,
        coalesce(
            item.allowed_amount,
            item.paid_amount + coalesce(line_share.patient_share_amount, 0)
        ) AS allowed_amount,
        item.units_billed,
        item.units_paid
    FROM item
    LEFT JOIN line_share ON line_share.remit_line_id = item.remit_line_id
    UNION ALL
    SELECT
        whole.remit_claim_id,
        NULL AS remit_line_id,
        whole.file_id,
        whole.record_no,
        0 AS line_no,
        NULL AS procedure_code,
        NULL AS answered_procedure_code,
        NULL AS modifier_key,
        NULL AS revenue_code,
        whole.service_from_date,
        whole.charge_amount,
        whole.paid_amount,
        -- CLP05 also holds denials moved to the patient: it stands in only where no reason is sent.
        coalesce(
            whole_share.patient_share_amount, whole.patient_responsibility_amount, 0
        ) AS patient_share_amount,
        coalesce(
            whole.allowed_amount,
            whole.paid_amount + coalesce(
                whole_share.patient_share_amount, whole.patient_responsibility_amount, 0
            )
        ) AS allowed_amount,
        NULL AS units_billed,
        NULL AS units_paid
    FROM whole
    LEFT JOIN whole_share ON whole_share.remit_claim_id = whole.remit_claim_id
),

reason AS (
    SELECT
        remit_claim_id,
        remit_line_id,
        group_code,
        carc_code,
        rarc_code,
        category,
        preventable,
        hardness,
        sum(CASE WHEN is_denial AND amount > 0 THEN amount ELSE 0 END) OVER (
            PARTITION BY remit_claim_id, remit_line_id
        ) AS denied_amount,
        sum(CASE WHEN kind = 'duplicate' AND amount > 0 THEN amount ELSE 0 END) OVER (
            PARTITION BY remit_claim_id, remit_line_id
        ) AS duplicate_amount,
        row_number() OVER (
            PARTITION BY remit_claim_id, remit_line_id
            ORDER BY
                CASE WHEN is_denial THEN 0 ELSE 1 END ASC NULLS LAST,
                amount DESC NULLS LAST,
                record_no ASC NULLS LAST,
                position ASC NULLS LAST
        ) AS weight
    FROM denial
    WHERE is_denial OR kind = 'duplicate'
),

placed AS (
    -- Joined before the lines are: there are fewer payments than lines.
    SELECT
        answer.remit_claim_id,
        answer.claim_id,
        answer.answer_no,
        answer.is_taken_back,
        answer.payment_date,
        CASE WHEN answer.claim_id IS NULL THEN answer.remit_payer_name
            ELSE billed_claim.payer_name END AS payer_name,
        CASE WHEN answer.claim_id IS NULL THEN answer.remit_line_of_business
            ELSE billed_claim.line_of_business END AS line_of_business,
        billed_claim.claim_type,
        billed_claim.payer_sequence_code,
        billed_claim.facility_state_code,
        billed_claim.place_of_service_code,
        billed_claim.billing_provider,
        billed_claim.rendering_provider,
        billed_claim.specialty,
        billed_claim.facility,
        billed_claim.diagnosis_category,
        billed_claim.diagnosis_chapter,
        billed_claim.service_from_date
    FROM answer
    LEFT JOIN billed_claim ON billed_claim.claim_id = answer.claim_id
    WHERE answer.is_answer
),

unpaid AS (
    SELECT remit_line_id, charge_amount
    FROM remit_line
    WHERE coalesce(paid_amount, 0) = 0 AND charge_amount > 0
),

written_down AS (
    -- The whole charge written down to contract: often a denial in other words.
    SELECT DISTINCT adjustment.remit_line_id
    FROM adjustment
    JOIN unpaid
        ON unpaid.remit_line_id = adjustment.remit_line_id
        AND unpaid.charge_amount = adjustment.amount
    WHERE adjustment.group_code = 'CO' AND adjustment.carc_code = '45'
)

SELECT
    CAST(placed.remit_claim_id AS BIGINT) AS remit_claim_id,
    CAST(priced.remit_line_id AS BIGINT) AS remit_line_id,
    CAST(priced.line_no AS INTEGER) AS line_no,
    CAST(placed.claim_id AS BIGINT) AS claim_id,
    CAST(priced.file_id AS BIGINT) AS file_id,
    CAST(priced.record_no AS BIGINT) AS record_no,
    CAST(placed.answer_no AS INTEGER) AS answer_no,
    CAST(coalesce(placed.answer_no = 1, FALSE) AS BOOLEAN) AS is_first_answer,
    CAST(placed.is_taken_back AS BOOLEAN) AS is_taken_back,
    CAST(placed.payment_date AS DATE) AS answer_date,
    CAST(coalesce(priced.service_from_date, placed.service_from_date) AS DATE)
        AS service_date,
    placed.payer_name,
    placed.line_of_business,
    placed.claim_type,
    placed.payer_sequence_code,
    placed.facility_state_code,
    placed.place_of_service_code,
    placed.billing_provider,
    placed.rendering_provider,
    placed.specialty,
    placed.facility,
    placed.diagnosis_category,
    placed.diagnosis_chapter,
    CAST(priced.procedure_code AS STRING) AS procedure_code,
    CAST(priced.answered_procedure_code AS STRING) AS answered_procedure_code,
    CAST(priced.modifier_key AS STRING) AS modifier_key,
    CAST(priced.revenue_code AS STRING) AS revenue_code,
    CAST(priced.charge_amount AS DECIMAL(18, 2)) AS charge_amount,
    CAST(priced.paid_amount AS DECIMAL(18, 2)) AS paid_amount,
    CAST(priced.patient_share_amount AS DECIMAL(18, 2)) AS patient_share_amount,
    CAST(priced.allowed_amount AS DECIMAL(18, 2)) AS allowed_amount,
    CAST(coalesce(reason.denied_amount, 0) AS DECIMAL(18, 2)) AS denied_amount,
    CAST(coalesce(reason.duplicate_amount, 0) AS DECIMAL(18, 2)) AS duplicate_amount,
    CAST(
        priced.charge_amount > 0
        AND priced.paid_amount = 0
        AND priced.allowed_amount = 0
        AND coalesce(reason.denied_amount, 0) > 0 AS BOOLEAN
    ) AS is_denied,
    CAST(
        coalesce(reason.duplicate_amount, 0) > 0 AND coalesce(reason.denied_amount, 0) = 0
        AS BOOLEAN
    ) AS is_duplicate,
    CAST(written_down.remit_line_id IS NOT NULL AS BOOLEAN) AS is_suspect_contractual,
    reason.category AS denial_category,
    reason.preventable AS denial_preventable,
    reason.hardness AS denial_hardness,
    reason.carc_code AS denial_carc,
    reason.group_code AS denial_group,
    reason.rarc_code AS denial_rarc,
    CAST(priced.units_billed AS DECIMAL(14, 3)) AS units_billed,
    CAST(priced.units_paid AS DECIMAL(14, 3)) AS units_paid
FROM priced
JOIN placed ON placed.remit_claim_id = priced.remit_claim_id
LEFT JOIN reason
    ON reason.remit_claim_id = priced.remit_claim_id
    AND coalesce(reason.remit_line_id, 0) = coalesce(priced.remit_line_id, 0)
    AND reason.weight = 1
LEFT JOIN written_down ON written_down.remit_line_id = priced.remit_line_id
