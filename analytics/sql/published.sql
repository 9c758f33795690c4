-- Published reference tables.  Rows of several releases stand side by side: join reference_file for the release.

CREATE TABLE IF NOT EXISTS reference_file (
    reference_id BIGINT,
    kind VARCHAR,
    release VARCHAR,
    file_name VARCHAR,
    sha256 VARCHAR,
    effective_from DATE,
    effective_to DATE,
    row_count BIGINT,
    loaded_at TIMESTAMP
);
COMMENT ON TABLE reference_file IS 'One row per published file loaded, by kind and release.';
COMMENT ON COLUMN reference_file.reference_id IS 'Its number; the rows of its table carry it.';
COMMENT ON COLUMN reference_file.kind IS 'The table its rows are in.';
COMMENT ON COLUMN reference_file.release IS 'Release as the publisher counts: 43.1, 2026, 2026Q3.';
COMMENT ON COLUMN reference_file.file_name IS 'Name, after that of its archive where it came in one.';
COMMENT ON COLUMN reference_file.sha256 IS 'Hash of its content.';
COMMENT ON COLUMN reference_file.effective_from IS 'First day it speaks of.';
COMMENT ON COLUMN reference_file.effective_to IS 'Last day it speaks of; NULL where nothing says.';
COMMENT ON COLUMN reference_file.row_count IS 'Rows loaded.';
COMMENT ON COLUMN reference_file.loaded_at IS 'When it was loaded (UTC).';

CREATE TABLE IF NOT EXISTS mce_diagnosis (
    reference_id BIGINT,
    code VARCHAR,
    start_date DATE,
    end_date DATE,
    flags VARCHAR[]
);
COMMENT ON TABLE mce_diagnosis IS 'One row per ICD-10-CM code and span of time in the Medicare Code Editor.';
COMMENT ON COLUMN mce_diagnosis.reference_id IS 'The file it came from.';
COMMENT ON COLUMN mce_diagnosis.code IS 'ICD-10-CM code without a dot.';
COMMENT ON COLUMN mce_diagnosis.start_date IS 'First day of discharge it is valid for with these flags.';
COMMENT ON COLUMN mce_diagnosis.end_date IS 'Last day; NULL while in force.';
COMMENT ON COLUMN mce_diagnosis.flags IS 'Lists of the editor that the code is on: ecodepdx, maternity, female ...';

CREATE TABLE IF NOT EXISTS mce_procedure (
    reference_id BIGINT,
    code VARCHAR,
    start_date DATE,
    end_date DATE,
    flags VARCHAR[]
);
COMMENT ON TABLE mce_procedure IS 'One row per ICD-10-PCS code and span of time in the Medicare Code Editor.';
COMMENT ON COLUMN mce_procedure.reference_id IS 'The file it came from.';
COMMENT ON COLUMN mce_procedure.code IS 'ICD-10-PCS code.';
COMMENT ON COLUMN mce_procedure.start_date IS 'First day of discharge it is valid for with these flags.';
COMMENT ON COLUMN mce_procedure.end_date IS 'Last day; NULL while in force.';
COMMENT ON COLUMN mce_procedure.flags IS 'Lists of the editor that the code is on: noncovered, lcov ...';

CREATE TABLE IF NOT EXISTS mce_age_range (
    reference_id BIGINT,
    age_group VARCHAR,
    start_age INTEGER,
    end_age INTEGER,
    start_date DATE,
    end_date DATE
);
COMMENT ON TABLE mce_age_range IS 'One row per age group of the Medicare Code Editor and span of time.';
COMMENT ON COLUMN mce_age_range.reference_id IS 'The file it came from.';
COMMENT ON COLUMN mce_age_range.age_group IS 'newborn, pediatric, maternity or adult, as in mce_diagnosis.flags.';
COMMENT ON COLUMN mce_age_range.start_age IS 'Youngest age in years.';
COMMENT ON COLUMN mce_age_range.end_age IS 'Oldest age in years.';
COMMENT ON COLUMN mce_age_range.start_date IS 'First day of discharge.';
COMMENT ON COLUMN mce_age_range.end_date IS 'Last day; NULL while in force.';

