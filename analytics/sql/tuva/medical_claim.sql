diagnosed AS (
    SELECT
        claim.payer_claim_id, told.kind, told.position, told.diagnosis_code, told.code_system,
        told.present_on_admission_code
    FROM claim
    JOIN payer_claim_diagnosis AS told ON told.payer_claim_id = claim.payer_claim_id
    WHERE told.kind IN ('principal', 'other', 'external')
    UNION
    -- Codes of another file than their claim are found by its number, those of several files once.
    SELECT
        claim.payer_claim_id, told.kind, told.position, told.diagnosis_code, told.code_system,
        told.present_on_admission_code
    FROM claim
    JOIN payer_claim_diagnosis AS told
        ON told.feed_code = claim.feed_code AND told.claim_number = claim.claim_number
    WHERE told.payer_claim_id IS NULL AND told.kind IN ('principal', 'other', 'external')
    UNION
    SELECT
        claim.payer_claim_id, told.kind, told.position, told.diagnosis_code, told.code_system,
        told.present_on_admission_code
    FROM claim
    JOIN claim_diagnosis AS told ON told.claim_id = claim.payer_claim_id
    WHERE claim.is_own AND told.kind IN ('principal', 'other', 'external')
),

diagnosis_order AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY payer_claim_id
            ORDER BY
                CASE kind WHEN 'principal' THEN 1 WHEN 'other' THEN 2 ELSE 3 END ASC,
                position ASC NULLS LAST,
                diagnosis_code ASC NULLS LAST
        ) AS code_no
    FROM diagnosed
),

diagnosis AS (
    SELECT
        payer_claim_id,
        list(diagnosis_code ORDER BY code_no) AS codes,
        list(present_on_admission_code ORDER BY code_no) AS presents,
        max(code_system) AS code_system
    FROM diagnosis_order
    GROUP BY payer_claim_id
),

operated AS (
    SELECT
        claim.payer_claim_id, told.position, told.procedure_code, told.procedure_date,
        told.code_system
    FROM claim
    JOIN payer_claim_procedure AS told ON told.payer_claim_id = claim.payer_claim_id
    UNION
    SELECT
        claim.payer_claim_id, told.position, told.procedure_code, told.procedure_date,
        told.code_system
    FROM claim
    JOIN payer_claim_procedure AS told
        ON told.feed_code = claim.feed_code AND told.claim_number = claim.claim_number
    WHERE told.payer_claim_id IS NULL
),

operation AS (
    SELECT
        payer_claim_id,
        list(procedure_code ORDER BY position, procedure_code) AS codes,
        list(procedure_date ORDER BY position, procedure_code) AS dates,
        max(code_system) AS code_system
    FROM operated
    GROUP BY payer_claim_id
)

SELECT
    CAST(priced.payer_claim_id AS VARCHAR) AS claim_id,
    priced.place AS claim_line_number,
    coalesce(priced.claim_type, 'undetermined') AS claim_type,
    CAST(priced.person_id AS VARCHAR) AS person_id,
    coalesce(priced.member_id, CAST(priced.person_id AS VARCHAR)) AS member_id,
    priced.payer_name AS payer,
    coalesce(priced.line_of_business, priced.payer_name) AS plan,
    priced.service_from_date AS claim_start_date,
    priced.service_to_date AS claim_end_date,
    coalesce(priced.line_from_date, priced.service_from_date) AS claim_line_start_date,
    coalesce(priced.line_to_date, priced.line_from_date, priced.service_to_date)
        AS claim_line_end_date,
    CASE WHEN priced.claim_type = 'institutional' THEN priced.admission_date END AS admission_date,
    priced.discharge_date,
    priced.admission_source_code AS admit_source_code,
    priced.admission_type_code AS admit_type_code,
    priced.discharge_status_code AS discharge_disposition_code,
    priced.place_of_service_code,
    priced.bill_type_code,
    priced.drg_code AS ms_drg_code,
    NULL AS apr_drg_code,
    priced.revenue_code AS revenue_center_code,
    priced.units AS service_unit_quantity,
    priced.procedure_code AS hcpcs_code,
    {modifiers},
    coalesce(priced.rendering_npi, priced.claim_rendering_npi) AS rendering_npi,
    NULL AS rendering_tin,
    priced.billing_npi,
    priced.billing_tin,
    priced.facility_npi,
    priced.paid_date,
    priced.paid AS paid_amount,
    priced.allowed AS allowed_amount,
    priced.charged AS charge_amount,
    priced.coinsurance AS coinsurance_amount,
    priced.copayment AS copayment_amount,
    priced.deductible AS deductible_amount,
    NULL AS total_cost_amount,
    CASE coalesce(diagnosis.code_system, 'icd10')
        WHEN 'icd10' THEN 'icd-10-cm' WHEN 'icd9' THEN 'icd-9-cm'
    END AS diagnosis_code_type,
    {diagnoses},
    {presents},
    CASE
        WHEN operation.payer_claim_id IS NULL THEN NULL
        WHEN operation.code_system = 'icd9' THEN 'icd-9-pcs' ELSE 'icd-10-pcs'
    END AS procedure_code_type,
    {procedures},
    {dates},
    NULL AS in_network_flag,
    'revcycle' AS data_source,
    source_file.file_name,
    source_file.loaded_at AS ingest_datetime
FROM priced
LEFT JOIN diagnosis ON diagnosis.payer_claim_id = priced.payer_claim_id
LEFT JOIN operation ON operation.payer_claim_id = priced.payer_claim_id
LEFT JOIN source_file ON source_file.file_id = priced.file_id
WHERE coalesce(priced.claim_type, '') <> 'pharmacy'
ORDER BY priced.payer_claim_id ASC, priced.place ASC
