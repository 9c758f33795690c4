-- Denials per denied claim. Answers that denied all or some of a claim, for each claim ever denied.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(first_answer_date AS DATE)) AS DATE) AS period,
    count(*) AS n,
    CAST(coalesce(sum(denial_count), 0) AS DECIMAL(18, 2)) AS top,
    CAST(coalesce(sum(1), 0) AS DECIMAL(18, 2)) AS bottom,
    CAST(coalesce(sum(CAST(denial_count AS DOUBLE) * CAST(denial_count AS DOUBLE)), 0) AS DOUBLE) AS tt,
    CAST(coalesce(sum(CAST(denial_count AS DOUBLE) * CAST(1 AS DOUBLE)), 0) AS DOUBLE) AS tb,
    CAST(coalesce(sum(CAST(1 AS DOUBLE) * CAST(1 AS DOUBLE)), 0) AS DOUBLE) AS bb
FROM claim_outcome
WHERE NOT (first_answer_date IS NULL)
  AND NOT (first_answer_date IS NOT NULL AND first_denial_date IS NULL)
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
