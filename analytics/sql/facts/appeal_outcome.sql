-- appeal_outcome: one row per appeal sent up to the as-of date, with its claim and its decision.
--
-- Reads    appeal, posting_tie, claim_outcome, build_info
-- A decision later than the as-of date is not known yet.
SELECT
    CAST(appeal.file_id AS BIGINT) AS file_id,
    CAST(appeal.record_no AS BIGINT) AS record_no,
    CAST(posting_tie.claim_id AS BIGINT) AS claim_id,
    claim_outcome.payer_name,
    claim_outcome.line_of_business,
    claim_outcome.claim_type,
    claim_outcome.payer_sequence_code,
    claim_outcome.facility_state_code,
    claim_outcome.place_of_service_code,
    claim_outcome.billing_provider,
    claim_outcome.rendering_provider,
    claim_outcome.specialty,
    claim_outcome.facility,
    claim_outcome.diagnosis_category,
    claim_outcome.diagnosis_chapter,
    claim_outcome.denial_category,
    claim_outcome.denial_preventable,
    claim_outcome.denial_hardness,
    claim_outcome.denial_carc,
    claim_outcome.denial_group,
    claim_outcome.denial_rarc,
    CAST(claim_outcome.submission_date AS DATE) AS submission_date,
    CAST(claim_outcome.service_to_date AS DATE) AS service_to_date,
    CAST(appeal.appeal_level AS INTEGER) AS appeal_level,
    CAST(appeal.appeal_date AS DATE) AS appeal_date,
    CAST(CASE
        WHEN appeal.decision_date <= build_info.as_of THEN appeal.decision_code
    END AS STRING) AS decision_code,
    CAST(CASE
        WHEN appeal.decision_date <= build_info.as_of THEN appeal.decision_date
    END AS DATE) AS decision_date,
    CAST(coalesce(appeal.amount, claim_outcome.denied_amount, 0) AS DECIMAL(18, 2)) AS amount
FROM appeal
JOIN posting_tie
    ON posting_tie.table_name = 'appeal'
    AND posting_tie.file_id = appeal.file_id
    AND posting_tie.record_no = appeal.record_no
CROSS JOIN build_info
LEFT JOIN claim_outcome ON claim_outcome.claim_id = posting_tie.claim_id
WHERE appeal.appeal_date <= build_info.as_of
