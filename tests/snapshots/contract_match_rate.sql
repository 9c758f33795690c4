-- Contract match rate. Of the lines with a contract rate, the share allowed at it, give or take the tolerance.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(answer_date AS DATE)) AS DATE) AS period,
    count(*) FILTER (WHERE (abs(expected_amount - allowed_amount) <= greatest(1.00, 0.01 * expected_amount) OR abs(usual_amount - allowed_amount) <= greatest(1.00, 0.01 * expected_amount))) AS hits,
    count(*) AS n
FROM priced_line
WHERE unpriced_reason IS NULL
  AND NOT (rate_source = 'inferred')
  AND NOT (rate_source = 'inferred' AND support < 10)
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
