-- Days from denial to resolution. Median days from the first answer, where it denied, until something was paid on what it denied, or the claim was written off or voided.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(first_answer_date AS DATE)) AS DATE) AS period,
    days_denial_to_resolution AS days,
    count(*) FILTER (WHERE denial_resolved_date IS NOT NULL) AS ended,
    count(*) FILTER (WHERE NOT (denial_resolved_date IS NOT NULL)) AS waiting
FROM claim_outcome
WHERE NOT (first_answer_date IS NULL)
  AND NOT (NOT is_initially_denied)
  AND NOT (days_denial_to_resolution < 0)
  AND line_of_business = $line_of_business
GROUP BY 1, 2, 3
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST, 3 ASC NULLS LAST
