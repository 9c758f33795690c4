-- known_filing: one row per payer and filing code on a claim, with what both say of who pays.
--
-- Reads    claim, known_payer
-- What stands on millions of claims is looked up once each.
WITH said AS (
    SELECT DISTINCT payer_id, claim_filing_code
    FROM claim
)

SELECT
    CAST(said.payer_id AS BIGINT) AS payer_id,
    CAST(said.claim_filing_code AS STRING) AS claim_filing_code,
    CAST(known_payer.payer_name AS STRING) AS payer_name,
    CAST(coalesce(
        known_payer.line_of_business,
        CASE
            WHEN said.claim_filing_code IN ('MA', 'MB') THEN 'medicare'
            WHEN said.claim_filing_code = '16' THEN 'medicare_advantage'
            WHEN said.claim_filing_code = 'MC' THEN 'medicaid'
            WHEN said.claim_filing_code = 'CH' THEN 'tricare'
            WHEN said.claim_filing_code = 'VA' THEN 'va'
            WHEN said.claim_filing_code = 'WC' THEN 'workers_comp'
            WHEN said.claim_filing_code IN ('12', '13', '14', '15', '17', 'BL', 'CI', 'FI', 'HM')
                THEN 'commercial'
            WHEN said.claim_filing_code IS NOT NULL THEN 'other'
        END
    ) AS STRING) AS line_of_business,
    CAST(known_payer.filing_limit_days AS INTEGER) AS filing_limit_days,
    CAST(known_payer.appeal_limit_days AS INTEGER) AS appeal_limit_days
FROM said
LEFT JOIN known_payer ON known_payer.payer_id = said.payer_id
