-- submission: one row per submission up to the as-of date, with its claim: the whole chain.
--
-- Reads    claim, chain, tie, remit_claim
-- A replacement or void (frequency 7, 8) whose original reference (REF F8) is the payer's number
-- (CLP07) of a payment tied to another chain joins the two chains.  A claim is known by its first
-- submission.
WITH RECURSIVE link AS (
    SELECT DISTINCT replacing.chain_id AS one_id, tie.chain_id AS other_id
    FROM claim
    JOIN chain AS replacing ON replacing.submission_id = claim.claim_id
    JOIN remit_claim
        ON upper(trim(remit_claim.payer_claim_number))
            = upper(trim(claim.original_payer_claim_number))
    JOIN tie ON tie.remit_claim_id = remit_claim.remit_claim_id
    JOIN chain AS replaced ON replaced.submission_id = tie.chain_id
    JOIN claim AS former ON former.claim_id = tie.chain_id
    WHERE claim.frequency_code IN ('7', '8')
      AND trim(claim.original_payer_claim_number) <> ''
      AND replacing.chain_id <> tie.chain_id
      AND replacing.payer_sequence_code = replaced.payer_sequence_code
      -- Payers number their claims apart from each other: equal numbers alone may be chance.
      AND (
          coalesce(claim.billing_npi, '') = coalesce(former.billing_npi, '')
          OR claim.patient_id = former.patient_id
      )
),

both_ways AS (
    SELECT one_id, other_id FROM link
    UNION
    SELECT other_id AS one_id, one_id AS other_id FROM link
),

reach AS (
    SELECT one_id, other_id FROM both_ways
    UNION
    SELECT reach.one_id, both_ways.other_id
    FROM reach
    JOIN both_ways ON both_ways.one_id = reach.other_id
),

joined AS (
    -- A chain reaches itself through its partner, so the smallest it reaches names the whole.
    SELECT one_id AS chain_id, min(other_id) AS whole_id
    FROM reach
    GROUP BY one_id
),

member AS (
    SELECT
        chain.submission_id,
        coalesce(joined.whole_id, chain.chain_id) AS whole_id,
        claim.submission_date
    FROM chain
    JOIN claim ON claim.claim_id = chain.submission_id
    LEFT JOIN joined ON joined.chain_id = chain.chain_id
),

several AS (
    SELECT whole_id
    FROM member
    GROUP BY whole_id
    HAVING count(*) > 1
),

numbered AS (
    SELECT
        member.submission_id,
        first_value(member.submission_id) OVER (
            PARTITION BY member.whole_id
            ORDER BY member.submission_date ASC, member.submission_id ASC
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS claim_id,
        row_number() OVER (
            PARTITION BY member.whole_id
            ORDER BY member.submission_date ASC, member.submission_id ASC
        ) AS submission_no
    FROM member
    JOIN several ON several.whole_id = member.whole_id
)

SELECT
    CAST(claim.claim_id AS BIGINT) AS submission_id,
    CAST(coalesce(numbered.claim_id, claim.claim_id) AS BIGINT) AS claim_id,
    CAST(chain.chain_id AS BIGINT) AS chain_id,
    CAST(coalesce(numbered.submission_no, 1) AS INTEGER) AS submission_no,
    CAST(claim.submission_date AS DATE) AS submission_date,
    CAST(claim.frequency_code AS VARCHAR) AS frequency_code,
    CAST(coalesce(claim.frequency_code = '8', FALSE) AS BOOLEAN) AS is_void,
    CAST(coalesce(claim.billed_amount, 0) AS DECIMAL(14, 2)) AS billed_amount,
    CAST(claim.file_id AS BIGINT) AS file_id,
    CAST(claim.record_no AS BIGINT) AS record_no
FROM chain
JOIN claim ON claim.claim_id = chain.submission_id
LEFT JOIN numbered ON numbered.submission_id = chain.submission_id
