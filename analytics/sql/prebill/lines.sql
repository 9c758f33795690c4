-- The lines of claims not sent yet, and claims that themselves break an edit, with their edits.
--
-- Files loaded before have numbers up to $loaded; $again are the claims sent before.
WITH told AS (
    SELECT claim_id, line_no, edit_code, finding, other_claim_id, other_line_no,
        FALSE AS is_on_other
    FROM line_edit
    WHERE file_id > $loaded
    UNION ALL
    -- What a line sent now makes of one loaded.
    SELECT other_claim_id, other_line_no, edit_code, procedure_code, claim_id, line_no, TRUE
    FROM line_edit
    WHERE file_id <= $loaded
      AND other_claim_id IN (SELECT claim_id FROM billed_claim WHERE file_id > $loaded)
), found AS (
    SELECT
        told.claim_id, told.line_no,
        list({'edit': told.edit_code, 'title': edit.title, 'finding': told.finding,
            'other_line': told.other_line_no, 'other_segment': claim_line.record_no,
            'other_file': source_file.file_name,
            'is_other_loaded': billed_claim.file_id <= $loaded, 'is_on_other': told.is_on_other}
            ORDER BY edit.edit_bit, told.is_on_other, source_file.file_name, claim_line.record_no)
            AS edits
    FROM told
    JOIN edit USING (edit_code)
    LEFT JOIN claim_line
        ON claim_line.claim_id = told.other_claim_id
        AND claim_line.line_no = told.other_line_no
    LEFT JOIN billed_claim ON billed_claim.claim_id = told.other_claim_id
    LEFT JOIN source_file ON source_file.file_id = billed_claim.file_id
    GROUP BY told.claim_id, told.line_no
), listed AS (
    SELECT claim_id, NULL AS line_no, record_no, NULL AS procedure_code, NULL AS modifier_key,
        billed_amount
    FROM billed_claim
    WHERE claim_id IN (SELECT claim_id FROM found WHERE line_no IS NULL)
    UNION ALL
    SELECT claim_line.claim_id, line_no, claim_line.record_no, procedure_code,
        coalesce(modifier_key, ''), claim_line.billed_amount
    FROM claim_line
    JOIN billed_claim ON billed_claim.claim_id = claim_line.claim_id
)
SELECT
    source_file.file_name, source_file.sha256, billed_claim.record_no AS claim_segment, listed.line_no,
    listed.record_no AS segment, billed_claim.payer_name, listed.procedure_code,
    listed.modifier_key, listed.billed_amount, coalesce(found.edits, []) AS edits,
    list_contains($again, listed.claim_id) AS is_sent_before
FROM listed
JOIN billed_claim ON billed_claim.claim_id = listed.claim_id
JOIN source_file ON source_file.file_id = billed_claim.file_id
LEFT JOIN found
    ON found.claim_id = listed.claim_id AND found.line_no IS NOT DISTINCT FROM listed.line_no
WHERE billed_claim.file_id > $loaded
ORDER BY billed_claim.file_id, billed_claim.record_no, listed.line_no NULLS FIRST
