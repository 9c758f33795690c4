-- Days in A/R. Dollars insurers still owe on a day, over the average daily charges of claims first sent in the 90 days up to it (or since the first claim, where that is less).
WITH asked AS (
    SELECT as_of AS day FROM build_info
),
balance AS (
    SELECT claim_balance.*, day, open_amount AS amount,
        days_between(service_to_date, day) AS age_days
    FROM claim_balance
    JOIN asked ON asked.day >= from_date AND asked.day <= to_date
    WHERE (open_amount <> 0 OR submission_date > day - 90)
      AND line_of_business = $line_of_business
)
SELECT
    payer_name,
    count(*) FILTER (WHERE amount > 0) AS n,
    CAST(coalesce(sum(amount) FILTER (WHERE amount > 0), 0) AS DECIMAL(18, 2)) AS receivable,
    CAST(coalesce(sum(amount) FILTER (WHERE amount < 0), 0) AS DECIMAL(18, 2)) AS credit,
    CAST(coalesce(sum(CASE WHEN submission_date > day - 90 THEN charged_amount ELSE 0 END), 0) AS DECIMAL(18, 2)) AS charges,
    CAST(max(days_between((SELECT min(submission_date) FROM claim_balance), day)) + 1 AS DOUBLE) AS age
FROM balance
GROUP BY 1
ORDER BY 1 ASC NULLS LAST
