-- tie: one row per claim payment (CLP) up to the as-of date, with the chain it answers.
--
-- Reads    remit_claim, remit, claim, chain, known_payer, build_info
-- Sources  835 CLP01 = 837 CLM01 (005010X221A1).  METRICS: preference order where several claims
--          share a control number.
--
-- tie_rule: only (one claim holds the number), best (the best of several), original (a reversal
-- follows the payment it takes back), crossover (another payer's payment on a claim that was never
-- sent to it, and its reversal: counted in cash, not tied), none.  What comes later can change a tie: until moved_date
-- the payment was former_chain_id's, as far as was known.
WITH payment AS (
    SELECT
        remit_claim.remit_claim_id,
        upper(trim(remit_claim.patient_control_number)) AS control_number,
        remit_claim.status_code,
        CASE
            WHEN remit_claim.status_code IN ('1', '19') THEN 'P'
            WHEN remit_claim.status_code IN ('2', '20') THEN 'S'
            WHEN remit_claim.status_code IN ('3', '21') THEN 'T'
        END AS told_sequence_code,
        upper(trim(remit_claim.payer_claim_number)) AS payer_claim_number,
        upper(trim(remit_claim.original_reference_number)) AS original_reference_number,
        coalesce(remit_claim.service_from_date, remit_claim.service_to_date) AS from_date,
        coalesce(remit_claim.service_to_date, remit_claim.service_from_date) AS to_date,
        abs(remit_claim.charge_amount) AS charge_amount,
        remit.payment_date,
        remit.payee_npi,
        remit.payer_id
    FROM remit_claim
    JOIN remit ON remit.remit_id = remit_claim.remit_id
    CROSS JOIN build_info
    WHERE remit.payment_date <= build_info.as_of
),

holder AS (
    SELECT
        upper(trim(claim.patient_control_number)) AS control_number,
        min(chain.chain_id) AS chain_id,
        max(chain.chain_id) AS other_chain_id
    FROM chain
    JOIN claim ON claim.claim_id = chain.submission_id
    WHERE claim.patient_control_number IS NOT NULL
    GROUP BY upper(trim(claim.patient_control_number))
),

shared_bill AS (
    SELECT
        holder.control_number,
        chain.chain_id,
        chain.submission_id,
        chain.payer_sequence_code,
        upper(trim(claim.original_payer_claim_number)) AS original_payer_claim_number,
        coalesce(claim.service_from_date, claim.service_to_date) AS from_date,
        coalesce(claim.service_to_date, claim.service_from_date) AS to_date,
        claim.billed_amount,
        claim.billing_npi,
        claim.submission_date,
        known_payer.payer_name
    FROM holder
    JOIN claim ON upper(trim(claim.patient_control_number)) = holder.control_number
    JOIN chain ON chain.submission_id = claim.claim_id
    LEFT JOIN known_payer ON known_payer.payer_id = claim.payer_id
    WHERE holder.chain_id <> holder.other_chain_id
),

ranked AS (
    SELECT
        payment.remit_claim_id,
        shared_bill.control_number,
        payment.status_code,
        payment.payer_claim_number,
        payment.payment_date,
        shared_bill.chain_id,
        shared_bill.submission_date,
        row_number() OVER (
            PARTITION BY payment.remit_claim_id
            ORDER BY
                CASE WHEN shared_bill.payer_sequence_code = payment.told_sequence_code
                    THEN 0 ELSE 1 END ASC,
                CASE WHEN shared_bill.original_payer_claim_number IN (
                    payment.payer_claim_number, payment.original_reference_number
                ) THEN 0 ELSE 1 END ASC,
                CASE WHEN shared_bill.from_date = payment.from_date
                    AND shared_bill.to_date = payment.to_date THEN 0 ELSE 1 END ASC,
                CASE WHEN shared_bill.from_date <= payment.to_date
                    AND shared_bill.to_date >= payment.from_date THEN 0 ELSE 1 END ASC,
                CASE WHEN shared_bill.billed_amount = payment.charge_amount THEN 0 ELSE 1 END ASC,
                -- Payers and payees break what is still level; they never decide alone.
                CASE WHEN shared_bill.payer_name = known_payer.payer_name THEN 0 ELSE 1 END ASC,
                CASE WHEN shared_bill.billing_npi = payment.payee_npi THEN 0 ELSE 1 END ASC,
                CASE WHEN shared_bill.submission_date <= payment.payment_date
                    THEN 0 ELSE 1 END ASC,
                shared_bill.submission_date DESC NULLS LAST,
                shared_bill.submission_id DESC
        ) AS preference
    FROM payment
    JOIN shared_bill ON shared_bill.control_number = payment.control_number
    LEFT JOIN known_payer ON known_payer.payer_id = payment.payer_id
),

early AS (
    -- Tied to a claim that was sent after the payment: the best of those sent before was it till then.
    SELECT
        best.remit_claim_id,
        best.chain_id AS best_chain_id,
        min(ranked.preference) AS preference
    FROM ranked AS best
    JOIN ranked ON ranked.remit_claim_id = best.remit_claim_id
    WHERE best.preference = 1
      AND best.submission_date > best.payment_date
      AND ranked.submission_date <= ranked.payment_date
    GROUP BY best.remit_claim_id, best.chain_id
),

