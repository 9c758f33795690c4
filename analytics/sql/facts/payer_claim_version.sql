-- payer_claim_version: one row per payer's claim as a feed tells it, with what became of it.
--
-- Reads    payer_claim, person, build_info
-- Source   CMS CCLF Information Packet, natural keys and final action; CCW: FINAL_ACTION.
--
-- fate: final; copy (the same version came in a later file); not_final (the feed says so);
-- cancellation; cancelled (taken back by one); superseded (a later version came); not_paid (a part A
-- claim with a reason of non-payment).
--
-- CCLF parts A and B: of the versions of a claim under its natural key and member, each cancellation
-- takes back the oldest original or adjustment of the same amount paid; what remains stands, and may
-- be more than one.  A cancellation has the amounts of what it cancels: its money counts negative.
-- Part D and other feeds send a claim anew instead: the latest stands, unless it cancels.
--
-- A version processed (else paid) after the as-of date is not there yet; one without such a day is.
WITH version AS (
    SELECT
        payer_claim.payer_claim_id,
        person.person_id,
        payer_claim.feed_code,
        payer_claim.claim_number,
        payer_claim.claim_key,
        payer_claim.claim_type,
        payer_claim.is_final,
        payer_claim.nonpayment_code,
        payer_claim.paid_amount,
        payer_claim.processed_date,
        payer_claim.file_id,
        payer_claim.record_no,
        coalesce(payer_claim.adjustment_code, '0') AS adjustment_code,
        payer_claim.feed_code = 'cclf' AND payer_claim.claim_type <> 'pharmacy' AS is_matched,
        row_number() OVER (
            PARTITION BY
                payer_claim.feed_code, payer_claim.claim_number, payer_claim.claim_key,
                coalesce(payer_claim.adjustment_code, '0')
            ORDER BY payer_claim.file_id DESC NULLS LAST, payer_claim.record_no DESC NULLS LAST
        ) AS copy_no
    FROM payer_claim
    JOIN person ON person.patient_id = payer_claim.patient_id
    CROSS JOIN build_info
    WHERE coalesce(payer_claim.processed_date, payer_claim.paid_date, build_info.as_of)
        <= build_info.as_of
),

placed AS (
    SELECT
        *,
        sum(CASE WHEN adjustment_code = '1' AND copy_no = 1 THEN 1 ELSE 0 END) OVER (
            PARTITION BY feed_code, claim_key, person_id, paid_amount
        ) AS cancellation_count,
        row_number() OVER (
            PARTITION BY
                feed_code, claim_key, person_id, paid_amount,
                CASE WHEN adjustment_code = '1' THEN 1 ELSE 0 END,
                CASE WHEN copy_no = 1 THEN 1 ELSE 0 END
            ORDER BY
                processed_date ASC NULLS FIRST,
                file_id ASC NULLS LAST,
                claim_number ASC NULLS LAST,
                record_no ASC NULLS LAST
        ) AS age_no,
        row_number() OVER (
            PARTITION BY feed_code, claim_key, person_id, CASE WHEN copy_no = 1 THEN 1 ELSE 0 END
            ORDER BY
                file_id DESC NULLS LAST,
                processed_date DESC NULLS LAST,
                -- Of one day an adjustment comes last, and a cancellation after the original.
                CASE adjustment_code WHEN '2' THEN 1 WHEN '1' THEN 2 ELSE 3 END ASC NULLS LAST,
                record_no DESC NULLS LAST
        ) AS latest_no
    FROM version
)

SELECT
    CAST(payer_claim_id AS BIGINT) AS payer_claim_id,
    CAST(person_id AS BIGINT) AS person_id,
    CAST(feed_code AS STRING) AS feed_code,
    CAST(
        CASE
            WHEN copy_no > 1 THEN 'copy'
            WHEN NOT is_matched AND latest_no > 1 THEN 'superseded'
            WHEN adjustment_code = '1' THEN 'cancellation'
            WHEN NOT is_final THEN 'not_final'
            WHEN is_matched AND age_no <= cancellation_count THEN 'cancelled'
            WHEN feed_code = 'cclf' AND claim_type = 'institutional' AND nonpayment_code IS NOT NULL
                THEN 'not_paid'
            ELSE 'final'
        END AS STRING
    ) AS fate,
    CAST(
        CASE WHEN adjustment_code = '1' THEN -paid_amount ELSE paid_amount END AS DECIMAL(14, 2)
    ) AS signed_paid_amount,
    CAST(file_id AS BIGINT) AS file_id,
    CAST(record_no AS BIGINT) AS record_no
FROM placed
