-- Leakage. Of the dollars allowed for covered members, the share on claims on which no provider is of the roster on that day.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(month AS DATE)) AS DATE) AS period,
    count(*) AS n,
    CAST(coalesce(sum(CASE WHEN is_in_network THEN 0 ELSE allowed_amount END), 0) AS DECIMAL(18, 2)) AS top,
    CAST(coalesce(sum(allowed_amount), 0) AS DECIMAL(18, 2)) AS bottom,
    CAST(coalesce(sum(CAST(CASE WHEN is_in_network THEN 0 ELSE allowed_amount END AS DOUBLE) * CAST(CASE WHEN is_in_network THEN 0 ELSE allowed_amount END AS DOUBLE)), 0) AS DOUBLE) AS tt,
    CAST(coalesce(sum(CAST(CASE WHEN is_in_network THEN 0 ELSE allowed_amount END AS DOUBLE) * CAST(allowed_amount AS DOUBLE)), 0) AS DOUBLE) AS tb,
    CAST(coalesce(sum(CAST(allowed_amount AS DOUBLE) * CAST(allowed_amount AS DOUBLE)), 0) AS DOUBLE) AS bb
FROM incurred_claim
WHERE NOT (NOT is_covered)
  AND NOT (is_covered AND is_in_network IS NULL)
  AND NOT (is_covered AND is_in_network IS NOT NULL AND service_category = 'pharmacy')
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
