-- Appeal success rate. Of the appeals decided, the share won in whole or part.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(decision_date AS DATE)) AS DATE) AS period,
    count(*) FILTER (WHERE decision_code IN ('WON', 'PARTLY_WON')) AS hits,
    count(*) AS n
FROM appeal_outcome
WHERE NOT (claim_id IS NULL)
  AND NOT (claim_id IS NOT NULL AND decision_date IS NULL)
  AND NOT (claim_id IS NOT NULL AND coalesce(decision_code = 'WITHDRAWN', FALSE))
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
