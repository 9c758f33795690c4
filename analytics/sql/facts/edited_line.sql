-- edited_line: one row per service line with a procedure code, on a day of which a table of
-- procedures is loaded, with what such edits compare.
--
-- Reads    billed_claim, claim_line, edited_service, edit_day, person
--
-- Claims are taken as first sent.  Lines are compared within one setting, payer and payer sequence: a
-- claim to a second payer asks again for the same services.  Who gave them is the rendering, else
-- the billing provider; of hospitals the billing one.  Unknown people and providers are nobody else.
WITH placed AS (
    SELECT
        billed_claim.claim_id,
        claim_line.line_no,
        claim_line.record_no,
        billed_claim.patient_id,
        billed_claim.payer_name,
        billed_claim.payer_sequence_code,
        edited_service.service_no,
        edited_service.code_no,
        coalesce(claim_line.service_from_date, billed_claim.service_from_date) AS day,
        coalesce(
            claim_line.service_to_date, claim_line.service_from_date, billed_claim.service_from_date
        ) AS to_day,
        CASE
            WHEN billed_claim.claim_type = 'professional' THEN 'practitioner'
            WHEN billed_claim.claim_type = 'institutional'
                AND substr(billed_claim.bill_type_code, 1, 2) IN (
                    '12', '13', '14', '22', '23', '34', '72', '74', '75', '76', '83', '85'
                ) THEN 'hospital'
        END AS setting,
        CASE WHEN billed_claim.claim_type = 'professional'
            THEN coalesce(claim_line.rendering_npi, billed_claim.rendering_npi) END AS own_npi,
        billed_claim.billing_npi,
        CASE WHEN coalesce(claim_line.unit_code, 'UN') = 'UN' THEN claim_line.units END AS units,
        coalesce(claim_line.unit_code, 'UN') AS unit_code
    FROM claim_line
    JOIN billed_claim ON billed_claim.claim_id = claim_line.claim_id
    JOIN edited_service
        ON edited_service.procedure_code = claim_line.procedure_code
        AND edited_service.modifier_key = coalesce(claim_line.modifier_key, '')
    WHERE coalesce(claim_line.procedure_qualifier, 'HC') = 'HC'
)

SELECT
    CAST(placed.claim_id AS BIGINT) AS claim_id,
    CAST(placed.line_no AS INTEGER) AS line_no,
    CAST(placed.record_no AS BIGINT) AS record_no,
    CAST(coalesce(person.person_id, -placed.claim_id) AS BIGINT) AS person_id,
    CAST(coalesce(
        try_cast(placed.own_npi AS BIGINT),
        try_cast(placed.billing_npi AS BIGINT),
        -placed.claim_id
    ) AS BIGINT) AS provider_no,
    placed.payer_name,
    placed.payer_sequence_code,
    CAST(placed.setting AS STRING) AS setting,
    CAST(placed.service_no AS INTEGER) AS service_no,
    CAST(placed.code_no AS INTEGER) AS code_no,
    CAST(placed.day AS DATE) AS day,
    CAST(greatest(placed.to_day, placed.day) AS DATE) AS to_day,
    CAST(placed.units AS DECIMAL(14, 3)) AS units,
    CAST(placed.unit_code AS STRING) AS unit_code
FROM placed
JOIN edit_day ON edit_day.day = placed.day AND edit_day.has_line_table
LEFT JOIN person ON person.patient_id = placed.patient_id
WHERE placed.setting IS NOT NULL
