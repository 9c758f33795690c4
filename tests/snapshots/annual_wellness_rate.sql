-- Members with an annual wellness visit. Of the members covered all year, the share with a wellness visit (G0402, G0438, G0439) in it.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(year AS DATE)) AS DATE) AS period,
    count(*) FILTER (WHERE wellness_count > 0) AS hits,
    count(*) AS n
FROM member_year
WHERE NOT (NOT is_covered_all_year)
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
