-- audited_case: one row per case of a review of coders: a claim, looked at on one day.
--
-- Reads    audit, audited_code
-- Its DRG or APCs are right where each row of them is.
WITH numbered AS (
    SELECT
        audited_code.file_id,
        audited_code.record_no,
        audited_code.code_kind,
        audited_code.is_right,
        min(audited_code.record_no) OVER (
            PARTITION BY
                audit.file_id, upper(trim(audit.patient_control_number)), audit.audit_date
        ) AS first_no
    FROM audited_code
    JOIN audit
        ON audit.file_id = audited_code.file_id AND audit.record_no = audited_code.record_no
),

judged AS (
    SELECT
        file_id,
        first_no,
        count(*) AS code_count,
        sum(CASE WHEN is_right THEN 0 ELSE 1 END) AS wrong_count,
        sum(CASE WHEN code_kind IN ('DRG', 'APC') THEN 1 ELSE 0 END) AS grouping_count,
        sum(CASE WHEN code_kind IN ('DRG', 'APC') AND NOT is_right THEN 1 ELSE 0 END)
            AS wrong_grouping_count
    FROM numbered
    GROUP BY file_id, first_no
)

SELECT
    audited_code.file_id,
    audited_code.record_no,
    audited_code.claim_id,
    audited_code.payer_name,
    audited_code.line_of_business,
    audited_code.claim_type,
    audited_code.payer_sequence_code,
    audited_code.facility_state_code,
    audited_code.place_of_service_code,
    audited_code.billing_provider,
    audited_code.rendering_provider,
    audited_code.specialty,
    audited_code.facility,
    audited_code.diagnosis_category,
    audited_code.diagnosis_chapter,
    audited_code.submission_date,
    audited_code.service_to_date,
    audited_code.audit_date,
    audited_code.coder,
    audited_code.reviewer,
    CAST(judged.code_count AS INTEGER) AS code_count,
    CAST(judged.wrong_count AS INTEGER) AS wrong_count,
    CAST(judged.grouping_count > 0 AS BOOLEAN) AS has_grouping,
    CAST(judged.wrong_grouping_count = 0 AS BOOLEAN) AS is_grouping_right,
    audited_code.billed_amount
FROM judged
JOIN audited_code
    ON audited_code.file_id = judged.file_id AND audited_code.record_no = judged.first_no
