-- Credit balances. Dollars by which claims settled for more than was asked stand below zero on a day.
WITH asked AS (
    SELECT as_of AS day FROM build_info
),
balance AS (
    SELECT claim_balance.*, day, open_amount AS amount,
        days_between(service_to_date, day) AS age_days
    FROM claim_balance
    JOIN asked ON asked.day >= from_date AND asked.day <= to_date
    WHERE open_amount < 0
      AND line_of_business = $line_of_business
)
SELECT
    payer_name,
    count(*) AS n,
    CAST(coalesce(-sum(amount), 0) AS DECIMAL(18, 2)) AS amount
FROM balance
GROUP BY 1
ORDER BY 1 ASC NULLS LAST
