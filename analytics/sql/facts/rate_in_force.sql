-- rate_in_force: one row per kind of service a payer answered and span of days, with its contract rate.
--
-- Reads    answered_line, contract_rate, medicare_fee, medicare_locality, fee_release
-- Sources  42 CFR 414.22 to 414.30: RVU times index, times the conversion factor; facility prices
--          by place of service as in Medicare Claims Processing Manual ch. 12 s. 20.4.2.
--
-- The most specific rate wins: one that names the procedure, then the modifiers, the facility, the
-- place of service, the claim type.  Of equally specific ones that of the latest file counts.
-- Where two of one file disagree on a day, none is taken: is_ambiguous.
WITH rate AS (
    SELECT
        row_number() OVER (ORDER BY file_id ASC NULLS LAST, record_no ASC NULLS LAST) AS rate_no,
        file_id,
        record_no,
        upper(trim(payer_name)) AS payer_name,
        claim_type,
        procedure_code,
        modifier_key,
        place_of_service_code,
        upper(trim(facility)) AS facility,
        method_code,
        rate_amount,
        rate_percent,
        coalesce(unit_code, 'UNIT') AS unit_code,
        coalesce(locality_code, '') AS locality_code,
        start_date,
        coalesce(end_date, CAST('9999-12-30' AS DATE)) AS end_date,
        -- Only what the method goes by: two rates that price alike are one.
        concat_ws(
            '|',
            method_code,
            CAST(CASE
                WHEN method_code = 'FEE' THEN rate_amount ELSE rate_percent
            END AS STRING),
            CASE WHEN method_code <> 'PERCENT_OF_CHARGE' THEN coalesce(unit_code, 'UNIT') END,
            CASE WHEN method_code = 'PERCENT_OF_MEDICARE' THEN coalesce(locality_code, '') END
        ) AS terms,
        CASE WHEN procedure_code IS NULL THEN 0 ELSE 16 END
        + CASE WHEN modifier_key IS NULL THEN 0 ELSE 8 END
        + CASE WHEN facility IS NULL THEN 0 ELSE 4 END
        + CASE WHEN place_of_service_code IS NULL THEN 0 ELSE 2 END
        + CASE WHEN claim_type IS NULL THEN 0 ELSE 1 END AS specificity
    FROM contract_rate
),

seen AS (
    SELECT
        payer_name, claim_type, procedure_code, modifier_key, place_of_service_code, facility,
        row_number() OVER (
            ORDER BY
                payer_name ASC NULLS LAST, claim_type ASC NULLS LAST, procedure_code ASC NULLS LAST,
                modifier_key ASC NULLS LAST, place_of_service_code ASC NULLS LAST,
                facility ASC NULLS LAST
        ) AS service_no
    FROM answered_line
    WHERE claim_id IS NOT NULL
      AND upper(trim(payer_name)) IN (SELECT payer_name FROM rate)
    GROUP BY
        payer_name, claim_type, procedure_code, modifier_key, place_of_service_code, facility
),

named AS (
    SELECT seen.service_no, rate.rate_no
    FROM seen
    JOIN rate
        ON rate.payer_name = upper(trim(seen.payer_name))
        AND rate.procedure_code = seen.procedure_code
    UNION ALL
    SELECT seen.service_no, rate.rate_no
    FROM seen
    JOIN rate
        ON rate.payer_name = upper(trim(seen.payer_name))
        AND rate.procedure_code IS NULL
),

candidate AS (
    SELECT
        named.service_no, rate.rate_no, rate.specificity, rate.file_id, rate.terms,
        rate.method_code, rate.start_date, rate.end_date
    FROM named
    JOIN seen ON seen.service_no = named.service_no
    JOIN rate ON rate.rate_no = named.rate_no
    WHERE (rate.modifier_key IS NULL OR rate.modifier_key = coalesce(seen.modifier_key, ''))
      AND (rate.claim_type IS NULL OR rate.claim_type = seen.claim_type)
      AND (rate.facility IS NULL OR rate.facility = upper(trim(seen.facility)))
      AND (
          rate.place_of_service_code IS NULL
          OR rate.place_of_service_code = seen.place_of_service_code
      )
),

turn AS (
    -- Every day on which something begins to hold or no longer does.
    SELECT service_no, start_date AS day FROM candidate
    UNION
    SELECT service_no, end_date + 1 FROM candidate
    UNION
    SELECT candidate.service_no, fee_turn.day
    FROM candidate
    CROSS JOIN (
        SELECT from_date AS day FROM fee_release
        UNION
        SELECT to_date + 1 FROM fee_release
    ) AS fee_turn
    WHERE candidate.method_code = 'PERCENT_OF_MEDICARE'
),

