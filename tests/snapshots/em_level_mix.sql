-- E/M level mix. Of the professional lines of an E/M family (office visits with known patients, emergency visits ...), the share billed at each of its levels.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(service_to_date AS DATE)) AS DATE) AS period,
    em_family,
    em_level,
    count(*) AS n
FROM billed_line
WHERE NOT (em_level IS NULL)
  AND NOT (claim_type IS DISTINCT FROM 'professional')
  AND NOT (payer_sequence_code <> 'P' OR is_voided)
  AND line_of_business = $line_of_business
GROUP BY 1, 2, 3, 4
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST, 3 ASC NULLS LAST, 4 ASC NULLS LAST
