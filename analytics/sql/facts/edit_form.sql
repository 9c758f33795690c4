-- edit_form: one row per claim or line that breaks TF-1, NPI-1, TAX-1, TOB-1 or ORD-1, or cannot be told.
--
-- Reads    billed_claim, claim, claim_line, claim_diagnosis, claim_provider, patient, edit_day,
--          nucc_taxonomy
-- Sources  42 CFR 424.44 (Medicare: one calendar year); 45 CFR 162.406 (NPI, ISO 7812 check digit with
--          80840); NUBC: a patient who is still there has no final bill; accommodation is inpatient
--
-- TF-1 needs no row where a payer has no limit: edit_check knows it.
WITH npi_of AS (
    SELECT claim_id, CAST(NULL AS INTEGER) AS line_no, 'billing' AS role, billing_npi AS npi
    FROM claim
    WHERE billing_npi IS NOT NULL
    UNION ALL
    SELECT claim_id, NULL, 'rendering', rendering_npi
    FROM claim
    WHERE rendering_npi IS NOT NULL
    UNION ALL
    SELECT claim_id, NULL, 'referring', referring_npi
    FROM claim
    WHERE referring_npi IS NOT NULL
    UNION ALL
    SELECT claim_id, NULL, 'attending', attending_npi
    FROM claim
    WHERE attending_npi IS NOT NULL
    UNION ALL
    SELECT claim_id, NULL, 'facility', facility_npi
    FROM claim
    WHERE facility_npi IS NOT NULL
    UNION ALL
    SELECT claim_id, line_no, 'rendering', rendering_npi
    FROM claim_line
    WHERE rendering_npi IS NOT NULL
),

npi_seen AS (
    SELECT npi, upper(trim(npi)) AS digits
    FROM npi_of
    GROUP BY npi
),

luhn AS (
    -- 80840 before the number adds 24; every second digit from the right counts twice, its digits added.
    SELECT
        npi,
        24
        + CAST(substr(digits, 2, 1) AS INTEGER) + CAST(substr(digits, 4, 1) AS INTEGER)
        + CAST(substr(digits, 6, 1) AS INTEGER) + CAST(substr(digits, 8, 1) AS INTEGER)
        + CAST(substr(digits, 10, 1) AS INTEGER)
        + CAST(substr('0246813579', CAST(substr(digits, 1, 1) AS INTEGER) + 1, 1) AS INTEGER)
        + CAST(substr('0246813579', CAST(substr(digits, 3, 1) AS INTEGER) + 1, 1) AS INTEGER)
        + CAST(substr('0246813579', CAST(substr(digits, 5, 1) AS INTEGER) + 1, 1) AS INTEGER)
        + CAST(substr('0246813579', CAST(substr(digits, 7, 1) AS INTEGER) + 1, 1) AS INTEGER)
        + CAST(substr('0246813579', CAST(substr(digits, 9, 1) AS INTEGER) + 1, 1) AS INTEGER)
        AS total
    FROM npi_seen
    WHERE regexp_extract(digits, '^[12][0-9]{9}$', 0) <> ''
),

wrong_npi AS (
    SELECT npi_seen.npi
    FROM npi_seen
    LEFT JOIN luhn ON luhn.npi = npi_seen.npi
    WHERE luhn.total IS NULL OR luhn.total % 10 <> 0
),

taxonomy_of AS (
    SELECT claim_id, 'billing' AS role, billing_taxonomy_code AS taxonomy_code
    FROM claim
    WHERE billing_taxonomy_code IS NOT NULL
    UNION ALL
    SELECT claim_id, role, taxonomy_code
    FROM claim_provider
    WHERE taxonomy_code IS NOT NULL AND claim_line_id IS NULL
),

charged_room AS (
    SELECT
        claim_id,
        count(*) AS lines,
        count(CASE WHEN right(concat_ws('', '0000', trim(revenue_code)), 4) BETWEEN '0100' AND '0219'
            THEN 1 END) AS rooms
    FROM claim_line
    WHERE revenue_code IS NOT NULL
    GROUP BY claim_id
),

bill AS (
    SELECT
        claim.claim_id,
        substr(claim.bill_type_code, 1, 2) AS kind,
        substr(claim.bill_type_code, 3, 1) AS frequency_code,
        regexp_extract(claim.bill_type_code, '^[1-9][1-9][0-9A-Z]$', 0) <> '' AS is_bill_type,
        substr(claim.bill_type_code, 1, 2) IN ('11', '18', '21', '41', '65', '66', '86')
            AS is_inpatient,
        claim.discharge_status_code AS status_code,
        charged_room.lines,
        coalesce(charged_room.rooms, 0) AS rooms
    FROM claim
    LEFT JOIN charged_room ON charged_room.claim_id = claim.claim_id
    WHERE claim.claim_type = 'institutional'
),

