-- edit_release: one row per published file that edits read, with the release it is part of.
--
-- Reads    reference_file, ncci_ptp, ncci_mue
-- Sources  NCCI procedure pairs come in numbered parts (-f1, -f2 ...) of one release.
--
-- lead_id is the first file of the release.  A release of which a part is missing is not whole, and
-- checks nothing: what is not listed would seem to be sound.  The last part of a release of full size
-- has the codes that begin with a letter.
WITH of_setting AS (
    SELECT reference_id, min(setting) AS setting, max(column1_code) AS last_code
    FROM ncci_ptp
    GROUP BY reference_id
    UNION ALL
    SELECT reference_id, min(setting) AS setting, NULL AS last_code
    FROM ncci_mue
    GROUP BY reference_id
),

part AS (
    SELECT
        reference_file.reference_id,
        reference_file.kind,
        coalesce(of_setting.setting, '') AS setting,
        coalesce(reference_file.release, '') AS release,
        reference_file.effective_from,
        reference_file.effective_to,
        reference_file.row_count,
        of_setting.last_code,
        CAST(CASE WHEN reference_file.kind = 'ncci_ptp'
            THEN nullif(regexp_extract(reference_file.file_name, '-f([0-9]+)', 1), '')
        END AS INTEGER) AS part_no
    FROM reference_file
    LEFT JOIN of_setting ON of_setting.reference_id = reference_file.reference_id
),

whole AS (
    SELECT
        kind,
        setting,
        release,
        min(reference_id) AS lead_id,
        count(DISTINCT part_no) = coalesce(max(part_no), 0)
        AND (
            coalesce(max(part_no), 0) = 0
            OR sum(coalesce(row_count, 0)) < 100000
            OR max(last_code) >= 'A'
        ) AS is_whole
    FROM part
    GROUP BY kind, setting, release
)

SELECT
    CAST(part.reference_id AS BIGINT) AS reference_id,
    CAST(part.kind AS STRING) AS kind,
    CAST(part.setting AS STRING) AS setting,
    CAST(part.release AS STRING) AS release,
    CAST(CASE WHEN part.kind = 'ncci_ptp' THEN whole.lead_id ELSE part.reference_id END AS BIGINT)
        AS lead_id,
    CAST(whole.is_whole AS BOOLEAN) AS is_whole,
    CAST(part.effective_from AS DATE) AS effective_from,
    CAST(part.effective_to AS DATE) AS effective_to
FROM part
JOIN whole
    ON whole.kind = part.kind AND whole.setting = part.setting AND whole.release = part.release
