-- person: one row per patient record, with the person it is.
--
-- Reads    patient, member_link
-- A member number is a person; without one, each patient record is.  Numbers that a file says are of
-- one person are followed to the one that came last; where they lead in a circle, to the first known.
WITH RECURSIVE numbered AS (
    SELECT upper(trim(member_id)) AS member_number, min(patient_id) AS person_id
    FROM patient
    WHERE trim(member_id) <> ''
    GROUP BY upper(trim(member_id))
),

known AS (
    SELECT patient.patient_id, coalesce(numbered.person_id, patient.patient_id) AS person_id
    FROM patient
    LEFT JOIN numbered ON numbered.member_number = upper(trim(patient.member_id))
),

ranked AS (
    -- The latest file knows which number is the current one.
    SELECT
        earlier.person_id,
        later.person_id AS next_id,
        row_number() OVER (
            PARTITION BY earlier.person_id
            ORDER BY
                member_link.file_id DESC NULLS LAST,
                member_link.end_date DESC NULLS LAST,
                later.person_id DESC NULLS LAST
        ) AS preference
    FROM member_link
    JOIN known AS earlier ON earlier.patient_id = member_link.previous_patient_id
    JOIN known AS later ON later.patient_id = member_link.patient_id
    WHERE earlier.person_id <> later.person_id
),

step AS (
    SELECT person_id, next_id
    FROM ranked
    WHERE preference = 1
),

walk AS (
    SELECT person_id, next_id AS reached_id, 1 AS step_no
    FROM step
    UNION ALL
    SELECT walk.person_id, step.next_id AS reached_id, walk.step_no + 1 AS step_no
    FROM walk
    JOIN step ON step.person_id = walk.reached_id
    -- Nobody's number changes oftener; a circle ends here too.
    WHERE walk.step_no < 32
),

ended AS (
    SELECT
        walk.person_id,
        coalesce(
            min(CASE WHEN step.person_id IS NULL THEN walk.reached_id END), min(walk.reached_id)
        ) AS current_id
    FROM walk
    LEFT JOIN step ON step.person_id = walk.reached_id
    GROUP BY walk.person_id
)

SELECT
    CAST(known.patient_id AS BIGINT) AS patient_id,
    CAST(coalesce(ended.current_id, known.person_id) AS BIGINT) AS person_id
FROM known
LEFT JOIN ended ON ended.person_id = known.person_id
