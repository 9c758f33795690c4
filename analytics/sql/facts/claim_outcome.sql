-- claim_outcome: one row per claim (a chain of submissions), with what first and finally came back.
--
-- Reads    billed_claim, submission, payment_outcome, first_outcome, recovery, movement, appeal,
--          posting_tie, build_info
-- Sources  HFMA Claim Integrity Task Force (2021) for first outcomes; METRICS section 1.
WITH paid AS (
    SELECT
        claim_id,
        max(answer_date) AS last_answer_date,
        min(answer_date) FILTER (WHERE paid_amount > 0) AS first_paid_date,
        min(answer_date) FILTER (WHERE is_denying) AS first_denial_date,
        min(received_date) FILTER (WHERE answer_no = 1) AS received_date,
        max(answer_no) AS answer_count,
        sum(paid_amount) FILTER (WHERE NOT is_taken_back) AS paid_amount,
        sum(allowed_amount) FILTER (WHERE NOT is_taken_back) AS allowed_amount,
        sum(patient_share_amount) FILTER (WHERE NOT is_taken_back) AS patient_share_amount
    FROM payment_outcome
    WHERE is_answer AND claim_id IS NOT NULL
    GROUP BY claim_id
),

denied_again AS (
    -- An answer that denies is one event, however many payments and lines it is made of.
    SELECT claim_id, count(DISTINCT answer_no) AS denial_count
    FROM payment_outcome
    WHERE is_answer AND is_denying AND claim_id IS NOT NULL
    GROUP BY claim_id
),

recovered AS (
    SELECT
        claim_id,
        sum(recovered_amount) AS amount,
        min(recovery_date) FILTER (WHERE recovered_amount > 0) AS recovered_date,
        min(recovery_date) FILTER (WHERE is_overturning) AS overturned_date
    FROM recovery
    GROUP BY claim_id
),

balance AS (
    SELECT
        claim_id,
        sum(insurance_amount) AS open_balance_amount,
        -sum(insurance_amount) FILTER (WHERE kind = 'write_off') AS written_off_amount,
        sum(insurance_amount) FILTER (WHERE kind IN ('charge', 'superseded_charge'))
            AS charged_amount
    FROM movement
    WHERE claim_id IS NOT NULL
    GROUP BY claim_id
),

paid_later AS (
    -- What is paid on the day of the denial is for what was not denied.
    SELECT payment_outcome.claim_id, min(payment_outcome.answer_date) AS paid_date
    FROM payment_outcome
    JOIN paid ON paid.claim_id = payment_outcome.claim_id
    WHERE payment_outcome.is_answer
      AND payment_outcome.paid_amount > 0
      AND payment_outcome.answer_date > paid.first_denial_date
    GROUP BY payment_outcome.claim_id
),

written_off AS (
    -- Nothing written off before the denial settles it.
    SELECT movement.claim_id, min(movement.entry_date) AS write_off_date
    FROM movement
    JOIN first_outcome ON first_outcome.claim_id = movement.claim_id
    WHERE movement.kind = 'write_off' AND movement.entry_date >= first_outcome.first_answer_date
    GROUP BY movement.claim_id
),

sent_again AS (
    -- Interim and late-charge bills (frequency 2 to 5) add, a void (8) takes back: neither sends
    -- the claim again.
    SELECT submission.claim_id, min(submission.submission_date) AS resubmission_date
    FROM submission
    JOIN first_outcome ON first_outcome.claim_id = submission.claim_id
    WHERE submission.submission_no > 1
      AND coalesce(submission.frequency_code, '1') NOT IN ('2', '3', '4', '5', '8')
      AND submission.submission_date > first_outcome.first_answer_date
    GROUP BY submission.claim_id
),

appealed AS (
    SELECT posting_tie.claim_id, min(appeal.appeal_date) AS appeal_date
    FROM appeal
    JOIN posting_tie
        ON posting_tie.table_name = 'appeal'
        AND posting_tie.file_id = appeal.file_id
        AND posting_tie.record_no = appeal.record_no
    CROSS JOIN build_info
    WHERE appeal.appeal_date <= build_info.as_of
    GROUP BY posting_tie.claim_id
),

extract_known AS (
    -- Without an extract nothing is known: that is not the same as none.
    SELECT
        coalesce((SELECT min(appeal_date) FROM appeal) <= as_of, FALSE) AS has_appeals,
        coalesce((SELECT min(write_off_date) FROM write_off) <= as_of, FALSE) AS has_write_offs
    FROM build_info
),