CREATE TABLE IF NOT EXISTS mce_discharge_status (
    reference_id BIGINT,
    code VARCHAR,
    start_date DATE,
    end_date DATE
);
COMMENT ON TABLE mce_discharge_status IS 'One row per discharge status that the Medicare Code Editor accepts, and span of time.';
COMMENT ON COLUMN mce_discharge_status.reference_id IS 'The file it came from.';
COMMENT ON COLUMN mce_discharge_status.code IS 'Two digits.';
COMMENT ON COLUMN mce_discharge_status.start_date IS 'First day of discharge.';
COMMENT ON COLUMN mce_discharge_status.end_date IS 'Last day; NULL while in force.';

CREATE TABLE IF NOT EXISTS icd10cm_code (
    reference_id BIGINT,
    order_no INTEGER,
    code VARCHAR,
    is_billable BOOLEAN,
    short_title VARCHAR,
    long_title VARCHAR
);
COMMENT ON TABLE icd10cm_code IS 'One row per ICD-10-CM code or heading of a year (order file).';
COMMENT ON COLUMN icd10cm_code.reference_id IS 'The file it came from.';
COMMENT ON COLUMN icd10cm_code.order_no IS 'Its place in the classification.';
COMMENT ON COLUMN icd10cm_code.code IS 'Code without a dot.';
COMMENT ON COLUMN icd10cm_code.is_billable IS 'Whether it can be reported; FALSE for headings.';
COMMENT ON COLUMN icd10cm_code.short_title IS 'Short title.';
COMMENT ON COLUMN icd10cm_code.long_title IS 'Long title.';

CREATE TABLE IF NOT EXISTS icd10pcs_code (
    reference_id BIGINT,
    order_no INTEGER,
    code VARCHAR,
    is_billable BOOLEAN,
    short_title VARCHAR,
    long_title VARCHAR
);
COMMENT ON TABLE icd10pcs_code IS 'One row per ICD-10-PCS code or table heading of a year (order file).';
COMMENT ON COLUMN icd10pcs_code.reference_id IS 'The file it came from.';
COMMENT ON COLUMN icd10pcs_code.order_no IS 'Its place in the classification.';
COMMENT ON COLUMN icd10pcs_code.code IS 'Code.';
COMMENT ON COLUMN icd10pcs_code.is_billable IS 'Whether it can be reported; FALSE for headings.';
COMMENT ON COLUMN icd10pcs_code.short_title IS 'Short title.';
COMMENT ON COLUMN icd10pcs_code.long_title IS 'Long title.';

CREATE TABLE IF NOT EXISTS icd10_addendum (
    reference_id BIGINT,
    code_set VARCHAR,
    change VARCHAR,
    code VARCHAR,
    is_billable BOOLEAN,
    short_title VARCHAR,
    long_title VARCHAR
);
COMMENT ON TABLE icd10_addendum IS 'One row per code or heading that an ICD-10 release changed (order addenda).';
COMMENT ON COLUMN icd10_addendum.reference_id IS 'The file it came from.';
COMMENT ON COLUMN icd10_addendum.code_set IS 'ICD-10-CM or ICD-10-PCS.';
COMMENT ON COLUMN icd10_addendum.change IS 'add, delete, revise_from or revise_to.';
COMMENT ON COLUMN icd10_addendum.code IS 'Code without a dot.';
COMMENT ON COLUMN icd10_addendum.is_billable IS 'Whether it can be reported; NULL where the file does not say.';
COMMENT ON COLUMN icd10_addendum.short_title IS 'Short title.';
COMMENT ON COLUMN icd10_addendum.long_title IS 'Long title.';

