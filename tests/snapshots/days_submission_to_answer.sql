-- Days from submission to answer. Median days from first sending a claim to the payer's first answer.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(submission_date AS DATE)) AS DATE) AS period,
    days_to_answer AS days,
    count(*) FILTER (WHERE first_answer_date IS NOT NULL) AS ended,
    count(*) FILTER (WHERE NOT (first_answer_date IS NOT NULL)) AS waiting
FROM claim_outcome
WHERE NOT (days_to_answer < 0)
  AND line_of_business = $line_of_business
GROUP BY 1, 2, 3
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST, 3 ASC NULLS LAST
