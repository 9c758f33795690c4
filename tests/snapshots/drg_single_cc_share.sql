-- Share of DRGs on a single CC or MCC. Of the inpatient discharges in an MS-DRG with CC or MCC, the share with exactly one secondary diagnosis on the list of those that put it there.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(service_to_date AS DATE)) AS DATE) AS period,
    count(*) FILTER (WHERE severity_count = 1) AS hits,
    count(*) AS n
FROM discharge
WHERE NOT (NOT is_grouped)
  AND NOT (is_grouped AND drg_tier IS NULL)
  AND NOT (drg_tier IS NOT NULL AND NOT is_checked)
  AND NOT (payer_sequence_code <> 'P' OR is_voided)
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
