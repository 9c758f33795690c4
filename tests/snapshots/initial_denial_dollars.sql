-- Initial denial rate in dollars. Of the charges on claims a payer has answered, the share on claims whose first answer denied all or some of them.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(first_answer_date AS DATE)) AS DATE) AS period,
    count(*) AS n,
    CAST(coalesce(sum(CASE WHEN is_initially_denied THEN first_charge_amount ELSE 0 END), 0) AS DECIMAL(18, 2)) AS top,
    CAST(coalesce(sum(first_charge_amount), 0) AS DECIMAL(18, 2)) AS bottom,
    CAST(coalesce(sum(CAST(CASE WHEN is_initially_denied THEN first_charge_amount ELSE 0 END AS DOUBLE) * CAST(CASE WHEN is_initially_denied THEN first_charge_amount ELSE 0 END AS DOUBLE)), 0) AS DOUBLE) AS tt,
    CAST(coalesce(sum(CAST(CASE WHEN is_initially_denied THEN first_charge_amount ELSE 0 END AS DOUBLE) * CAST(first_charge_amount AS DOUBLE)), 0) AS DOUBLE) AS tb,
    CAST(coalesce(sum(CAST(first_charge_amount AS DOUBLE) * CAST(first_charge_amount AS DOUBLE)), 0) AS DOUBLE) AS bb
FROM claim_outcome
WHERE NOT (first_answer_date IS NULL)
  AND NOT (is_duplicate)
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
