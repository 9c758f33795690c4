-- known_service: one row per procedure code billed, with the E/M service it is.
--
-- Reads    submission, claim_line, em_code
-- Codes that stand on millions of lines are looked up once each.
WITH billed AS (
    SELECT claim_line.procedure_code
    FROM claim_line
    JOIN submission
        ON submission.submission_id = claim_line.claim_id AND submission.submission_no = 1
    WHERE claim_line.procedure_code IS NOT NULL
    GROUP BY claim_line.procedure_code
)

SELECT
    CAST(billed.procedure_code AS STRING) AS procedure_code,
    CAST(em_code.family AS STRING) AS em_family,
    CAST(em_code.level AS INTEGER) AS em_level
FROM billed
LEFT JOIN em_code ON em_code.procedure_code = billed.procedure_code
