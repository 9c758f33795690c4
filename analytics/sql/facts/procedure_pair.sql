-- procedure_pair: one row per service line and code that NCCI pays instead of it that day.
--
-- Reads    edited_line, edited_service, edit_day, edit_release, ncci_ptp, billed_claim, claim_line
-- Sources  NCCI procedure-to-procedure edits (PTP) of the practitioner or hospital setting
--
-- Column 1 is paid, column 2 is this line: same person, provider and day, as edited_line compares.
-- Indicator 0 lets no modifier pass; 1 lets one that NCCI lists, on either line.
WITH lead_file AS (
    SELECT day, 'practitioner' AS setting, practitioner_pair_id AS lead_id
    FROM edit_day
    WHERE practitioner_pair_id IS NOT NULL
    UNION ALL
    SELECT day, 'hospital', hospital_pair_id
    FROM edit_day
    WHERE hospital_pair_id IS NOT NULL
),

code_seen AS (
    SELECT code, code_no
    FROM edited_service
    GROUP BY code, code_no
),

pair AS (
    SELECT
        edit_release.lead_id,
        paid.code_no AS paid_code_no,
        paid.code AS paid_code,
        bundled.code_no,
        ncci_ptp.modifier_indicator,
        ncci_ptp.start_date,
        ncci_ptp.end_date
    FROM ncci_ptp
    JOIN edit_release ON edit_release.reference_id = ncci_ptp.reference_id
    JOIN code_seen AS paid ON paid.code = ncci_ptp.column1_code
    JOIN code_seen AS bundled ON bundled.code = ncci_ptp.column2_code
    WHERE ncci_ptp.modifier_indicator IN ('0', '1')
),

paired AS (
    -- Lines of days with a table, and of codes in it.
    SELECT
        edited_line.claim_id,
        edited_line.line_no,
        edited_line.person_id,
        edited_line.provider_no,
        edited_line.payer_name,
        edited_line.payer_sequence_code,
        edited_line.setting,
        edited_line.code_no,
        edited_line.day,
        lead_file.lead_id,
        edited_service.is_apart
    FROM edited_line
    JOIN lead_file ON lead_file.day = edited_line.day AND lead_file.setting = edited_line.setting
    JOIN edited_service ON edited_service.service_no = edited_line.service_no
    WHERE edited_line.code_no IN (SELECT code_no FROM pair UNION SELECT paid_code_no FROM pair)
),

together AS (
    SELECT
        bundled.claim_id,
        bundled.line_no,
        bundled.lead_id,
        bundled.code_no,
        bundled.day,
        paid.claim_id AS paid_claim_id,
        paid.line_no AS paid_line_no,
        paid.code_no AS paid_code_no,
        bundled.is_apart OR paid.is_apart AS is_apart
    FROM paired AS bundled
    JOIN paired AS paid
        ON paid.person_id = bundled.person_id
        AND paid.provider_no = bundled.provider_no
        AND paid.day = bundled.day
        AND paid.setting = bundled.setting
        AND paid.payer_name IS NOT DISTINCT FROM bundled.payer_name
        AND paid.payer_sequence_code = bundled.payer_sequence_code
        AND paid.code_no <> bundled.code_no
),

met AS (
    -- All pairs of codes that met on a visit: few, however many the lines.
    SELECT lead_id, code_no, paid_code_no
    FROM together
    GROUP BY lead_id, code_no, paid_code_no
),

hit AS (
    SELECT
        met.lead_id,
        met.code_no,
        met.paid_code_no,
        pair.paid_code,
        pair.modifier_indicator,
        pair.start_date,
        pair.end_date
    FROM met
    JOIN pair
        ON pair.lead_id = met.lead_id
        AND pair.code_no = met.code_no
        AND pair.paid_code_no = met.paid_code_no
),

found AS (
    SELECT
        together.claim_id,
        together.line_no,
        together.day,
        hit.paid_code,
        hit.modifier_indicator,
        together.is_apart,
        together.paid_claim_id,
        together.paid_line_no,
        row_number() OVER (
            PARTITION BY together.claim_id, together.line_no, hit.paid_code
            ORDER BY
                hit.modifier_indicator ASC NULLS LAST,
                CASE WHEN together.is_apart THEN 1 ELSE 0 END ASC NULLS LAST,
                together.paid_claim_id ASC NULLS LAST,
                together.paid_line_no ASC NULLS LAST
        ) AS place
    FROM together
    JOIN hit
        ON hit.lead_id = together.lead_id
        AND hit.code_no = together.code_no
        AND hit.paid_code_no = together.paid_code_no
    WHERE together.day >= hit.start_date AND together.day <= coalesce(hit.end_date, DATE '9999-12-31')
)

SELECT
    CAST(found.claim_id AS BIGINT) AS claim_id,
    CAST(found.line_no AS INTEGER) AS line_no,
    CAST(found.paid_code AS STRING) AS paid_procedure_code,
    CAST(claim_line.procedure_code AS STRING) AS procedure_code,
    CAST(claim_line.modifier_key AS STRING) AS modifier_key,
    CAST(found.modifier_indicator AS STRING) AS modifier_indicator,
    CAST(found.modifier_indicator = '1' AND found.is_apart AS BOOLEAN) AS is_bypassed,
    CAST(found.paid_claim_id AS BIGINT) AS paid_claim_id,
    CAST(found.paid_line_no AS INTEGER) AS paid_line_no,
    CAST(found.day AS DATE) AS service_date,
    billed_claim.file_id,
    CAST(claim_line.record_no AS BIGINT) AS record_no,
    billed_claim.payer_name,
    billed_claim.line_of_business,
    billed_claim.claim_type,
    billed_claim.payer_sequence_code,
    billed_claim.facility_state_code,
    billed_claim.billing_provider,
    billed_claim.specialty,
    billed_claim.facility,
    billed_claim.place_of_service_code,
    billed_claim.rendering_provider,
    billed_claim.diagnosis_category,
    billed_claim.diagnosis_chapter,
    billed_claim.submission_date,
    billed_claim.service_to_date,
    CAST(coalesce(claim_line.billed_amount, 0) AS DECIMAL(18, 2)) AS billed_amount
FROM found
JOIN billed_claim ON billed_claim.claim_id = found.claim_id
JOIN claim_line ON claim_line.claim_id = found.claim_id AND claim_line.line_no = found.line_no
WHERE found.place = 1
