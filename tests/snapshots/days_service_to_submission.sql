-- Days from service to submission. Median days from the last day of service to first sending the claim.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(submission_date AS DATE)) AS DATE) AS period,
    days_to_submission AS days,
    count(*) FILTER (WHERE TRUE) AS ended,
    count(*) FILTER (WHERE NOT (TRUE)) AS waiting
FROM claim_outcome
WHERE NOT (service_to_date IS NULL)
  AND NOT (days_to_submission < 0)
  AND line_of_business = $line_of_business
GROUP BY 1, 2, 3
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST, 3 ASC NULLS LAST
