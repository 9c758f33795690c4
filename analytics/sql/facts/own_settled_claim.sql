-- own_settled_claim: one row per claim of ours that its first payer answered, as settled_claim has them.
--
-- Reads    billed_claim, claim_outcome, claim, claim_line, settled_claim, eligibility, person
-- Source   METRICS section 5: own claims with their remits in the shape of payers' feeds.
--
-- Primary claims that were answered and are not voided; amounts are of answers not taken back.
-- is_told_by_payer: a payer's feed tells of the person's care under that line of business, this claim
-- among it, so that who adds up both must leave it out.
WITH lines AS (
    SELECT
        claim_id,
        max(
            CASE
                WHEN revenue_code BETWEEN '0450' AND '0459' OR revenue_code = '0981' THEN 1
                ELSE 0
            END
        ) AS emergency_count,
        max(CASE WHEN place_of_service_code = '23' THEN 1 ELSE 0 END) AS emergency_room_count,
        count(*) AS line_count
    FROM claim_line
    GROUP BY claim_id
),

member AS (
    SELECT DISTINCT person.person_id
    FROM eligibility
    JOIN person ON person.patient_id = eligibility.patient_id
),

own AS (
    SELECT
        billed_claim.claim_id,
        billed_claim.payer_name,
        billed_claim.line_of_business,
        billed_claim.claim_type,
        billed_claim.place_of_service_code,
        billed_claim.bill_type_code,
        billed_claim.service_from_date,
        billed_claim.service_to_date,
        billed_claim.billed_amount,
        billed_claim.file_id,
        billed_claim.record_no,
        substr(billed_claim.bill_type_code, 1, 2) AS bill_kind,
        person.person_id,
        claim.drg_code,
        claim.discharge_status_code,
        claim.principal_diagnosis_code,
        claim.facility_npi,
        claim.billing_npi,
        claim.admission_date,
        claim_outcome.allowed_amount,
        claim_outcome.paid_amount,
        coalesce(lines.emergency_count = 1, FALSE) AS has_emergency_line,
        coalesce(lines.emergency_room_count = 1, FALSE)
            OR coalesce(billed_claim.place_of_service_code = '23', FALSE) AS is_in_emergency_room,
        coalesce(lines.line_count, 0) AS line_count
    FROM billed_claim
    JOIN claim_outcome ON claim_outcome.claim_id = billed_claim.claim_id
    JOIN claim ON claim.claim_id = billed_claim.claim_id
    JOIN person ON person.patient_id = billed_claim.patient_id
    LEFT JOIN lines ON lines.claim_id = billed_claim.claim_id
    WHERE billed_claim.payer_sequence_code = 'P'
      AND claim_outcome.is_answered
      AND NOT billed_claim.is_voided
),

fed AS (
    SELECT DISTINCT person_id, line_of_business
    FROM settled_claim
),

-- As in incurred_claim: where one of both says no line of business it may be the other's.
told AS (
    SELECT DISTINCT own.claim_id
    FROM own
    JOIN fed
        ON fed.person_id = own.person_id
        AND coalesce(fed.line_of_business, own.line_of_business, '')
            = coalesce(own.line_of_business, fed.line_of_business, '')
)

SELECT
    CAST(own.claim_id AS BIGINT) AS payer_claim_id,
    CAST(own.person_id AS BIGINT) AS person_id,
    CAST('own' AS STRING) AS feed_code,
    CAST(own.payer_name AS STRING) AS payer_name,
    CAST(own.line_of_business AS STRING) AS line_of_business,
    CAST(own.claim_type AS STRING) AS claim_type,
    CAST(
        CASE
            WHEN own.claim_type = 'dental' THEN 'dental'
            WHEN own.claim_type = 'professional' THEN 'professional'
            WHEN own.bill_kind = '11' THEN 'inpatient'
            WHEN own.bill_kind IN ('18', '21', '22', '28') THEN 'skilled_nursing'
            WHEN own.bill_kind IN ('81', '82') THEN 'hospice'
            WHEN own.bill_kind IN ('32', '33', '34') THEN 'home_health'
            WHEN own.has_emergency_line THEN 'emergency'
            ELSE 'outpatient'
        END AS STRING
    ) AS service_category,
    CAST(own.is_in_emergency_room AS BOOLEAN) AS is_in_emergency_room,
    CAST(own.has_emergency_line AS BOOLEAN) AS has_emergency_line,
    CAST(own.bill_type_code AS STRING) AS bill_type_code,
    CAST(own.drg_code AS STRING) AS drg_code,
    CAST(own.discharge_status_code AS STRING) AS discharge_status_code,
    CAST(own.principal_diagnosis_code AS STRING) AS principal_diagnosis_code,
    CAST(NULL AS STRING) AS provider_number,
    CAST(coalesce(own.facility_npi, own.billing_npi) AS STRING) AS facility_npi,
    CAST(own.service_from_date AS DATE) AS service_from_date,
    CAST(greatest(own.service_from_date, coalesce(own.service_to_date, own.service_from_date)) AS DATE)
        AS service_to_date,
    CAST(coalesce(own.admission_date, own.service_from_date) AS DATE) AS admission_date,
    CAST(own.line_count AS INTEGER) AS line_count,
    CAST(own.billed_amount AS DECIMAL(18, 2)) AS billed_amount,
    CAST(own.allowed_amount AS DECIMAL(18, 2)) AS allowed_amount,
    CAST(own.paid_amount AS DECIMAL(18, 2)) AS paid_amount,
    CAST(NULL AS DECIMAL(14, 2)) AS patient_paid_amount,
    CAST(NULL AS DECIMAL(14, 2)) AS pass_through_amount,
    CAST(member.person_id IS NOT NULL AS BOOLEAN) AS is_member_known,
    CAST(told.claim_id IS NOT NULL AS BOOLEAN) AS is_told_by_payer,
    CAST(own.file_id AS BIGINT) AS file_id,
    CAST(own.record_no AS BIGINT) AS record_no
FROM own
LEFT JOIN member ON member.person_id = own.person_id
LEFT JOIN told ON told.claim_id = own.claim_id
