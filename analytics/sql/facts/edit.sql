-- edit: one row per edit of coding: its bit in the masks of edit_check, which table it needs, and the
-- categories of the denials that it foresees.
--
-- Reads    nothing
-- Sources  METRICS section 4
SELECT 'ICD-1' AS edit_code, CAST(1 AS INTEGER) AS edit_bit,
    'diagnosis not in force that day' AS title, 'icd10cm_code' AS needs,
    ',coding,bundling_ncci,medical_necessity,' AS foresees  -- categories of denials
UNION ALL SELECT 'ICD-2', 2, 'diagnosis that is a heading', 'icd10cm_code',
    ',coding,bundling_ncci,medical_necessity,'
UNION ALL SELECT 'ICD-3', 4, 'unspecified diagnosis', 'mce_diagnosis',
    ',coding,bundling_ncci,medical_necessity,'
UNION ALL SELECT 'ICD-4', 8, 'diagnosis for another age or sex', 'mce_diagnosis, mce_age_range',
    ',coding,bundling_ncci,medical_necessity,'
UNION ALL SELECT 'ICD-5', 16, 'diagnosis that can be no principal, or is said twice', 'mce_diagnosis',
    ',coding,bundling_ncci,medical_necessity,'
UNION ALL SELECT 'ICD-6', 32, 'two diagnoses that exclude each other (Excludes1)', 'icd10cm_note',
    ',coding,bundling_ncci,medical_necessity,'
UNION ALL SELECT 'ICD-7', 64, 'side of the modifier is not that of the diagnosis', 'icd10cm_code',
    ',coding,bundling_ncci,medical_necessity,'
UNION ALL SELECT 'PTP-1', 128, 'NCCI pair, no modifier allowed or none given', 'ncci_ptp',
    ',coding,bundling_ncci,medical_necessity,'
UNION ALL SELECT 'PTP-2', 256, 'NCCI pair passed by a modifier, more often than peers do', 'ncci_ptp',
    ',coding,bundling_ncci,medical_necessity,'
UNION ALL SELECT 'MUE-1', 512, 'more units than are likely', 'ncci_mue',
    ',coding,bundling_ncci,medical_necessity,'
UNION ALL SELECT 'AOC-1', 1024, 'add-on code without its primary', 'ncci_add_on',
    ',coding,bundling_ncci,medical_necessity,'
UNION ALL SELECT 'MOD-1', 2048, 'modifier not for this procedure', 'medicare_fee',
    ',coding,bundling_ncci,medical_necessity,'
UNION ALL SELECT 'MOD-2', 4096, 'modifier not for this kind of service, or against another', '',
    ',coding,bundling_ncci,medical_necessity,'
UNION ALL SELECT 'GLB-1', 8192, 'visit within a global period', 'medicare_fee',
    ',coding,bundling_ncci,medical_necessity,'
UNION ALL SELECT 'STS-1', 16384, 'procedure bundled, invalid, not covered or excluded', 'medicare_fee',
    ',coding,bundling_ncci,medical_necessity,'
UNION ALL SELECT 'HCP-1', 32768, 'procedure code malformed, ended or not yet in force', 'hcpcs_code',
    ',coding,bundling_ncci,medical_necessity,'
UNION ALL SELECT 'POS-1', 65536, 'place of service not for this kind of visit', '',
    ',coding,bundling_ncci,medical_necessity,'
UNION ALL SELECT 'DUP-1', 131072, 'the same service twice', '',
    ',duplicate,'
UNION ALL SELECT 'TF-1', 262144, 'sent after the filing limit', '',
    ',timely_filing,'
UNION ALL SELECT 'NPI-1', 524288, 'NPI with a wrong check digit', '',
    ',billing_data,'
UNION ALL SELECT 'TAX-1', 1048576, 'taxonomy code in no list', 'nucc_taxonomy',
    ',billing_data,'
UNION ALL SELECT 'TOB-1', 2097152, 'bill type against revenue codes or discharge status', '',
    ',billing_data,coding,'
UNION ALL SELECT 'ORD-1', 4194304, 'pointer to no diagnosis, or dates out of order', '',
    ',billing_data,coding,'
