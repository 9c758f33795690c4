-- incurred_claim: one row per claim that counts as what care costs a person.
--
-- Reads    settled_claim, settled_line, payer_claim, billed_claim, claim, claim_line, claim_outcome,
--          person, cover_span, patient, roster
-- Source   NUBC bill types and revenue codes; CMS certification numbers: which hospitals are acute.
--
-- Payers' claims that stand, and our own primary claims of the other people: what a feed tells of a
-- person under a line of business has our claims in it.  A claim is of the month of its last day of
-- service.  It is covered where the person is covered on a day of that month, and then stands under
-- the payer of the member month.
WITH fed AS (
    SELECT person_id, line_of_business
    FROM settled_claim
    GROUP BY person_id, line_of_business
),

emergency AS (
    SELECT claim_id
    FROM claim_line
    WHERE revenue_code BETWEEN '0450' AND '0459' OR revenue_code = '0981'
    GROUP BY claim_id
),

own AS (
    SELECT
        billed_claim.claim_id,
        person.person_id,
        billed_claim.payer_name,
        billed_claim.line_of_business,
        billed_claim.claim_type,
        CASE
            WHEN billed_claim.claim_type = 'dental' THEN 'dental'
            WHEN billed_claim.claim_type = 'professional' THEN 'professional'
            WHEN substr(claim.bill_type_code, 1, 2) = '11' THEN 'inpatient'
            WHEN substr(claim.bill_type_code, 1, 2) IN ('18', '21', '22', '28')
                THEN 'skilled_nursing'
            WHEN substr(claim.bill_type_code, 1, 2) IN ('81', '82') THEN 'hospice'
            WHEN substr(claim.bill_type_code, 1, 2) IN ('32', '33', '34') THEN 'home_health'
            WHEN emergency.claim_id IS NOT NULL THEN 'emergency'
            ELSE 'outpatient'
        END AS service_category,
        claim.bill_type_code,
        claim.discharge_status_code,
        claim.drg_code,
        claim.principal_diagnosis_code,
        claim.facility_npi,
        claim.billing_npi,
        billed_claim.rendering_npi,
        claim.admission_date,
        claim.service_from_date,
        billed_claim.service_to_date,
        emergency.claim_id IS NOT NULL AS has_emergency_line,
        coalesce(billed_claim.place_of_service_code = '23', FALSE) AS is_in_emergency_room,
        claim_outcome.first_answer_date AS known_date,
        claim_outcome.is_answered,
        billed_claim.billed_amount,
        claim_outcome.allowed_amount,
        claim_outcome.paid_amount,
        billed_claim.file_id,
        billed_claim.record_no
    FROM billed_claim
    JOIN claim ON claim.claim_id = billed_claim.claim_id
    JOIN person ON person.patient_id = billed_claim.patient_id
    JOIN claim_outcome ON claim_outcome.claim_id = billed_claim.claim_id
    LEFT JOIN emergency ON emergency.claim_id = billed_claim.claim_id
    WHERE billed_claim.payer_sequence_code = 'P'
      -- A claim voided before any answer will get none.
      AND (claim_outcome.is_answered OR NOT claim_outcome.is_voided)
      AND NOT EXISTS (
          SELECT 1
          FROM fed
          WHERE fed.person_id = person.person_id
            AND coalesce(fed.line_of_business, billed_claim.line_of_business, '')
                = coalesce(billed_claim.line_of_business, fed.line_of_business, '')
      )
),

incurred AS (
    SELECT
        'payer_feed' AS claim_source,
        settled_claim.payer_claim_id AS claim_id,
        settled_claim.person_id,
        settled_claim.payer_name,
        settled_claim.line_of_business,
        settled_claim.claim_type,
        settled_claim.service_category,
        settled_claim.bill_type_code,
        settled_claim.discharge_status_code,
        settled_claim.drg_code,
        settled_claim.principal_diagnosis_code,
        settled_claim.provider_number,
        coalesce(settled_claim.provider_number, settled_claim.facility_npi) AS facility_id,
        coalesce(payer_claim.rendering_npi, settled_claim.facility_npi) AS provider_npi,
        settled_claim.admission_date,
        settled_claim.service_from_date,
        settled_claim.service_to_date,
        settled_claim.has_emergency_line,
        settled_claim.is_in_emergency_room,
        coalesce(payer_claim.processed_date, payer_claim.paid_date) AS known_date,
        TRUE AS is_answered,
        settled_claim.billed_amount,
        settled_claim.allowed_amount,
        settled_claim.paid_amount,
        settled_claim.file_id,
        settled_claim.record_no
    FROM settled_claim
    JOIN payer_claim ON payer_claim.payer_claim_id = settled_claim.payer_claim_id
    UNION ALL
    SELECT
        'own_claim' AS claim_source,
        claim_id,
        person_id,
        payer_name,
        line_of_business,
        claim_type,
        service_category,
        bill_type_code,
        discharge_status_code,
        drg_code,
        principal_diagnosis_code,
        CAST(NULL AS STRING) AS provider_number,
        coalesce(facility_npi, billing_npi) AS facility_id,
        billing_npi AS provider_npi,
        coalesce(admission_date, service_from_date) AS admission_date,
        coalesce(service_from_date, service_to_date) AS service_from_date,
        service_to_date,
        has_emergency_line,
        is_in_emergency_room,
        known_date,
        is_answered,
        billed_amount,
        allowed_amount,
        paid_amount,
        file_id,
        record_no
    FROM own
),

