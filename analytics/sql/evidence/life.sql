-- The claim's life: one row per thing that happened, by day, with where it was read.
WITH sent AS (
    SELECT
        submission.submission_id, submission.submission_no, submission.submission_date,
        submission.frequency_code, claim.transaction_id, claim.billing_npi,
        claim.billed_amount, submission.file_id, submission.record_no
    FROM submission
    JOIN claim ON claim.claim_id = submission.submission_id
    WHERE submission.claim_id = $claim_id
),

answered AS (
    SELECT answer.*, remit_claim.payer_claim_number, remit_claim.patient_control_number
    FROM answer
    JOIN remit_claim ON remit_claim.remit_claim_id = answer.remit_claim_id
    WHERE answer.claim_id = $claim_id
),

reason AS (
    SELECT
        remit_claim_id,
        string_agg(said, ', ' ORDER BY amount DESC, said ASC) AS reasons
    FROM (
        SELECT
            remit_claim_id,
            sum(amount) AS amount,
            concat_ws('-', group_code, carc_code) || ' ' || CAST(sum(amount) AS VARCHAR) AS said
        FROM adjustment
        WHERE remit_claim_id IN (SELECT remit_claim_id FROM answered)
        GROUP BY remit_claim_id, group_code, carc_code
    ) AS each
    GROUP BY remit_claim_id
),

remarked AS (
    SELECT remit_claim_id, string_agg(DISTINCT rarc_code, ', ' ORDER BY rarc_code) AS rarcs
    FROM remark
    WHERE remit_claim_id IN (SELECT remit_claim_id FROM answered)
    GROUP BY remit_claim_id
),

posting AS (
    SELECT table_name, file_id, record_no
    FROM posting_tie
    WHERE claim_id = $claim_id
),

appealed AS (
    SELECT appeal.*
    FROM appeal
    JOIN posting
        ON posting.table_name = 'appeal' AND posting.file_id = appeal.file_id
        AND posting.record_no = appeal.record_no
),

numbered AS (
    SELECT upper(trim(payer_claim_number)) AS number FROM answered
    UNION
    SELECT upper(trim(patient_control_number)) FROM answered
),

happened AS (
    SELECT
        submission_date AS day, 1 AS place, 'sent' AS event,
        'submission ' || CAST(submission_no AS VARCHAR) AS what,
        'frequency ' || frequency_code AS codes,
        billed_amount, CAST(NULL AS DECIMAL(14, 2)) AS paid_amount,
        CAST(NULL AS DECIMAL(14, 2)) AS other_amount,
        file_id, record_no
    FROM sent
    UNION ALL
    SELECT
        tie.acknowledged_date, 2, 'acknowledged',
        CASE WHEN tie.is_rejected THEN 'rejected' ELSE 'accepted' END
            || ' (' || concat_ws(', ', tie.source, tie.level) || ')',
        nullif(concat_ws(':', acknowledgement.category_code, acknowledgement.status_code,
            acknowledgement.entity_code, acknowledgement.reply_code), ''),
        CASE WHEN tie.level = 'claim' THEN tie.charge_amount END, NULL, NULL,
        tie.file_id, tie.record_no
    FROM (
        SELECT DISTINCT tied.*
        FROM acknowledgement_tie AS tied
        JOIN sent
            ON sent.submission_id = tied.submission_id
            OR (
                sent.transaction_id = tied.transaction_id
                AND coalesce(tied.provider_npi = sent.billing_npi, TRUE)
            )
    ) AS tie
    JOIN acknowledgement ON acknowledgement.acknowledgement_id = tie.acknowledgement_id
    UNION ALL
    SELECT
        answered.payment_date, 3,
        CASE WHEN answered.role = 'answer' THEN 'answered' ELSE answered.role END,
        CASE
            WHEN answered.is_taken_back
                THEN 'answer, taken back on ' || CAST(answered.taken_back_date AS VARCHAR)
            WHEN answered.is_answer THEN 'answer ' || CAST(answered.answer_no AS VARCHAR)
            ELSE answered.role
        END,
        concat_ws('; ', 'status ' || answered.status_code, reason.reasons, remarked.rarcs),
        answered.charge_amount, answered.paid_amount, NULL,
        answered.file_id, answered.record_no
    FROM answered
    LEFT JOIN reason ON reason.remit_claim_id = answered.remit_claim_id
    LEFT JOIN remarked ON remarked.remit_claim_id = answered.remit_claim_id
    UNION ALL
    SELECT payment_date, 4, 'interest', 'sent with the answer', 'AMT I', NULL, NULL,
        remit_claim.interest_amount, answered.file_id, answered.record_no
    FROM answered
    JOIN remit_claim ON remit_claim.remit_claim_id = answered.remit_claim_id
    WHERE remit_claim.interest_amount IS NOT NULL
    UNION ALL
    SELECT appeal.appeal_date, 5, 'appealed',
        concat_ws(' ', 'level', CAST(appeal.appeal_level AS VARCHAR)), NULL, NULL, NULL,
        appeal.amount, appeal.file_id, appeal.record_no
    FROM appealed AS appeal
    UNION ALL
    SELECT appeal.decision_date, 6, 'appeal decided', appeal.decision_code, NULL, NULL, NULL,
        NULL, appeal.file_id, appeal.record_no
    FROM appealed AS appeal
    WHERE appeal.decision_date IS NOT NULL
    UNION ALL
    SELECT write_off.write_off_date, 7, 'written off', NULL, NULL, NULL, NULL,
        write_off.amount, write_off.file_id, write_off.record_no
    FROM write_off
    JOIN posting
        ON posting.table_name = 'write_off' AND posting.file_id = write_off.file_id
        AND posting.record_no = write_off.record_no
    UNION ALL
    SELECT patient_payment.payment_date, 8,
        CASE WHEN patient_payment.amount < 0 THEN 'refunded' ELSE 'patient paid' END,
        NULL, NULL, NULL, NULL,
        patient_payment.amount, patient_payment.file_id, patient_payment.record_no
    FROM patient_payment
    JOIN posting
        ON posting.table_name = 'patient_payment' AND posting.file_id = patient_payment.file_id
        AND posting.record_no = patient_payment.record_no
    UNION ALL
    SELECT remit.payment_date, 9, 'provider adjustment', 'tied by its reference',
        'PLB ' || provider_adjustment.reason_code, NULL, NULL,
        provider_adjustment.amount, provider_adjustment.file_id, provider_adjustment.record_no
    FROM provider_adjustment
    JOIN remit ON remit.remit_id = provider_adjustment.remit_id
    WHERE upper(trim(provider_adjustment.reference)) IN (SELECT number FROM numbered)
)

SELECT
    happened.day AS event_date,
    happened.event,
    happened.what,
    happened.codes,
    CAST(happened.billed_amount AS DECIMAL(18, 2)) AS billed_amount,
    CAST(happened.paid_amount AS DECIMAL(18, 2)) AS paid_amount,
    CAST(happened.other_amount AS DECIMAL(18, 2)) AS other_amount,
    source_file.file_name,
    happened.record_no,
    happened.file_id
FROM happened
CROSS JOIN build_info
LEFT JOIN source_file ON source_file.file_id = happened.file_id
WHERE happened.day <= build_info.as_of
ORDER BY happened.day, happened.place, happened.file_id, happened.record_no
