-- Coding denial rate. Of the service lines in first answers, the share denied for coding, bundling or medical necessity.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(answer_date AS DATE)) AS DATE) AS period,
    count(*) FILTER (WHERE is_denied AND denial_category IN ('coding', 'bundling_ncci', 'medical_necessity')) AS hits,
    count(*) AS n
FROM answered_line
WHERE NOT (claim_id IS NULL)
  AND NOT (claim_id IS NOT NULL AND NOT is_first_answer)
  AND NOT (is_duplicate)
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
