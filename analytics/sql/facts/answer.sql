-- answer: one row per claim payment (CLP) up to the as-of date, with its claim and its part in it.
--
-- Reads    remit_claim, remit, tie, submission, adjustment, adjustment_kind, known_payer
-- Sources  835 CLP02: 22 reversal, 23 not our claim and forwarded, 25 predetermination only.
--
-- A reversal takes back one earlier answer.  Reversals and answers of one claim nest like brackets:
-- a reversal takes back the latest earlier answer on its own level.  Three passes, each over what
-- the one before left: same payer claim number and opposite amounts; same payer claim number;
-- opposite amounts under another number.  An answer is taken back whole, whatever the amount of its
-- reversal: 835 section 1.10.2.8 has the correction tell what stands.
WITH pended AS (
    -- Nothing but pend codes, nothing paid: the payer has not answered yet.
    SELECT adjustment.remit_claim_id
    FROM adjustment
    LEFT JOIN adjustment_kind
        ON adjustment_kind.carc_code = adjustment.carc_code
        AND adjustment_kind.group_code IS NOT DISTINCT FROM adjustment.group_code
    WHERE adjustment.remit_claim_id IN (
        SELECT held.remit_claim_id
        FROM adjustment AS held
        JOIN adjustment_kind AS held_kind
            ON held_kind.carc_code = held.carc_code
            AND held_kind.group_code IS NOT DISTINCT FROM held.group_code
        WHERE held_kind.kind = 'pend'
    )
    GROUP BY adjustment.remit_claim_id
    HAVING count(*) = count(*) FILTER (WHERE adjustment_kind.kind = 'pend')
),

payment AS (
    SELECT
        remit_claim.remit_claim_id,
        remit_claim.remit_id,
        remit_claim.file_id,
        remit_claim.record_no,
        submission.claim_id,
        tie.tie_rule,
        remit_claim.status_code,
        remit_claim.payer_claim_number,
        remit.payment_date,
        remit_claim.received_date,
        known_payer.payer_name,
        known_payer.line_of_business,
        coalesce(remit_claim.charge_amount, 0) AS charge_amount,
        coalesce(remit_claim.paid_amount, 0) AS paid_amount,
        CASE
            WHEN remit_claim.status_code = '22' THEN 'reversal'
            WHEN remit_claim.status_code = '23' THEN 'forwarded'
            WHEN remit_claim.status_code = '25' THEN 'predetermination'
            WHEN pended.remit_claim_id IS NOT NULL
                AND coalesce(remit_claim.paid_amount, 0) = 0 THEN 'pended'
            ELSE 'answer'
        END AS role
    FROM tie
    JOIN remit_claim ON remit_claim.remit_claim_id = tie.remit_claim_id
    JOIN remit ON remit.remit_id = remit_claim.remit_id
    LEFT JOIN submission ON submission.submission_id = tie.chain_id
    LEFT JOIN pended ON pended.remit_claim_id = tie.remit_claim_id
    LEFT JOIN known_payer ON known_payer.payer_id = remit.payer_id
),

reversed_claim AS (
    SELECT DISTINCT claim_id
    FROM payment
    WHERE role = 'reversal' AND claim_id IS NOT NULL
),

moving AS (
    -- Pends can be reversed as well; only the order within the claim matters from here on.
    SELECT
        payment.remit_claim_id,
        payment.claim_id,
        coalesce(upper(trim(payment.payer_claim_number)), '') AS payer_claim_number,
        -- Some payers send the amounts of a reversal without their sign.
        CASE WHEN payment.role = 'reversal' THEN abs(payment.charge_amount)
            ELSE payment.charge_amount END AS charge_amount,
        CASE WHEN payment.role = 'reversal' THEN abs(payment.paid_amount)
            ELSE payment.paid_amount END AS paid_amount,
        CASE WHEN payment.role = 'reversal' THEN -1 ELSE 1 END AS step,
        row_number() OVER (
            PARTITION BY payment.claim_id
            ORDER BY
                payment.payment_date ASC NULLS LAST,
                payment.file_id ASC NULLS LAST,
                payment.record_no ASC NULLS LAST,
                payment.remit_claim_id ASC NULLS LAST
        ) AS place
    FROM payment
    JOIN reversed_claim ON reversed_claim.claim_id = payment.claim_id
    WHERE payment.role IN ('answer', 'pended', 'reversal')
),

