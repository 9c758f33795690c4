-- edit_code: one row per service line that breaks an edit of its code, modifiers or place: MOD-1, MOD-2,
-- STS-1, HCP-1, POS-1; or of which they cannot tell.
--
-- Reads    edited_line, edited_service, edit_day, edit_release, medicare_fee, hcpcs_code, billed_claim,
--          claim_line
-- Sources  Medicare physician fee schedule indicators (PPRRVU): PC/TC, MULT PROC, BILAT SURG, ASST SURG,
--          CO-SURG, TEAM SURG, status; HCPCS Level II release.  Claims Processing Manual ch. 26 s. 10.5
--
-- All is judged once per code, modifiers and year, then found on the lines.  MOD-1 and STS-1 are of
-- professional claims; a code the schedule does not list cannot be told.  HCP-1: HCPCS Level II by
-- its table, CPT by its form alone, as its list is not published.
WITH year_seen AS (
    SELECT edited_line.service_no, edit_day.fee_start_date
    FROM edited_line
    JOIN edit_day ON edit_day.day = edited_line.day AND edit_day.fee_start_date IS NOT NULL
    WHERE edited_line.setting = 'practitioner'
    GROUP BY edited_line.service_no, edit_day.fee_start_date
),

schedule AS (
    SELECT
        year_seen.service_no,
        year_seen.fee_start_date,
        edited_service.listed,
        fee.procedure_code IS NOT NULL AS is_scheduled,
        fee.status_code,
        fee.component_code,
        fee.multiple_procedure_code,
        fee.bilateral_code,
        fee.assistant_code,
        fee.cosurgeon_code,
        fee.team_code
    FROM year_seen
    JOIN edited_service ON edited_service.service_no = year_seen.service_no
    LEFT JOIN medicare_fee AS fee
        ON fee.start_date = year_seen.fee_start_date
        AND fee.procedure_code = edited_service.code
        AND coalesce(fee.modifier_code, '') = ''
),

asked AS (
    -- The indicator that speaks of each modifier on the line.
    SELECT
        schedule.service_no,
        schedule.fee_start_date,
        of_modifier.modifier_code,
        schedule.is_scheduled,
        CASE
            WHEN of_modifier.modifier_code IN ('26', 'TC') THEN schedule.component_code
            WHEN of_modifier.modifier_code = '50' THEN schedule.bilateral_code
            WHEN of_modifier.modifier_code = '51' THEN schedule.multiple_procedure_code
            WHEN of_modifier.modifier_code = '62' THEN schedule.cosurgeon_code
            WHEN of_modifier.modifier_code = '66' THEN schedule.team_code
            ELSE schedule.assistant_code
        END AS indicator,
        of_modifier.refused
    FROM schedule
    JOIN (
        -- Indicators with which the modifier is not valid.
        SELECT '26' AS modifier_code, '0,2,3,4,5,9' AS refused
        UNION ALL SELECT 'TC', '0,2,3,4,5,6,8,9'
        UNION ALL SELECT '50', '0,2,9'
        UNION ALL SELECT '51', '0,9'
        UNION ALL SELECT '62', '0,9'
        UNION ALL SELECT '66', '0,9'
        UNION ALL SELECT '80', '1,9'
        UNION ALL SELECT '81', '1,9'
        UNION ALL SELECT '82', '1,9'
        UNION ALL SELECT 'AS', '1,9'
    ) AS of_modifier ON schedule.listed LIKE concat_ws('', '%,', of_modifier.modifier_code, ',%')
),

by_schedule AS (
    SELECT
        service_no,
        fee_start_date,
        'MOD-1' AS edit_code,
        CASE WHEN is_scheduled AND indicator IS NOT NULL THEN 'broken' ELSE 'not_checked' END
            AS result,
        modifier_code AS finding
    FROM asked
    WHERE NOT is_scheduled
       OR indicator IS NULL
       OR refused LIKE concat_ws('', '%', indicator, '%')
    UNION ALL
    SELECT
        service_no,
        fee_start_date,
        'STS-1',
        CASE WHEN is_scheduled AND status_code IS NOT NULL THEN 'broken' ELSE 'not_checked' END,
        status_code
    FROM schedule
    WHERE NOT is_scheduled OR status_code IS NULL OR status_code IN ('B', 'I', 'N', 'X')
),

