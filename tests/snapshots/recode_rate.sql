-- Recode rate. Of the lines payers answered first, the share adjudicated under another procedure than the one billed.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(answer_date AS DATE)) AS DATE) AS period,
    count(*) FILTER (WHERE answered_procedure_code <> procedure_code) AS hits,
    count(*) AS n
FROM answered_line
WHERE NOT (claim_id IS NULL)
  AND NOT (NOT is_first_answer)
  AND NOT (answered_procedure_code IS NULL OR procedure_code IS NULL)
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
