-- Days from denial to payment. Median days from the first answer that denied anything to the first later one that paid anything.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(first_denial_date AS DATE)) AS DATE) AS period,
    days_denial_to_payment AS days,
    count(*) FILTER (WHERE denial_paid_date IS NOT NULL) AS ended,
    count(*) FILTER (WHERE NOT (denial_paid_date IS NOT NULL)) AS waiting
FROM claim_outcome
WHERE NOT (first_denial_date IS NULL)
  AND NOT (days_denial_to_payment < 0)
  AND line_of_business = $line_of_business
GROUP BY 1, 2, 3
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST, 3 ASC NULLS LAST
