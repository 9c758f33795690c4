-- posting_tie: one row per record of a billing-system extract, with the claim it is about.
--
-- Reads    write_off, patient_payment, appeal, audit, submission, claim
-- Such extracts know only the control number: the latest primary claim holds it.
WITH posting AS (
    SELECT
        'write_off' AS table_name, file_id, record_no,
        upper(trim(patient_control_number)) AS control_number
    FROM write_off
    UNION ALL
    SELECT
        'patient_payment' AS table_name, file_id, record_no,
        upper(trim(patient_control_number)) AS control_number
    FROM patient_payment
    UNION ALL
    SELECT
        'appeal' AS table_name, file_id, record_no,
        upper(trim(patient_control_number)) AS control_number
    FROM appeal
    UNION ALL
    SELECT
        'audit' AS table_name, file_id, record_no,
        upper(trim(patient_control_number)) AS control_number
    FROM audit
),

holder AS (
    SELECT
        upper(trim(claim.patient_control_number)) AS control_number,
        submission.claim_id,
        row_number() OVER (
            PARTITION BY upper(trim(claim.patient_control_number))
            ORDER BY
                CASE WHEN coalesce(claim.payer_sequence_code, 'P') = 'P' THEN 0 ELSE 1 END ASC,
                submission.submission_date DESC,
                submission.submission_id DESC
        ) AS preference
    FROM submission
    JOIN claim ON claim.claim_id = submission.submission_id
    WHERE upper(trim(claim.patient_control_number)) IN (SELECT control_number FROM posting)
)

SELECT
    CAST(posting.table_name AS VARCHAR) AS table_name,
    CAST(posting.file_id AS BIGINT) AS file_id,
    CAST(posting.record_no AS BIGINT) AS record_no,
    CAST(holder.claim_id AS BIGINT) AS claim_id
FROM posting
LEFT JOIN holder
    ON holder.control_number = posting.control_number AND holder.preference = 1
