-- Avoidable emergency visits. Of emergency visits treated and released, the share that by their principal diagnoses was likely not emergent, treatable by primary care, or avoidable by earlier care.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(start_date AS DATE)) AS DATE) AS period,
    count(*) AS n,
    CAST(coalesce(sum(non_emergent_share + primary_care_share + preventable_share), 0) AS DECIMAL(18, 10)) AS top,
    CAST(coalesce(sum(1), 0) AS DECIMAL(18, 10)) AS bottom,
    CAST(coalesce(sum(CAST(non_emergent_share + primary_care_share + preventable_share AS DOUBLE) * CAST(non_emergent_share + primary_care_share + preventable_share AS DOUBLE)), 0) AS DOUBLE) AS tt,
    CAST(coalesce(sum(CAST(non_emergent_share + primary_care_share + preventable_share AS DOUBLE) * CAST(1 AS DOUBLE)), 0) AS DOUBLE) AS tb,
    CAST(coalesce(sum(CAST(1 AS DOUBLE) * CAST(1 AS DOUBLE)), 0) AS DOUBLE) AS bb
FROM ed_visit
WHERE NOT (NOT is_checked)
  AND NOT (is_checked AND NOT is_classified)
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
