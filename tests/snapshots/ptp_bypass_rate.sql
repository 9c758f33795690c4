-- NCCI bypass rate. Of the service lines that NCCI bundles into another of the day unless a modifier sets them apart, the share billed with such a modifier.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(service_date AS DATE)) AS DATE) AS period,
    count(*) FILTER (WHERE is_bypassed) AS hits,
    count(*) AS n
FROM procedure_pair
WHERE NOT (modifier_indicator = '0')
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
