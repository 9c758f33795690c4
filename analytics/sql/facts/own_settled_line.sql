-- own_settled_line: one row per line that the first payer of a claim of ours answered, as settled_line.
--
-- Reads    answered_line, billed_claim, claim_outcome, person
-- Answers taken back are left out.  What the lines of a claim do not add up to, as the payer adjusted
-- the claim as a whole, answered a line twice, or has not answered all, is a row of its own with
-- is_remainder, so that lines add up to own_settled_claim.
WITH own AS (
    SELECT
        billed_claim.claim_id,
        billed_claim.rendering_npi,
        billed_claim.service_from_date,
        billed_claim.service_to_date,
        billed_claim.billed_amount,
        claim_outcome.allowed_amount,
        claim_outcome.paid_amount,
        billed_claim.file_id,
        billed_claim.record_no
    FROM billed_claim
    JOIN claim_outcome ON claim_outcome.claim_id = billed_claim.claim_id
    JOIN person ON person.patient_id = billed_claim.patient_id
    WHERE billed_claim.payer_sequence_code = 'P'
      AND claim_outcome.is_answered
      AND NOT billed_claim.is_voided
),

answered AS (
    SELECT answered_line.*, own.rendering_npi AS claim_rendering_npi
    FROM answered_line
    JOIN own ON own.claim_id = answered_line.claim_id
    WHERE NOT answered_line.is_taken_back
),

added AS (
    SELECT
        claim_id,
        sum(charge_amount) AS billed_amount,
        sum(allowed_amount) AS allowed_amount,
        sum(paid_amount) AS paid_amount
    FROM answered
    GROUP BY claim_id
),

remainder AS (
    SELECT
        claim.claim_id,
        claim.service_from_date,
        claim.service_to_date,
        claim.billed_amount - coalesce(added.billed_amount, 0) AS billed_amount,
        claim.allowed_amount - coalesce(added.allowed_amount, 0) AS allowed_amount,
        claim.paid_amount - coalesce(added.paid_amount, 0) AS paid_amount,
        claim.file_id,
        claim.record_no
    FROM own AS claim
    LEFT JOIN added ON added.claim_id = claim.claim_id
)

SELECT
    CAST(coalesce(remit_line_id, remit_claim_id) AS BIGINT) AS payer_claim_line_id,
    CAST(claim_id AS BIGINT) AS payer_claim_id,
    CAST(row_number() OVER (
        PARTITION BY claim_id
        ORDER BY
            answer_no ASC NULLS LAST,
            line_no ASC NULLS LAST,
            file_id ASC NULLS LAST,
            record_no ASC NULLS LAST
    ) AS INTEGER) AS line_no,
    CAST(FALSE AS BOOLEAN) AS is_remainder,
    CAST(answered_procedure_code AS STRING) AS procedure_code,
    CAST(modifier_key AS STRING) AS modifier_key,
    CAST(revenue_code AS STRING) AS revenue_code,
    CAST(NULL AS STRING) AS ndc_code,
    CAST(place_of_service_code AS STRING) AS place_of_service_code,
    CAST(NULL AS STRING) AS specialty_code,
    CAST(claim_rendering_npi AS STRING) AS rendering_npi,
    CAST(service_date AS DATE) AS service_from_date,
    CAST(service_date AS DATE) AS service_to_date,
    CAST(units_paid AS DECIMAL(14, 3)) AS units,
    CAST(charge_amount AS DECIMAL(18, 2)) AS billed_amount,
    CAST(allowed_amount AS DECIMAL(18, 2)) AS allowed_amount,
    CAST(paid_amount AS DECIMAL(18, 2)) AS paid_amount,
    CAST(NULL AS DECIMAL(14, 2)) AS patient_paid_amount,
    CAST(file_id AS BIGINT) AS file_id,
    CAST(record_no AS BIGINT) AS record_no
FROM answered
UNION ALL
SELECT
    CAST(claim_id AS BIGINT) AS payer_claim_line_id,
    CAST(claim_id AS BIGINT) AS payer_claim_id,
    CAST(0 AS INTEGER) AS line_no,
    CAST(TRUE AS BOOLEAN) AS is_remainder,
    CAST(NULL AS STRING) AS procedure_code,
    CAST(NULL AS STRING) AS modifier_key,
    CAST(NULL AS STRING) AS revenue_code,
    CAST(NULL AS STRING) AS ndc_code,
    CAST(NULL AS STRING) AS place_of_service_code,
    CAST(NULL AS STRING) AS specialty_code,
    CAST(NULL AS STRING) AS rendering_npi,
    CAST(service_from_date AS DATE) AS service_from_date,
    CAST(service_to_date AS DATE) AS service_to_date,
    CAST(NULL AS DECIMAL(14, 3)) AS units,
    CAST(billed_amount AS DECIMAL(18, 2)) AS billed_amount,
    CAST(allowed_amount AS DECIMAL(18, 2)) AS allowed_amount,
    CAST(paid_amount AS DECIMAL(18, 2)) AS paid_amount,
    CAST(NULL AS DECIMAL(14, 2)) AS patient_paid_amount,
    CAST(file_id AS BIGINT) AS file_id,
    CAST(record_no AS BIGINT) AS record_no
FROM remainder
WHERE coalesce(billed_amount, 0) <> 0
   OR coalesce(allowed_amount, 0) <> 0
   OR coalesce(paid_amount, 0) <> 0
