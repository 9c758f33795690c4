-- One row a claim: what of it is open, and how old it is.
{{ config(materialized='table') }}
WITH claims AS (
    SELECT * FROM {{ ref('bills') }}
    QUALIFY row_number() OVER (
        PARTITION BY number, canonical_payer ORDER BY submission_date, claim_id
    ) = 1
),
settled AS (
    SELECT number, canonical_payer, sum(paid_amount + less) AS settled
    FROM {{ ref('payments') }} GROUP BY number, canonical_payer
),
written AS (
    SELECT patient_control_number AS number, sum(amount) AS written
    FROM read_parquet('{{ var("tables") }}/write_off.parquet') GROUP BY 1
),
firsts AS (
    SELECT number, min(submission_date) AS first_day FROM claims GROUP BY number
)
SELECT canonical_payer,
       date_diff('day', service_to_date, as_of) AS age,
       billed_amount - coalesce(settled, 0)
       - CASE WHEN submission_date = first_day THEN coalesce(written, 0) ELSE 0 END AS open_amount
FROM claims
JOIN firsts USING (number)
LEFT JOIN settled USING (number, canonical_payer)
LEFT JOIN written USING (number)
CROSS JOIN read_parquet('{{ var("tables") }}/as_of.parquet')
