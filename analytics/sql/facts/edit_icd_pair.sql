-- edit_icd_pair: one row per claim or line whose diagnoses break ICD-6 or ICD-7.
--
-- Reads    billed_claim, claim_line, claim_diagnosis, edit_day, edited_service, icd10cm_exclusion,
--          icd10cm_code
-- Sources  ICD-10-CM tabular list, Excludes1 notes; titles of the order file
--
-- ICD-6: two diagnoses of a claim of which one's notes exclude the other.  A flag, not an error: both
-- may stand where they have nothing to do with each other.  ICD-7: a line for one side whose
-- diagnoses are all of the other, by the words right and left in their titles.
WITH coded AS (
    SELECT
        claim_diagnosis.claim_id,
        claim_diagnosis.position,
        claim_diagnosis.kind,
        upper(claim_diagnosis.diagnosis_code) AS code,
        edit_day.note_id,
        edit_day.order_id
    FROM claim_diagnosis
    JOIN billed_claim ON billed_claim.claim_id = claim_diagnosis.claim_id
    JOIN edit_day
        ON edit_day.day = coalesce(billed_claim.service_to_date, billed_claim.service_from_date)
        AND (edit_day.note_id IS NOT NULL OR edit_day.order_id IS NOT NULL)
    WHERE claim_diagnosis.code_system = 'icd10'
      AND claim_diagnosis.diagnosis_code IS NOT NULL
      AND claim_diagnosis.kind IN ('principal', 'other', 'external')
),

seen AS (
    SELECT note_id, code, substr(code, 1, 3) AS category
    FROM coded
    WHERE note_id IS NOT NULL
    GROUP BY note_id, code
),

category_seen AS (
    SELECT note_id, category
    FROM seen
    GROUP BY note_id, category
),

noted AS (
    -- Notes of the categories seen; DISTINCT has them found before those they name are looked for.
    SELECT DISTINCT
        exclusion.reference_id,
        exclusion.at_first_code,
        exclusion.at_last_code,
        exclusion.first_code,
        exclusion.last_code,
        exclusion.place,
        exclusion.letters,
        category_seen.category AS at_category
    FROM icd10cm_exclusion AS exclusion
    JOIN category_seen
        ON category_seen.note_id = exclusion.reference_id
        AND category_seen.category >= substr(exclusion.at_first_code, 1, 3)
        AND category_seen.category <= exclusion.at_last_code
),

by_category AS (
    -- Ranges as the categories in them: codes are then found by equality.
    SELECT
        noted.reference_id,
        noted.at_first_code,
        noted.at_last_code,
        noted.first_code,
        noted.last_code,
        noted.place,
        noted.letters,
        noted.at_category,
        category_seen.category
    FROM noted
    JOIN category_seen
        ON category_seen.note_id = noted.reference_id
        AND category_seen.category >= substr(noted.first_code, 1, 3)
        AND category_seen.category <= noted.last_code
),

excluded AS (
    -- Pairs of codes seen, whichever of the two holds the note.
    SELECT
        one.note_id,
        CASE WHEN one.code < other.code THEN one.code ELSE other.code END AS code,
        CASE WHEN one.code < other.code THEN other.code ELSE one.code END AS other_code
    FROM by_category
    JOIN seen AS one
        ON one.note_id = by_category.reference_id
        AND one.category = by_category.at_category
        AND one.code >= by_category.at_first_code
        AND one.code <= by_category.at_last_code
    JOIN seen AS other
        ON other.note_id = by_category.reference_id
        AND other.category = by_category.category
        AND other.code >= by_category.first_code
        AND other.code <= by_category.last_code
    WHERE one.code <> other.code
      AND (
          by_category.place IS NULL
          OR substr(other.code, by_category.place, length(by_category.letters))
          = by_category.letters
      )
    GROUP BY
        one.note_id,
        CASE WHEN one.code < other.code THEN one.code ELSE other.code END,
        CASE WHEN one.code < other.code THEN other.code ELSE one.code END
),

together AS (
    SELECT coded.claim_id, coded.note_id, coded.code, other.code AS other_code
    FROM coded
    JOIN coded AS other ON other.claim_id = coded.claim_id AND coded.code < other.code
    WHERE coded.note_id IS NOT NULL
    GROUP BY coded.claim_id, coded.note_id, coded.code, other.code
),

met AS (
    -- All pairs of codes that met on a claim, then those of them that exclude each other.
    SELECT together.note_id, together.code, together.other_code
    FROM together
    GROUP BY together.note_id, together.code, together.other_code
),

hit AS (
    SELECT met.note_id, met.code, met.other_code
    FROM met
    JOIN excluded
        ON excluded.note_id = met.note_id
        AND excluded.code = met.code
        AND excluded.other_code = met.other_code
),

found AS (
    SELECT together.claim_id, together.code, together.other_code
    FROM together
    JOIN hit
        ON hit.note_id = together.note_id
        AND hit.code = together.code
        AND hit.other_code = together.other_code
),

sided AS (
    SELECT
        claim_line.claim_id,
        claim_line.line_no,
        claim_line.diagnosis_pointers,
        edited_service.side
    FROM claim_line
    JOIN edited_service
        ON edited_service.procedure_code = claim_line.procedure_code
        AND edited_service.modifier_key = coalesce(claim_line.modifier_key, '')
        AND edited_service.side IS NOT NULL
    JOIN billed_claim
        ON billed_claim.claim_id = claim_line.claim_id
        AND billed_claim.claim_type = 'professional'
),

titled AS (
    SELECT reference_id, code, concat_ws('', ' ', lower(replace(long_title, ',', ' ')), ' ') AS title
    FROM icd10cm_code
    WHERE long_title LIKE '%ight%' OR long_title LIKE '%eft%' OR long_title LIKE '%ilateral%'
),

pointed AS (
    SELECT
        sided.claim_id,
        sided.line_no,
        coded.code,
        CASE
            WHEN titled.title LIKE '%bilateral%' THEN 'same'
            WHEN titled.title LIKE '% right %' AND titled.title LIKE '% left %' THEN 'same'
            WHEN titled.title LIKE concat_ws('', '% ', sided.side, ' %') THEN 'same'
            WHEN titled.title LIKE '% right %' OR titled.title LIKE '% left %' THEN 'other'
        END AS side
    FROM sided
    JOIN coded
        ON coded.claim_id = sided.claim_id
        AND coded.kind IN ('principal', 'other')
        AND array_contains(sided.diagnosis_pointers, coded.position)
    LEFT JOIN titled ON titled.reference_id = coded.order_id AND titled.code = coded.code
    WHERE coded.order_id IS NOT NULL
)

SELECT
    CAST(claim_id AS BIGINT) AS claim_id,
    CAST(NULL AS INTEGER) AS line_no,
    CAST('ICD-6' AS STRING) AS edit_code,
    CAST(min(concat_ws('', code, ' ', other_code)) AS STRING) AS finding,
    CAST(count(*) AS INTEGER) AS finding_count
FROM found
GROUP BY claim_id
UNION ALL
SELECT
    CAST(claim_id AS BIGINT),
    CAST(line_no AS INTEGER),
    CAST('ICD-7' AS STRING),
    CAST(min(CASE WHEN side = 'other' THEN code END) AS STRING),
    CAST(count(CASE WHEN side = 'other' THEN code END) AS INTEGER)
FROM pointed
GROUP BY claim_id, line_no
HAVING count(CASE WHEN side = 'other' THEN code END) > 0
   AND count(CASE WHEN side = 'same' THEN code END) = 0
