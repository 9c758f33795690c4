-- Claim payments with the number and payer of their claim, and what their reasons add up to.
{{ config(materialized='table') }}
WITH numbers AS (
    SELECT DISTINCT patient_control_number, canonical_payer, number FROM {{ ref('bills') }}
),
reasons AS (
    SELECT remit_claim_id,
           sum(amount) FILTER (counts_as_denial = 'yes') AS denied,
           sum(amount) FILTER (counts_as_denial = 'separate') AS duplicate,
           sum(amount) FILTER (adjustment_class IN ('contractual', 'patient_resp', 'cob')) AS less,
           bool_and(adjustment_class = 'pend') AS pended
    FROM read_parquet('{{ var("tables") }}/adjustment.parquet')
    JOIN read_parquet('{{ var("tables") }}/carc.parquet') USING (carc_code)
    GROUP BY remit_claim_id
)
SELECT remit_claim_id, number, canonical_payer, payment_date, status_code, charge_amount,
       paid_amount, coalesce(denied, 0) AS denied, coalesce(duplicate, 0) AS duplicate,
       coalesce(less, 0) AS less, coalesce(pended, false) AS pended
FROM read_parquet('{{ var("tables") }}/remit_claim.parquet')
JOIN read_parquet('{{ var("tables") }}/remit.parquet') USING (remit_id)
JOIN {{ ref('payers') }} USING (payer_id)
JOIN numbers USING (patient_control_number, canonical_payer)
LEFT JOIN reasons USING (remit_claim_id)
