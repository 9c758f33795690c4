-- assignment: one row per member and calendar year, with who gave the plurality of primary care.
--
-- Reads    primary_care_service, member_month
-- Source   42 CFR 425.402(b): assignment in the Medicare Shared Savings Program, steps 1 and 2 of
--          performance years from 2016; CMS's specifications of 2025, section 2.3, for step 3.
--
-- Step 1: of the allowed charges of primary-care services by primary-care physicians, nurse
-- practitioners, clinical nurse specialists and physician assistants, who had the most.  Step 2, for
-- members without any such service: likewise by specialists.  The roster's providers are one, called
-- network; others count by tax number (clinics and hospitals by CMS number), else by NPI.  The network
-- takes a member only if one of its physicians of either list gave a primary-care service.  A tie goes
-- to the latest service by primary care, then to the latest by a specialist.  Members need parts A and
-- B, and no part C, in all their months of the year.
--
-- Step 3, in expanded_to alone: a member whom none of the network's physicians saw in the year, but
-- one of its other professionals did, and a physician within it and the year before, is the network's
-- where it had the most of both years, all specialties together.
WITH reached AS (
    SELECT
        person_id,
        year,
        max(CASE WHEN is_in_year AND provider_kind <> 'specialist' THEN 1 ELSE 0 END) AS has_step_1,
        max(CASE WHEN is_in_year AND entity = 'network' AND provider_kind <> 'non_physician'
            THEN 1 ELSE 0 END) AS has_network_physician,
        max(CASE WHEN is_in_year AND entity = 'network' AND provider_kind = 'non_physician'
            THEN 1 ELSE 0 END) AS has_network_other,
        max(CASE WHEN entity = 'network' AND provider_kind <> 'non_physician'
            THEN 1 ELSE 0 END) AS has_earlier_physician
    FROM primary_care_service
    GROUP BY person_id, year
),

counted AS (
    SELECT
        service.person_id, service.year, service.entity, service.provider_kind,
        service.service_date, service.allowed_amount, service.is_code_checked,
        CASE WHEN reached.has_step_1 = 1 THEN 1 ELSE 2 END AS step_no
    FROM primary_care_service AS service
    JOIN reached ON reached.person_id = service.person_id AND reached.year = service.year
    WHERE service.is_in_year
      AND (service.provider_kind = 'specialist') = (reached.has_step_1 = 0)
      AND (service.entity <> 'network' OR reached.has_network_physician = 1)
    UNION ALL
    SELECT
        service.person_id, service.year, service.entity, service.provider_kind,
        service.service_date, service.allowed_amount, service.is_code_checked, 3 AS step_no
    FROM primary_care_service AS service
    JOIN reached ON reached.person_id = service.person_id AND reached.year = service.year
    WHERE reached.has_network_physician = 0
      AND reached.has_network_other = 1
      AND reached.has_earlier_physician = 1
),

summed AS (
    SELECT
        person_id,
        year,
        entity,
        step_no,
        sum(allowed_amount) AS allowed_amount,
        sum(CASE WHEN is_code_checked THEN 0 ELSE allowed_amount END) AS unchecked_amount,
        max(CASE WHEN provider_kind <> 'specialist' THEN service_date END) AS last_day,
        max(CASE WHEN provider_kind = 'specialist' THEN service_date END) AS last_specialist_day
    FROM counted
    GROUP BY person_id, year, entity, step_no
),

ranked AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY person_id, year, CASE WHEN step_no = 3 THEN 1 ELSE 0 END
            ORDER BY
                allowed_amount DESC NULLS LAST,
                last_day DESC NULLS LAST,
                last_specialist_day DESC NULLS LAST,
                entity ASC NULLS LAST
        ) AS place
    FROM summed
),

member AS (
    SELECT
        *,
        CAST(date_trunc('year', month) AS DATE) AS year,
        row_number() OVER (
            PARTITION BY person_id, CAST(date_trunc('year', month) AS DATE) ORDER BY month DESC NULLS LAST
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
    CAST(CASE WHEN member.is_in_a_and_b = 1 THEN ranked.entity END AS STRING) AS assigned_to,
    CAST(CASE WHEN member.is_in_a_and_b = 1 THEN
        CASE WHEN third.entity = 'network' THEN third.entity ELSE ranked.entity END
    END AS STRING) AS expanded_to,
    CAST(CASE WHEN member.is_in_a_and_b = 1 THEN ranked.step_no END AS INTEGER) AS step_no,
    CAST(coalesce(ranked.allowed_amount, 0) AS DECIMAL(18, 2)) AS allowed_amount,
    -- Of codes that the map says were not checked against the rule.
    CAST(coalesce(ranked.unchecked_amount, 0) AS DECIMAL(18, 2)) AS unchecked_amount,
    member.file_id,
    member.record_no
FROM member
LEFT JOIN ranked
    ON ranked.person_id = member.person_id AND ranked.year = member.year
    AND ranked.place = 1 AND ranked.step_no < 3
LEFT JOIN ranked AS third
    ON third.person_id = member.person_id AND third.year = member.year
    AND third.place = 1 AND third.step_no = 3
WHERE member.place = 1
