-- index_admission: one row per acute stay, whether it can be followed by a readmission, and what followed.
--
-- Reads    encounter, stay_code, cover_span, measure_code, build_info
-- Source   CMS/Yale Hospital-Wide All-Cause Unplanned Readmission measure, planned readmission
--          algorithm 4.0; CCS of AHRQ.
--
-- The next acute stay within 30 days of discharge is the readmission; where it is planned none counts,
-- whatever follows it.  Planned: an organ transplant and the like (always planned), maintenance
-- chemotherapy or rehabilitation; or a procedure that may be planned without an acute principal
-- diagnosis.  Lists name ICD-10 codes or CCS categories; a category needs CCS's file.  planned_rule:
-- hwr; hwr_without_ccs (categories could not be looked up); all_cause (no lists: any stay counts).
WITH loaded AS (
    SELECT
        max(CASE WHEN list_name = 'hwr_acute_diagnosis_icd_10_cm' THEN 1 ELSE 0 END) AS acute,
        max(CASE WHEN list_name = 'hwr_potentially_planned_icd_10_pcs' THEN 1 ELSE 0 END) AS maybe,
        max(CASE WHEN list_name = 'hwr_always_planned_ccs_procedure_category' THEN 1 ELSE 0 END)
            AS always,
        max(CASE WHEN list_name = 'ccs_diagnosis' THEN 1 ELSE 0 END) AS diagnoses,
        max(CASE WHEN list_name = 'ccs_procedure' THEN 1 ELSE 0 END) AS procedures
    FROM measure_code
),

rule AS (
    SELECT CASE
        WHEN acute = 1 AND maybe = 1 AND always = 1 AND diagnoses = 1 AND procedures = 1 THEN 'hwr'
        WHEN acute = 1 AND maybe = 1 THEN 'hwr_without_ccs'
        ELSE 'all_cause'
    END AS planned_rule
    FROM loaded
),

-- CCS categories of codes; the list of surgery names those of the procedures on it.
category AS (
    SELECT
        CASE WHEN list_name = 'ccs_diagnosis' THEN 'diagnosis' ELSE 'procedure' END AS kind,
        code,
        group_name AS ccs
    FROM measure_code
    WHERE list_name IN ('ccs_diagnosis', 'ccs_procedure', 'hwr_surgery_gynecology_cohort')
      AND group_name IS NOT NULL
    GROUP BY 1, 2, 3
),

listed AS (
    SELECT
        list_name,
        CASE WHEN list_name LIKE '%ccs%' THEN 'ccs' ELSE 'icd' END AS code_system,
        code
    FROM measure_code
    WHERE list_name IN (
        'hwr_acute_diagnosis_icd_10_cm', 'hwr_acute_diagnosis_ccs',
        'hwr_always_planned_ccs_diagnosis_category', 'hwr_always_planned_ccs_procedure_category',
        'hwr_potentially_planned_icd_10_pcs', 'hwr_potentially_planned_ccs_procedure_category'
    )
    GROUP BY list_name, code
),

stay AS (
    SELECT
        *,
        lead(claim_id) OVER in_order AS next_id,
        lead(start_date) OVER in_order AS next_start,
        lead(provider_id) OVER in_order AS next_provider_id
    FROM encounter
    WHERE encounter_type = 'acute_inpatient'
    WINDOW in_order AS (
        PARTITION BY person_id ORDER BY start_date ASC NULLS LAST, end_date ASC NULLS LAST, claim_id ASC NULLS LAST
    )
),

diagnosed AS (
    SELECT claim_id, 'icd' AS code_system, principal_diagnosis_code AS code
    FROM stay
    UNION ALL
    SELECT stay.claim_id, 'ccs' AS code_system, category.ccs AS code
    FROM stay
    JOIN category
        ON category.kind = 'diagnosis' AND category.code = stay.principal_diagnosis_code
),

principal AS (
    SELECT
        diagnosed.claim_id,
        max(CASE WHEN listed.list_name LIKE 'hwr_acute_%' THEN 1 ELSE 0 END) AS is_acute,
        max(CASE WHEN listed.list_name LIKE 'hwr_always_%' THEN 1 ELSE 0 END) AS is_always
    FROM diagnosed
    JOIN listed ON listed.code_system = diagnosed.code_system AND listed.code = diagnosed.code
    WHERE listed.list_name LIKE '%diagnosis%'
    GROUP BY diagnosed.claim_id
),

operated AS (
    SELECT encounter_id, 'icd' AS code_system, code
    FROM stay_code
    WHERE kind = 'procedure'
    UNION ALL
    SELECT stay_code.encounter_id, 'ccs' AS code_system, category.ccs AS code
    FROM stay_code
    JOIN category ON category.kind = 'procedure' AND category.code = stay_code.code
    WHERE stay_code.kind = 'procedure'
),

