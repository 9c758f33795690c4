-- primary_care_service: one row per line of primary care and year in which it can assign a member.
--
-- Reads    settled_line, settled_claim, incurred_claim, payer_claim, roster, assignment_code
-- Source   42 CFR 425.400(c), 425.402, 425.404; CMS, Shared Savings and Losses and Assignment
--          Methodology: appendices C and D (codes, outpatient facility claims).
--
-- A service counts in the year it was given (is_in_year) and, for the expanded window, in the next.
-- The codes are those of the year that it counts in.  Of institutional claims those of rural health
-- clinics (bill type 71), federally qualified health centers (77; 73 before April 2010) count as a
-- primary-care physician's, and those of critical access hospitals under method II (85, revenue codes
-- 096x to 098x) by the specialty that other lines tell of their NPI.  What they were allowed is not
-- said: their paid amount stands for it.  Electing teaching hospitals need CMS's list and are left out.
WITH held AS (
    SELECT
        claim.person_id,
        line.payer_claim_line_id,
        line.payer_claim_id,
        line.line_no,
        line.procedure_code,
        line.revenue_code,
        line.place_of_service_code,
        line.specialty_code,
        line.file_id,
        line.record_no,
        coalesce(line.service_from_date, claim.service_to_date) AS day,
        CASE
            WHEN claim.claim_type = 'professional' THEN 'professional'
            WHEN substr(claim.bill_type_code, 1, 2) IN ('71', '77') THEN 'clinic'
            WHEN substr(claim.bill_type_code, 1, 2) = '73'
                AND claim.service_from_date < CAST('2010-04-01' AS DATE) THEN 'clinic'
            WHEN substr(claim.bill_type_code, 1, 2) = '85'
                AND substr(line.revenue_code, 1, 3) IN ('096', '097', '098') THEN 'method_2'
        END AS provider_kind,
        coalesce(line.rendering_npi, payer_claim.attending_npi, claim.provider_npi) AS npi,
        payer_claim.billing_tin,
        payer_claim.provider_number,
        coalesce(
            line.allowed_amount,
            CASE WHEN claim.claim_type = 'institutional' THEN line.paid_amount END,
            0
        ) AS allowed_amount
    FROM settled_line AS line
    JOIN incurred_claim AS claim
        ON claim.claim_id = line.payer_claim_id AND claim.claim_source = 'payer_feed'
    JOIN payer_claim ON payer_claim.payer_claim_id = line.payer_claim_id
    WHERE claim.service_category IN ('professional', 'outpatient', 'emergency')
),

counting AS (
    SELECT
        held.*, CAST(date_trunc('year', day) AS DATE) AS year, year(day) AS code_year,
        TRUE AS is_in_year
    FROM held
    WHERE provider_kind IS NOT NULL
    UNION ALL
    SELECT
        held.*, CAST(date_trunc('year', CAST(date_trunc('year', day) AS DATE) + 366) AS DATE) AS year,
        year(day) + 1 AS code_year, FALSE AS is_in_year
    FROM held
    WHERE provider_kind IS NOT NULL
),

coded AS (
    SELECT counting.*, assignment_code.kind AS code_kind, assignment_code.is_checked
    FROM counting
    JOIN assignment_code
        ON assignment_code.kind IN ('service', 'add_on')
        AND assignment_code.code = counting.procedure_code
        AND counting.code_year BETWEEN coalesce(assignment_code.first_year, 0)
            AND coalesce(assignment_code.last_year, 9999)
    UNION ALL
    -- Clinics were paid by visit: a revenue code told of it where no procedure does.
    SELECT counting.*, assignment_code.kind AS code_kind, assignment_code.is_checked
    FROM counting
    JOIN assignment_code
        ON assignment_code.kind = 'revenue'
        AND assignment_code.code = counting.revenue_code
        AND counting.code_year BETWEEN coalesce(assignment_code.first_year, 0)
            AND coalesce(assignment_code.last_year, 9999)
    WHERE counting.provider_kind = 'clinic'
      AND NOT EXISTS (
          SELECT 1
          FROM assignment_code AS named
          WHERE named.code = counting.procedure_code AND named.kind IN ('service', 'add_on')
      )
),

-- A prolonged visit counts beside the visit that it prolongs.
prolonged AS (
    SELECT payer_claim_id, year
    FROM coded
    WHERE code_kind = 'service'
    GROUP BY payer_claim_id, year
),

stay AS (
    SELECT coded.payer_claim_line_id, coded.line_no, settled_claim.service_category
    FROM coded
    JOIN settled_claim
        ON settled_claim.person_id = coded.person_id
        AND settled_claim.service_category IN ('inpatient', 'skilled_nursing')
        AND coded.day BETWEEN settled_claim.admission_date AND settled_claim.service_to_date
    WHERE coded.procedure_code BETWEEN '99304' AND '99318'
       OR coded.procedure_code IN ('99497', '99498')
    GROUP BY coded.payer_claim_line_id, coded.line_no, settled_claim.service_category
),

