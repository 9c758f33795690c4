-- calendar_day: one row per day on which a payer's clock can run, with the business days so far.
--
-- Reads    claim, build_info
-- Sources  5 U.S.C. 6103(a): the federal holidays; (b) and E.O. 11582: one on a Saturday is observed
--          on the Friday before, one on a Sunday on the Monday after.  Juneteenth since 2021.
--
-- Business days are Monday to Friday without federal holidays.  State holidays, and days an
-- executive order closes offices, are not known.  The law of today is taken for all years, which
-- holds since 1986.  Days go from the first submission to 3660 business days after the last.
WITH digit AS (
    SELECT CAST(d AS INTEGER) AS d
    FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) AS digits (d)
),

number AS (
    SELECT ones.d + 10 * tens.d + 100 * hundreds.d + 1000 * thousands.d AS n
    FROM digit AS ones
    CROSS JOIN digit AS tens
    CROSS JOIN digit AS hundreds
    CROSS JOIN digit AS thousands
),

span AS (
    SELECT
        CAST(extract(YEAR FROM min(claim.submission_date)) AS INTEGER) AS first_year,
        CAST(extract(YEAR FROM max(build_info.as_of)) AS INTEGER) + 16 AS last_year
    FROM claim
    CROSS JOIN build_info
    WHERE claim.submission_date <= build_info.as_of
),

span_year AS (
    SELECT number.n AS y
    FROM number
    CROSS JOIN span
    WHERE number.n BETWEEN span.first_year AND span.last_year + 1
),

rule AS (
    -- The earliest day it falls on, and the weekday from there on (0 is Monday) or none.
    SELECT month_no, day_no, CAST(weekday AS INTEGER) AS weekday, since
    FROM (VALUES
        (1, 1, NULL, 1), (1, 15, 0, 1986), (2, 15, 0, 1), (5, 25, 0, 1), (6, 19, NULL, 2021),
        (7, 4, NULL, 1), (9, 1, 0, 1), (10, 8, 0, 1), (11, 11, NULL, 1), (11, 22, 3, 1),
        (12, 25, NULL, 1)
    ) AS rules (month_no, day_no, weekday, since)
),

earliest AS (
    SELECT
        make_date(span_year.y, rule.month_no, rule.day_no) AS day,
        rule.weekday,
        -- 1900-01-01 was a Monday.
        (days_between(
            CAST('1900-01-01' AS DATE), make_date(span_year.y, rule.month_no, rule.day_no)
        ) % 7 + 7) % 7 AS falls_on
    FROM span_year
    CROSS JOIN rule
    WHERE span_year.y >= rule.since
),

holiday AS (
    SELECT day + CAST(CASE
        WHEN weekday IS NOT NULL THEN (weekday - falls_on + 7) % 7
        WHEN falls_on = 5 THEN -1
        WHEN falls_on = 6 THEN 1
        ELSE 0
    END AS INTEGER) AS day
    FROM earliest
),

new_year AS (
    SELECT
        make_date(span_year.y, 1, 1) AS day,
        days_between(make_date(span_year.y, 1, 1), make_date(span_year.y + 1, 1, 1)) AS days
    FROM span_year
    CROSS JOIN span
    WHERE span_year.y <= span.last_year
),

every_day AS (
    SELECT new_year.day + CAST(number.n AS INTEGER) AS day
    FROM new_year
    JOIN number ON number.n < new_year.days
),

judged AS (
    SELECT
        every_day.day,
        holiday.day IS NOT NULL AS is_holiday,
        holiday.day IS NULL
        AND (days_between(CAST('1900-01-01' AS DATE), every_day.day) % 7 + 7) % 7 < 5
            AS is_business
    FROM every_day
    LEFT JOIN holiday ON holiday.day = every_day.day
)

SELECT
    CAST(day AS DATE) AS calendar_date,
    CAST(is_holiday AS BOOLEAN) AS is_federal_holiday,
    CAST(is_business AS BOOLEAN) AS is_business_day,
    CAST(sum(CASE WHEN is_business THEN 1 ELSE 0 END) OVER (
        ORDER BY day ASC NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS INTEGER) AS business_day_no
FROM judged
