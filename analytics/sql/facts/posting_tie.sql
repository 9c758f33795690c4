-- posting_tie: one row per record of a billing-system extract, with the claim it is about.
--
-- Reads    write_off, patient_payment, appeal, audit, submission, claim
-- Such extracts know only the control number.  Of the claims that hold it the latest primary one
-- sent by the day of the posting is meant; where none was sent by then, the first sent after.
WITH posting AS (
    SELECT
        'write_off' AS table_name, file_id, record_no, write_off_date AS posting_date,
        upper(trim(patient_control_number)) AS control_number
    FROM write_off
    UNION ALL
    SELECT
        'patient_payment' AS table_name, file_id, record_no, payment_date AS posting_date,
        upper(trim(patient_control_number)) AS control_number
    FROM patient_payment
    UNION ALL
    SELECT
        'appeal' AS table_name, file_id, record_no, appeal_date AS posting_date,
        upper(trim(patient_control_number)) AS control_number
    FROM appeal
    UNION ALL
    SELECT
        'audit' AS table_name, file_id, record_no, audit_date AS posting_date,
        upper(trim(patient_control_number)) AS control_number
    FROM audit
),

holder AS (
    SELECT
        posting.table_name,
        posting.file_id,
        posting.record_no,
        submission.claim_id,
        row_number() OVER (
            PARTITION BY posting.table_name, posting.file_id, posting.record_no
            ORDER BY
                CASE WHEN submission.submission_date <= posting.posting_date THEN 0 ELSE 1 END ASC NULLS LAST,
                CASE WHEN submission.submission_date > posting.posting_date
                    THEN submission.submission_date END ASC NULLS LAST,
                CASE WHEN coalesce(claim.payer_sequence_code, 'P') = 'P' THEN 0 ELSE 1 END ASC NULLS LAST,
                submission.submission_date DESC NULLS LAST,
                submission.submission_id DESC NULLS LAST
        ) AS preference
    FROM posting
    JOIN claim ON upper(trim(claim.patient_control_number)) = posting.control_number
    JOIN submission ON submission.submission_id = claim.claim_id
)

SELECT
    CAST(posting.table_name AS STRING) AS table_name,
    CAST(posting.file_id AS BIGINT) AS file_id,
    CAST(posting.record_no AS BIGINT) AS record_no,
    CAST(holder.claim_id AS BIGINT) AS claim_id
FROM posting
LEFT JOIN holder
    ON holder.table_name = posting.table_name
    AND holder.file_id = posting.file_id
    AND holder.record_no = posting.record_no
    AND holder.preference = 1
