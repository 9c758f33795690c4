-- adjustment_kind: one row per group code and reason code seen, with what it means for the money.
--
-- Reads    adjustment, carc
-- Sources  X12 external code source 139 (CARC) through carc; 835 CAS01 for the group.
--
-- kind: denial; duplicate (CARC 18: a denial kept apart); repeat (CARC 193: an earlier denial again);
-- partial (a reduction: a denial only where the line is otherwise unpaid); pend; contractual;
-- patient_share; prior_payer; reversal; other.
WITH pair AS (
    SELECT DISTINCT group_code, carc_code
    FROM adjustment
    WHERE carc_code IS NOT NULL
)

SELECT
    CAST(pair.group_code AS VARCHAR) AS group_code,
    CAST(pair.carc_code AS VARCHAR) AS carc_code,
    CAST(CASE
        WHEN pair.group_code = 'CR' THEN 'reversal'
        -- A code nobody mapped is money we cannot call a denial; its category shows it.
        WHEN carc.carc_code IS NULL THEN 'other'
        -- A denial moved to the patient (PR-96, PR-27, PR-204) is still a denial.
        WHEN carc.counts_as_denial = 'yes' THEN 'denial'
        WHEN carc.counts_as_denial = 'separate' THEN 'duplicate'
        WHEN carc.counts_as_denial = 'repeat' THEN 'repeat'
        WHEN carc.counts_as_denial = 'partial' THEN 'partial'
        WHEN carc.adjustment_class = 'pend' THEN 'pend'
        WHEN carc.adjustment_class = 'cob' THEN 'prior_payer'
        WHEN carc.adjustment_class = 'patient_resp' AND pair.group_code = 'PR' THEN 'patient_share'
        -- Cost share the contract forbids to bill (CO) is the provider's loss.
        WHEN carc.adjustment_class = 'patient_resp' AND pair.group_code = 'CO' THEN 'contractual'
        WHEN pair.group_code = 'PR' THEN 'other'
        WHEN carc.adjustment_class = 'contractual' THEN 'contractual'
        -- Sequestration (253) and its like: reductions by program rule, reported as contractual.
        WHEN carc.category = 'contractual' THEN 'contractual'
        ELSE 'other'
    END AS VARCHAR) AS kind,
    CAST(coalesce(carc.category, 'unmapped') AS VARCHAR) AS category,
    CAST(coalesce(carc.rollup_category, 'unmapped') AS VARCHAR) AS rollup_category,
    CAST(coalesce(carc.preventable, 'na') AS VARCHAR) AS preventable,
    CAST(coalesce(carc.hardness, 'na') AS VARCHAR) AS hardness,
    CAST(coalesce(carc.says_little, FALSE) AS BOOLEAN) AS says_little
FROM pair
LEFT JOIN carc ON carc.carc_code = pair.carc_code
