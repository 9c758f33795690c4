-- quality_event: one row per member, claim, day and code that a quality measure looks for.
--
-- Reads    quality_list, cover_span, settled_claim, settled_line, payer_claim, payer_claim_diagnosis,
--          payer_claim_procedure, submission, billed_claim, claim, claim_line, claim_diagnosis,
--          claim_code, person, build_info
--
-- Of payers' claims those that stand, and of ours all that were sent, paid or not: codes that report
-- quality are never paid, and payers often drop them from their feeds.  Ours count beside a feed's, as
-- a service told twice is one.  Codes of ours are those of the last submission that stands.  A code of
-- kind diagnosis is the listed one: a claim's code is it, or, for lists of our own, begins with it.
WITH member AS (
    SELECT person_id
    FROM cover_span
    GROUP BY person_id
),

wanted AS (
    SELECT code_kind, code
    FROM quality_list
    GROUP BY code_kind, code
),

last_whole AS (
    SELECT claim_id, max(submission_no) AS submission_no
    FROM submission
    WHERE NOT is_added
    GROUP BY claim_id
),

sent AS (
    SELECT
        submission.submission_id,
        submission.claim_id,
        person.person_id,
        coalesce(claim.service_to_date, claim.service_from_date) AS day,
        claim.place_of_service_code,
        coalesce(claim.rendering_npi, claim.attending_npi, claim.billing_npi) AS npi,
        substr(claim.bill_type_code, 1, 2) AS bill_kind
    FROM submission
    JOIN billed_claim ON billed_claim.claim_id = submission.claim_id
    JOIN claim ON claim.claim_id = submission.submission_id
    JOIN person ON person.patient_id = billed_claim.patient_id
    JOIN member ON member.person_id = person.person_id
    LEFT JOIN last_whole ON last_whole.claim_id = submission.claim_id
    WHERE NOT billed_claim.is_voided
      AND submission.submission_no >= coalesce(last_whole.submission_no, 1)
),

settled AS (
    SELECT
        settled_claim.payer_claim_id AS claim_id,
        settled_claim.person_id,
        coalesce(settled_claim.service_to_date, settled_claim.service_from_date) AS day,
        settled_claim.service_category,
        settled_claim.principal_diagnosis_code,
        payer_claim.feed_code,
        payer_claim.claim_number,
        coalesce(payer_claim.rendering_npi, settled_claim.facility_npi) AS npi
    FROM settled_claim
    JOIN payer_claim ON payer_claim.payer_claim_id = settled_claim.payer_claim_id
    JOIN member ON member.person_id = settled_claim.person_id
),

service AS (
    SELECT
        'payer_feed' AS claim_source,
        settled.claim_id,
        settled.person_id,
        coalesce(told.service_from_date, settled.day) AS day,
        told.procedure_code,
        coalesce(told.modifier_key, '') AS modifier_key,
        told.place_of_service_code,
        coalesce(told.rendering_npi, settled.npi) AS npi
    FROM settled
    JOIN settled_line AS told ON told.payer_claim_id = settled.claim_id
    UNION ALL
    SELECT
        'own_claim' AS claim_source,
        sent.claim_id,
        sent.person_id,
        coalesce(claim_line.service_from_date, sent.day) AS day,
        claim_line.procedure_code,
        coalesce(claim_line.modifier_key, '') AS modifier_key,
        coalesce(claim_line.place_of_service_code, sent.place_of_service_code)
            AS place_of_service_code,
        coalesce(claim_line.rendering_npi, sent.npi) AS npi
    FROM sent
    JOIN claim_line ON claim_line.claim_id = sent.submission_id
),

