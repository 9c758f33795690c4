-- tie: one row per claim payment (CLP) up to the as-of date, with the chain it answers.
--
-- Reads    remit_claim, remit, claim, chain, known_payer, build_info
-- Sources  835 CLP01 = 837 CLM01 (005010X221A1).  METRICS: preference order where several claims
--          share a control number.
--
-- tie_rule: only (one claim holds the number), best (the best of several), original (a reversal
-- follows the payment it takes back), crossover (another payer's payment on a claim that was never
-- sent to it, and its reversal: counted in cash, not tied), none.  What comes later can change a tie:
-- until moved_date the payment was former_chain_id's, as far as was known.
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
        remit.payment_date
    FROM remit_claim
    JOIN remit ON remit.remit_id = remit_claim.remit_id
    CROSS JOIN build_info
    WHERE remit.payment_date <= build_info.as_of
),

bill AS (
    SELECT
        upper(trim(claim.patient_control_number)) AS control_number,
        chain.submission_id,
        chain.chain_id
    FROM chain
    JOIN claim ON claim.claim_id = chain.submission_id
    WHERE claim.patient_control_number IS NOT NULL
),

held AS (
    -- Numbers are compared as text here only: from here on ids stand for them.
    SELECT payment.remit_claim_id, bill.submission_id, bill.chain_id
    FROM payment
    LEFT JOIN bill ON bill.control_number = payment.control_number
),

holder AS (
    -- Payments under one number are held by the same submissions: the first names the number.
    SELECT
        remit_claim_id,
        min(submission_id) AS number_id,
        min(chain_id) AS chain_id,
        max(chain_id) AS other_chain_id
    FROM held
    GROUP BY remit_claim_id
),

contested AS (
    SELECT
        payment.remit_claim_id,
        holder.number_id,
        payment.status_code,
        payment.told_sequence_code,
        payment.payment_date,
        upper(trim(remit_claim.payer_claim_number)) AS payer_claim_number,
        upper(trim(remit_claim.original_reference_number)) AS original_reference_number,
        coalesce(remit_claim.service_from_date, remit_claim.service_to_date) AS from_date,
        coalesce(remit_claim.service_to_date, remit_claim.service_from_date) AS to_date,
        abs(remit_claim.charge_amount) AS charge_amount,
        remit.payee_npi,
        known_payer.payer_name
    FROM holder
    JOIN payment ON payment.remit_claim_id = holder.remit_claim_id
    JOIN remit_claim ON remit_claim.remit_claim_id = holder.remit_claim_id
    JOIN remit ON remit.remit_id = remit_claim.remit_id
    LEFT JOIN known_payer ON known_payer.payer_id = remit.payer_id
    WHERE holder.chain_id <> holder.other_chain_id
),

shared_bill AS (
    SELECT
        held.remit_claim_id,
        held.chain_id,
        held.submission_id,
        chain.payer_sequence_code,
        upper(trim(claim.original_payer_claim_number)) AS original_payer_claim_number,
        coalesce(claim.service_from_date, claim.service_to_date) AS from_date,
        coalesce(claim.service_to_date, claim.service_from_date) AS to_date,
        claim.billed_amount,
        claim.billing_npi,
        claim.submission_date,
        known_payer.payer_name
    FROM contested
    JOIN held ON held.remit_claim_id = contested.remit_claim_id
    JOIN chain ON chain.submission_id = held.submission_id
    JOIN claim ON claim.claim_id = held.submission_id
    LEFT JOIN known_payer ON known_payer.payer_id = claim.payer_id
),

ranked AS (
    SELECT
        contested.remit_claim_id,
        contested.number_id,
        contested.status_code,
        contested.payer_claim_number,
        contested.payment_date,
        shared_bill.chain_id,
        shared_bill.submission_date,
        row_number() OVER (
            PARTITION BY contested.remit_claim_id
            ORDER BY
                CASE WHEN shared_bill.payer_sequence_code = contested.told_sequence_code
                    THEN 0 ELSE 1 END ASC NULLS LAST,
                CASE WHEN shared_bill.original_payer_claim_number IN (
                    contested.payer_claim_number, contested.original_reference_number
                ) THEN 0 ELSE 1 END ASC NULLS LAST,
                CASE WHEN shared_bill.from_date = contested.from_date
                    AND shared_bill.to_date = contested.to_date THEN 0 ELSE 1 END ASC NULLS LAST,
                CASE WHEN shared_bill.from_date <= contested.to_date
                    AND shared_bill.to_date >= contested.from_date THEN 0 ELSE 1 END ASC NULLS LAST,
                CASE WHEN shared_bill.billed_amount = contested.charge_amount
                    THEN 0 ELSE 1 END ASC NULLS LAST,
                -- Payers and payees break what is still level; they never decide alone.
                CASE WHEN shared_bill.payer_name = contested.payer_name THEN 0 ELSE 1 END ASC NULLS LAST,
                CASE WHEN shared_bill.billing_npi = contested.payee_npi THEN 0 ELSE 1 END ASC NULLS LAST,
                CASE WHEN shared_bill.submission_date <= contested.payment_date
                    THEN 0 ELSE 1 END ASC NULLS LAST,
                shared_bill.submission_date DESC NULLS LAST,
                shared_bill.submission_id DESC NULLS LAST
        ) AS preference
    FROM contested
    JOIN shared_bill ON shared_bill.remit_claim_id = contested.remit_claim_id
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
    SELECT number_id, payer_claim_number, min(chain_id) AS chain_id
    FROM ranked
    WHERE preference = 1 AND status_code <> '22' AND payer_claim_number <> ''
    GROUP BY number_id, payer_claim_number
    HAVING min(chain_id) = max(chain_id)
),

