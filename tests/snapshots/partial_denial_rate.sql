-- Partial denial rate. Of the claims a payer has answered, the share first answered with a denial of some dollars and payment or allowance of others.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(first_answer_date AS DATE)) AS DATE) AS period,
    count(*) FILTER (WHERE first_outcome = 'partially_denied') AS hits,
    count(*) AS n
FROM claim_outcome
WHERE NOT (first_answer_date IS NULL)
  AND NOT (is_duplicate)
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
