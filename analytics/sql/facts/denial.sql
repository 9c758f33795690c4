-- denial: one row per adjustment up to the as-of date that denies, or may, with what names it best.
--
-- Reads    tie, adjustment, adjustment_kind, remark, rarc, remit_line, remit_claim
-- Sources  X12 external code sources 139 (CARC) and 411 (RARC): a code that says little needs a
--          remark code that is no alert.
--
-- A partial reduction is a denial where the line is otherwise unpaid and unallowed (is_denial); else
-- it only lowers the price.  Codes that say little take their category from the first remark code of
-- the line, else of the claim; whether a denial is preventable, and hard, is always of the CARC.
WITH denying AS (
    SELECT
        adjustment.remit_claim_id,
        adjustment.remit_line_id,
        adjustment.file_id,
        adjustment.record_no,
        adjustment.position,
        adjustment.group_code,
        adjustment.carc_code,
        coalesce(adjustment.amount, 0) AS amount,
        adjustment_kind.kind,
        adjustment_kind.category,
        adjustment_kind.preventable,
        adjustment_kind.hardness,
        adjustment_kind.says_little
    FROM adjustment
    JOIN adjustment_kind
        ON adjustment_kind.carc_code = adjustment.carc_code
        AND adjustment_kind.group_code IS NOT DISTINCT FROM adjustment.group_code
    JOIN tie ON tie.remit_claim_id = adjustment.remit_claim_id
    WHERE adjustment_kind.kind IN ('denial', 'duplicate', 'repeat', 'partial')
),

patient_share AS (
    SELECT adjustment.remit_claim_id, adjustment.remit_line_id, sum(adjustment.amount) AS amount
    FROM adjustment
    JOIN adjustment_kind
        ON adjustment_kind.carc_code = adjustment.carc_code
        AND adjustment_kind.group_code IS NOT DISTINCT FROM adjustment.group_code
    JOIN denying
        ON denying.remit_claim_id = adjustment.remit_claim_id
        AND denying.remit_line_id IS NOT DISTINCT FROM adjustment.remit_line_id
        AND denying.kind = 'partial'
    WHERE adjustment_kind.kind = 'patient_share'
    GROUP BY adjustment.remit_claim_id, adjustment.remit_line_id
),

remarked AS (
    SELECT
        remark.remit_claim_id,
        remark.remit_line_id,
        remark.rarc_code,
        CASE WHEN NOT rarc.is_alert THEN rarc.category END AS category,
        row_number() OVER (
            PARTITION BY remark.remit_claim_id, remark.remit_line_id
            ORDER BY
                -- A code in no list, or an alert, names no reason, but stands where there is no
                -- other: an alert (MA01, may appeal) comes with nearly every claim of some payers.
                CASE WHEN rarc.rarc_code IS NULL THEN 1 WHEN rarc.is_alert THEN 2 ELSE 0 END ASC NULLS LAST,
                remark.record_no ASC NULLS LAST,
                remark.position ASC NULLS LAST,
                remark.rarc_code ASC NULLS LAST
        ) AS remark_no
    FROM remark
    LEFT JOIN rarc ON rarc.rarc_code = remark.rarc_code
    WHERE remark.remit_claim_id IN (SELECT remit_claim_id FROM denying)
)

SELECT
    CAST(denying.remit_claim_id AS BIGINT) AS remit_claim_id,
    CAST(denying.remit_line_id AS BIGINT) AS remit_line_id,
    CAST(denying.file_id AS BIGINT) AS file_id,
    CAST(denying.record_no AS BIGINT) AS record_no,
    CAST(denying.position AS INTEGER) AS position,
    CAST(denying.group_code AS STRING) AS group_code,
    CAST(denying.carc_code AS STRING) AS carc_code,
    CAST(CASE
        WHEN on_line.category IS NULL AND on_claim.category IS NOT NULL THEN on_claim.rarc_code
        ELSE coalesce(on_line.rarc_code, on_claim.rarc_code)
    END AS STRING) AS rarc_code,
    CAST(CASE
        WHEN denying.says_little
            THEN coalesce(on_line.category, on_claim.category, denying.category)
        ELSE denying.category
    END AS STRING) AS category,
    CAST(denying.preventable AS STRING) AS preventable,
    CAST(denying.hardness AS STRING) AS hardness,
    CAST(denying.kind AS STRING) AS kind,
    CAST(
        denying.kind = 'denial'
        OR (
            denying.kind = 'partial'
            AND coalesce(remit_line.paid_amount, remit_claim.paid_amount, 0) = 0
            AND coalesce(
                CASE
                    WHEN denying.remit_line_id IS NULL THEN remit_claim.allowed_amount
                    ELSE remit_line.allowed_amount
                END,
                patient_share.amount,
                0
            ) = 0
        ) AS BOOLEAN
    ) AS is_denial,
    CAST(denying.amount AS DECIMAL(18, 2)) AS amount
FROM denying
JOIN remit_claim ON remit_claim.remit_claim_id = denying.remit_claim_id
LEFT JOIN remit_line ON remit_line.remit_line_id = denying.remit_line_id
LEFT JOIN patient_share
    ON patient_share.remit_claim_id = denying.remit_claim_id
    AND patient_share.remit_line_id IS NOT DISTINCT FROM denying.remit_line_id
LEFT JOIN remarked AS on_line
    ON on_line.remit_line_id = denying.remit_line_id AND on_line.remark_no = 1
LEFT JOIN remarked AS on_claim
    ON on_claim.remit_claim_id = denying.remit_claim_id
    AND on_claim.remit_line_id IS NULL
    AND on_claim.remark_no = 1
