dispensed AS (
    SELECT payer_claim_line_id, line_no, max(days_supply) AS days_supply
    FROM payer_claim_line
    GROUP BY payer_claim_line_id, line_no
)

SELECT
    CAST(priced.payer_claim_id AS VARCHAR) AS claim_id,
    priced.place AS claim_line_number,
    CAST(priced.person_id AS VARCHAR) AS person_id,
    coalesce(priced.member_id, CAST(priced.person_id AS VARCHAR)) AS member_id,
    priced.payer_name AS payer,
    coalesce(priced.line_of_business, priced.payer_name) AS plan,
    priced.referring_npi AS prescribing_provider_npi,
    priced.billing_npi AS dispensing_provider_npi,
    coalesce(priced.line_from_date, priced.service_from_date) AS dispensing_date,
    priced.ndc_code,
    priced.units AS quantity,
    dispensed.days_supply,
    NULL AS refills,
    priced.paid_date,
    priced.paid AS paid_amount,
    priced.allowed AS allowed_amount,
    priced.charged AS charge_amount,
    priced.coinsurance AS coinsurance_amount,
    priced.copayment AS copayment_amount,
    priced.deductible AS deductible_amount,
    NULL AS in_network_flag,
    'revcycle' AS data_source,
    source_file.file_name,
    source_file.loaded_at AS ingest_datetime
FROM priced
LEFT JOIN dispensed
    ON dispensed.payer_claim_line_id = priced.payer_claim_line_id AND priced.place = dispensed.line_no
LEFT JOIN source_file ON source_file.file_id = priced.file_id
WHERE priced.claim_type = 'pharmacy'
ORDER BY priced.payer_claim_id ASC, priced.place ASC
