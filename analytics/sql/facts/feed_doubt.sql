-- feed_doubt: one row per record of a feed and reason for which it is left out, or should be looked at.
--
-- Reads    payer_claim, payer_claim_line, payer_claim_version, settled_claim, eligibility, patient,
--          payer, person, build_info
-- Versions that do not stand are out of settled_claim; what else is told of claims is in it, as sent.
-- Of spans that several files tell of, the latest file's are looked at, as they alone count.
-- Amounts are those paid, unless the reason says otherwise.
WITH death AS (
    SELECT
        person.person_id,
        patient.death_date,
        row_number() OVER (
            PARTITION BY person.person_id
            ORDER BY patient.file_id DESC NULLS LAST, patient.record_no DESC NULLS LAST
        ) AS place
    FROM patient
    JOIN person ON person.patient_id = patient.patient_id
    WHERE patient.death_date IS NOT NULL
),

-- As in cover_span: of several days the latest file's counts.
died AS (
    SELECT person_id, death_date
    FROM death
    WHERE place = 1
),

named AS (
    SELECT payer_code, min(payer_name) AS payer_name
    FROM payer
    WHERE payer_code IS NOT NULL AND payer_name IS NOT NULL
    GROUP BY payer_code
),

told AS (
    SELECT
        person.person_id,
        eligibility.*,
        coalesce(named.payer_name, eligibility.payer_name, '') = 'NO_INSURANCE' AS is_uninsured,
        rank() OVER (
            PARTITION BY
                person.person_id, eligibility.payer_name, eligibility.line_of_business,
                eligibility.coverage_code, eligibility.start_date
            ORDER BY eligibility.file_id DESC NULLS LAST
        ) AS file_place
    FROM eligibility
    JOIN person ON person.patient_id = eligibility.patient_id
    LEFT JOIN named ON named.payer_code = eligibility.payer_name
),

span AS (
    SELECT
        told.person_id,
        told.is_uninsured,
        told.payer_name,
        told.line_of_business,
        told.coverage_code,
        told.start_date,
        coalesce(told.end_date, build_info.as_of) AS end_date,
        told.end_date AS said_end_date,
        told.file_id,
        told.record_no,
        died.death_date
    FROM told
    CROSS JOIN build_info
    LEFT JOIN died ON died.person_id = told.person_id
    WHERE told.file_place = 1
),

