-- edit_icd: one row per claim and edit ICD-1 to ICD-5 that it breaks, or that could not be made.
--
-- Reads    billed_claim, claim, claim_diagnosis, patient, edit_day, icd10cm_code, mce_diagnosis,
--          mce_age_range
-- Sources  ICD-10-CM order files; the Medicare Code Editor (inpatient hospital claims, bill type 11x)
--
-- ICD-1 a code not in force on the last day of service; ICD-2 a heading, not a code; and of inpatient
-- claims ICD-3 unspecified, ICD-4 in conflict with age or sex, ICD-5 a principal that can be none
-- (manifestation, unacceptable, external cause, alone) or is said twice.  Days of which no table
-- speaks have no row here: edit_check knows them.
WITH stay AS (
    SELECT
        billed_claim.claim_id,
        edit_day.day,
        edit_day.order_id,
        edit_day.editor_id,
        edit_day.age_id,
        upper(claim.principal_diagnosis_code) AS principal_code,
        coalesce(
            billed_claim.claim_type = 'institutional' AND billed_claim.bill_type_code LIKE '11%',
            FALSE
        ) AS is_inpatient,
        patient.sex_code,
        -- Whole years on admission, of days as numbers.
        floor((
            year(coalesce(claim.admission_date, claim.service_from_date)) * 10000
            + month(coalesce(claim.admission_date, claim.service_from_date)) * 100
            + day(coalesce(claim.admission_date, claim.service_from_date))
            - year(patient.birth_date) * 10000
            - month(patient.birth_date) * 100
            - day(patient.birth_date)
        ) / 10000) AS age
    FROM billed_claim
    JOIN edit_day
        ON edit_day.day = coalesce(billed_claim.service_to_date, billed_claim.service_from_date)
        AND (edit_day.order_id IS NOT NULL OR edit_day.editor_id IS NOT NULL)
    JOIN claim ON claim.claim_id = billed_claim.claim_id
    LEFT JOIN patient ON patient.patient_id = claim.patient_id
),

diagnosis AS (
    SELECT
        stay.claim_id,
        stay.day,
        stay.age,
        stay.sex_code,
        stay.is_inpatient,
        claim_diagnosis.code_system = 'icd10' AS is_icd10,
        upper(claim_diagnosis.diagnosis_code) AS code,
        claim_diagnosis.kind = 'principal' AS is_principal,
        claim_diagnosis.kind IN ('principal', 'other', 'external') AS is_edited,
        claim_diagnosis.kind = 'other'
        AND upper(claim_diagnosis.diagnosis_code) = stay.principal_code AS is_repeated,
        stay.order_id,
        stay.editor_id,
        stay.age_id
    FROM claim_diagnosis
    JOIN stay ON stay.claim_id = claim_diagnosis.claim_id
    WHERE claim_diagnosis.diagnosis_code IS NOT NULL
),

listed AS (
    SELECT
        diagnosis.claim_id,
        sum(CASE WHEN icd10cm_code.code IS NULL THEN 1 ELSE 0 END) AS unlisted,
        min(CASE WHEN icd10cm_code.code IS NULL THEN diagnosis.code END) AS unlisted_code,
        sum(CASE WHEN NOT icd10cm_code.is_billable THEN 1 ELSE 0 END) AS headings,
        min(CASE WHEN NOT icd10cm_code.is_billable THEN diagnosis.code END) AS heading
    FROM diagnosis
    LEFT JOIN icd10cm_code
        ON icd10cm_code.reference_id = diagnosis.order_id AND icd10cm_code.code = diagnosis.code
    WHERE diagnosis.order_id IS NOT NULL AND diagnosis.is_icd10
    GROUP BY diagnosis.claim_id
),

flagged AS (
    -- What the editor says of each diagnosis of an inpatient claim.
    SELECT
        diagnosis.claim_id,
        diagnosis.day,
        diagnosis.age,
        diagnosis.code,
        diagnosis.age_id,
        diagnosis.is_principal,
        diagnosis.is_repeated,
        mce_diagnosis.flags,
        array_contains(mce_diagnosis.flags, 'unspecified') AS is_unspecified,
        array_contains(mce_diagnosis.flags, 'female') AND diagnosis.sex_code = 'M'
        OR array_contains(mce_diagnosis.flags, 'male') AND diagnosis.sex_code = 'F' AS is_of_other_sex,
        (array_contains(mce_diagnosis.flags, 'female') OR array_contains(mce_diagnosis.flags, 'male'))
        AND coalesce(diagnosis.sex_code NOT IN ('M', 'F'), TRUE) AS is_sex_unknown,
        diagnosis.is_principal AND (
            array_contains(mce_diagnosis.flags, 'manifestation')
            OR array_contains(mce_diagnosis.flags, 'ecodepdx')
            OR array_contains(mce_diagnosis.flags, 'unacceptable')
            AND NOT array_contains(mce_diagnosis.flags, 'reqsdx')
        ) AS is_no_principal,
        diagnosis.is_principal AND array_contains(mce_diagnosis.flags, 'reqsdx') AS needs_another
    FROM diagnosis
    LEFT JOIN mce_diagnosis
        ON mce_diagnosis.reference_id = diagnosis.editor_id
        AND mce_diagnosis.code = diagnosis.code
        AND diagnosis.day >= mce_diagnosis.start_date
        AND diagnosis.day <= coalesce(mce_diagnosis.end_date, DATE '9999-12-31')
    WHERE diagnosis.is_inpatient AND diagnosis.is_edited AND diagnosis.editor_id IS NOT NULL
      AND diagnosis.is_icd10
),

