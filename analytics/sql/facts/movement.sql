-- movement: one row per dated movement of money, so that a balance on any day is a sum.
--
-- Reads    submission, tie, answer, adjustment, adjustment_kind, denial, billed_claim, remit_claim,
--          provider_adjustment, remit, known_payer, write_off, patient_payment, posting_tie,
--          build_info
-- Sources  835 section 1.10.2.1: charge = paid + adjustments, of a claim payment.
--
-- amount is what the source says, so that each kind adds up to its files.  insurance_amount is the
-- effect on what insurers still owe: nothing for denied and pended money (it stays open), for
-- payments tied to no claim, and for reversals, whose effect is the row taken_back.  The payer of a
-- row is said where no claim says it: the ledger has that of the claim.
WITH placed AS (
    SELECT
        submission.submission_id,
        submission.claim_id,
        submission.submission_no,
        submission.submission_date,
        submission.is_void,
        submission.billed_amount,
        submission.file_id,
        submission.record_no,
        CASE WHEN submission.is_added THEN 0 ELSE 1 END AS replaces
    FROM submission
),

resubmitted AS (
    SELECT DISTINCT claim_id
    FROM submission
    WHERE submission_no > 1
),

staged AS (
    SELECT
        placed.claim_id, placed.submission_no, placed.submission_date, placed.is_void,
        placed.replaces, placed.file_id, placed.record_no,
        CASE WHEN placed.is_void THEN 0 ELSE placed.billed_amount END AS billed_amount,
        sum(placed.replaces) OVER (
            PARTITION BY placed.claim_id ORDER BY placed.submission_no ASC NULLS LAST
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS stage_no
    FROM placed
    JOIN resubmitted ON resubmitted.claim_id = placed.claim_id
),

stage AS (
    SELECT claim_id, stage_no, sum(billed_amount) AS billed_amount
    FROM staged
    GROUP BY claim_id, stage_no
),

next_bill AS (
    SELECT voided.claim_id, voided.submission_no, min(bill.submission_date) AS submission_date
    FROM staged AS voided
    JOIN staged AS bill
        ON bill.claim_id = voided.claim_id AND bill.submission_no > voided.submission_no
    WHERE voided.is_void AND NOT bill.is_void
    GROUP BY voided.claim_id, voided.submission_no
),

superseded AS (
    -- What a void ends is replaced by the bill after it, on that bill's day: until then nobody knows
    -- of one, and the charge stands voided.
    SELECT
        staged.claim_id,
        coalesce(next_bill.submission_date, staged.submission_date) AS submission_date,
        staged.file_id, staged.record_no,
        -stage.billed_amount AS amount
    FROM staged
    JOIN stage ON stage.claim_id = staged.claim_id AND stage.stage_no = staged.stage_no - 1
    LEFT JOIN next_bill
        ON next_bill.claim_id = staged.claim_id
        AND next_bill.submission_no = staged.submission_no
    WHERE staged.replaces = 1
      -- The void that closes a claim, sent once or again, is a row of its own, below.
      AND NOT (staged.is_void AND next_bill.claim_id IS NULL)
),

adjusted AS (
    -- Kinds are numbers here: adding up by words takes longer.
    SELECT
        adjustment.remit_claim_id,
        CASE
            WHEN adjustment_kind.kind IN ('denial', 'duplicate', 'repeat') THEN 1
            WHEN adjustment_kind.kind = 'partial' AND denial.is_denial THEN 1
            WHEN adjustment_kind.kind = 'pend' THEN 2
            WHEN adjustment_kind.kind = 'contractual' THEN 3
            WHEN adjustment_kind.kind = 'patient_share' THEN 4
            WHEN adjustment_kind.kind = 'prior_payer' THEN 5
            ELSE 6
        END AS kind_no,
        sum(adjustment.amount) AS amount
    FROM adjustment
    LEFT JOIN adjustment_kind
        ON adjustment_kind.carc_code = adjustment.carc_code
        AND coalesce(adjustment_kind.group_code, '') = coalesce(adjustment.group_code, '')
    LEFT JOIN denial
        ON adjustment_kind.kind = 'partial'
        AND denial.kind = 'partial'
        AND denial.remit_claim_id = adjustment.remit_claim_id
        AND denial.record_no = adjustment.record_no
        AND denial.position = adjustment.position
    GROUP BY 1, 2
),

remitted AS (
    SELECT remit_claim_id, 'payer_payment' AS kind, paid_amount AS amount
    FROM answer
    UNION ALL
    SELECT
        remit_claim_id,
        CASE kind_no
            WHEN 1 THEN 'denied'
            WHEN 2 THEN 'pended'
            WHEN 3 THEN 'contractual'
            WHEN 4 THEN 'patient_share'
            WHEN 5 THEN 'prior_payer'
            ELSE 'other_adjustment'
        END AS kind,
        amount
    FROM adjusted
),

answered AS (
    SELECT
        answer.remit_claim_id,
        answer.claim_id,
        remitted.kind,
        answer.payment_date AS entry_date,
        remitted.amount,
        CASE
            WHEN NOT answer.is_answer OR NOT answer.is_matched THEN 0
            WHEN remitted.kind IN ('denied', 'pended') THEN 0
            ELSE -remitted.amount
        END AS insurance_amount,
        answer.is_answer,
        answer.taken_back_by,
        answer.remit_payer_name,
        answer.remit_line_of_business,
        answer.file_id,
        answer.record_no
    FROM remitted
    JOIN answer ON answer.remit_claim_id = remitted.remit_claim_id
),

taken_back AS (
    SELECT
        answered.claim_id,
        answered.taken_back_by,
        -sum(answered.insurance_amount) AS insurance_amount
    FROM answered
    WHERE answered.taken_back_by IS NOT NULL
    GROUP BY answered.claim_id, answered.taken_back_by
),

passing AS (
    -- What an answer did to the claim it was taken for until a later claim or answer told better.
    SELECT
        answered.remit_claim_id,
        former.claim_id AS former_id,
        answered.claim_id,
        answered.entry_date,
        least(tie.moved_date, coalesce(answer.taken_back_date, tie.moved_date)) AS moved_date,
        answered.file_id,
        answered.record_no,
        -sum(answered.amount) AS insurance_amount
    FROM tie
    JOIN submission AS former ON former.submission_id = tie.former_chain_id
    JOIN answer ON answer.remit_claim_id = tie.remit_claim_id AND answer.is_answer
    JOIN answered ON answered.remit_claim_id = tie.remit_claim_id
    WHERE tie.former_chain_id IS NOT NULL
      AND answered.kind NOT IN ('denied', 'pended')
      AND former.claim_id IS DISTINCT FROM answered.claim_id
    GROUP BY 1, 2, 3, 4, 5, 6, 7
),

retied AS (
    SELECT former_id AS claim_id, entry_date, insurance_amount, file_id, record_no, 0 AS position
    FROM passing
    UNION ALL
    SELECT former_id AS claim_id, moved_date, -insurance_amount, file_id, record_no, 1 AS position
    FROM passing
    UNION ALL
    SELECT claim_id, entry_date, -insurance_amount, file_id, record_no, 0 AS position
    FROM passing
    WHERE claim_id IS NOT NULL
    UNION ALL
    SELECT claim_id, moved_date, insurance_amount, file_id, record_no, 1 AS position
    FROM passing
    WHERE claim_id IS NOT NULL
),

posted AS (
    SELECT
        'write_off' AS kind, write_off_date AS entry_date, amount, -amount AS insurance_amount,
        'write_off' AS table_name, file_id, record_no
    FROM write_off
    WHERE amount IS NOT NULL  -- none is loaded without: see left_out
    UNION ALL
    SELECT
        CASE WHEN amount < 0 THEN 'refund' ELSE 'patient_payment' END AS kind,
        payment_date AS entry_date, amount, 0 AS insurance_amount,
        'patient_payment' AS table_name, file_id, record_no
    FROM patient_payment
    WHERE amount IS NOT NULL
),

moved AS (
    SELECT
        claim_id, 'charge' AS kind, submission_date AS entry_date, billed_amount AS amount,
        CASE WHEN is_void THEN 0 ELSE billed_amount END AS insurance_amount,
        FALSE AS is_answer, NULL AS payer_name, NULL AS line_of_business,
        file_id, record_no, 0 AS position
    FROM placed
    UNION ALL
    SELECT
        claim_id, 'superseded_charge' AS kind, submission_date AS entry_date, amount,
        amount AS insurance_amount,
        FALSE AS is_answer, NULL AS payer_name, NULL AS line_of_business,
        file_id, record_no, 0 AS position
    FROM superseded
    UNION ALL
    SELECT
        claim_id, kind, entry_date, amount, insurance_amount,
        is_answer, remit_payer_name AS payer_name,
        remit_line_of_business AS line_of_business, file_id, record_no, 0 AS position
    FROM answered
    UNION ALL
    SELECT
        taken_back.claim_id, 'taken_back' AS kind, answer.payment_date AS entry_date, 0 AS amount,
        taken_back.insurance_amount, FALSE AS is_answer, NULL AS payer_name,
        NULL AS line_of_business, answer.file_id, answer.record_no, 0 AS position
    FROM taken_back
    JOIN answer ON answer.remit_claim_id = taken_back.taken_back_by
    UNION ALL
    SELECT
        claim_id, 'retied' AS kind, entry_date, 0 AS amount, insurance_amount,
        FALSE AS is_answer, NULL AS payer_name, NULL AS line_of_business,
        file_id, record_no, position
    FROM retied
    WHERE insurance_amount <> 0
    UNION ALL
    SELECT
        answer.claim_id, 'interest' AS kind, answer.payment_date AS entry_date,
        remit_claim.interest_amount AS amount, 0 AS insurance_amount,
        FALSE AS is_answer, answer.remit_payer_name AS payer_name,
        answer.remit_line_of_business AS line_of_business,
        answer.file_id, answer.record_no, 0 AS position
    FROM answer
    JOIN remit_claim ON remit_claim.remit_claim_id = answer.remit_claim_id
    WHERE remit_claim.interest_amount IS NOT NULL
    UNION ALL
    SELECT
        NULL AS claim_id, 'provider_adjustment' AS kind, remit.payment_date AS entry_date,
        provider_adjustment.amount, 0 AS insurance_amount, FALSE AS is_answer,
        known_payer.payer_name, known_payer.line_of_business,
        provider_adjustment.file_id, provider_adjustment.record_no, provider_adjustment.position
    FROM provider_adjustment
    JOIN remit ON remit.remit_id = provider_adjustment.remit_id
    LEFT JOIN known_payer ON known_payer.payer_id = remit.payer_id
    CROSS JOIN build_info
    WHERE remit.payment_date <= build_info.as_of
    UNION ALL
    SELECT
        posting_tie.claim_id, posted.kind, posted.entry_date, posted.amount,
        CASE WHEN posting_tie.claim_id IS NULL THEN 0 ELSE posted.insurance_amount END
            AS insurance_amount,
        FALSE AS is_answer, NULL AS payer_name, NULL AS line_of_business,
        posted.file_id, posted.record_no, 0 AS position
    FROM posted
    LEFT JOIN posting_tie
        ON posting_tie.table_name = posted.table_name
        AND posting_tie.file_id = posted.file_id
        AND posting_tie.record_no = posted.record_no
    CROSS JOIN build_info
    WHERE posted.entry_date <= build_info.as_of
),

closing AS (
    SELECT
        moved.claim_id,
        'void' AS kind,
        billed_claim.void_date AS entry_date,
        -sum(moved.insurance_amount) AS amount
    FROM moved
    JOIN billed_claim ON billed_claim.claim_id = moved.claim_id AND billed_claim.is_voided
    WHERE moved.entry_date <= billed_claim.void_date
    GROUP BY moved.claim_id, billed_claim.void_date
),

void_record AS (
    SELECT placed.claim_id, max(placed.file_id) AS file_id, max(placed.record_no) AS record_no
    FROM placed
    JOIN billed_claim
        ON billed_claim.claim_id = placed.claim_id
        AND billed_claim.void_date = placed.submission_date
    WHERE placed.is_void AND billed_claim.is_voided
    GROUP BY placed.claim_id
),

gap AS (
    -- Voided, and sent again on a later day: until then nothing is owed.
    SELECT
        voided.claim_id,
        voided.submission_date AS void_date,
        again.submission_date AS resent_date,
        voided.file_id,
        voided.record_no,
        again.file_id AS resent_file_id,
        again.record_no AS resent_record_no
    FROM staged AS voided
    JOIN staged AS again
        ON again.claim_id = voided.claim_id
        AND again.stage_no = voided.stage_no + 1
        AND again.replaces = 1
        AND again.submission_date > voided.submission_date
    WHERE voided.is_void
),

suspended AS (
    -- What would be owed between the two is taken out, day by day, and comes back with the second.
    SELECT
        moved.claim_id,
        gap.void_date,
        gap.resent_date,
        gap.resent_file_id,
        gap.resent_record_no,
        gap.file_id,
        gap.record_no,
        greatest(moved.entry_date, gap.void_date) AS entry_date,
        -sum(moved.insurance_amount) AS amount
    FROM moved
    JOIN gap ON gap.claim_id = moved.claim_id AND moved.entry_date < gap.resent_date
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
),

entry AS (
    SELECT
        claim_id, kind, entry_date, amount, insurance_amount, is_answer, payer_name,
        line_of_business, file_id, record_no, position
    FROM moved
    UNION ALL
    -- A void (frequency 8) closes the claim: what was open is gone.
    SELECT
        closing.claim_id, closing.kind, closing.entry_date, closing.amount,
        closing.amount AS insurance_amount, FALSE AS is_answer, NULL AS payer_name,
        NULL AS line_of_business, void_record.file_id, void_record.record_no, 0 AS position
    FROM closing
    LEFT JOIN void_record ON void_record.claim_id = closing.claim_id
    UNION ALL
    SELECT
        claim_id, 'void' AS kind, entry_date, amount, amount AS insurance_amount,
        FALSE AS is_answer, NULL AS payer_name, NULL AS line_of_business, file_id, record_no,
        days_between(void_date, entry_date) AS position
    FROM suspended
    WHERE amount <> 0
    UNION ALL
    SELECT
        claim_id, 'reopened' AS kind, resent_date AS entry_date, -sum(amount) AS amount,
        -sum(amount) AS insurance_amount, FALSE AS is_answer, NULL AS payer_name,
        NULL AS line_of_business, resent_file_id AS file_id, resent_record_no AS record_no,
        0 AS position
    FROM suspended
    GROUP BY claim_id, resent_date, resent_file_id, resent_record_no
    HAVING sum(amount) <> 0
),

voided AS (
    SELECT claim_id, void_date
    FROM billed_claim
    WHERE is_voided
)

SELECT
    CAST(entry.claim_id AS BIGINT) AS claim_id,
    CAST(entry.kind AS STRING) AS kind,
    CAST(entry.entry_date AS DATE) AS entry_date,
    CAST(entry.amount AS DECIMAL(18, 2)) AS amount,
    CAST(CASE
        -- What happens to a claim after its void no longer moves what insurers owe.
        WHEN entry.entry_date > voided.void_date THEN 0
        ELSE entry.insurance_amount
    END AS DECIMAL(18, 2)) AS insurance_amount,
    CAST(entry.is_answer AS BOOLEAN) AS is_answer,
    CASE WHEN entry.claim_id IS NULL THEN entry.payer_name END AS payer_name,
    CASE WHEN entry.claim_id IS NULL THEN entry.line_of_business END AS line_of_business,
    CAST(entry.file_id AS BIGINT) AS file_id,
    CAST(entry.record_no AS BIGINT) AS record_no,
    CAST(entry.position AS INTEGER) AS position
FROM entry
LEFT JOIN voided ON voided.claim_id = entry.claim_id