-- What the carrier's lines say of an NPI, the latest of it.
known AS (
    SELECT npi, max(day) AS day
    FROM held
    WHERE specialty_code IS NOT NULL
    GROUP BY npi
),

specialty AS (
    SELECT known.npi, min(held.specialty_code) AS specialty_code
    FROM known
    JOIN held
        ON held.npi = known.npi AND held.day = known.day AND held.specialty_code IS NOT NULL
    GROUP BY known.npi
),

in_roster AS (
    SELECT held.payer_claim_line_id, held.line_no
    FROM held
    JOIN roster
        ON roster.npi = held.npi
        AND held.day >= coalesce(roster.start_date, held.day)
        AND held.day <= coalesce(roster.end_date, CAST('9999-12-30' AS DATE))
    GROUP BY held.payer_claim_line_id, held.line_no
)

SELECT
    CAST(coded.payer_claim_line_id AS BIGINT) AS payer_claim_line_id,
    CAST(coded.line_no AS INTEGER) AS line_no,
    CAST(coded.person_id AS BIGINT) AS person_id,
    CAST(coded.year AS DATE) AS year,
    CAST(coded.day AS DATE) AS service_date,
    CAST(coded.is_in_year AS BOOLEAN) AS is_in_year,
    CAST(coded.is_checked AS BOOLEAN) AS is_code_checked,
    CAST(given.kind AS STRING) AS provider_kind,
    CAST(CASE
        WHEN in_roster.payer_claim_line_id IS NOT NULL THEN 'network'
        WHEN coded.provider_kind = 'professional' THEN coalesce(coded.billing_tin, coded.npi)
        ELSE coalesce(coded.provider_number, coded.billing_tin, coded.npi)
    END AS STRING) AS entity,
    CAST(coded.allowed_amount AS DECIMAL(18, 2)) AS allowed_amount,
    CAST(coded.file_id AS BIGINT) AS file_id,
    CAST(coded.record_no AS BIGINT) AS record_no
FROM coded
LEFT JOIN specialty ON specialty.npi = coded.npi
JOIN (
    SELECT code, kind, first_year, last_year
    FROM assignment_code
    WHERE kind IN ('primary_care', 'non_physician', 'specialist')
    UNION ALL
    SELECT 'clinic' AS code, 'primary_care' AS kind, NULL AS first_year, NULL AS last_year
) AS given
    ON given.code = CASE coded.provider_kind
        WHEN 'clinic' THEN 'clinic'
        WHEN 'method_2' THEN specialty.specialty_code
        ELSE coded.specialty_code
    END
    AND coded.code_year BETWEEN coalesce(given.first_year, 0) AND coalesce(given.last_year, 9999)
LEFT JOIN in_roster
    ON in_roster.payer_claim_line_id = coded.payer_claim_line_id
    AND in_roster.line_no = coded.line_no
LEFT JOIN prolonged
    ON prolonged.payer_claim_id = coded.payer_claim_id AND prolonged.year = coded.year
LEFT JOIN stay AS nursing
    ON nursing.payer_claim_line_id = coded.payer_claim_line_id
    AND nursing.line_no = coded.line_no AND nursing.service_category = 'skilled_nursing'
LEFT JOIN stay AS hospital
    ON hospital.payer_claim_line_id = coded.payer_claim_line_id
    AND hospital.line_no = coded.line_no AND hospital.service_category = 'inpatient'
WHERE (coded.code_kind <> 'add_on' OR prolonged.payer_claim_id IS NOT NULL)
  -- Skilled nursing: by place since 2017, by the stay since 2019, of clinics since 2021.
  AND NOT (
      coalesce(coded.procedure_code, '') BETWEEN '99304' AND '99318'
      AND (
          (coded.code_year >= 2017 AND coalesce(coded.place_of_service_code, '') = '31')
          OR (
              coded.code_year >= CASE coded.provider_kind WHEN 'professional' THEN 2019 ELSE 2021 END
              AND nursing.payer_claim_line_id IS NOT NULL
          )
      )
  )
  AND NOT (
      coalesce(coded.procedure_code, '') IN ('99497', '99498')
      AND coded.code_year >= 2021
      AND (
          coalesce(coded.place_of_service_code, '') = '21'
          OR hospital.payer_claim_line_id IS NOT NULL
      )
  )
  -- Home visits: at place 12, until their codes took in those of assisted living in 2023.
  AND NOT (
      coalesce(coded.procedure_code, '') BETWEEN '99341' AND '99350'
      AND coded.code_year BETWEEN 2019 AND 2022
      AND coalesce(coded.place_of_service_code, '12') <> '12'
  )
