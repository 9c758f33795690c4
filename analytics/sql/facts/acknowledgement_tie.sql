-- acknowledgement_tie: one row per acknowledgement and what it is of: a submission, or each set sent.
--
-- Reads    acknowledgement, transaction_set, claim, build_info
-- Sources  277CA (005010X214): TRN02 = CLM01 of a claim, and BHT03 of a batch.  999 and 997: AK102 =
--          GS06, AK202 = ST02.  TA1: TA101 = ISA13, TA102 = ISA09.
--
-- An acknowledgement is of nothing sent after it.  Of several submissions with its control number:
-- the one of the batch it names, then of the charge it states, then the latest.  Of several sets (or
-- groups, batches) with its numbers: one between the same two parties, then of the charge it states,
-- then the latest.  Control
-- numbers repeat: where the set meant was not loaded, an older one with its numbers is taken for it.
-- What ties to nothing is kept, with nulls.  Left out are those that say neither accepted nor
-- rejected, are of something else than claims, or accept a mere envelope.
WITH said AS (
    SELECT
        acknowledgement.acknowledgement_id,
        CASE WHEN acknowledgement.level NOT IN ('claim', 'line') THEN acknowledgement.level END
            AS whole_level,
        -- For groups only: a join on a test of one side alone compares every row with every row.
        CASE WHEN acknowledgement.level = 'group'
            THEN acknowledgement.transaction_id END AS group_answering_id,
        acknowledgement.level = 'group' AND acknowledgement.action = 'accepted' AS accepts_group
    FROM acknowledgement
    CROSS JOIN build_info
    WHERE acknowledgement.acknowledged_date <= build_info.as_of
      AND acknowledgement.action IS NOT NULL
      AND coalesce(acknowledgement.set_type_code, '837') = '837'
      AND coalesce(acknowledgement.functional_code, 'HC') = 'HC'
      AND NOT (acknowledgement.level = 'interchange' AND acknowledgement.action = 'accepted')
),

found AS (
    SELECT acknowledgement.acknowledgement_id, claim.claim_id AS submission_id
    FROM acknowledgement
    JOIN claim
        ON upper(trim(claim.patient_control_number))
        = upper(trim(acknowledgement.patient_control_number))
        AND claim.submission_date <= acknowledgement.acknowledged_date
    WHERE acknowledgement.level IN ('claim', 'line')
),

candidate AS (
    SELECT
        acknowledgement_id,
        min(submission_id) AS submission_id,
        max(submission_id) AS other_submission_id
    FROM found
    GROUP BY acknowledgement_id
),

ranked AS (
    -- Only where there are several: they are few.
    SELECT
        found.acknowledgement_id,
        found.submission_id,
        row_number() OVER (
            PARTITION BY found.acknowledgement_id
            ORDER BY
                CASE WHEN transaction_set.reference_number = acknowledgement.reference_number
                    THEN 0 ELSE 1 END ASC NULLS LAST,
                CASE WHEN claim.billed_amount = acknowledgement.charge_amount THEN 0 ELSE 1 END ASC NULLS LAST,
                claim.submission_date DESC NULLS LAST,
                claim.claim_id DESC NULLS LAST
        ) AS preference
    FROM candidate
    JOIN found ON found.acknowledgement_id = candidate.acknowledgement_id
    JOIN acknowledgement ON acknowledgement.acknowledgement_id = found.acknowledgement_id
    JOIN claim ON claim.claim_id = found.submission_id
    LEFT JOIN transaction_set ON transaction_set.transaction_id = claim.transaction_id
    WHERE candidate.submission_id <> candidate.other_submission_id
),

of_set AS (
    SELECT
        acknowledgement.acknowledgement_id,
        acknowledgement.transaction_id AS answering_id,
        acknowledgement.level,
        acknowledgement.acknowledged_date,
        acknowledgement.charge_amount,
        CASE
            WHEN acknowledgement.level = 'set'
                THEN trim(LEADING '0' FROM acknowledgement.gs_control_number)
                    || '|' || trim(LEADING '0' FROM acknowledgement.st_control_number)
            WHEN acknowledgement.level = 'group'
                THEN trim(LEADING '0' FROM acknowledgement.gs_control_number)
            WHEN acknowledgement.level = 'interchange'
                THEN trim(LEADING '0' FROM acknowledgement.isa_control_number)
                    || '|' || CAST(acknowledgement.interchange_date AS STRING)
            ELSE acknowledgement.reference_number
        END AS number,
        answering.sender_code,
        answering.receiver_code
    FROM said
    JOIN acknowledgement
        ON acknowledgement.acknowledgement_id = said.acknowledgement_id
        AND acknowledgement.level = said.whole_level
    LEFT JOIN transaction_set AS answering
        ON answering.transaction_id = acknowledgement.transaction_id
    WHERE said.whole_level <> 'provider' OR acknowledgement.provider_npi IS NOT NULL
),

sent AS (
    SELECT
        transaction_id, min(submission_date) AS submission_date, sum(billed_amount) AS billed_amount
    FROM claim
    GROUP BY transaction_id
),

sent_set AS (
    SELECT
        transaction_set.transaction_id,
        transaction_set.file_id,
        transaction_set.sender_code,
        transaction_set.receiver_code,
        transaction_set.reference_number,
        trim(LEADING '0' FROM transaction_set.st_control_number) AS st_number,
        trim(LEADING '0' FROM transaction_set.gs_control_number) AS gs_number,
        trim(LEADING '0' FROM transaction_set.isa_control_number)
            || '|' || CAST(transaction_set.interchange_date AS STRING) AS isa_number,
        sent.submission_date,
        sent.billed_amount
    FROM transaction_set
    JOIN sent ON sent.transaction_id = transaction_set.transaction_id
),

