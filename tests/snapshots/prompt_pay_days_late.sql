-- Days late of prompt-pay breaches. Median days from the last day to answer a clean claim to the answer, of those not answered by that day.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(due_date AS DATE)) AS DATE) AS period,
    days_late AS days,
    count(*) FILTER (WHERE is_answered) AS ended,
    count(*) FILTER (WHERE NOT (is_answered)) AS waiting,
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
  AND NOT (NOT is_late)
  AND line_of_business = $line_of_business
GROUP BY 1, 2, 3
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST, 3 ASC NULLS LAST
