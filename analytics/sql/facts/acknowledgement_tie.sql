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
        acknowledgement.file_id,
        acknowledgement.record_no,
        acknowledgement.transaction_id AS answering_id,
        acknowledgement.source,
        acknowledgement.level,
        acknowledgement.action,
        acknowledgement.acknowledged_date,
        acknowledgement.category_code,
        acknowledgement.status_code,
        acknowledgement.charge_amount,
        acknowledgement.provider_npi,
        acknowledgement.reference_number,
        upper(trim(acknowledgement.patient_control_number)) AS control_number,
        CASE
            WHEN acknowledgement.level = 'set'
                THEN trim(LEADING '0' FROM acknowledgement.gs_control_number)
                    || '|' || trim(LEADING '0' FROM acknowledgement.st_control_number)
            WHEN acknowledgement.level = 'group'
                THEN trim(LEADING '0' FROM acknowledgement.gs_control_number)
            WHEN acknowledgement.level = 'interchange'
                THEN trim(LEADING '0' FROM acknowledgement.isa_control_number)
                    || '|' || CAST(acknowledgement.interchange_date AS VARCHAR)
            ELSE acknowledgement.reference_number
        END AS number,
        answering.sender_code,
        answering.receiver_code,
        -- For groups only: a join on a test of one side alone compares every row with every row.
        CASE WHEN acknowledgement.level = 'group'
            THEN acknowledgement.transaction_id END AS group_answering_id,
        acknowledgement.level = 'group' AND acknowledgement.action = 'accepted' AS accepts_group
    FROM acknowledgement
    LEFT JOIN transaction_set AS answering
        ON answering.transaction_id = acknowledgement.transaction_id
    CROSS JOIN build_info
    WHERE acknowledgement.acknowledged_date <= build_info.as_of
      AND acknowledgement.action IS NOT NULL
      AND coalesce(acknowledgement.set_type_code, '837') = '837'
      AND coalesce(acknowledgement.functional_code, 'HC') = 'HC'
      AND NOT (acknowledgement.level = 'interchange' AND acknowledgement.action = 'accepted')
),

candidate AS (
    SELECT
        said.acknowledgement_id,
        claim.claim_id AS submission_id,
        row_number() OVER (
            PARTITION BY said.acknowledgement_id
            ORDER BY
                CASE WHEN sent.reference_number = said.reference_number THEN 0 ELSE 1 END ASC,
                CASE WHEN claim.billed_amount = said.charge_amount THEN 0 ELSE 1 END ASC,
                claim.submission_date DESC,
                claim.claim_id DESC
        ) AS preference
    FROM said
    JOIN claim
        ON upper(trim(claim.patient_control_number)) = said.control_number
        AND claim.submission_date <= said.acknowledged_date
    LEFT JOIN transaction_set AS sent ON sent.transaction_id = claim.transaction_id
    WHERE said.level IN ('claim', 'line')
),

sent_set AS (
    SELECT
        transaction_set.transaction_id,
        min(transaction_set.file_id) AS file_id,
        min(transaction_set.sender_code) AS sender_code,
        min(transaction_set.receiver_code) AS receiver_code,
        min(transaction_set.reference_number) AS reference_number,
        trim(LEADING '0' FROM min(transaction_set.st_control_number)) AS st_number,
        trim(LEADING '0' FROM min(transaction_set.gs_control_number)) AS gs_number,
        trim(LEADING '0' FROM min(transaction_set.isa_control_number))
            || '|' || CAST(min(transaction_set.interchange_date) AS VARCHAR) AS isa_number,
        min(claim.submission_date) AS submission_date,
        sum(claim.billed_amount) AS billed_amount
    FROM transaction_set
    JOIN claim ON claim.transaction_id = transaction_set.transaction_id
    GROUP BY transaction_set.transaction_id
),

