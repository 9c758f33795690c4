-- Underpayment. Dollars that payers allowed less on a service line than their contract, or else their usual allowed amount, has them allow.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(answer_date AS DATE)) AS DATE) AS period,
    count(*) AS n,
    count(*) FILTER (WHERE usual_amount - allowed_amount > greatest(1.00, 0.01 * expected_amount)) AS underpaid,
    count(*) FILTER (WHERE rate_source = 'inferred') AS inferred,
    CAST(coalesce(sum(CASE WHEN usual_amount - allowed_amount > greatest(1.00, 0.01 * expected_amount) THEN usual_amount - allowed_amount ELSE 0 END), 0) AS DECIMAL(18, 2)) AS amount,
    CAST(coalesce(sum(expected_amount), 0) AS DECIMAL(18, 2)) AS expected_amount,
    CAST(coalesce(sum(allowed_amount), 0) AS DECIMAL(18, 2)) AS allowed_amount,
    CAST(coalesce(sum(CASE WHEN variance_kind = 'multiple_procedure' AND expected_amount - allowed_amount > greatest(1.00, 0.01 * expected_amount) THEN expected_amount - greatest(usual_amount, allowed_amount) ELSE 0 END), 0) AS DECIMAL(18, 2)) AS multiple_procedure_amount,
    CAST(coalesce(sum(CASE WHEN variance_kind = 'bilateral' AND expected_amount - allowed_amount > greatest(1.00, 0.01 * expected_amount) THEN expected_amount - greatest(usual_amount, allowed_amount) ELSE 0 END), 0) AS DECIMAL(18, 2)) AS bilateral_amount,
    CAST(coalesce(sum(CASE WHEN variance_kind = 'assistant' AND expected_amount - allowed_amount > greatest(1.00, 0.01 * expected_amount) THEN expected_amount - greatest(usual_amount, allowed_amount) ELSE 0 END), 0) AS DECIMAL(18, 2)) AS assistant_amount,
    CAST(coalesce(sum(CASE WHEN variance_kind = 'reduced' AND expected_amount - allowed_amount > greatest(1.00, 0.01 * expected_amount) THEN expected_amount - greatest(usual_amount, allowed_amount) ELSE 0 END), 0) AS DECIMAL(18, 2)) AS reduced_amount,
    CAST(coalesce(sum(CASE WHEN variance_kind = 'units' AND expected_amount - allowed_amount > greatest(1.00, 0.01 * expected_amount) THEN expected_amount - greatest(usual_amount, allowed_amount) ELSE 0 END), 0) AS DECIMAL(18, 2)) AS units_amount,
    CAST(coalesce(sum(CASE WHEN variance_kind = 'several_answers' AND expected_amount - allowed_amount > greatest(1.00, 0.01 * expected_amount) THEN expected_amount - greatest(usual_amount, allowed_amount) ELSE 0 END), 0) AS DECIMAL(18, 2)) AS several_answers_amount,
    CAST(coalesce(sum(CASE WHEN allowed_amount - expected_amount > greatest(1.00, 0.01 * expected_amount) THEN allowed_amount - expected_amount ELSE 0 END), 0) AS DECIMAL(18, 2)) AS overpaid_amount,
    CAST(coalesce(sum(CASE WHEN rate_source = 'inferred' AND usual_amount - allowed_amount > greatest(1.00, 0.01 * expected_amount) THEN usual_amount - allowed_amount ELSE 0 END), 0) AS DECIMAL(18, 2)) AS inferred_amount
FROM priced_line
WHERE unpriced_reason IS NULL
  AND NOT (rate_source = 'inferred' AND support < 10)
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
