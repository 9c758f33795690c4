-- encounter: one row per stay in a hospital or nursing facility, visit to an emergency room or office.
--
-- Reads    stay_bill, incurred_claim, settled_line, billed_line, em_code, member_month
-- Source   NUBC revenue codes 045x and 0981, place of service 23: emergency rooms.
--
-- Bills of a stay, and acute stays with a transfer between them, are one (stay_bill).  Emergency
-- claims that overlap are one visit; one that a stay follows by the next day is part of that stay,
-- else the patient was treated and released.  Each claim is in one stay or visit at most, so that
-- their dollars add up; visits to an office have none, as their claims hold other services too.
WITH linked AS (
    SELECT
        stay_bill.encounter_id,
        stay_bill.encounter_type AS kind,
        stay_bill.site,
        stay_bill.stay_id,
        stay_bill.start_date AS start_day,
        claim.*,
        row_number() OVER (
            PARTITION BY stay_bill.encounter_id
            ORDER BY
                stay_bill.start_date ASC NULLS LAST, stay_bill.service_from_date ASC NULLS LAST,
                stay_bill.service_to_date ASC NULLS LAST, stay_bill.claim_id ASC NULLS LAST
        ) AS from_first,
        row_number() OVER (
            PARTITION BY stay_bill.encounter_id
            ORDER BY
                stay_bill.service_to_date DESC NULLS LAST, stay_bill.service_from_date DESC NULLS LAST,
                stay_bill.claim_id DESC NULLS LAST
        ) AS from_last
    FROM stay_bill
    JOIN incurred_claim AS claim ON claim.claim_id = stay_bill.claim_id
),

stayed AS (
    SELECT
        person_id,
        kind,
        encounter_id AS claim_id,
        min(start_day) AS start_date,
        max(service_to_date) AS end_date,
        max(CASE WHEN from_first = 1 THEN site END) AS first_site,
        max(CASE WHEN from_last = 1 THEN site END) AS last_site,
        max(CASE WHEN from_first = 1 THEN principal_diagnosis_code END) AS first_diagnosis,
        max(CASE WHEN from_last = 1 THEN principal_diagnosis_code END) AS last_diagnosis,
        max(CASE WHEN from_last = 1 THEN discharge_status_code END) AS last_status,
        max(CASE WHEN from_last = 1 THEN drg_code END) AS last_drg,
        max(CASE WHEN has_emergency_line OR is_in_emergency_room THEN 1 ELSE 0 END) AS emergency,
        count(DISTINCT stay_id) - 1 AS transfer_count,
        sum(claim_count) AS claim_count,
        sum(billed_amount) AS billed_amount,
        sum(allowed_amount) AS allowed_amount,
        sum(paid_amount) AS paid_amount
    FROM linked
    GROUP BY person_id, kind, encounter_id
),

