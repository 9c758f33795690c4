-- adjustment_kind: one row per group code and reason code seen, with what it means for the money.
--
-- Reads    adjustment, carc
-- Sources  X12 external code source 139 (CARC) through carc; 835 CAS01 for the group.
-- A row of carc for this very group comes before the one for any group.
--
-- kind: denial; duplicate (CARC 18: a denial kept apart); repeat (CARC 193: an earlier denial again);
-- partial (a reduction: a denial only where the line is otherwise unpaid); pend; contractual;
-- patient_share; prior_payer; reversal; other.
WITH pair AS (
    SELECT DISTINCT group_code, carc_code
    FROM adjustment
    WHERE carc_code IS NOT NULL
),

ranked AS (
    SELECT
        pair.group_code,
        pair.carc_code,
        carc.carc_code AS known_code,
        carc.counts_as_denial,
        carc.adjustment_class,
        carc.category,
        carc.rollup_category,
        carc.preventable,
        carc.hardness,
        carc.says_little,
        row_number() OVER (
            PARTITION BY pair.group_code, pair.carc_code
            ORDER BY CASE WHEN carc.group_code IS NULL THEN 1 ELSE 0 END ASC NULLS LAST
        ) AS preference
    FROM pair
    LEFT JOIN carc
        ON carc.carc_code = pair.carc_code
        AND coalesce(carc.group_code, pair.group_code, '') = coalesce(pair.group_code, '')
)

SELECT
    CAST(ranked.group_code AS STRING) AS group_code,
    CAST(ranked.carc_code AS STRING) AS carc_code,
    CAST(CASE
        WHEN ranked.group_code = 'CR' THEN 'reversal'
        -- A code nobody mapped is money we cannot call a denial; its category shows it.
        WHEN ranked.known_code IS NULL THEN 'other'
        -- A denial moved to the patient (PR-96, PR-27, PR-204) is still a denial.
        WHEN ranked.counts_as_denial = 'yes' THEN 'denial'
        WHEN ranked.counts_as_denial = 'separate' THEN 'duplicate'
        WHEN ranked.counts_as_denial = 'repeat' THEN 'repeat'
        WHEN ranked.counts_as_denial = 'partial' THEN 'partial'
        WHEN ranked.adjustment_class = 'pend' THEN 'pend'
        WHEN ranked.adjustment_class = 'cob' THEN 'prior_payer'
        WHEN ranked.adjustment_class = 'patient_resp' AND ranked.group_code = 'PR' THEN 'patient_share'
        -- Cost share the contract forbids to bill (CO) is the provider's loss.
        WHEN ranked.adjustment_class = 'patient_resp' AND ranked.group_code = 'CO' THEN 'contractual'
        WHEN ranked.group_code = 'PR' THEN 'other'
        WHEN ranked.adjustment_class = 'contractual' THEN 'contractual'
        -- Sequestration (253) and its like: reductions by program rule, reported as contractual.
        WHEN ranked.category = 'contractual' THEN 'contractual'
        ELSE 'other'
    END AS STRING) AS kind,
    CAST(coalesce(ranked.category, 'unmapped') AS STRING) AS category,
    CAST(coalesce(ranked.rollup_category, 'unmapped') AS STRING) AS rollup_category,
    CAST(coalesce(ranked.preventable, 'na') AS STRING) AS preventable,
    CAST(coalesce(ranked.hardness, 'na') AS STRING) AS hardness,
    CAST(coalesce(ranked.says_little, FALSE) AS BOOLEAN) AS says_little
FROM ranked
WHERE ranked.preference = 1
