-- Clean claim rate. Of the submissions rejected at the front end or answered by the payer, the share answered without rejection, denial or another submission after it.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(submission_date AS DATE)) AS DATE) AS period,
    count(*) FILTER (WHERE is_clean) AS hits,
    count(*) AS n
FROM submission_outcome
WHERE NOT (is_void)
  AND NOT (NOT is_void AND NOT is_rejected AND NOT is_answered)
  AND NOT (is_duplicate AND NOT is_void)
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
