-- quality_finding: one row per member, calendar year, quality measure and what was found for it.
--
-- Reads    quality_event, quality_service, quality_measure
--
-- Of all years looked at, those of the member's cover (quality_member) among them.
-- An option of several parts is found on the day by which all of them were told; where the last
-- result decides, on each day on which all were.
WITH hit AS (
    SELECT
        event.person_id,
        asked.year,
        asked.measure_number,
        asked.option_group,
        asked.role,
        asked.option_name,
        asked.option_no,
        asked.option_key,
        asked.part,
        asked.part_count,
        asked.days_apart,
        asked.min_age,
        event.event_date AS day,
        CASE WHEN quality_measure.result_rule = 'latest' AND asked.role IN ('met', 'not_met')
            THEN event.event_date END AS result_day,
        event.claim_source,
        event.claim_id,
        event.code,
        event.provider_npi
    FROM quality_event AS event
    JOIN quality_service AS asked
        ON asked.code_kind = event.code_kind
        AND asked.code = event.code
        AND asked.modifier_key = event.modifier_key
        AND asked.place_of_service_code = event.place_of_service_code
    JOIN quality_measure
        ON quality_measure.measure_number = asked.measure_number
        AND quality_measure.option_group = asked.option_group
    WHERE asked.role NOT IN ('encounter', 'diagnosis')
      AND event.month_no <= year(asked.year) * 12 + 11
      AND (asked.months_before IS NULL
          OR event.month_no >= year(asked.year) * 12 - asked.months_before)
),

-- The first day of each part, and its last.
told AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY person_id, option_key, result_day, part
            ORDER BY day ASC NULLS LAST, claim_source ASC NULLS LAST, claim_id ASC NULLS LAST, code ASC NULLS LAST
        ) AS place,
        max(day) OVER (
            PARTITION BY person_id, option_key, result_day, part
        ) AS last_day
    FROM hit
),

joined AS (
    SELECT
        *,
        count(*) OVER (
            PARTITION BY person_id, option_key, result_day
        ) AS told_count,
        max(last_day) OVER (
            PARTITION BY person_id, option_key, result_day
        ) AS option_last_day,
        row_number() OVER (
            PARTITION BY person_id, option_key, result_day
            ORDER BY day DESC NULLS LAST, claim_source DESC NULLS LAST, claim_id DESC NULLS LAST, code DESC NULLS LAST
        ) AS option_place
    FROM told
    WHERE place = 1 AND days_between(day, last_day) >= days_apart
)

SELECT
    CAST(person_id AS BIGINT) AS person_id,
    CAST(year AS DATE) AS year,
    CAST(measure_number AS STRING) AS measure_number,
    CAST(option_group AS STRING) AS option_group,
    CAST(role AS STRING) AS role,
    CAST(option_name AS STRING) AS option_name,
    CAST(option_no AS INTEGER) AS option_no,
    CAST(day AS DATE) AS found_date,
    CAST(option_last_day AS DATE) AS last_date,
    CAST(min_age AS INTEGER) AS min_age,
    CAST(claim_source AS STRING) AS claim_source,
    CAST(claim_id AS BIGINT) AS claim_id,
    CAST(code AS STRING) AS code,
    CAST(provider_npi AS STRING) AS provider_npi
FROM joined
WHERE option_place = 1 AND told_count = part_count
