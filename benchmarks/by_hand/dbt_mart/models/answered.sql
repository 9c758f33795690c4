-- One row a claim answered: its first day, charge and what was denied that day.
{{ config(materialized='table') }}
WITH answers AS (
    SELECT * FROM {{ ref('payments') }} WHERE status_code <> '22' AND NOT (pended AND paid_amount = 0)
),
days AS (
    SELECT number, canonical_payer, min(payment_date) AS payment_date
    FROM answers GROUP BY number, canonical_payer
)
SELECT number, canonical_payer, payment_date AS first_date, sum(charge_amount) AS charge,
       sum(denied) AS denied
FROM answers JOIN days USING (number, canonical_payer, payment_date)
GROUP BY number, canonical_payer, payment_date
HAVING NOT (sum(duplicate) > 0 AND sum(denied) = 0)
