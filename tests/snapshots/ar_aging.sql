-- A/R aging. Dollars insurers still owe on a day, by the age of the claim.
WITH asked AS (
    SELECT as_of AS day FROM build_info
),
balance AS (
    SELECT claim_balance.*, day, open_amount AS amount,
        days_between(service_to_date, day) AS age_days
    FROM claim_balance
    JOIN asked ON asked.day >= from_date AND asked.day <= to_date
    WHERE open_amount <> 0
      AND line_of_business = $line_of_business
)
SELECT
    payer_name,
    CASE
        WHEN amount < 0 THEN 99
        WHEN age_days IS NULL THEN 98
        WHEN age_days <= 30 THEN 1
        WHEN age_days <= 60 THEN 2
        WHEN age_days <= 90 THEN 3
        WHEN age_days <= 120 THEN 4
        ELSE 5
    END AS bucket_no,
    count(*) AS n,
    CAST(coalesce(sum(amount), 0) AS DECIMAL(18, 2)) AS amount
FROM balance
GROUP BY 1, 2
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
