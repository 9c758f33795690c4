-- quality_member: one row per member, calendar year and quality measure that age, sex and diagnosis are for.
--
-- Reads    member_year, member_month, cover_span, patient, quality_measure, quality_population, quality_list,
--          quality_service, quality_event, assignment, build_info
-- Source   CMS, Quality Payment Program: measures reported on claims; here once a member and year.
--
-- Who is in: members with an encounter that counts, at the ages of the measure on its day, with its
-- diagnosis where it has one; alive at the end of the year and covered in all its months but those
-- quality_measure allows (of twelve, or so far).  Where no birth date or sex is known nobody is in.
-- A month is covered where claims of visits come from it: under part B or a cover not told by parts;
-- under part C only where the payer is its plan, as Medicare has no claims of those months.
WITH measured AS (
    SELECT year, specification_year, measure_number, option_group, measure
    FROM quality_list
    WHERE role = 'encounter'
    GROUP BY year, specification_year, measure_number, option_group, measure
),

latest AS (
    SELECT performance_year, max(coalesce(reference_id, 0)) AS reference_id
    FROM quality_population
    GROUP BY performance_year
),

with_diagnosis AS (
    SELECT year, measure_number, option_group, option_no
    FROM quality_list
    WHERE role = 'diagnosis'
    GROUP BY year, measure_number, option_group, option_no
),

population AS (
    SELECT
        measured.*,
        row_number() OVER (
            ORDER BY measured.year ASC NULLS LAST, measured.measure_number ASC NULLS LAST, measured.option_group ASC NULLS LAST,
                told.option_no ASC NULLS LAST
        ) AS population_no,
        told.option_no,
        count(*) OVER (
            PARTITION BY measured.year, measured.measure_number, measured.option_group
        ) AS option_count,
        CAST(ceil(coalesce(told.min_age, 0)) AS INTEGER) AS min_age,
        CAST(floor(coalesce(told.max_age, 999)) AS INTEGER) AS max_age,
        told.sex_code AS measure_sex_code,
        quality_measure.result_rule,
        quality_measure.uncovered_months AS uncovered_allowed,
        quality_measure.diagnosis_months_within,
        coalesce(quality_measure.diagnosis_months_before, 0) AS diagnosis_months_before,
        with_diagnosis.year IS NOT NULL AS needs_diagnosis,
        with_diagnosis.year IS NOT NULL AND quality_measure.diagnosis_months_within IS NULL
            AS is_diagnosed_there
    FROM measured
    JOIN latest ON latest.performance_year = measured.specification_year
    JOIN quality_population AS told
        ON told.performance_year = latest.performance_year
        AND coalesce(told.reference_id, 0) = latest.reference_id
        AND told.measure_number = measured.measure_number
        AND told.option_group = measured.option_group
    JOIN quality_measure
        ON quality_measure.measure_number = measured.measure_number
        AND quality_measure.option_group = measured.option_group
    LEFT JOIN with_diagnosis
        ON with_diagnosis.year = measured.year
        AND with_diagnosis.measure_number = measured.measure_number
        AND with_diagnosis.option_group = measured.option_group
        AND with_diagnosis.option_no = told.option_no
),

born AS (
    SELECT
        cover_span.person_id,
        patient.birth_date,
        row_number() OVER (
            PARTITION BY cover_span.person_id
            ORDER BY CASE WHEN patient.birth_date IS NULL THEN 1 ELSE 0 END ASC NULLS LAST,
                cover_span.span_no ASC NULLS LAST
        ) AS place
    FROM cover_span
    JOIN patient ON patient.patient_id = cover_span.patient_id
),

death AS (
    SELECT person_id, max(end_date) AS death_date
    FROM cover_span
    WHERE is_ended_by_death
    GROUP BY person_id
),

-- Months of which a plan itself tells, whatever payer the member month goes under.
plan AS (
    SELECT member_month.person_id, member_month.month
    FROM member_month
    JOIN cover_span
        ON cover_span.person_id = member_month.person_id
        AND member_month.month BETWEEN month_of(cover_span.start_date) AND cover_span.end_date
    WHERE member_month.has_part_c AND cover_span.line_of_business = 'medicare_advantage'
    GROUP BY member_month.person_id, member_month.month
),

medical AS (
    SELECT
        member_month.person_id,
        CAST(date_trunc('year', member_month.month) AS DATE) AS year,
        sum(CASE
            WHEN has_part_c THEN CASE WHEN plan.person_id IS NOT NULL THEN 1 ELSE 0 END
            WHEN has_part_b THEN 1
            ELSE 0
        END) AS month_count
    FROM member_month
    LEFT JOIN plan
        ON plan.person_id = member_month.person_id AND plan.month = member_month.month
    GROUP BY member_month.person_id, CAST(date_trunc('year', member_month.month) AS DATE)
),

