-- Seen within 14 days of discharge. Of acute stays discharged alive, not against advice, of people covered after, the share with an office, home or other visit on one of the 14 days after.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(discharge_date AS DATE)) AS DATE) AS period,
    count(*) FILTER (WHERE coalesce(days_to_follow_up <= 14, FALSE)) AS hits,
    count(*) AS n
FROM index_admission
WHERE NOT (exclusion = 'died')
  AND NOT (exclusion = 'still a patient')
  AND NOT (exclusion = 'left against advice')
  AND NOT (exclusion = 'transferred to a hospital whose claim is not there')
  AND NOT (exclusion = 'discharged less than 30 days ago')
  AND NOT (exclusion = 'not covered for 30 days after')
  AND NOT (coalesce(days_to_readmission <= 14, FALSE))
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
