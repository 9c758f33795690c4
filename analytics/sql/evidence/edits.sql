-- Edits of coding that the claim, as first sent, breaks.
SELECT
    line_edit.edit_code,
    edit.title,
    line_edit.line_no,
    line_edit.procedure_code,
    line_edit.modifier_key,
    line_edit.finding,
    line_edit.finding_count,
    source_file.file_name,
    line_edit.record_no
FROM line_edit
JOIN edit ON edit.edit_code = line_edit.edit_code
LEFT JOIN source_file ON source_file.file_id = line_edit.file_id
WHERE line_edit.claim_id = $claim_id
ORDER BY line_edit.edit_code, line_edit.line_no NULLS FIRST, line_edit.finding
