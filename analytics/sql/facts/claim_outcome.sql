-- claim_outcome: one row per claim (a chain of submissions), with what first and finally came back.
--
-- Reads    billed_claim, submission, answer, payment_outcome, answered_line, denial, ledger, appeal,
--          posting_tie, build_info
-- Sources  HFMA Claim Integrity Task Force (2021) for first outcomes; METRICS section 1.
WITH paid AS (
    SELECT
        claim_id,
        min(answer_date) AS first_answer_date,
        max(answer_date) AS last_answer_date,
        min(answer_date) FILTER (WHERE paid_amount > 0) AS first_paid_date,
        min(answer_date) FILTER (WHERE is_denying) AS first_denial_date,
        min(received_date) FILTER (WHERE answer_no = 1) AS received_date,
        max(answer_no) AS answer_count,
        sum(charge_amount) FILTER (WHERE answer_no = 1) AS first_charge_amount,
        sum(paid_amount) FILTER (WHERE answer_no = 1) AS first_paid_amount,
        sum(allowed_amount) FILTER (WHERE answer_no = 1) AS first_allowed_amount,
        sum(patient_share_amount) FILTER (WHERE answer_no = 1) AS first_share_amount,
        sum(denied_amount) FILTER (WHERE answer_no = 1) AS denied_amount,
        sum(duplicate_amount) FILTER (WHERE answer_no = 1) AS duplicate_amount,
        sum(paid_amount) FILTER (WHERE NOT is_taken_back) AS paid_amount,
        sum(allowed_amount) FILTER (WHERE NOT is_taken_back) AS allowed_amount,
        sum(patient_share_amount) FILTER (WHERE NOT is_taken_back) AS patient_share_amount,
        sum(line_count) FILTER (WHERE answer_no = 1) AS line_count,
        sum(denied_line_count) FILTER (WHERE answer_no = 1) AS denied_line_count
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

denying AS (
    -- The reasons of the first answer, those on the whole claim included.
    SELECT
        answer.claim_id,
        denial.carc_code,
        denial.rarc_code,
        denial.group_code,
        denial.category,
        denial.preventable,
        denial.hardness,
        denial.is_denial,
        denial.amount,
        denial.file_id,
        denial.record_no,
        denial.position
    FROM denial
    JOIN answer ON answer.remit_claim_id = denial.remit_claim_id
    WHERE answer.answer_no = 1 AND (denial.is_denial OR denial.kind = 'duplicate')
),

main_reason AS (
    SELECT
        claim_id, carc_code, rarc_code, group_code, category, preventable, hardness,
        row_number() OVER (
            PARTITION BY claim_id
            ORDER BY
                CASE WHEN is_denial THEN 0 ELSE 1 END ASC,
                amount DESC,
                file_id ASC NULLS LAST,
                record_no ASC NULLS LAST,
                position ASC NULLS LAST
        ) AS weight
    FROM denying
    WHERE amount > 0
),

outcome AS (
    SELECT
        claim_id,
        first_answer_date,
        CASE
            WHEN denied_amount > 0 AND first_paid_amount = 0 AND first_allowed_amount = 0
                THEN 'denied'
            WHEN denied_amount > 0 THEN 'partially_denied'
            WHEN first_paid_amount > 0 OR first_share_amount > 0 THEN 'paid'
            ELSE 'no_pay_other'
        END AS first_outcome,
        duplicate_amount > 0 AND denied_amount = 0 AS is_duplicate
    FROM paid
),

denied_line AS (
    SELECT
        answered_line.claim_id,
        answered_line.line_control_number,
        answered_line.procedure_code,
        answered_line.service_date
    FROM answered_line
    JOIN outcome
        ON outcome.claim_id = answered_line.claim_id
        AND outcome.first_outcome = 'partially_denied'
    WHERE answered_line.is_first_answer AND answered_line.is_denied
),

later_line AS (
    SELECT
        answered_line.claim_id,
        answered_line.remit_claim_id,
        answered_line.line_no,
        answered_line.line_control_number,
        answered_line.procedure_code,
        answered_line.service_date,
        answered_line.answer_date,
        answered_line.paid_amount + answered_line.patient_share_amount AS amount,
        outcome.first_outcome
    FROM answered_line
    JOIN outcome
        ON outcome.claim_id = answered_line.claim_id
        AND outcome.first_outcome IN ('denied', 'partially_denied')
    WHERE answered_line.answer_no > 1 AND NOT answered_line.is_taken_back
),

line_again AS (
    -- The same line: by its control number where both answers give one, else procedure and day.
    SELECT later_line.remit_claim_id, later_line.line_no
    FROM later_line
    JOIN denied_line
        ON denied_line.claim_id = later_line.claim_id
        AND denied_line.line_control_number = later_line.line_control_number
    WHERE later_line.first_outcome = 'partially_denied'
    UNION
    SELECT later_line.remit_claim_id, later_line.line_no
    FROM later_line
    JOIN denied_line
        ON denied_line.claim_id = later_line.claim_id
        AND denied_line.procedure_code = later_line.procedure_code
        AND denied_line.service_date IS NOT DISTINCT FROM later_line.service_date
    WHERE later_line.first_outcome = 'partially_denied'
      AND (denied_line.line_control_number IS NULL OR later_line.line_control_number IS NULL)
),

recovered AS (
    -- Of a claim denied as a whole every later dollar is on a denied line.
    SELECT
        later_line.claim_id,
        sum(later_line.amount) AS amount,
        min(later_line.answer_date) FILTER (WHERE later_line.amount > 0) AS recovered_date
    FROM later_line
    LEFT JOIN line_again
        ON line_again.remit_claim_id = later_line.remit_claim_id
        AND line_again.line_no = later_line.line_no
    WHERE later_line.first_outcome = 'denied' OR line_again.remit_claim_id IS NOT NULL
    GROUP BY later_line.claim_id
),

balance AS (
    SELECT
        claim_id,
        sum(insurance_amount) AS open_balance_amount,
        sum(insurance_amount) FILTER (WHERE kind IN ('charge', 'superseded_charge'))
            AS charged_amount,
        -sum(insurance_amount) FILTER (WHERE kind = 'write_off') AS written_off_amount
    FROM ledger
    WHERE claim_id IS NOT NULL
    GROUP BY claim_id
),

written_off AS (
    -- Nothing written off before the denial settles it.
    SELECT ledger.claim_id, min(ledger.entry_date) AS write_off_date
    FROM ledger
    JOIN outcome ON outcome.claim_id = ledger.claim_id
    WHERE ledger.kind = 'write_off' AND ledger.entry_date >= outcome.first_answer_date
    GROUP BY ledger.claim_id
),

sent_again AS (
    -- Interim and late-charge bills (frequency 2 to 5) add, a void (8) takes back: neither sends
    -- the claim again.
    SELECT submission.claim_id, min(submission.submission_date) AS resubmission_date
    FROM submission
    JOIN outcome ON outcome.claim_id = submission.claim_id
    WHERE submission.submission_no > 1
      AND coalesce(submission.frequency_code, '1') NOT IN ('2', '3', '4', '5', '8')
      AND submission.submission_date > outcome.first_answer_date
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
        outcome.claim_id,
        sent_again.resubmission_date,
        least(
            recovered.recovered_date, written_off.write_off_date, billed_claim.void_date
        ) AS resolved_date,
        CASE
            WHEN balance.open_balance_amount <= 0 OR paid.denied_amount <= 0 THEN 0
            ELSE least(paid.denied_amount, balance.open_balance_amount)
        END AS open_denied_amount,
        CASE
            WHEN balance.written_off_amount > 0 AND paid.denied_amount > 0
                THEN least(paid.denied_amount, balance.written_off_amount)
            ELSE 0
        END AS written_off_denied_amount
    FROM outcome
    JOIN paid ON paid.claim_id = outcome.claim_id
    JOIN billed_claim ON billed_claim.claim_id = outcome.claim_id
    LEFT JOIN balance ON balance.claim_id = outcome.claim_id
    LEFT JOIN recovered ON recovered.claim_id = outcome.claim_id
    LEFT JOIN written_off ON written_off.claim_id = outcome.claim_id
    LEFT JOIN sent_again ON sent_again.claim_id = outcome.claim_id
    WHERE outcome.first_outcome IN ('denied', 'partially_denied')
)

SELECT
    CAST(billed_claim.claim_id AS BIGINT) AS claim_id,
    CAST(billed_claim.file_id AS BIGINT) AS file_id,
    CAST(billed_claim.record_no AS BIGINT) AS record_no,
    CAST(billed_claim.payer_name AS VARCHAR) AS payer_name,
    CAST(billed_claim.line_of_business AS VARCHAR) AS line_of_business,
    CAST(billed_claim.claim_type AS VARCHAR) AS claim_type,
    CAST(billed_claim.payer_sequence_code AS VARCHAR) AS payer_sequence_code,
    CAST(billed_claim.facility_state_code AS VARCHAR) AS facility_state_code,
    CAST(billed_claim.place_of_service_code AS VARCHAR) AS place_of_service_code,
    CAST(billed_claim.bill_type_code AS VARCHAR) AS bill_type_code,
    CAST(billed_claim.billing_npi AS VARCHAR) AS billing_npi,
    CAST(billed_claim.billing_provider AS VARCHAR) AS billing_provider,
    CAST(billed_claim.rendering_npi AS VARCHAR) AS rendering_npi,
    CAST(billed_claim.rendering_provider AS VARCHAR) AS rendering_provider,
    CAST(billed_claim.specialty AS VARCHAR) AS specialty,
    CAST(billed_claim.provider_group AS VARCHAR) AS provider_group,
    CAST(billed_claim.facility AS VARCHAR) AS facility,
    CAST(billed_claim.diagnosis_category AS VARCHAR) AS diagnosis_category,
    CAST(billed_claim.diagnosis_chapter AS VARCHAR) AS diagnosis_chapter,
    CAST(billed_claim.service_from_date AS DATE) AS service_from_date,
    CAST(billed_claim.service_to_date AS DATE) AS service_to_date,
    CAST(billed_claim.submission_date AS DATE) AS submission_date,
    CAST(billed_claim.resubmission_date AS DATE) AS resubmission_date,
    CAST(billed_claim.submission_count AS INTEGER) AS submission_count,
    CAST(billed_claim.is_voided AS BOOLEAN) AS is_voided,
    CAST(billed_claim.void_date AS DATE) AS void_date,
    CAST(paid.received_date AS DATE) AS received_date,
    CAST(paid.first_answer_date AS DATE) AS first_answer_date,
    CAST(paid.last_answer_date AS DATE) AS last_answer_date,
    CAST(paid.first_paid_date AS DATE) AS first_paid_date,
    CAST(paid.first_denial_date AS DATE) AS first_denial_date,
    CAST(settled.resubmission_date AS DATE) AS denial_resubmission_date,
    CAST(settled.resolved_date AS DATE) AS denial_resolved_date,
    CAST(appealed.appeal_date AS DATE) AS first_appeal_date,
    CAST(coalesce(paid.answer_count, 0) AS INTEGER) AS answer_count,
    CAST(coalesce(denied_again.denial_count, 0) AS INTEGER) AS denial_count,
    CAST(outcome.first_outcome AS VARCHAR) AS first_outcome,
    CAST(main_reason.category AS VARCHAR) AS denial_category,
    CAST(main_reason.preventable AS VARCHAR) AS denial_preventable,
    CAST(main_reason.hardness AS VARCHAR) AS denial_hardness,
    CAST(main_reason.carc_code AS VARCHAR) AS denial_carc,
    CAST(main_reason.group_code AS VARCHAR) AS denial_group,
    CAST(main_reason.rarc_code AS VARCHAR) AS denial_rarc,
    CAST(paid.first_answer_date IS NOT NULL AS BOOLEAN) AS is_answered,
    CAST(coalesce(outcome.is_duplicate, FALSE) AS BOOLEAN) AS is_duplicate,
    CAST(coalesce(outcome.first_outcome IN ('denied', 'partially_denied'), FALSE) AS BOOLEAN)
        AS is_initially_denied,
    CAST(
        coalesce(outcome.first_outcome = 'paid', FALSE)
        AND (
            billed_claim.resubmission_date IS NULL
            OR billed_claim.resubmission_date > paid.first_answer_date
        ) AS BOOLEAN
    ) AS is_first_pass,
    CAST(coalesce(recovered.amount > 0, FALSE) AS BOOLEAN) AS is_overturned,
    CAST(CASE WHEN extract_known.has_appeals THEN appealed.claim_id IS NOT NULL END AS BOOLEAN)
        AS is_appealed,
    CAST(billed_claim.billed_amount AS DECIMAL(14, 2)) AS billed_amount,
    CAST(coalesce(paid.first_charge_amount, 0) AS DECIMAL(14, 2)) AS first_charge_amount,
    CAST(coalesce(paid.first_paid_amount, 0) AS DECIMAL(14, 2)) AS first_paid_amount,
    CAST(coalesce(paid.first_allowed_amount, 0) AS DECIMAL(14, 2)) AS first_allowed_amount,
    CAST(coalesce(paid.first_share_amount, 0) AS DECIMAL(14, 2))
        AS first_patient_share_amount,
    CAST(coalesce(paid.denied_amount, 0) AS DECIMAL(14, 2)) AS denied_amount,
    CAST(coalesce(recovered.amount, 0) AS DECIMAL(14, 2)) AS recovered_amount,
    CAST(coalesce(settled.open_denied_amount, 0) AS DECIMAL(14, 2)) AS open_denied_amount,
    CAST(CASE
        WHEN extract_known.has_write_offs THEN coalesce(settled.written_off_denied_amount, 0)
    END AS DECIMAL(14, 2)) AS written_off_denied_amount,
    CAST(coalesce(paid.paid_amount, 0) AS DECIMAL(14, 2)) AS paid_amount,
    CAST(coalesce(paid.allowed_amount, 0) AS DECIMAL(14, 2)) AS allowed_amount,
    CAST(coalesce(paid.patient_share_amount, 0) AS DECIMAL(14, 2)) AS patient_share_amount,
    CAST(coalesce(balance.open_balance_amount, 0) AS DECIMAL(14, 2)) AS open_balance_amount,
    CAST(coalesce(balance.charged_amount, 0) AS DECIMAL(14, 2)) AS charged_amount,
    CAST(coalesce(paid.line_count, 0) AS INTEGER) AS answered_line_count,
    CAST(coalesce(paid.denied_line_count, 0) AS INTEGER) AS denied_line_count,
    -- Days waited so far: to the event, else to the void, else to the end of the data.
    CAST(days_between(
        billed_claim.submission_date,
        coalesce(paid.first_answer_date, billed_claim.void_date, build_info.as_of)
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
    CAST(CASE WHEN settled.claim_id IS NOT NULL THEN days_between(
        paid.first_answer_date, coalesce(settled.resubmission_date, build_info.as_of)
    ) END AS INTEGER) AS days_denial_to_resubmission,
    CAST(CASE WHEN settled.claim_id IS NOT NULL THEN days_between(
        paid.first_answer_date, coalesce(settled.resolved_date, build_info.as_of)
    ) END AS INTEGER) AS days_denial_to_resolution
FROM billed_claim
CROSS JOIN build_info
CROSS JOIN extract_known
LEFT JOIN paid ON paid.claim_id = billed_claim.claim_id
LEFT JOIN denied_again ON denied_again.claim_id = billed_claim.claim_id
LEFT JOIN outcome ON outcome.claim_id = billed_claim.claim_id
LEFT JOIN main_reason ON main_reason.claim_id = billed_claim.claim_id AND main_reason.weight = 1
LEFT JOIN recovered ON recovered.claim_id = billed_claim.claim_id
LEFT JOIN balance ON balance.claim_id = billed_claim.claim_id
LEFT JOIN settled ON settled.claim_id = billed_claim.claim_id
LEFT JOIN appealed ON appealed.claim_id = billed_claim.claim_id
