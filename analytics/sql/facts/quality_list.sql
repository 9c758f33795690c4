-- quality_list: one row per calendar year, quality measure and code it looks for in that year.
--
-- Reads    member_month, quality_measure, quality_code, quality_specification, quality_population
-- Source   CMS, Quality Payment Program: single source of the measures reported on claims.
--
-- A year goes by its own specification, else by the last one before it, else by the first after it.
-- To the published codes come those of the code map quality_code: services that show on a claim what
-- the published codes report, and what excludes.  Its rows not_done take a published code back.
WITH year_of AS (
    SELECT CAST(date_trunc('year', month) AS DATE) AS year
    FROM member_month
    GROUP BY CAST(date_trunc('year', month) AS DATE)
),

release AS (
    SELECT performance_year, max(coalesce(reference_id, 0)) AS reference_id
    FROM quality_population
    GROUP BY performance_year
),

ranked AS (
    SELECT
        year_of.year,
        release.performance_year,
        release.reference_id,
        row_number() OVER (
            PARTITION BY year_of.year
            ORDER BY
                CASE WHEN release.performance_year <= year(year_of.year) THEN 0 ELSE 1 END ASC NULLS LAST,
                abs(release.performance_year - year(year_of.year)) ASC NULLS LAST
        ) AS place
    FROM year_of
    CROSS JOIN release
),

-- A population that asks for more codes on the claim than are looked for here is not judged.
narrowed AS (
    SELECT performance_year, coalesce(reference_id, 0) AS reference_id, measure_number
    FROM quality_specification
    WHERE role IN ('additional_encounter', 'additional_diagnosis')
    GROUP BY performance_year, coalesce(reference_id, 0), measure_number
),

measure AS (
    SELECT
        ranked.year,
        ranked.performance_year,
        ranked.reference_id,
        quality_measure.measure_number,
        quality_measure.option_group,
        quality_measure.measure,
        quality_measure.is_inverse
    FROM ranked
    CROSS JOIN quality_measure
    LEFT JOIN narrowed
        ON narrowed.performance_year = ranked.performance_year
        AND narrowed.reference_id = ranked.reference_id
        AND narrowed.measure_number = quality_measure.measure_number
    WHERE ranked.place = 1 AND narrowed.measure_number IS NULL
),

taken_back AS (
    SELECT measure_number, code, coalesce(modifier, '') AS modifier
    FROM quality_code
    WHERE role = 'not_done'
    GROUP BY measure_number, code, coalesce(modifier, '')
),

published AS (
    SELECT
        measure.year,
        measure.performance_year,
        measure.measure_number,
        measure.option_group,
        measure.measure,
        CASE
            WHEN measure.is_inverse AND told.role = 'met' THEN 'not_met'
            WHEN measure.is_inverse AND told.role = 'not_met' THEN 'met'
            ELSE told.role
        END AS role,
        told.option_no,
        told.code,
        told.modifiers,
        -- Modifiers that say why a service was not given; older files name them.
        coalesce(
            told.excluded_modifiers,
            CASE WHEN told.modifiers IS NULL AND told.role NOT IN ('encounter', 'diagnosis',
                'diagnosis_exclusion') THEN '1P,2P,3P,8P' END
        ) AS excluded_modifiers,
        told.places,
        told.excluded_places
    FROM measure
    JOIN quality_specification AS told
        ON told.performance_year = measure.performance_year
        AND coalesce(told.reference_id, 0) = measure.reference_id
        AND told.measure_number = measure.measure_number
        AND told.option_group = measure.option_group
    LEFT JOIN taken_back
        ON taken_back.measure_number = told.measure_number
        AND taken_back.code = told.code
        AND taken_back.modifier = coalesce(told.modifiers, '')
    WHERE taken_back.code IS NULL
),