done AS (
    SELECT
        operated.encounter_id,
        max(CASE WHEN listed.list_name LIKE 'hwr_always_%' THEN 1 ELSE 0 END) AS is_always,
        1 AS is_maybe
    FROM operated
    JOIN listed ON listed.code_system = operated.code_system AND listed.code = operated.code
    WHERE listed.list_name LIKE '%procedure%' OR listed.list_name LIKE '%pcs'
    GROUP BY operated.encounter_id
),

planned AS (
    SELECT stay.claim_id
    FROM stay
    LEFT JOIN principal ON principal.claim_id = stay.claim_id
    LEFT JOIN done ON done.encounter_id = stay.claim_id
    WHERE done.is_always = 1
       OR principal.is_always = 1
       OR (done.is_maybe = 1 AND coalesce(principal.is_acute, 0) = 0)
),

-- Stays for cancer treatment, psychiatric disease and rehabilitation, of the hospital discharging.
excepted AS (
    SELECT stay.claim_id, min(measure_code.group_name) AS reason
    FROM stay
    JOIN category ON category.kind = 'diagnosis' AND category.code = stay.last_diagnosis_code
    JOIN measure_code
        ON measure_code.list_name = 'hwr_exclusion_ccs_diagnosis_category'
        AND measure_code.code = category.ccs
    GROUP BY stay.claim_id
),

followed AS (
    SELECT
        stay.claim_id,
        max(CASE WHEN cover_span.stretch_end_date >= stay.end_date + 30
            OR cover_span.is_ended_by_death THEN 1 ELSE 0 END) AS is_covered
    FROM stay
    JOIN cover_span
        ON cover_span.person_id = stay.person_id
        AND cover_span.start_date <= stay.end_date + 30
        AND cover_span.stretch_start_date <= stay.end_date
        AND cover_span.stretch_end_date >= stay.end_date
    GROUP BY stay.claim_id
),

visited AS (
    SELECT stay.claim_id, min(visit.start_date) AS visit_date
    FROM stay
    JOIN encounter AS visit
        ON visit.person_id = stay.person_id
        AND visit.start_date > stay.end_date
        AND visit.start_date <= stay.end_date + 30
    WHERE visit.encounter_type IN ('office_visit', 'wellness_visit', 'other_visit')
    GROUP BY stay.claim_id
)

SELECT
    stay.claim_id,
    stay.person_id,
    stay.payer_name,
    stay.line_of_business,
    stay.sex_code,
    stay.age,
    stay.provider_id,
    stay.drg_code,
    stay.last_diagnosis_code AS principal_diagnosis_code,
    stay.start_date AS admission_date,
    stay.end_date AS discharge_date,
    CAST(CASE
        WHEN coalesce(stay.discharge_status_code, '') IN ('20', '40', '41', '42') THEN 'died'
        WHEN stay.discharge_status_code = '30' THEN 'still a patient'
        WHEN stay.discharge_status_code = '07' THEN 'left against advice'
        WHEN stay.discharge_status_code IN ('02', '05', '66', '82', '85', '94')
            THEN 'transferred to a hospital whose claim is not there'
        WHEN stay.end_date + 30 > build_info.as_of THEN 'discharged less than 30 days ago'
        WHEN coalesce(followed.is_covered, 0) = 0 THEN 'not covered for 30 days after'
        WHEN excepted.reason IS NOT NULL THEN 'cancer, psychiatric or rehabilitation stay'
        ELSE 'none'
    END AS STRING) AS exclusion,
    CAST(rule.planned_rule AS STRING) AS planned_rule,
    CAST(CASE WHEN days_between(stay.end_date, stay.next_start) <= 30 THEN stay.next_start END
        AS DATE) AS readmission_date,
    CAST(CASE WHEN days_between(stay.end_date, stay.next_start) <= 30
        THEN days_between(stay.end_date, stay.next_start) END AS INTEGER) AS days_to_readmission,
    CAST(CASE WHEN days_between(stay.end_date, stay.next_start) <= 30
        THEN stay.next_provider_id END AS STRING) AS readmitting_provider_id,
    CAST(coalesce(days_between(stay.end_date, stay.next_start) <= 30, FALSE)
        AND planned.claim_id IS NOT NULL AS BOOLEAN) AS is_planned,
    CAST(coalesce(days_between(stay.end_date, stay.next_start) <= 30, FALSE)
        AND planned.claim_id IS NULL AS BOOLEAN) AS is_readmitted,
    CAST(visited.visit_date AS DATE) AS follow_up_date,
    CAST(days_between(stay.end_date, visited.visit_date) AS INTEGER) AS days_to_follow_up,
    stay.allowed_amount,
    stay.file_id,
    stay.record_no
FROM stay
CROSS JOIN rule
CROSS JOIN build_info
LEFT JOIN planned ON planned.claim_id = stay.next_id
LEFT JOIN followed ON followed.claim_id = stay.claim_id
LEFT JOIN excepted ON excepted.claim_id = stay.claim_id
LEFT JOIN visited ON visited.claim_id = stay.claim_id
