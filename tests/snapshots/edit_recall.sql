-- Edit recall. Of the service lines denied at first for coding, bundling or medical necessity, the share that breaks an edit about it.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(answer_date AS DATE)) AS DATE) AS period,
    count(*) FILTER (WHERE is_foreseen) AS hits,
    count(*) AS n
FROM edit_outcome
WHERE NOT (NOT is_coding_denied)
  AND NOT (is_coding_denied AND edit_no > 1)
  AND NOT (is_coding_denied AND edit_no = 1 AND NOT is_checked)
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
