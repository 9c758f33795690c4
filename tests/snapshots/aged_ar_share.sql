-- A/R over 90 days. Of the dollars insurers still owe, the share on claims older than 90 days.
WITH asked AS (
    SELECT as_of AS day FROM build_info
),
balance AS (
    SELECT claim_balance.*, day, open_amount AS amount,
        days_between(service_to_date, day) AS age_days
    FROM claim_balance
    JOIN asked ON asked.day >= from_date AND asked.day <= to_date
    WHERE open_amount > 0
      AND line_of_business = $line_of_business
)
SELECT
    payer_name,
    count(*) AS n,
    CAST(coalesce(sum(CASE WHEN age_days > 90 THEN amount ELSE 0 END), 0) AS DECIMAL(18, 2)) AS old,
    CAST(coalesce(sum(amount), 0) AS DECIMAL(18, 2)) AS amount
FROM balance
GROUP BY 1
ORDER BY 1 ASC NULLS LAST