coded AS (
    SELECT 'payer_feed' AS claim_source, settled.claim_id, 'diagnosis' AS kind,
        code.diagnosis_code AS code
    FROM settled
    JOIN payer_claim_diagnosis AS code ON code.payer_claim_id = settled.claim_id
    WHERE coalesce(code.code_system, 'icd10') = 'icd10'
    UNION ALL
    -- Codes of another file than their claim (CCLF3, CCLF4) are found by the claim's number.
    SELECT 'payer_feed' AS claim_source, settled.claim_id, 'diagnosis' AS kind,
        code.diagnosis_code AS code
    FROM settled
    JOIN payer_claim_diagnosis AS code
        ON code.feed_code = settled.feed_code AND code.claim_number = settled.claim_number
    WHERE code.payer_claim_id IS NULL AND coalesce(code.code_system, 'icd10') = 'icd10'
    UNION ALL
    SELECT 'payer_feed' AS claim_source, claim_id, 'diagnosis' AS kind,
        principal_diagnosis_code AS code
    FROM settled
    UNION ALL
    SELECT 'payer_feed' AS claim_source, settled.claim_id, 'icd_procedure' AS kind,
        code.procedure_code AS code
    FROM settled
    JOIN payer_claim_procedure AS code ON code.payer_claim_id = settled.claim_id
    WHERE coalesce(code.code_system, 'icd10') = 'icd10'
    UNION ALL
    SELECT 'payer_feed' AS claim_source, settled.claim_id, 'icd_procedure' AS kind,
        code.procedure_code AS code
    FROM settled
    JOIN payer_claim_procedure AS code
        ON code.feed_code = settled.feed_code AND code.claim_number = settled.claim_number
    WHERE code.payer_claim_id IS NULL AND coalesce(code.code_system, 'icd10') = 'icd10'
    UNION ALL
    SELECT 'payer_feed' AS claim_source, claim_id, 'service_category' AS kind,
        upper(replace(service_category, '_', '')) AS code
    FROM settled
    UNION ALL
    SELECT 'own_claim' AS claim_source, sent.claim_id, 'diagnosis' AS kind,
        code.diagnosis_code AS code
    FROM sent
    JOIN claim_diagnosis AS code ON code.claim_id = sent.submission_id
    WHERE code.code_system = 'icd10'
    UNION ALL
    SELECT 'own_claim' AS claim_source, sent.claim_id, 'icd_procedure' AS kind, code.code
    FROM sent
    JOIN claim_code AS code ON code.claim_id = sent.submission_id
    WHERE code.qualifier IN ('BBR', 'BBQ')
    UNION ALL
    SELECT 'own_claim' AS claim_source, claim_id, 'service_category' AS kind, 'HOSPICE' AS code
    FROM sent
    WHERE bill_kind IN ('81', '82')
),

known_code AS (
    SELECT kind, code
    FROM coded
    WHERE code IS NOT NULL
    GROUP BY kind, code
),

own_prefix AS (
    SELECT code
    FROM quality_list
    WHERE code_kind = 'diagnosis' AND option_no = 0
    GROUP BY code
),

named AS (
    SELECT known_code.kind, known_code.code, wanted.code AS listed_code
    FROM known_code
    JOIN wanted ON wanted.code_kind = known_code.kind AND wanted.code = known_code.code
    UNION
    SELECT known_code.kind, known_code.code, own_prefix.code AS listed_code
    FROM known_code
    JOIN own_prefix
        ON substr(known_code.code, 1, length(own_prefix.code)) = own_prefix.code
    WHERE known_code.kind = 'diagnosis'
),

claim_head AS (
    SELECT 'payer_feed' AS claim_source, claim_id, person_id, day, npi
    FROM settled
    UNION ALL
    SELECT 'own_claim' AS claim_source, claim_id, person_id, max(day) AS day, max(npi) AS npi
    FROM sent
    GROUP BY claim_id, person_id
),

event AS (
    SELECT
        service.claim_source, service.claim_id, service.person_id, service.day,
        'procedure' AS code_kind, service.procedure_code AS code, service.modifier_key,
        service.place_of_service_code, service.npi
    FROM service
    JOIN wanted ON wanted.code_kind = 'procedure' AND wanted.code = service.procedure_code
    UNION ALL
    SELECT
        service.claim_source, service.claim_id, service.person_id, service.day,
        'place' AS code_kind, service.place_of_service_code AS code, '' AS modifier_key,
        service.place_of_service_code, service.npi
    FROM service
    JOIN wanted ON wanted.code_kind = 'place' AND wanted.code = service.place_of_service_code
    UNION ALL
    SELECT
        claim_head.claim_source, claim_head.claim_id, claim_head.person_id, claim_head.day,
        named.kind AS code_kind, named.listed_code AS code, '' AS modifier_key,
        CAST(NULL AS STRING) AS place_of_service_code, claim_head.npi
    FROM coded
    JOIN named ON named.kind = coded.kind AND named.code = coded.code
    JOIN claim_head
        ON claim_head.claim_source = coded.claim_source AND claim_head.claim_id = coded.claim_id
)

SELECT
    CAST(event.person_id AS BIGINT) AS person_id,
    CAST(event.claim_source AS STRING) AS claim_source,
    CAST(event.claim_id AS BIGINT) AS claim_id,
    CAST(event.day AS DATE) AS event_date,
    -- Months since the year 0, so that spans of months are subtractions.
    CAST(year(event.day) * 12 + month(event.day) - 1 AS INTEGER) AS month_no,
    CAST(event.code_kind AS STRING) AS code_kind,
    CAST(event.code AS STRING) AS code,
    CAST(event.modifier_key AS STRING) AS modifier_key,
    CAST(coalesce(event.place_of_service_code, '') AS STRING) AS place_of_service_code,
    CAST(min(event.npi) AS STRING) AS provider_npi
FROM event
CROSS JOIN build_info
WHERE event.day <= build_info.as_of
GROUP BY
    event.person_id, event.claim_source, event.claim_id, event.day, event.code_kind, event.code,
    event.modifier_key, event.place_of_service_code
