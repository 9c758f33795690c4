-- stay_code: one row per ICD-10 code of an acute stay.
--
-- Reads    stay_bill, payer_claim, payer_claim_diagnosis, payer_claim_procedure, claim_diagnosis,
--          claim_code
--
-- Codes of another file than their claim (CCLF3, CCLF4) are found by the claim's number.
WITH bill AS (
    SELECT
        stay_bill.encounter_id,
        stay_bill.claim_id,
        payer_claim.feed_code,
        payer_claim.claim_number
    FROM stay_bill
    LEFT JOIN payer_claim ON payer_claim.payer_claim_id = stay_bill.claim_id
    WHERE stay_bill.encounter_type = 'acute_inpatient'
),

told AS (
    SELECT bill.encounter_id, 'diagnosis' AS kind, code.diagnosis_code AS code
    FROM bill
    JOIN payer_claim_diagnosis AS code ON code.payer_claim_id = bill.claim_id
    WHERE coalesce(code.code_system, 'icd10') = 'icd10'
    UNION ALL
    SELECT bill.encounter_id, 'diagnosis' AS kind, code.diagnosis_code AS code
    FROM bill
    JOIN payer_claim_diagnosis AS code
        ON code.feed_code = bill.feed_code AND code.claim_number = bill.claim_number
    WHERE code.payer_claim_id IS NULL AND coalesce(code.code_system, 'icd10') = 'icd10'
    UNION ALL
    SELECT bill.encounter_id, 'procedure' AS kind, code.procedure_code AS code
    FROM bill
    JOIN payer_claim_procedure AS code ON code.payer_claim_id = bill.claim_id
    WHERE coalesce(code.code_system, 'icd10') = 'icd10'
    UNION ALL
    SELECT bill.encounter_id, 'procedure' AS kind, code.procedure_code AS code
    FROM bill
    JOIN payer_claim_procedure AS code
        ON code.feed_code = bill.feed_code AND code.claim_number = bill.claim_number
    WHERE code.payer_claim_id IS NULL AND coalesce(code.code_system, 'icd10') = 'icd10'
    UNION ALL
    SELECT bill.encounter_id, 'diagnosis' AS kind, code.diagnosis_code AS code
    FROM bill
    JOIN claim_diagnosis AS code ON code.claim_id = bill.claim_id
    WHERE bill.feed_code IS NULL AND code.code_system = 'icd10'
    UNION ALL
    SELECT bill.encounter_id, 'procedure' AS kind, code.code
    FROM bill
    JOIN claim_code AS code ON code.claim_id = bill.claim_id
    WHERE bill.feed_code IS NULL AND code.qualifier IN ('BBR', 'BBQ')
)

SELECT
    CAST(encounter_id AS BIGINT) AS encounter_id,
    CAST(kind AS STRING) AS kind,
    CAST(code AS STRING) AS code
FROM told
WHERE code IS NOT NULL
GROUP BY encounter_id, kind, code
