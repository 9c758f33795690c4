-- edit_bypass: one row per provider with NCCI pairs that a modifier may pass, against its peers.
--
-- Reads    procedure_pair
--
-- A provider is who gave the service, else who billed it.  Peers are the others of the specialty.  A
-- provider stands out whose share is more than three standard errors above theirs.  With fewer than
-- 20 pairs on either side nobody can tell.
WITH own AS (
    SELECT
        coalesce(rendering_provider, billing_provider) AS rendering_provider,
        specialty,
        count(*) AS pairs,
        sum(CASE WHEN is_bypassed THEN 1 ELSE 0 END) AS bypassed
    FROM procedure_pair
    WHERE modifier_indicator = '1'
    GROUP BY coalesce(rendering_provider, billing_provider), specialty
),

peer AS (
    SELECT specialty, sum(pairs) AS pairs, sum(bypassed) AS bypassed
    FROM own
    GROUP BY specialty
),

compared AS (
    SELECT
        own.rendering_provider,
        own.specialty,
        own.pairs,
        own.bypassed,
        peer.pairs - own.pairs AS peer_pairs,
        peer.bypassed - own.bypassed AS peer_bypassed,
        CAST(peer.bypassed - own.bypassed AS DOUBLE)
        / CAST(nullif(peer.pairs - own.pairs, 0) AS DOUBLE) AS peer_share
    FROM own
    JOIN peer ON peer.specialty IS NOT DISTINCT FROM own.specialty
)

SELECT
    rendering_provider,
    specialty,
    CAST(pairs AS BIGINT) AS pair_count,
    CAST(bypassed AS BIGINT) AS bypassed_count,
    CAST(peer_pairs AS BIGINT) AS peer_pair_count,
    CAST(peer_bypassed AS BIGINT) AS peer_bypassed_count,
    CAST(pairs >= 20 AND peer_pairs >= 20 AS BOOLEAN) AS is_comparable,
    CAST(coalesce(
        pairs >= 20 AND peer_pairs >= 20
        AND CAST(bypassed AS DOUBLE) / CAST(nullif(pairs, 0) AS DOUBLE)
        > peer_share + 3 * sqrt(peer_share * (1 - peer_share) / CAST(nullif(pairs, 0) AS DOUBLE)),
        FALSE
    ) AS BOOLEAN) AS is_outlying
FROM compared
