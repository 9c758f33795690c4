-- Days from service to payment. Median days from the last day of service to the first answer that paid anything.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(submission_date AS DATE)) AS DATE) AS period,
    days_service_to_payment AS days,
    count(*) FILTER (WHERE first_paid_date IS NOT NULL) AS ended,
    count(*) FILTER (WHERE NOT (first_paid_date IS NOT NULL)) AS waiting
FROM claim_outcome
WHERE NOT (service_to_date IS NULL)
  AND NOT (days_service_to_payment < 0)
  AND line_of_business = $line_of_business
GROUP BY 1, 2, 3
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST, 3 ASC NULLS LAST
