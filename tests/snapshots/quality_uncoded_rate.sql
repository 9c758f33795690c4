-- Open gaps for want of a code. Of the open quality gaps, the share of which claims tell that the care was given, but no code tells its result.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(year AS DATE)) AS DATE) AS period,
    count(*) FILTER (WHERE gap_state = 'no_result') AS hits,
    count(*) AS n
FROM quality_gap
WHERE NOT (NOT is_checked)
  AND NOT (is_checked AND coalesce(not_eligible_reason = 'no_birth_date', FALSE))
  AND NOT (is_checked AND coalesce(not_eligible_reason = 'no_sex', FALSE))
  AND NOT (is_checked AND coalesce(not_eligible_reason = 'died', FALSE))
  AND NOT (is_checked AND coalesce(not_eligible_reason = 'not_covered', FALSE))
  AND NOT (is_checked AND coalesce(not_eligible_reason = 'no_visit', FALSE))
  AND NOT (is_checked AND is_eligible AND is_excluded)
  AND NOT (is_checked AND is_eligible AND NOT is_excluded AND is_closed)
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
