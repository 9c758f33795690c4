-- quality_gap: one row per member, calendar year and quality measure: in it or why not, closed or open.
--
-- Reads    quality_member, quality_finding, quality_measure, quality_population, quality_list,
--          member_year
-- Source   CMS, Quality Payment Program: measures reported on claims; here once a member and year.
--
-- A gap is closed where a claim says so: by a code that reports it or by the service itself.  What no
-- claim says may have been done all the same (results in a chart, care before the claims begin), so
-- closed ones are a lower bound.  Where no specification is loaded a member's year is one row without
-- a measure; where one lacks a measure of quality_measure, it is a row not checked.
WITH -- What decides: the first code that meets it, or the last day with a result, its better one.
result AS (
    SELECT
        finding.*,
        row_number() OVER (
            PARTITION BY finding.person_id, finding.year, finding.measure_number,
                finding.option_group
            ORDER BY
                CASE WHEN quality_measure.result_rule = 'any' AND finding.role <> 'met' THEN 1
                    ELSE 0 END ASC NULLS LAST,
                CASE WHEN quality_measure.result_rule = 'latest' THEN finding.found_date END
                    DESC NULLS LAST,
                CASE WHEN finding.role = 'met' THEN 0 ELSE 1 END ASC NULLS LAST,
                finding.found_date ASC NULLS LAST,
                finding.claim_source ASC NULLS LAST,
                finding.claim_id ASC NULLS LAST,
                finding.option_name ASC NULLS LAST,
                finding.option_no ASC NULLS LAST
        ) AS place
    FROM quality_finding AS finding
    JOIN quality_measure
        ON quality_measure.measure_number = finding.measure_number
        AND quality_measure.option_group = finding.option_group
    WHERE finding.role IN ('met', 'not_met')
),

last_done AS (
    SELECT person_id, year, measure_number, option_group, max(last_date) AS last_date
    FROM quality_finding
    WHERE role IN ('met', 'not_met', 'done')
    GROUP BY person_id, year, measure_number, option_group
),

-- The first that excludes, under a name of ours where there is one.
excluding AS (
    SELECT
        finding.person_id,
        finding.year,
        finding.measure_number,
        finding.option_group,
        finding.option_name,
        finding.found_date,
        row_number() OVER (
            PARTITION BY finding.person_id, finding.year, finding.measure_number,
                finding.option_group
            ORDER BY
                CASE WHEN finding.option_name = 'reported' THEN 1 ELSE 0 END ASC NULLS LAST,
                finding.found_date ASC NULLS LAST,
                finding.option_name ASC NULLS LAST,
                finding.option_no ASC NULLS LAST
        ) AS place
    FROM quality_finding AS finding
    JOIN quality_member AS member
        ON member.person_id = finding.person_id
        AND member.year = finding.year
        AND member.measure_number = finding.measure_number
        AND member.option_group = finding.option_group
    WHERE finding.role IN ('exclusion', 'diagnosis_exclusion')
      AND (finding.min_age IS NULL OR member.age_at_end >= finding.min_age)
),

excepted AS (
    SELECT person_id, year, measure_number, option_group, min(found_date) AS found_date
    FROM quality_finding
    WHERE role = 'exception'
    GROUP BY person_id, year, measure_number, option_group
),

checked AS (
    SELECT
        member.*,
        coalesce(result.role = 'met', FALSE) AS is_closed,
        coalesce(result.role = 'not_met', FALSE) AS is_short,
        CASE WHEN result.role = 'met' THEN result.found_date END AS closed_date,
        CASE WHEN result.role = 'met' THEN result.claim_source END AS closing_source,
        CASE WHEN result.role = 'met' THEN result.claim_id END AS closing_claim_id,
        CASE WHEN result.role = 'met' THEN result.code END AS closing_code,
        CASE WHEN result.role = 'met' THEN result.option_name END AS closed_by,
        last_done.last_date AS last_done_date,
        CASE
            WHEN excluding.option_name IS NOT NULL THEN excluding.option_name
            WHEN excepted.found_date IS NOT NULL AND coalesce(result.role, '') <> 'met'
                THEN 'exception'
        END AS exclusion_reason,
        CASE
            WHEN excluding.option_name IS NOT NULL THEN excluding.found_date
            WHEN coalesce(result.role, '') <> 'met' THEN excepted.found_date
        END AS exclusion_date
    FROM quality_member AS member
    LEFT JOIN result
        ON result.person_id = member.person_id
        AND result.year = member.year
        AND result.measure_number = member.measure_number
        AND result.option_group = member.option_group
        AND result.place = 1
    LEFT JOIN last_done
        ON last_done.person_id = member.person_id
        AND last_done.year = member.year
        AND last_done.measure_number = member.measure_number
        AND last_done.option_group = member.option_group
    LEFT JOIN excluding
        ON excluding.person_id = member.person_id
        AND excluding.year = member.year
        AND excluding.measure_number = member.measure_number
        AND excluding.option_group = member.option_group
        AND excluding.place = 1
    LEFT JOIN excepted
        ON excepted.person_id = member.person_id
        AND excepted.year = member.year
        AND excepted.measure_number = member.measure_number
        AND excepted.option_group = member.option_group
),

