-- ed_visit: one row per visit to an emergency room, treated and released, with the chances of its kind.
--
-- Reads    encounter, ed_probability
-- Source   NYU emergency department algorithm, Johnston and others 2017: chances by principal diagnosis.
WITH latest AS (
    SELECT max(coalesce(reference_id, 0)) AS reference_id, count(*) AS code_count
    FROM ed_probability
),

chance AS (
    SELECT
        ed_probability.code,
        max(ed_probability.non_emergent_share) AS non_emergent_share,
        max(ed_probability.primary_care_share) AS primary_care_share,
        max(ed_probability.preventable_share) AS preventable_share
    FROM ed_probability
    JOIN latest ON latest.reference_id = coalesce(ed_probability.reference_id, 0)
    GROUP BY ed_probability.code
)

SELECT
    encounter.claim_id,
    encounter.person_id,
    encounter.payer_name,
    encounter.line_of_business,
    encounter.sex_code,
    encounter.age,
    encounter.provider_id,
    encounter.is_covered,
    encounter.start_date,
    encounter.principal_diagnosis_code,
    CAST(latest.code_count > 0 AS BOOLEAN) AS is_checked,
    CAST(chance.code IS NOT NULL AS BOOLEAN) AS is_classified,
    CAST(coalesce(chance.non_emergent_share, 0) AS DECIMAL(11, 10)) AS non_emergent_share,
    CAST(coalesce(chance.primary_care_share, 0) AS DECIMAL(11, 10)) AS primary_care_share,
    CAST(coalesce(chance.preventable_share, 0) AS DECIMAL(11, 10)) AS preventable_share,
    encounter.allowed_amount,
    encounter.file_id,
    encounter.record_no
FROM encounter
CROSS JOIN latest
LEFT JOIN chance ON chance.code = encounter.principal_diagnosis_code
WHERE encounter.encounter_type = 'emergency'
