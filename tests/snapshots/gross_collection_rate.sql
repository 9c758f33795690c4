-- Gross collection rate. What payers and patients paid, less refunds, over charges.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(service_to_date AS DATE)) AS DATE) AS period,
    count(*) AS n,
    CAST(coalesce(sum(payer_paid_amount + patient_paid_amount - refund_amount), 0) AS DECIMAL(18, 2)) AS top,
    CAST(coalesce(sum(charge_amount), 0) AS DECIMAL(18, 2)) AS bottom,
    CAST(coalesce(sum(CAST(payer_paid_amount + patient_paid_amount - refund_amount AS DOUBLE) * CAST(payer_paid_amount + patient_paid_amount - refund_amount AS DOUBLE)), 0) AS DOUBLE) AS tt,
    CAST(coalesce(sum(CAST(payer_paid_amount + patient_paid_amount - refund_amount AS DOUBLE) * CAST(charge_amount AS DOUBLE)), 0) AS DOUBLE) AS tb,
    CAST(coalesce(sum(CAST(charge_amount AS DOUBLE) * CAST(charge_amount AS DOUBLE)), 0) AS DOUBLE) AS bb
FROM collection
WHERE NOT (is_voided)
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
