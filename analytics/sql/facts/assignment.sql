-- assignment: one row per member and calendar year, with who gave the plurality of primary care.
--
-- Reads    settled_line, incurred_claim, payer_claim, roster, assignment_code, member_month
-- Source   42 CFR 425.402: assignment in the Medicare Shared Savings Program, steps 1 and 2.
--
-- Step 1: of the allowed charges of primary-care services by primary-care specialties, nurse
-- practitioners and physician assistants, who had the most; a tie goes to the latest service.  Step 2,
-- for members without any such service: likewise by specialists.  The roster's providers are one,
-- called network; others count by tax number, else by NPI.  The network takes a member only if one of
-- its physicians of either list gave a primary-care service.  Members need parts A and B, and no part
-- C, in all their months of the year.  Services in a skilled nursing stay (place 31, of nursing
-- facility codes) are none.
WITH service AS (
    SELECT
        claim.person_id,
        CAST(date_trunc('year', coalesce(line.service_from_date, claim.service_to_date)) AS DATE)
            AS year,
        coalesce(line.service_from_date, claim.service_to_date) AS day,
        line.specialty_code,
        coalesce(line.rendering_npi, claim.provider_npi) AS npi,
        payer_claim.billing_tin,
        coalesce(line.allowed_amount, 0) AS allowed_amount
    FROM settled_line AS line
    JOIN assignment_code
        ON assignment_code.kind = 'service' AND assignment_code.code = line.procedure_code
    JOIN incurred_claim AS claim
        ON claim.claim_id = line.payer_claim_id AND claim.claim_source = 'payer_feed'
    JOIN payer_claim ON payer_claim.payer_claim_id = line.payer_claim_id
    WHERE claim.service_category = 'professional'
      AND NOT (
          coalesce(line.place_of_service_code, '') = '31'
          AND line.procedure_code BETWEEN '99304' AND '99318'
      )
),

in_roster AS (
    SELECT service.npi, service.day
    FROM service
    JOIN roster
        ON roster.npi = service.npi
        AND service.day >= coalesce(roster.start_date, service.day)
        AND service.day <= coalesce(roster.end_date, CAST('9999-12-30' AS DATE))
    GROUP BY service.npi, service.day
),

given AS (
    SELECT
        service.person_id,
        service.year,
        service.day,
        service.allowed_amount,
        service.specialty_code,
        specialty.kind AS specialty_kind,
        CASE WHEN in_roster.npi IS NOT NULL THEN 'network'
            ELSE coalesce(service.billing_tin, service.npi) END AS entity
    FROM service
    JOIN assignment_code AS specialty
        ON specialty.code = service.specialty_code
        AND specialty.kind IN ('primary_care', 'specialist')
    LEFT JOIN in_roster ON in_roster.npi = service.npi AND in_roster.day = service.day
),

-- A physician, which nurse practitioners, specialists in nursing and assistants are not.
reached AS (
    SELECT
        person_id,
        year,
        max(CASE WHEN specialty_kind = 'primary_care' THEN 1 ELSE 0 END) AS has_step_1,
        max(CASE WHEN entity = 'network' AND specialty_code NOT IN ('50', '89', '97')
            THEN 1 ELSE 0 END) AS has_network_physician
    FROM given
    GROUP BY person_id, year
),

summed AS (
    SELECT
        given.person_id,
        given.year,
        given.entity,
        reached.has_step_1,
        sum(given.allowed_amount) AS allowed_amount,
        max(given.day) AS last_day
    FROM given
    JOIN reached ON reached.person_id = given.person_id AND reached.year = given.year
    WHERE given.specialty_kind
        = CASE WHEN reached.has_step_1 = 1 THEN 'primary_care' ELSE 'specialist' END
      AND (given.entity <> 'network' OR reached.has_network_physician = 1)
    GROUP BY given.person_id, given.year, given.entity, reached.has_step_1
),

ranked AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY person_id, year
            ORDER BY allowed_amount DESC, last_day DESC, entity ASC
        ) AS place
    FROM summed
),

member AS (
    SELECT
        *,
        CAST(date_trunc('year', month) AS DATE) AS year,
        row_number() OVER (
            PARTITION BY person_id, CAST(date_trunc('year', month) AS DATE) ORDER BY month DESC
        ) AS place,
        min(CASE WHEN has_part_a AND has_part_b AND NOT has_part_c THEN 1 ELSE 0 END) OVER (
            PARTITION BY person_id, CAST(date_trunc('year', month) AS DATE)
        ) AS is_in_a_and_b
    FROM member_month
)

SELECT
    CAST(member.person_id AS BIGINT) AS person_id,
    CAST(member.year AS DATE) AS year,
    member.payer_name,
    member.line_of_business,
    member.sex_code,
    CAST(member.is_in_a_and_b = 1 AS BOOLEAN) AS is_assignable,
    CAST(CASE WHEN member.is_in_a_and_b = 1 THEN ranked.entity END AS VARCHAR) AS assigned_to,
    CAST(CASE
        WHEN member.is_in_a_and_b = 0 OR ranked.entity IS NULL THEN NULL
        WHEN ranked.has_step_1 = 1 THEN 1
        ELSE 2
    END AS INTEGER) AS step_no,
    CAST(coalesce(ranked.allowed_amount, 0) AS DECIMAL(18, 2)) AS allowed_amount,
    member.file_id,
    member.record_no
FROM member
LEFT JOIN ranked
    ON ranked.person_id = member.person_id AND ranked.year = member.year AND ranked.place = 1
WHERE member.place = 1
