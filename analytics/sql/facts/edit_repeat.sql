-- edit_repeat: one row per service line given twice (DUP-1), or that is a visit within the global period
-- of a procedure (GLB-1), with the other line.
--
-- Reads    billed_claim, claim_line, edited_service, edited_line, edit_day, medicare_fee, person
-- Sources  METRICS section 4; Claims Processing Manual ch. 12 s. 40.1 (global surgery)
--
-- DUP-1: same person, provider, days, code, modifiers (and drug) on another line or claim to the same
-- payer, without a modifier that says why; of several the first stands.  GLB-1: a visit on the day
-- of a procedure (000), up to 10 days after it (010), from the day before up to 90 days after it
-- (090), by who did it.  Where the time before is in no schedule, a visit cannot be told.
WITH bill AS (
    SELECT
        billed_claim.claim_id,
        billed_claim.submission_date,
        coalesce(person.person_id, -billed_claim.claim_id) AS person_id,
        billed_claim.rendering_npi,
        coalesce(try_cast(billed_claim.billing_npi AS BIGINT), -billed_claim.claim_id)
            AS biller_no,
        billed_claim.payer_name,
        billed_claim.payer_sequence_code,
        billed_claim.claim_type,
        billed_claim.service_from_date
    FROM billed_claim
    LEFT JOIN person ON person.patient_id = billed_claim.patient_id
    WHERE billed_claim.claim_type IN ('professional', 'institutional')
      AND NOT billed_claim.is_voided
),

billed AS (
    SELECT
        bill.claim_id,
        claim_line.line_no,
        bill.submission_date,
        bill.person_id,
        coalesce(
            try_cast(CASE WHEN bill.claim_type = 'professional'
                THEN coalesce(claim_line.rendering_npi, bill.rendering_npi) END AS BIGINT),
            bill.biller_no
        ) AS provider_no,
        bill.payer_name,
        bill.payer_sequence_code,
        bill.claim_type,
        edited_service.same_no,
        claim_line.ndc_code,
        coalesce(claim_line.service_from_date, bill.service_from_date) AS day,
        coalesce(claim_line.service_to_date, claim_line.service_from_date, bill.service_from_date)
            AS to_day
    FROM claim_line
    JOIN bill ON bill.claim_id = claim_line.claim_id
    JOIN edited_service
        ON edited_service.procedure_code = claim_line.procedure_code
        AND edited_service.modifier_key = coalesce(claim_line.modifier_key, '')
        AND NOT edited_service.is_repeat
    WHERE coalesce(claim_line.procedure_qualifier, 'HC') = 'HC'
),

again AS (
    -- Groups of more than one line: few, so that only they are put in order.
    SELECT person_id, provider_no, same_no, day, to_day
    FROM billed
    WHERE day IS NOT NULL
    GROUP BY person_id, provider_no, same_no, day, to_day
    HAVING count(*) > 1
),

ordered AS (
    SELECT
        billed.claim_id,
        billed.line_no,
        first_value(billed.claim_id) OVER each_service AS first_claim_id,
        first_value(billed.line_no) OVER each_service AS first_line_no,
        row_number() OVER each_service AS place
    FROM billed
    JOIN again
        ON again.person_id = billed.person_id
        AND again.provider_no = billed.provider_no
        AND again.same_no = billed.same_no
        AND again.day = billed.day
        AND again.to_day = billed.to_day
    WINDOW each_service AS (
        PARTITION BY
            billed.person_id, billed.provider_no, billed.same_no, billed.day, billed.to_day, billed.payer_name,
            billed.payer_sequence_code, billed.claim_type, billed.ndc_code
        ORDER BY billed.submission_date ASC NULLS LAST, billed.claim_id ASC NULLS LAST, billed.line_no ASC NULLS LAST
    )
),

