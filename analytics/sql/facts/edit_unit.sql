-- edit_unit: one row per service line that breaks MUE-1 or AOC-1, or of which they cannot tell.
--
-- Reads    edited_line, edited_service, edit_day, ncci_mue, ncci_add_on, billed_claim, claim_line
-- Sources  NCCI medically unlikely edits and add-on code edits
--
-- MUE-1: units over the limit, of the line (indicator 1) or of the day (2, 3), as edited_line
-- compares; a line of several days has its units spread over them.  A code that the practitioner
-- table does not limit may be one of suppliers.  AOC-1: an add-on code without one of its
-- primaries on the claim, or for the person that day; where contractors name more primaries than
-- the table (types 2 and 3) only an add-on with no other procedure at all is sure to be wrong.
WITH unit_line AS (
    SELECT
        edited_line.claim_id,
        edited_line.line_no,
        edited_line.person_id,
        edited_line.provider_no,
        edited_line.payer_name,
        edited_line.payer_sequence_code,
        edited_line.setting,
        edited_line.code_no,
        edited_line.day,
        edited_service.code,
        edited_line.unit_code,
        floor(
            CAST(edited_line.units AS DOUBLE)
            / CAST(nullif(days_between(edited_line.day, edited_line.to_day) + 1, 0) AS DOUBLE) + 0.5
        ) AS units,
        CASE edited_line.setting
            WHEN 'practitioner' THEN edit_day.practitioner_unit_id
            ELSE edit_day.hospital_unit_id
        END AS unit_id,
        CASE edited_line.setting WHEN 'practitioner' THEN edit_day.supplier_unit_id END
            AS supplier_unit_id
    FROM edited_line
    JOIN edit_day
        ON edit_day.day = edited_line.day
        AND coalesce(
            edit_day.practitioner_unit_id, edit_day.hospital_unit_id, edit_day.supplier_unit_id
        ) IS NOT NULL
    JOIN edited_service ON edited_service.service_no = edited_line.service_no
),

limited AS (
    SELECT
        unit_line.claim_id,
        unit_line.line_no,
        unit_line.units,
        coalesce(own.max_units, supplier.max_units) AS max_units,
        coalesce(own.adjudication_indicator, supplier.adjudication_indicator) AS indicator,
        sum(unit_line.units) OVER (
            PARTITION BY
                unit_line.person_id, unit_line.provider_no, unit_line.payer_name,
                unit_line.payer_sequence_code, unit_line.setting, unit_line.code_no, unit_line.day
        ) AS day_units
    FROM unit_line
    LEFT JOIN ncci_mue AS own
        ON own.reference_id = unit_line.unit_id AND own.procedure_code = unit_line.code
    LEFT JOIN ncci_mue AS supplier
        ON supplier.reference_id = unit_line.supplier_unit_id
        AND supplier.procedure_code = unit_line.code
    WHERE unit_line.unit_code = 'UN' AND coalesce(own.max_units, supplier.max_units) IS NOT NULL
),

add_on AS (
    SELECT
        edited_line.claim_id,
        edited_line.line_no,
        edited_line.person_id,
        edited_line.day,
        edit_day.add_on_id,
        edited_service.code,
        min(ncci_add_on.edit_type) AS edit_type
    FROM edited_line
    JOIN edit_day ON edit_day.day = edited_line.day AND edit_day.add_on_id IS NOT NULL
    JOIN edited_service ON edited_service.service_no = edited_line.service_no
    JOIN ncci_add_on
        ON ncci_add_on.reference_id = edit_day.add_on_id
        AND ncci_add_on.add_on_code = edited_service.code
        AND edited_line.day >= ncci_add_on.start_date
        AND edited_line.day <= coalesce(ncci_add_on.end_date, DATE '9999-12-31')
        AND edited_line.day <= coalesce(ncci_add_on.add_on_end_date, DATE '9999-12-31')
    GROUP BY
        edited_line.claim_id, edited_line.line_no, edited_line.person_id, edited_line.day,
        edit_day.add_on_id, edited_service.code
),

beside AS (
    -- What else was done: on the claim, or for the person that day.
    SELECT add_on.claim_id, add_on.line_no, edited_service.code
    FROM add_on
    JOIN claim_line
        ON claim_line.claim_id = add_on.claim_id AND claim_line.line_no <> add_on.line_no
    JOIN edited_service
        ON edited_service.procedure_code = claim_line.procedure_code
        AND edited_service.modifier_key = coalesce(claim_line.modifier_key, '')
    UNION
    SELECT add_on.claim_id, add_on.line_no, edited_service.code
    FROM add_on
    JOIN edited_line
        ON edited_line.person_id = add_on.person_id
        AND edited_line.day = add_on.day
        AND edited_line.claim_id <> add_on.claim_id
    JOIN edited_service ON edited_service.service_no = edited_line.service_no
),

company AS (
    SELECT
        add_on.claim_id,
        add_on.line_no,
        add_on.edit_type,
        add_on.code,
        count(listed.primary_code) > 0 AS has_primary,
        count(beside.code) > count(other_add_on.add_on_code) AS has_other
    FROM add_on
    LEFT JOIN beside ON beside.claim_id = add_on.claim_id AND beside.line_no = add_on.line_no
    LEFT JOIN ncci_add_on AS listed
        ON listed.reference_id = add_on.add_on_id
        AND listed.add_on_code = add_on.code
        AND listed.primary_code = beside.code
        AND add_on.day >= listed.start_date
        AND add_on.day <= coalesce(listed.end_date, DATE '9999-12-31')
        AND add_on.day <= coalesce(listed.primary_end_date, DATE '9999-12-31')
    LEFT JOIN (
        SELECT reference_id, add_on_code
        FROM ncci_add_on
        GROUP BY reference_id, add_on_code
    ) AS other_add_on
        ON other_add_on.reference_id = add_on.add_on_id AND other_add_on.add_on_code = beside.code
    GROUP BY add_on.claim_id, add_on.line_no, add_on.edit_type, add_on.code
)

SELECT
    CAST(claim_id AS BIGINT) AS claim_id,
    CAST(line_no AS INTEGER) AS line_no,
    CAST('MUE-1' AS STRING) AS edit_code,
    CAST(CASE WHEN units IS NULL THEN 'not_checked' ELSE 'broken' END AS STRING) AS result,
    CAST(concat_ws('', 'at most ', max_units, CASE WHEN indicator = '1' THEN ' a line' ELSE ' a day' END)
        AS STRING) AS finding
FROM limited
WHERE units IS NULL OR CASE WHEN indicator = '1' THEN units ELSE day_units END > max_units
UNION ALL
SELECT
    CAST(claim_id AS BIGINT),
    CAST(line_no AS INTEGER),
    CAST('AOC-1' AS STRING),
    CAST(CASE WHEN edit_type = '1' OR NOT has_other THEN 'broken' ELSE 'not_checked' END AS STRING),
    CAST(code AS STRING)
FROM company
WHERE NOT has_primary
