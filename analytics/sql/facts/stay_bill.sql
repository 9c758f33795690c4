-- stay_bill: one row per bill of a stay in a hospital or nursing facility, with the stay it is of.
--
-- Reads    incurred_claim
-- Sources  CMS Hospital-Wide Readmission measure: transfers and same-day returns; NUBC bill
--          frequency and discharge status 30: bills of one stay.
--
-- Bills of one person and facility are one stay where they say the same admission, overlap, or follow
-- each other within a day and the earlier one says that it goes on (status 30, frequency 2 or 3; any of
-- a nursing facility), or where the patient comes back on the day of discharge for the same category
-- of diagnosis.  Acute stays at different hospitals of which one begins by the day after the other
-- ends are a transfer: one encounter.
WITH bill AS (
    SELECT
        *,
        CASE
            WHEN service_category = 'skilled_nursing' THEN 'skilled_nursing'
            WHEN is_acute THEN 'acute_inpatient'
            ELSE 'other_inpatient'
        END AS kind,
        coalesce(facility_id, '') AS site,
        least(admission_date, service_from_date) AS start_day,
        substr(principal_diagnosis_code, 1, 3) AS category,
        coalesce(
            service_category = 'skilled_nursing' OR discharge_status_code = '30'
            OR substr(bill_type_code, 3, 1) IN ('2', '3'),
            FALSE
        ) AS goes_on
    FROM incurred_claim
    WHERE service_category = 'inpatient'
       -- Part B of a nursing facility (22x) is no stay.
       OR (service_category = 'skilled_nursing' AND coalesce(bill_type_code, '') NOT LIKE '22%')
),

seen_before AS (
    SELECT
        *,
        max(service_to_date) OVER before AS end_before,
        lag(start_day) OVER in_order AS start_before,
        lag(goes_on) OVER in_order AS went_on,
        lag(category) OVER in_order AS category_before
    FROM bill
    WINDOW
        in_order AS (
            PARTITION BY person_id, kind, site
            ORDER BY start_day ASC NULLS LAST, service_from_date ASC NULLS LAST, service_to_date ASC NULLS LAST, claim_id ASC NULLS LAST
        ),
        before AS (
            PARTITION BY person_id, kind, site
            ORDER BY start_day ASC NULLS LAST, service_from_date ASC NULLS LAST, service_to_date ASC NULLS LAST, claim_id ASC NULLS LAST
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        )
),

numbered AS (
    SELECT
        *,
        sum(CASE
            WHEN start_day = start_before THEN 0
            WHEN service_from_date < end_before THEN 0
            WHEN service_from_date <= end_before + 1 AND went_on THEN 0
            WHEN service_from_date = end_before AND category = category_before THEN 0
            ELSE 1
        END) OVER (
            PARTITION BY person_id, kind, site
            ORDER BY start_day ASC NULLS LAST, service_from_date ASC NULLS LAST, service_to_date ASC NULLS LAST, claim_id ASC NULLS LAST
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS stay_no
    FROM seen_before
),

stay AS (
    SELECT
        person_id,
        kind,
        site,
        stay_no,
        min(start_day) AS start_date,
        max(service_to_date) AS end_date,
        min(claim_id) AS stay_id
    FROM numbered
    GROUP BY person_id, kind, site, stay_no
),

stay_before AS (
    SELECT
        *,
        max(end_date) OVER (
            PARTITION BY person_id, kind ORDER BY start_date ASC NULLS LAST, end_date ASC NULLS LAST, stay_id ASC NULLS LAST
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS end_before,
        lag(site) OVER (
            PARTITION BY person_id, kind ORDER BY start_date ASC NULLS LAST, end_date ASC NULLS LAST, stay_id ASC NULLS LAST
        ) AS site_before
    FROM stay
),

chained AS (
    SELECT
        *,
        sum(CASE
            WHEN kind = 'acute_inpatient' AND start_date <= end_before + 1 AND site <> site_before
                THEN 0
            ELSE 1
        END) OVER (
            PARTITION BY person_id, kind ORDER BY start_date ASC NULLS LAST, end_date ASC NULLS LAST, stay_id ASC NULLS LAST
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS chain_no
    FROM stay_before
)

SELECT
    CAST(numbered.claim_id AS BIGINT) AS claim_id,
    CAST(numbered.person_id AS BIGINT) AS person_id,
    CAST(numbered.kind AS STRING) AS encounter_type,
    CAST(numbered.site AS STRING) AS site,
    CAST(chained.stay_id AS BIGINT) AS stay_id,
    CAST(min(chained.stay_id) OVER (
        PARTITION BY numbered.person_id, numbered.kind, chained.chain_no
    ) AS BIGINT) AS encounter_id,
    CAST(numbered.start_day AS DATE) AS start_date,
    CAST(numbered.service_from_date AS DATE) AS service_from_date,
    CAST(numbered.service_to_date AS DATE) AS service_to_date
FROM numbered
JOIN chained
    ON chained.person_id = numbered.person_id
    AND chained.kind = numbered.kind
    AND chained.site = numbered.site
    AND chained.stay_no = numbered.stay_no
