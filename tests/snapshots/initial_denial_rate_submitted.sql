-- Initial denial rate on submissions. Claims first denied in a month, over the mean number of claims first sent in each of the three months before it.
WITH sent AS (
    SELECT payer_name, month_of(submission_date) AS sent_month, count(*) AS n,
        count(*) FILTER (WHERE is_answered) AS answered
    FROM claim_outcome
    WHERE NOT (is_duplicate)
      AND line_of_business = $line_of_business
    GROUP BY 1, 2
),
happened AS (
    SELECT payer_name, month_of(first_answer_date) AS counted_month, count(*) AS hits
    FROM claim_outcome
    WHERE NOT (is_duplicate)
      AND line_of_business = $line_of_business
      AND is_initially_denied
    GROUP BY 1, 2
),
counted AS (
    SELECT payer_name, counted_month, hits, 0 AS n, 0 AS answered
    FROM happened
    UNION ALL
    SELECT payer_name, month_of(sent_month + 31 * later.months) AS counted_month,
        0 AS hits, n, answered
    FROM sent
    CROSS JOIN (
        SELECT 1 AS months UNION ALL SELECT 2 AS months UNION ALL SELECT 3 AS months
    ) AS later
),
span AS (
    SELECT month_of(min(submission_date)) AS first_month
    FROM claim_outcome
)
SELECT
    payer_name,
    CAST(date_trunc('month', counted_month) AS DATE) AS period,
    counted_month >= month_of(span.first_month + 93) AND month_of(counted_month + 31) <= build_info.as_of + 1 AS is_whole,
    CAST(coalesce(sum(hits), 0) AS BIGINT) AS hits,
    CAST(coalesce(sum(n), 0) AS BIGINT) AS n,
    CAST(coalesce(sum(answered), 0) AS BIGINT) AS answered
FROM counted
CROSS JOIN span
CROSS JOIN build_info
WHERE counted_month <= build_info.as_of
GROUP BY 1, 2, 3
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST, 3 ASC NULLS LAST
