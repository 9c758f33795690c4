-- fee_release: one row per release of Medicare's physician fee schedule, with the days it is in force.
--
-- Reads    medicare_fee
--
-- Releases of a year (January, April, July, October) take turns, each from its quarter on; before the
-- first of a year that is loaded there is none other to go by, as its file says it is for the year.
WITH released AS (
    SELECT start_date, max(end_date) AS end_date
    FROM medicare_fee
    GROUP BY start_date
),

in_turn AS (
    SELECT
        start_date,
        end_date,
        lead(start_date) OVER (ORDER BY start_date ASC NULLS LAST) AS next_date,
        row_number() OVER (PARTITION BY year(start_date) ORDER BY start_date ASC NULLS LAST) AS place
    FROM released
)

SELECT
    CAST(start_date AS DATE) AS start_date,
    CAST(CASE WHEN place = 1 THEN CAST(date_trunc('year', start_date) AS DATE) ELSE start_date END AS DATE)
        AS from_date,
    CAST(CASE WHEN next_date <= end_date THEN next_date - 1 ELSE end_date END AS DATE) AS to_date
FROM in_turn
