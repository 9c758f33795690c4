-- Office visits per 1,000. Days on which a member was seen by a provider at an office (99202-99215), per 1,000 members and year.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(month AS DATE)) AS DATE) AS period,
    CAST(coalesce(sum(member_months), 0) AS BIGINT) AS n,
    CAST(coalesce(sum(encounter_count), 0) AS DECIMAL(18, 2)) AS top,
    CAST(coalesce(sum(member_months), 0) AS DECIMAL(18, 2)) AS bottom,
    CAST(coalesce(sum(CAST(encounter_count AS DOUBLE) * CAST(encounter_count AS DOUBLE)), 0) AS DOUBLE) AS tt,
    CAST(coalesce(sum(member_months), 0) AS DOUBLE) AS bb,
    CAST(coalesce(sum(run_out_months), 0) AS BIGINT) AS run_out
FROM member_use
WHERE NOT (NOT is_covered)
  AND NOT (encounter_count = 1 AND encounter_type <> 'office_visit')
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
