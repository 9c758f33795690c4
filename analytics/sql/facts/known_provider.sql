-- known_provider: one row per NPI, with the names to report it under.
--
-- Reads    provider, provider_map, roster
-- What the user says (provider_map) comes before the roster, the roster before the files.
WITH mapped AS (
    SELECT
        npi,
        max(provider_name) AS provider_name,
        max(specialty) AS specialty,
        max(provider_group) AS provider_group,
        max(facility) AS facility
    FROM provider_map
    GROUP BY npi
),

ranked_roster AS (
    -- The latest stay in the network names the provider.
    SELECT
        npi,
        provider_name,
        specialty,
        provider_group,
        facility,
        row_number() OVER (
            PARTITION BY npi
            ORDER BY start_date DESC NULLS LAST, file_id DESC NULLS LAST, record_no DESC NULLS LAST
        ) AS recency
    FROM roster
),

named AS (
    SELECT npi, max(provider_name) AS provider_name
    FROM provider
    GROUP BY npi
),

every_npi AS (
    SELECT npi FROM mapped
    UNION
    SELECT npi FROM ranked_roster
    UNION
    SELECT npi FROM named
)

SELECT
    CAST(every_npi.npi AS STRING) AS npi,
    CAST(
        coalesce(mapped.provider_name, rostered.provider_name, named.provider_name) AS STRING
    ) AS provider_name,
    CAST(coalesce(mapped.specialty, rostered.specialty) AS STRING) AS specialty,
    CAST(coalesce(mapped.provider_group, rostered.provider_group) AS STRING) AS provider_group,
    CAST(coalesce(mapped.facility, rostered.facility) AS STRING) AS facility,
    CAST(mapped.npi IS NOT NULL OR rostered.npi IS NOT NULL AS BOOLEAN) AS is_mapped
FROM every_npi
LEFT JOIN mapped ON mapped.npi = every_npi.npi
LEFT JOIN ranked_roster AS rostered ON rostered.npi = every_npi.npi AND rostered.recency = 1
LEFT JOIN named ON named.npi = every_npi.npi
WHERE every_npi.npi IS NOT NULL
