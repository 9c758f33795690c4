-- What the codes of the answers mean, in the words of the maps the database holds.
WITH answered AS (
    SELECT remit_claim_id, status_code
    FROM answer
    WHERE claim_id = $claim_id
),

said AS (
    SELECT DISTINCT adjustment.group_code, adjustment.carc_code
    FROM adjustment
    JOIN answered ON answered.remit_claim_id = adjustment.remit_claim_id
),

worded AS (
    SELECT
        said.carc_code,
        carc.short_wording,
        row_number() OVER (
            PARTITION BY said.carc_code
            ORDER BY
                CASE WHEN carc.group_code = said.group_code THEN 0 ELSE 1 END ASC,
                carc.short_wording ASC
        ) AS preference
    FROM said
    LEFT JOIN carc
        ON carc.carc_code = said.carc_code
        AND coalesce(carc.group_code, said.group_code, '') = coalesce(said.group_code, '')
)

SELECT 'reason (CARC)' AS code_list, carc_code AS code, short_wording AS meaning
FROM worded
WHERE preference = 1 AND carc_code IS NOT NULL
UNION ALL
SELECT DISTINCT 'remark (RARC)', remark.rarc_code, rarc.short_wording
FROM remark
JOIN answered ON answered.remit_claim_id = remark.remit_claim_id
LEFT JOIN rarc ON rarc.rarc_code = remark.rarc_code
UNION ALL
SELECT DISTINCT 'group', group_code, CAST(NULL AS VARCHAR)
FROM said
WHERE group_code IS NOT NULL
UNION ALL
SELECT DISTINCT 'claim status (CLP02)', status_code, NULL
FROM answered
WHERE status_code IS NOT NULL
UNION ALL
SELECT DISTINCT 'provider adjustment (PLB)', plb_reason.reason_code, plb_reason.short_wording
FROM plb_reason
WHERE plb_reason.reason_code IN (SELECT unnest($plb_codes))
UNION ALL
SELECT DISTINCT 'frequency', frequency_code, NULL
FROM submission
WHERE claim_id = $claim_id AND frequency_code IS NOT NULL
ORDER BY code_list, code
