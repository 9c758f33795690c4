-- What the facts stand for: the one row of build_info.
SELECT
    CAST($as_of AS DATE) AS as_of,
    CAST($built_at AS TIMESTAMP_NTZ) AS built_at,
    CAST($code_map_version AS STRING) AS code_map_version,
    CAST($code_map AS STRING) AS code_map,
    CAST($facts_version AS STRING) AS facts_version
