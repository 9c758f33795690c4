-- Edit precision. Of the edits broken on answered service lines, the share whose line was denied at first for what the edit is about.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(answer_date AS DATE)) AS DATE) AS period,
    count(*) FILTER (WHERE is_denied_for_it) AS hits,
    count(*) AS n
FROM edit_outcome
WHERE NOT (edit_code IS NULL)
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
