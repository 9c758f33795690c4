-- risk_diagnosis: one row per covered person, calendar year and ICD-10 diagnosis on claims incurred in it.
--
-- Reads    incurred_claim, cover_span, payer_claim, payer_claim_diagnosis, claim_diagnosis,
--          settled_line, billed_line, measure_code
-- Source   CMS encounter-data filtering for risk adjustment: inpatient stays, and outpatient and
--          professional claims with a procedure on CMS's list of the year.
--
-- Without that list every outpatient and professional claim counts, and is_filtered says so.
WITH member AS (
    SELECT person_id
    FROM cover_span
    GROUP BY person_id
),

listed AS (
    SELECT code
    FROM measure_code
    WHERE list_name = 'risk_eligible_procedure'
    GROUP BY code
),

list_size AS (
    SELECT count(*) AS code_count
    FROM listed
),

of_member AS (
    SELECT
        incurred_claim.claim_source,
        incurred_claim.claim_id,
        incurred_claim.person_id,
        incurred_claim.service_category,
        incurred_claim.service_to_date,
        payer_claim.feed_code,
        payer_claim.claim_number,
        payer_claim.principal_diagnosis_code
    FROM incurred_claim
    JOIN member ON member.person_id = incurred_claim.person_id
    LEFT JOIN payer_claim ON payer_claim.payer_claim_id = incurred_claim.claim_id
),

with_procedure AS (
    SELECT settled_line.payer_claim_id AS claim_id
    FROM settled_line
    JOIN listed ON listed.code = settled_line.procedure_code
    UNION
    SELECT billed_line.claim_id
    FROM billed_line
    JOIN listed ON listed.code = billed_line.procedure_code
),

coded AS (
    SELECT of_member.claim_id, code.diagnosis_code
    FROM of_member
    JOIN payer_claim_diagnosis AS code ON code.payer_claim_id = of_member.claim_id
    WHERE coalesce(code.code_system, 'icd10') = 'icd10'
    UNION
    SELECT of_member.claim_id, code.diagnosis_code
    FROM of_member
    JOIN payer_claim_diagnosis AS code
        ON code.feed_code = of_member.feed_code AND code.claim_number = of_member.claim_number
    WHERE code.payer_claim_id IS NULL AND coalesce(code.code_system, 'icd10') = 'icd10'
    UNION
    SELECT claim_id, principal_diagnosis_code AS diagnosis_code
    FROM of_member
    WHERE principal_diagnosis_code IS NOT NULL
    UNION
    SELECT of_member.claim_id, code.diagnosis_code
    FROM of_member
    JOIN claim_diagnosis AS code ON code.claim_id = of_member.claim_id
    WHERE of_member.claim_source = 'own_claim' AND code.code_system = 'icd10'
),

told AS (
    SELECT
        of_member.person_id,
        CAST(date_trunc('year', of_member.service_to_date) AS DATE) AS year,
        coded.diagnosis_code,
        of_member.claim_id,
        of_member.service_to_date,
        CASE
            WHEN of_member.service_category = 'inpatient' THEN 1
            WHEN of_member.service_category IN ('outpatient', 'emergency', 'professional')
                AND (list_size.code_count = 0 OR with_procedure.claim_id IS NOT NULL) THEN 1
            ELSE 0
        END AS eligible
    FROM coded
    JOIN of_member ON of_member.claim_id = coded.claim_id
    CROSS JOIN list_size
    LEFT JOIN with_procedure ON with_procedure.claim_id = coded.claim_id
)

SELECT
    CAST(told.person_id AS BIGINT) AS person_id,
    CAST(told.year AS DATE) AS year,
    CAST(told.diagnosis_code AS STRING) AS diagnosis_code,
    CAST(max(told.eligible) = 1 AS BOOLEAN) AS is_eligible,
    CAST(max(list_size.code_count) > 0 AS BOOLEAN) AS is_filtered,
    CAST(count(*) AS INTEGER) AS claim_count,
    CAST(max(told.service_to_date) AS DATE) AS last_date
FROM told
CROSS JOIN list_size
WHERE told.year IS NOT NULL AND told.diagnosis_code IS NOT NULL
GROUP BY told.person_id, told.year, told.diagnosis_code
