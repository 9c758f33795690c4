-- Unplanned readmissions within 30 days. Of acute stays discharged alive, not against advice, of people covered 30 days after, the share followed by an unplanned acute stay within 30 days.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(discharge_date AS DATE)) AS DATE) AS period,
    count(*) FILTER (WHERE is_readmitted) AS hits,
    count(*) AS n,
    count(*) FILTER (WHERE planned_rule = 'all_cause') AS all_cause,
    count(*) FILTER (WHERE planned_rule = 'hwr_without_ccs') AS without_ccs
FROM index_admission
WHERE NOT (exclusion = 'died')
  AND NOT (exclusion = 'still a patient')
  AND NOT (exclusion = 'left against advice')
  AND NOT (exclusion = 'transferred to a hospital whose claim is not there')
  AND NOT (exclusion = 'discharged less than 30 days ago')
  AND NOT (exclusion = 'not covered for 30 days after')
  AND NOT (exclusion = 'cancer, psychiatric or rehabilitation stay')
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