member AS (
    SELECT
        member_year.person_id,
        member_year.year,
        member_year.payer_name,
        member_year.line_of_business,
        member_year.sex_code,
        member_year.allowed_amount,
        member_year.file_id,
        member_year.record_no,
        born.birth_date,
        year(member_year.year) - year(born.birth_date) AS age_at_end,
        coalesce(death.death_date < CAST(date_trunc('year', member_year.year + 366) AS DATE), FALSE)
            AS is_dead,
        CASE WHEN year(build_info.as_of) = year(member_year.year) THEN month(build_info.as_of)
            ELSE 12 END - medical.month_count AS uncovered_months,
        sum(medical.month_count) OVER (
            PARTITION BY member_year.person_id ORDER BY member_year.year ASC NULLS LAST
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS history_months,
        -- Claims still come for three months after the year.
        build_info.as_of >= CAST(date_trunc('year', member_year.year + 366) AS DATE) + 89
            AS is_run_out,
        assignment.assigned_to
    FROM member_year
    CROSS JOIN build_info
    JOIN medical
        ON medical.person_id = member_year.person_id AND medical.year = member_year.year
    LEFT JOIN born ON born.person_id = member_year.person_id AND born.place = 1
    LEFT JOIN death ON death.person_id = member_year.person_id
    LEFT JOIN assignment
        ON assignment.person_id = member_year.person_id AND assignment.year = member_year.year
),

fitting AS (
    SELECT member.*, population.population_no, population.option_count,
        population.specification_year, population.measure_number,
        population.option_group, population.measure, population.option_no, population.min_age,
        population.max_age, population.measure_sex_code, population.result_rule,
        population.uncovered_allowed, population.needs_diagnosis, population.is_diagnosed_there
    FROM member
    JOIN population ON population.year = member.year
    WHERE (population.measure_sex_code IS NULL
          OR population.measure_sex_code = coalesce(member.sex_code, 'U')
          OR coalesce(member.sex_code, 'U') NOT IN ('F', 'M'))
      -- At some day of the year: the age at its end, or, but on a first of January, one less.
      AND (member.birth_date IS NULL OR (
          member.age_at_end >= population.min_age
          AND member.age_at_end - CASE
              WHEN month(member.birth_date) = 1 AND day(member.birth_date) = 1 THEN 0 ELSE 1
          END <= population.max_age
      ))
),

asked AS (
    SELECT
        population.population_no,
        population.year,
        population.diagnosis_months_before,
        coalesce(population.diagnosis_months_within, 12) AS diagnosis_months_within,
        told.role,
        told.code_kind,
        told.code,
        told.modifier_key,
        told.place_of_service_code
    FROM population
    JOIN quality_service AS told
        ON told.year = population.year
        AND told.measure_number = population.measure_number
        AND told.option_group = population.option_group
        AND told.option_no = population.option_no
    WHERE told.role IN ('encounter', 'diagnosis')
),

-- Claims with a diagnosis of the measure when it counts; those that are encounters too.
diagnosed AS (
    SELECT asked.population_no, event.person_id, event.claim_source, event.claim_id
    FROM quality_event AS event
    JOIN asked
        ON asked.code_kind = event.code_kind
        AND asked.code = event.code
        AND asked.modifier_key = event.modifier_key
        AND asked.place_of_service_code = event.place_of_service_code
    WHERE asked.role = 'diagnosis'
      AND event.month_no >= year(asked.year) * 12 - asked.diagnosis_months_before
      AND event.month_no < year(asked.year) * 12 + asked.diagnosis_months_within
    GROUP BY asked.population_no, event.person_id, event.claim_source, event.claim_id
),

diagnosed_encounter AS (
    SELECT
        diagnosed.population_no, diagnosed.person_id, diagnosed.claim_source, diagnosed.claim_id
    FROM diagnosed
    JOIN quality_event AS event
        ON event.claim_source = diagnosed.claim_source
        AND event.claim_id = diagnosed.claim_id
    JOIN asked
        ON asked.role = 'encounter'
        AND asked.population_no = diagnosed.population_no
        AND asked.code_kind = event.code_kind
        AND asked.code = event.code
        AND asked.modifier_key = event.modifier_key
        AND asked.place_of_service_code = event.place_of_service_code
    GROUP BY
        diagnosed.population_no, diagnosed.person_id, diagnosed.claim_source, diagnosed.claim_id
),

diagnosed_member AS (
    SELECT population_no, person_id
    FROM diagnosed_encounter
    GROUP BY population_no, person_id
),

visit AS (
    SELECT
        fitting.person_id,
        fitting.population_no,
        event.event_date,
        event.provider_npi,
        year(event.event_date) - year(fitting.birth_date) - CASE
            WHEN month(event.event_date) < month(fitting.birth_date) THEN 1
            WHEN month(event.event_date) = month(fitting.birth_date)
                AND day(event.event_date) < day(fitting.birth_date) THEN 1
            ELSE 0
        END AS age,
        fitting.min_age,
        fitting.max_age
    FROM quality_event AS event
    JOIN asked
        ON asked.role = 'encounter'
        AND asked.code_kind = event.code_kind
        AND asked.code = event.code
        AND asked.modifier_key = event.modifier_key
        AND asked.place_of_service_code = event.place_of_service_code
        AND asked.year = CAST(date_trunc('year', event.event_date) AS DATE)
    JOIN fitting
        ON fitting.person_id = event.person_id AND fitting.population_no = asked.population_no
    LEFT JOIN diagnosed_encounter AS told
        ON told.claim_source = event.claim_source
        AND told.claim_id = event.claim_id
        AND told.population_no = asked.population_no
    WHERE NOT fitting.is_diagnosed_there OR told.claim_id IS NOT NULL
),

ranked_visit AS (
    SELECT
        person_id, population_no, event_date, provider_npi, age,
        row_number() OVER (
            PARTITION BY person_id, population_no
            ORDER BY event_date DESC NULLS LAST, provider_npi ASC NULLS LAST
        ) AS place
    FROM visit
    WHERE age >= min_age AND age <= max_age
),

judged AS (
    SELECT
        fitting.*,
        seen.event_date AS visit_date,
        seen.provider_npi,
        coalesce(seen.age, fitting.age_at_end) AS age,
        CASE
            WHEN fitting.birth_date IS NULL THEN 'no_birth_date'
            WHEN fitting.measure_sex_code IS NOT NULL
                AND coalesce(fitting.sex_code, 'U') NOT IN ('F', 'M') THEN 'no_sex'
            WHEN fitting.is_dead THEN 'died'
            WHEN fitting.uncovered_months > fitting.uncovered_allowed THEN 'not_covered'
            WHEN seen.person_id IS NULL THEN 'no_visit'
        END AS not_eligible_reason
    FROM fitting
    LEFT JOIN ranked_visit AS seen
        ON seen.person_id = fitting.person_id
        AND seen.population_no = fitting.population_no
        AND seen.place = 1
    LEFT JOIN diagnosed_member AS told
        ON told.person_id = fitting.person_id AND told.population_no = fitting.population_no
    WHERE NOT fitting.needs_diagnosis OR told.person_id IS NOT NULL
),

-- Of several populations of one measure the one the member is in.
several AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY person_id, year, measure_number, option_group
            ORDER BY
                CASE WHEN not_eligible_reason IS NULL THEN 0 ELSE 1 END ASC NULLS LAST, option_no ASC NULLS LAST
        ) AS population_place
    FROM judged
    WHERE option_count > 1
),

