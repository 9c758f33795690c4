-- Front-end rejection rate. Of the submissions acknowledged by a 277CA, 999, 997 or TA1, the share rejected before adjudication.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(submission_date AS DATE)) AS DATE) AS period,
    count(*) FILTER (WHERE is_rejected) AS hits,
    count(*) AS n
FROM submission_outcome
WHERE NOT (NOT is_acknowledged)
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
