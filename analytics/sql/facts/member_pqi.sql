-- member_pqi: one row per member month of an adult, and per stay that primary care could have prevented.
--
-- Reads    member_month, pqi_stay, measure_code
--
-- As in member_spend no row is both.  A stay under two indicators is one here.
WITH loaded AS (
    SELECT count(*) > 0 AS is_checked
    FROM measure_code
    WHERE list_name LIKE 'pqi_%'
)

SELECT
    CAST(NULL AS BIGINT) AS claim_id,
    CAST(NULL AS STRING) AS pqi_number,
    member_month.person_id,
    member_month.month,
    member_month.payer_name,
    member_month.line_of_business,
    member_month.sex_code,
    member_month.age,
    TRUE AS is_covered,
    loaded.is_checked,
    CAST(1 AS INTEGER) AS member_months,
    CAST(CASE WHEN member_month.is_run_out THEN 1 ELSE 0 END AS INTEGER) AS run_out_months,
    CAST(0 AS INTEGER) AS stay_count,
    CAST(0 AS DECIMAL(18, 2)) AS allowed_amount,
    member_month.file_id,
    member_month.record_no
FROM member_month
CROSS JOIN loaded
WHERE member_month.age >= 18
UNION ALL
SELECT
    claim_id,
    pqi_number,
    person_id,
    month,
    payer_name,
    line_of_business,
    sex_code,
    age,
    is_covered,
    TRUE AS is_checked,
    CAST(0 AS INTEGER) AS member_months,
    CAST(0 AS INTEGER) AS run_out_months,
    composite_count AS stay_count,
    allowed_amount,
    file_id,
    record_no
FROM pqi_stay
WHERE composite_count = 1