CREATE TABLE IF NOT EXISTS icd10cm_note (
    reference_id BIGINT,
    level VARCHAR,
    code_or_range VARCHAR,
    note_kind VARCHAR,
    note VARCHAR,
    codes_named VARCHAR
);
COMMENT ON TABLE icd10cm_note IS 'One row per note of the ICD-10-CM tabular list: excludes1, codeFirst ...';
COMMENT ON COLUMN icd10cm_note.reference_id IS 'The file it came from.';
COMMENT ON COLUMN icd10cm_note.level IS 'chapter, section or diag.';
COMMENT ON COLUMN icd10cm_note.code_or_range IS 'What it stands at: a chapter, a range of categories, a code without a dot.';
COMMENT ON COLUMN icd10cm_note.note_kind IS 'excludes1, excludes2, codeFirst, useAdditionalCode, codeAlso, sevenChrNote ...';
COMMENT ON COLUMN icd10cm_note.note IS 'Its text.';
COMMENT ON COLUMN icd10cm_note.codes_named IS 'Codes it names, as written.';

CREATE TABLE IF NOT EXISTS icd10cm_exclusion (
    reference_id BIGINT,
    note_no INTEGER,
    at_first_code VARCHAR,
    at_last_code VARCHAR,
    first_code VARCHAR,
    last_code VARCHAR,
    place INTEGER,
    letters VARCHAR
);
COMMENT ON TABLE icd10cm_exclusion IS 'One row per range of codes that an Excludes1 note names: never coded with those it stands at.';
COMMENT ON COLUMN icd10cm_exclusion.reference_id IS 'The file of notes it came from.';
COMMENT ON COLUMN icd10cm_exclusion.note_no IS 'Row of the note in its file, from 1.';
COMMENT ON COLUMN icd10cm_exclusion.at_first_code IS 'First code, as text, of those the note stands at.';
COMMENT ON COLUMN icd10cm_exclusion.at_last_code IS 'Text after the last of them: a tilde sorts behind all letters.';
COMMENT ON COLUMN icd10cm_exclusion.first_code IS 'First code, as text, of those it names.';
COMMENT ON COLUMN icd10cm_exclusion.last_code IS 'Text after the last of them.';
COMMENT ON COLUMN icd10cm_exclusion.place IS 'Letter from which those it names must read as letters, from 1; NULL where any does.';
COMMENT ON COLUMN icd10cm_exclusion.letters IS 'How they must read there.';

CREATE TABLE IF NOT EXISTS ncci_ptp (
    reference_id BIGINT,
    setting VARCHAR,
    column1_code VARCHAR,
    column2_code VARCHAR,
    is_before_1996 BOOLEAN,
    start_date DATE,
    end_date DATE,
    modifier_indicator VARCHAR,
    rationale VARCHAR
);
COMMENT ON TABLE ncci_ptp IS 'One row per procedure-to-procedure edit of the NCCI.';
COMMENT ON COLUMN ncci_ptp.reference_id IS 'The file it came from.';
COMMENT ON COLUMN ncci_ptp.setting IS 'practitioner or hospital.';
COMMENT ON COLUMN ncci_ptp.column1_code IS 'The code that is paid.';
COMMENT ON COLUMN ncci_ptp.column2_code IS 'The code that is not.';
COMMENT ON COLUMN ncci_ptp.is_before_1996 IS 'Whether it existed before 1996.';
COMMENT ON COLUMN ncci_ptp.start_date IS 'First day of service.';
COMMENT ON COLUMN ncci_ptp.end_date IS 'Last day of service; NULL while active. An edit with indicator 9 that ends on its first day was never active.';
COMMENT ON COLUMN ncci_ptp.modifier_indicator IS '0 no modifier allowed, 1 allowed, 9 not applicable.';
COMMENT ON COLUMN ncci_ptp.rationale IS 'Reason given.';

