-- Whether the facts are those of all that is loaded, by these code maps and rules: 1 or 0.
SELECT count(*) AS n
FROM build_info
WHERE code_map_version = $codes AND facts_version = $facts
  AND built_at >= coalesce((SELECT max(loaded_at) FROM source_file), built_at)
