-- known_team: one row per biller, renderer and site together on a claim, with their names.
--
-- Reads    claim, known_provider
-- What stands on millions of claims is looked up once each.
WITH said AS (
    SELECT DISTINCT
        billing_npi,
        coalesce(rendering_npi, attending_npi) AS rendering_npi,
        facility_npi
    FROM claim
)

SELECT
    CAST(said.billing_npi AS STRING) AS billing_npi,
    CAST(coalesce(biller.provider_name, said.billing_npi) AS STRING) AS billing_provider,
    CAST(said.rendering_npi AS STRING) AS rendering_npi,
    CAST(coalesce(renderer.provider_name, said.rendering_npi) AS STRING) AS rendering_provider,
    CAST(coalesce(renderer.specialty, biller.specialty) AS STRING) AS specialty,
    CAST(coalesce(renderer.provider_group, biller.provider_group) AS STRING) AS provider_group,
    CAST(coalesce(site.facility, renderer.facility, biller.facility) AS STRING) AS facility,
    CAST(said.facility_npi AS STRING) AS facility_npi
FROM said
LEFT JOIN known_provider AS biller ON biller.npi = said.billing_npi
LEFT JOIN known_provider AS renderer ON renderer.npi = said.rendering_npi
LEFT JOIN known_provider AS site ON site.npi = said.facility_npi
