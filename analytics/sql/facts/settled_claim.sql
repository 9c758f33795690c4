-- settled_claim: one row per claim as a payer settled it: the version of it that stands.
--
-- Reads    payer_claim, payer_claim_version, settled_line, payer, eligibility, person, build_info
-- Source   NUBC bill types and revenue codes, NCH claim types: which kind of service a claim is of.
--
-- Amounts are those of the claim, or of its lines where the feed says them there alone; what neither
-- says is NULL (institutional files of Medicare have no amount allowed).  Claims that begin after the
-- as-of date are left out.
WITH lines AS (
    SELECT
        payer_claim_id,
        sum(billed_amount) AS billed_amount,
        sum(allowed_amount) AS allowed_amount,
        sum(paid_amount) AS paid_amount,
        sum(patient_paid_amount) AS patient_paid_amount,
        min(service_from_date) AS first_date,
        max(
            CASE
                WHEN revenue_code BETWEEN '0450' AND '0459' OR revenue_code = '0981' THEN 1
                ELSE 0
            END
        ) AS emergency_count,
        max(CASE WHEN place_of_service_code = '23' THEN 1 ELSE 0 END) AS emergency_room_count,
        count(*) AS line_count
    FROM settled_line
    WHERE NOT is_remainder
    GROUP BY payer_claim_id
),

named AS (
    SELECT payer_code, min(payer_name) AS payer_name
    FROM payer
    WHERE payer_code IS NOT NULL AND payer_name IS NOT NULL
    GROUP BY payer_code
),

member AS (
    SELECT DISTINCT person.person_id
    FROM eligibility
    JOIN person ON person.patient_id = eligibility.patient_id
),

stands AS (
    SELECT
        payer_claim.*,
        version.person_id,
        coalesce(payer_claim.service_from_date, lines.first_date) AS from_date,
        coalesce(payer_claim.billed_amount, lines.billed_amount) AS charge,
        coalesce(payer_claim.allowed_amount, lines.allowed_amount) AS allowed,
        coalesce(payer_claim.paid_amount, lines.paid_amount) AS paid,
        coalesce(payer_claim.patient_paid_amount, lines.patient_paid_amount) AS patient_paid,
        lines.emergency_count = 1 AS has_emergency_line,
        lines.emergency_room_count = 1 AS is_in_emergency_room,
        coalesce(lines.line_count, 0) AS line_count,
        substr(payer_claim.bill_type_code, 1, 2) AS bill_kind
    FROM payer_claim
    JOIN payer_claim_version AS version ON version.payer_claim_id = payer_claim.payer_claim_id
    LEFT JOIN lines ON lines.payer_claim_id = payer_claim.payer_claim_id
    WHERE version.fate = 'final'
)

SELECT
    CAST(stands.payer_claim_id AS BIGINT) AS payer_claim_id,
    CAST(stands.person_id AS BIGINT) AS person_id,
    CAST(stands.feed_code AS STRING) AS feed_code,
    CAST(coalesce(named.payer_name, stands.payer_name) AS STRING) AS payer_name,
    CAST(stands.line_of_business AS STRING) AS line_of_business,
    CAST(stands.claim_type AS STRING) AS claim_type,
    CAST(
        CASE
            WHEN stands.claim_type = 'pharmacy' THEN 'pharmacy'
            WHEN stands.claim_type IN ('dental', 'vision') THEN stands.claim_type
            WHEN stands.claim_type_code IN ('81', '82') THEN 'dme'
            WHEN stands.claim_type = 'professional' THEN 'professional'
            WHEN stands.claim_type_code IN ('60', '61') OR stands.bill_kind = '11' THEN 'inpatient'
            WHEN stands.claim_type_code IN ('20', '30') OR stands.bill_kind IN ('18', '21', '22', '28')
                THEN 'skilled_nursing'
            WHEN stands.claim_type_code = '50' OR stands.bill_kind IN ('81', '82') THEN 'hospice'
            WHEN stands.claim_type_code = '10' OR stands.bill_kind IN ('32', '33', '34')
                THEN 'home_health'
            WHEN stands.has_emergency_line THEN 'emergency'
            ELSE 'outpatient'
        END AS STRING
    ) AS service_category,
    CAST(coalesce(stands.is_in_emergency_room, false) AS BOOLEAN) AS is_in_emergency_room,
    CAST(coalesce(stands.has_emergency_line, false) AS BOOLEAN) AS has_emergency_line,
    CAST(stands.bill_type_code AS STRING) AS bill_type_code,
    CAST(stands.drg_code AS STRING) AS drg_code,
    CAST(stands.discharge_status_code AS STRING) AS discharge_status_code,
    CAST(stands.principal_diagnosis_code AS STRING) AS principal_diagnosis_code,
    CAST(stands.provider_number AS STRING) AS provider_number,
    CAST(coalesce(stands.facility_npi, stands.billing_npi) AS STRING) AS facility_npi,
    CAST(stands.from_date AS DATE) AS service_from_date,
    -- A last day that lies before the first is none.
    CAST(greatest(stands.from_date, coalesce(stands.service_to_date, stands.from_date)) AS DATE)
        AS service_to_date,
    CAST(coalesce(stands.admission_date, stands.from_date) AS DATE) AS admission_date,
    CAST(stands.line_count AS INTEGER) AS line_count,
    CAST(stands.charge AS DECIMAL(14, 2)) AS billed_amount,
    CAST(stands.allowed AS DECIMAL(14, 2)) AS allowed_amount,
    CAST(stands.paid AS DECIMAL(14, 2)) AS paid_amount,
    CAST(stands.patient_paid AS DECIMAL(14, 2)) AS patient_paid_amount,
    -- Beside what was paid on the claim: CLM_PMT_AMT does not hold it (CCW data dictionary).
    CAST(stands.pass_through_amount AS DECIMAL(14, 2)) AS pass_through_amount,
    CAST(member.person_id IS NOT NULL AS BOOLEAN) AS is_member_known,
    CAST(stands.file_id AS BIGINT) AS file_id,
    CAST(stands.record_no AS BIGINT) AS record_no
FROM stands
CROSS JOIN build_info
LEFT JOIN named ON named.payer_code = stands.payer_name
LEFT JOIN member ON member.person_id = stands.person_id
WHERE stands.from_date <= build_info.as_of
