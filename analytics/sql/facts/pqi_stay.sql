-- pqi_stay: one row per acute stay of an adult and Prevention Quality Indicator it counts under.
--
-- Reads    encounter, stay_bill, stay_code, payer_claim, claim, measure_code
-- Source   AHRQ PQI v2024 technical specifications: numerators of PQI 01 to 16.
--
-- Patients who came from another hospital or facility (point of origin 4, 5 or 6) do not count.
WITH latest AS (
    SELECT list_name, max(coalesce(reference_id, 0)) AS reference_id
    FROM measure_code
    WHERE list_name LIKE 'pqi_%'
    GROUP BY list_name
),

listed AS (
    SELECT
        measure_code.list_name,
        CASE WHEN measure_code.list_name IN (
            'pqi_ACSCARP', 'pqi_ACSLEAP', 'pqi_DIALY2P', 'pqi_IMMUNIP'
        ) THEN 'procedure' ELSE 'diagnosis' END AS kind,
        measure_code.code
    FROM measure_code
    JOIN latest
        ON latest.list_name = measure_code.list_name
        AND latest.reference_id = coalesce(measure_code.reference_id, 0)
    GROUP BY measure_code.list_name, measure_code.code
),

sent_on AS (
    SELECT stay_bill.encounter_id
    FROM stay_bill
    JOIN encounter ON encounter.claim_id = stay_bill.encounter_id
    LEFT JOIN payer_claim ON payer_claim.payer_claim_id = stay_bill.claim_id
    LEFT JOIN claim ON claim.claim_id = stay_bill.claim_id
    WHERE encounter.encounter_type = 'acute_inpatient'
      AND stay_bill.service_from_date = encounter.start_date
      AND coalesce(payer_claim.admission_source_code, claim.admission_source_code)
          IN ('4', '5', '6')
    GROUP BY stay_bill.encounter_id
),

stay AS (
    SELECT encounter.*
    FROM encounter
    LEFT JOIN sent_on ON sent_on.encounter_id = encounter.claim_id
    WHERE encounter.encounter_type = 'acute_inpatient'
      AND encounter.age >= 18
      AND sent_on.encounter_id IS NULL
),

principal AS (
    SELECT stay.claim_id, listed.list_name
    FROM stay
    JOIN listed ON listed.kind = 'diagnosis' AND listed.code = stay.principal_diagnosis_code
),

-- Lists that any code of the stay is on.
has_any AS (
    SELECT
        stay_code.encounter_id,
        max(CASE WHEN listed.list_name = 'pqi_RESPAN' THEN 1 ELSE 0 END) AS lung_anomaly,
        max(CASE WHEN listed.list_name = 'pqi_ACSCARP' THEN 1 ELSE 0 END) AS heart_procedure,
        max(CASE WHEN listed.list_name = 'pqi_ACSHY2D' THEN 1 ELSE 0 END) AS kidney_stage,
        max(CASE WHEN listed.list_name = 'pqi_DIALY2P' THEN 1 ELSE 0 END) AS dialysis_access,
        max(CASE WHEN listed.list_name = 'pqi_ACSBA2D' THEN 1 ELSE 0 END) AS sickle_cell,
        max(CASE WHEN listed.list_name IN ('pqi_IMMUNID', 'pqi_IMMUNIP') THEN 1 ELSE 0 END)
            AS immune,
        max(CASE WHEN listed.list_name = 'pqi_KIDNEY' THEN 1 ELSE 0 END) AS kidney_disorder,
        max(CASE WHEN listed.list_name = 'pqi_ACSLEAD' THEN 1 ELSE 0 END) AS diabetes,
        max(CASE WHEN listed.list_name = 'pqi_ACSLEAP' THEN 1 ELSE 0 END) AS amputation,
        max(CASE WHEN listed.list_name = 'pqi_ACLEA2D' THEN 1 ELSE 0 END) AS traumatic
    FROM stay_code
    JOIN listed ON listed.kind = stay_code.kind AND listed.code = stay_code.code
    GROUP BY stay_code.encounter_id
),

obstetric AS (
    SELECT claim_id
    FROM principal
    WHERE list_name IN ('pqi_MDC14PRINDX', 'pqi_MDC15PRINDX')
    GROUP BY claim_id
),

counted AS (
    SELECT
        stay.claim_id,
        CASE
            WHEN principal.list_name = 'pqi_ACDIASD' THEN '01'
            WHEN principal.list_name = 'pqi_ACDIALD' THEN '03'
            WHEN principal.list_name IN ('pqi_ACCOPDD', 'pqi_ACSASTD')
                AND stay.age >= 40 AND coalesce(has_any.lung_anomaly, 0) = 0 THEN '05'
            WHEN principal.list_name = 'pqi_ACSHYPD'
                AND coalesce(has_any.heart_procedure, 0) = 0
                AND coalesce(has_any.kidney_stage * has_any.dialysis_access, 0) = 0 THEN '07'
            WHEN principal.list_name = 'pqi_MRTCHFD'
                AND coalesce(has_any.heart_procedure, 0) = 0 THEN '08'
            WHEN principal.list_name = 'pqi_ACSBACD'
                AND coalesce(has_any.sickle_cell, 0) = 0
                AND coalesce(has_any.immune, 0) = 0 THEN '11'
            WHEN principal.list_name = 'pqi_ACSUTID'
                AND coalesce(has_any.kidney_disorder, 0) = 0
                AND coalesce(has_any.immune, 0) = 0 THEN '12'
            WHEN principal.list_name = 'pqi_ACDIAUD' THEN '14'
            WHEN principal.list_name = 'pqi_ACSASTD'
                AND stay.age < 40 AND coalesce(has_any.lung_anomaly, 0) = 0 THEN '15'
        END AS pqi_number
    FROM stay
    JOIN principal ON principal.claim_id = stay.claim_id
    LEFT JOIN has_any ON has_any.encounter_id = stay.claim_id
    UNION ALL
    SELECT stay.claim_id, '16' AS pqi_number
    FROM stay
    JOIN has_any ON has_any.encounter_id = stay.claim_id
    LEFT JOIN obstetric ON obstetric.claim_id = stay.claim_id
    WHERE has_any.diabetes = 1 AND has_any.amputation = 1 AND has_any.traumatic = 0
      AND obstetric.claim_id IS NULL
),

numbered AS (
    SELECT
        claim_id,
        pqi_number,
        row_number() OVER (PARTITION BY claim_id ORDER BY pqi_number ASC NULLS LAST) AS place
    FROM counted
    WHERE pqi_number IS NOT NULL
    GROUP BY claim_id, pqi_number
)

SELECT
    stay.claim_id,
    CAST(numbered.pqi_number AS STRING) AS pqi_number,
    -- PQI 90, the composite, counts a stay once.
    CAST(CASE WHEN numbered.place = 1 THEN 1 ELSE 0 END AS INTEGER) AS composite_count,
    stay.person_id,
    stay.month,
    stay.is_covered,
    stay.payer_name,
    stay.line_of_business,
    stay.sex_code,
    stay.age,
    stay.start_date,
    stay.provider_id,
    stay.allowed_amount,
    stay.file_id,
    stay.record_no
FROM numbered
JOIN stay ON stay.claim_id = numbered.claim_id
