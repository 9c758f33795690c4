-- Makes the claims of world.sql such as edits read: NPIs with a check digit, bill types, and codes of
-- procedures spread over 9,000, two in five lines visits; every value comes from hash().
CREATE TEMP MACRO a_code(a, b) AS lpad(CAST(100 + (hash(a, b) % 9000) * 11 AS VARCHAR), 5, '0');
CREATE TEMP MACRO a_visit(a, b) AS CAST(99202 + hash(a, b) % 298 AS VARCHAR);
CREATE TEMP MACRO doubled(npi, n) AS CAST(substr('0246813579',
    CAST(substr(npi, n, 1) AS INTEGER) + 1, 1) AS INTEGER);
CREATE TEMP MACRO digit(npi, n) AS CAST(substr(npi, n, 1) AS INTEGER);
CREATE TEMP MACRO valid(npi) AS substr(npi, 1, 9) || CAST((10 - (24 + doubled(npi, 1)
    + digit(npi, 2) + doubled(npi, 3) + digit(npi, 4) + doubled(npi, 5) + digit(npi, 6)
    + doubled(npi, 7) + digit(npi, 8) + doubled(npi, 9)) % 10) % 10 AS VARCHAR);

UPDATE claim SET billing_npi = valid(billing_npi), rendering_npi = valid(rendering_npi),
    bill_type_code = CASE WHEN bill_type_code IS NOT NULL THEN '131' END;
UPDATE claim_diagnosis SET code_system = 'icd10';
UPDATE claim_line SET
    procedure_code = CASE WHEN hash(claim_line_id) % 5 < 2 THEN a_visit(claim_line_id, 0)
        ELSE a_code(claim_line_id, 7) END,
    units = 1 + hash(claim_line_id, 5) % 3, diagnosis_pointers = [1],
    modifier_key = coalesce(modifier_key, '');
