-- edit_outcome: one row per line of a first answer and edit that its service line breaks; one without an
-- edit where the line was denied for coding and breaks none.
--
-- Reads    answered_line, remit_line, claim_line, line_edit, edit, edit_check
--
-- A line of the answer is that of the claim by its control number, else by procedure and day.  An edit of
-- the claim is of all its lines; a payment without lines answers all edits of its claim.  Denied for
-- coding is as in coding_denial_rate; whether a denial is what an edit foresaw, its category says.
WITH wanted AS (
    SELECT claim_id
    FROM line_edit
    GROUP BY claim_id
    UNION
    SELECT claim_id
    FROM answered_line
    WHERE is_first_answer AND claim_id IS NOT NULL AND is_denied
      AND denial_category IN ('coding', 'bundling_ncci', 'medical_necessity')
    GROUP BY claim_id
),

answered AS (
    SELECT
        answered_line.remit_claim_id,
        answered_line.line_no AS answer_line_no,
        answered_line.remit_line_id,
        answered_line.claim_id,
        answered_line.procedure_code,
        answered_line.service_date,
        nullif(trim(remit_line.line_control_number), '') AS control_number,
        CASE WHEN answered_line.is_denied OR answered_line.is_duplicate
            THEN answered_line.denial_category END AS denied_for
    FROM answered_line
    JOIN wanted ON wanted.claim_id = answered_line.claim_id
    LEFT JOIN remit_line ON remit_line.remit_line_id = answered_line.remit_line_id
    WHERE answered_line.is_first_answer
),

by_number AS (
    SELECT answered.remit_claim_id, answered.answer_line_no, min(claim_line.line_no) AS line_no
    FROM answered
    JOIN claim_line
        ON claim_line.claim_id = answered.claim_id
        AND trim(claim_line.line_control_number) = answered.control_number
    GROUP BY answered.remit_claim_id, answered.answer_line_no
),

open_claim AS (
    -- Claims with a line that no number told: only there lines are counted off.
    SELECT answered.claim_id
    FROM answered
    LEFT JOIN by_number
        ON by_number.remit_claim_id = answered.remit_claim_id
        AND by_number.answer_line_no = answered.answer_line_no
    WHERE by_number.line_no IS NULL AND answered.procedure_code IS NOT NULL
    GROUP BY answered.claim_id
),

answered_nth AS (
    SELECT
        answered.remit_claim_id,
        answered.answer_line_no,
        answered.claim_id,
        answered.procedure_code,
        answered.service_date,
        row_number() OVER (
            PARTITION BY answered.remit_claim_id, answered.procedure_code
            ORDER BY answered.answer_line_no ASC NULLS LAST
        ) AS nth
    FROM answered
    JOIN open_claim ON open_claim.claim_id = answered.claim_id
    WHERE answered.procedure_code IS NOT NULL
),

billed_nth AS (
    SELECT
        claim_line.claim_id,
        claim_line.line_no,
        claim_line.procedure_code,
        claim_line.service_from_date,
        row_number() OVER (
            PARTITION BY claim_line.claim_id, claim_line.procedure_code
            ORDER BY claim_line.line_no ASC NULLS LAST
        ) AS nth
    FROM claim_line
    JOIN open_claim ON open_claim.claim_id = claim_line.claim_id
    WHERE claim_line.procedure_code IS NOT NULL
),

by_service AS (
    -- Of several lines alike the one in the same place among them, else the first.
    SELECT
        answered_nth.remit_claim_id,
        answered_nth.answer_line_no,
        coalesce(
            min(CASE WHEN billed_nth.nth = answered_nth.nth THEN billed_nth.line_no END),
            min(billed_nth.line_no)
        ) AS line_no
    FROM answered_nth
    JOIN billed_nth
        ON billed_nth.claim_id = answered_nth.claim_id
        AND billed_nth.procedure_code = answered_nth.procedure_code
        AND coalesce(billed_nth.service_from_date, answered_nth.service_date)
        = coalesce(answered_nth.service_date, billed_nth.service_from_date)
    GROUP BY answered_nth.remit_claim_id, answered_nth.answer_line_no
),

