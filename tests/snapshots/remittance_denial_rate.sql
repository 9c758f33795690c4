-- Remittance denial rate. Of the claim payments on remittances, the share that denies all or some of the claim.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(answer_date AS DATE)) AS DATE) AS period,
    count(*) FILTER (WHERE is_denying) AS hits,
    count(*) AS n
FROM payment_outcome
WHERE NOT (role = 'reversal')
  AND NOT (role = 'forwarded')
  AND NOT (role = 'predetermination')
  AND NOT (role = 'pended')
  AND NOT (is_answer AND is_duplicate)
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
