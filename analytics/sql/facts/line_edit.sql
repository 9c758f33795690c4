-- line_edit: one row per claim with ICD-10 diagnoses and edit that is for it, and what came of it.
--
-- Reads    billed_claim, claim, claim_diagnosis, patient, reference_file, icd10cm_code, mce_diagnosis,
--          mce_age_range
-- Sources  ICD-10-CM order files; the Medicare Code Editor (inpatient hospital claims, bill type 11x)
--
-- Edits: ICD-1 a code not in force on the last day of service; ICD-2 a heading, not a code; and of
-- inpatient claims ICD-3 unspecified, ICD-4 in conflict with age or sex, ICD-5 a principal that can
-- be none (manifestation, unacceptable, external cause, alone) or is said twice.  What no table loaded
-- speaks of on that day is not_checked.  A day is judged by the latest release in force then; the
-- editor's latest release holds its own history.
WITH stay AS (
    SELECT
        billed_claim.claim_id,
        coalesce(claim.service_to_date, claim.service_from_date) AS day,
        upper(claim.principal_diagnosis_code) AS principal_code,
        coalesce(
            claim.claim_type = 'institutional' AND claim.bill_type_code LIKE '11%', FALSE
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
    JOIN claim ON claim.claim_id = billed_claim.claim_id
    LEFT JOIN patient ON patient.patient_id = claim.patient_id
),

every_day AS (
    SELECT day
    FROM stay
    WHERE day IS NOT NULL
    GROUP BY day
),

ranked_release AS (
    SELECT
        every_day.day,
        reference_file.kind,
        reference_file.reference_id,
        row_number() OVER (
            PARTITION BY every_day.day, reference_file.kind
            ORDER BY
                CASE WHEN reference_file.kind = 'icd10cm_code'
                    THEN reference_file.effective_from END DESC NULLS LAST,
                reference_file.effective_to DESC NULLS LAST,
                reference_file.release DESC,
                reference_file.reference_id DESC
        ) AS place
    FROM every_day
    JOIN reference_file
        ON every_day.day >= reference_file.effective_from
        AND every_day.day <= coalesce(reference_file.effective_to, every_day.day)
    WHERE reference_file.kind IN ('icd10cm_code', 'mce_diagnosis', 'mce_age_range')
),

release_of_day AS (
    SELECT
        day,
        max(CASE WHEN kind = 'icd10cm_code' THEN reference_id END) AS order_id,
        max(CASE WHEN kind = 'mce_diagnosis' THEN reference_id END) AS editor_id,
        max(CASE WHEN kind = 'mce_age_range' THEN reference_id END) AS age_id
    FROM ranked_release
    WHERE place = 1
    GROUP BY day
),

diagnosis AS (
    SELECT
        stay.claim_id,
        stay.day,
        stay.age,
        stay.sex_code,
        stay.is_inpatient,
        upper(claim_diagnosis.diagnosis_code) AS code,
        claim_diagnosis.kind = 'principal' AS is_principal,
        claim_diagnosis.kind IN ('principal', 'other', 'external') AS is_edited,
        claim_diagnosis.kind = 'other'
        AND upper(claim_diagnosis.diagnosis_code) = stay.principal_code AS is_repeated,
        release_of_day.order_id,
        release_of_day.editor_id,
        release_of_day.age_id
    FROM claim_diagnosis
    JOIN stay ON stay.claim_id = claim_diagnosis.claim_id
    LEFT JOIN release_of_day ON release_of_day.day = stay.day
    WHERE claim_diagnosis.code_system = 'icd10' AND claim_diagnosis.diagnosis_code IS NOT NULL
),

listed AS (
    SELECT
        diagnosis.claim_id,
        count(diagnosis.order_id) > 0 AS is_checked,
        sum(CASE WHEN diagnosis.order_id IS NOT NULL AND icd10cm_code.code IS NULL THEN 1 ELSE 0 END)
            AS unlisted,
        sum(CASE WHEN NOT icd10cm_code.is_billable THEN 1 ELSE 0 END) AS headings
    FROM diagnosis
    LEFT JOIN icd10cm_code
        ON icd10cm_code.reference_id = diagnosis.order_id AND icd10cm_code.code = diagnosis.code
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
        diagnosis.editor_id,
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
        AND diagnosis.day <= coalesce(mce_diagnosis.end_date, diagnosis.day)
    WHERE diagnosis.is_inpatient AND diagnosis.is_edited
),

aged AS (
    -- Diagnoses for an age, with the range of that day, where one is known.
    SELECT
        flagged.claim_id,
        sum(CASE WHEN NOT flagged.age BETWEEN mce_age_range.start_age AND mce_age_range.end_age
            AND flagged.age BETWEEN 0 AND 124 THEN 1 ELSE 0 END) AS conflicts,
        sum(CASE WHEN mce_age_range.start_age IS NULL
            OR coalesce(NOT flagged.age BETWEEN 0 AND 124, TRUE) THEN 1 ELSE 0 END) AS unknown
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
        AND flagged.day <= coalesce(mce_age_range.end_date, flagged.day)
    GROUP BY flagged.claim_id
),

edited AS (
    SELECT
        claim_id,
        count(editor_id) > 0 AS is_checked,
        sum(CASE WHEN is_unspecified THEN 1 ELSE 0 END) AS unspecified,
        sum(CASE WHEN is_of_other_sex THEN 1 ELSE 0 END) AS of_other_sex,
        sum(CASE WHEN is_sex_unknown THEN 1 ELSE 0 END) AS of_unknown_sex,
        sum(CASE WHEN is_no_principal OR is_repeated AND editor_id IS NOT NULL
            THEN 1 ELSE 0 END)
        + CASE WHEN count(*) = 1 AND max(CASE WHEN needs_another THEN 1 ELSE 0 END) = 1
            THEN 1 ELSE 0 END AS misplaced
    FROM flagged
    GROUP BY claim_id
),

told AS (
    SELECT claim_id, 'ICD-1' AS edit_code, unlisted AS broken, is_checked
    FROM listed
    UNION ALL
    SELECT claim_id, 'ICD-2', headings, is_checked
    FROM listed
    UNION ALL
    SELECT claim_id, 'ICD-3', unspecified, is_checked
    FROM edited
    UNION ALL
    SELECT
        edited.claim_id,
        'ICD-4',
        edited.of_other_sex + coalesce(aged.conflicts, 0),
        edited.is_checked AND edited.of_unknown_sex + coalesce(aged.unknown, 0) = 0
    FROM edited
    LEFT JOIN aged ON aged.claim_id = edited.claim_id
    UNION ALL
    SELECT claim_id, 'ICD-5', misplaced, is_checked
    FROM edited
)

SELECT
    CAST(told.claim_id AS BIGINT) AS claim_id,
    CAST(told.edit_code AS VARCHAR) AS edit_code,
    CAST(CASE
        WHEN told.broken > 0 THEN 'broken'
        WHEN told.is_checked THEN 'sound'
        ELSE 'not_checked'
    END AS VARCHAR) AS result,
    CAST(told.broken AS INTEGER) AS diagnosis_count,
    billed_claim.file_id,
    billed_claim.record_no,
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
    billed_claim.billed_amount
FROM told
JOIN billed_claim ON billed_claim.claim_id = told.claim_id