span AS (
    SELECT
        service_no,
        day AS start_date,
        lead(day) OVER (PARTITION BY service_no ORDER BY day ASC NULLS LAST) - 1 AS end_date
    FROM turn
),

ranked AS (
    SELECT
        span.service_no, span.start_date, span.end_date, candidate.rate_no, candidate.terms,
        rank() OVER (
            PARTITION BY span.service_no, span.start_date
            ORDER BY candidate.specificity DESC NULLS LAST, candidate.file_id DESC NULLS LAST
        ) AS preference
    FROM span
    JOIN candidate
        ON candidate.service_no = span.service_no
        AND candidate.start_date <= span.start_date
        AND candidate.end_date >= span.end_date
),

winner AS (
    SELECT
        service_no, start_date, end_date,
        min(rate_no) AS rate_no,
        min(terms) <> max(terms) AS is_ambiguous
    FROM ranked
    WHERE preference = 1
    GROUP BY service_no, start_date, end_date
),

priced_by_medicare AS (
    SELECT
        winner.service_no,
        winner.start_date,
        CAST(round(
            (
                fee.work_rvu * coalesce(place.work_gpci, CAST(1 AS DECIMAL(9, 4)))
                + CASE
                    WHEN seen.claim_type = 'institutional' OR seen.place_of_service_code IN (
                        '02', '19', '21', '22', '23', '24', '26', '31', '34', '41', '42', '51',
                        '52', '53', '56', '61'
                    ) THEN fee.facility_rvu
                    ELSE fee.nonfacility_rvu
                END * coalesce(place.expense_gpci, CAST(1 AS DECIMAL(9, 4)))
                + fee.malpractice_rvu * coalesce(place.malpractice_gpci, CAST(1 AS DECIMAL(9, 4)))
            ) * fee.conversion_factor, 2
        ) AS DECIMAL(14, 2)) AS amount
    FROM winner
    JOIN rate ON rate.rate_no = winner.rate_no AND rate.method_code = 'PERCENT_OF_MEDICARE'
    JOIN seen ON seen.service_no = winner.service_no
    JOIN fee_release
        ON fee_release.from_date <= winner.start_date
        AND fee_release.to_date >= winner.end_date
    JOIN medicare_fee AS fee
        ON fee.procedure_code = seen.procedure_code
        AND fee.start_date = fee_release.start_date
        AND coalesce(fee.modifier_code, '') = CASE
            WHEN concat_ws('', ',', seen.modifier_key, ',') LIKE '%,26,%' THEN '26'
            WHEN concat_ws('', ',', seen.modifier_key, ',') LIKE '%,TC,%' THEN 'TC'
            ELSE ''
        END
    LEFT JOIN medicare_locality AS place
        ON place.locality_code = rate.locality_code
        AND place.start_date <= winner.start_date
        AND place.end_date >= winner.end_date
    -- Other statuses are priced by contractors, bundled or not paid.
    WHERE fee.status_code IN ('A', 'R', 'T')
      AND (rate.locality_code = '' OR place.locality_code IS NOT NULL)
)

SELECT
    seen.payer_name,
    seen.claim_type,
    seen.procedure_code,
    seen.modifier_key,
    seen.place_of_service_code,
    seen.facility,
    CAST(winner.start_date AS DATE) AS start_date,
    CAST(winner.end_date AS DATE) AS end_date,
    CAST(rate.file_id AS BIGINT) AS file_id,
    CAST(rate.record_no AS BIGINT) AS record_no,
    CAST(winner.is_ambiguous AS BOOLEAN) AS is_ambiguous,
    CAST(coalesce(rate.modifier_key, '') <> '' AS BOOLEAN) AS is_for_modifiers,
    CAST(rate.method_code AS STRING) AS method_code,
    CAST(rate.unit_code AS STRING) AS unit_code,
    CAST(CASE
        WHEN rate.method_code = 'FEE' THEN rate.rate_amount
        WHEN rate.method_code = 'PERCENT_OF_MEDICARE' THEN round(
            priced_by_medicare.amount * rate.rate_percent * CAST(0.01 AS DECIMAL(3, 2)), 2
        )
    END AS DECIMAL(14, 2)) AS unit_amount,
    CAST(CASE
        WHEN rate.method_code = 'PERCENT_OF_CHARGE' THEN rate.rate_percent
    END AS DECIMAL(14, 2)) AS charge_percent
FROM winner
JOIN seen ON seen.service_no = winner.service_no
JOIN rate ON rate.rate_no = winner.rate_no
LEFT JOIN priced_by_medicare
    ON priced_by_medicare.service_no = winner.service_no
    AND priced_by_medicare.start_date = winner.start_date
