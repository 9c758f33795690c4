-- Modifier rate. Of the service lines that a modifier can go on, the share billed with it: modifier 25 unless another is asked for.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(service_to_date AS DATE)) AS DATE) AS period,
    count(*) FILTER (WHERE (',' || modifier_key || ',') LIKE '%,25,%') AS hits,
    count(*) AS n
FROM billed_line
WHERE NOT (procedure_code IS NULL)
  AND NOT (payer_sequence_code <> 'P' OR is_voided)
  AND NOT (NOT (em_family IS NOT NULL))
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
