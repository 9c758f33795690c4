-- Appeal rate. Of the claims a payer has denied in all or part, the share appealed.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(first_denial_date AS DATE)) AS DATE) AS period,
    count(*) FILTER (WHERE is_appealed) AS hits,
    count(*) AS n
FROM claim_outcome
WHERE NOT (first_answer_date IS NULL)
  AND NOT (first_answer_date IS NOT NULL AND first_denial_date IS NULL)
  AND NOT (first_denial_date IS NOT NULL AND is_appealed IS NULL)
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
