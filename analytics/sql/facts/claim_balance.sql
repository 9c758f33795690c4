-- claim_balance: one row per claim and span of days between two of its movements, with what is open.
--
-- Reads    movement, billed_claim, build_info
-- The balance of a day is that of the span the day lies in: a day is looked up, never added up anew.
-- Spans of a claim follow each other without a gap, from its first submission to the as-of date; an
-- answer dated before that counts from then on.
WITH moved AS (
    SELECT
        claim_id,
        entry_date,
        sum(insurance_amount) AS amount,
        sum(insurance_amount) FILTER (WHERE kind IN ('charge', 'superseded_charge')) AS charged,
        max(entry_date) FILTER (WHERE is_answer) AS answer_date
    FROM movement
    WHERE claim_id IS NOT NULL
    GROUP BY claim_id, entry_date
),

dated AS (
    SELECT
        moved.claim_id,
        moved.entry_date,
        greatest(moved.entry_date, billed_claim.submission_date) AS from_date,
        moved.amount,
        moved.charged,
        moved.answer_date
    FROM moved
    JOIN billed_claim ON billed_claim.claim_id = moved.claim_id
),

added_up AS (
    SELECT
        claim_id,
        from_date,
        lead(from_date) OVER (
            PARTITION BY claim_id ORDER BY from_date ASC NULLS LAST, entry_date ASC NULLS LAST
        ) - 1 AS to_date,
        sum(amount) OVER (
            PARTITION BY claim_id ORDER BY from_date ASC NULLS LAST, entry_date ASC NULLS LAST
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS open_amount,
        sum(charged) OVER (
            PARTITION BY claim_id ORDER BY from_date ASC NULLS LAST, entry_date ASC NULLS LAST
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS charged_amount,
        max(answer_date) OVER (
            PARTITION BY claim_id ORDER BY from_date ASC NULLS LAST, entry_date ASC NULLS LAST
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS last_answer_date
    FROM dated
)

SELECT
    added_up.claim_id,
    CAST(added_up.from_date AS DATE) AS from_date,
    CAST(coalesce(added_up.to_date, build_info.as_of) AS DATE) AS to_date,
    CAST(added_up.open_amount AS DECIMAL(18, 2)) AS open_amount,
    CAST(coalesce(added_up.charged_amount, 0) AS DECIMAL(18, 2)) AS charged_amount,
    CAST(added_up.last_answer_date AS DATE) AS last_answer_date,
    billed_claim.payer_name,
    billed_claim.line_of_business,
    billed_claim.claim_type,
    billed_claim.payer_sequence_code,
    billed_claim.facility_state_code,
    billed_claim.billing_provider,
    billed_claim.specialty,
    billed_claim.facility,
    billed_claim.service_to_date,
    billed_claim.submission_date,
    billed_claim.file_id,
    billed_claim.record_no
FROM added_up
JOIN billed_claim ON billed_claim.claim_id = added_up.claim_id
CROSS JOIN build_info
-- Of answers dated before the first submission the last row of its day has all.
WHERE added_up.to_date IS NULL OR added_up.to_date >= added_up.from_date