moved AS (
    SELECT
        early.remit_claim_id,
        former.chain_id,
        min(ranked.submission_date) AS moved_date
    FROM early
    JOIN ranked AS former
        ON former.remit_claim_id = early.remit_claim_id
        AND former.preference = early.preference
    JOIN ranked
        ON ranked.remit_claim_id = early.remit_claim_id
        AND ranked.chain_id = early.best_chain_id
        AND ranked.preference < early.preference
    GROUP BY early.remit_claim_id, former.chain_id
),

paid_under AS (
    -- The chain a payer's own claim number was answered on, where there is just one.
    SELECT control_number, payer_claim_number, min(chain_id) AS chain_id
    FROM ranked
    WHERE preference = 1 AND status_code <> '22' AND payer_claim_number <> ''
    GROUP BY control_number, payer_claim_number
    HAVING min(chain_id) = max(chain_id)
),

tied AS (
    SELECT
        payment.remit_claim_id,
        payment.told_sequence_code,
        payment.control_number,
        payment.payer_claim_number,
        payment.status_code,
        payment.payment_date,
        CASE
            WHEN payment.status_code = '22' AND paid_under.chain_id IS NOT NULL
                THEN paid_under.chain_id
            ELSE coalesce(ranked.chain_id, holder.chain_id)
        END AS chain_id,
        CASE
            WHEN holder.control_number IS NULL THEN 'none'
            WHEN ranked.remit_claim_id IS NULL THEN 'only'
            WHEN payment.status_code = '22' AND paid_under.chain_id IS NOT NULL THEN 'original'
            ELSE 'best'
        END AS tie_rule
    FROM payment
    LEFT JOIN holder ON holder.control_number = payment.control_number
    LEFT JOIN ranked
        ON ranked.remit_claim_id = payment.remit_claim_id AND ranked.preference = 1
    LEFT JOIN paid_under
        ON paid_under.control_number = payment.control_number
        AND paid_under.payer_claim_number = payment.payer_claim_number
),

stray AS (
    -- Medicare passes claims on to the next payer itself.  That payer's answer carries the same
    -- control number, though no claim was sent to it; it does not answer the primary claim.
    SELECT
        tied.remit_claim_id, tied.chain_id, tied.payment_date,
        tied.control_number, tied.payer_claim_number
    FROM tied
    JOIN chain ON chain.submission_id = tied.chain_id
    WHERE chain.payer_sequence_code = 'P' AND tied.told_sequence_code IN ('S', 'T')
),

crossover AS (
    -- Until the primary payer answers, it looks like the answer of a payer that finds itself second.
    SELECT
        stray.remit_claim_id,
        stray.chain_id,
        stray.payment_date,
        stray.control_number,
        stray.payer_claim_number,
        min(tied.payment_date) AS primary_date
    FROM stray
    JOIN tied ON tied.chain_id = stray.chain_id
    WHERE tied.told_sequence_code = 'P'
    GROUP BY 1, 2, 3, 4, 5
),

passed_on AS (
    -- Numbers of the second payer under which nothing but such payments came.
    SELECT crossover.control_number, crossover.payer_claim_number
    FROM crossover
    JOIN tied
        ON tied.control_number = crossover.control_number
        AND tied.payer_claim_number = crossover.payer_claim_number
    WHERE tied.status_code <> '22' AND tied.payer_claim_number <> ''
    GROUP BY crossover.control_number, crossover.payer_claim_number
    HAVING count(DISTINCT tied.remit_claim_id) = count(DISTINCT crossover.remit_claim_id)
),

passed_back AS (
    SELECT tied.remit_claim_id, tied.control_number, tied.payer_claim_number, tied.payment_date
    FROM tied
    JOIN passed_on
        ON passed_on.control_number = tied.control_number
        AND passed_on.payer_claim_number = tied.payer_claim_number
    WHERE tied.status_code = '22'
),

untied AS (
    SELECT
        crossover.remit_claim_id,
        crossover.chain_id AS former_chain_id,
        least(crossover.primary_date, min(passed_back.payment_date)) AS moved_date
    FROM crossover
    LEFT JOIN passed_back
        ON passed_back.control_number = crossover.control_number
        AND passed_back.payer_claim_number = crossover.payer_claim_number
        AND passed_back.payment_date >= crossover.payment_date
    WHERE crossover.primary_date > crossover.payment_date
    GROUP BY crossover.remit_claim_id, crossover.chain_id, crossover.primary_date
),

passing AS (
    SELECT remit_claim_id FROM crossover
    UNION
    SELECT remit_claim_id FROM passed_back
)

SELECT
    CAST(tied.remit_claim_id AS BIGINT) AS remit_claim_id,
    CAST(CASE WHEN passing.remit_claim_id IS NULL THEN tied.chain_id END AS BIGINT) AS chain_id,
    CAST(
        CASE WHEN passing.remit_claim_id IS NULL THEN tied.tie_rule ELSE 'crossover' END
        AS VARCHAR
    ) AS tie_rule,
    CAST(CASE
        WHEN passing.remit_claim_id IS NULL THEN moved.chain_id ELSE untied.former_chain_id
    END AS BIGINT) AS former_chain_id,
    CAST(CASE
        WHEN passing.remit_claim_id IS NULL THEN moved.moved_date ELSE untied.moved_date
    END AS DATE) AS moved_date
FROM tied
LEFT JOIN passing ON passing.remit_claim_id = tied.remit_claim_id
LEFT JOIN untied ON untied.remit_claim_id = tied.remit_claim_id
LEFT JOIN moved
    ON moved.remit_claim_id = tied.remit_claim_id AND tied.tie_rule = 'best'
