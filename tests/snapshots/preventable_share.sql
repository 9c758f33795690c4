-- Preventable denials. Of the claims first denied, the share denied for a reason the provider could have prevented.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(first_answer_date AS DATE)) AS DATE) AS period,
    count(*) FILTER (WHERE denial_preventable = 'yes') AS hits,
    count(*) AS n
FROM claim_outcome
WHERE NOT (first_answer_date IS NULL)
  AND NOT (NOT is_initially_denied)
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
