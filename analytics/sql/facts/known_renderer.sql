-- known_renderer: one row per NPI that gave or billed a service, under the name of a renderer.
--
-- Reads    claim_line, billed_claim, known_provider
WITH seen AS (
    SELECT claim_line.rendering_npi AS npi
    FROM claim_line
    JOIN billed_claim ON billed_claim.claim_id = claim_line.claim_id
    UNION
    SELECT billing_npi AS npi
    FROM billed_claim
)

SELECT
    CAST(seen.npi AS VARCHAR) AS npi,
    CAST(coalesce(known_provider.provider_name, seen.npi) AS VARCHAR) AS rendering_provider,
    CAST(known_provider.specialty AS VARCHAR) AS specialty
FROM seen
LEFT JOIN known_provider ON known_provider.npi = seen.npi
WHERE seen.npi IS NOT NULL
