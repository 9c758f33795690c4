-- Service lines as sent, of every submission.
SELECT
    submission.submission_no,
    claim_line.line_no,
    claim_line.procedure_code,
    claim_line.modifier_key,
    claim_line.revenue_code,
    claim_line.units,
    claim_line.service_from_date,
    claim_line.billed_amount,
    source_file.file_name,
    claim_line.record_no
FROM submission
JOIN claim_line ON claim_line.claim_id = submission.submission_id
LEFT JOIN source_file ON source_file.file_id = claim_line.file_id
WHERE submission.claim_id = $claim_id
ORDER BY submission.submission_no, claim_line.line_no
