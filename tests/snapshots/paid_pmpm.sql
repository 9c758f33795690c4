-- Paid per member per month. Dollars payers paid on claims of covered members, by month of service, over the months of cover.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(month AS DATE)) AS DATE) AS period,
    CAST(coalesce(sum(member_months), 0) AS BIGINT) AS n,
    CAST(coalesce(sum(member_spend.paid_amount), 0) AS DECIMAL(18, 2)) AS top,
    CAST(coalesce(sum(member_months), 0) AS DECIMAL(18, 2)) AS bottom,
    CAST(coalesce(sum(CAST(member_spend.paid_amount AS DOUBLE) * CAST(member_spend.paid_amount AS DOUBLE)), 0) AS DOUBLE) AS tt,
    CAST(coalesce(sum(member_months), 0) AS DOUBLE) AS bb,
    CAST(coalesce(sum(run_out_months), 0) AS BIGINT) AS run_out
FROM member_spend
WHERE NOT (NOT is_covered)
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
