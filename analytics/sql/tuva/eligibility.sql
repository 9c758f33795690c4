-- A span that goes on ends with the month of the as-of date, as Tuva joins spans to a calendar.
-- Payers are named as on claims; what Synthea says of people without insurance is no enrollment.
WITH named AS (
    SELECT payer_code, min(payer_name) AS payer_name
    FROM payer
    WHERE payer_code IS NOT NULL AND payer_name IS NOT NULL
    GROUP BY payer_code
),

known AS (
    SELECT
        person.person_id,
        max(patient.sex_code) AS sex_code,
        min(patient.birth_date) AS birth_date,
        min(patient.death_date) AS death_date,
        min(patient.postal_code) AS postal_code,
        min(patient.state_code) AS state_code
    FROM patient
    JOIN person ON person.patient_id = patient.patient_id
    GROUP BY person.person_id
),

span AS (
    SELECT
        person.person_id,
        min(patient.member_id) AS member_id,
        coalesce(named.payer_name, eligibility.payer_name) AS payer_name,
        eligibility.line_of_business,
        eligibility.start_date,
        coalesce(eligibility.end_date, last_day(build_info.as_of)) AS end_date,
        max(eligibility.entitlement_code) AS entitlement_code,
        max(eligibility.dual_status_code) AS dual_status_code,
        max(eligibility.medicare_status_code) AS medicare_status_code,
        min(eligibility.file_id) AS file_id
    FROM eligibility
    JOIN patient ON patient.patient_id = eligibility.patient_id
    JOIN person ON person.patient_id = eligibility.patient_id
    LEFT JOIN named ON named.payer_code = eligibility.payer_name
    CROSS JOIN build_info
    WHERE eligibility.start_date <= coalesce(eligibility.end_date, last_day(build_info.as_of))
        AND coalesce(named.payer_name, eligibility.payer_name, '') <> 'NO_INSURANCE'
    GROUP BY ALL
)

SELECT
    CAST(span.person_id AS VARCHAR) AS person_id,
    coalesce(span.member_id, CAST(span.person_id AS VARCHAR)) AS member_id,
    NULL AS subscriber_id,
    CASE known.sex_code WHEN 'M' THEN 'male' WHEN 'F' THEN 'female' ELSE 'unknown' END AS gender,
    NULL AS race,
    known.birth_date,
    known.death_date,
    CASE WHEN known.death_date IS NULL THEN 0 ELSE 1 END AS death_flag,
    span.start_date AS enrollment_start_date,
    span.end_date AS enrollment_end_date,
    span.payer_name AS payer,
    replace(span.line_of_business, '_', ' ') AS payer_type,
    coalesce(span.line_of_business, span.payer_name) AS plan,
    span.entitlement_code AS original_reason_entitlement_code,
    span.dual_status_code,
    span.medicare_status_code,
    NULL AS first_name,
    NULL AS last_name,
    NULL AS social_security_number,
    NULL AS subscriber_relation,
    NULL AS address,
    NULL AS city,
    known.state_code AS state,
    known.postal_code AS zip_code,
    NULL AS phone,
    'revcycle' AS data_source,
    source_file.file_name,
    source_file.loaded_at AS ingest_datetime
FROM span
JOIN known ON known.person_id = span.person_id
LEFT JOIN source_file ON source_file.file_id = span.file_id
ORDER BY span.person_id ASC, span.start_date ASC, span.end_date ASC, span.payer_name ASC NULLS LAST
