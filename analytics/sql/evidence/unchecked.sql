-- Edits that are for the claim and could not be made: their table is not loaded, or a day is outside it.
SELECT edit.edit_code, edit.title
FROM edit_check
JOIN edit ON (edit_check.unchecked_edits & edit.edit_bit) <> 0
WHERE edit_check.claim_id = $claim_id
ORDER BY edit.edit_bit