-- Each set under every number it can be meant by; a whole is what the number names, by its first set.
meant AS (
    SELECT
        'set' AS level,
        gs_number || '|' || st_number AS number,
        transaction_id AS whole_id,
        transaction_id, sender_code, receiver_code, submission_date, billed_amount
    FROM sent_set
    UNION ALL
    SELECT
        'group' AS level,
        gs_number AS number,
        min(transaction_id) OVER (PARTITION BY file_id, isa_number, gs_number) AS whole_id,
        transaction_id, sender_code, receiver_code, submission_date, billed_amount
    FROM sent_set
    UNION ALL
    SELECT
        'interchange' AS level,
        isa_number AS number,
        min(transaction_id) OVER (PARTITION BY file_id, isa_number) AS whole_id,
        transaction_id, sender_code, receiver_code, submission_date, billed_amount
    FROM sent_set
    UNION ALL
    SELECT
        batch.level,
        sent_set.reference_number AS number,
        min(sent_set.transaction_id) OVER (
            PARTITION BY batch.level, sent_set.file_id, sent_set.reference_number
        ) AS whole_id,
        sent_set.transaction_id, sent_set.sender_code, sent_set.receiver_code,
        sent_set.submission_date, sent_set.billed_amount
    FROM sent_set
    CROSS JOIN (SELECT 'batch' AS level UNION ALL SELECT 'provider' AS level) AS batch
),

named_whole AS (
    SELECT
        of_set.acknowledgement_id,
        of_set.level,
        of_set.acknowledged_date,
        meant.whole_id,
        row_number() OVER (
            PARTITION BY of_set.acknowledgement_id
            ORDER BY
                CASE
                    WHEN meant.sender_code = of_set.receiver_code
                        AND meant.receiver_code = of_set.sender_code THEN 0
                    ELSE 1
                END ASC NULLS LAST,
                CASE WHEN meant.billed_amount = of_set.charge_amount THEN 0 ELSE 1 END ASC NULLS LAST,
                meant.submission_date DESC NULLS LAST,
                meant.transaction_id DESC NULLS LAST
        ) AS preference
    FROM of_set
    JOIN meant
        ON meant.level = of_set.level
        AND meant.number = of_set.number
        AND meant.submission_date <= of_set.acknowledged_date
),

set_of AS (
    SELECT named_whole.acknowledgement_id, meant.transaction_id
    FROM named_whole
    JOIN meant
        ON meant.level = named_whole.level
        AND meant.whole_id = named_whole.whole_id
        AND meant.submission_date <= named_whole.acknowledged_date
    WHERE named_whole.preference = 1
),

named_set AS (
    SELECT DISTINCT of_set.answering_id, set_of.transaction_id
    FROM of_set
    JOIN set_of ON set_of.acknowledgement_id = of_set.acknowledgement_id
    WHERE of_set.level = 'set'
),

ever_named AS (
    SELECT DISTINCT transaction_id
    FROM named_set
),

matched AS (
    SELECT
        said.acknowledgement_id,
        coalesce(ranked.submission_id, candidate.submission_id) AS submission_id,
        set_of.transaction_id
    FROM said
    LEFT JOIN candidate ON candidate.acknowledgement_id = said.acknowledgement_id
    LEFT JOIN ranked
        ON ranked.acknowledgement_id = said.acknowledgement_id AND ranked.preference = 1
    LEFT JOIN set_of ON set_of.acknowledgement_id = said.acknowledgement_id
    -- What is said of a group holds for the sets it does not name; and accepting it adds nothing to
    -- what was said of a set by name elsewhere.
    LEFT JOIN named_set
        ON named_set.answering_id = said.group_answering_id
        AND named_set.transaction_id = set_of.transaction_id
    LEFT JOIN ever_named
        ON ever_named.transaction_id
            = CASE WHEN said.accepts_group THEN set_of.transaction_id END
    WHERE named_set.answering_id IS NULL AND ever_named.transaction_id IS NULL
)

SELECT
    CAST(acknowledgement.acknowledgement_id AS BIGINT) AS acknowledgement_id,
    CAST(matched.submission_id AS BIGINT) AS submission_id,
    CAST(matched.transaction_id AS BIGINT) AS transaction_id,
    CAST(CASE
        WHEN acknowledgement.level = 'provider' THEN acknowledgement.provider_npi
    END AS STRING) AS provider_npi,
    CAST(
        matched.submission_id IS NOT NULL OR matched.transaction_id IS NOT NULL AS BOOLEAN
    ) AS is_matched,
    CAST(acknowledgement.source AS STRING) AS source,
    CAST(acknowledgement.level AS STRING) AS level,
    CAST(acknowledgement.action = 'rejected' AS BOOLEAN) AS is_rejected,
    CAST(acknowledgement.acknowledged_date AS DATE) AS acknowledged_date,
    CAST(acknowledgement.category_code AS STRING) AS category_code,
    CAST(acknowledgement.status_code AS STRING) AS status_code,
    CAST(coalesce(acknowledgement.charge_amount, 0) AS DECIMAL(18, 2)) AS charge_amount,
    CAST(acknowledgement.file_id AS BIGINT) AS file_id,
    CAST(acknowledgement.record_no AS BIGINT) AS record_no
FROM acknowledgement
JOIN matched ON matched.acknowledgement_id = acknowledgement.acknowledgement_id
