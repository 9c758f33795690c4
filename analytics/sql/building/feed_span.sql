-- The oldest and newest day of claims that payers settled, where nothing else was loaded.
WITH claim_days AS (
    SELECT
        min(service_from_date) AS first_from,
        max(service_from_date) AS last_from,
        max(service_to_date) AS last_to,
        max(processed_date) AS last_processed,
        max(paid_date) AS last_paid
    FROM payer_claim
),

line_days AS (
    SELECT min(service_from_date) AS first_from, max(service_from_date) AS last_from
    FROM payer_claim_line
),

days AS (
    SELECT first_from AS day FROM claim_days
    UNION ALL
    SELECT last_from AS day FROM claim_days
    UNION ALL
    SELECT last_to AS day FROM claim_days
    UNION ALL
    SELECT last_processed AS day FROM claim_days
    UNION ALL
    SELECT last_paid AS day FROM claim_days
    UNION ALL
    SELECT first_from AS day FROM line_days
    UNION ALL
    SELECT last_from AS day FROM line_days
)

SELECT
    min(day) AS oldest,
    coalesce(max(day) FILTER (WHERE day <= current_date + 31), max(day)) AS newest
FROM days