aged AS (
    -- Diagnoses for an age, with the range of that day, where one is known.
    SELECT
        flagged.claim_id,
        sum(CASE WHEN NOT flagged.age BETWEEN mce_age_range.start_age AND mce_age_range.end_age
            AND flagged.age BETWEEN 0 AND 124 THEN 1 ELSE 0 END) AS conflicts,
        sum(CASE WHEN mce_age_range.start_age IS NULL
            OR coalesce(NOT flagged.age BETWEEN 0 AND 124, TRUE) THEN 1 ELSE 0 END) AS unknown,
        min(flagged.code) AS code
    FROM flagged
    JOIN (
        SELECT 'newborn' AS age_group
        UNION ALL SELECT 'pediatric'
        UNION ALL SELECT 'maternity'
        UNION ALL SELECT 'adult'
    ) AS groups ON array_contains(flagged.flags, groups.age_group)
    LEFT JOIN mce_age_range
        ON mce_age_range.reference_id = flagged.age_id
        AND mce_age_range.age_group = groups.age_group
        AND flagged.day >= mce_age_range.start_date
        AND flagged.day <= coalesce(mce_age_range.end_date, DATE '9999-12-31')
    GROUP BY flagged.claim_id
),

edited AS (
    SELECT
        claim_id,
        sum(CASE WHEN is_unspecified THEN 1 ELSE 0 END) AS unspecified,
        min(CASE WHEN is_unspecified THEN code END) AS unspecified_code,
        sum(CASE WHEN is_of_other_sex THEN 1 ELSE 0 END) AS of_other_sex,
        min(CASE WHEN is_of_other_sex OR is_sex_unknown THEN code END) AS sex_code,
        sum(CASE WHEN is_sex_unknown THEN 1 ELSE 0 END) AS of_unknown_sex,
        sum(CASE WHEN is_no_principal OR is_repeated THEN 1 ELSE 0 END)
        + CASE WHEN count(*) = 1 AND max(CASE WHEN needs_another THEN 1 ELSE 0 END) = 1
            THEN 1 ELSE 0 END AS misplaced,
        min(CASE WHEN is_no_principal OR is_repeated OR needs_another THEN code END)
            AS misplaced_code
    FROM flagged
    GROUP BY claim_id
),

told AS (
    SELECT claim_id, 'ICD-1' AS edit_code, unlisted AS broken, 0 AS unknown, unlisted_code AS code
    FROM listed
    UNION ALL
    SELECT claim_id, 'ICD-2', headings, 0, heading
    FROM listed
    UNION ALL
    SELECT claim_id, 'ICD-3', unspecified, 0, unspecified_code
    FROM edited
    UNION ALL
    SELECT
        edited.claim_id,
        'ICD-4',
        edited.of_other_sex + coalesce(aged.conflicts, 0),
        edited.of_unknown_sex + coalesce(aged.unknown, 0),
        coalesce(edited.sex_code, aged.code)
    FROM edited
    LEFT JOIN aged ON aged.claim_id = edited.claim_id
    UNION ALL
    SELECT claim_id, 'ICD-5', misplaced, 0, misplaced_code
    FROM edited
    UNION ALL
    -- Diagnoses of another code set are in none of these tables.
    SELECT diagnosis.claim_id, old.edit_code, 0, 1, NULL
    FROM diagnosis
    CROSS JOIN (
        SELECT 'ICD-1' AS edit_code
        UNION ALL SELECT 'ICD-2'
    ) AS old
    WHERE NOT diagnosis.is_icd10
    GROUP BY diagnosis.claim_id, old.edit_code
)

SELECT
    CAST(claim_id AS BIGINT) AS claim_id,
    CAST(edit_code AS STRING) AS edit_code,
    CAST(CASE WHEN max(broken) > 0 THEN 'broken' ELSE 'not_checked' END AS STRING) AS result,
    CAST(max(code) AS STRING) AS finding,
    CAST(max(broken) AS INTEGER) AS finding_count
FROM told
WHERE broken > 0 OR unknown > 0
GROUP BY claim_id, edit_code