CREATE TABLE IF NOT EXISTS ncci_mue (
    reference_id BIGINT,
    setting VARCHAR,
    procedure_code VARCHAR,
    max_units INTEGER,
    adjudication_indicator VARCHAR,
    rationale VARCHAR
);
COMMENT ON TABLE ncci_mue IS 'One row per medically unlikely edit of the NCCI; in force while its file is.';
COMMENT ON COLUMN ncci_mue.reference_id IS 'The file it came from.';
COMMENT ON COLUMN ncci_mue.setting IS 'practitioner, hospital or dme.';
COMMENT ON COLUMN ncci_mue.procedure_code IS 'HCPCS or CPT code.';
COMMENT ON COLUMN ncci_mue.max_units IS 'Most units thought likely.';
COMMENT ON COLUMN ncci_mue.adjudication_indicator IS '1 by line, 2 by day (policy), 3 by day (clinical).';
COMMENT ON COLUMN ncci_mue.rationale IS 'Reason given.';

CREATE TABLE IF NOT EXISTS ncci_add_on (
    reference_id BIGINT,
    edit_type VARCHAR,
    add_on_code VARCHAR,
    add_on_end_date DATE,
    primary_code VARCHAR,
    primary_end_date DATE,
    start_date DATE,
    end_date DATE
);
COMMENT ON TABLE ncci_add_on IS 'One row per add-on code and primary code it may go with.';
COMMENT ON COLUMN ncci_add_on.reference_id IS 'The file it came from.';
COMMENT ON COLUMN ncci_add_on.edit_type IS '1 primaries are listed, 2 contractors decide, 3 some are listed.';
COMMENT ON COLUMN ncci_add_on.add_on_code IS 'Add-on code.';
COMMENT ON COLUMN ncci_add_on.add_on_end_date IS 'Day the add-on code ended.';
COMMENT ON COLUMN ncci_add_on.primary_code IS 'Primary code; CCCCC where contractors decide.';
COMMENT ON COLUMN ncci_add_on.primary_end_date IS 'Day the primary code ended.';
COMMENT ON COLUMN ncci_add_on.start_date IS 'First day of service.';
COMMENT ON COLUMN ncci_add_on.end_date IS 'Last day of service; NULL while in force.';

CREATE TABLE IF NOT EXISTS hcpcs_code (
    reference_id BIGINT,
    code VARCHAR,
    is_modifier BOOLEAN,
    long_title VARCHAR,
    short_title VARCHAR,
    coverage_code VARCHAR,
    betos_code VARCHAR,
    add_date DATE,
    effective_date DATE,
    end_date DATE,
    action_code VARCHAR
);
COMMENT ON TABLE hcpcs_code IS 'One row per HCPCS Level II code or modifier of a release.';
COMMENT ON COLUMN hcpcs_code.reference_id IS 'The file it came from.';
COMMENT ON COLUMN hcpcs_code.code IS 'Five characters, or two of a modifier.';
COMMENT ON COLUMN hcpcs_code.is_modifier IS 'Whether it is a modifier.';
COMMENT ON COLUMN hcpcs_code.long_title IS 'Long title, its records joined.';
COMMENT ON COLUMN hcpcs_code.short_title IS 'Short title.';
COMMENT ON COLUMN hcpcs_code.coverage_code IS 'Medicare coverage: C carrier judgment, D special instructions, I, M, S not.';
COMMENT ON COLUMN hcpcs_code.betos_code IS 'BETOS category.';
COMMENT ON COLUMN hcpcs_code.add_date IS 'Day it was added.';
COMMENT ON COLUMN hcpcs_code.effective_date IS 'Day of its last change.';
COMMENT ON COLUMN hcpcs_code.end_date IS 'Last day of service; NULL while in force.';
COMMENT ON COLUMN hcpcs_code.action_code IS 'What the release did to it: A added, D ended, N nothing ...';

CREATE TABLE IF NOT EXISTS nucc_taxonomy (
    reference_id BIGINT,
    taxonomy_code VARCHAR,
    section VARCHAR,
    grouping VARCHAR,
    classification VARCHAR,
    specialization VARCHAR,
    display_name VARCHAR
);
COMMENT ON TABLE nucc_taxonomy IS 'One row per provider taxonomy code of a release.';
COMMENT ON COLUMN nucc_taxonomy.reference_id IS 'The file it came from.';
COMMENT ON COLUMN nucc_taxonomy.taxonomy_code IS 'Ten characters.';
COMMENT ON COLUMN nucc_taxonomy.section IS 'Individual or non-individual.';
COMMENT ON COLUMN nucc_taxonomy.grouping IS 'Grouping.';
COMMENT ON COLUMN nucc_taxonomy.classification IS 'Classification.';
COMMENT ON COLUMN nucc_taxonomy.specialization IS 'Specialization.';
COMMENT ON COLUMN nucc_taxonomy.display_name IS 'Name to show.';