listed AS (
    SELECT
        year,
        performance_year,
        measure_number,
        option_group,
        measure,
        role,
        CASE
            WHEN role = 'diagnosis_exclusion' THEN 'diagnosis'
            WHEN role IN ('exclusion', 'exception') THEN 'reported'
            ELSE 'published'
        END AS option_name,
        option_no,
        CASE WHEN role = 'diagnosis_exclusion' THEN 'whole' ELSE code END AS part,
        CASE WHEN role IN ('diagnosis', 'diagnosis_exclusion') THEN 'diagnosis' ELSE 'procedure'
            END AS code_kind,
        code,
        modifiers,
        excluded_modifiers,
        places,
        excluded_places,
        -- Of a diagnosis that excludes all that is known counts.
        CASE WHEN role <> 'diagnosis_exclusion' THEN 0 END AS months_before,
        CAST(NULL AS INTEGER) AS min_age,
        0 AS days_apart
    FROM published
    UNION ALL
    SELECT
        measure.year,
        measure.performance_year,
        measure.measure_number,
        measure.option_group,
        measure.measure,
        ours.role,
        ours.option_name,
        0 AS option_no,
        coalesce(ours.part, 'whole') AS part,
        ours.code_kind,
        ours.code,
        ours.modifier AS modifiers,
        CASE WHEN ours.modifier IS NULL AND ours.code_kind = 'procedure' THEN '1P,2P,3P,8P' END
            AS excluded_modifiers,
        CAST(NULL AS STRING) AS places,
        CAST(NULL AS STRING) AS excluded_places,
        ours.months_before,
        ours.min_age,
        coalesce(ours.days_apart, 0) AS days_apart
    FROM measure
    JOIN quality_code AS ours ON ours.measure_number = measure.measure_number
    WHERE ours.role <> 'not_done'
),

-- All parts of an option are needed: of a published one, all its codes.
counted AS (
    SELECT
        year, measure_number, option_group, role, option_name, option_no,
        count(DISTINCT part) AS part_count
    FROM listed
    WHERE role NOT IN ('encounter', 'diagnosis', 'diagnosis_exclusion')
    GROUP BY year, measure_number, option_group, role, option_name, option_no
)

SELECT
    CAST(listed.year AS DATE) AS year,
    CAST(listed.performance_year AS INTEGER) AS specification_year,
    CAST(listed.measure_number AS STRING) AS measure_number,
    CAST(listed.option_group AS STRING) AS option_group,
    CAST(listed.measure AS STRING) AS measure,
    CAST(listed.role AS STRING) AS role,
    CAST(listed.option_name AS STRING) AS option_name,
    CAST(listed.option_no AS INTEGER) AS option_no,
    -- One number for all that names an option.
    CAST(dense_rank() OVER (
        ORDER BY listed.year ASC NULLS LAST, listed.measure_number ASC NULLS LAST, listed.option_group ASC NULLS LAST,
            listed.role ASC NULLS LAST, listed.option_name ASC NULLS LAST, listed.option_no ASC NULLS LAST
    ) AS INTEGER) AS option_key,
    CAST(listed.part AS STRING) AS part,
    CAST(coalesce(counted.part_count, 1) AS INTEGER) AS part_count,
    CAST(listed.code_kind AS STRING) AS code_kind,
    CAST(listed.code AS STRING) AS code,
    CAST(listed.modifiers AS STRING) AS modifiers,
    CAST(listed.excluded_modifiers AS STRING) AS excluded_modifiers,
    CAST(listed.places AS STRING) AS places,
    CAST(listed.excluded_places AS STRING) AS excluded_places,
    CAST(listed.months_before AS INTEGER) AS months_before,
    CAST(listed.min_age AS INTEGER) AS min_age,
    CAST(listed.days_apart AS INTEGER) AS days_apart
FROM listed
LEFT JOIN counted
    ON counted.year = listed.year
    AND counted.measure_number = listed.measure_number
    AND counted.option_group = listed.option_group
    AND counted.role = listed.role
    AND counted.option_name = listed.option_name
    AND counted.option_no = listed.option_no
