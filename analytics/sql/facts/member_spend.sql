-- member_spend: one row per member month, and per claim incurred: what is divided by what.
--
-- Reads    member_month, incurred_claim
--
-- A row of a claim has no member months and a member month no dollars, so that no slice counts either
-- twice.  What only claims have (service_category, claim_type ...) is NULL for member months.
SELECT
    CAST(NULL AS STRING) AS claim_source,
    CAST(NULL AS BIGINT) AS claim_id,
    person_id,
    month,
    payer_name,
    line_of_business,
    sex_code,
    CAST(NULL AS STRING) AS claim_type,
    CAST(NULL AS STRING) AS service_category,
    TRUE AS is_covered,
    CAST(1 AS INTEGER) AS member_months,
    CAST(CASE WHEN is_run_out THEN 1 ELSE 0 END AS INTEGER) AS run_out_months,
    covered_days,
    CAST(0 AS INTEGER) AS claim_count,
    CAST(0 AS INTEGER) AS answered_claim_count,
    CAST(0 AS DECIMAL(18, 2)) AS allowed_amount,
    CAST(0 AS DECIMAL(18, 2)) AS paid_amount,
    file_id,
    record_no
FROM member_month
UNION ALL
SELECT
    claim_source,
    claim_id,
    person_id,
    month,
    payer_name,
    line_of_business,
    sex_code,
    claim_type,
    service_category,
    is_covered,
    CAST(0 AS INTEGER) AS member_months,
    CAST(0 AS INTEGER) AS run_out_months,
    CAST(0 AS INTEGER) AS covered_days,
    claim_count,
    answered_claim_count,
    allowed_amount,
    paid_amount,
    file_id,
    record_no
FROM incurred_claim
