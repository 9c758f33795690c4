-- Average length of stay. Days from admission to discharge of acute hospital stays, over the stays.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(end_date AS DATE)) AS DATE) AS period,
    count(*) AS n,
    CAST(coalesce(sum(length_of_stay_days), 0) AS DECIMAL(18, 2)) AS top,
    CAST(coalesce(sum(1), 0) AS DECIMAL(18, 2)) AS bottom,
    CAST(coalesce(sum(CAST(length_of_stay_days AS DOUBLE) * CAST(length_of_stay_days AS DOUBLE)), 0) AS DOUBLE) AS tt,
    CAST(coalesce(sum(CAST(length_of_stay_days AS DOUBLE) * CAST(1 AS DOUBLE)), 0) AS DOUBLE) AS tb,
    CAST(coalesce(sum(CAST(1 AS DOUBLE) * CAST(1 AS DOUBLE)), 0) AS DOUBLE) AS bb
FROM encounter
WHERE NOT (encounter_type <> 'acute_inpatient')
  AND NOT (coalesce(discharge_status_code, '') = '30')
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
