-- known_payer: one row per payer as named in a file, with the name to report it under.
--
-- Reads    payer, payer_map
-- The best row of payer_map wins: code and name both equal, then the code, then the name.
WITH matched AS (
    SELECT
        payer.payer_id,
        coalesce(payer_map.canonical_payer, payer.payer_name, payer.payer_code) AS payer_name,
        payer_map.line_of_business,
        payer_map.state_code,
        payer_map.canonical_payer IS NOT NULL AS is_mapped,
        payer_map.filing_limit_days,
        payer_map.appeal_limit_days,
        payer_map.prompt_pay_days,
        row_number() OVER (
            PARTITION BY payer.payer_id
            ORDER BY
                CASE WHEN payer_map.payer_code IS NULL THEN 1 ELSE 0 END ASC NULLS LAST,
                CASE WHEN payer_map.payer_name IS NULL THEN 1 ELSE 0 END ASC NULLS LAST,
                payer_map.canonical_payer ASC NULLS LAST
        ) AS preference
    FROM payer
    LEFT JOIN payer_map
        ON coalesce(payer_map.payer_code, payer_map.payer_name) IS NOT NULL
        AND (
            payer_map.payer_code IS NULL
            OR upper(trim(payer_map.payer_code)) = upper(trim(payer.payer_code))
        )
        AND (
            payer_map.payer_name IS NULL
            OR upper(trim(payer_map.payer_name)) = upper(trim(payer.payer_name))
        )
)

SELECT
    CAST(payer_id AS BIGINT) AS payer_id,
    CAST(payer_name AS STRING) AS payer_name,
    CAST(line_of_business AS STRING) AS line_of_business,
    CAST(state_code AS STRING) AS state_code,
    CAST(is_mapped AS BOOLEAN) AS is_mapped,
    CAST(filing_limit_days AS INTEGER) AS filing_limit_days,
    CAST(appeal_limit_days AS INTEGER) AS appeal_limit_days,
    CAST(prompt_pay_days AS INTEGER) AS prompt_pay_days
FROM matched
WHERE preference = 1
