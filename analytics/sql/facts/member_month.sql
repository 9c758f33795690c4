-- member_month: one row per person and month with at least one day of cover.
--
-- Reads    eligibility, patient, person, billed_claim, claim_outcome, build_info
-- Source   health-plan practice: claims incurred in a month over members covered in it.
--
-- Money is what payers allowed on the person's primary claims of the month, answers taken back left
-- out.  A claim of a month without cover has no member month and is left out.
WITH RECURSIVE span AS (
    SELECT
        person.person_id,
        eligibility.patient_id,
        row_number() OVER (
            ORDER BY
                eligibility.payer_name ASC NULLS LAST,
                eligibility.line_of_business ASC NULLS LAST,
                eligibility.file_id ASC NULLS LAST,
                eligibility.record_no ASC NULLS LAST
        ) AS span_no,
        eligibility.payer_name,
        eligibility.line_of_business,
        eligibility.file_id,
        eligibility.record_no,
        -- Spans open since long ago would make months nobody has claims for.
        month_of(greatest(eligibility.start_date, build_info.as_of - 3660)) AS first_month,
        month_of(least(coalesce(eligibility.end_date, build_info.as_of), build_info.as_of))
            AS last_month
    FROM eligibility
    JOIN person ON person.patient_id = eligibility.patient_id
    CROSS JOIN build_info
    WHERE eligibility.start_date <= least(
        coalesce(eligibility.end_date, build_info.as_of), build_info.as_of
    )
),

month_list AS (
    SELECT min(first_month) AS month, max(last_month) AS last_month
    FROM span
    HAVING min(first_month) IS NOT NULL
    UNION ALL
    SELECT month_of(month + 31) AS month, last_month
    FROM month_list
    WHERE month < last_month
),

covered AS (
    -- Two spans in a month are one member month; it goes under the payer first by name.
    SELECT span.person_id, month_list.month, min(span.span_no) AS span_no
    FROM span
    JOIN month_list ON month_list.month BETWEEN span.first_month AND span.last_month
    GROUP BY span.person_id, month_list.month
),

spent AS (
    SELECT
        person.person_id,
        month_of(billed_claim.service_to_date) AS month,
        sum(claim_outcome.allowed_amount) AS allowed_amount,
        sum(claim_outcome.paid_amount) AS paid_amount,
        count(*) AS claim_count,
        count(*) FILTER (WHERE claim_outcome.is_answered) AS answered_claim_count
    FROM billed_claim
    JOIN person ON person.patient_id = billed_claim.patient_id
    JOIN claim_outcome ON claim_outcome.claim_id = billed_claim.claim_id
    WHERE billed_claim.payer_sequence_code = 'P'
      -- A claim voided before any answer will get none.
      AND (claim_outcome.is_answered OR NOT claim_outcome.is_voided)
    GROUP BY person.person_id, month_of(billed_claim.service_to_date)
)

SELECT
    CAST(covered.person_id AS BIGINT) AS person_id,
    CAST(covered.month AS DATE) AS month,
    CAST(span.payer_name AS VARCHAR) AS payer_name,
    CAST(span.line_of_business AS VARCHAR) AS line_of_business,
    CAST(patient.sex_code AS VARCHAR) AS sex_code,
    CAST(coalesce(spent.claim_count, 0) AS INTEGER) AS claim_count,
    CAST(coalesce(spent.answered_claim_count, 0) AS INTEGER) AS answered_claim_count,
    CAST(coalesce(spent.allowed_amount, 0) AS DECIMAL(18, 2)) AS allowed_amount,
    CAST(coalesce(spent.paid_amount, 0) AS DECIMAL(18, 2)) AS paid_amount,
    CAST(span.file_id AS BIGINT) AS file_id,
    CAST(span.record_no AS BIGINT) AS record_no
FROM covered
JOIN span ON span.span_no = covered.span_no
-- As the cover itself says: the person's first record may be one of a file that says nothing.
LEFT JOIN patient ON patient.patient_id = span.patient_id
LEFT JOIN spent ON spent.person_id = covered.person_id AND spent.month = covered.month
