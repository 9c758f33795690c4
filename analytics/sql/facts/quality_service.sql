-- quality_service: one row per kind of service that occurs, and quality measure and option it is of.
--
-- Reads    quality_event, quality_list
-- Source   CMS, Quality Payment Program: of the modifiers and places a code asks for a line has one, of
--          those it excludes none.
--
-- A code with its modifiers and its place is looked up once, not per line.
WITH told AS (
    SELECT code_kind, code, modifier_key, place_of_service_code
    FROM quality_event
    GROUP BY code_kind, code, modifier_key, place_of_service_code
),

kind AS (
    -- A line has at most four modifiers; none is like no list.
    SELECT
        *,
        concat_ws('', '%,', coalesce(nullif(split_part(modifier_key, ',', 1), ''), '-'), ',%')
            AS modifier_1,
        concat_ws('', '%,', coalesce(nullif(split_part(modifier_key, ',', 2), ''), '-'), ',%')
            AS modifier_2,
        concat_ws('', '%,', coalesce(nullif(split_part(modifier_key, ',', 3), ''), '-'), ',%')
            AS modifier_3,
        concat_ws('', '%,', coalesce(nullif(split_part(modifier_key, ',', 4), ''), '-'), ',%')
            AS modifier_4,
        concat_ws('', '%,', coalesce(nullif(place_of_service_code, ''), '-'), ',%') AS place
    FROM told
)

SELECT
    asked.year,
    asked.measure_number,
    asked.option_group,
    asked.role,
    asked.option_name,
    asked.option_no,
    asked.option_key,
    asked.part,
    asked.part_count,
    asked.months_before,
    asked.min_age,
    asked.days_apart,
    kind.code_kind,
    kind.code,
    kind.modifier_key,
    kind.place_of_service_code,
    asked.modifiers,
    asked.places
FROM kind
JOIN quality_list AS asked
    ON asked.code_kind = kind.code_kind AND asked.code = kind.code
WHERE (asked.modifiers IS NULL
          OR concat_ws('', ',', asked.modifiers, ',') LIKE kind.modifier_1
          OR concat_ws('', ',', asked.modifiers, ',') LIKE kind.modifier_2
          OR concat_ws('', ',', asked.modifiers, ',') LIKE kind.modifier_3
          OR concat_ws('', ',', asked.modifiers, ',') LIKE kind.modifier_4)
  AND (asked.excluded_modifiers IS NULL OR NOT (
          concat_ws('', ',', asked.excluded_modifiers, ',') LIKE kind.modifier_1
          OR concat_ws('', ',', asked.excluded_modifiers, ',') LIKE kind.modifier_2
          OR concat_ws('', ',', asked.excluded_modifiers, ',') LIKE kind.modifier_3
          OR concat_ws('', ',', asked.excluded_modifiers, ',') LIKE kind.modifier_4))
  AND (asked.places IS NULL OR concat_ws('', ',', asked.places, ',') LIKE kind.place)
  AND (asked.excluded_places IS NULL
          OR concat_ws('', ',', asked.excluded_places, ',') NOT LIKE kind.place)
