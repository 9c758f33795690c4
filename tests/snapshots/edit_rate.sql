-- Edit rate. Of the claims checked for an edit of coding, the share that breaks it, themselves or on a line; without --by edit_code, of all checks.
SELECT
    payer_name,
    period,
    CAST(coalesce(sum(CASE WHEN result = 'broken' THEN claims ELSE 0 END), 0) AS BIGINT) AS hits,
    CAST(coalesce(sum(claims), 0) AS BIGINT) AS n
FROM (
    SELECT counted.*, edit.edit_code,
        CASE WHEN (broken_edits & edit_bit) <> 0 THEN 'broken'
            WHEN (checked_edits & edit_bit) <> 0 THEN 'sound'
            ELSE 'not_checked' END AS result
    FROM (
        SELECT
            payer_name,
            CAST(date_trunc('month', CAST(service_to_date AS DATE)) AS DATE) AS period,
            checked_edits,
            broken_edits,
            unchecked_edits,
            count(*) AS claims,
            sum(billed_amount) AS amount
        FROM edit_check
        WHERE line_of_business = $line_of_business
        GROUP BY 1, 2, 3, 4, 5
    ) AS counted
    JOIN edit ON ((checked_edits | unchecked_edits) & edit_bit) <> 0
) AS told
WHERE NOT (result = 'not_checked')
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