CREATE TABLE IF NOT EXISTS ms_drg (
    reference_id BIGINT,
    drg_code VARCHAR,
    title VARCHAR,
    tier VARCHAR
);
COMMENT ON TABLE ms_drg IS 'One row per MS-DRG of a fiscal year (Table 5 of the inpatient rule).';
COMMENT ON COLUMN ms_drg.reference_id IS 'The file it came from.';
COMMENT ON COLUMN ms_drg.drg_code IS 'Three digits.';
COMMENT ON COLUMN ms_drg.title IS 'Title.';
COMMENT ON COLUMN ms_drg.tier IS 'What the title asks of secondary diagnoses: MCC, CC or CC_OR_MCC; NULL where nothing, or where there is another way into the group.';

CREATE TABLE IF NOT EXISTS mcc_diagnosis (
    reference_id BIGINT,
    code VARCHAR,
    title VARCHAR
);
COMMENT ON TABLE mcc_diagnosis IS 'One row per diagnosis that is a major complication or comorbidity in a fiscal year (Table 6I).';
COMMENT ON COLUMN mcc_diagnosis.reference_id IS 'The file it came from.';
COMMENT ON COLUMN mcc_diagnosis.code IS 'ICD-10-CM code without a dot.';
COMMENT ON COLUMN mcc_diagnosis.title IS 'Title.';

CREATE TABLE IF NOT EXISTS cc_diagnosis (
    reference_id BIGINT,
    code VARCHAR,
    title VARCHAR
);
COMMENT ON TABLE cc_diagnosis IS 'One row per diagnosis that is a complication or comorbidity in a fiscal year (Table 6J).';
COMMENT ON COLUMN cc_diagnosis.reference_id IS 'The file it came from.';
COMMENT ON COLUMN cc_diagnosis.code IS 'ICD-10-CM code without a dot.';
COMMENT ON COLUMN cc_diagnosis.title IS 'Title.';

CREATE TABLE IF NOT EXISTS measure_code (
    reference_id BIGINT,
    list_name VARCHAR,
    code VARCHAR,
    group_name VARCHAR
);
COMMENT ON TABLE measure_code IS 'One row per code of a list that a published measure names (CMS HWR, AHRQ PQI, CCS).';
COMMENT ON COLUMN measure_code.reference_id IS 'The file it came from.';
COMMENT ON COLUMN measure_code.list_name IS 'The list: hwr_acute_diagnosis_icd_10_cm, pqi_ACCOPDD, ccs_diagnosis ...';
COMMENT ON COLUMN measure_code.code IS 'ICD-10 code without a dot, or CCS category.';
COMMENT ON COLUMN measure_code.group_name IS 'What the list says of the code: CCS category of a diagnosis or procedure, reason of an exclusion.';