-- A provider of the roster on the day: who gave the service, billed it, or where it was.
named AS (
    SELECT incurred.claim_id, incurred.service_to_date, payer_claim.rendering_npi AS npi
    FROM incurred
    JOIN payer_claim ON payer_claim.payer_claim_id = incurred.claim_id
    UNION ALL
    SELECT incurred.claim_id, incurred.service_to_date, payer_claim.billing_npi AS npi
    FROM incurred
    JOIN payer_claim ON payer_claim.payer_claim_id = incurred.claim_id
    UNION ALL
    SELECT incurred.claim_id, incurred.service_to_date, payer_claim.facility_npi AS npi
    FROM incurred
    JOIN payer_claim ON payer_claim.payer_claim_id = incurred.claim_id
    UNION ALL
    SELECT incurred.claim_id, incurred.service_to_date, settled_line.rendering_npi AS npi
    FROM incurred
    JOIN settled_line ON settled_line.payer_claim_id = incurred.claim_id
    UNION ALL
    SELECT claim_id, service_to_date, billing_npi AS npi
    FROM own
    UNION ALL
    SELECT claim_id, service_to_date, rendering_npi AS npi
    FROM own
    UNION ALL
    SELECT claim_id, service_to_date, facility_npi AS npi
    FROM own
),

in_network AS (
    SELECT named.claim_id
    FROM named
    JOIN roster
        ON roster.npi = named.npi
        AND named.service_to_date >= coalesce(roster.start_date, named.service_to_date)
        AND named.service_to_date <= coalesce(roster.end_date, CAST('9999-12-30' AS DATE))
    GROUP BY named.claim_id
),

roster_size AS (
    SELECT count(*) AS provider_count
    FROM roster
),

-- Two spans in a month are one member month; it goes under the payer first by name.
cover AS (
    SELECT incurred.claim_id, min(cover_span.span_no) AS span_no
    FROM incurred
    JOIN cover_span
        ON cover_span.person_id = incurred.person_id
        AND month_of(cover_span.start_date) <= incurred.service_to_date
        AND cover_span.end_date >= month_of(incurred.service_to_date)
    GROUP BY incurred.claim_id
)

SELECT
    CAST(incurred.claim_source AS STRING) AS claim_source,
    CAST(incurred.claim_id AS BIGINT) AS claim_id,
    CAST(incurred.person_id AS BIGINT) AS person_id,
    CAST(month_of(incurred.service_to_date) AS DATE) AS month,
    CAST(cover.claim_id IS NOT NULL AS BOOLEAN) AS is_covered,
    CAST(CASE WHEN cover.claim_id IS NULL THEN incurred.payer_name ELSE cover_span.payer_name END
        AS STRING) AS payer_name,
    CAST(CASE WHEN cover.claim_id IS NULL THEN incurred.line_of_business
        ELSE cover_span.line_of_business END AS STRING) AS line_of_business,
    CAST(patient.sex_code AS STRING) AS sex_code,
    CAST(incurred.claim_type AS STRING) AS claim_type,
    CAST(incurred.service_category AS STRING) AS service_category,
    CAST(incurred.bill_type_code AS STRING) AS bill_type_code,
    CAST(incurred.discharge_status_code AS STRING) AS discharge_status_code,
    CAST(incurred.drg_code AS STRING) AS drg_code,
    CAST(incurred.principal_diagnosis_code AS STRING) AS principal_diagnosis_code,
    CAST(incurred.facility_id AS STRING) AS facility_id,
    CAST(incurred.provider_npi AS STRING) AS provider_npi,
    -- Long-term care, rehabilitation and psychiatric hospitals and units have numbers of their own.
    CAST(incurred.service_category = 'inpatient' AND NOT coalesce(
        substr(incurred.provider_number, 3, 1) IN ('S', 'T', 'M', 'R')
        OR substr(incurred.provider_number, 3, 4) BETWEEN '2000' AND '2299'
        OR substr(incurred.provider_number, 3, 4) BETWEEN '3025' AND '3099'
        OR substr(incurred.provider_number, 3, 4) BETWEEN '4000' AND '4499',
        FALSE
    ) AS BOOLEAN) AS is_acute,
    -- NULL where no roster is loaded.
    CAST(CASE WHEN roster_size.provider_count > 0 THEN in_network.claim_id IS NOT NULL END
        AS BOOLEAN) AS is_in_network,
    CAST(incurred.has_emergency_line AS BOOLEAN) AS has_emergency_line,
    CAST(incurred.is_in_emergency_room AS BOOLEAN) AS is_in_emergency_room,
    CAST(least(incurred.admission_date, incurred.service_to_date) AS DATE) AS admission_date,
    CAST(incurred.service_from_date AS DATE) AS service_from_date,
    CAST(incurred.service_to_date AS DATE) AS service_to_date,
    CAST(incurred.known_date AS DATE) AS known_date,
    CAST(1 AS INTEGER) AS claim_count,
    CAST(CASE WHEN incurred.is_answered THEN 1 ELSE 0 END AS INTEGER) AS answered_claim_count,
    CAST(coalesce(incurred.billed_amount, 0) AS DECIMAL(18, 2)) AS billed_amount,
    CAST(coalesce(incurred.allowed_amount, 0) AS DECIMAL(18, 2)) AS allowed_amount,
    CAST(coalesce(incurred.paid_amount, 0) AS DECIMAL(18, 2)) AS paid_amount,
    CAST(incurred.file_id AS BIGINT) AS file_id,
    CAST(incurred.record_no AS BIGINT) AS record_no
FROM incurred
CROSS JOIN roster_size
LEFT JOIN in_network ON in_network.claim_id = incurred.claim_id
LEFT JOIN cover ON cover.claim_id = incurred.claim_id
LEFT JOIN cover_span
    ON cover_span.person_id = incurred.person_id AND cover_span.span_no = cover.span_no
LEFT JOIN patient ON patient.patient_id = cover_span.patient_id
