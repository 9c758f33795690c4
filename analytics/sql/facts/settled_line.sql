-- settled_line: one row per line of a payer's claim that stands.
--
-- Reads    payer_claim_line, payer_claim, payer_claim_version
-- A line of another file than its claim (CCLF2, Synthea) is found by the claim's number; where several
-- files tell of such lines, the latest counts.  What the lines do not add up to, where the feed says an
-- amount of the claim itself (a DRG's payment, CCLF's part A), is a row of its own with is_remainder.
WITH standing AS (
    SELECT
        payer_claim.payer_claim_id,
        payer_claim.feed_code,
        payer_claim.claim_number,
        payer_claim.service_from_date,
        payer_claim.service_to_date,
        payer_claim.billed_amount,
        payer_claim.allowed_amount,
        payer_claim.paid_amount,
        payer_claim.patient_paid_amount,
        payer_claim.file_id,
        payer_claim.record_no
    FROM payer_claim
    JOIN payer_claim_version AS version ON version.payer_claim_id = payer_claim.payer_claim_id
    WHERE version.fate = 'final'
),

apart AS (
    SELECT
        *,
        rank() OVER (
            PARTITION BY feed_code, claim_number ORDER BY file_id DESC NULLS LAST
        ) AS file_no
    FROM payer_claim_line
    WHERE payer_claim_id IS NULL
),

claimed AS (
    SELECT
        standing.payer_claim_id AS settled_id,
        told.payer_claim_line_id,
        told.line_no,
        told.procedure_code,
        told.modifier_key,
        told.revenue_code,
        told.ndc_code,
        told.place_of_service_code,
        told.specialty_code,
        told.rendering_npi,
        told.service_from_date,
        told.service_to_date,
        told.units,
        told.billed_amount,
        told.allowed_amount,
        told.paid_amount,
        told.patient_paid_amount,
        told.file_id,
        told.record_no
    FROM payer_claim_line AS told
    JOIN standing ON standing.payer_claim_id = told.payer_claim_id
    UNION ALL
    SELECT
        standing.payer_claim_id AS settled_id,
        apart.payer_claim_line_id,
        apart.line_no,
        apart.procedure_code,
        apart.modifier_key,
        apart.revenue_code,
        apart.ndc_code,
        apart.place_of_service_code,
        apart.specialty_code,
        apart.rendering_npi,
        apart.service_from_date,
        apart.service_to_date,
        apart.units,
        apart.billed_amount,
        apart.allowed_amount,
        apart.paid_amount,
        apart.patient_paid_amount,
        apart.file_id,
        apart.record_no
    FROM apart
    JOIN standing
        ON standing.feed_code = apart.feed_code AND standing.claim_number = apart.claim_number
    WHERE apart.file_no = 1
),

added AS (
    SELECT
        settled_id,
        sum(billed_amount) AS billed_amount,
        sum(allowed_amount) AS allowed_amount,
        sum(paid_amount) AS paid_amount,
        sum(patient_paid_amount) AS patient_paid_amount
    FROM claimed
    GROUP BY settled_id
),

remainder AS (
    SELECT
        standing.payer_claim_id AS settled_id,
        standing.service_from_date,
        standing.service_to_date,
        standing.billed_amount - coalesce(added.billed_amount, 0) AS billed_amount,
        standing.allowed_amount - coalesce(added.allowed_amount, 0) AS allowed_amount,
        standing.paid_amount - coalesce(added.paid_amount, 0) AS paid_amount,
        standing.patient_paid_amount - coalesce(added.patient_paid_amount, 0)
            AS patient_paid_amount,
        standing.file_id,
        standing.record_no
    FROM standing
    LEFT JOIN added ON added.settled_id = standing.payer_claim_id
)

SELECT
    CAST(payer_claim_line_id AS BIGINT) AS payer_claim_line_id,
    CAST(settled_id AS BIGINT) AS payer_claim_id,
    CAST(line_no AS INTEGER) AS line_no,
    CAST(FALSE AS BOOLEAN) AS is_remainder,
    CAST(procedure_code AS STRING) AS procedure_code,
    CAST(modifier_key AS STRING) AS modifier_key,
    CAST(revenue_code AS STRING) AS revenue_code,
    CAST(ndc_code AS STRING) AS ndc_code,
    CAST(place_of_service_code AS STRING) AS place_of_service_code,
    CAST(specialty_code AS STRING) AS specialty_code,
    CAST(rendering_npi AS STRING) AS rendering_npi,
    CAST(service_from_date AS DATE) AS service_from_date,
    CAST(service_to_date AS DATE) AS service_to_date,
    CAST(units AS DECIMAL(14, 3)) AS units,
    CAST(billed_amount AS DECIMAL(18, 2)) AS billed_amount,
    CAST(allowed_amount AS DECIMAL(18, 2)) AS allowed_amount,
    CAST(paid_amount AS DECIMAL(18, 2)) AS paid_amount,
    CAST(patient_paid_amount AS DECIMAL(18, 2)) AS patient_paid_amount,
    CAST(file_id AS BIGINT) AS file_id,
    CAST(record_no AS BIGINT) AS record_no
FROM claimed
UNION ALL
SELECT
    CAST(settled_id AS BIGINT) AS payer_claim_line_id,
    CAST(settled_id AS BIGINT) AS payer_claim_id,
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
    CAST(patient_paid_amount AS DECIMAL(18, 2)) AS patient_paid_amount,
    CAST(file_id AS BIGINT) AS file_id,
    CAST(record_no AS BIGINT) AS record_no
FROM remainder
WHERE coalesce(billed_amount, 0) <> 0
   OR coalesce(allowed_amount, 0) <> 0
   OR coalesce(paid_amount, 0) <> 0
   OR coalesce(patient_paid_amount, 0) <> 0