settled AS (
    -- What became of a claim first denied, up to the as-of date.
    SELECT
        first_outcome.claim_id,
        sent_again.resubmission_date,
        least(
            recovered.recovered_date, written_off.write_off_date, billed_claim.void_date
        ) AS resolved_date,
        CASE
            WHEN balance.open_balance_amount <= 0 OR first_outcome.denied_amount <= 0 THEN 0
            ELSE least(first_outcome.denied_amount, balance.open_balance_amount)
        END AS open_denied_amount,
        CASE
            WHEN balance.written_off_amount > 0 AND first_outcome.denied_amount > 0
                THEN least(first_outcome.denied_amount, balance.written_off_amount)
            ELSE 0
        END AS written_off_denied_amount
    FROM first_outcome
    JOIN billed_claim ON billed_claim.claim_id = first_outcome.claim_id
    LEFT JOIN balance ON balance.claim_id = first_outcome.claim_id
    LEFT JOIN recovered ON recovered.claim_id = first_outcome.claim_id
    LEFT JOIN written_off ON written_off.claim_id = first_outcome.claim_id
    LEFT JOIN sent_again ON sent_again.claim_id = first_outcome.claim_id
    WHERE first_outcome.first_outcome IN ('denied', 'partially_denied')
)

SELECT
    CAST(billed_claim.claim_id AS BIGINT) AS claim_id,
    CAST(billed_claim.file_id AS BIGINT) AS file_id,
    CAST(billed_claim.record_no AS BIGINT) AS record_no,
    billed_claim.payer_name,
    billed_claim.line_of_business,
    billed_claim.claim_type,
    billed_claim.payer_sequence_code,
    billed_claim.facility_state_code,
    billed_claim.place_of_service_code,
    billed_claim.bill_type_code,
    billed_claim.billing_npi,
    billed_claim.billing_provider,
    billed_claim.rendering_npi,
    billed_claim.rendering_provider,
    billed_claim.specialty,
    billed_claim.provider_group,
    billed_claim.facility,
    billed_claim.diagnosis_category,
    billed_claim.diagnosis_chapter,
    CAST(billed_claim.service_from_date AS DATE) AS service_from_date,
    CAST(billed_claim.service_to_date AS DATE) AS service_to_date,
    CAST(billed_claim.submission_date AS DATE) AS submission_date,
    CAST(billed_claim.resubmission_date AS DATE) AS resubmission_date,
    CAST(billed_claim.submission_count AS INTEGER) AS submission_count,
    CAST(billed_claim.is_voided AS BOOLEAN) AS is_voided,
    CAST(billed_claim.void_date AS DATE) AS void_date,
    CAST(paid.received_date AS DATE) AS received_date,
    CAST(first_outcome.first_answer_date AS DATE) AS first_answer_date,
    CAST(paid.last_answer_date AS DATE) AS last_answer_date,
    CAST(paid.first_paid_date AS DATE) AS first_paid_date,
    CAST(paid.first_denial_date AS DATE) AS first_denial_date,
    CAST(settled.resubmission_date AS DATE) AS denial_resubmission_date,
    CAST(settled.resolved_date AS DATE) AS denial_resolved_date,
    CAST(recovered.overturned_date AS DATE) AS overturned_date,
    -- Until when something can be done about a denial, where the payer map tells.
    CAST(CASE WHEN settled.claim_id IS NOT NULL
        THEN first_outcome.first_answer_date + billed_claim.appeal_limit_days
    END AS DATE) AS appeal_deadline_date,
    CAST(billed_claim.service_to_date + billed_claim.filing_limit_days AS DATE)
        AS filing_deadline_date,
    CAST(appealed.appeal_date AS DATE) AS first_appeal_date,
    CAST(coalesce(paid.answer_count, 0) AS INTEGER) AS answer_count,
    CAST(coalesce(denied_again.denial_count, 0) AS INTEGER) AS denial_count,
    CAST(first_outcome.first_outcome AS STRING) AS first_outcome,
    first_outcome.denial_category,
    first_outcome.denial_preventable,
    first_outcome.denial_hardness,
    first_outcome.denial_carc,
    first_outcome.denial_group,
    first_outcome.denial_rarc,
    CAST(first_outcome.first_answer_date IS NOT NULL AS BOOLEAN) AS is_answered,
    CAST(coalesce(first_outcome.is_duplicate, FALSE) AS BOOLEAN) AS is_duplicate,
    CAST(
        coalesce(first_outcome.first_outcome IN ('denied', 'partially_denied'), FALSE) AS BOOLEAN
    ) AS is_initially_denied,
    CAST(
        coalesce(first_outcome.first_outcome = 'paid', FALSE)
        AND (
            billed_claim.resubmission_date IS NULL
            OR billed_claim.resubmission_date > first_outcome.first_answer_date
        ) AS BOOLEAN
    ) AS is_first_pass,
    CAST(coalesce(recovered.amount > 0, FALSE) AS BOOLEAN) AS is_overturned,
    CAST(CASE WHEN extract_known.has_appeals THEN appealed.claim_id IS NOT NULL END AS BOOLEAN)
        AS is_appealed,
    CAST(billed_claim.billed_amount AS DECIMAL(18, 2)) AS billed_amount,
    CAST(coalesce(first_outcome.charge_amount, 0) AS DECIMAL(18, 2)) AS first_charge_amount,
    CAST(coalesce(first_outcome.paid_amount, 0) AS DECIMAL(18, 2)) AS first_paid_amount,
    CAST(coalesce(first_outcome.allowed_amount, 0) AS DECIMAL(18, 2)) AS first_allowed_amount,
    CAST(coalesce(first_outcome.patient_share_amount, 0) AS DECIMAL(18, 2))
        AS first_patient_share_amount,
    CAST(coalesce(first_outcome.denied_amount, 0) AS DECIMAL(18, 2)) AS denied_amount,
    CAST(coalesce(recovered.amount, 0) AS DECIMAL(18, 2)) AS recovered_amount,
    CAST(coalesce(settled.open_denied_amount, 0) AS DECIMAL(18, 2)) AS open_denied_amount,
    CAST(CASE
        WHEN extract_known.has_write_offs THEN coalesce(settled.written_off_denied_amount, 0)
    END AS DECIMAL(18, 2)) AS written_off_denied_amount,
    CAST(coalesce(paid.paid_amount, 0) AS DECIMAL(18, 2)) AS paid_amount,
    CAST(coalesce(paid.allowed_amount, 0) AS DECIMAL(18, 2)) AS allowed_amount,
    CAST(coalesce(paid.patient_share_amount, 0) AS DECIMAL(18, 2)) AS patient_share_amount,
    CAST(coalesce(balance.open_balance_amount, 0) AS DECIMAL(18, 2)) AS open_balance_amount,
    CAST(coalesce(balance.charged_amount, 0) AS DECIMAL(18, 2)) AS charged_amount,
    CAST(coalesce(first_outcome.line_count, 0) AS INTEGER) AS answered_line_count,
    CAST(coalesce(first_outcome.denied_line_count, 0) AS INTEGER) AS denied_line_count,
    -- Days waited so far: to the event, else to the void, else to the end of the data.
    CAST(days_between(
        billed_claim.submission_date,
        coalesce(first_outcome.first_answer_date, billed_claim.void_date, build_info.as_of)
    ) AS INTEGER) AS days_to_answer,
    CAST(days_between(
        billed_claim.submission_date,
        coalesce(paid.first_paid_date, billed_claim.void_date, build_info.as_of)
    ) AS INTEGER) AS days_to_payment,
    CAST(days_between(
        billed_claim.service_to_date, billed_claim.submission_date
    ) AS INTEGER) AS days_to_submission,
    -- From the first denial to the as-of date, to the next submission, to what settled it.
    CAST(days_between(paid.first_denial_date, build_info.as_of) AS INTEGER) AS days_since_denial,
    CAST(days_between(first_outcome.first_answer_date, recovered.overturned_date) AS INTEGER)
        AS days_to_overturn,
    CAST(CASE WHEN settled.claim_id IS NOT NULL THEN days_between(
        first_outcome.first_answer_date, coalesce(settled.resubmission_date, build_info.as_of)
    ) END AS INTEGER) AS days_denial_to_resubmission,
    CAST(CASE WHEN settled.claim_id IS NOT NULL THEN days_between(
        first_outcome.first_answer_date, coalesce(settled.resolved_date, build_info.as_of)
    ) END AS INTEGER) AS days_denial_to_resolution,
    CAST(paid_later.paid_date AS DATE) AS denial_paid_date,
    CAST(days_between(
        paid.first_denial_date,
        coalesce(paid_later.paid_date, billed_claim.void_date, build_info.as_of)
    ) AS INTEGER) AS days_denial_to_payment,
    CAST(days_between(
        billed_claim.service_to_date,
        coalesce(paid.first_paid_date, billed_claim.void_date, build_info.as_of)
    ) AS INTEGER) AS days_service_to_payment,
    -- Only an answer says when its claim was received: others count from the day it was sent.
    CAST(days_between(
        coalesce(paid.received_date, billed_claim.submission_date),
        coalesce(first_outcome.first_answer_date, billed_claim.void_date, build_info.as_of)
    ) AS INTEGER) AS days_receipt_to_answer
FROM billed_claim
CROSS JOIN build_info
CROSS JOIN extract_known
LEFT JOIN paid ON paid.claim_id = billed_claim.claim_id
LEFT JOIN denied_again ON denied_again.claim_id = billed_claim.claim_id
LEFT JOIN first_outcome ON first_outcome.claim_id = billed_claim.claim_id
LEFT JOIN recovered ON recovered.claim_id = billed_claim.claim_id
LEFT JOIN balance ON balance.claim_id = billed_claim.claim_id
LEFT JOIN settled ON settled.claim_id = billed_claim.claim_id
LEFT JOIN appealed ON appealed.claim_id = billed_claim.claim_id
LEFT JOIN paid_later ON paid_later.claim_id = billed_claim.claim_id
