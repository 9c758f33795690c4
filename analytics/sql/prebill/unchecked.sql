-- How many claims not sent yet an edit could not be made for, by file.
SELECT
    source_file.file_name, source_file.sha256, edit_result.edit_code, edit.title, edit.needs,
    count(*) AS claims
FROM edit_result
JOIN edit USING (edit_code)
JOIN source_file ON source_file.file_id = edit_result.file_id
WHERE edit_result.result = 'not_checked' AND edit_result.file_id > $loaded
GROUP BY 1, 2, 3, 4, 5, edit.edit_bit
ORDER BY 1, 2, edit.edit_bit
