-- member_month: one row per person and month with at least one day of cover.
--
-- Reads    cover_span, incurred_claim, patient, build_info
-- Source   health-plan practice: claims incurred in a month over members covered in it.
--
-- Money is that of the person's claims of the month (incurred_claim).  A claim of a month without
-- cover has no member month and is left out.
WITH digit AS (
    SELECT CAST(d AS INTEGER) AS d
    FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) AS digits (d)
),

-- Months from the first of cover to the last, counted from the year 0.
span AS (
    SELECT
        year(min(start_date)) * 12 + month(min(start_date)) - 1 AS first_no,
        year(max(end_date)) * 12 + month(max(end_date)) - 1 AS last_no
    FROM cover_span
),

month_no AS (
    SELECT span.first_no + ones.d + 10 * tens.d + 100 * hundreds.d + 1000 * thousands.d AS n
    FROM digit AS ones
    CROSS JOIN digit AS tens
    CROSS JOIN digit AS hundreds
    CROSS JOIN digit AS thousands
    CROSS JOIN span
    WHERE span.first_no + ones.d + 10 * tens.d + 100 * hundreds.d + 1000 * thousands.d
        <= span.last_no
),

month_list AS (
    SELECT make_date(CAST(floor(n / 12) AS INTEGER), CAST(n % 12 AS INTEGER) + 1, 1) AS month
    FROM month_no
),

covered AS (
    -- Two spans in a month are one member month; it goes under the payer first by name.
    SELECT
        cover_span.person_id,
        month_list.month,
        min(cover_span.span_no) AS span_no,
        max(CASE WHEN coalesce(cover_span.coverage_code, 'PART_A') = 'PART_A' THEN 1 ELSE 0 END)
            AS part_a,
        max(CASE WHEN coalesce(cover_span.coverage_code, 'PART_B') = 'PART_B' THEN 1 ELSE 0 END)
            AS part_b,
        max(CASE WHEN cover_span.coverage_code = 'PART_C' THEN 1 ELSE 0 END) AS part_c
    FROM cover_span
    JOIN month_list
        ON month_list.month BETWEEN month_of(cover_span.start_date) AND cover_span.end_date
    GROUP BY cover_span.person_id, month_list.month
),

stretch AS (
    SELECT person_id, stretch_start_date, stretch_end_date
    FROM cover_span
    GROUP BY person_id, stretch_start_date, stretch_end_date
),

counted AS (
    SELECT
        stretch.person_id,
        month_list.month,
        sum(days_between(
            greatest(stretch.stretch_start_date, month_list.month),
            least(stretch.stretch_end_date, month_of(month_list.month + 31) - 1)
        ) + 1) AS day_count
    FROM stretch
    JOIN month_list
        ON month_list.month BETWEEN month_of(stretch.stretch_start_date) AND stretch.stretch_end_date
    GROUP BY stretch.person_id, month_list.month
),

spent AS (
    SELECT
        person_id,
        month,
        sum(allowed_amount) AS allowed_amount,
        sum(paid_amount) AS paid_amount,
        sum(claim_count) AS claim_count,
        sum(answered_claim_count) AS answered_claim_count
    FROM incurred_claim
    WHERE is_covered
    GROUP BY person_id, month
)

SELECT
    CAST(covered.person_id AS BIGINT) AS person_id,
    CAST(covered.month AS DATE) AS month,
    CAST(span.payer_name AS STRING) AS payer_name,
    CAST(span.line_of_business AS STRING) AS line_of_business,
    CAST(patient.sex_code AS STRING) AS sex_code,
    span.dual_status_code,
    span.entitlement_code,
    -- Full years on the first day of the month.
    CAST(greatest(
        year(covered.month) - year(patient.birth_date) - CASE
            WHEN month(patient.birth_date) > month(covered.month) THEN 1
            WHEN month(patient.birth_date) = month(covered.month) AND day(patient.birth_date) > 1
                THEN 1
            ELSE 0
        END,
        CASE WHEN patient.birth_date IS NULL THEN NULL ELSE 0 END
    ) AS INTEGER) AS age,
    -- Full years on February 1 of the year after, by which that year's risk score goes.
    CAST(CASE WHEN patient.birth_date IS NOT NULL THEN greatest(
        year(covered.month) + 1 - year(patient.birth_date) - CASE
            WHEN month(patient.birth_date) > 2 THEN 1
            WHEN month(patient.birth_date) = 2 AND day(patient.birth_date) > 1 THEN 1
            ELSE 0
        END,
        0
    ) END AS INTEGER) AS payment_age,
    CAST(counted.day_count AS INTEGER) AS covered_days,
    CAST(counted.day_count = days_between(covered.month, month_of(covered.month + 31)) AS BOOLEAN)
        AS is_whole_month,
    CAST(covered.part_a = 1 AS BOOLEAN) AS has_part_a,
    CAST(covered.part_b = 1 AS BOOLEAN) AS has_part_b,
    CAST(covered.part_c = 1 AS BOOLEAN) AS has_part_c,
    -- Claims of a month still come for three months after it.
    CAST(build_info.as_of >= month_of(covered.month + 31) + 89 AS BOOLEAN) AS is_run_out,
    CAST(coalesce(spent.claim_count, 0) AS INTEGER) AS claim_count,
    CAST(coalesce(spent.answered_claim_count, 0) AS INTEGER) AS answered_claim_count,
    CAST(coalesce(spent.allowed_amount, 0) AS DECIMAL(18, 2)) AS allowed_amount,
    CAST(coalesce(spent.paid_amount, 0) AS DECIMAL(18, 2)) AS paid_amount,
    CAST(span.file_id AS BIGINT) AS file_id,
    CAST(span.record_no AS BIGINT) AS record_no
FROM covered
JOIN cover_span AS span
    ON span.person_id = covered.person_id AND span.span_no = covered.span_no
JOIN counted ON counted.person_id = covered.person_id AND counted.month = covered.month
CROSS JOIN build_info
LEFT JOIN patient ON patient.patient_id = span.patient_id
LEFT JOIN spent ON spent.person_id = covered.person_id AND spent.month = covered.month