chosen AS (
    SELECT
        ranked.remit_claim_id,
        CASE WHEN ranked.status_code = '22' THEN coalesce(paid_under.chain_id, ranked.chain_id)
            ELSE ranked.chain_id END AS chain_id,
        CASE WHEN ranked.status_code = '22' AND paid_under.chain_id IS NOT NULL THEN 'original'
            ELSE 'best' END AS tie_rule
    FROM ranked
    LEFT JOIN paid_under
        ON paid_under.number_id = ranked.number_id
        AND paid_under.payer_claim_number = ranked.payer_claim_number
    WHERE ranked.preference = 1
),

tied AS (
    SELECT
        holder.remit_claim_id,
        holder.number_id,
        coalesce(chosen.chain_id, holder.chain_id) AS chain_id,
        CASE
            WHEN holder.number_id IS NULL THEN 'none'
            ELSE coalesce(chosen.tie_rule, 'only')
        END AS tie_rule
    FROM holder
    LEFT JOIN chosen ON chosen.remit_claim_id = holder.remit_claim_id
),

stray AS (
    -- Medicare passes claims on to the next payer itself.  That payer's answer carries the same
    -- control number, though no claim was sent to it; it does not answer the primary claim.
    SELECT tied.remit_claim_id, tied.chain_id, payment.payment_date, tied.number_id
    FROM payment
    JOIN tied ON tied.remit_claim_id = payment.remit_claim_id
    JOIN chain ON chain.submission_id = tied.chain_id
    WHERE chain.payer_sequence_code = 'P' AND payment.told_sequence_code IN ('S', 'T')
),

crossover AS (
    -- Until the primary payer answers, it looks like the answer of a payer that finds itself second.
    SELECT
        stray.remit_claim_id,
        stray.chain_id,
        stray.payment_date,
        stray.number_id,
        min(payment.payment_date) AS primary_date
    FROM stray
    JOIN tied ON tied.chain_id = stray.chain_id
    JOIN payment ON payment.remit_claim_id = tied.remit_claim_id
    WHERE payment.told_sequence_code = 'P'
    GROUP BY 1, 2, 3, 4
),

near AS (
    -- All payments under the control numbers of such.  DISTINCT keeps this small join apart.
    SELECT DISTINCT tied.remit_claim_id, tied.number_id
    FROM tied
    JOIN crossover ON crossover.number_id = tied.number_id
),

beside AS (
    SELECT
        near.remit_claim_id,
        near.number_id,
        payment.status_code,
        payment.payment_date,
        upper(trim(remit_claim.payer_claim_number)) AS payer_claim_number
    FROM near
    JOIN payment ON payment.remit_claim_id = near.remit_claim_id
    JOIN remit_claim ON remit_claim.remit_claim_id = near.remit_claim_id
),

passed_on AS (
    -- Numbers of the second payer under which nothing but such payments came.
    SELECT beside.number_id, beside.payer_claim_number
    FROM beside
    LEFT JOIN crossover ON crossover.remit_claim_id = beside.remit_claim_id
    WHERE beside.status_code <> '22' AND beside.payer_claim_number <> ''
    GROUP BY beside.number_id, beside.payer_claim_number
    HAVING count(*) = count(crossover.remit_claim_id)
),

passed_back AS (
    SELECT beside.remit_claim_id, beside.number_id, beside.payer_claim_number, beside.payment_date
    FROM beside
    JOIN passed_on
        ON passed_on.number_id = beside.number_id
        AND passed_on.payer_claim_number = beside.payer_claim_number
    WHERE beside.status_code = '22'
),

untied AS (
    SELECT
        crossover.remit_claim_id,
        crossover.chain_id AS former_chain_id,
        least(crossover.primary_date, min(passed_back.payment_date)) AS moved_date
    FROM crossover
    LEFT JOIN beside ON beside.remit_claim_id = crossover.remit_claim_id
    LEFT JOIN passed_back
        ON passed_back.number_id = beside.number_id
        AND passed_back.payer_claim_number = beside.payer_claim_number
        AND passed_back.payment_date >= crossover.payment_date
    WHERE crossover.primary_date > crossover.payment_date
    GROUP BY crossover.remit_claim_id, crossover.chain_id, crossover.primary_date
),

passing AS (
    SELECT remit_claim_id FROM crossover
    UNION
    SELECT remit_claim_id FROM passed_back
),

changed AS (
    -- Few: one join finds them all.
    SELECT
        passing.remit_claim_id, TRUE AS is_passed, untied.former_chain_id, untied.moved_date
    FROM passing
    LEFT JOIN untied ON untied.remit_claim_id = passing.remit_claim_id
    UNION ALL
    SELECT
        moved.remit_claim_id, FALSE AS is_passed, moved.chain_id AS former_chain_id,
        moved.moved_date
    FROM moved
    JOIN chosen ON chosen.remit_claim_id = moved.remit_claim_id AND chosen.tie_rule = 'best'
    LEFT JOIN passing ON passing.remit_claim_id = moved.remit_claim_id
    WHERE passing.remit_claim_id IS NULL
)

SELECT
    CAST(tied.remit_claim_id AS BIGINT) AS remit_claim_id,
    CAST(CASE WHEN changed.is_passed THEN NULL ELSE tied.chain_id END AS BIGINT) AS chain_id,
    CAST(CASE WHEN changed.is_passed THEN 'crossover' ELSE tied.tie_rule END AS STRING)
        AS tie_rule,
    CAST(changed.former_chain_id AS BIGINT) AS former_chain_id,
    CAST(changed.moved_date AS DATE) AS moved_date
FROM tied
LEFT JOIN changed ON changed.remit_claim_id = tied.remit_claim_id
