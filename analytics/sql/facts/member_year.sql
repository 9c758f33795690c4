-- member_year: one row per person and calendar year with a member month, and what happened in it.
--
-- Reads    member_month, encounter, build_info
WITH visited AS (
    SELECT
        person_id,
        CAST(date_trunc('year', start_date) AS DATE) AS year,
        sum(CASE WHEN encounter_type = 'wellness_visit' THEN 1 ELSE 0 END) AS wellness_count,
        count(*) AS visit_count
    FROM encounter
    WHERE encounter_type IN ('office_visit', 'wellness_visit', 'other_visit')
    GROUP BY person_id, CAST(date_trunc('year', start_date) AS DATE)
),

covered AS (
    SELECT
        *,
        CAST(date_trunc('year', month) AS DATE) AS year,
        row_number() OVER (
            PARTITION BY person_id, CAST(date_trunc('year', month) AS DATE) ORDER BY month DESC NULLS LAST
        ) AS place
    FROM member_month
),

summed AS (
    SELECT
        person_id,
        year,
        count(*) AS member_months,
        sum(CASE WHEN has_part_b THEN 1 ELSE 0 END) AS part_b_months,
        sum(allowed_amount) AS allowed_amount,
        sum(paid_amount) AS paid_amount
    FROM covered
    GROUP BY person_id, year
)

SELECT
    CAST(summed.person_id AS BIGINT) AS person_id,
    CAST(summed.year AS DATE) AS year,
    -- As in the last month of cover.
    covered.payer_name,
    covered.line_of_business,
    covered.sex_code,
    covered.age,
    covered.payment_age,
    covered.dual_status_code,
    covered.entitlement_code,
    CAST(summed.member_months AS INTEGER) AS member_months,
    CAST(summed.part_b_months AS INTEGER) AS part_b_months,
    CAST(summed.member_months = CASE
        WHEN year(build_info.as_of) = year(summed.year) THEN month(build_info.as_of) ELSE 12
    END AS BOOLEAN) AS is_covered_all_year,
    -- Less than twelve months of part B (so far all of them): no diagnoses count yet.
    CAST(summed.part_b_months < CASE
        WHEN year(build_info.as_of) = year(summed.year) THEN month(build_info.as_of) ELSE 12
    END AS BOOLEAN) AS is_new_enrollee,
    CAST(year(build_info.as_of) > year(summed.year) AS BOOLEAN) AS is_over,
    CAST(coalesce(visited.wellness_count, 0) AS INTEGER) AS wellness_count,
    CAST(coalesce(visited.visit_count, 0) AS INTEGER) AS visit_count,
    CAST(summed.allowed_amount AS DECIMAL(18, 2)) AS allowed_amount,
    CAST(summed.paid_amount AS DECIMAL(18, 2)) AS paid_amount,
    covered.file_id,
    covered.record_no
FROM summed
JOIN covered
    ON covered.person_id = summed.person_id AND covered.year = summed.year AND covered.place = 1
CROSS JOIN build_info
LEFT JOIN visited ON visited.person_id = summed.person_id AND visited.year = summed.year