CREATE TABLE IF NOT EXISTS ed_probability (
    reference_id BIGINT,
    code VARCHAR,
    non_emergent_share DECIMAL(11,10),
    primary_care_share DECIMAL(11,10),
    preventable_share DECIMAL(11,10),
    not_preventable_share DECIMAL(11,10),
    injury_share DECIMAL(11,10),
    mental_health_share DECIMAL(11,10),
    alcohol_share DECIMAL(11,10),
    drug_share DECIMAL(11,10)
);
COMMENT ON TABLE ed_probability IS 'One row per diagnosis with the chances of what kind of emergency visit it is (NYU algorithm, Johnston 2017).';
COMMENT ON COLUMN ed_probability.reference_id IS 'The file it came from.';
COMMENT ON COLUMN ed_probability.code IS 'ICD-10-CM code without a dot.';
COMMENT ON COLUMN ed_probability.non_emergent_share IS 'Not emergent.';
COMMENT ON COLUMN ed_probability.primary_care_share IS 'Emergent, treatable by primary care.';
COMMENT ON COLUMN ed_probability.preventable_share IS 'Emergent, emergency care needed, avoidable by earlier care.';
COMMENT ON COLUMN ed_probability.not_preventable_share IS 'Emergent, emergency care needed, not avoidable.';
COMMENT ON COLUMN ed_probability.injury_share IS 'Injury.';
COMMENT ON COLUMN ed_probability.mental_health_share IS 'Mental health.';
COMMENT ON COLUMN ed_probability.alcohol_share IS 'Alcohol.';
COMMENT ON COLUMN ed_probability.drug_share IS 'Other drugs.';

CREATE TABLE IF NOT EXISTS quality_specification (
    reference_id BIGINT,
    performance_year INTEGER,
    measure_number VARCHAR,
    option_group VARCHAR,
    role VARCHAR,
    option_no INTEGER,
    code VARCHAR,
    modifiers VARCHAR,
    excluded_modifiers VARCHAR,
    places VARCHAR,
    excluded_places VARCHAR
);
COMMENT ON TABLE quality_specification IS 'One row per code of a quality measure reported on claims (CMS, MIPS), and what it is for.';
COMMENT ON COLUMN quality_specification.reference_id IS 'The file it came from.';
COMMENT ON COLUMN quality_specification.performance_year IS 'Calendar year the file is for.';
COMMENT ON COLUMN quality_specification.measure_number IS 'Number of the measure: 112, 113 ...';
COMMENT ON COLUMN quality_specification.option_group IS 'Part of a measure with several populations: 00, 01 ...';
COMMENT ON COLUMN quality_specification.role IS 'encounter, diagnosis, diagnosis_exclusion, additional_encounter, additional_diagnosis; met, not_met, exclusion, exception.';
COMMENT ON COLUMN quality_specification.option_no IS 'Place of the option in the measure: of met, not_met, exclusion and exception all codes of one are needed.';
COMMENT ON COLUMN quality_specification.code IS 'ICD-10-CM code without a dot, HCPCS or CPT code.';
COMMENT ON COLUMN quality_specification.modifiers IS 'Modifiers of which the line must have one, joined by commas; NULL where none is asked for.';
COMMENT ON COLUMN quality_specification.excluded_modifiers IS 'Modifiers of which it must have none.';
COMMENT ON COLUMN quality_specification.places IS 'Places of service of which it must have one.';
COMMENT ON COLUMN quality_specification.excluded_places IS 'Places of service it must not have.';

CREATE TABLE IF NOT EXISTS quality_population (
    reference_id BIGINT,
    performance_year INTEGER,
    measure_number VARCHAR,
    option_group VARCHAR,
    option_no INTEGER,
    min_age DECIMAL(5,2),
    max_age DECIMAL(5,2),
    sex_code VARCHAR
);
COMMENT ON TABLE quality_population IS 'One row per population of a quality measure reported on claims: whom it is for.';
COMMENT ON COLUMN quality_population.reference_id IS 'The file it came from.';
COMMENT ON COLUMN quality_population.performance_year IS 'Calendar year the file is for.';
COMMENT ON COLUMN quality_population.measure_number IS 'Number of the measure: 112, 113 ...';
COMMENT ON COLUMN quality_population.option_group IS 'Part of a measure with several populations: 00, 01 ...';
COMMENT ON COLUMN quality_population.option_no IS 'Place of the population in the measure; its codes have the same.';
COMMENT ON COLUMN quality_population.min_age IS 'Youngest age in full years on the day of the encounter; NULL where none is said.';
COMMENT ON COLUMN quality_population.max_age IS 'Oldest age, likewise.';
COMMENT ON COLUMN quality_population.sex_code IS 'F or M; NULL for both.';
