-- Members assigned to the network. Of the members with parts A and B and a primary-care service by a specialty that counts, the share of whose allowed charges the roster's providers had the most.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(year AS DATE)) AS DATE) AS period,
    count(*) FILTER (WHERE assigned_to = 'network') AS hits,
    count(*) AS n
FROM assignment
WHERE NOT (NOT is_assignable)
  AND NOT (is_assignable AND assigned_to IS NULL)
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
