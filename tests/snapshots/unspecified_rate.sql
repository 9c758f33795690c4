-- Unspecified diagnosis rate. Of the principal and other diagnoses coded on claims, the share whose title in the ICD-10-CM order file of the day has the word unspecified.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(service_to_date AS DATE)) AS DATE) AS period,
    count(*) FILTER (WHERE is_unspecified) AS hits,
    count(*) AS n
FROM coded_diagnosis
WHERE NOT (NOT is_checked)
  AND NOT (is_checked AND is_unspecified IS NULL)
  AND NOT (payer_sequence_code <> 'P' OR is_voided)
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