loaded AS (
    SELECT count(*) AS population_count
    FROM quality_population
),

-- Measures that the specification of the year has.
had AS (
    SELECT year, measure_number, option_group
    FROM quality_list
    WHERE role = 'encounter'
    GROUP BY year, measure_number, option_group
),

unchecked AS (
    SELECT
        member_year.*,
        quality_measure.measure,
        quality_measure.measure_number,
        quality_measure.option_group
    FROM member_year
    CROSS JOIN loaded
    CROSS JOIN quality_measure
    LEFT JOIN had
        ON had.year = member_year.year
        AND had.measure_number = quality_measure.measure_number
        AND had.option_group = quality_measure.option_group
    WHERE loaded.population_count > 0 AND had.year IS NULL
    UNION ALL
    SELECT
        member_year.*,
        CAST(NULL AS STRING) AS measure,
        CAST(NULL AS STRING) AS measure_number,
        CAST(NULL AS STRING) AS option_group
    FROM member_year
    CROSS JOIN loaded
    WHERE loaded.population_count = 0
)

SELECT
    person_id,
    year,
    measure,
    measure_number,
    option_group,
    specification_year,
    payer_name,
    line_of_business,
    sex_code,
    age,
    assigned_to,
    visit_date,
    provider_npi,
    TRUE AS is_checked,
    CAST(not_eligible_reason IS NULL AS BOOLEAN) AS is_eligible,
    not_eligible_reason,
    CAST(exclusion_reason IS NOT NULL AS BOOLEAN) AS is_excluded,
    CAST(exclusion_reason AS STRING) AS exclusion_reason,
    CAST(exclusion_date AS DATE) AS exclusion_date,
    CAST(is_closed AS BOOLEAN) AS is_closed,
    CAST(
        not_eligible_reason IS NULL AND exclusion_reason IS NULL AND NOT is_closed AS BOOLEAN
    ) AS is_open,
    CAST(
        CASE
            WHEN is_closed THEN 'closed'
            WHEN is_short THEN 'falls_short'
            WHEN last_done_date IS NOT NULL THEN 'no_result'
            ELSE 'not_seen'
        END AS STRING
    ) AS gap_state,
    CAST(closed_date AS DATE) AS closed_date,
    CAST(closed_by AS STRING) AS closed_by,
    CAST(closing_source AS STRING) AS claim_source,
    CAST(closing_claim_id AS BIGINT) AS claim_id,
    CAST(closing_code AS STRING) AS closing_code,
    CAST(last_done_date AS DATE) AS last_done_date,
    uncovered_months,
    history_months,
    is_run_out,
    allowed_amount,
    file_id,
    record_no
FROM checked
UNION ALL
SELECT
    person_id,
    year,
    CAST(measure AS STRING) AS measure,
    CAST(measure_number AS STRING) AS measure_number,
    CAST(option_group AS STRING) AS option_group,
    CAST(NULL AS INTEGER) AS specification_year,
    payer_name,
    line_of_business,
    sex_code,
    age,
    CAST(NULL AS STRING) AS assigned_to,
    CAST(NULL AS DATE) AS visit_date,
    CAST(NULL AS STRING) AS provider_npi,
    FALSE AS is_checked,
    FALSE AS is_eligible,
    CAST(NULL AS STRING) AS not_eligible_reason,
    FALSE AS is_excluded,
    CAST(NULL AS STRING) AS exclusion_reason,
    CAST(NULL AS DATE) AS exclusion_date,
    FALSE AS is_closed,
    FALSE AS is_open,
    CAST(NULL AS STRING) AS gap_state,
    CAST(NULL AS DATE) AS closed_date,
    CAST(NULL AS STRING) AS closed_by,
    CAST(NULL AS STRING) AS claim_source,
    CAST(NULL AS BIGINT) AS claim_id,
    CAST(NULL AS STRING) AS closing_code,
    CAST(NULL AS DATE) AS last_done_date,
    CAST(NULL AS INTEGER) AS uncovered_months,
    CAST(NULL AS INTEGER) AS history_months,
    FALSE AS is_run_out,
    allowed_amount,
    file_id,
    record_no
FROM unchecked
