-- Lines of the audit trail that name one of these files.
SELECT entry_no, strftime(done_at, '%Y-%m-%d %H:%M:%S') AS done_at, done_by, command, file_names,
    detail
FROM audit_log
WHERE command = 'load' AND list_has_any(file_names, $names)
ORDER BY entry_no
