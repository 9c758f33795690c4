-- Coding accuracy, code over code. Of the codes that reviewers of coding found right, the share that the coder had given.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(audit_date AS DATE)) AS DATE) AS period,
    count(*) FILTER (WHERE is_right) AS hits,
    count(*) AS n
FROM audited_code
WHERE NOT (code_kind IN ('DRG', 'APC'))
  AND NOT (correct_code IS NULL)
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
