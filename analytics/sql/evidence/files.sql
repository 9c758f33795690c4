-- Files that anything of the claim was read from.
SELECT file_id, file_name, sha256, format, byte_count, loaded_at
FROM source_file
WHERE file_id IN (SELECT unnest($files))
ORDER BY file_id
