-- Allowed per member per month. Dollars allowed on primary claims of covered members, by month of service, over the months of cover.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(month AS DATE)) AS DATE) AS period,
    count(*) AS n,
    CAST(coalesce(sum(allowed_amount), 0) AS DECIMAL(18, 2)) AS top,
    CAST(coalesce(sum(1), 0) AS DECIMAL(18, 2)) AS bottom,
    CAST(coalesce(sum(CAST(allowed_amount AS DOUBLE) * CAST(allowed_amount AS DOUBLE)), 0) AS DOUBLE) AS tt,
    CAST(coalesce(sum(CAST(allowed_amount AS DOUBLE) * CAST(1 AS DOUBLE)), 0) AS DOUBLE) AS tb,
    CAST(coalesce(sum(CAST(1 AS DOUBLE) * CAST(1 AS DOUBLE)), 0) AS DOUBLE) AS bb
FROM member_month
WHERE line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
