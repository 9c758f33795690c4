-- person: one row per patient record, with the person it is.
--
-- Reads    patient
-- A member number is a person; without one, each patient record is.
WITH numbered AS (
    SELECT upper(trim(member_id)) AS member_number, min(patient_id) AS person_id
    FROM patient
    WHERE trim(member_id) <> ''
    GROUP BY upper(trim(member_id))
)

SELECT
    CAST(patient.patient_id AS BIGINT) AS patient_id,
    CAST(coalesce(numbered.person_id, patient.patient_id) AS BIGINT) AS person_id
FROM patient
LEFT JOIN numbered ON numbered.member_number = upper(trim(patient.member_id))
