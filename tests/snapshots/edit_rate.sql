-- Edit rate. Of the claims checked for an edit of coding, the share that breaks it; without --by edit_code, of all checks.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(service_to_date AS DATE)) AS DATE) AS period,
    count(*) FILTER (WHERE result = 'broken') AS hits,
    count(*) AS n
FROM line_edit
WHERE NOT (result = 'not_checked')
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
