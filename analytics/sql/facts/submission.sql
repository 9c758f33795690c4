-- submission: one row per submission up to the as-of date, with its claim: the whole chain.
--
-- Reads    claim, chain, chain_link
-- A claim is known by its first submission.  Interim and late-charge bills (frequency 2 to 5) add to
-- what stands; all others replace it, and so does anything after a void, as nothing stands to add to.
WITH member AS (
    SELECT
        chain.submission_id,
        coalesce(chain_link.whole_id, chain.chain_id) AS whole_id,
        claim.submission_date,
        claim.frequency_code
    FROM chain
    JOIN claim ON claim.claim_id = chain.submission_id
    LEFT JOIN chain_link ON chain_link.chain_id = chain.chain_id
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
            ORDER BY member.submission_date ASC NULLS LAST, member.submission_id ASC NULLS LAST
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS claim_id,
        row_number() OVER (
            PARTITION BY member.whole_id
            ORDER BY member.submission_date ASC NULLS LAST, member.submission_id ASC NULLS LAST
        ) AS submission_no,
        lag(member.frequency_code) OVER (
            PARTITION BY member.whole_id
            ORDER BY member.submission_date ASC NULLS LAST, member.submission_id ASC NULLS LAST
        ) AS frequency_before
    FROM member
    JOIN several ON several.whole_id = member.whole_id
)

SELECT
    CAST(claim.claim_id AS BIGINT) AS submission_id,
    CAST(coalesce(numbered.claim_id, claim.claim_id) AS BIGINT) AS claim_id,
    CAST(chain.chain_id AS BIGINT) AS chain_id,
    CAST(coalesce(numbered.submission_no, 1) AS INTEGER) AS submission_no,
    CAST(claim.submission_date AS DATE) AS submission_date,
    CAST(claim.frequency_code AS STRING) AS frequency_code,
    CAST(coalesce(claim.frequency_code = '8', FALSE) AS BOOLEAN) AS is_void,
    CAST(coalesce(
        claim.frequency_code IN ('2', '3', '4', '5')
        AND coalesce(numbered.frequency_before, '') <> '8', FALSE
    ) AS BOOLEAN) AS is_added,
    CAST(coalesce(claim.billed_amount, 0) AS DECIMAL(18, 2)) AS billed_amount,
    CAST(claim.file_id AS BIGINT) AS file_id,
    CAST(claim.record_no AS BIGINT) AS record_no
FROM chain
JOIN claim ON claim.claim_id = chain.submission_id
LEFT JOIN numbered ON numbered.submission_id = chain.submission_id
