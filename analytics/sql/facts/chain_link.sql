-- chain_link: one row per chain joined to others by payer claim numbers, with the whole it is part of.
--
-- Reads    claim, chain, tie, remit_claim
-- A replacement or void (frequency 7, 8) whose original reference (REF F8) is the payer's number
-- (CLP07) of a payment tied to another chain joins the two chains.
WITH RECURSIVE replacement AS (
    SELECT
        claim.claim_id,
        upper(trim(claim.original_payer_claim_number)) AS payer_claim_number
    FROM claim
    WHERE claim.frequency_code IN ('7', '8') AND trim(claim.original_payer_claim_number) <> ''
),

referred AS (
    -- DISTINCT keeps this small join apart: the tests on both claims come after it.
    SELECT DISTINCT replacement.claim_id, tie.chain_id AS former_id
    FROM replacement
    JOIN remit_claim
        ON upper(trim(remit_claim.payer_claim_number)) = replacement.payer_claim_number
    JOIN tie ON tie.remit_claim_id = remit_claim.remit_claim_id
    WHERE tie.chain_id IS NOT NULL
),

described AS (
    SELECT DISTINCT
        referred.former_id,
        chain.chain_id,
        coalesce(claim.payer_sequence_code, 'P') AS payer_sequence_code,
        coalesce(claim.billing_npi, '') AS billing_npi,
        claim.patient_id
    FROM referred
    JOIN chain ON chain.submission_id = referred.claim_id
    JOIN claim ON claim.claim_id = referred.claim_id
),

link AS (
    -- Payers number their claims apart from each other: equal numbers alone may be chance.
    SELECT described.chain_id AS one_id, described.former_id AS other_id
    FROM described
    JOIN claim AS former ON former.claim_id = described.former_id
    WHERE described.chain_id <> described.former_id
      AND coalesce(former.payer_sequence_code, 'P') = described.payer_sequence_code
      AND (
          coalesce(former.billing_npi, '') = described.billing_npi
          OR former.patient_id = described.patient_id
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
)

-- A chain reaches itself through its partner, so the smallest it reaches names the whole.
SELECT
    CAST(one_id AS BIGINT) AS chain_id,
    CAST(min(other_id) AS BIGINT) AS whole_id
FROM reach
GROUP BY one_id