hcpcs_span AS (
    SELECT
        edited_service.service_no,
        edit_release.lead_id AS hcpcs_id,
        min(CASE WHEN hcpcs_code.code IS NOT NULL THEN coalesce(
            hcpcs_code.add_date, hcpcs_code.effective_date, DATE '1900-01-01'
        ) END) AS start_date,
        max(coalesce(hcpcs_code.end_date, DATE '9999-12-31')) AS end_date
    FROM edited_service
    JOIN edit_release ON edit_release.kind = 'hcpcs_code'
    LEFT JOIN hcpcs_code
        ON hcpcs_code.reference_id = edit_release.lead_id
        AND hcpcs_code.code = edited_service.code
        AND NOT hcpcs_code.is_modifier
    WHERE edited_service.form = 'hcpcs'
    GROUP BY edited_service.service_no, edit_release.lead_id
),

odd_service AS (
    SELECT service_no, procedure_code, modifier_key, form, wrong_modifier, places, is_office_visit
    FROM edited_service
    WHERE form = 'malformed' OR wrong_modifier IS NOT NULL OR places IS NOT NULL OR is_office_visit
),

seen_line AS (
    SELECT
        billed_claim.claim_id,
        claim_line.line_no,
        CASE WHEN odd_service.form = 'malformed' THEN odd_service.form END AS form,
        odd_service.wrong_modifier,
        coalesce(
            claim_line.place_of_service_code, billed_claim.place_of_service_code, ''
        ) AS place_code,
        CASE WHEN billed_claim.claim_type = 'professional' THEN odd_service.places END AS places,
        billed_claim.claim_type = 'professional' AND odd_service.is_office_visit AS is_office_visit
    FROM claim_line
    JOIN odd_service
        ON odd_service.procedure_code = claim_line.procedure_code
        AND odd_service.modifier_key = coalesce(claim_line.modifier_key, '')
    JOIN billed_claim
        ON billed_claim.claim_id = claim_line.claim_id
        AND billed_claim.claim_type IN ('professional', 'institutional')
    WHERE coalesce(claim_line.procedure_qualifier, 'HC') = 'HC'
),

odd_line AS (
    SELECT claim_id, line_no, 'HCP-1' AS edit_code, form AS finding
    FROM seen_line
    WHERE form IS NOT NULL
    UNION ALL
    SELECT claim_id, line_no, 'MOD-2', wrong_modifier
    FROM seen_line
    WHERE wrong_modifier IS NOT NULL
    UNION ALL
    SELECT claim_id, line_no, 'POS-1', place_code
    FROM seen_line
    WHERE places NOT LIKE concat_ws('', '%,', place_code, ',%')
       OR is_office_visit AND place_code IN ('', '21', '51', '61')
)

SELECT
    CAST(edited_line.claim_id AS BIGINT) AS claim_id,
    CAST(edited_line.line_no AS INTEGER) AS line_no,
    CAST(by_schedule.edit_code AS STRING) AS edit_code,
    CAST(min(by_schedule.result) AS STRING) AS result,  -- broken comes before not_checked
    CAST(min(by_schedule.finding) AS STRING) AS finding
FROM edited_line
JOIN edit_day ON edit_day.day = edited_line.day
JOIN by_schedule
    ON by_schedule.service_no = edited_line.service_no
    AND by_schedule.fee_start_date = edit_day.fee_start_date
WHERE edited_line.setting = 'practitioner'
GROUP BY edited_line.claim_id, edited_line.line_no, by_schedule.edit_code
UNION ALL
SELECT
    CAST(edited_line.claim_id AS BIGINT),
    CAST(edited_line.line_no AS INTEGER),
    CAST('HCP-1' AS STRING),
    CAST('broken' AS STRING),
    CAST(CASE
        WHEN hcpcs_span.start_date IS NULL THEN 'in no list'
        WHEN edited_line.day < hcpcs_span.start_date THEN 'not yet in force'
        ELSE 'ended'
    END AS STRING)
FROM edited_line
JOIN edit_day ON edit_day.day = edited_line.day
JOIN hcpcs_span
    ON hcpcs_span.service_no = edited_line.service_no AND hcpcs_span.hcpcs_id = edit_day.hcpcs_id
WHERE hcpcs_span.start_date IS NULL
   OR edited_line.day < hcpcs_span.start_date
   OR edited_line.day > hcpcs_span.end_date
UNION ALL
SELECT
    CAST(claim_id AS BIGINT),
    CAST(line_no AS INTEGER),
    CAST(edit_code AS STRING),
    CAST(CASE WHEN finding = '' THEN 'not_checked' ELSE 'broken' END AS STRING),
    CAST(nullif(finding, '') AS STRING)
FROM odd_line
