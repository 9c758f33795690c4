-- edit_day: one row per day of service, with the release of each published table in force that day.
--
-- Reads    claim, claim_line, edit_release, fee_release
--
-- A day is judged by the latest release in force on it; the Medicare Code Editor's latest release
-- holds its own history.  Masks add up the bits (see edit) of what the tables of the day can check:
-- of any claim, of professional and of outpatient hospital claims.
WITH every_day AS (
    SELECT service_from_date AS day
    FROM claim_line
    WHERE service_from_date IS NOT NULL
    GROUP BY service_from_date
    UNION
    SELECT service_from_date AS day
    FROM claim
    WHERE service_from_date IS NOT NULL
    GROUP BY service_from_date
    UNION
    SELECT service_to_date AS day
    FROM claim
    WHERE service_to_date IS NOT NULL
    GROUP BY service_to_date
),

ranked AS (
    SELECT
        every_day.day,
        edit_release.kind,
        edit_release.setting,
        edit_release.lead_id,
        row_number() OVER (
            PARTITION BY every_day.day, edit_release.kind, edit_release.setting
            ORDER BY
                CASE WHEN edit_release.kind NOT LIKE 'mce_%'
                    THEN edit_release.effective_from END DESC NULLS LAST,
                edit_release.effective_to DESC NULLS LAST,
                edit_release.release DESC NULLS LAST,
                edit_release.reference_id DESC NULLS LAST
        ) AS place
    FROM every_day
    JOIN edit_release
        ON every_day.day >= edit_release.effective_from
        AND every_day.day <= coalesce(edit_release.effective_to, DATE '9999-12-31')
    WHERE edit_release.is_whole
),

in_force AS (
    SELECT
        day,
        max(CASE WHEN kind = 'icd10cm_code' THEN lead_id END) AS order_id,
        max(CASE WHEN kind = 'icd10cm_note' THEN lead_id END) AS note_id,
        max(CASE WHEN kind = 'mce_diagnosis' THEN lead_id END) AS editor_id,
        max(CASE WHEN kind = 'mce_age_range' THEN lead_id END) AS age_id,
        max(CASE WHEN kind = 'ncci_ptp' AND setting = 'practitioner' THEN lead_id END)
            AS practitioner_pair_id,
        max(CASE WHEN kind = 'ncci_ptp' AND setting = 'hospital' THEN lead_id END)
            AS hospital_pair_id,
        max(CASE WHEN kind = 'ncci_mue' AND setting = 'practitioner' THEN lead_id END)
            AS practitioner_unit_id,
        max(CASE WHEN kind = 'ncci_mue' AND setting = 'hospital' THEN lead_id END)
            AS hospital_unit_id,
        max(CASE WHEN kind = 'ncci_mue' AND setting = 'dme' THEN lead_id END) AS supplier_unit_id,
        max(CASE WHEN kind = 'ncci_add_on' THEN lead_id END) AS add_on_id,
        max(CASE WHEN kind = 'hcpcs_code' THEN lead_id END) AS hcpcs_id,
        max(CASE WHEN kind = 'nucc_taxonomy' THEN lead_id END) AS taxonomy_id
    FROM ranked
    WHERE place = 1
    GROUP BY day
),

fee_day AS (
    SELECT every_day.day, max(fee_release.start_date) AS fee_start_date
    FROM every_day
    JOIN fee_release ON every_day.day BETWEEN fee_release.from_date AND fee_release.to_date
    GROUP BY every_day.day
)

SELECT
    CAST(every_day.day AS DATE) AS day,
    CAST(in_force.order_id AS BIGINT) AS order_id,
    CAST(in_force.note_id AS BIGINT) AS note_id,
    CAST(in_force.editor_id AS BIGINT) AS editor_id,
    CAST(in_force.age_id AS BIGINT) AS age_id,
    CAST(in_force.practitioner_pair_id AS BIGINT) AS practitioner_pair_id,
    CAST(in_force.hospital_pair_id AS BIGINT) AS hospital_pair_id,
    CAST(in_force.practitioner_unit_id AS BIGINT) AS practitioner_unit_id,
    CAST(in_force.hospital_unit_id AS BIGINT) AS hospital_unit_id,
    CAST(in_force.supplier_unit_id AS BIGINT) AS supplier_unit_id,
    CAST(in_force.add_on_id AS BIGINT) AS add_on_id,
    CAST(in_force.hcpcs_id AS BIGINT) AS hcpcs_id,
    CAST(in_force.taxonomy_id AS BIGINT) AS taxonomy_id,
    CAST(fee_day.fee_start_date AS DATE) AS fee_start_date,
    CAST(
        coalesce(
            in_force.practitioner_pair_id, in_force.hospital_pair_id,
            in_force.practitioner_unit_id, in_force.hospital_unit_id, in_force.supplier_unit_id,
            in_force.add_on_id, in_force.hcpcs_id
        ) IS NOT NULL OR fee_day.fee_start_date IS NOT NULL AS BOOLEAN
    ) AS has_line_table,
    CAST(
        CASE WHEN in_force.order_id IS NOT NULL THEN 1 + 2 + 64 ELSE 0 END
        + CASE WHEN in_force.editor_id IS NOT NULL THEN 4 + 8 + 16 ELSE 0 END
        + CASE WHEN in_force.note_id IS NOT NULL THEN 32 ELSE 0 END
        + CASE WHEN in_force.taxonomy_id IS NOT NULL THEN 1048576 ELSE 0 END AS INTEGER
    ) AS any_mask,
    CAST(
        CASE WHEN in_force.practitioner_pair_id IS NOT NULL THEN 128 + 256 ELSE 0 END
        + CASE WHEN in_force.practitioner_unit_id IS NOT NULL THEN 512 ELSE 0 END
        + CASE WHEN in_force.add_on_id IS NOT NULL THEN 1024 ELSE 0 END
        + CASE WHEN fee_day.fee_start_date IS NOT NULL THEN 2048 + 8192 + 16384 ELSE 0 END
        + CASE WHEN in_force.hcpcs_id IS NOT NULL THEN 32768 ELSE 0 END AS INTEGER
    ) AS practitioner_mask,
    CAST(
        CASE WHEN in_force.hospital_pair_id IS NOT NULL THEN 128 + 256 ELSE 0 END
        + CASE WHEN in_force.hospital_unit_id IS NOT NULL THEN 512 ELSE 0 END
        + CASE WHEN in_force.add_on_id IS NOT NULL THEN 1024 ELSE 0 END
        + CASE WHEN in_force.hcpcs_id IS NOT NULL THEN 32768 ELSE 0 END AS INTEGER
    ) AS hospital_mask
FROM every_day
LEFT JOIN in_force ON in_force.day = every_day.day
LEFT JOIN fee_day ON fee_day.day = every_day.day
