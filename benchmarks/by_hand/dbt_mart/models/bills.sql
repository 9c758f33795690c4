-- One row a submission, replacements put to the number of the claim they replace.
{{ config(materialized='table') }}
WITH sent AS (
    SELECT claim_id, patient_control_number, original_payer_claim_number, canonical_payer,
           service_to_date, submission_date, billed_amount
    FROM read_parquet('{{ var("tables") }}/claim.parquet') JOIN {{ ref('payers') }} USING (payer_id)
),
former AS (
    -- A payment that answers nothing sent says nothing of the number either.
    SELECT payer_claim_number, min(patient_control_number) AS number
    FROM read_parquet('{{ var("tables") }}/remit_claim.parquet')
    WHERE patient_control_number IN (SELECT patient_control_number FROM sent)
    GROUP BY payer_claim_number
)
SELECT claim_id, coalesce(former.number, patient_control_number) AS number,
       patient_control_number, canonical_payer, service_to_date, submission_date, billed_amount
FROM sent LEFT JOIN former ON sent.original_payer_claim_number = former.payer_claim_number
