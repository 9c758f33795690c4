-- cover_span: one row per span of cover that counts, cut at death and at the as-of date.
--
-- Reads    eligibility, patient, payer, person, settled_claim, source_file, build_info
--
-- A later file that tells of the same span (person, payer, kind of cover, part, first day) is right:
-- so a cover ended in retrospect ends, and one that ends before it begins never was.  Spans of one
-- person that overlap or follow each other day by day are one unbroken stretch.  CCLF says when a
-- person came into Medicare, long before the feed has claims: its cover counts from the January of
-- the feed's first claim.  A feed that names payers in a table of their own has their codes here, as
-- on its claims.  Synthea says of people without insurance that NO_INSURANCE covers them.  Spans are
-- numbered within a person.
WITH death AS (
    SELECT
        person.person_id,
        patient.death_date,
        row_number() OVER (
            PARTITION BY person.person_id
            ORDER BY patient.file_id DESC NULLS LAST, patient.record_no DESC NULLS LAST
        ) AS place
    FROM patient
    JOIN person ON person.patient_id = patient.patient_id
    WHERE patient.death_date IS NOT NULL
),

first_claim AS (
    SELECT min(service_from_date) AS day
    FROM settled_claim
    WHERE feed_code = 'cclf'
),

named AS (
    SELECT payer_code, min(payer_name) AS payer_name
    FROM payer
    WHERE payer_code IS NOT NULL AND payer_name IS NOT NULL
    GROUP BY payer_code
),

told AS (
    SELECT
        person.person_id,
        eligibility.*,
        coalesce(named.payer_name, eligibility.payer_name) AS reported_payer_name,
        source_file.format LIKE 'cclf%' AS is_cclf,
        rank() OVER (
            PARTITION BY
                person.person_id, eligibility.payer_name, eligibility.line_of_business,
                eligibility.coverage_code, eligibility.start_date
            ORDER BY eligibility.file_id DESC NULLS LAST
        ) AS file_place
    FROM eligibility
    JOIN person ON person.patient_id = eligibility.patient_id
    LEFT JOIN source_file ON source_file.file_id = eligibility.file_id
    LEFT JOIN named ON named.payer_code = eligibility.payer_name
    WHERE eligibility.start_date IS NOT NULL
),

cut AS (
    SELECT
        told.person_id,
        told.patient_id,
        told.reported_payer_name AS payer_name,
        told.line_of_business,
        told.coverage_code,
        told.dual_status_code,
        told.entitlement_code,
        told.file_id,
        told.record_no,
        -- Spans open since long ago would make months nobody has claims for.
        greatest(
            told.start_date,
            build_info.as_of - 3660,
            CASE WHEN told.is_cclf THEN CAST(date_trunc('year', first_claim.day) AS DATE) END
        ) AS start_date,
        least(
            coalesce(told.end_date, build_info.as_of), coalesce(death.death_date, build_info.as_of),
            build_info.as_of
        ) AS end_date,
        coalesce(
            death.death_date <= least(coalesce(told.end_date, build_info.as_of), build_info.as_of),
            FALSE
        ) AS is_ended_by_death
    FROM told
    CROSS JOIN build_info
    CROSS JOIN first_claim
    LEFT JOIN death ON death.person_id = told.person_id AND death.place = 1
    WHERE told.file_place = 1 AND coalesce(told.reported_payer_name, '') <> 'NO_INSURANCE'
),

placed AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY person_id
            ORDER BY
                payer_name ASC NULLS LAST,
                line_of_business ASC NULLS LAST,
                file_id ASC NULLS LAST,
                record_no ASC NULLS LAST,
                start_date ASC NULLS LAST,
                coverage_code ASC NULLS LAST
        ) AS span_no
    FROM cut
    WHERE start_date <= end_date
),

followed AS (
    SELECT
        *,
        max(end_date) OVER (
            PARTITION BY person_id
            ORDER BY start_date ASC NULLS LAST, end_date ASC NULLS LAST, span_no ASC NULLS LAST
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS covered_to
    FROM placed
),

numbered AS (
    SELECT
        *,
        sum(CASE WHEN start_date <= covered_to + 1 THEN 0 ELSE 1 END) OVER (
            PARTITION BY person_id
            ORDER BY start_date ASC NULLS LAST, end_date ASC NULLS LAST, span_no ASC NULLS LAST
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS stretch_no
    FROM followed
)

SELECT
    CAST(numbered.person_id AS BIGINT) AS person_id,
    CAST(numbered.span_no AS BIGINT) AS span_no,
    CAST(numbered.payer_name AS STRING) AS payer_name,
    CAST(numbered.line_of_business AS STRING) AS line_of_business,
    CAST(numbered.coverage_code AS STRING) AS coverage_code,
    CAST(numbered.dual_status_code AS STRING) AS dual_status_code,
    CAST(numbered.entitlement_code AS STRING) AS entitlement_code,
    CAST(numbered.start_date AS DATE) AS start_date,
    CAST(numbered.end_date AS DATE) AS end_date,
    CAST(numbered.is_ended_by_death AS BOOLEAN) AS is_ended_by_death,
    CAST(numbered.stretch_no AS INTEGER) AS stretch_no,
    CAST(min(numbered.start_date) OVER (
        PARTITION BY numbered.person_id, numbered.stretch_no
    ) AS DATE) AS stretch_start_date,
    CAST(max(numbered.end_date) OVER (
        PARTITION BY numbered.person_id, numbered.stretch_no
    ) AS DATE) AS stretch_end_date,
    -- The record of the cover itself: the person's first may be one of a file that says nothing.
    CAST(numbered.patient_id AS BIGINT) AS patient_id,
    CAST(numbered.file_id AS BIGINT) AS file_id,
    CAST(numbered.record_no AS BIGINT) AS record_no
FROM numbered
