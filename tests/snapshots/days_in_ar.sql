-- Days in A/R. Dollars insurers still owe on a day, over the average daily charges of claims first sent in the 90 days up to it.
WITH balance AS (
    SELECT payer_name, claim_id,
        days_between(service_to_date, (SELECT as_of FROM build_info)) AS age_days,
        open_balance_amount AS amount,
        CASE WHEN submission_date > (SELECT as_of FROM build_info) - CAST($window AS INTEGER) THEN charged_amount ELSE 0 END AS charged
    FROM claim_outcome
    WHERE line_of_business = $line_of_business
)
SELECT
    payer_name,
    count(*) FILTER (WHERE amount > 0) AS n,
    CAST(coalesce(sum(amount) FILTER (WHERE amount > 0), 0) AS DECIMAL(18, 2)) AS receivable,
    CAST(coalesce(sum(amount) FILTER (WHERE amount < 0), 0) AS DECIMAL(18, 2)) AS credit,
    CAST(coalesce(sum(charged), 0) AS DECIMAL(18, 2)) AS charges
FROM balance
GROUP BY 1
ORDER BY 1 ASC NULLS LAST