scheduled AS (
    SELECT
        edited_line.claim_id,
        edited_line.line_no,
        edited_line.person_id,
        edited_line.provider_no,
        edited_line.payer_name,
        edited_line.payer_sequence_code,
        edited_line.day,
        edited_service.is_visit,
        edited_service.is_unrelated,
        edited_service.code,
        CASE
            WHEN edited_service.is_part_of_surgery THEN NULL
            WHEN fee.global_days_code IN ('000', '010', '090')
                THEN CAST(fee.global_days_code AS INTEGER)
        END AS global_days
    FROM edited_line
    JOIN edit_day ON edit_day.day = edited_line.day AND edit_day.fee_start_date IS NOT NULL
    JOIN edited_service ON edited_service.service_no = edited_line.service_no
    LEFT JOIN medicare_fee AS fee
        ON fee.start_date = edit_day.fee_start_date
        AND fee.procedure_code = edited_service.code
        AND coalesce(fee.modifier_code, '') = ''
    WHERE edited_line.setting = 'practitioner'
),

visit AS (
    SELECT
        claim_id, line_no, person_id, provider_no, payer_name, payer_sequence_code, day,
        day - 90 AS since_day
    FROM scheduled
    WHERE is_visit AND NOT is_unrelated AND global_days IS NULL
),

within AS (
    SELECT
        visit.claim_id,
        visit.line_no,
        surgery.code,
        surgery.claim_id AS surgery_claim_id,
        surgery.line_no AS surgery_line_no,
        row_number() OVER (
            PARTITION BY visit.claim_id, visit.line_no
            ORDER BY surgery.day DESC NULLS LAST, surgery.claim_id ASC NULLS LAST, surgery.line_no ASC NULLS LAST
        ) AS place
    FROM visit
    JOIN scheduled AS surgery
        ON surgery.person_id = visit.person_id
        AND surgery.provider_no = visit.provider_no
        AND surgery.payer_name IS NOT DISTINCT FROM visit.payer_name
        AND surgery.payer_sequence_code = visit.payer_sequence_code
        AND surgery.global_days IS NOT NULL
        AND visit.day >= surgery.day - CASE WHEN surgery.global_days = 90 THEN 1 ELSE 0 END
        AND visit.day <= surgery.day + surgery.global_days
),

unknown_before AS (
    -- The person was seen in the 90 days before, on a day of no schedule.
    SELECT visit.claim_id, visit.line_no
    FROM visit
    JOIN person ON person.person_id = visit.person_id
    JOIN billed_claim
        ON billed_claim.patient_id = person.patient_id
        AND billed_claim.claim_type = 'professional'
        AND billed_claim.service_from_date < visit.day
        AND billed_claim.service_from_date >= visit.since_day
    JOIN edit_day
        ON edit_day.day = billed_claim.service_from_date AND edit_day.fee_start_date IS NULL
    GROUP BY visit.claim_id, visit.line_no
)

SELECT
    CAST(claim_id AS BIGINT) AS claim_id,
    CAST(line_no AS INTEGER) AS line_no,
    CAST('DUP-1' AS STRING) AS edit_code,
    CAST('broken' AS STRING) AS result,
    CAST(NULL AS STRING) AS finding,
    CAST(first_claim_id AS BIGINT) AS other_claim_id,
    CAST(first_line_no AS INTEGER) AS other_line_no
FROM ordered
WHERE place > 1
UNION ALL
SELECT
    CAST(claim_id AS BIGINT), CAST(line_no AS INTEGER), CAST('GLB-1' AS STRING),
    CAST('broken' AS STRING), CAST(code AS STRING), CAST(surgery_claim_id AS BIGINT),
    CAST(surgery_line_no AS INTEGER)
FROM within
WHERE place = 1
UNION ALL
SELECT
    CAST(unknown_before.claim_id AS BIGINT), CAST(unknown_before.line_no AS INTEGER),
    CAST('GLB-1' AS STRING), CAST('not_checked' AS STRING), CAST(NULL AS STRING),
    CAST(NULL AS BIGINT), CAST(NULL AS INTEGER)
FROM unknown_before
LEFT JOIN within
    ON within.claim_id = unknown_before.claim_id AND within.line_no = unknown_before.line_no
WHERE within.claim_id IS NULL