tied AS (
    SELECT
        answered.remit_claim_id,
        answered.answer_line_no,
        answered.remit_line_id,
        answered.claim_id,
        answered.denied_for,
        coalesce(by_number.line_no, by_service.line_no) AS line_no
    FROM answered
    LEFT JOIN by_number
        ON by_number.remit_claim_id = answered.remit_claim_id
        AND by_number.answer_line_no = answered.answer_line_no
    LEFT JOIN by_service
        ON by_service.remit_claim_id = answered.remit_claim_id
        AND by_service.answer_line_no = answered.answer_line_no
),

flagged AS (
    SELECT
        tied.remit_claim_id,
        tied.answer_line_no,
        line_edit.edit_code,
        max(CASE WHEN edit.foresees LIKE concat_ws('', '%,', tied.denied_for, ',%') THEN 1 ELSE 0 END)
            AS is_right
    FROM tied
    JOIN line_edit ON line_edit.claim_id = tied.claim_id
    JOIN edit ON edit.edit_code = line_edit.edit_code
    WHERE line_edit.line_no IS NULL
       OR line_edit.line_no = tied.line_no
       OR tied.remit_line_id IS NULL
    GROUP BY tied.remit_claim_id, tied.answer_line_no, line_edit.edit_code
),

numbered AS (
    SELECT
        remit_claim_id,
        answer_line_no,
        edit_code,
        is_right = 1 AS is_right,
        max(is_right) OVER (PARTITION BY remit_claim_id, answer_line_no) = 1 AS is_foreseen,
        row_number() OVER (
            PARTITION BY remit_claim_id, answer_line_no ORDER BY edit_code ASC NULLS LAST
        ) AS edit_no
    FROM flagged
),

listed AS (
    SELECT
        tied.remit_claim_id,
        tied.answer_line_no,
        tied.line_no,
        numbered.edit_code,
        coalesce(numbered.edit_no, 1) AS edit_no,
        coalesce(numbered.is_right, FALSE) AS is_right,
        coalesce(numbered.is_foreseen, FALSE) AS is_foreseen
    FROM tied
    LEFT JOIN numbered
        ON numbered.remit_claim_id = tied.remit_claim_id
        AND numbered.answer_line_no = tied.answer_line_no
    WHERE numbered.edit_code IS NOT NULL
       OR tied.denied_for IN ('coding', 'bundling_ncci', 'medical_necessity')
)

SELECT
    CAST(listed.remit_claim_id AS BIGINT) AS remit_claim_id,
    CAST(listed.answer_line_no AS INTEGER) AS line_no,
    answered_line.claim_id,
    CAST(listed.line_no AS INTEGER) AS claim_line_no,
    CAST(listed.edit_code AS STRING) AS edit_code,
    CAST(listed.edit_no AS INTEGER) AS edit_no,
    CAST(listed.is_right AS BOOLEAN) AS is_denied_for_it,
    CAST(coalesce(
        answered_line.is_denied
        AND answered_line.denial_category IN ('coding', 'bundling_ncci', 'medical_necessity'), FALSE
    ) AS BOOLEAN) AS is_coding_denied,
    CAST(listed.is_foreseen AS BOOLEAN) AS is_foreseen,
    -- A table of diagnoses or procedures was in force: the bits of ICD-1 to MOD-1, GLB-1, STS-1, HCP-1.
    CAST((edit_check.checked_edits & 61439) <> 0 AS BOOLEAN) AS is_checked,
    answered_line.file_id,
    answered_line.record_no,
    answered_line.answer_date,
    answered_line.service_date,
    answered_line.payer_name,
    answered_line.line_of_business,
    answered_line.claim_type,
    answered_line.payer_sequence_code,
    answered_line.facility_state_code,
    answered_line.place_of_service_code,
    answered_line.billing_provider,
    answered_line.rendering_provider,
    answered_line.specialty,
    answered_line.facility,
    answered_line.diagnosis_category,
    answered_line.diagnosis_chapter,
    answered_line.procedure_code,
    answered_line.modifier_key,
    answered_line.denial_category,
    answered_line.denial_carc,
    answered_line.charge_amount
FROM listed
JOIN answered_line
    ON answered_line.remit_claim_id = listed.remit_claim_id
    AND answered_line.line_no = listed.answer_line_no
JOIN edit_check ON edit_check.claim_id = answered_line.claim_id
