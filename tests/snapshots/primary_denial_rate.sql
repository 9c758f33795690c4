-- Primary denial rate. Of the answers of primary payers, the share that paid nothing and denied all or some of the claim.
SELECT
    payer_name,
    CAST(date_trunc('month', CAST(answer_date AS DATE)) AS DATE) AS period,
    count(*) FILTER (WHERE is_answer_unpaid_denial) AS hits,
    count(*) AS n
FROM payment_outcome
WHERE NOT (role = 'reversal')
  AND NOT (role = 'forwarded')
  AND NOT (role = 'predetermination')
  AND NOT (role = 'pended')
  AND NOT (is_answer AND NOT is_matched)
  AND NOT (is_answer AND is_matched AND payer_sequence_code <> 'P')
  AND NOT (is_answer AND is_matched AND payer_sequence_code = 'P' AND NOT is_answer_head)
  AND NOT (is_answer_head AND payer_sequence_code = 'P' AND is_answer_duplicate)
  AND line_of_business = $line_of_business
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
