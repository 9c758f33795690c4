-- What is open, and until when something can be done: days left count from the as-of day.
WITH claimed AS (
    SELECT *
    FROM claim_outcome
    WHERE claim_id = $claim_id
),

item AS (
    SELECT
        1 AS place, 'open balance with the payer' AS what, open_balance_amount AS amount,
        CAST(NULL AS DATE) AS deadline_date, CAST(NULL AS VARCHAR) AS rule
    FROM claimed
    WHERE open_balance_amount <> 0
    UNION ALL
    SELECT 2, 'denied and open: appeal', open_denied_amount, appeal_deadline_date,
        CASE WHEN appeal_deadline_date IS NULL THEN 'the payer map gives no days'
            ELSE 'payer map: days from the denial' END
    FROM claimed
    WHERE open_denied_amount > 0
    UNION ALL
    SELECT 3, 'filing limit, should it be sent again', open_balance_amount, filing_deadline_date,
        CASE WHEN filing_deadline_date IS NULL THEN 'the payer map gives no days'
            ELSE 'payer map: days from the service' END
    FROM claimed
    WHERE open_balance_amount > 0
    UNION ALL
    SELECT
        4, 'submission ' || CAST(submission_no AS VARCHAR) || ': the payer is to answer',
        billed_amount, due_date,
        concat_ws(', ', rule_jurisdiction, CAST(answer_days AS VARCHAR) || ' ' || day_type
            || ' days', rule_confidence)
    FROM prompt_pay
    WHERE claim_id = $claim_id
      AND NOT is_answered
      AND NOT is_void
      AND NOT is_resubmitted
      AND NOT is_rejected
    UNION ALL
    SELECT
        5, 'submission ' || CAST(submission_no AS VARCHAR) || ': answered '
            || CAST(days_late AS VARCHAR) || ' days late, interest due',
        greatest(interest_amount - coalesce(interest_sent_amount, 0), 0), due_date,
        concat_ws(', ', rule_jurisdiction, CAST(answer_days AS VARCHAR) || ' ' || day_type
            || ' days', rule_confidence, interest_unknown)
    FROM prompt_pay
    WHERE claim_id = $claim_id
      AND is_late
      AND is_answered
      AND NOT is_void
      AND NOT is_rejected
      AND NOT is_resubmitted
      AND NOT is_denied
)

SELECT
    item.what,
    CAST(item.amount AS DECIMAL(18, 2)) AS amount,
    item.deadline_date,
    CAST(days_between(build_info.as_of, item.deadline_date) AS INTEGER) AS days_left,
    item.rule
FROM item
CROSS JOIN build_info
ORDER BY item.place, item.deadline_date
