-- known_renderer: one row per NPI that gave or billed a service, under the name of a renderer.
--
-- Reads    claim_line, claim, submission, known_provider
WITH seen AS (
    SELECT claim_line.rendering_npi AS npi
    FROM claim_line
    JOIN submission
        ON submission.submission_id = claim_line.claim_id AND submission.submission_no = 1
    UNION
    SELECT claim.billing_npi AS npi
    FROM claim
    JOIN submission
        ON submission.submission_id = claim.claim_id AND submission.submission_no = 1
)

SELECT
    CAST(seen.npi AS STRING) AS npi,
    CAST(coalesce(known_provider.provider_name, seen.npi) AS STRING) AS rendering_provider,
    CAST(known_provider.specialty AS STRING) AS specialty
FROM seen
LEFT JOIN known_provider ON known_provider.npi = seen.npi
WHERE seen.npi IS NOT NULL
