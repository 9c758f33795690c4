-- edited_service: one row per procedure code and modifiers as billed, with what edits ask of them.
--
-- Reads    claim_line
-- Sources  modifiers that pass an NCCI pair: NCCI Policy Manual ch. 1 s. E; forms of CPT and HCPCS codes
--
-- Edits of a code and its modifiers are made once here, not line by line.  Case and blanks decide
-- nothing.  Equal code and modifiers, in whatever order, have one same_no; equal codes one code_no.
WITH billed AS (
    SELECT
        procedure_code,
        coalesce(modifier_key, '') AS modifier_key,
        upper(replace(procedure_code, ' ', '')) AS code,
        trim(BOTH ',' FROM replace(
            upper(replace(coalesce(modifier_key, ''), ' ', '')), ',,', ','
        )) AS modifiers
    FROM claim_line
    WHERE procedure_code IS NOT NULL AND coalesce(procedure_qualifier, 'HC') = 'HC'
    GROUP BY procedure_code, coalesce(modifier_key, '')
),

fenced AS (
    SELECT
        procedure_code,
        modifier_key,
        code,
        modifiers,
        concat_ws('', ',', modifiers, ',') AS listed,
        regexp_extract(code, '^99[2-4][0-9][0-9]$', 0) <> '' AND code >= '99201'
        OR code IN ('92002', '92004', '92012', '92014', 'G0101', 'G0175', 'G0245', 'G0246',
            'G0402', 'G0438', 'G0439', 'G0463', 'G0466', 'G0467', 'G0468', 'G0469', 'G0470')
        AS is_visit
    FROM billed
)

SELECT
    CAST(row_number() OVER (ORDER BY procedure_code ASC NULLS LAST, modifier_key ASC NULLS LAST) AS INTEGER) AS service_no,
    CAST(procedure_code AS STRING) AS procedure_code,
    CAST(modifier_key AS STRING) AS modifier_key,
    CAST(code AS STRING) AS code,
    CAST(dense_rank() OVER (ORDER BY code ASC NULLS LAST) AS INTEGER) AS code_no,
    CAST(dense_rank() OVER (ORDER BY code ASC NULLS LAST, array_sort(split(modifiers, ',')) ASC NULLS LAST) AS INTEGER)
        AS same_no,
    CAST(listed AS STRING) AS listed,
    CAST(is_visit AS BOOLEAN) AS is_visit,
    CAST(CASE
        WHEN regexp_extract(code, '^D[0-9]{4}$', 0) <> '' THEN 'dental'
        WHEN regexp_extract(code, '^[A-CE-V][0-9]{4}$', 0) <> '' THEN 'hcpcs'
        WHEN regexp_extract(code, '^[0-9]{4}[0-9AFMTU]$', 0) <> '' THEN 'cpt'
        ELSE 'malformed'
    END AS STRING) AS form,
    -- Modifiers with which both codes of a pair are paid.
    CAST(regexp_extract(
        listed,
        ',(E[1-4]|F[1-9A]|T[1-9A]|LT|RT|LC|LD|RC|LM|RI|24|25|57|58|78|79|27|59|91|X[ESPU]),', 0
    ) <> '' AS BOOLEAN) AS is_apart,
    -- Modifiers that say why a service is there twice.
    CAST(regexp_extract(listed, ',(76|77|91|59|X[ESPU]),', 0) <> '' AS BOOLEAN) AS is_repeat,
    -- Modifiers with which a visit within a global period is paid.
    CAST(regexp_extract(listed, ',(24|25|57|58|78|79),', 0) <> '' AS BOOLEAN) AS is_unrelated,
    -- Others than the surgeon, and surgery without the care after it, have no global period.
    CAST(regexp_extract(listed, ',(8[0-2]|AS|5[456]),', 0) <> '' AS BOOLEAN) AS is_part_of_surgery,
    CAST(CASE
        WHEN regexp_extract(listed, ',(RT|E[34]|F[5-9]|T[5-9]),', 0) <> ''
            AND regexp_extract(listed, ',(50|LT|E[12]|F[1-4A]|T[1-4A]),', 0) = '' THEN 'right'
        WHEN regexp_extract(listed, ',(LT|E[12]|F[1-4A]|T[1-4A]),', 0) <> ''
            AND regexp_extract(listed, ',(50|RT|E[34]|F[5-9]|T[5-9]),', 0) = '' THEN 'left'
    END AS STRING) AS side,
    -- MOD-2: what a modifier says against the service or another modifier.
    CAST(CASE
        WHEN modifiers <> ''
            AND regexp_extract(modifiers, '^[0-9A-Z]{2}(,[0-9A-Z]{2})*$', 0) = '' THEN 'malformed'
        WHEN NOT is_visit AND listed LIKE '%,25,%' THEN '25'
        WHEN NOT is_visit AND listed LIKE '%,57,%' THEN '57'
        WHEN listed LIKE '%,50,%' AND (listed LIKE '%,RT,%' OR listed LIKE '%,LT,%') THEN '50'
        WHEN listed LIKE '%,GA,%' AND listed LIKE '%,GZ,%' THEN 'GZ'
        WHEN listed LIKE '%,GA,%' AND listed LIKE '%,GY,%' THEN 'GY'
        WHEN listed LIKE '%,GZ,%' AND listed LIKE '%,GY,%' THEN 'GY'
    END AS STRING) AS wrong_modifier,
    -- POS-1: the places that visits of this family are given in, between commas.
    CAST(CASE
        WHEN code BETWEEN '99281' AND '99285' THEN ',23,'
        WHEN code BETWEEN '99221' AND '99239' THEN ',02,10,19,21,22,23,26,31,34,51,52,55,56,61,'
        WHEN code BETWEEN '99304' AND '99316' THEN ',02,10,31,32,54,56,'
        WHEN code BETWEEN '99341' AND '99350' THEN ',02,04,10,12,13,14,16,33,55,'
    END AS STRING) AS places,
    CAST(code BETWEEN '99202' AND '99215' AS BOOLEAN) AS is_office_visit
FROM fenced
