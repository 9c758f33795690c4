-- Coding accuracy, case over case. Of the cases whose DRG or APCs were reviewed, the share in which all of them were right.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(audit_date AS DATE)) AS DATE) AS period,
    count(*) FILTER (WHERE is_grouping_right) AS hits,
    count(*) AS n
FROM audited_case
WHERE NOT (NOT has_grouping)
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
