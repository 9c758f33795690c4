-- A/R over 90 days. Of the dollars insurers still owe, the share on claims older than 90 days.
WITH balance AS (
    SELECT payer_name, claim_id,
        days_between(service_to_date, (SELECT as_of FROM build_info)) AS age_days,
        open_balance_amount AS amount,
        0 AS charged
    FROM claim_outcome
    WHERE line_of_business = $line_of_business
)
SELECT
    payer_name,
    CASE
        WHEN amount < 0 THEN 7
        WHEN age_days IS NULL THEN 6
        WHEN age_days <= 30 THEN 1
        WHEN age_days <= 60 THEN 2
        WHEN age_days <= 90 THEN 3
        WHEN age_days <= 120 THEN 4
        ELSE 5
    END AS bucket_no,
    count(*) FILTER (WHERE amount <> 0) AS n,
    CAST(coalesce(sum(amount), 0) AS DECIMAL(18, 2)) AS amount
FROM balance
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
