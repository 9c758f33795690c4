-- Invented tables of the size of CMS's, for the claims of edited_claims.sql: 2.5 million NCCI pairs of the
-- practitioner setting and 2 million of the hospital's, units, add-on codes, fees, and diagnoses that
-- exclude others.
CREATE TEMP MACRO a_code(a, b) AS lpad(CAST(100 + (hash(a, b) % 9000) * 11 AS VARCHAR), 5, '0');
CREATE TEMP MACRO a_visit(a, b) AS CAST(99202 + hash(a, b) % 298 AS VARCHAR);

INSERT INTO reference_file (reference_id, kind, release, effective_from, effective_to, file_name)
SELECT n, kind, '2026', DATE '2025-01-01', DATE '2026-12-31', name
FROM (VALUES (1, 'ncci_ptp', ''), (2, 'ncci_ptp', ''),
    (3, 'ncci_mue', ''), (4, 'ncci_mue', ''), (5, 'ncci_add_on', ''), (6, 'icd10cm_code', ''),
    (7, 'icd10cm_note', '')) AS file(n, kind, name);

INSERT INTO ncci_ptp BY NAME
SELECT DISTINCT ON (reference_id, column1_code, column2_code)
    CASE WHEN i < 2950000 THEN 1 ELSE 2 END AS reference_id,
    CASE WHEN i < 2950000 THEN 'practitioner' ELSE 'hospital' END AS setting,
    CASE WHEN hash(i) % 20 = 0 THEN a_visit(i, 1) ELSE a_code(i, 1) END AS column1_code,
    CASE WHEN hash(i) % 3 = 0 THEN a_visit(i, 2) ELSE a_code(i, 2) END AS column2_code,
    CASE WHEN hash(i, 3) % 10 < 7 THEN '1' WHEN hash(i, 3) % 10 < 9 THEN '0' ELSE '9' END
        AS modifier_indicator,
    DATE '2000-01-01' AS start_date
FROM range(5250000) AS made(i);

INSERT INTO ncci_mue BY NAME
SELECT
    3 + setting.n AS reference_id, setting.name AS setting,
    lpad(CAST(100 + i * 11 AS VARCHAR), 5, '0') AS procedure_code,
    CAST(1 + hash(i) % 5 AS INTEGER) AS max_units,
    CAST(1 + hash(i, 1) % 3 AS VARCHAR) AS adjudication_indicator
FROM range(9000) AS made(i)
CROSS JOIN (VALUES (0, 'practitioner'), (1, 'hospital')) AS setting(n, name);

INSERT INTO ncci_add_on BY NAME
SELECT
    5 AS reference_id, CAST(1 + hash(i // 20) % 3 AS VARCHAR) AS edit_type,
    a_code(i // 20, 4) AS add_on_code, a_code(i, 5) AS primary_code, DATE '2000-01-01' AS start_date
FROM range(12000) AS made(i);

INSERT INTO medicare_fee BY NAME
SELECT
    code AS procedure_code, '' AS modifier_code,
    CASE WHEN hash(code) % 50 = 0 THEN 'N' ELSE 'A' END AS status_code,
    CAST(hash(code, 1) % 2 AS VARCHAR) AS component_code,
    CASE hash(code, 2) % 5 WHEN 0 THEN '090' WHEN 1 THEN '010' WHEN 2 THEN '000' ELSE 'XXX' END
        AS global_days_code,
    CAST(hash(code, 3) % 3 AS VARCHAR) AS bilateral_code, '2' AS assistant_code,
    '1' AS cosurgeon_code, '0' AS team_code, '2' AS multiple_procedure_code,
    DATE '2025-01-01' AS start_date, DATE '2026-12-31' AS end_date
FROM (SELECT DISTINCT procedure_code AS code FROM claim_line) AS seen;

INSERT INTO icd10cm_code BY NAME
SELECT 6 AS reference_id, diagnosis_code AS code, TRUE AS is_billable, 'Right hand' AS long_title
FROM (SELECT DISTINCT diagnosis_code FROM claim_diagnosis) AS seen;

INSERT INTO icd10cm_exclusion BY NAME
SELECT
    7 AS reference_id, CAST(i AS INTEGER) AS note_no,
    chr(CAST(65 + hash(i) % 20 AS INTEGER)) || CAST(10 + hash(i, 1) % 80 AS VARCHAR) AS at_first_code,
    at_first_code || '~' AS at_last_code,
    chr(CAST(65 + hash(i, 2) % 20 AS INTEGER)) || CAST(10 + hash(i, 3) % 80 AS VARCHAR) AS first_code,
    first_code || '~' AS last_code
FROM range(5700) AS made(i);