wrong_bill AS (
    SELECT
        claim_id,
        CASE
            WHEN NOT coalesce(is_bill_type, FALSE) THEN 'no bill type'
            WHEN is_inpatient AND status_code IS NULL THEN 'no discharge status'
            WHEN is_inpatient AND frequency_code IN ('1', '4') AND status_code = '30'
                THEN 'final bill of a patient still there'
            WHEN is_inpatient AND frequency_code IN ('2', '3') AND status_code <> '30'
                THEN 'interim bill of a patient who left'
            WHEN kind = '11' AND frequency_code IN ('1', '2', '3', '4') AND lines > 0 AND rooms = 0
                THEN 'no accommodation'
            WHEN kind IN ('13', '14', '83', '85') AND rooms > 0 THEN 'accommodation'
        END AS finding
    FROM bill
),

span AS (
    SELECT
        claim.claim_id,
        CASE
            WHEN claim.service_from_date > claim.service_to_date THEN 'from after to'
            WHEN claim.admission_date > claim.service_to_date THEN 'admitted after the end'
            WHEN billed_claim.submission_date < claim.service_to_date THEN 'sent before the service'
            WHEN patient.birth_date > claim.service_from_date THEN 'served before birth'
        END AS finding
    FROM claim
    JOIN billed_claim ON billed_claim.claim_id = claim.claim_id
    LEFT JOIN patient ON patient.patient_id = claim.patient_id
),

last_diagnosis AS (
    SELECT claim_id, max(position) AS position
    FROM claim_diagnosis
    WHERE kind IN ('principal', 'other')
    GROUP BY claim_id
),

line_order AS (
    SELECT
        claim_line.claim_id,
        claim_line.line_no,
        CASE
            WHEN claim_line.service_from_date > claim_line.service_to_date THEN 'from after to'
            WHEN billed_claim.claim_type = 'institutional'
                AND (
                    claim_line.service_from_date < billed_claim.service_from_date
                    OR coalesce(claim_line.service_to_date, claim_line.service_from_date)
                    > billed_claim.service_to_date
                ) THEN 'outside the days of the claim'
            WHEN billed_claim.claim_type <> 'institutional'
                AND largest_of(claim_line.diagnosis_pointers)
                > coalesce(last_diagnosis.position, 0) THEN 'pointer to no diagnosis'
            WHEN billed_claim.claim_type <> 'institutional'
                AND smallest_of(claim_line.diagnosis_pointers) < 1 THEN 'pointer to no diagnosis'
        END AS finding
    FROM claim_line
    JOIN billed_claim ON billed_claim.claim_id = claim_line.claim_id
    LEFT JOIN last_diagnosis ON last_diagnosis.claim_id = claim_line.claim_id
),

found AS (
    SELECT
        claim_id,
        CAST(NULL AS INTEGER) AS line_no,
        'TF-1' AS edit_code,
        CAST(coalesce(filing_limit_days, 365) AS STRING) AS finding
    FROM billed_claim
    WHERE CASE
        WHEN filing_limit_days IS NOT NULL
            THEN days_between(service_to_date, submission_date) > filing_limit_days
        WHEN line_of_business = 'medicare'
            -- The same day of the next year is in time, of days as numbers.
            THEN year(submission_date) * 10000 + month(submission_date) * 100 + day(submission_date)
            > year(service_to_date) * 10000 + month(service_to_date) * 100 + day(service_to_date)
            + 10000
    END
    UNION ALL
    SELECT npi_of.claim_id, npi_of.line_no, 'NPI-1', min(npi_of.role)
    FROM npi_of
    JOIN wrong_npi ON wrong_npi.npi = npi_of.npi
    GROUP BY npi_of.claim_id, npi_of.line_no
    UNION ALL
    SELECT taxonomy_of.claim_id, NULL, 'TAX-1', min(taxonomy_of.role)
    FROM taxonomy_of
    JOIN billed_claim ON billed_claim.claim_id = taxonomy_of.claim_id
    JOIN edit_day
        ON edit_day.day = coalesce(billed_claim.service_to_date, billed_claim.service_from_date)
        AND edit_day.taxonomy_id IS NOT NULL
    LEFT JOIN nucc_taxonomy
        ON nucc_taxonomy.reference_id = edit_day.taxonomy_id
        AND nucc_taxonomy.taxonomy_code = upper(trim(taxonomy_of.taxonomy_code))
    WHERE nucc_taxonomy.taxonomy_code IS NULL
    GROUP BY taxonomy_of.claim_id
    UNION ALL
    SELECT claim_id, NULL, 'TOB-1', finding
    FROM wrong_bill
    WHERE finding IS NOT NULL
    UNION ALL
    SELECT claim_id, NULL, 'ORD-1', finding
    FROM span
    WHERE finding IS NOT NULL
    UNION ALL
    SELECT claim_id, line_no, 'ORD-1', finding
    FROM line_order
    WHERE finding IS NOT NULL
)

SELECT
    CAST(found.claim_id AS BIGINT) AS claim_id,
    CAST(found.line_no AS INTEGER) AS line_no,
    CAST(found.edit_code AS STRING) AS edit_code,
    CAST(found.finding AS STRING) AS finding
FROM found
JOIN billed_claim ON billed_claim.claim_id = found.claim_id
