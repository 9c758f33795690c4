-- edit_check: one row per claim, with the edits it was checked for, broke, and could not be checked for.
--
-- Reads    billed_claim, claim, edit_day, edit, edit_finding
--
-- Masks add up the bits of edits (see edit).  An edit is for a claim by its kind.  It is checked where
-- the tables of the first and of the last day are loaded and nothing of the claim was left open;
-- a claim that breaks it was checked.  for_edits = checked_edits + unchecked_edits.
WITH found AS (
    SELECT claim_id, edit_code, max(CASE WHEN result = 'broken' THEN 1 ELSE 0 END) AS is_broken
    FROM edit_finding
    GROUP BY claim_id, edit_code
),

mask AS (
    SELECT
        found.claim_id,
        sum(CASE WHEN found.is_broken = 1 THEN edit.edit_bit ELSE 0 END) AS broken_edits,
        sum(CASE WHEN found.is_broken = 0 THEN edit.edit_bit ELSE 0 END) AS open_edits
    FROM found
    JOIN edit ON edit.edit_code = found.edit_code
    GROUP BY found.claim_id
),

meant AS (
    SELECT
        billed_claim.claim_id,
        CASE
            WHEN claim.principal_diagnosis_code IS NULL THEN 0
            WHEN billed_claim.claim_type = 'institutional'
                AND billed_claim.bill_type_code LIKE '11%' THEN 1 + 2 + 4 + 8 + 16 + 32
            ELSE 1 + 2 + 32
        END
        + CASE
            WHEN billed_claim.claim_type = 'professional'
                THEN 64 + 128 + 256 + 512 + 1024 + 2048 + 4096 + 8192 + 16384 + 32768 + 65536
                + 131072
            WHEN billed_claim.claim_type = 'institutional'
                AND substr(billed_claim.bill_type_code, 1, 2) IN (
                    '12', '13', '14', '22', '23', '34', '72', '74', '75', '76', '83', '85'
                ) THEN 128 + 256 + 512 + 1024 + 4096 + 32768 + 131072
            ELSE 0
        END
        + CASE WHEN claim.billing_taxonomy_code IS NULL THEN 0 ELSE 1048576 END
        + CASE WHEN billed_claim.claim_type = 'institutional' THEN 2097152 ELSE 0 END
        -- TF-1, NPI-1 and ORD-1 are for every claim.
        + 262144 + 524288 + 4194304 AS for_edits,
        -- MOD-2, POS-1, DUP-1, NPI-1, TOB-1 and ORD-1 need no table.
        4096 + 65536 + 131072 + 524288 + 2097152 + 4194304
        + CASE
            WHEN billed_claim.service_to_date IS NULL THEN 0
            WHEN billed_claim.filing_limit_days IS NOT NULL
                OR billed_claim.line_of_business = 'medicare' THEN 262144
            ELSE 0
        END AS free_edits,
        billed_claim.claim_type = 'professional' AS is_professional,
        coalesce(billed_claim.service_from_date, billed_claim.service_to_date) AS from_day,
        coalesce(billed_claim.service_to_date, billed_claim.service_from_date) AS to_day
    FROM billed_claim
    JOIN claim ON claim.claim_id = billed_claim.claim_id
),

covered AS (
    SELECT
        meant.claim_id,
        meant.for_edits,
        meant.free_edits
        -- Diagnoses are judged by the last day alone.
        + coalesce(last_day.any_mask, 0)
        + CASE WHEN meant.is_professional
            THEN coalesce(last_day.practitioner_mask, 0) & coalesce(first_day.practitioner_mask, 0)
            ELSE coalesce(last_day.hospital_mask, 0) & coalesce(first_day.hospital_mask, 0)
        END AS told_edits
    FROM meant
    LEFT JOIN edit_day AS first_day ON first_day.day = meant.from_day
    LEFT JOIN edit_day AS last_day ON last_day.day = meant.to_day
),

judged AS (
    SELECT
        covered.claim_id,
        covered.for_edits | coalesce(mask.broken_edits, 0) | coalesce(mask.open_edits, 0)
            AS for_edits,
        (covered.for_edits & covered.told_edits & ~coalesce(mask.open_edits, 0))
        | coalesce(mask.broken_edits, 0) AS checked_edits,
        coalesce(mask.broken_edits, 0) AS broken_edits
    FROM covered
    LEFT JOIN mask ON mask.claim_id = covered.claim_id
)

SELECT
    CAST(judged.claim_id AS BIGINT) AS claim_id,
    CAST(judged.checked_edits AS INTEGER) AS checked_edits,
    CAST(judged.broken_edits AS INTEGER) AS broken_edits,
    CAST(judged.for_edits - judged.checked_edits AS INTEGER) AS unchecked_edits,
    billed_claim.file_id,
    billed_claim.record_no,
    billed_claim.payer_name,
    billed_claim.line_of_business,
    billed_claim.claim_type,
    billed_claim.payer_sequence_code,
    billed_claim.facility_state_code,
    billed_claim.billing_provider,
    billed_claim.specialty,
    billed_claim.facility,
    billed_claim.place_of_service_code,
    billed_claim.rendering_provider,
    billed_claim.diagnosis_category,
    billed_claim.diagnosis_chapter,
    billed_claim.submission_date,
    billed_claim.service_to_date,
    billed_claim.billed_amount
FROM judged
JOIN billed_claim ON billed_claim.claim_id = judged.claim_id
