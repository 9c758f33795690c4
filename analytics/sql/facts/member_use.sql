-- member_use: one row per member month, and per encounter: how often care is needed.
--
-- Reads    member_month, encounter
--
-- As in member_spend no row is both, so that no slice counts a month or an encounter twice.
SELECT
    CAST(NULL AS STRING) AS encounter_type,
    CAST(NULL AS BIGINT) AS claim_id,
    person_id,
    month,
    CAST(NULL AS DATE) AS start_date,
    CAST(NULL AS STRING) AS provider_id,
    payer_name,
    line_of_business,
    sex_code,
    age,
    CAST(NULL AS BOOLEAN) AS has_emergency,
    CAST(NULL AS STRING) AS principal_diagnosis_code,
    TRUE AS is_covered,
    CAST(1 AS INTEGER) AS member_months,
    CAST(CASE WHEN is_run_out THEN 1 ELSE 0 END AS INTEGER) AS run_out_months,
    CAST(0 AS INTEGER) AS encounter_count,
    CAST(0 AS INTEGER) AS length_of_stay_days,
    CAST(0 AS DECIMAL(18, 2)) AS allowed_amount,
    file_id,
    record_no
FROM member_month
UNION ALL
SELECT
    encounter_type,
    claim_id,
    person_id,
    month,
    start_date,
    provider_id,
    payer_name,
    line_of_business,
    sex_code,
    age,
    has_emergency,
    principal_diagnosis_code,
    is_covered,
    CAST(0 AS INTEGER) AS member_months,
    CAST(0 AS INTEGER) AS run_out_months,
    CAST(1 AS INTEGER) AS encounter_count,
    length_of_stay_days,
    allowed_amount,
    file_id,
    record_no
FROM encounter
