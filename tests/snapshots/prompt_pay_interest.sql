-- Prompt-pay interest owed. Simple interest at the rate of the rule on what was paid after the last day to answer, for the days it was late.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(due_date AS DATE)) AS DATE) AS period,
    count(*) AS n,
    CAST(coalesce(sum(interest_amount), 0) AS DECIMAL(18, 2)) AS amount,
    count(interest_amount) AS known,
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
  AND NOT (NOT is_answered)
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