urgent AS (
    SELECT
        *,
        max(service_to_date) OVER (
            PARTITION BY person_id
            ORDER BY service_from_date ASC NULLS LAST, service_to_date ASC NULLS LAST, claim_id ASC NULLS LAST
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS end_before
    FROM incurred_claim
    WHERE service_category = 'emergency'
       OR (service_category = 'professional' AND is_in_emergency_room)
),

urgent_numbered AS (
    SELECT
        *,
        sum(CASE WHEN service_from_date <= end_before THEN 0 ELSE 1 END) OVER (
            PARTITION BY person_id
            ORDER BY service_from_date ASC NULLS LAST, service_to_date ASC NULLS LAST, claim_id ASC NULLS LAST
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS visit_no
    FROM urgent
),

urgent_ordered AS (
    -- The facility's own claim speaks for the visit, where there is one.
    SELECT
        *,
        row_number() OVER (
            PARTITION BY person_id, visit_no
            ORDER BY
                CASE WHEN service_category = 'emergency' THEN 1 ELSE 2 END ASC NULLS LAST,
                service_from_date ASC NULLS LAST, service_to_date ASC NULLS LAST, claim_id ASC NULLS LAST
        ) AS place
    FROM urgent_numbered
),

visit AS (
    SELECT
        person_id,
        visit_no,
        min(service_from_date) AS start_date,
        max(service_to_date) AS end_date,
        max(CASE WHEN place = 1 THEN claim_id END) AS claim_id,
        max(CASE WHEN place = 1 THEN facility_id END) AS site,
        max(CASE WHEN place = 1 THEN principal_diagnosis_code END) AS diagnosis,
        max(CASE WHEN place = 1 THEN discharge_status_code END) AS last_status,
        count(*) AS claim_count,
        sum(billed_amount) AS billed_amount,
        sum(allowed_amount) AS allowed_amount,
        sum(paid_amount) AS paid_amount
    FROM urgent_ordered
    GROUP BY person_id, visit_no
),

admitted AS (
    -- A visit on the day of discharge is a new one, unless the stay began that day too.
    SELECT visit.person_id, visit.visit_no, min(stayed.claim_id) AS claim_id
    FROM visit
    JOIN stayed
        ON stayed.person_id = visit.person_id
        AND stayed.kind <> 'skilled_nursing'
        AND visit.end_date + 1 >= stayed.start_date
        AND (visit.start_date < stayed.end_date OR visit.start_date <= stayed.start_date)
    GROUP BY visit.person_id, visit.visit_no
),

before_admission AS (
    SELECT
        admitted.claim_id,
        sum(visit.claim_count) AS claim_count,
        sum(visit.billed_amount) AS billed_amount,
        sum(visit.allowed_amount) AS allowed_amount,
        sum(visit.paid_amount) AS paid_amount
    FROM admitted
    JOIN visit ON visit.person_id = admitted.person_id AND visit.visit_no = admitted.visit_no
    GROUP BY admitted.claim_id
),

-- Codes by which somebody was seen; 99495 and 99496 hold the visit after a discharge.
seeing AS (
    SELECT
        procedure_code,
        CASE
            WHEN family IN ('office_new', 'office_established') THEN 'office_visit'
            WHEN family = 'wellness' THEN 'wellness_visit'
            ELSE 'other_visit'
        END AS kind
    FROM em_code
    WHERE procedure_code IN ('99495', '99496')
       OR family IN (
           'office_new', 'office_established', 'wellness', 'home_new', 'home_established',
           'domiciliary_new', 'domiciliary_established', 'telemedicine_new',
           'telemedicine_established', 'audio_new', 'audio_established', 'preventive_new',
           'preventive_established'
       )
),

office AS (
    SELECT
        seeing.kind,
        incurred_claim.person_id,
        incurred_claim.claim_id,
        coalesce(settled_line.service_from_date, incurred_claim.service_from_date) AS day,
        coalesce(settled_line.rendering_npi, incurred_claim.provider_npi, '') AS site,
        incurred_claim.principal_diagnosis_code
    FROM settled_line
    JOIN seeing ON seeing.procedure_code = settled_line.procedure_code
    JOIN incurred_claim
        ON incurred_claim.claim_id = settled_line.payer_claim_id
        AND incurred_claim.claim_source = 'payer_feed'
    WHERE incurred_claim.service_category = 'professional'
    UNION ALL
    SELECT
        seeing.kind,
        incurred_claim.person_id,
        incurred_claim.claim_id,
        billed_line.service_to_date AS day,
        coalesce(incurred_claim.provider_npi, '') AS site,
        incurred_claim.principal_diagnosis_code
    FROM billed_line
    JOIN seeing ON seeing.procedure_code = billed_line.procedure_code
    JOIN incurred_claim
        ON incurred_claim.claim_id = billed_line.claim_id
        AND incurred_claim.claim_source = 'own_claim'
    WHERE incurred_claim.service_category = 'professional'
),

-- Who sees a patient twice a day sees them once.
seen AS (
    SELECT
        person_id,
        kind,
        day,
        site,
        min(claim_id) AS claim_id,
        min(principal_diagnosis_code) AS diagnosis
    FROM office
    GROUP BY person_id, kind, day, site
),

every_encounter AS (
    SELECT
        stayed.person_id,
        stayed.kind,
        stayed.claim_id,
        stayed.start_date,
        stayed.end_date,
        stayed.first_site,
        stayed.last_site,
        stayed.first_diagnosis,
        stayed.last_diagnosis,
        stayed.last_status,
        stayed.last_drg,
        stayed.emergency = 1 OR before_admission.claim_id IS NOT NULL AS has_emergency,
        stayed.transfer_count,
        stayed.claim_count + coalesce(before_admission.claim_count, 0) AS claim_count,
        stayed.billed_amount + coalesce(before_admission.billed_amount, 0) AS billed_amount,
        stayed.allowed_amount + coalesce(before_admission.allowed_amount, 0) AS allowed_amount,
        stayed.paid_amount + coalesce(before_admission.paid_amount, 0) AS paid_amount
    FROM stayed
    LEFT JOIN before_admission ON before_admission.claim_id = stayed.claim_id
    UNION ALL
    SELECT
        visit.person_id,
        'emergency' AS kind,
        visit.claim_id,
        visit.start_date,
        visit.end_date,
        visit.site AS first_site,
        visit.site AS last_site,
        visit.diagnosis AS first_diagnosis,
        visit.diagnosis AS last_diagnosis,
        visit.last_status,
        CAST(NULL AS STRING) AS last_drg,
        TRUE AS has_emergency,
        0 AS transfer_count,
        visit.claim_count,
        visit.billed_amount,
        visit.allowed_amount,
        visit.paid_amount
    FROM visit
    LEFT JOIN admitted
        ON admitted.person_id = visit.person_id AND admitted.visit_no = visit.visit_no
    WHERE admitted.claim_id IS NULL
    UNION ALL
    SELECT
        person_id,
        kind,
        claim_id,
        day AS start_date,
        day AS end_date,
        site AS first_site,
        site AS last_site,
        diagnosis AS first_diagnosis,
        diagnosis AS last_diagnosis,
        CAST(NULL AS STRING) AS last_status,
        CAST(NULL AS STRING) AS last_drg,
        FALSE AS has_emergency,
        0 AS transfer_count,
        0 AS claim_count,
        0 AS billed_amount,
        0 AS allowed_amount,
        0 AS paid_amount
    FROM seen
)

SELECT
    CAST(every_encounter.kind AS STRING) AS encounter_type,
    CAST(every_encounter.claim_id AS BIGINT) AS claim_id,
    CAST(every_encounter.person_id AS BIGINT) AS person_id,
    CAST(month_of(every_encounter.start_date) AS DATE) AS month,
    CAST(member_month.person_id IS NOT NULL AS BOOLEAN) AS is_covered,
    CAST(CASE WHEN member_month.person_id IS NULL THEN claim.payer_name
        ELSE member_month.payer_name END AS STRING) AS payer_name,
    CAST(CASE WHEN member_month.person_id IS NULL THEN claim.line_of_business
        ELSE member_month.line_of_business END AS STRING) AS line_of_business,
    CAST(member_month.sex_code AS STRING) AS sex_code,
    CAST(member_month.age AS INTEGER) AS age,
    CAST(every_encounter.start_date AS DATE) AS start_date,
    CAST(every_encounter.end_date AS DATE) AS end_date,
    -- A stay within one day counts as one.
    CAST(greatest(days_between(every_encounter.start_date, every_encounter.end_date), 1) AS INTEGER)
        AS length_of_stay_days,
    CAST(every_encounter.first_site AS STRING) AS first_provider_id,
    CAST(every_encounter.last_site AS STRING) AS provider_id,
    CAST(every_encounter.first_diagnosis AS STRING) AS principal_diagnosis_code,
    CAST(every_encounter.last_diagnosis AS STRING) AS last_diagnosis_code,
    CAST(every_encounter.last_status AS STRING) AS discharge_status_code,
    CAST(every_encounter.last_drg AS STRING) AS drg_code,
    CAST(every_encounter.has_emergency AS BOOLEAN) AS has_emergency,
    CAST(every_encounter.transfer_count AS INTEGER) AS transfer_count,
    CAST(every_encounter.claim_count AS INTEGER) AS claim_count,
    CAST(every_encounter.billed_amount AS DECIMAL(18, 2)) AS billed_amount,
    CAST(every_encounter.allowed_amount AS DECIMAL(18, 2)) AS allowed_amount,
    CAST(every_encounter.paid_amount AS DECIMAL(18, 2)) AS paid_amount,
    claim.file_id,
    claim.record_no
FROM every_encounter
JOIN incurred_claim AS claim ON claim.claim_id = every_encounter.claim_id
LEFT JOIN member_month
    ON member_month.person_id = every_encounter.person_id
    AND member_month.month = month_of(every_encounter.start_date)