-- Each set under every number it can be meant by; a whole is what the number names, by its first set.
meant AS (
    SELECT
        'set' AS level,
        gs_number || '|' || st_number AS number,
        transaction_id AS whole_id,
        transaction_id
    FROM sent_set
    UNION ALL
    SELECT
        'group' AS level,
        gs_number AS number,
        min(transaction_id) OVER (PARTITION BY file_id, isa_number, gs_number) AS whole_id,
        transaction_id
    FROM sent_set
    UNION ALL
    SELECT
        'interchange' AS level,
        isa_number AS number,
        min(transaction_id) OVER (PARTITION BY file_id, isa_number) AS whole_id,
        transaction_id
    FROM sent_set
    UNION ALL
    SELECT
        batch.level,
        sent_set.reference_number AS number,
        min(sent_set.transaction_id) OVER (
            PARTITION BY batch.level, sent_set.file_id, sent_set.reference_number
        ) AS whole_id,
        sent_set.transaction_id
    FROM sent_set
    CROSS JOIN (SELECT 'batch' AS level UNION ALL SELECT 'provider' AS level) AS batch
),

named_whole AS (
    SELECT
        said.acknowledgement_id,
        said.level,
        said.acknowledged_date,
        meant.whole_id,
        row_number() OVER (
            PARTITION BY said.acknowledgement_id
            ORDER BY
                CASE
                    WHEN sent_set.sender_code = said.receiver_code
                        AND sent_set.receiver_code = said.sender_code THEN 0
                    ELSE 1
                END ASC,
                CASE WHEN sent_set.billed_amount = said.charge_amount THEN 0 ELSE 1 END ASC,
                sent_set.submission_date DESC,
                meant.transaction_id DESC
        ) AS preference
    FROM said
    JOIN meant ON meant.level = said.level AND meant.number = said.number
    JOIN sent_set
        ON sent_set.transaction_id = meant.transaction_id
        AND sent_set.submission_date <= said.acknowledged_date
    WHERE said.level <> 'provider' OR said.provider_npi IS NOT NULL
),

set_of AS (
    SELECT named_whole.acknowledgement_id, meant.transaction_id
    FROM named_whole
    JOIN meant ON meant.level = named_whole.level AND meant.whole_id = named_whole.whole_id
    JOIN sent_set
        ON sent_set.transaction_id = meant.transaction_id
        AND sent_set.submission_date <= named_whole.acknowledged_date
    WHERE named_whole.preference = 1
),

named_set AS (
    SELECT DISTINCT said.answering_id, set_of.transaction_id
    FROM said
    JOIN set_of ON set_of.acknowledgement_id = said.acknowledgement_id
    WHERE said.level = 'set'
),

ever_named AS (
    SELECT DISTINCT transaction_id
    FROM named_set
)

SELECT
    CAST(said.acknowledgement_id AS BIGINT) AS acknowledgement_id,
    CAST(candidate.submission_id AS BIGINT) AS submission_id,
    CAST(set_of.transaction_id AS BIGINT) AS transaction_id,
    CAST(CASE WHEN said.level = 'provider' THEN said.provider_npi END AS VARCHAR) AS provider_npi,
    CAST(
        candidate.submission_id IS NOT NULL OR set_of.transaction_id IS NOT NULL AS BOOLEAN
    ) AS is_matched,
    CAST(said.source AS VARCHAR) AS source,
    CAST(said.level AS VARCHAR) AS level,
    CAST(said.action = 'rejected' AS BOOLEAN) AS is_rejected,
    CAST(said.acknowledged_date AS DATE) AS acknowledged_date,
    CAST(said.category_code AS VARCHAR) AS category_code,
    CAST(said.status_code AS VARCHAR) AS status_code,
    CAST(coalesce(said.charge_amount, 0) AS DECIMAL(18, 2)) AS charge_amount,
    CAST(said.file_id AS BIGINT) AS file_id,
    CAST(said.record_no AS BIGINT) AS record_no
FROM said
LEFT JOIN candidate
    ON candidate.acknowledgement_id = said.acknowledgement_id AND candidate.preference = 1
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
