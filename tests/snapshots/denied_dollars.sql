-- Denied dollars. Dollars denied on service lines that first answers denied.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(answer_date AS DATE)) AS DATE) AS period,
    count(*) AS n,
    CAST(coalesce(sum(CASE WHEN is_denied THEN denied_amount ELSE duplicate_amount END), 0) AS DECIMAL(18, 2)) AS amount
FROM answered_line
WHERE NOT (claim_id IS NULL)
  AND NOT (claim_id IS NOT NULL AND NOT is_first_answer)
  AND NOT (NOT is_denied AND NOT is_duplicate)
  AND NOT (is_duplicate)
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
