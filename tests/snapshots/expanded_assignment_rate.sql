-- Members assigned to the network, expanded window. As the share assigned to the network, but a member seen in the year by its nurse practitioners, clinical nurse specialists or physician assistants alone is its own too where one of its physicians saw them within 24 months and it had the most allowed in these.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(year AS DATE)) AS DATE) AS period,
    count(*) FILTER (WHERE expanded_to = 'network') AS hits,
    count(*) AS n
FROM assignment
WHERE NOT (NOT is_assignable)
  AND NOT (is_assignable AND expanded_to IS NULL)
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
