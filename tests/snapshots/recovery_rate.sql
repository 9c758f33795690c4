-- Recovery rate. Of the dollars first denied, the share later paid or allowed to the patient on the denied lines.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(first_answer_date AS DATE)) AS DATE) AS period,
    count(*) AS n,
    CAST(coalesce(sum(recovered_amount), 0) AS DECIMAL(18, 2)) AS top,
    CAST(coalesce(sum(denied_amount), 0) AS DECIMAL(18, 2)) AS bottom,
    CAST(coalesce(sum(CAST(recovered_amount AS DOUBLE) * CAST(recovered_amount AS DOUBLE)), 0) AS DOUBLE) AS tt,
    CAST(coalesce(sum(CAST(recovered_amount AS DOUBLE) * CAST(denied_amount AS DOUBLE)), 0) AS DOUBLE) AS tb,
    CAST(coalesce(sum(CAST(denied_amount AS DOUBLE) * CAST(denied_amount AS DOUBLE)), 0) AS DOUBLE) AS bb
FROM claim_outcome
WHERE NOT (first_answer_date IS NULL)
  AND NOT (NOT is_initially_denied)
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