level_1 AS (
    SELECT
        remit_claim_id, claim_id, payer_claim_number, charge_amount, paid_amount, step, place,
        sum(step) OVER (
            PARTITION BY claim_id, payer_claim_number, charge_amount, paid_amount
            ORDER BY place ASC NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) + CASE WHEN step = -1 THEN 1 ELSE 0 END AS depth
    FROM moving
),

pair_1 AS (
    SELECT back.remit_claim_id AS reversal_id, max(given.place) AS place, back.claim_id
    FROM level_1 AS back
    JOIN level_1 AS given
        ON given.claim_id = back.claim_id
        AND given.payer_claim_number = back.payer_claim_number
        AND given.charge_amount = back.charge_amount
        AND given.paid_amount = back.paid_amount
        AND given.depth = back.depth
        AND given.step = 1
        AND given.place < back.place
    WHERE back.step = -1
    GROUP BY back.remit_claim_id, back.claim_id
),

left_1 AS (
    SELECT
        moving.remit_claim_id, moving.claim_id, moving.payer_claim_number,
        moving.charge_amount, moving.paid_amount, moving.step, moving.place
    FROM moving
    LEFT JOIN pair_1 AS taken
        ON taken.claim_id = moving.claim_id AND taken.place = moving.place
    LEFT JOIN pair_1 AS done ON done.reversal_id = moving.remit_claim_id
    WHERE taken.reversal_id IS NULL AND done.reversal_id IS NULL
),

level_2 AS (
    SELECT
        remit_claim_id, claim_id, payer_claim_number, step, place,
        sum(step) OVER (
            PARTITION BY claim_id, payer_claim_number
            ORDER BY place ASC NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) + CASE WHEN step = -1 THEN 1 ELSE 0 END AS depth
    FROM left_1
    WHERE payer_claim_number <> ''
),

pair_2 AS (
    SELECT back.remit_claim_id AS reversal_id, max(given.place) AS place, back.claim_id
    FROM level_2 AS back
    JOIN level_2 AS given
        ON given.claim_id = back.claim_id
        AND given.payer_claim_number = back.payer_claim_number
        AND given.depth = back.depth
        AND given.step = 1
        AND given.place < back.place
    WHERE back.step = -1
    GROUP BY back.remit_claim_id, back.claim_id
),

level_3 AS (
    SELECT
        left_1.remit_claim_id, left_1.claim_id, left_1.charge_amount, left_1.paid_amount,
        left_1.step, left_1.place,
        sum(left_1.step) OVER (
            PARTITION BY left_1.claim_id, left_1.charge_amount, left_1.paid_amount
            ORDER BY left_1.place ASC NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) + CASE WHEN left_1.step = -1 THEN 1 ELSE 0 END AS depth
    FROM left_1
    LEFT JOIN pair_2 AS taken
        ON taken.claim_id = left_1.claim_id AND taken.place = left_1.place
    LEFT JOIN pair_2 AS done ON done.reversal_id = left_1.remit_claim_id
    WHERE taken.reversal_id IS NULL AND done.reversal_id IS NULL
),

pair_3 AS (
    SELECT back.remit_claim_id AS reversal_id, max(given.place) AS place, back.claim_id
    FROM level_3 AS back
    JOIN level_3 AS given
        ON given.claim_id = back.claim_id
        AND given.charge_amount = back.charge_amount
        AND given.paid_amount = back.paid_amount
        AND given.depth = back.depth
        AND given.step = 1
        AND given.place < back.place
    WHERE back.step = -1
    GROUP BY back.remit_claim_id, back.claim_id
),

