-- edit_result: one row per claim and edit that is for it: broken, sound or not checked.
--
-- Reads    edit_check, edit
-- A view: a claim stands here some twenty times.
SELECT
    edit_check.claim_id,
    edit.edit_code,
    CASE
        WHEN (edit_check.broken_edits & edit.edit_bit) <> 0 THEN 'broken'
        WHEN (edit_check.checked_edits & edit.edit_bit) <> 0 THEN 'sound'
        ELSE 'not_checked'
    END AS result,
    edit_check.file_id,
    edit_check.record_no,
    edit_check.payer_name,
    edit_check.line_of_business,
    edit_check.claim_type,
    edit_check.payer_sequence_code,
    edit_check.facility_state_code,
    edit_check.billing_provider,
    edit_check.specialty,
    edit_check.facility,
    edit_check.place_of_service_code,
    edit_check.rendering_provider,
    edit_check.diagnosis_category,
    edit_check.diagnosis_chapter,
    edit_check.submission_date,
    edit_check.service_to_date,
    edit_check.billed_amount
FROM edit_check
JOIN edit
    ON ((edit_check.checked_edits | edit_check.unchecked_edits) & edit.edit_bit) <> 0
