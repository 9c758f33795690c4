-- Service lines as answered, with the reasons of each; adjustments of a whole claim have line 0.
WITH answered AS (
    SELECT remit_claim_id, payment_date, role, is_taken_back
    FROM answer
    WHERE claim_id = $claim_id
),

reason AS (
    SELECT
        remit_claim_id,
        remit_line_id,
        string_agg(
            concat_ws('-', group_code, carc_code) || ' ' || CAST(amount AS VARCHAR), ', '
            ORDER BY record_no ASC, position ASC
        ) AS reasons
    FROM adjustment
    WHERE remit_claim_id IN (SELECT remit_claim_id FROM answered)
    GROUP BY remit_claim_id, remit_line_id
),

remarked AS (
    SELECT
        remit_claim_id, remit_line_id, string_agg(DISTINCT rarc_code, ', ' ORDER BY rarc_code) AS rarcs
    FROM remark
    WHERE remit_claim_id IN (SELECT remit_claim_id FROM answered)
    GROUP BY remit_claim_id, remit_line_id
),

line AS (
    SELECT
        remit_line.remit_claim_id, remit_line.remit_line_id, remit_line.line_no,
        coalesce(remit_line.submitted_procedure_code, remit_line.procedure_code) AS sent_code,
        remit_line.procedure_code AS answered_code,
        remit_line.modifier_key, remit_line.revenue_code,
        coalesce(remit_line.units_billed, remit_line.units_paid) AS units_billed,
        remit_line.units_paid,
        remit_line.charge_amount, remit_line.paid_amount, remit_line.allowed_amount,
        remit_line.file_id, remit_line.record_no
    FROM remit_line
    WHERE remit_line.remit_claim_id IN (SELECT remit_claim_id FROM answered)
    UNION ALL
    -- What is said of the whole claim, and an answer that has no lines.
    SELECT
        remit_claim.remit_claim_id, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL,
        CASE WHEN has_lines.remit_claim_id IS NULL THEN remit_claim.charge_amount END,
        CASE WHEN has_lines.remit_claim_id IS NULL THEN remit_claim.paid_amount END,
        CASE WHEN has_lines.remit_claim_id IS NULL THEN remit_claim.allowed_amount END,
        remit_claim.file_id, remit_claim.record_no
    FROM remit_claim
    LEFT JOIN (
        SELECT DISTINCT remit_claim_id
        FROM remit_line
        WHERE remit_claim_id IN (SELECT remit_claim_id FROM answered)
    ) AS has_lines
        ON has_lines.remit_claim_id = remit_claim.remit_claim_id
    LEFT JOIN reason
        ON reason.remit_claim_id = remit_claim.remit_claim_id AND reason.remit_line_id IS NULL
    WHERE remit_claim.remit_claim_id IN (SELECT remit_claim_id FROM answered)
      AND (has_lines.remit_claim_id IS NULL OR reason.reasons IS NOT NULL)
)

SELECT
    answered.payment_date AS answer_date,
    answered.role,
    line.line_no,
    line.sent_code,
    line.answered_code,
    line.modifier_key,
    line.revenue_code,
    line.units_billed,
    line.units_paid,
    line.charge_amount,
    coalesce(line.allowed_amount, fact.allowed_amount) AS allowed_amount,
    line.paid_amount,
    reason.reasons,
    remarked.rarcs,
    source_file.file_name,
    line.record_no
FROM line
JOIN answered ON answered.remit_claim_id = line.remit_claim_id
LEFT JOIN answered_line AS fact
    ON fact.remit_claim_id = line.remit_claim_id
    AND fact.remit_line_id = line.remit_line_id
    AND fact.claim_id = $claim_id
LEFT JOIN reason
    ON reason.remit_claim_id = line.remit_claim_id
    AND reason.remit_line_id IS NOT DISTINCT FROM line.remit_line_id
LEFT JOIN remarked
    ON remarked.remit_claim_id = line.remit_claim_id
    AND remarked.remit_line_id IS NOT DISTINCT FROM line.remit_line_id
LEFT JOIN source_file ON source_file.file_id = line.file_id
ORDER BY answered.payment_date, line.file_id, line.record_no
