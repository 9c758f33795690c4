-- chain: one row per submission, with the first chain it belongs to by its own numbers.
--
-- Reads    claim, build_info
-- Two submissions are one claim when billing NPI, payer sequence and control number are equal and
-- their service dates overlap.  Links by payer claim number come later, in submission: they need
-- the remits tied first.
WITH bill AS (
    SELECT
        claim.claim_id,
        claim.submission_date,
        upper(trim(claim.patient_control_number)) AS control_number,
        coalesce(claim.billing_npi, '') AS billing_npi,
        coalesce(claim.payer_sequence_code, 'P') AS payer_sequence_code,
        -- Unknown dates make an island of their own.
        coalesce(claim.service_from_date, claim.service_to_date, DATE '1900-01-01') AS from_date,
        greatest(
            coalesce(claim.service_from_date, claim.service_to_date, DATE '1900-01-01'),
            coalesce(claim.service_to_date, claim.service_from_date, DATE '1900-01-01')
        ) AS to_date
    FROM claim
    CROSS JOIN build_info
    WHERE claim.submission_date <= build_info.as_of
      AND coalesce(claim.is_predetermination, FALSE) = FALSE
),

repeated AS (
    -- Only control numbers used more than once need their dates compared.
    SELECT control_number, billing_npi, payer_sequence_code
    FROM bill
    WHERE control_number <> ''
    GROUP BY control_number, billing_npi, payer_sequence_code
    HAVING count(*) > 1
),

reached AS (
    SELECT
        bill.claim_id,
        bill.submission_date,
        bill.control_number,
        bill.billing_npi,
        bill.payer_sequence_code,
        bill.from_date,
        bill.to_date,
        max(bill.to_date) OVER (
            PARTITION BY bill.control_number, bill.billing_npi, bill.payer_sequence_code
            ORDER BY bill.from_date ASC NULLS LAST, bill.to_date ASC NULLS LAST, bill.claim_id ASC NULLS LAST
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS reach_date
    FROM bill
    JOIN repeated
        ON repeated.control_number = bill.control_number
        AND repeated.billing_npi = bill.billing_npi
        AND repeated.payer_sequence_code = bill.payer_sequence_code
),

island AS (
    SELECT
        claim_id,
        submission_date,
        control_number,
        billing_npi,
        payer_sequence_code,
        sum(CASE WHEN from_date <= reach_date THEN 0 ELSE 1 END) OVER (
            PARTITION BY control_number, billing_npi, payer_sequence_code
            ORDER BY from_date ASC NULLS LAST, to_date ASC NULLS LAST, claim_id ASC NULLS LAST
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS island_no
    FROM reached
),

chained AS (
    SELECT
        claim_id,
        first_value(claim_id) OVER (
            PARTITION BY control_number, billing_npi, payer_sequence_code, island_no
            ORDER BY submission_date ASC NULLS LAST, claim_id ASC NULLS LAST
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS chain_id
    FROM island
)

SELECT
    CAST(bill.claim_id AS BIGINT) AS submission_id,
    CAST(coalesce(chained.chain_id, bill.claim_id) AS BIGINT) AS chain_id,
    CAST(bill.payer_sequence_code AS STRING) AS payer_sequence_code
FROM bill
LEFT JOIN chained ON chained.claim_id = bill.claim_id
