-- Open denied dollars. Dollars the first answer denied that are still in the open balance of the claim.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(first_answer_date AS DATE)) AS DATE) AS period,
    count(*) AS n,
    CAST(coalesce(sum(open_denied_amount), 0) AS DECIMAL(18, 2)) AS amount
FROM claim_outcome
WHERE NOT (first_answer_date IS NULL)
  AND NOT (NOT is_initially_denied)
  AND NOT (open_balance_amount <= 0)
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
