-- Prompt-pay breaches. Of the clean claims whose last day to be answered by law or contract is past, the share not answered by that day.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(due_date AS DATE)) AS DATE) AS period,
    count(*) FILTER (WHERE is_late) AS hits,
    count(*) AS n,
    count(*) FILTER (WHERE NOT is_verified) AS unverified
FROM prompt_pay
WHERE NOT (is_void)
  AND NOT (is_rejected)
  AND NOT (is_resubmitted)
  AND NOT (is_denied)
  AND NOT (is_duplicate)
  AND NOT (waited_days < 0)
  AND NOT (answer_days IS NULL)
  AND NOT (NOT is_due)
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
