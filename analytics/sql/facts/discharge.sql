-- discharge: one row per inpatient hospital claim (bill type 11x) with a DRG, and what its tier hangs on.
--
-- Reads    billed_claim, claim, claim_diagnosis, answer, remit_claim, reference_file, ms_drg,
--          mcc_diagnosis, cc_diagnosis
-- Sources  837I HI*DR, else CLP11 of the first answer that names one; Tables 5, 6I and 6J of CMS's
--          inpatient rule, of the fiscal year of the last day of service.
--
-- A diagnosis said twice counts once.  That a principal can exclude a CC (Table 6K) is not looked at.
WITH answered AS (
    SELECT
        answer.claim_id,
        remit_claim.drg_code,
        row_number() OVER (
            PARTITION BY answer.claim_id
            ORDER BY answer.answer_no ASC NULLS LAST, answer.remit_claim_id ASC NULLS LAST
        ) AS place
    FROM answer
    JOIN remit_claim ON remit_claim.remit_claim_id = answer.remit_claim_id
    WHERE answer.is_answer AND answer.claim_id IS NOT NULL AND remit_claim.drg_code IS NOT NULL
),

sent AS (
    SELECT
        billed_claim.claim_id,
        billed_claim.service_to_date AS day,
        claim.drg_code IS NULL AS is_from_remit,
        trim(coalesce(claim.drg_code, answered.drg_code)) AS sent_code
    FROM billed_claim
    JOIN claim ON claim.claim_id = billed_claim.claim_id
    LEFT JOIN answered ON answered.claim_id = billed_claim.claim_id AND answered.place = 1
    WHERE claim.claim_type = 'institutional'
      AND claim.bill_type_code LIKE '11%'
      AND coalesce(claim.drg_code, answered.drg_code) IS NOT NULL
),

stay AS (
    -- Three digits, though some write 0291 or 39; what has more is no MS-DRG.
    SELECT
        claim_id,
        day,
        is_from_remit,
        CASE
            WHEN length(sent_code) < 3 THEN right('00' || sent_code, 3)
            WHEN length(sent_code) = 4 AND sent_code LIKE '0%' THEN right(sent_code, 3)
            ELSE sent_code
        END AS drg_code
    FROM sent
),

every_day AS (
    SELECT day
    FROM stay
    WHERE day IS NOT NULL
    GROUP BY day
),

ranked_release AS (
    SELECT
        every_day.day,
        reference_file.kind,
        reference_file.reference_id,
        row_number() OVER (
            PARTITION BY every_day.day, reference_file.kind
            ORDER BY reference_file.effective_from DESC NULLS LAST, reference_file.reference_id DESC NULLS LAST
        ) AS place
    FROM every_day
    JOIN reference_file
        ON every_day.day >= reference_file.effective_from
        AND every_day.day <= coalesce(reference_file.effective_to, DATE '9999-12-31')
    WHERE reference_file.kind IN ('ms_drg', 'mcc_diagnosis', 'cc_diagnosis')
),

release_of_day AS (
    SELECT
        day,
        max(CASE WHEN kind = 'ms_drg' THEN reference_id END) AS drg_id,
        max(CASE WHEN kind = 'mcc_diagnosis' THEN reference_id END) AS mcc_id,
        max(CASE WHEN kind = 'cc_diagnosis' THEN reference_id END) AS cc_id
    FROM ranked_release
    WHERE place = 1
    GROUP BY day
),

secondary AS (
    SELECT
        stay.claim_id,
        stay.day,
        claim_diagnosis.diagnosis_code AS code
    FROM stay
    JOIN claim_diagnosis ON claim_diagnosis.claim_id = stay.claim_id
    WHERE claim_diagnosis.code_system = 'icd10' AND claim_diagnosis.kind IN ('other', 'external')
    GROUP BY stay.claim_id, stay.day, claim_diagnosis.diagnosis_code
),

severe AS (
    SELECT
        secondary.claim_id,
        count(mcc_diagnosis.code) AS mcc_count,
        sum(CASE WHEN mcc_diagnosis.code IS NULL AND cc_diagnosis.code IS NOT NULL
            THEN 1 ELSE 0 END) AS cc_count
    FROM secondary
    JOIN release_of_day ON release_of_day.day = secondary.day
    LEFT JOIN mcc_diagnosis
        ON mcc_diagnosis.reference_id = release_of_day.mcc_id
        AND mcc_diagnosis.code = secondary.code
    LEFT JOIN cc_diagnosis
        ON cc_diagnosis.reference_id = release_of_day.cc_id AND cc_diagnosis.code = secondary.code
    GROUP BY secondary.claim_id
)

SELECT
    CAST(billed_claim.claim_id AS BIGINT) AS claim_id,
    billed_claim.file_id,
    billed_claim.record_no,
    billed_claim.payer_name,
    billed_claim.line_of_business,
    billed_claim.claim_type,
    billed_claim.payer_sequence_code,
    billed_claim.facility_state_code,
    billed_claim.place_of_service_code,
    billed_claim.billing_provider,
    billed_claim.rendering_provider,
    billed_claim.specialty,
    billed_claim.facility,
    billed_claim.diagnosis_category,
    billed_claim.diagnosis_chapter,
    billed_claim.submission_date,
    billed_claim.service_to_date,
    billed_claim.is_voided,
    CAST(stay.drg_code AS STRING) AS drg_code,
    CAST(CASE WHEN stay.is_from_remit THEN 'remittance' ELSE 'claim' END AS STRING) AS drg_source,
    CAST(ms_drg.title AS STRING) AS drg_title,
    CAST(ms_drg.tier AS STRING) AS drg_tier,
    CAST(ms_drg.drg_code IS NOT NULL AS BOOLEAN) AS is_grouped,
    -- A tier is checked by the lists it asks for.
    CAST(CASE ms_drg.tier
        WHEN 'MCC' THEN release_of_day.mcc_id IS NOT NULL
        ELSE release_of_day.mcc_id IS NOT NULL AND release_of_day.cc_id IS NOT NULL
    END AS BOOLEAN) AS is_checked,
    CAST(coalesce(CASE ms_drg.tier
        WHEN 'MCC' THEN severe.mcc_count
        WHEN 'CC' THEN severe.cc_count
        WHEN 'CC_OR_MCC' THEN severe.mcc_count + severe.cc_count
    END, 0) AS INTEGER) AS severity_count,
    billed_claim.billed_amount
FROM stay
JOIN billed_claim ON billed_claim.claim_id = stay.claim_id
LEFT JOIN release_of_day ON release_of_day.day = stay.day
LEFT JOIN ms_drg
    ON ms_drg.reference_id = release_of_day.drg_id AND ms_drg.drg_code = stay.drg_code
LEFT JOIN severe ON severe.claim_id = stay.claim_id