every_pair AS (
    SELECT reversal_id, claim_id, place FROM pair_1
    UNION ALL
    SELECT reversal_id, claim_id, place FROM pair_2
    UNION ALL
    SELECT reversal_id, claim_id, place FROM pair_3
),

takeback AS (
    SELECT moving.remit_claim_id, every_pair.reversal_id, reversal.payment_date
    FROM every_pair
    JOIN moving
        ON moving.claim_id = every_pair.claim_id AND moving.place = every_pair.place
    JOIN payment AS reversal ON reversal.remit_claim_id = every_pair.reversal_id
),

answered AS (
    SELECT claim_id, min(payment_date) AS first_date, max(payment_date) AS last_date
    FROM payment
    WHERE role = 'answer' AND claim_id IS NOT NULL
    GROUP BY claim_id
),

numbered AS (
    -- Payments of one claim on one day are one answer (a split remit).
    SELECT
        payment.remit_claim_id,
        dense_rank() OVER (
            PARTITION BY payment.claim_id ORDER BY payment.payment_date ASC NULLS LAST
        ) AS answer_no
    FROM payment
    JOIN answered
        ON answered.claim_id = payment.claim_id AND answered.first_date < answered.last_date
    WHERE payment.role = 'answer'
),

noted AS (
    -- Few, and found by one join: all others are first answers that stand.
    SELECT
        remit_claim_id,
        max(answer_no) AS answer_no,
        max(reversal_id) AS reversal_id,
        max(taken_back_date) AS taken_back_date
    FROM (
        SELECT
            remit_claim_id, answer_no, CAST(NULL AS BIGINT) AS reversal_id,
            CAST(NULL AS DATE) AS taken_back_date
        FROM numbered
        UNION ALL
        SELECT
            remit_claim_id, CAST(NULL AS BIGINT) AS answer_no, reversal_id,
            payment_date AS taken_back_date
        FROM takeback
    ) AS one
    GROUP BY remit_claim_id
)

SELECT
    CAST(payment.remit_claim_id AS BIGINT) AS remit_claim_id,
    CAST(payment.remit_id AS BIGINT) AS remit_id,
    CAST(payment.claim_id AS BIGINT) AS claim_id,
    CAST(payment.tie_rule AS STRING) AS tie_rule,
    CAST(payment.claim_id IS NOT NULL AS BOOLEAN) AS is_matched,
    CAST(payment.role AS STRING) AS role,
    CAST(payment.role = 'answer' AS BOOLEAN) AS is_answer,
    CAST(CASE
        WHEN payment.role = 'answer' AND payment.claim_id IS NOT NULL
            THEN coalesce(noted.answer_no, 1)
    END AS INTEGER) AS answer_no,
    CAST(noted.reversal_id AS BIGINT) AS taken_back_by,
    CAST(noted.taken_back_date AS DATE) AS taken_back_date,
    CAST(noted.reversal_id IS NOT NULL AS BOOLEAN) AS is_taken_back,
    CAST(payment.status_code AS STRING) AS status_code,
    CAST(payment.payment_date AS DATE) AS payment_date,
    CAST(payment.received_date AS DATE) AS received_date,
    payment.payer_name AS remit_payer_name,
    payment.line_of_business AS remit_line_of_business,
    CAST(payment.charge_amount AS DECIMAL(18, 2)) AS charge_amount,
    CAST(payment.paid_amount AS DECIMAL(18, 2)) AS paid_amount,
    CAST(payment.file_id AS BIGINT) AS file_id,
    CAST(payment.record_no AS BIGINT) AS record_no
FROM payment
LEFT JOIN noted ON noted.remit_claim_id = payment.remit_claim_id
