-- edit_finding: one row per claim or service line and edit that it breaks, or that could not be made though
-- its table is there.
--
-- Reads    edit_icd, edit_icd_pair, procedure_pair, edit_bypass, edit_unit, edit_code, edit_repeat,
--          edit_form
-- line_no is empty where the claim itself breaks the edit.
WITH stood_in AS (
    -- PTP-1 and PTP-2: of several pairs of a line the worst.
    SELECT
        procedure_pair.claim_id,
        procedure_pair.line_no,
        CASE WHEN procedure_pair.is_bypassed THEN 'PTP-2' ELSE 'PTP-1' END AS edit_code,
        CASE
            WHEN NOT procedure_pair.is_bypassed OR edit_bypass.is_outlying THEN 'broken'
            WHEN edit_bypass.is_comparable THEN 'sound'
            ELSE 'not_checked'
        END AS result,
        procedure_pair.paid_procedure_code,
        procedure_pair.paid_claim_id,
        procedure_pair.paid_line_no,
        count(*) OVER (
            PARTITION BY
                procedure_pair.claim_id, procedure_pair.line_no, procedure_pair.is_bypassed
        ) AS pair_count,
        row_number() OVER (
            PARTITION BY
                procedure_pair.claim_id, procedure_pair.line_no, procedure_pair.is_bypassed
            ORDER BY
                procedure_pair.modifier_indicator ASC NULLS LAST, procedure_pair.paid_procedure_code ASC NULLS LAST
        ) AS place
    FROM procedure_pair
    LEFT JOIN edit_bypass
        ON edit_bypass.rendering_provider IS NOT DISTINCT FROM
        coalesce(procedure_pair.rendering_provider, procedure_pair.billing_provider)
        AND edit_bypass.specialty IS NOT DISTINCT FROM procedure_pair.specialty
),

found AS (
    SELECT
        claim_id, CAST(NULL AS INTEGER) AS line_no, edit_code, result, finding, finding_count,
        CAST(NULL AS BIGINT) AS other_claim_id, CAST(NULL AS INTEGER) AS other_line_no
    FROM edit_icd
    UNION ALL
    SELECT claim_id, line_no, edit_code, 'broken', finding, finding_count, NULL, NULL
    FROM edit_icd_pair
    UNION ALL
    SELECT
        claim_id, line_no, edit_code, result, paid_procedure_code, pair_count, paid_claim_id,
        paid_line_no
    FROM stood_in
    WHERE place = 1 AND result <> 'sound'
    UNION ALL
    SELECT claim_id, line_no, edit_code, result, finding, 1, NULL, NULL
    FROM edit_unit
    UNION ALL
    SELECT claim_id, line_no, edit_code, result, finding, 1, NULL, NULL
    FROM edit_code
    UNION ALL
    SELECT claim_id, line_no, edit_code, result, finding, 1, other_claim_id, other_line_no
    FROM edit_repeat
    UNION ALL
    SELECT claim_id, line_no, edit_code, 'broken', finding, 1, NULL, NULL
    FROM edit_form
)

SELECT
    CAST(claim_id AS BIGINT) AS claim_id,
    CAST(line_no AS INTEGER) AS line_no,
    CAST(edit_code AS STRING) AS edit_code,
    CAST(result AS STRING) AS result,
    CAST(finding AS STRING) AS finding,
    CAST(finding_count AS INTEGER) AS finding_count,
    CAST(other_claim_id AS BIGINT) AS other_claim_id,
    CAST(other_line_no AS INTEGER) AS other_line_no
FROM found