ordered AS (
    SELECT
        *,
        max(end_date) OVER (
            PARTITION BY person_id, payer_name, line_of_business, coverage_code
            ORDER BY
                start_date ASC NULLS LAST, end_date ASC NULLS LAST,
                file_id ASC NULLS LAST, record_no ASC NULLS LAST
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reached_date
    FROM span
    WHERE start_date <= end_date AND NOT is_uninsured
),

uncovered AS (
    SELECT settled_claim.payer_claim_id
    FROM settled_claim
    LEFT JOIN span
        ON span.person_id = settled_claim.person_id
        AND NOT span.is_uninsured
        AND settled_claim.service_from_date BETWEEN span.start_date AND span.end_date
    WHERE settled_claim.is_member_known AND span.person_id IS NULL
),

doubt AS (
    SELECT
        'settled_claim' AS fact_name,
        CASE version.fate
            WHEN 'copy' THEN 'version that a later record repeats'
            WHEN 'not_final' THEN 'version that the feed says is not final'
            WHEN 'cancellation' THEN 'version that cancels another'
            WHEN 'cancelled' THEN 'version that another cancels'
            WHEN 'superseded' THEN 'version that a later one replaces'
            ELSE 'claim that Medicare did not pay, as the feed says'
        END AS reason,
        payer_claim.paid_amount AS amount,
        payer_claim.file_id,
        payer_claim.record_no
    FROM payer_claim_version AS version
    JOIN payer_claim ON payer_claim.payer_claim_id = version.payer_claim_id
    WHERE version.fate <> 'final'
    UNION ALL
    SELECT
        'settled_claim' AS fact_name,
        'version processed after the as-of date' AS reason,
        payer_claim.paid_amount AS amount,
        payer_claim.file_id,
        payer_claim.record_no
    FROM payer_claim
    CROSS JOIN build_info
    WHERE coalesce(payer_claim.processed_date, payer_claim.paid_date) > build_info.as_of
    UNION ALL
    SELECT
        'settled_claim' AS fact_name,
        'claim of no day, or of one after the as-of date' AS reason,
        payer_claim.paid_amount AS amount,
        payer_claim.file_id,
        payer_claim.record_no
    FROM payer_claim_version AS version
    JOIN payer_claim ON payer_claim.payer_claim_id = version.payer_claim_id
    LEFT JOIN settled_claim ON settled_claim.payer_claim_id = version.payer_claim_id
    WHERE version.fate = 'final' AND settled_claim.payer_claim_id IS NULL
    UNION ALL
    SELECT
        'settled_claim' AS fact_name,
        'amount allowed not said by the feed (amount paid)' AS reason,
        paid_amount AS amount,
        file_id,
        record_no
    FROM settled_claim
    WHERE allowed_amount IS NULL
    UNION ALL
    SELECT
        'settled_claim' AS fact_name,
        'amount paid not said by the feed (amount charged)' AS reason,
        billed_amount AS amount,
        file_id,
        record_no
    FROM settled_claim
    WHERE paid_amount IS NULL
    UNION ALL
    SELECT
        'settled_claim' AS fact_name,
        'amount paid below 0' AS reason,
        paid_amount AS amount,
        file_id,
        record_no
    FROM settled_claim
    WHERE paid_amount < 0
    UNION ALL
    SELECT
        'settled_claim' AS fact_name,
        'amount paid above the charge' AS reason,
        paid_amount AS amount,
        file_id,
        record_no
    FROM settled_claim
    WHERE paid_amount > billed_amount
    UNION ALL
    SELECT
        'settled_claim' AS fact_name,
        'member of no known cover' AS reason,
        paid_amount AS amount,
        file_id,
        record_no
    FROM settled_claim
    WHERE NOT is_member_known
    UNION ALL
    SELECT
        'settled_claim' AS fact_name,
        'service on a day without cover' AS reason,
        settled_claim.paid_amount AS amount,
        settled_claim.file_id,
        settled_claim.record_no
    FROM settled_claim
    JOIN uncovered ON uncovered.payer_claim_id = settled_claim.payer_claim_id
    UNION ALL
    SELECT
        'settled_claim' AS fact_name,
        'service after the day of death' AS reason,
        settled_claim.paid_amount AS amount,
        settled_claim.file_id,
        settled_claim.record_no
    FROM settled_claim
    JOIN died ON died.person_id = settled_claim.person_id
    WHERE settled_claim.service_from_date > died.death_date
    UNION ALL
    SELECT
        'settled_claim' AS fact_name,
        'last day of service before the first, taken as the first' AS reason,
        settled_claim.paid_amount AS amount,
        settled_claim.file_id,
        settled_claim.record_no
    FROM settled_claim
    JOIN payer_claim ON payer_claim.payer_claim_id = settled_claim.payer_claim_id
    WHERE payer_claim.service_to_date < payer_claim.service_from_date
    UNION ALL
    SELECT
        'settled_line' AS fact_name,
        'line of a claim that no file names' AS reason,
        told.paid_amount AS amount,
        told.file_id,
        told.record_no
    FROM payer_claim_line AS told
    LEFT JOIN (
        SELECT DISTINCT feed_code, claim_number FROM payer_claim
    ) AS named
        ON named.feed_code = told.feed_code AND named.claim_number = told.claim_number
    WHERE told.payer_claim_id IS NULL AND named.claim_number IS NULL
    UNION ALL
    SELECT
        'member_month' AS fact_name,
        'span that overlaps another of the same cover' AS reason,
        CAST(0 AS DECIMAL(14, 2)) AS amount,
        file_id,
        record_no
    FROM ordered
    WHERE start_date <= reached_date
    UNION ALL
    SELECT
        'member_month' AS fact_name,
        CASE
            WHEN start_date IS NULL THEN 'span without a first day'
            WHEN said_end_date < start_date THEN 'span that ends before it starts'
            ELSE 'span that starts after the as-of date'
        END AS reason,
        CAST(0 AS DECIMAL(14, 2)) AS amount,
        file_id,
        record_no
    FROM span
    WHERE start_date IS NULL OR end_date < start_date
    UNION ALL
    SELECT
        'member_month' AS fact_name,
        'span that goes on after the day of death' AS reason,
        CAST(0 AS DECIMAL(14, 2)) AS amount,
        file_id,
        record_no
    FROM span
    WHERE start_date <= end_date AND end_date > death_date
    UNION ALL
    SELECT
        'member_month' AS fact_name,
        'span without insurance (NO_INSURANCE)' AS reason,
        CAST(0 AS DECIMAL(14, 2)) AS amount,
        file_id,
        record_no
    FROM span
    WHERE is_uninsured
)

SELECT
    CAST(fact_name AS STRING) AS fact_name,
    CAST(reason AS STRING) AS reason,
    CAST(coalesce(sum(amount), 0) AS DECIMAL(18, 2)) AS amount,
    CAST(file_id AS BIGINT) AS file_id,
    CAST(record_no AS BIGINT) AS record_no
FROM doubt
GROUP BY fact_name, reason, file_id, record_no