placed AS (
    SELECT *, 1 AS population_place
    FROM judged
    WHERE option_count = 1
    UNION ALL
    SELECT *
    FROM several
    WHERE population_place = 1
)

SELECT
    CAST(person_id AS BIGINT) AS person_id,
    CAST(year AS DATE) AS year,
    CAST(measure AS STRING) AS measure,
    CAST(measure_number AS STRING) AS measure_number,
    CAST(option_group AS STRING) AS option_group,
    CAST(specification_year AS INTEGER) AS specification_year,
    payer_name,
    line_of_business,
    sex_code,
    CAST(age AS INTEGER) AS age,
    CAST(age_at_end AS INTEGER) AS age_at_end,
    CAST(assigned_to AS STRING) AS assigned_to,
    CAST(visit_date AS DATE) AS visit_date,
    CAST(provider_npi AS STRING) AS provider_npi,
    CAST(not_eligible_reason AS STRING) AS not_eligible_reason,
    CAST(uncovered_months AS INTEGER) AS uncovered_months,
    CAST(history_months AS INTEGER) AS history_months,
    CAST(is_run_out AS BOOLEAN) AS is_run_out,
    CAST(allowed_amount AS DECIMAL(18, 2)) AS allowed_amount,
    file_id,
    record_no
FROM placed
