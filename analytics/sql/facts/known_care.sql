-- known_care: one row per kind of care claims bill: their type, payer's turn, place and diagnosis.
--
-- Reads    claim
-- What stands on millions of claims is looked up once each.
WITH said AS (
    SELECT DISTINCT
        claim_type,
        coalesce(payer_sequence_code, 'P') AS payer_sequence_code,
        facility_state_code,
        place_of_service_code,
        bill_type_code,
        substr(principal_diagnosis_code, 1, 3) AS diagnosis_category
    FROM claim
)

SELECT
    CAST(claim_type AS STRING) AS claim_type,
    CAST(payer_sequence_code AS STRING) AS payer_sequence_code,
    CAST(facility_state_code AS STRING) AS facility_state_code,
    CAST(place_of_service_code AS STRING) AS place_of_service_code,
    CAST(bill_type_code AS STRING) AS bill_type_code,
    CAST(diagnosis_category AS STRING) AS diagnosis_category,
    -- ICD-10-CM chapters, by their first and last category; other code sets have none.
    CAST(CASE
        WHEN diagnosis_category < 'A' THEN NULL
        WHEN diagnosis_category < 'C' THEN 'A00-B99'
        WHEN diagnosis_category < 'D50' THEN 'C00-D49'
        WHEN diagnosis_category < 'E' THEN 'D50-D89'
        WHEN diagnosis_category < 'F' THEN 'E00-E89'
        WHEN diagnosis_category < 'G' THEN 'F01-F99'
        WHEN diagnosis_category < 'H' THEN 'G00-G99'
        WHEN diagnosis_category < 'H60' THEN 'H00-H59'
        WHEN diagnosis_category < 'I' THEN 'H60-H95'
        WHEN diagnosis_category < 'J' THEN 'I00-I99'
        WHEN diagnosis_category < 'K' THEN 'J00-J99'
        WHEN diagnosis_category < 'L' THEN 'K00-K95'
        WHEN diagnosis_category < 'M' THEN 'L00-L99'
        WHEN diagnosis_category < 'N' THEN 'M00-M99'
        WHEN diagnosis_category < 'O' THEN 'N00-N99'
        WHEN diagnosis_category < 'P' THEN 'O00-O9A'
        WHEN diagnosis_category < 'Q' THEN 'P00-P96'
        WHEN diagnosis_category < 'R' THEN 'Q00-Q99'
        WHEN diagnosis_category < 'S' THEN 'R00-R99'
        WHEN diagnosis_category < 'U' THEN 'S00-T88'
        WHEN diagnosis_category < 'V' THEN 'U00-U85'
        WHEN diagnosis_category < 'Z' THEN 'V00-Y99'
        WHEN diagnosis_category < 'a' THEN 'Z00-Z99'
    END AS STRING) AS diagnosis_chapter
FROM said
