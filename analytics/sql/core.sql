-- The core schema and its data dictionary, once.
--
-- Names: `_date` is DATE, `_amount` DECIMAL(14,2) dollars (18,2 where it is a sum), `_code` text, `_id` an identifier, booleans `is_`.
-- Ids are BIGINT: file_id * 2^32 + record_no of the record's first segment, so every row leads back to its source.
-- No primary keys: they slow loading down and the loader is the only writer; tests hold the keys unique.
-- Comments that begin with "Identity:" mark what can name a person.

CREATE TABLE IF NOT EXISTS source_file (
    file_id BIGINT,
    file_name VARCHAR,
    sha256 VARCHAR,
    format VARCHAR,
    byte_count BIGINT,
    loaded_at TIMESTAMP,
    record_count BIGINT,
    rejected_count BIGINT,
    claim_count BIGINT,
    claim_line_count BIGINT,
    remit_claim_count BIGINT,
    acknowledgement_count BIGINT,
    billed_amount DECIMAL(18,2),
    paid_amount DECIMAL(18,2)
);
COMMENT ON TABLE source_file IS 'One row per file loaded. A file is known by its SHA-256, whatever its name.';
COMMENT ON COLUMN source_file.file_id IS 'Number of the file in this database, from 1; the upper half of every id below it.';
COMMENT ON COLUMN source_file.file_name IS 'Name of the file as loaded, without folders; inside an archive: archive name, then member name.';
COMMENT ON COLUMN source_file.sha256 IS 'SHA-256 of the bytes as read from disk (of the member, inside an archive).';
COMMENT ON COLUMN source_file.format IS 'x12, the side table a CSV file holds, a claims feed, or extract: what a column map read.';
COMMENT ON COLUMN source_file.byte_count IS 'Size in bytes.';
COMMENT ON COLUMN source_file.loaded_at IS 'When the load was committed, UTC.';
COMMENT ON COLUMN source_file.record_count IS 'Segments (X12) or data rows (CSV) in the file.';
COMMENT ON COLUMN source_file.rejected_count IS 'Rows of this file in rejected with severity rejected.';
COMMENT ON COLUMN source_file.claim_count IS 'Rows of claim that came from this file.';
COMMENT ON COLUMN source_file.claim_line_count IS 'Rows of claim_line that came from this file.';
COMMENT ON COLUMN source_file.remit_claim_count IS 'Rows of remit_claim that came from this file.';
COMMENT ON COLUMN source_file.acknowledgement_count IS 'Rows of acknowledgement that came from this file.';
COMMENT ON COLUMN source_file.billed_amount IS 'Sum of claim.billed_amount over the file, dollars.';
COMMENT ON COLUMN source_file.paid_amount IS 'Sum of remit_claim.paid_amount over the file, dollars.';

CREATE TABLE IF NOT EXISTS transaction_set (
    transaction_id BIGINT,
    file_id BIGINT,
    record_no BIGINT,
    type_code VARCHAR,
    implementation_code VARCHAR,
    isa_control_number VARCHAR,
    gs_control_number VARCHAR,
    st_control_number VARCHAR,
    sender_code VARCHAR,
    receiver_code VARCHAR,
    interchange_date DATE,
    is_test BOOLEAN,
    reference_number VARCHAR,
    purpose_code VARCHAR,
    use_code VARCHAR,
    content_hash VARCHAR,
    segment_count BIGINT,
    claim_count BIGINT,
    acknowledgement_count BIGINT,
    status VARCHAR,
    is_balanced BOOLEAN,
    difference_amount DECIMAL(18,2),
    unbalanced_claim_count BIGINT,
    unbalanced_line_count BIGINT
);
COMMENT ON TABLE transaction_set IS 'One row per X12 transaction set (ST to SE) found in a file, loaded or not.';
COMMENT ON COLUMN transaction_set.transaction_id IS 'Id: file_id and the record_no of the ST segment.';
COMMENT ON COLUMN transaction_set.file_id IS 'The file it came from.';
COMMENT ON COLUMN transaction_set.record_no IS 'Position of the ST segment in the file, counted in segments from 1.';
COMMENT ON COLUMN transaction_set.type_code IS 'ST01: 835, 837, 999 ...';
COMMENT ON COLUMN transaction_set.implementation_code IS 'Guide followed: ST03, or GS08 where ST03 is absent.';
COMMENT ON COLUMN transaction_set.isa_control_number IS 'ISA13.';
COMMENT ON COLUMN transaction_set.gs_control_number IS 'GS06.';
COMMENT ON COLUMN transaction_set.st_control_number IS 'ST02.';
COMMENT ON COLUMN transaction_set.sender_code IS 'ISA06, trimmed.';
COMMENT ON COLUMN transaction_set.receiver_code IS 'ISA08, trimmed.';
COMMENT ON COLUMN transaction_set.interchange_date IS 'ISA09.';
COMMENT ON COLUMN transaction_set.is_test IS 'ISA15 = T.';
COMMENT ON COLUMN transaction_set.reference_number IS 'TRN02 of an 835, BHT03 of an 837 or 277CA.';
COMMENT ON COLUMN transaction_set.purpose_code IS 'BHT02 of an 837: 00 original, 18 sent again.';
COMMENT ON COLUMN transaction_set.use_code IS 'BHT06 of an 837: CH to be paid, RP for the record only (encounters), 31 subrogation.';
COMMENT ON COLUMN transaction_set.content_hash IS 'MD5 over reference and claims, or what is acknowledged: equal where the same transaction came in another file.';
COMMENT ON COLUMN transaction_set.segment_count IS 'Segments from ST to SE, both counted.';
COMMENT ON COLUMN transaction_set.claim_count IS 'CLP (835) or CLM (837) segments in the set.';
COMMENT ON COLUMN transaction_set.acknowledgement_count IS 'Rows of acknowledgement that the set gave (277CA, 999, 997).';
COMMENT ON COLUMN transaction_set.status IS 'loaded, rejected or skipped (a type that is not loaded).';
COMMENT ON COLUMN transaction_set.is_balanced IS 'Whether line, claim and transaction balance to the cent; NULL where there is nothing to balance.';
COMMENT ON COLUMN transaction_set.difference_amount IS '835: claims paid less provider adjustments less BPR02; 837: claim charges less line charges.';
COMMENT ON COLUMN transaction_set.unbalanced_claim_count IS 'Claims whose charge less adjustments is not the paid amount (837: not the sum of the lines).';
COMMENT ON COLUMN transaction_set.unbalanced_line_count IS 'Service lines whose charge less adjustments is not the paid amount (835).';

CREATE TABLE IF NOT EXISTS rejected (
    file_id BIGINT,
    record_no BIGINT,
    table_name VARCHAR,
    severity VARCHAR,
    rule VARCHAR,
    reason VARCHAR,
    column_name VARCHAR,
    raw VARCHAR
);
COMMENT ON TABLE rejected IS 'One row per record kept out, or kept with a warning, and the rule it broke.';
COMMENT ON COLUMN rejected.file_id IS 'The file it came from.';
COMMENT ON COLUMN rejected.record_no IS 'Position in the file, counted from 1: segment (X12) or data row (CSV).';
COMMENT ON COLUMN rejected.table_name IS 'Table the record would have gone to.';
COMMENT ON COLUMN rejected.severity IS 'rejected (kept out) or warning (loaded, with this finding).';
COMMENT ON COLUMN rejected.rule IS 'Stable short name of the rule.';
COMMENT ON COLUMN rejected.reason IS 'What is wrong, in words; never a value from the record.';
COMMENT ON COLUMN rejected.column_name IS 'Column of the extract that is at fault, as the column map names it; NULL for other files.';
COMMENT ON COLUMN rejected.raw IS 'Identity: The record as it stood, for the record at fault only; NULL for those kept out with it.';

CREATE TABLE IF NOT EXISTS patient (
    patient_id BIGINT,
    file_id BIGINT,
    record_no BIGINT,
    member_id VARCHAR,
    last_name VARCHAR,
    first_name VARCHAR,
    birth_date DATE,
    sex_code VARCHAR,
    postal_code VARCHAR,
    state_code VARCHAR,
    death_date DATE
);
COMMENT ON TABLE patient IS 'One row per person as identified in the files. The only table that holds identity.';
COMMENT ON COLUMN patient.patient_id IS 'Id: file_id and record_no of the first record that named this person so.';
COMMENT ON COLUMN patient.file_id IS 'File that first named this person so.';
COMMENT ON COLUMN patient.record_no IS 'Position of that record; 2^31 more for the second person that a record names.';
COMMENT ON COLUMN patient.member_id IS 'Identity: Member or subscriber number given by the payer (NM109), upper case.';
COMMENT ON COLUMN patient.last_name IS 'Identity: NM103, upper case.';
COMMENT ON COLUMN patient.first_name IS 'Identity: NM104, upper case.';
COMMENT ON COLUMN patient.birth_date IS 'Identity: DMG02.';
COMMENT ON COLUMN patient.sex_code IS 'DMG03: F, M or U.';
COMMENT ON COLUMN patient.postal_code IS 'Identity: N403.';
COMMENT ON COLUMN patient.state_code IS 'N402.';
COMMENT ON COLUMN patient.death_date IS 'Identity: Day of death, of feeds and eligibility files that say it.';

CREATE TABLE IF NOT EXISTS payer (
    payer_id BIGINT,
    file_id BIGINT,
    record_no BIGINT,
    payer_code VARCHAR,
    payer_name VARCHAR
);
COMMENT ON TABLE payer IS 'One row per payer as named in a file: code and name together.';
COMMENT ON COLUMN payer.payer_id IS 'Id: file_id and record_no of the first record that named it.';
COMMENT ON COLUMN payer.file_id IS 'File that first named it.';
COMMENT ON COLUMN payer.record_no IS 'Position of that record.';
COMMENT ON COLUMN payer.payer_code IS 'NM109 (837), TRN03 or N104 (835).';
COMMENT ON COLUMN payer.payer_name IS 'NM103 (837), N102 (835), upper case.';

CREATE TABLE IF NOT EXISTS payer_map (
    payer_code VARCHAR,
    payer_name VARCHAR,
    canonical_payer VARCHAR,
    line_of_business VARCHAR,
    state_code VARCHAR,
    filing_limit_days INTEGER,
    appeal_limit_days INTEGER,
    prompt_pay_days INTEGER
);
COMMENT ON TABLE payer_map IS 'What the user knows of a payer that the files do not say. Loaded from payer_map.csv; optional.';
COMMENT ON COLUMN payer_map.payer_code IS 'As in payer; NULL matches any code.';
COMMENT ON COLUMN payer_map.payer_name IS 'As in payer; NULL matches any name.';
COMMENT ON COLUMN payer_map.canonical_payer IS 'Name to report under.';
COMMENT ON COLUMN payer_map.line_of_business IS 'commercial, medicare, medicare_advantage, medicaid, ...';
COMMENT ON COLUMN payer_map.state_code IS 'State whose prompt-pay law applies.';
COMMENT ON COLUMN payer_map.filing_limit_days IS 'Days from service to submission the payer accepts.';
COMMENT ON COLUMN payer_map.appeal_limit_days IS 'Days from denial to appeal the payer accepts.';
COMMENT ON COLUMN payer_map.prompt_pay_days IS 'Calendar days from receipt in which the contract has the payer answer; NULL leaves it to prompt_pay_rule.';

CREATE TABLE IF NOT EXISTS provider (
    npi VARCHAR,
    file_id BIGINT,
    record_no BIGINT,
    provider_name VARCHAR,
    taxonomy_code VARCHAR
);
COMMENT ON TABLE provider IS 'One row per NPI seen in the files.';
COMMENT ON COLUMN provider.npi IS 'National Provider Identifier, ten digits.';
COMMENT ON COLUMN provider.file_id IS 'File that first named it.';
COMMENT ON COLUMN provider.record_no IS 'Position of that record.';
COMMENT ON COLUMN provider.provider_name IS 'Organisation, or last name and first name, upper case.';
COMMENT ON COLUMN provider.taxonomy_code IS 'PRV03 where sent.';

CREATE TABLE IF NOT EXISTS provider_map (
    npi VARCHAR,
    provider_name VARCHAR,
    specialty VARCHAR,
    provider_group VARCHAR,
    facility VARCHAR
);
COMMENT ON TABLE provider_map IS 'What the user knows of a provider that the files do not say. Loaded from provider_map.csv; optional.';
COMMENT ON COLUMN provider_map.npi IS 'National Provider Identifier.';
COMMENT ON COLUMN provider_map.provider_name IS 'Name to report under.';
COMMENT ON COLUMN provider_map.specialty IS 'Specialty to report under.';
COMMENT ON COLUMN provider_map.provider_group IS 'Group practice or department.';
COMMENT ON COLUMN provider_map.facility IS 'Site of service.';

CREATE TABLE IF NOT EXISTS claim (
    claim_id BIGINT,
    file_id BIGINT,
    record_no BIGINT,
    transaction_id BIGINT,
    claim_type VARCHAR,
    patient_control_number VARCHAR,
    patient_id BIGINT,
    subscriber_id BIGINT,
    payer_id BIGINT,
    payer_sequence_code VARCHAR,
    claim_filing_code VARCHAR,
    relationship_code VARCHAR,
    group_number VARCHAR,
    insurance_type_code VARCHAR,
    frequency_code VARCHAR,
    original_payer_claim_number VARCHAR,
    prior_authorization_number VARCHAR,
    billing_npi VARCHAR,
    billing_tin VARCHAR,
    billing_taxonomy_code VARCHAR,
    rendering_npi VARCHAR,
    referring_npi VARCHAR,
    attending_npi VARCHAR,
    facility_npi VARCHAR,
    facility_state_code VARCHAR,
    place_of_service_code VARCHAR,
    bill_type_code VARCHAR,
    service_from_date DATE,
    service_to_date DATE,
    admission_date DATE,
    admission_time VARCHAR,
    discharge_time VARCHAR,
    admission_type_code VARCHAR,
    admission_source_code VARCHAR,
    discharge_status_code VARCHAR,
    drg_code VARCHAR,
    principal_diagnosis_code VARCHAR,
    signature_code VARCHAR,
    assignment_code VARCHAR,
    benefits_assigned_code VARCHAR,
    release_code VARCHAR,
    related_cause_codes VARCHAR[],
    accident_state_code VARCHAR,
    special_program_code VARCHAR,
    delay_reason_code VARCHAR,
    contract_type_code VARCHAR,
    contract_code VARCHAR,
    submission_date DATE,
    is_predetermination BOOLEAN,
    billed_amount DECIMAL(14,2),
    patient_paid_amount DECIMAL(14,2),
    note_count INTEGER,
    k3_count INTEGER
);
COMMENT ON TABLE claim IS 'One row per claim submission (CLM). Chains of submissions are put together in the fact claim_outcome.';
COMMENT ON COLUMN claim.claim_id IS 'Id: file_id and record_no.';
COMMENT ON COLUMN claim.file_id IS 'The file it came from.';
COMMENT ON COLUMN claim.record_no IS 'Position of the CLM segment.';
COMMENT ON COLUMN claim.transaction_id IS 'The 837 transaction set.';
COMMENT ON COLUMN claim.claim_type IS 'professional, institutional or dental.';
COMMENT ON COLUMN claim.patient_control_number IS 'Identity: CLM01: the provider''s own number for the claim, as sent, trimmed.';
COMMENT ON COLUMN claim.patient_id IS 'The patient.';
COMMENT ON COLUMN claim.subscriber_id IS 'The person insured (2010BA), in patient; the patient where no other is named.';
COMMENT ON COLUMN claim.payer_id IS 'The payer billed (2010BB).';
COMMENT ON COLUMN claim.payer_sequence_code IS 'SBR01: P primary, S secondary, T tertiary ...';
COMMENT ON COLUMN claim.claim_filing_code IS 'SBR09: kind of plan.';
COMMENT ON COLUMN claim.relationship_code IS 'PAT01, else SBR02: what the patient is to the subscriber, 18 the same.';
COMMENT ON COLUMN claim.group_number IS 'SBR03: number of the subscriber''s group or policy.';
COMMENT ON COLUMN claim.insurance_type_code IS 'SBR05: why Medicare is not primary.';
COMMENT ON COLUMN claim.frequency_code IS 'CLM05-3: 1 original, 7 replacement, 8 void ...';
COMMENT ON COLUMN claim.original_payer_claim_number IS 'Identity: REF*F8: the payer''s number of the claim this one replaces.';
COMMENT ON COLUMN claim.prior_authorization_number IS 'Identity: REF*G1.';
COMMENT ON COLUMN claim.billing_npi IS 'NM1*85, NM109 with qualifier XX.';
COMMENT ON COLUMN claim.billing_tin IS 'REF*EI or REF*SY of the billing provider.';
COMMENT ON COLUMN claim.billing_taxonomy_code IS 'PRV*BI of the billing provider.';
COMMENT ON COLUMN claim.rendering_npi IS 'NM1*82 of the claim.';
COMMENT ON COLUMN claim.referring_npi IS 'NM1*DN or NM1*P3 of the claim.';
COMMENT ON COLUMN claim.attending_npi IS 'NM1*71 of an institutional claim.';
COMMENT ON COLUMN claim.facility_npi IS 'NM1*77 of the claim.';
COMMENT ON COLUMN claim.facility_state_code IS 'N402 of the service facility, else of the billing provider.';
COMMENT ON COLUMN claim.place_of_service_code IS 'CLM05-1 of a professional or dental claim.';
COMMENT ON COLUMN claim.bill_type_code IS 'CLM05-1 of an institutional claim followed by CLM05-3.';
COMMENT ON COLUMN claim.service_from_date IS 'First day of service: DTP*434 or 472 of the claim, else the earliest line.';
COMMENT ON COLUMN claim.service_to_date IS 'Last day of service, likewise.';
COMMENT ON COLUMN claim.admission_date IS 'DTP*435.';
COMMENT ON COLUMN claim.admission_time IS 'Hour and minute of DTP*435, HHMM.';
COMMENT ON COLUMN claim.discharge_time IS 'DTP*096, HHMM.';
COMMENT ON COLUMN claim.admission_type_code IS 'CL101.';
COMMENT ON COLUMN claim.admission_source_code IS 'CL102.';
COMMENT ON COLUMN claim.discharge_status_code IS 'CL103.';
COMMENT ON COLUMN claim.drg_code IS 'HI*DR.';
COMMENT ON COLUMN claim.principal_diagnosis_code IS 'HI*ABK or BK, without the dot.';
COMMENT ON COLUMN claim.signature_code IS 'CLM06: Y where the provider''s signature is on file.';
COMMENT ON COLUMN claim.assignment_code IS 'CLM07: A where the provider takes what the plan allows, B for laboratory services only, C not.';
COMMENT ON COLUMN claim.benefits_assigned_code IS 'CLM08: Y where the plan pays the provider, N the patient.';
COMMENT ON COLUMN claim.release_code IS 'CLM09: Y or I where information may be released.';
COMMENT ON COLUMN claim.related_cause_codes IS 'CLM11-1 to 3: AA auto accident, EM employment, OA other accident.';
COMMENT ON COLUMN claim.accident_state_code IS 'CLM11-4.';
COMMENT ON COLUMN claim.special_program_code IS 'CLM12.';
COMMENT ON COLUMN claim.delay_reason_code IS 'CLM20: why the claim is late.';
COMMENT ON COLUMN claim.contract_type_code IS 'CN101.';
COMMENT ON COLUMN claim.contract_code IS 'CN104.';
COMMENT ON COLUMN claim.submission_date IS 'BHT04.';
COMMENT ON COLUMN claim.is_predetermination IS 'A request for a price (guides X291, X292; CLM19 = PB), not a bill: no fact counts it.';
COMMENT ON COLUMN claim.billed_amount IS 'CLM02, dollars.';
COMMENT ON COLUMN claim.patient_paid_amount IS 'AMT*F5, dollars.';
COMMENT ON COLUMN claim.note_count IS 'NTE segments of the claim and its lines; their text is not kept.';
COMMENT ON COLUMN claim.k3_count IS 'K3 segments of the claim and its lines; their text is not kept.';

CREATE TABLE IF NOT EXISTS claim_diagnosis (
    claim_id BIGINT,
    file_id BIGINT,
    record_no BIGINT,
    position INTEGER,
    diagnosis_code VARCHAR,
    kind VARCHAR,
    code_system VARCHAR,
    present_on_admission_code VARCHAR
);
COMMENT ON TABLE claim_diagnosis IS 'One row per diagnosis on a submission.';
COMMENT ON COLUMN claim_diagnosis.claim_id IS 'The submission.';
COMMENT ON COLUMN claim_diagnosis.file_id IS 'The file it came from.';
COMMENT ON COLUMN claim_diagnosis.record_no IS 'Position of the HI segment.';
COMMENT ON COLUMN claim_diagnosis.position IS 'As pointers count: principal 1, others from 2; admitting, reason and external ones from 1 each.';
COMMENT ON COLUMN claim_diagnosis.diagnosis_code IS 'ICD-10-CM (or ICD-9-CM) code, upper case, without the dot.';
COMMENT ON COLUMN claim_diagnosis.kind IS 'principal, admitting, reason, external or other.';
COMMENT ON COLUMN claim_diagnosis.code_system IS 'icd10 or icd9, from the qualifier.';
COMMENT ON COLUMN claim_diagnosis.present_on_admission_code IS 'HI0x-9: Y, N, U, W.';

CREATE TABLE IF NOT EXISTS claim_code (
    claim_id BIGINT,
    file_id BIGINT,
    record_no BIGINT,
    position INTEGER,
    qualifier VARCHAR,
    kind VARCHAR,
    code VARCHAR,
    from_date DATE,
    to_date DATE,
    amount DECIMAL(14,2),
    quantity DECIMAL(14,3)
);
COMMENT ON TABLE claim_code IS 'One row per code of HI that is no diagnosis (and not the DRG): procedures, value, condition and occurrence codes.';
COMMENT ON COLUMN claim_code.claim_id IS 'The submission.';
COMMENT ON COLUMN claim_code.file_id IS 'The file it came from.';
COMMENT ON COLUMN claim_code.record_no IS 'Position of the HI segment.';
COMMENT ON COLUMN claim_code.position IS 'Position among the codes of its qualifier, from 1.';
COMMENT ON COLUMN claim_code.qualifier IS 'HI0x-1, as sent.';
COMMENT ON COLUMN claim_code.kind IS 'principal_procedure, other_procedure, anesthesia_procedure, value, condition, occurrence, occurrence_span, treatment or other.';
COMMENT ON COLUMN claim_code.code IS 'HI0x-2, upper case, without the dot.';
COMMENT ON COLUMN claim_code.from_date IS 'HI0x-4, or its first day.';
COMMENT ON COLUMN claim_code.to_date IS 'HI0x-4, or its last day.';
COMMENT ON COLUMN claim_code.amount IS 'HI0x-5: what a value code stands for; dollars or, by the code, another number.';
COMMENT ON COLUMN claim_code.quantity IS 'HI0x-6.';

CREATE TABLE IF NOT EXISTS claim_line (
    claim_line_id BIGINT,
    claim_id BIGINT,
    file_id BIGINT,
    record_no BIGINT,
    line_no INTEGER,
    line_control_number VARCHAR,
    procedure_qualifier VARCHAR,
    procedure_code VARCHAR,
    modifiers VARCHAR[],
    modifier_key VARCHAR,
    revenue_code VARCHAR,
    units DECIMAL(14,3),
    unit_code VARCHAR,
    billed_amount DECIMAL(14,2),
    place_of_service_code VARCHAR,
    service_from_date DATE,
    service_to_date DATE,
    diagnosis_pointers INTEGER[],
    rendering_npi VARCHAR,
    ndc_code VARCHAR,
    drug_quantity DECIMAL(14,6),
    drug_unit_code VARCHAR,
    drug_unit_price_amount DECIMAL(14,2),
    emergency_code VARCHAR,
    epsdt_code VARCHAR,
    family_planning_code VARCHAR,
    copay_code VARCHAR,
    rate_amount DECIMAL(14,2),
    noncovered_amount DECIMAL(14,2),
    oral_cavity_codes VARCHAR[],
    prosthesis_code VARCHAR
);
COMMENT ON TABLE claim_line IS 'One row per service line of a submission (LX with SV1, SV2 or SV3).';
COMMENT ON COLUMN claim_line.claim_line_id IS 'Id: file_id and record_no.';
COMMENT ON COLUMN claim_line.claim_id IS 'The submission.';
COMMENT ON COLUMN claim_line.file_id IS 'The file it came from.';
COMMENT ON COLUMN claim_line.record_no IS 'Position of the SV segment.';
COMMENT ON COLUMN claim_line.line_no IS 'Position of the line in its claim, from 1.';
COMMENT ON COLUMN claim_line.line_control_number IS 'REF*6R.';
COMMENT ON COLUMN claim_line.procedure_qualifier IS 'SV101-1: HC, AD ...';
COMMENT ON COLUMN claim_line.procedure_code IS 'HCPCS, CPT or CDT code.';
COMMENT ON COLUMN claim_line.modifiers IS 'Procedure modifiers in the order sent.';
COMMENT ON COLUMN claim_line.modifier_key IS 'Modifiers sorted and joined by a comma; empty without modifiers: equal sets have equal keys.';
COMMENT ON COLUMN claim_line.revenue_code IS 'SV201, four digits.';
COMMENT ON COLUMN claim_line.units IS 'Quantity billed.';
COMMENT ON COLUMN claim_line.unit_code IS 'UN units, MJ minutes, DA days.';
COMMENT ON COLUMN claim_line.billed_amount IS 'SV102, SV203 or SV302, dollars.';
COMMENT ON COLUMN claim_line.place_of_service_code IS 'SV105 or SV303, else that of the claim.';
COMMENT ON COLUMN claim_line.service_from_date IS 'DTP*472 of the line, else of the claim.';
COMMENT ON COLUMN claim_line.service_to_date IS 'DTP*472 of the line, else of the claim.';
COMMENT ON COLUMN claim_line.diagnosis_pointers IS 'SV107: positions in the claim''s list of diagnoses.';
COMMENT ON COLUMN claim_line.rendering_npi IS 'NM1*82 of the line, else of the claim.';
COMMENT ON COLUMN claim_line.ndc_code IS 'LIN*N4.';
COMMENT ON COLUMN claim_line.drug_quantity IS 'CTP04.';
COMMENT ON COLUMN claim_line.drug_unit_code IS 'CTP05: UN units, ML millilitres, GR grams, F2 international units, ME milligrams.';
COMMENT ON COLUMN claim_line.drug_unit_price_amount IS 'CTP03, dollars a unit.';
COMMENT ON COLUMN claim_line.emergency_code IS 'SV109: Y in an emergency.';
COMMENT ON COLUMN claim_line.epsdt_code IS 'SV111: Y for a screening of children under Medicaid.';
COMMENT ON COLUMN claim_line.family_planning_code IS 'SV112.';
COMMENT ON COLUMN claim_line.copay_code IS 'SV115: 0 where no copay is due.';
COMMENT ON COLUMN claim_line.rate_amount IS 'SV206, dollars a unit.';
COMMENT ON COLUMN claim_line.noncovered_amount IS 'SV207, dollars.';
COMMENT ON COLUMN claim_line.oral_cavity_codes IS 'SV304: areas of the mouth.';
COMMENT ON COLUMN claim_line.prosthesis_code IS 'SV305: I first placement, R replacement.';

CREATE TABLE IF NOT EXISTS claim_provider (
    claim_id BIGINT,
    claim_line_id BIGINT,
    file_id BIGINT,
    record_no BIGINT,
    role VARCHAR,
    npi VARCHAR,
    taxonomy_code VARCHAR
);
COMMENT ON TABLE claim_provider IS 'One row per provider named on a claim or line (loops 2310 and 2420), the billing provider aside.';
COMMENT ON COLUMN claim_provider.claim_id IS 'The submission.';
COMMENT ON COLUMN claim_provider.claim_line_id IS 'The service line; NULL on claim level.';
COMMENT ON COLUMN claim_provider.file_id IS 'The file it came from.';
COMMENT ON COLUMN claim_provider.record_no IS 'Position of the NM1 segment.';
COMMENT ON COLUMN claim_provider.role IS 'rendering, facility, referring, primary_care, attending, operating, other_operating, supervising, ordering, purchased, assistant_surgeon or other.';
COMMENT ON COLUMN claim_provider.npi IS 'NM109 with qualifier XX; NULL where another number was sent.';
COMMENT ON COLUMN claim_provider.taxonomy_code IS 'PRV03.';

CREATE TABLE IF NOT EXISTS claim_reference (
    claim_id BIGINT,
    claim_line_id BIGINT,
    file_id BIGINT,
    record_no BIGINT,
    qualifier VARCHAR,
    reference VARCHAR
);
COMMENT ON TABLE claim_reference IS 'One row per REF of a claim or line that has no column of its own, and per repeat of one that has.';
COMMENT ON COLUMN claim_reference.claim_id IS 'The submission.';
COMMENT ON COLUMN claim_reference.claim_line_id IS 'The service line; NULL on claim level.';
COMMENT ON COLUMN claim_reference.file_id IS 'The file it came from.';
COMMENT ON COLUMN claim_reference.record_no IS 'Position of the REF segment.';
COMMENT ON COLUMN claim_reference.qualifier IS 'REF01: 9F referral, D9 clearinghouse, EA medical record, P4 project, XZ prescription ...';
COMMENT ON COLUMN claim_reference.reference IS 'Identity: REF02, as sent: a medical record number can name a person.';

CREATE TABLE IF NOT EXISTS claim_date (
    claim_id BIGINT,
    claim_line_id BIGINT,
    file_id BIGINT,
    record_no BIGINT,
    qualifier VARCHAR,
    from_date DATE,
    to_date DATE
);
COMMENT ON TABLE claim_date IS 'One row per DTP of a claim or line that has no column of its own, and per repeat of one that has.';
COMMENT ON COLUMN claim_date.claim_id IS 'The submission.';
COMMENT ON COLUMN claim_date.claim_line_id IS 'The service line; NULL on claim level.';
COMMENT ON COLUMN claim_date.file_id IS 'The file it came from.';
COMMENT ON COLUMN claim_date.record_no IS 'Position of the DTP segment.';
COMMENT ON COLUMN claim_date.qualifier IS 'DTP01: 431 onset, 439 accident, 454 first treatment, 441 prior placement, 452 appliance ...';
COMMENT ON COLUMN claim_date.from_date IS 'DTP03, or its first day.';
COMMENT ON COLUMN claim_date.to_date IS 'DTP03, or its last day.';

CREATE TABLE IF NOT EXISTS claim_amount (
    claim_id BIGINT,
    claim_line_id BIGINT,
    other_payer_record_no BIGINT,
    file_id BIGINT,
    record_no BIGINT,
    segment VARCHAR,
    qualifier VARCHAR,
    amount DECIMAL(14,2),
    quantity DECIMAL(14,6)
);
COMMENT ON TABLE claim_amount IS 'One row per amount or quantity of a claim, line or other payer that has no column of its own.';
COMMENT ON COLUMN claim_amount.claim_id IS 'The submission.';
COMMENT ON COLUMN claim_amount.claim_line_id IS 'The service line; NULL on claim level.';
COMMENT ON COLUMN claim_amount.other_payer_record_no IS 'record_no of the claim_other_payer row; NULL where it is not of another payer.';
COMMENT ON COLUMN claim_amount.file_id IS 'The file it came from.';
COMMENT ON COLUMN claim_amount.record_no IS 'Position of the segment.';
COMMENT ON COLUMN claim_amount.segment IS 'AMT, QTY, MIA, MOA, HCP, CN1, SV5, PS1, MEA or DN1.';
COMMENT ON COLUMN claim_amount.qualifier IS 'AMT01, QTY01 or MEA02; in other segments the number of the element, two digits.';
COMMENT ON COLUMN claim_amount.amount IS 'Dollars; NULL where it is a quantity.';
COMMENT ON COLUMN claim_amount.quantity IS 'Days, units, rates; NULL where it is dollars.';

CREATE TABLE IF NOT EXISTS claim_tooth (
    claim_id BIGINT,
    claim_line_id BIGINT,
    file_id BIGINT,
    record_no BIGINT,
    tooth_code VARCHAR,
    surface_codes VARCHAR[],
    status_code VARCHAR
);
COMMENT ON TABLE claim_tooth IS 'One row per tooth of a dental claim or line (DN2, TOO).';
COMMENT ON COLUMN claim_tooth.claim_id IS 'The submission.';
COMMENT ON COLUMN claim_tooth.claim_line_id IS 'The service line; NULL on claim level.';
COMMENT ON COLUMN claim_tooth.file_id IS 'The file it came from.';
COMMENT ON COLUMN claim_tooth.record_no IS 'Position of the segment.';
COMMENT ON COLUMN claim_tooth.tooth_code IS 'TOO02 or DN201: number or letter of the tooth.';
COMMENT ON COLUMN claim_tooth.surface_codes IS 'TOO03: B, D, F, I, L, M, O.';
COMMENT ON COLUMN claim_tooth.status_code IS 'DN202: E to be extracted, M missing.';

CREATE TABLE IF NOT EXISTS claim_attachment (
    claim_id BIGINT,
    claim_line_id BIGINT,
    file_id BIGINT,
    record_no BIGINT,
    report_type_code VARCHAR,
    transmission_code VARCHAR,
    control_number VARCHAR
);
COMMENT ON TABLE claim_attachment IS 'One row per attachment that a claim or line announces (PWK).';
COMMENT ON COLUMN claim_attachment.claim_id IS 'The submission.';
COMMENT ON COLUMN claim_attachment.claim_line_id IS 'The service line; NULL on claim level.';
COMMENT ON COLUMN claim_attachment.file_id IS 'The file it came from.';
COMMENT ON COLUMN claim_attachment.record_no IS 'Position of the PWK segment.';
COMMENT ON COLUMN claim_attachment.report_type_code IS 'PWK01: what kind of document.';
COMMENT ON COLUMN claim_attachment.transmission_code IS 'PWK02: how it is sent.';
COMMENT ON COLUMN claim_attachment.control_number IS 'Identity: PWK06.';

CREATE TABLE IF NOT EXISTS claim_other_payer (
    claim_id BIGINT,
    file_id BIGINT,
    record_no BIGINT,
    payer_sequence_code VARCHAR,
    claim_filing_code VARCHAR,
    subscriber_id BIGINT,
    relationship_code VARCHAR,
    group_number VARCHAR,
    insurance_type_code VARCHAR,
    benefits_assigned_code VARCHAR,
    release_code VARCHAR,
    payer_code VARCHAR,
    payer_name VARCHAR,
    payer_claim_number VARCHAR,
    prior_authorization_number VARCHAR,
    paid_date DATE,
    paid_amount DECIMAL(14,2),
    remaining_patient_amount DECIMAL(14,2),
    noncovered_amount DECIMAL(14,2)
);
COMMENT ON TABLE claim_other_payer IS 'One row per other payer on a submission (loop 2320, coordination of benefits).';
COMMENT ON COLUMN claim_other_payer.claim_id IS 'The submission.';
COMMENT ON COLUMN claim_other_payer.file_id IS 'The file it came from.';
COMMENT ON COLUMN claim_other_payer.record_no IS 'Position of the SBR segment inside the claim.';
COMMENT ON COLUMN claim_other_payer.payer_sequence_code IS 'SBR01.';
COMMENT ON COLUMN claim_other_payer.claim_filing_code IS 'SBR09.';
COMMENT ON COLUMN claim_other_payer.subscriber_id IS 'The person insured by that payer (2330A), in patient.';
COMMENT ON COLUMN claim_other_payer.relationship_code IS 'SBR02: what the patient is to that subscriber, 18 the same.';
COMMENT ON COLUMN claim_other_payer.group_number IS 'SBR03.';
COMMENT ON COLUMN claim_other_payer.insurance_type_code IS 'SBR05.';
COMMENT ON COLUMN claim_other_payer.benefits_assigned_code IS 'OI03.';
COMMENT ON COLUMN claim_other_payer.release_code IS 'OI06.';
COMMENT ON COLUMN claim_other_payer.payer_code IS 'NM109 of loop 2330B.';
COMMENT ON COLUMN claim_other_payer.payer_name IS 'NM103 of loop 2330B.';
COMMENT ON COLUMN claim_other_payer.payer_claim_number IS 'Identity: REF*F8 of loop 2330B: that payer''s number of the claim.';
COMMENT ON COLUMN claim_other_payer.prior_authorization_number IS 'Identity: REF*G1 of loop 2330B.';
COMMENT ON COLUMN claim_other_payer.paid_date IS 'DTP*573 of loop 2330B: when that payer decided.';
COMMENT ON COLUMN claim_other_payer.paid_amount IS 'AMT*D: what that payer paid, dollars.';
COMMENT ON COLUMN claim_other_payer.remaining_patient_amount IS 'AMT*EAF: what it left to the patient, dollars.';
COMMENT ON COLUMN claim_other_payer.noncovered_amount IS 'AMT*A8, dollars.';

CREATE TABLE IF NOT EXISTS claim_other_payer_adjustment (
    claim_id BIGINT,
    claim_line_id BIGINT,
    other_payer_record_no BIGINT,
    line_answer_record_no BIGINT,
    file_id BIGINT,
    record_no BIGINT,
    position INTEGER,
    group_code VARCHAR,
    carc_code VARCHAR,
    amount DECIMAL(14,2),
    quantity DECIMAL(14,3)
);
COMMENT ON TABLE claim_other_payer_adjustment IS 'One row per adjustment another payer made, as reported on a submission (CAS in 2320 and 2430).';
COMMENT ON COLUMN claim_other_payer_adjustment.claim_id IS 'The submission.';
COMMENT ON COLUMN claim_other_payer_adjustment.claim_line_id IS 'The service line; NULL for an adjustment of the whole claim.';
COMMENT ON COLUMN claim_other_payer_adjustment.other_payer_record_no IS 'record_no of the claim_other_payer row (claim level); NULL at line level.';
COMMENT ON COLUMN claim_other_payer_adjustment.line_answer_record_no IS 'record_no of the claim_line_other_payer row (line level); NULL at claim level.';
COMMENT ON COLUMN claim_other_payer_adjustment.file_id IS 'The file it came from.';
COMMENT ON COLUMN claim_other_payer_adjustment.record_no IS 'Position of the CAS segment.';
COMMENT ON COLUMN claim_other_payer_adjustment.position IS 'Position of the triplet in the segment, from 1.';
COMMENT ON COLUMN claim_other_payer_adjustment.group_code IS 'CO, PR, OA, PI or CR.';
COMMENT ON COLUMN claim_other_payer_adjustment.carc_code IS 'Claim adjustment reason code.';
COMMENT ON COLUMN claim_other_payer_adjustment.amount IS 'Dollars; positive reduces the payment.';
COMMENT ON COLUMN claim_other_payer_adjustment.quantity IS 'Units adjusted.';

CREATE TABLE IF NOT EXISTS claim_other_payer_remark (
    claim_id BIGINT,
    other_payer_record_no BIGINT,
    file_id BIGINT,
    record_no BIGINT,
    position INTEGER,
    rarc_code VARCHAR,
    source VARCHAR
);
COMMENT ON TABLE claim_other_payer_remark IS 'One row per remark code of another payer, as reported on a submission (MIA and MOA in 2320).';
COMMENT ON COLUMN claim_other_payer_remark.claim_id IS 'The submission.';
COMMENT ON COLUMN claim_other_payer_remark.other_payer_record_no IS 'record_no of the claim_other_payer row.';
COMMENT ON COLUMN claim_other_payer_remark.file_id IS 'The file it came from.';
COMMENT ON COLUMN claim_other_payer_remark.record_no IS 'Position of the segment.';
COMMENT ON COLUMN claim_other_payer_remark.position IS 'Position in the segment, from 1.';
COMMENT ON COLUMN claim_other_payer_remark.rarc_code IS 'Remittance advice remark code.';
COMMENT ON COLUMN claim_other_payer_remark.source IS 'MIA or MOA.';

CREATE TABLE IF NOT EXISTS claim_line_other_payer (
    claim_line_id BIGINT,
    claim_id BIGINT,
    file_id BIGINT,
    record_no BIGINT,
    payer_code VARCHAR,
    procedure_qualifier VARCHAR,
    procedure_code VARCHAR,
    modifiers VARCHAR[],
    modifier_key VARCHAR,
    revenue_code VARCHAR,
    units DECIMAL(14,3),
    bundled_line_no VARCHAR,
    paid_amount DECIMAL(14,2),
    paid_date DATE,
    remaining_patient_amount DECIMAL(14,2)
);
COMMENT ON TABLE claim_line_other_payer IS 'One row per answer of another payer to a line, as reported on a submission (SVD, loop 2430).';
COMMENT ON COLUMN claim_line_other_payer.claim_line_id IS 'The service line.';
COMMENT ON COLUMN claim_line_other_payer.claim_id IS 'The submission.';
COMMENT ON COLUMN claim_line_other_payer.file_id IS 'The file it came from.';
COMMENT ON COLUMN claim_line_other_payer.record_no IS 'Position of the SVD segment.';
COMMENT ON COLUMN claim_line_other_payer.payer_code IS 'SVD01.';
COMMENT ON COLUMN claim_line_other_payer.procedure_qualifier IS 'SVD03-1.';
COMMENT ON COLUMN claim_line_other_payer.procedure_code IS 'SVD03-2: the procedure that payer decided on.';
COMMENT ON COLUMN claim_line_other_payer.modifiers IS 'SVD03-3 to 6.';
COMMENT ON COLUMN claim_line_other_payer.modifier_key IS 'Modifiers sorted and joined by a comma; empty without modifiers.';
COMMENT ON COLUMN claim_line_other_payer.revenue_code IS 'SVD04.';
COMMENT ON COLUMN claim_line_other_payer.units IS 'SVD05.';
COMMENT ON COLUMN claim_line_other_payer.bundled_line_no IS 'SVD06: the line it was bundled into.';
COMMENT ON COLUMN claim_line_other_payer.paid_amount IS 'SVD02, dollars.';
COMMENT ON COLUMN claim_line_other_payer.paid_date IS 'DTP*573.';
COMMENT ON COLUMN claim_line_other_payer.remaining_patient_amount IS 'AMT*EAF of loop 2430, dollars.';

CREATE TABLE IF NOT EXISTS remit (
    remit_id BIGINT,
    file_id BIGINT,
    record_no BIGINT,
    payer_id BIGINT,
    payee_npi VARCHAR,
    payee_tin VARCHAR,
    handling_code VARCHAR,
    method_code VARCHAR,
    credit_debit_code VARCHAR,
    payment_amount DECIMAL(14,2),
    payment_date DATE,
    trace_number VARCHAR,
    payer_trace_code VARCHAR,
    production_date DATE
);
COMMENT ON TABLE remit IS 'One row per 835 payment (ST to SE).';
COMMENT ON COLUMN remit.remit_id IS 'Id: that of the transaction set.';
COMMENT ON COLUMN remit.file_id IS 'The file it came from.';
COMMENT ON COLUMN remit.record_no IS 'Position of the ST segment.';
COMMENT ON COLUMN remit.payer_id IS 'The payer (N1*PR).';
COMMENT ON COLUMN remit.payee_npi IS 'N1*PE, N104 with qualifier XX.';
COMMENT ON COLUMN remit.payee_tin IS 'N1*PE, N104 with qualifier FI, or REF*TJ.';
COMMENT ON COLUMN remit.handling_code IS 'BPR01.';
COMMENT ON COLUMN remit.method_code IS 'BPR04: ACH, CHK, NON ...';
COMMENT ON COLUMN remit.credit_debit_code IS 'BPR03: C or D.';
COMMENT ON COLUMN remit.payment_amount IS 'BPR02, dollars; negative where BPR03 is D.';
COMMENT ON COLUMN remit.payment_date IS 'BPR16.';
COMMENT ON COLUMN remit.trace_number IS 'TRN02: check or transfer number.';
COMMENT ON COLUMN remit.payer_trace_code IS 'TRN03.';
COMMENT ON COLUMN remit.production_date IS 'DTM*405.';

CREATE TABLE IF NOT EXISTS remit_group (
    remit_group_id BIGINT,
    remit_id BIGINT,
    file_id BIGINT,
    record_no BIGINT,
    group_no VARCHAR,
    provider_code VARCHAR,
    facility_code VARCHAR,
    fiscal_period_date DATE,
    claim_count DECIMAL(14,3),
    charge_amount DECIMAL(14,2)
);
COMMENT ON TABLE remit_group IS 'One row per summary of a group of claims (TS3), sent to institutions; it counts the claims that follow it.';
COMMENT ON COLUMN remit_group.remit_group_id IS 'Id: file_id and record_no.';
COMMENT ON COLUMN remit_group.remit_id IS 'The payment.';
COMMENT ON COLUMN remit_group.file_id IS 'The file it came from.';
COMMENT ON COLUMN remit_group.record_no IS 'Position of the TS3 segment.';
COMMENT ON COLUMN remit_group.group_no IS 'LX01.';
COMMENT ON COLUMN remit_group.provider_code IS 'TS301.';
COMMENT ON COLUMN remit_group.facility_code IS 'TS302: type of bill without frequency.';
COMMENT ON COLUMN remit_group.fiscal_period_date IS 'TS303: last day of the fiscal year.';
COMMENT ON COLUMN remit_group.claim_count IS 'TS304.';
COMMENT ON COLUMN remit_group.charge_amount IS 'TS305, dollars.';

CREATE TABLE IF NOT EXISTS remit_claim (
    remit_claim_id BIGINT,
    remit_id BIGINT,
    file_id BIGINT,
    record_no BIGINT,
    patient_control_number VARCHAR,
    status_code VARCHAR,
    charge_amount DECIMAL(14,2),
    paid_amount DECIMAL(14,2),
    patient_responsibility_amount DECIMAL(14,2),
    claim_filing_code VARCHAR,
    payer_claim_number VARCHAR,
    facility_code VARCHAR,
    frequency_code VARCHAR,
    drg_code VARCHAR,
    drg_weight DECIMAL(14,6),
    discharge_fraction DECIMAL(14,6),
    patient_id BIGINT,
    subscriber_id BIGINT,
    corrected_patient_id BIGINT,
    other_subscriber_id BIGINT,
    rendering_npi VARCHAR,
    corrected_priority_payer VARCHAR,
    corrected_priority_payer_code VARCHAR,
    crossover_payer VARCHAR,
    crossover_payer_code VARCHAR,
    received_date DATE,
    coverage_expiry_date DATE,
    service_from_date DATE,
    service_to_date DATE,
    allowed_amount DECIMAL(14,2),
    interest_amount DECIMAL(14,2),
    original_reference_number VARCHAR,
    contract_class VARCHAR,
    group_number VARCHAR,
    is_balanced BOOLEAN
);
COMMENT ON TABLE remit_claim IS 'One row per claim payment (CLP).';
COMMENT ON COLUMN remit_claim.remit_claim_id IS 'Id: file_id and record_no.';
COMMENT ON COLUMN remit_claim.remit_id IS 'The payment it is part of.';
COMMENT ON COLUMN remit_claim.file_id IS 'The file it came from.';
COMMENT ON COLUMN remit_claim.record_no IS 'Position of the CLP segment.';
COMMENT ON COLUMN remit_claim.patient_control_number IS 'Identity: CLP01, as sent, trimmed.';
COMMENT ON COLUMN remit_claim.status_code IS 'CLP02.';
COMMENT ON COLUMN remit_claim.charge_amount IS 'CLP03, dollars.';
COMMENT ON COLUMN remit_claim.paid_amount IS 'CLP04, dollars.';
COMMENT ON COLUMN remit_claim.patient_responsibility_amount IS 'CLP05, dollars.';
COMMENT ON COLUMN remit_claim.claim_filing_code IS 'CLP06.';
COMMENT ON COLUMN remit_claim.payer_claim_number IS 'Identity: CLP07.';
COMMENT ON COLUMN remit_claim.facility_code IS 'CLP08.';
COMMENT ON COLUMN remit_claim.frequency_code IS 'CLP09.';
COMMENT ON COLUMN remit_claim.drg_code IS 'CLP11.';
COMMENT ON COLUMN remit_claim.drg_weight IS 'CLP12.';
COMMENT ON COLUMN remit_claim.discharge_fraction IS 'CLP13.';
COMMENT ON COLUMN remit_claim.patient_id IS 'The person named by NM1*QC, with the member number of NM1*IL where that is sent.';
COMMENT ON COLUMN remit_claim.subscriber_id IS 'The person insured (NM1*IL), in patient.';
COMMENT ON COLUMN remit_claim.corrected_patient_id IS 'Name and number as the payer corrected them (NM1*74), in patient.';
COMMENT ON COLUMN remit_claim.other_subscriber_id IS 'The person insured by another plan (NM1*GB), in patient.';
COMMENT ON COLUMN remit_claim.rendering_npi IS 'NM1*82.';
COMMENT ON COLUMN remit_claim.corrected_priority_payer IS 'NM103 of NM1*PR: the payer that should have been billed first.';
COMMENT ON COLUMN remit_claim.corrected_priority_payer_code IS 'NM109 of NM1*PR.';
COMMENT ON COLUMN remit_claim.crossover_payer IS 'NM103 of NM1*TT: the payer the claim was passed on to.';
COMMENT ON COLUMN remit_claim.crossover_payer_code IS 'NM109 of NM1*TT.';
COMMENT ON COLUMN remit_claim.received_date IS 'DTM*050.';
COMMENT ON COLUMN remit_claim.coverage_expiry_date IS 'DTM*036.';
COMMENT ON COLUMN remit_claim.service_from_date IS 'DTM*232, else the earliest line.';
COMMENT ON COLUMN remit_claim.service_to_date IS 'DTM*233, else the latest line.';
COMMENT ON COLUMN remit_claim.allowed_amount IS 'AMT*AU, dollars; NULL where not sent.';
COMMENT ON COLUMN remit_claim.interest_amount IS 'AMT*I, dollars; NULL where not sent.';
COMMENT ON COLUMN remit_claim.original_reference_number IS 'Identity: REF*F8.';
COMMENT ON COLUMN remit_claim.contract_class IS 'REF*CE: the contract the payer paid by.';
COMMENT ON COLUMN remit_claim.group_number IS 'REF*1L: number of the group or policy.';
COMMENT ON COLUMN remit_claim.is_balanced IS 'Charge less all adjustments equals the paid amount.';

CREATE TABLE IF NOT EXISTS remit_line (
    remit_line_id BIGINT,
    remit_claim_id BIGINT,
    file_id BIGINT,
    record_no BIGINT,
    line_no INTEGER,
    line_control_number VARCHAR,
    procedure_qualifier VARCHAR,
    procedure_code VARCHAR,
    modifiers VARCHAR[],
    modifier_key VARCHAR,
    revenue_code VARCHAR,
    submitted_procedure_code VARCHAR,
    submitted_modifiers VARCHAR[],
    charge_amount DECIMAL(14,2),
    paid_amount DECIMAL(14,2),
    allowed_amount DECIMAL(14,2),
    units_paid DECIMAL(14,3),
    units_billed DECIMAL(14,3),
    service_from_date DATE,
    service_to_date DATE,
    rendering_npi VARCHAR,
    is_balanced BOOLEAN
);
COMMENT ON TABLE remit_line IS 'One row per service payment (SVC).';
COMMENT ON COLUMN remit_line.remit_line_id IS 'Id: file_id and record_no.';
COMMENT ON COLUMN remit_line.remit_claim_id IS 'The claim payment.';
COMMENT ON COLUMN remit_line.file_id IS 'The file it came from.';
COMMENT ON COLUMN remit_line.record_no IS 'Position of the SVC segment.';
COMMENT ON COLUMN remit_line.line_no IS 'Position of the line in its claim payment, from 1.';
COMMENT ON COLUMN remit_line.line_control_number IS 'REF*6R.';
COMMENT ON COLUMN remit_line.procedure_qualifier IS 'SVC01-1.';
COMMENT ON COLUMN remit_line.procedure_code IS 'SVC01-2: the procedure as adjudicated.';
COMMENT ON COLUMN remit_line.modifiers IS 'SVC01-3 to 6.';
COMMENT ON COLUMN remit_line.modifier_key IS 'Modifiers sorted and joined by a comma; empty without modifiers.';
COMMENT ON COLUMN remit_line.revenue_code IS 'SVC04, or SVC01-2 with qualifier NU.';
COMMENT ON COLUMN remit_line.submitted_procedure_code IS 'SVC06-2: the procedure as billed, where the payer changed it.';
COMMENT ON COLUMN remit_line.submitted_modifiers IS 'SVC06-3 to 6.';
COMMENT ON COLUMN remit_line.charge_amount IS 'SVC02, dollars.';
COMMENT ON COLUMN remit_line.paid_amount IS 'SVC03, dollars.';
COMMENT ON COLUMN remit_line.allowed_amount IS 'AMT*B6, dollars; NULL where not sent.';
COMMENT ON COLUMN remit_line.units_paid IS 'SVC05; 1 where not sent.';
COMMENT ON COLUMN remit_line.units_billed IS 'SVC07; units paid where not sent.';
COMMENT ON COLUMN remit_line.service_from_date IS 'DTM*472 or 150 of the line, else of the claim.';
COMMENT ON COLUMN remit_line.service_to_date IS 'DTM*472 or 151 of the line, else of the claim.';
COMMENT ON COLUMN remit_line.rendering_npi IS 'REF*HPI of the line.';
COMMENT ON COLUMN remit_line.is_balanced IS 'Charge less line adjustments equals the paid amount.';

CREATE TABLE IF NOT EXISTS adjustment (
    remit_claim_id BIGINT,
    remit_line_id BIGINT,
    file_id BIGINT,
    record_no BIGINT,
    position INTEGER,
    group_code VARCHAR,
    carc_code VARCHAR,
    amount DECIMAL(14,2),
    quantity DECIMAL(14,3)
);
COMMENT ON TABLE adjustment IS 'One row per adjustment of a claim payment: one triplet of a CAS segment.';
COMMENT ON COLUMN adjustment.remit_claim_id IS 'The claim payment.';
COMMENT ON COLUMN adjustment.remit_line_id IS 'The service line; NULL for an adjustment of the whole claim.';
COMMENT ON COLUMN adjustment.file_id IS 'The file it came from.';
COMMENT ON COLUMN adjustment.record_no IS 'Position of the CAS segment.';
COMMENT ON COLUMN adjustment.position IS 'Position of the triplet in the segment, from 1.';
COMMENT ON COLUMN adjustment.group_code IS 'CO, PR, OA, PI or CR.';
COMMENT ON COLUMN adjustment.carc_code IS 'Claim adjustment reason code.';
COMMENT ON COLUMN adjustment.amount IS 'Dollars; positive reduces the payment.';
COMMENT ON COLUMN adjustment.quantity IS 'Units adjusted; NULL where not sent.';

CREATE TABLE IF NOT EXISTS remark (
    remit_claim_id BIGINT,
    remit_line_id BIGINT,
    file_id BIGINT,
    record_no BIGINT,
    position INTEGER,
    rarc_code VARCHAR,
    source VARCHAR
);
COMMENT ON TABLE remark IS 'One row per remark code (RARC) on a claim payment or line.';
COMMENT ON COLUMN remark.remit_claim_id IS 'The claim payment.';
COMMENT ON COLUMN remark.remit_line_id IS 'The service line; NULL for a remark on the whole claim.';
COMMENT ON COLUMN remark.file_id IS 'The file it came from.';
COMMENT ON COLUMN remark.record_no IS 'Position of the segment.';
COMMENT ON COLUMN remark.position IS 'Position in the segment, from 1.';
COMMENT ON COLUMN remark.rarc_code IS 'Remittance advice remark code.';
COMMENT ON COLUMN remark.source IS 'Segment it came from: LQ, MIA or MOA.';

CREATE TABLE IF NOT EXISTS provider_adjustment (
    remit_id BIGINT,
    file_id BIGINT,
    record_no BIGINT,
    position INTEGER,
    provider_code VARCHAR,
    fiscal_period_date DATE,
    reason_code VARCHAR,
    reference VARCHAR,
    amount DECIMAL(14,2)
);
COMMENT ON TABLE provider_adjustment IS 'One row per provider-level adjustment (PLB pair).';
COMMENT ON COLUMN provider_adjustment.remit_id IS 'The payment.';
COMMENT ON COLUMN provider_adjustment.file_id IS 'The file it came from.';
COMMENT ON COLUMN provider_adjustment.record_no IS 'Position of the PLB segment.';
COMMENT ON COLUMN provider_adjustment.position IS 'Position of the pair in the segment, from 1.';
COMMENT ON COLUMN provider_adjustment.provider_code IS 'PLB01.';
COMMENT ON COLUMN provider_adjustment.fiscal_period_date IS 'PLB02.';
COMMENT ON COLUMN provider_adjustment.reason_code IS 'PLB03-1.';
COMMENT ON COLUMN provider_adjustment.reference IS 'Identity: PLB03-2: often the payer''s claim number.';
COMMENT ON COLUMN provider_adjustment.amount IS 'Dollars as sent: positive reduces the payment.';

CREATE TABLE IF NOT EXISTS remit_amount (
    remit_id BIGINT,
    remit_group_id BIGINT,
    remit_claim_id BIGINT,
    remit_line_id BIGINT,
    file_id BIGINT,
    record_no BIGINT,
    segment VARCHAR,
    qualifier VARCHAR,
    amount DECIMAL(14,2),
    quantity DECIMAL(14,6)
);
COMMENT ON TABLE remit_amount IS 'One row per amount or quantity of a payment that has no column of its own (AMT, QTY, MIA, MOA, TS2, TS3).';
COMMENT ON COLUMN remit_amount.remit_id IS 'The payment.';
COMMENT ON COLUMN remit_amount.remit_group_id IS 'The group of claims, for TS2 and TS3.';
COMMENT ON COLUMN remit_amount.remit_claim_id IS 'The claim payment; NULL where it is of the whole payment.';
COMMENT ON COLUMN remit_amount.remit_line_id IS 'The service line; NULL where it is not of a line.';
COMMENT ON COLUMN remit_amount.file_id IS 'The file it came from.';
COMMENT ON COLUMN remit_amount.record_no IS 'Position of the segment.';
COMMENT ON COLUMN remit_amount.segment IS 'AMT, QTY, MIA, MOA, TS2 or TS3.';
COMMENT ON COLUMN remit_amount.qualifier IS 'AMT01 or QTY01; in other segments the number of the element, two digits.';
COMMENT ON COLUMN remit_amount.amount IS 'Dollars; NULL where it is a quantity.';
COMMENT ON COLUMN remit_amount.quantity IS 'Days, visits, units, rates; NULL where it is dollars.';

CREATE TABLE IF NOT EXISTS remit_reference (
    remit_id BIGINT,
    remit_claim_id BIGINT,
    remit_line_id BIGINT,
    file_id BIGINT,
    record_no BIGINT,
    qualifier VARCHAR,
    reference VARCHAR
);
COMMENT ON TABLE remit_reference IS 'One row per REF of a payment, claim payment or line that has no column of its own, and per repeat of one that has.';
COMMENT ON COLUMN remit_reference.remit_id IS 'The payment.';
COMMENT ON COLUMN remit_reference.remit_claim_id IS 'The claim payment; NULL where it is of the whole payment.';
COMMENT ON COLUMN remit_reference.remit_line_id IS 'The service line; NULL where it is not of a line.';
COMMENT ON COLUMN remit_reference.file_id IS 'The file it came from.';
COMMENT ON COLUMN remit_reference.record_no IS 'Position of the REF segment.';
COMMENT ON COLUMN remit_reference.qualifier IS 'REF01: EA medical record, G1 authorization, BB authorization, 0K policy, APC, LU place ...';
COMMENT ON COLUMN remit_reference.reference IS 'Identity: REF02, as sent: a medical record number can name a person.';

CREATE TABLE IF NOT EXISTS acknowledgement (
    acknowledgement_id BIGINT,
    file_id BIGINT,
    record_no BIGINT,
    transaction_id BIGINT,
    source VARCHAR,
    level VARCHAR,
    action VARCHAR,
    reply_code VARCHAR,
    reason_code VARCHAR,
    acknowledged_date DATE,
    reference_number VARCHAR,
    provider_npi VARCHAR,
    patient_control_number VARCHAR,
    payer_claim_number VARCHAR,
    clearinghouse_number VARCHAR,
    line_control_number VARCHAR,
    charge_amount DECIMAL(14,2),
    category_code VARCHAR,
    status_code VARCHAR,
    entity_code VARCHAR,
    status_list_code VARCHAR,
    further_codes VARCHAR[],
    isa_control_number VARCHAR,
    interchange_date DATE,
    functional_code VARCHAR,
    gs_control_number VARCHAR,
    set_type_code VARCHAR,
    st_control_number VARCHAR,
    implementation_code VARCHAR,
    set_count INTEGER,
    received_count INTEGER,
    accepted_count INTEGER,
    error_count INTEGER
);
COMMENT ON TABLE acknowledgement IS 'One row per status (STC) of a 277CA, per set (AK2) and group (AK9) that a 999 or 997 answers, and per TA1.';
COMMENT ON COLUMN acknowledgement.acknowledgement_id IS 'Id: file_id and record_no.';
COMMENT ON COLUMN acknowledgement.file_id IS 'The file it came from.';
COMMENT ON COLUMN acknowledgement.record_no IS 'Position of the segment: STC (277CA), AK2 or AK9 (999, 997) or TA1.';
COMMENT ON COLUMN acknowledgement.transaction_id IS 'The set that acknowledges; NULL for a TA1, which stands in none.';
COMMENT ON COLUMN acknowledgement.source IS '277CA, 999, 997 or TA1.';
COMMENT ON COLUMN acknowledgement.level IS 'What is meant: claim, line, provider or batch (277CA), set or group (999, 997), interchange (TA1).';
COMMENT ON COLUMN acknowledgement.action IS 'accepted or rejected; NULL where the segment says neither. 277CA: STC03 = U or a category A3, A6, A7, A8 rejects, else WQ or A0, A1, A2, A5 accepts. 999, 997, TA1: A and E accept; M, R, W and X reject.';
COMMENT ON COLUMN acknowledgement.reply_code IS 'What action was read from: STC03, IK501, AK501, AK901 or TA104.';
COMMENT ON COLUMN acknowledgement.reason_code IS 'Why: IK502, AK502, AK905 or TA105; of a 277CA see category_code and status_code.';
COMMENT ON COLUMN acknowledgement.acknowledged_date IS 'STC02, else the day of processing (DTP*009) or of the set (BHT04); GS04 of a 999 or 997, ISA09 of a TA1.';
COMMENT ON COLUMN acknowledgement.reference_number IS 'TRN02 of the receiver level: BHT03 of the 837 meant.';
COMMENT ON COLUMN acknowledgement.provider_npi IS 'NM109 of the provider level, where it is an NPI.';
COMMENT ON COLUMN acknowledgement.patient_control_number IS 'Identity: TRN02 of the patient level: CLM01 of the claim meant.';
COMMENT ON COLUMN acknowledgement.payer_claim_number IS 'Identity: REF*1K: the number the payer gave the claim.';
COMMENT ON COLUMN acknowledgement.clearinghouse_number IS 'Identity: REF*D9: the number the clearinghouse gave the claim.';
COMMENT ON COLUMN acknowledgement.line_control_number IS 'REF*FJ of a line: REF*6R of the 837.';
COMMENT ON COLUMN acknowledgement.charge_amount IS 'STC04, dollars: charge of the claim, or of all claims at a level above; a line has that of its claim.';
COMMENT ON COLUMN acknowledgement.category_code IS 'STC01-1: A0 to A8.';
COMMENT ON COLUMN acknowledgement.status_code IS 'STC01-2: health care claim status, or reject code of NCPDP where status_list_code is RX.';
COMMENT ON COLUMN acknowledgement.entity_code IS 'STC01-3: whom the status is about, 85 billing provider, PR payer ...';
COMMENT ON COLUMN acknowledgement.status_list_code IS 'STC01-4: list that status_code is from.';
COMMENT ON COLUMN acknowledgement.further_codes IS 'STC10 and STC11: more statuses of the same thing, as category:status:entity.';
COMMENT ON COLUMN acknowledgement.isa_control_number IS 'TA101: ISA13 of the interchange meant.';
COMMENT ON COLUMN acknowledgement.interchange_date IS 'TA102: ISA09 of the interchange meant.';
COMMENT ON COLUMN acknowledgement.functional_code IS 'AK101: GS01 of the group meant; HC claims.';
COMMENT ON COLUMN acknowledgement.gs_control_number IS 'AK102: GS06 of the group meant.';
COMMENT ON COLUMN acknowledgement.set_type_code IS 'AK201: ST01 of the set meant.';
COMMENT ON COLUMN acknowledgement.st_control_number IS 'AK202: ST02 of the set meant.';
COMMENT ON COLUMN acknowledgement.implementation_code IS 'AK203, else AK103: guide that the set or group followed.';
COMMENT ON COLUMN acknowledgement.set_count IS 'AK902: sets that the group said it holds.';
COMMENT ON COLUMN acknowledgement.received_count IS 'AK903: sets that came.';
COMMENT ON COLUMN acknowledgement.accepted_count IS 'AK904: sets that were accepted.';
COMMENT ON COLUMN acknowledgement.error_count IS 'Segments of the set found at fault (IK3, AK3); each is in acknowledgement_error.';

CREATE TABLE IF NOT EXISTS acknowledgement_error (
    acknowledgement_id BIGINT,
    file_id BIGINT,
    record_no BIGINT,
    segment_code VARCHAR,
    segment_position INTEGER,
    loop_code VARCHAR,
    element_position INTEGER,
    component_position INTEGER,
    element_code VARCHAR,
    error_code VARCHAR,
    patient_control_number VARCHAR
);
COMMENT ON TABLE acknowledgement_error IS 'One row per error that a 999 or 997 names in a set (IK3, IK4, AK3, AK4).';
COMMENT ON COLUMN acknowledgement_error.acknowledgement_id IS 'The acknowledgement of the set at fault.';
COMMENT ON COLUMN acknowledgement_error.file_id IS 'The file it came from.';
COMMENT ON COLUMN acknowledgement_error.record_no IS 'Position of the segment IK3, IK4, AK3 or AK4.';
COMMENT ON COLUMN acknowledgement_error.segment_code IS 'IK301: id of the segment at fault.';
COMMENT ON COLUMN acknowledgement_error.segment_position IS 'IK302: its position in the set, ST counted as 1: with the record_no of the ST it leads to the claim.';
COMMENT ON COLUMN acknowledgement_error.loop_code IS 'IK303: loop it stands in.';
COMMENT ON COLUMN acknowledgement_error.element_position IS 'IK401-1: element at fault; NULL for the segment as a whole.';
COMMENT ON COLUMN acknowledgement_error.component_position IS 'IK401-2: component of the element.';
COMMENT ON COLUMN acknowledgement_error.element_code IS 'IK402: number of the element in the X12 dictionary.';
COMMENT ON COLUMN acknowledgement_error.error_code IS 'IK304, or IK403 of an element: what is wrong. The bad value itself (IK404) is not kept.';
COMMENT ON COLUMN acknowledgement_error.patient_control_number IS 'Identity: CTX*CLM01: CLM01 of the claim it is about, where sent.';

CREATE TABLE IF NOT EXISTS eligibility (
    file_id BIGINT,
    record_no BIGINT,
    patient_id BIGINT,
    payer_name VARCHAR,
    line_of_business VARCHAR,
    coverage_code VARCHAR,
    start_date DATE,
    end_date DATE,
    medicare_status_code VARCHAR,
    dual_status_code VARCHAR,
    entitlement_code VARCHAR
);
COMMENT ON TABLE eligibility IS 'One row per span of cover of a member.';
COMMENT ON COLUMN eligibility.file_id IS 'The file it came from.';
COMMENT ON COLUMN eligibility.record_no IS 'Data row in the file.';
COMMENT ON COLUMN eligibility.patient_id IS 'The member; member number, birth date and sex are in patient.';
COMMENT ON COLUMN eligibility.payer_name IS 'Payer, named as in payer_map.';
COMMENT ON COLUMN eligibility.line_of_business IS 'Kind of cover.';
COMMENT ON COLUMN eligibility.coverage_code IS 'Part of the cover that the span is of: PART_A, PART_B, PART_C, PART_D; NULL for all of it.';
COMMENT ON COLUMN eligibility.start_date IS 'First day covered; NULL where a feed names the member and says none.';
COMMENT ON COLUMN eligibility.end_date IS 'Last day covered; NULL while it goes on.';
COMMENT ON COLUMN eligibility.medicare_status_code IS 'Why in Medicare: 10 aged, 20 disabled, 11, 21, 31 with ESRD.';
COMMENT ON COLUMN eligibility.dual_status_code IS 'Medicaid status of a Medicare member: 01 to 10; NA none.';
COMMENT ON COLUMN eligibility.entitlement_code IS 'Original reason for entitlement: 0 age, 1 disability, 2 ESRD, 3 both.';

CREATE TABLE IF NOT EXISTS roster (
    file_id BIGINT,
    record_no BIGINT,
    npi VARCHAR,
    provider_name VARCHAR,
    specialty VARCHAR,
    provider_group VARCHAR,
    facility VARCHAR,
    start_date DATE,
    end_date DATE
);
COMMENT ON TABLE roster IS 'One row per provider in a network or contract.';
COMMENT ON COLUMN roster.file_id IS 'The file it came from.';
COMMENT ON COLUMN roster.record_no IS 'Data row in the file.';
COMMENT ON COLUMN roster.npi IS 'National Provider Identifier.';
COMMENT ON COLUMN roster.provider_name IS 'Name to report under.';
COMMENT ON COLUMN roster.specialty IS 'Specialty to report under.';
COMMENT ON COLUMN roster.provider_group IS 'Group practice or department.';
COMMENT ON COLUMN roster.facility IS 'Site of service.';
COMMENT ON COLUMN roster.start_date IS 'First day in the network.';
COMMENT ON COLUMN roster.end_date IS 'Last day; NULL while it goes on.';

CREATE TABLE IF NOT EXISTS contract (
    file_id BIGINT,
    record_no BIGINT,
    contract_name VARCHAR,
    performance_year INTEGER,
    payer_name VARCHAR,
    line_of_business VARCHAR,
    member_basis VARCHAR,
    expenditure_basis VARCHAR,
    excluded_services VARCHAR,
    benchmark_amount DECIMAL(14,2),
    benchmark_per_person_year DECIMAL(14,2),
    beneficiaries BIGINT,
    sides VARCHAR,
    minimum_savings_rate VARCHAR,
    minimum_loss_rate VARCHAR,
    sharing_rate DECIMAL(13,12),
    quality DECIMAL(13,12),
    is_quality_met BOOLEAN,
    savings_cap DECIMAL(13,12),
    loss_rate VARCHAR,
    loss_rate_floor DECIMAL(13,12),
    loss_rate_ceiling DECIMAL(13,12),
    loss_cap DECIMAL(13,12),
    revenue_loss_cap DECIMAL(13,12),
    revenue_amount DECIMAL(14,2),
    loss_waived DECIMAL(13,12),
    sequestration_rate DECIMAL(13,12)
);
COMMENT ON TABLE contract IS 'One row per contract that shares savings and performance year: whom it is about, its benchmark and terms.';
COMMENT ON COLUMN contract.file_id IS 'The file it came from; of a contract in several files the newest counts.';
COMMENT ON COLUMN contract.record_no IS 'Which year of the file, in order.';
COMMENT ON COLUMN contract.contract_name IS 'What the contract is called.';
COMMENT ON COLUMN contract.performance_year IS 'Calendar year.';
COMMENT ON COLUMN contract.payer_name IS 'Payer of the members'' cover; NULL for any.';
COMMENT ON COLUMN contract.line_of_business IS 'Kind of the members'' cover; NULL for any.';
COMMENT ON COLUMN contract.member_basis IS 'covered: all of that cover; assigned: those of them assigned to the network in the year.';
COMMENT ON COLUMN contract.expenditure_basis IS 'paid or allowed: which dollars are held against the benchmark.';
COMMENT ON COLUMN contract.excluded_services IS 'Service categories that do not count, joined by commas.';
COMMENT ON COLUMN contract.benchmark_amount IS 'Dollars expected in the year; NULL where they are told per person.';
COMMENT ON COLUMN contract.benchmark_per_person_year IS 'Dollars expected per person and twelve months; NULL where they are told in all.';
COMMENT ON COLUMN contract.beneficiaries IS 'People assigned, as told; NULL to count those with a member month.';
COMMENT ON COLUMN contract.sides IS 'one: savings are shared; two: losses too.';
COMMENT ON COLUMN contract.minimum_savings_rate IS 'Share of the benchmark below which savings count as none; cms for its table by beneficiaries.';
COMMENT ON COLUMN contract.minimum_loss_rate IS 'Likewise of losses; NULL for the same as of savings.';
COMMENT ON COLUMN contract.sharing_rate IS 'Share of savings paid out, before quality.';
COMMENT ON COLUMN contract.quality IS 'What the sharing rate is multiplied by.';
COMMENT ON COLUMN contract.is_quality_met IS 'FALSE: no savings are shared.';
COMMENT ON COLUMN contract.savings_cap IS 'Most that is paid out, as a share of the benchmark.';
COMMENT ON COLUMN contract.loss_rate IS 'Share of losses owed; complement for 1 less the final sharing rate.';
COMMENT ON COLUMN contract.loss_rate_floor IS 'Least that the complement comes to.';
COMMENT ON COLUMN contract.loss_rate_ceiling IS 'Most that the complement comes to.';
COMMENT ON COLUMN contract.loss_cap IS 'Most that is owed, as a share of the benchmark.';
COMMENT ON COLUMN contract.revenue_loss_cap IS 'Most that is owed, as a share of revenue_amount.';
COMMENT ON COLUMN contract.revenue_amount IS 'Revenue in dollars that revenue_loss_cap is of.';
COMMENT ON COLUMN contract.loss_waived IS 'Share of a loss that is not owed.';
COMMENT ON COLUMN contract.sequestration_rate IS 'Share held back of savings in the year.';

CREATE TABLE IF NOT EXISTS write_off (
    file_id BIGINT,
    record_no BIGINT,
    patient_control_number VARCHAR,
    write_off_date DATE,
    reason VARCHAR,
    amount DECIMAL(14,2)
);
COMMENT ON TABLE write_off IS 'One row per write-off posted in the billing system.';
COMMENT ON COLUMN write_off.file_id IS 'The file it came from.';
COMMENT ON COLUMN write_off.record_no IS 'Data row in the file.';
COMMENT ON COLUMN write_off.patient_control_number IS 'Identity: The claim''s own number.';
COMMENT ON COLUMN write_off.write_off_date IS 'Day posted.';
COMMENT ON COLUMN write_off.reason IS 'Identity: Reason given, in any words: may name a person.';
COMMENT ON COLUMN write_off.amount IS 'Dollars written off.';

CREATE TABLE IF NOT EXISTS appeal (
    file_id BIGINT,
    record_no BIGINT,
    patient_control_number VARCHAR,
    appeal_date DATE,
    appeal_level INTEGER,
    amount DECIMAL(14,2),
    decision_code VARCHAR,
    decision_date DATE
);
COMMENT ON TABLE appeal IS 'One row per appeal sent to a payer, with its decision once there is one.';
COMMENT ON COLUMN appeal.file_id IS 'The file it came from.';
COMMENT ON COLUMN appeal.record_no IS 'Data row in the file.';
COMMENT ON COLUMN appeal.patient_control_number IS 'Identity: The claim''s own number.';
COMMENT ON COLUMN appeal.appeal_date IS 'Day the appeal was sent.';
COMMENT ON COLUMN appeal.appeal_level IS '1 first level, 2 second, 3 external review; NULL where not told.';
COMMENT ON COLUMN appeal.amount IS 'Dollars appealed; NULL where not told.';
COMMENT ON COLUMN appeal.decision_code IS 'WON, PARTLY_WON, LOST or WITHDRAWN; NULL while undecided.';
COMMENT ON COLUMN appeal.decision_date IS 'Day of the decision; NULL while undecided.';

CREATE TABLE IF NOT EXISTS audit (
    file_id BIGINT,
    record_no BIGINT,
    patient_control_number VARCHAR,
    audit_date DATE,
    coder VARCHAR,
    reviewer VARCHAR,
    kind VARCHAR,
    coded_code VARCHAR,
    correct_code VARCHAR
);
COMMENT ON TABLE audit IS 'One row per code that a review of coders looked at: what the coder gave and what the reviewer found right.';
COMMENT ON COLUMN audit.file_id IS 'The file it came from.';
COMMENT ON COLUMN audit.record_no IS 'Data row in the file.';
COMMENT ON COLUMN audit.patient_control_number IS 'Identity: The claim''s own number; its rows of one day are one case.';
COMMENT ON COLUMN audit.audit_date IS 'Day of the review.';
COMMENT ON COLUMN audit.coder IS 'Who coded.';
COMMENT ON COLUMN audit.reviewer IS 'Who reviewed.';
COMMENT ON COLUMN audit.kind IS 'DIAGNOSIS, PROCEDURE, MODIFIER, DRG or APC.';
COMMENT ON COLUMN audit.coded_code IS 'What the coder gave; NULL where the coder missed the code.';
COMMENT ON COLUMN audit.correct_code IS 'What the reviewer found right; NULL where there should be no code.';

CREATE TABLE IF NOT EXISTS patient_payment (
    file_id BIGINT,
    record_no BIGINT,
    patient_control_number VARCHAR,
    payment_date DATE,
    amount DECIMAL(14,2)
);
COMMENT ON TABLE patient_payment IS 'One row per payment by a patient.';
COMMENT ON COLUMN patient_payment.file_id IS 'The file it came from.';
COMMENT ON COLUMN patient_payment.record_no IS 'Data row in the file.';
COMMENT ON COLUMN patient_payment.patient_control_number IS 'Identity: The claim''s own number.';
COMMENT ON COLUMN patient_payment.payment_date IS 'Day posted.';
COMMENT ON COLUMN patient_payment.amount IS 'Dollars; negative for a refund.';

CREATE TABLE IF NOT EXISTS charge (
    file_id BIGINT,
    record_no BIGINT,
    patient_control_number VARCHAR,
    charge_date DATE,
    service_date DATE,
    procedure_code VARCHAR,
    modifier_key VARCHAR,
    revenue_code VARCHAR,
    rendering_npi VARCHAR,
    department VARCHAR,
    units DECIMAL(14,3),
    amount DECIMAL(14,2)
);
COMMENT ON TABLE charge IS 'One row per charge posted in the billing system, sent to a payer or not.';
COMMENT ON COLUMN charge.file_id IS 'The file it came from.';
COMMENT ON COLUMN charge.record_no IS 'Data row in the file.';
COMMENT ON COLUMN charge.patient_control_number IS 'Identity: The claim''s own number.';
COMMENT ON COLUMN charge.charge_date IS 'Day posted.';
COMMENT ON COLUMN charge.service_date IS 'Day of service.';
COMMENT ON COLUMN charge.procedure_code IS 'HCPCS, CPT or CDT code.';
COMMENT ON COLUMN charge.modifier_key IS 'Modifiers sorted and joined by a comma; empty without modifiers.';
COMMENT ON COLUMN charge.revenue_code IS 'Revenue code, four digits.';
COMMENT ON COLUMN charge.rendering_npi IS 'NPI of who gave the service.';
COMMENT ON COLUMN charge.department IS 'Department or cost centre, as the billing system names it.';
COMMENT ON COLUMN charge.units IS 'Quantity.';
COMMENT ON COLUMN charge.amount IS 'Dollars; negative where a charge is taken back.';

CREATE TABLE IF NOT EXISTS extract_file (
    file_id BIGINT,
    map_name VARCHAR,
    map_version VARCHAR,
    sheet_name VARCHAR,
    mode VARCHAR,
    column_names VARCHAR[],
    period_from DATE,
    period_to DATE,
    row_count BIGINT,
    loaded_count BIGINT,
    replaced_count BIGINT,
    replaced_by_file_id BIGINT
);
COMMENT ON TABLE extract_file IS 'One row per file read by a column map: how it was read, and what a later file replaced of it.';
COMMENT ON COLUMN extract_file.file_id IS 'The file, in source_file.';
COMMENT ON COLUMN extract_file.map_name IS 'Name of the [[file]] of the map.';
COMMENT ON COLUMN extract_file.map_version IS 'Short hash of what that [[file]] says.';
COMMENT ON COLUMN extract_file.sheet_name IS 'Sheet of the workbook; NULL for other files.';
COMMENT ON COLUMN extract_file.mode IS 'append or replace_period.';
COMMENT ON COLUMN extract_file.column_names IS 'Columns of the file, in its order.';
COMMENT ON COLUMN extract_file.period_from IS 'First day of the periods of its rows; NULL where the map names no period.';
COMMENT ON COLUMN extract_file.period_to IS 'Last day of these periods.';
COMMENT ON COLUMN extract_file.row_count IS 'Data rows read.';
COMMENT ON COLUMN extract_file.loaded_count IS 'Data rows loaded, when it was read.';
COMMENT ON COLUMN extract_file.replaced_count IS 'Of these, rows taken out since by later files of the same periods.';
COMMENT ON COLUMN extract_file.replaced_by_file_id IS 'The latest file that took rows out; NULL for none.';

CREATE TABLE IF NOT EXISTS extract_row (
    file_id BIGINT,
    record_no BIGINT,
    row_key BIGINT,
    period_date DATE
);
COMMENT ON TABLE extract_row IS 'One row per loaded row of an extract whose map has a row key or replaces periods.';
COMMENT ON COLUMN extract_row.file_id IS 'The file it came from.';
COMMENT ON COLUMN extract_row.record_no IS 'Data row in the file.';
COMMENT ON COLUMN extract_row.row_key IS 'Hash of the name of the map''s file and the values of its row key; NULL without a key.';
COMMENT ON COLUMN extract_row.period_date IS 'First day of the period of the row; NULL where the map names none.';

CREATE TABLE IF NOT EXISTS code_map (
    map_name VARCHAR,
    file_name VARCHAR,
    version VARCHAR,
    code_count BIGINT,
    loaded_at TIMESTAMP
);
COMMENT ON TABLE code_map IS 'One row per code map held: carc, rarc, plb_reason, em_code, assignment_code, quality_measure, quality_code, prompt_pay_rule.';
COMMENT ON COLUMN code_map.map_name IS 'The table the map is in.';
COMMENT ON COLUMN code_map.file_name IS 'File it was loaded from; NULL for the one that comes with the library.';
COMMENT ON COLUMN code_map.version IS 'Short hash of what it says, whatever the order of its rows.';
COMMENT ON COLUMN code_map.code_count IS 'Rows in it.';
COMMENT ON COLUMN code_map.loaded_at IS 'When it was put there, UTC.';

CREATE TABLE IF NOT EXISTS carc (
    carc_code VARCHAR,
    group_code VARCHAR,
    category VARCHAR,
    rollup_category VARCHAR,
    adjustment_class VARCHAR,
    counts_as_denial VARCHAR,
    preventable VARCHAR,
    hardness VARCHAR,
    is_retired BOOLEAN,
    says_little BOOLEAN,
    short_wording VARCHAR
);
COMMENT ON TABLE carc IS 'One row per claim adjustment reason code, and group code where it matters, with what is made of it: a code map.';
COMMENT ON COLUMN carc.carc_code IS 'Claim adjustment reason code.';
COMMENT ON COLUMN carc.group_code IS 'Group code the row is for, before one for any; NULL for any group.';
COMMENT ON COLUMN carc.category IS 'Reason for the denial or adjustment.';
COMMENT ON COLUMN carc.rollup_category IS 'Broader category for reports.';
COMMENT ON COLUMN carc.adjustment_class IS 'denial, reduction, contractual, patient_resp, cob, pend, payment_program, recoup, withhold or info.';
COMMENT ON COLUMN carc.counts_as_denial IS 'yes, no, partial, separate or repeat.';
COMMENT ON COLUMN carc.preventable IS 'yes, no, depends or na.';
COMMENT ON COLUMN carc.hardness IS 'soft, hard, depends or na.';
COMMENT ON COLUMN carc.is_retired IS 'No longer in the published list; still arrives.';
COMMENT ON COLUMN carc.says_little IS 'The remark code names the reason; used for the category where one is present.';
COMMENT ON COLUMN carc.short_wording IS 'Meaning in our own words.';

CREATE TABLE IF NOT EXISTS rarc (
    rarc_code VARCHAR,
    category VARCHAR,
    is_alert BOOLEAN,
    is_retired BOOLEAN,
    short_wording VARCHAR
);
COMMENT ON TABLE rarc IS 'One row per remittance advice remark code: a code map.';
COMMENT ON COLUMN rarc.rarc_code IS 'Remittance advice remark code.';
COMMENT ON COLUMN rarc.category IS 'Reason it points to.';
COMMENT ON COLUMN rarc.is_alert IS 'Only informs: tells no reason of an adjustment.';
COMMENT ON COLUMN rarc.is_retired IS 'No longer in the published list.';
COMMENT ON COLUMN rarc.short_wording IS 'Meaning in our own words.';

CREATE TABLE IF NOT EXISTS plb_reason (
    reason_code VARCHAR,
    class VARCHAR,
    short_wording VARCHAR
);
COMMENT ON TABLE plb_reason IS 'One row per provider-level adjustment reason: a code map.';
COMMENT ON COLUMN plb_reason.reason_code IS 'PLB03-1.';
COMMENT ON COLUMN plb_reason.class IS 'recoup, interest, capitation, ...';
COMMENT ON COLUMN plb_reason.short_wording IS 'Meaning in our own words.';

CREATE TABLE IF NOT EXISTS em_code (
    procedure_code VARCHAR,
    family VARCHAR,
    level INTEGER,
    short_wording VARCHAR
);
COMMENT ON TABLE em_code IS 'One row per code of an evaluation and management (E/M) service: a code map.';
COMMENT ON COLUMN em_code.procedure_code IS 'CPT or HCPCS code.';
COMMENT ON COLUMN em_code.family IS 'Services among which one level is chosen: office_new, office_established, emergency ...';
COMMENT ON COLUMN em_code.level IS 'Level within the family, 1 the lowest; NULL where the family has no levels.';
COMMENT ON COLUMN em_code.short_wording IS 'Meaning in our own words.';

CREATE TABLE IF NOT EXISTS assignment_code (
    code VARCHAR,
    kind VARCHAR,
    first_year INTEGER,
    last_year INTEGER,
    is_checked BOOLEAN,
    basis VARCHAR,
    short_wording VARCHAR
);
COMMENT ON TABLE assignment_code IS 'One row per primary-care service, or specialty whose services assign a member to who gives them: a code map.';
COMMENT ON COLUMN assignment_code.code IS 'CPT or HCPCS code, revenue code, or CMS specialty code.';
COMMENT ON COLUMN assignment_code.kind IS 'service, add_on (beside a service alone) or revenue; primary_care and non_physician (specialties of step 1) or specialist (of step 2).';
COMMENT ON COLUMN assignment_code.first_year IS 'First performance year it counts in; NULL for any.';
COMMENT ON COLUMN assignment_code.last_year IS 'Last one; NULL while it counts.';
COMMENT ON COLUMN assignment_code.is_checked IS 'Whether the code and its years were read in the text that basis names.';
COMMENT ON COLUMN assignment_code.basis IS 'Where the rule stands, or that it was not checked.';
COMMENT ON COLUMN assignment_code.short_wording IS 'Meaning in our own words.';

CREATE TABLE IF NOT EXISTS quality_measure (
    measure_number VARCHAR,
    option_group VARCHAR,
    measure VARCHAR,
    is_inverse BOOLEAN,
    result_rule VARCHAR,
    diagnosis_months_before INTEGER,
    diagnosis_months_within INTEGER,
    uncovered_months INTEGER,
    short_wording VARCHAR,
    source_note VARCHAR
);
COMMENT ON TABLE quality_measure IS 'One row per quality measure looked at, with what its published file does not carry: a code map.';
COMMENT ON COLUMN quality_measure.measure_number IS 'Number in the published specification.';
COMMENT ON COLUMN quality_measure.option_group IS 'Population of the measure: 00, 01 ...';
COMMENT ON COLUMN quality_measure.measure IS 'Name under which it is reported.';
COMMENT ON COLUMN quality_measure.is_inverse IS 'Whether its file counts what ought not to be: then what is not met closes a gap.';
COMMENT ON COLUMN quality_measure.result_rule IS 'any: one code that meets it is enough; latest: the last day with a result decides.';
COMMENT ON COLUMN quality_measure.diagnosis_months_before IS 'Months before the year in which its diagnosis counts too; NULL: only on the claim of an encounter of the year.';
COMMENT ON COLUMN quality_measure.diagnosis_months_within IS 'Months of the year in which it counts, from January; NULL likewise.';
COMMENT ON COLUMN quality_measure.uncovered_months IS 'Months of the year that a member may be without cover.';
COMMENT ON COLUMN quality_measure.short_wording IS 'What closes a gap, in our own words.';
COMMENT ON COLUMN quality_measure.source_note IS 'Where it is published.';

CREATE TABLE IF NOT EXISTS quality_code (
    code VARCHAR,
    code_kind VARCHAR,
    measure_number VARCHAR,
    role VARCHAR,
    option_name VARCHAR,
    part VARCHAR,
    modifier VARCHAR,
    months_before INTEGER,
    min_age INTEGER,
    days_apart INTEGER,
    short_wording VARCHAR
);
COMMENT ON TABLE quality_code IS 'One row per code that tells of a quality measure beside those its published file names: a code map.';
COMMENT ON COLUMN quality_code.code IS 'Code without a dot; of kind diagnosis also all codes that begin with it.';
COMMENT ON COLUMN quality_code.code_kind IS 'procedure (CPT, HCPCS), diagnosis (ICD-10-CM), icd_procedure (ICD-10-PCS), place (of service) or service_category.';
COMMENT ON COLUMN quality_code.measure_number IS 'Number in the published specification.';
COMMENT ON COLUMN quality_code.role IS 'met, not_met (a result that falls short), done (its result is not told), exclusion; not_done: the published code says that nothing was done.';
COMMENT ON COLUMN quality_code.option_name IS 'Name of what is found; the reason of an exclusion.';
COMMENT ON COLUMN quality_code.part IS 'Where one option has several parts, all are needed; NULL: the code is enough.';
COMMENT ON COLUMN quality_code.modifier IS 'Modifier the line must have.';
COMMENT ON COLUMN quality_code.months_before IS 'Months before the year that count too; NULL: all that is known.';
COMMENT ON COLUMN quality_code.min_age IS 'Youngest age, at the end of the year, of whom it excludes.';
COMMENT ON COLUMN quality_code.days_apart IS 'Days that must lie between the first and the last.';
COMMENT ON COLUMN quality_code.short_wording IS 'Meaning in our own words.';

CREATE TABLE IF NOT EXISTS prompt_pay_rule (
    jurisdiction VARCHAR,
    level VARCHAR,
    effective_from DATE,
    effective_to DATE,
    electronic_days INTEGER,
    electronic_day_type VARCHAR,
    paper_days INTEGER,
    paper_day_type VARCHAR,
    interest_basis VARCHAR,
    interest_rate DECIMAL(7,4),
    second_after_days INTEGER,
    second_rate DECIMAL(7,4),
    third_after_days INTEGER,
    third_rate DECIMAL(7,4),
    is_verified BOOLEAN,
    confidence VARCHAR,
    published_jurisdiction VARCHAR,
    published_day_type VARCHAR,
    published_interest VARCHAR,
    authority VARCHAR,
    source_note VARCHAR
);
COMMENT ON TABLE prompt_pay_rule IS 'One row per prompt-pay rule and span of time: days to answer a clean claim, and interest after: a code map.';
COMMENT ON COLUMN prompt_pay_rule.jurisdiction IS 'Whom it binds: a state, a line of business or a payer (its name in reports), by level.';
COMMENT ON COLUMN prompt_pay_rule.level IS 'payer, line_of_business or state; the first that fits a claim decides, in this order.';
COMMENT ON COLUMN prompt_pay_rule.effective_from IS 'First day of receipt it is for; NULL for any before.';
COMMENT ON COLUMN prompt_pay_rule.effective_to IS 'Last day of receipt it is for; NULL while it is in force.';
COMMENT ON COLUMN prompt_pay_rule.electronic_days IS 'Days to answer a claim sent electronically, 1 to 3660; NULL says that no rule binds.';
COMMENT ON COLUMN prompt_pay_rule.electronic_day_type IS 'calendar, or business: Monday to Friday without federal holidays; state holidays are not known.';
COMMENT ON COLUMN prompt_pay_rule.paper_days IS 'Days to answer a claim on paper; for reference, as all claims loaded are electronic.';
COMMENT ON COLUMN prompt_pay_rule.paper_day_type IS 'calendar or business.';
COMMENT ON COLUMN prompt_pay_rule.interest_basis IS 'year or month: the rates are per cent of that; published: a rate set elsewhere, to be filled in; penalty: something else than interest on what is late; none: no interest.';
COMMENT ON COLUMN prompt_pay_rule.interest_rate IS 'Per cent, simple, from the day after the last day to answer.';
COMMENT ON COLUMN prompt_pay_rule.second_after_days IS 'Days from receipt after which second_rate takes its place.';
COMMENT ON COLUMN prompt_pay_rule.second_rate IS 'Per cent from then on.';
COMMENT ON COLUMN prompt_pay_rule.third_after_days IS 'Days from receipt after which third_rate does.';
COMMENT ON COLUMN prompt_pay_rule.third_rate IS 'Per cent from then on.';
COMMENT ON COLUMN prompt_pay_rule.is_verified IS 'Whether two sources say so; every number resting on others is marked.';
COMMENT ON COLUMN prompt_pay_rule.confidence IS 'What it rests on: two sources, one source, sources disagree, recalled ...';
COMMENT ON COLUMN prompt_pay_rule.published_jurisdiction IS 'Name in the list it was taken from.';
COMMENT ON COLUMN prompt_pay_rule.published_day_type IS 'Kind of days as that list words it.';
COMMENT ON COLUMN prompt_pay_rule.published_interest IS 'Interest or penalty as that list words it.';
COMMENT ON COLUMN prompt_pay_rule.authority IS 'Law or regulation.';
COMMENT ON COLUMN prompt_pay_rule.source_note IS 'Where it was read, and what is not in the other columns.';

CREATE TABLE IF NOT EXISTS contract_rate (
    file_id BIGINT,
    record_no BIGINT,
    payer_name VARCHAR,
    claim_type VARCHAR,
    procedure_code VARCHAR,
    modifier_key VARCHAR,
    place_of_service_code VARCHAR,
    facility VARCHAR,
    method_code VARCHAR,
    rate_amount DECIMAL(14,2),
    rate_percent DECIMAL(14,2),
    unit_code VARCHAR,
    locality_code VARCHAR,
    start_date DATE,
    end_date DATE
);
COMMENT ON TABLE contract_rate IS 'One row per rate agreed with a payer: what it should allow for a service.';
COMMENT ON COLUMN contract_rate.file_id IS 'The file it came from; of rates equally specific that of the latest file counts.';
COMMENT ON COLUMN contract_rate.record_no IS 'Data row in the file.';
COMMENT ON COLUMN contract_rate.payer_name IS 'Payer, named as in payer_map.';
COMMENT ON COLUMN contract_rate.claim_type IS 'professional, institutional or dental; NULL for any.';
COMMENT ON COLUMN contract_rate.procedure_code IS 'HCPCS, CPT or CDT code; NULL for any service.';
COMMENT ON COLUMN contract_rate.modifier_key IS 'Modifiers, joined by a comma in any order; NONE for a line without modifiers, NULL for any.';
COMMENT ON COLUMN contract_rate.place_of_service_code IS 'Place of service of the claim; NULL for any.';
COMMENT ON COLUMN contract_rate.facility IS 'Site of service, named as in provider_map; NULL for any.';
COMMENT ON COLUMN contract_rate.method_code IS 'FEE (rate_amount), PERCENT_OF_CHARGE or PERCENT_OF_MEDICARE (rate_percent).';
COMMENT ON COLUMN contract_rate.rate_amount IS 'Dollars, of a FEE.';
COMMENT ON COLUMN contract_rate.rate_percent IS 'Per cent of the charge, or of what Medicare would allow.';
COMMENT ON COLUMN contract_rate.unit_code IS 'Of a FEE: UNIT times the units billed (also where NULL), LINE once a line.';
COMMENT ON COLUMN contract_rate.locality_code IS 'Of PERCENT_OF_MEDICARE: contractor and locality, 01112-05; NULL for national amounts.';
COMMENT ON COLUMN contract_rate.start_date IS 'First day of service it is for.';
COMMENT ON COLUMN contract_rate.end_date IS 'Last day of service; NULL while it is in force.';

CREATE TABLE IF NOT EXISTS medicare_fee (
    procedure_code VARCHAR,
    modifier_code VARCHAR,
    status_code VARCHAR,
    work_rvu DECIMAL(9,4),
    nonfacility_rvu DECIMAL(9,4),
    facility_rvu DECIMAL(9,4),
    malpractice_rvu DECIMAL(9,4),
    multiple_procedure_code VARCHAR,
    component_code VARCHAR,
    global_days_code VARCHAR,
    bilateral_code VARCHAR,
    assistant_code VARCHAR,
    cosurgeon_code VARCHAR,
    team_code VARCHAR,
    conversion_factor DECIMAL(9,4),
    start_date DATE,
    end_date DATE,
    file_name VARCHAR
);
COMMENT ON TABLE medicare_fee IS 'One row per procedure and modifier of a Medicare physician fee schedule (PPRRVU file); a release replaces itself.';
COMMENT ON COLUMN medicare_fee.procedure_code IS 'HCPCS or CPT code.';
COMMENT ON COLUMN medicare_fee.modifier_code IS '26 professional part, TC technical part, 53; empty for the whole service.';
COMMENT ON COLUMN medicare_fee.status_code IS 'A active, priced nationally; R, T too; others are priced by contractors or not at all.';
COMMENT ON COLUMN medicare_fee.work_rvu IS 'Relative value of the work.';
COMMENT ON COLUMN medicare_fee.nonfacility_rvu IS 'Relative value of practice expense outside facilities.';
COMMENT ON COLUMN medicare_fee.facility_rvu IS 'Relative value of practice expense in facilities.';
COMMENT ON COLUMN medicare_fee.malpractice_rvu IS 'Relative value of malpractice cover.';
COMMENT ON COLUMN medicare_fee.multiple_procedure_code IS 'How further procedures of a day are reduced: 2, 3 standard.';
COMMENT ON COLUMN medicare_fee.component_code IS 'Whether it has a professional and a technical part (PC/TC): 1 both, 0 physician service ...';
COMMENT ON COLUMN medicare_fee.global_days_code IS 'Days of care its price holds: 000, 010, 090; MMM, XXX, YYY, ZZZ none to count.';
COMMENT ON COLUMN medicare_fee.bilateral_code IS 'Whether modifier 50 is for it: 1 and 3.';
COMMENT ON COLUMN medicare_fee.assistant_code IS 'Whether an assistant is paid: 2 yes, 0 with documents, 1 and 9 never.';
COMMENT ON COLUMN medicare_fee.cosurgeon_code IS 'Whether two surgeons are paid: 2 yes, 1 with documents, 0 and 9 never.';
COMMENT ON COLUMN medicare_fee.team_code IS 'Whether a team is paid: 2 yes, 1 with documents, 0 and 9 never.';
COMMENT ON COLUMN medicare_fee.conversion_factor IS 'Dollars a relative value.';
COMMENT ON COLUMN medicare_fee.start_date IS 'First day of the quarter in the title of the file, else of its year. The first release loaded of a year speaks for the days before it too.';
COMMENT ON COLUMN medicare_fee.end_date IS 'Last day of that year: a later release takes over before.';
COMMENT ON COLUMN medicare_fee.file_name IS 'File it was loaded from.';

CREATE TABLE IF NOT EXISTS medicare_locality (
    locality_code VARCHAR,
    state_code VARCHAR,
    work_gpci DECIMAL(9,4),
    expense_gpci DECIMAL(9,4),
    malpractice_gpci DECIMAL(9,4),
    start_date DATE,
    end_date DATE,
    file_name VARCHAR
);
COMMENT ON TABLE medicare_locality IS 'One row per Medicare locality with its price indices (GPCI file); a year replaces itself.';
COMMENT ON COLUMN medicare_locality.locality_code IS 'Contractor and locality number, joined by a hyphen.';
COMMENT ON COLUMN medicare_locality.state_code IS 'State.';
COMMENT ON COLUMN medicare_locality.work_gpci IS 'Index of work.';
COMMENT ON COLUMN medicare_locality.expense_gpci IS 'Index of practice expense.';
COMMENT ON COLUMN medicare_locality.malpractice_gpci IS 'Index of malpractice cover.';
COMMENT ON COLUMN medicare_locality.start_date IS 'First day of service.';
COMMENT ON COLUMN medicare_locality.end_date IS 'Last day of service.';
COMMENT ON COLUMN medicare_locality.file_name IS 'File it was loaded from.';

CREATE TABLE IF NOT EXISTS build_info (
    as_of DATE,
    built_at TIMESTAMP,
    code_map_version VARCHAR,
    code_map VARCHAR,
    facts_version VARCHAR
);
COMMENT ON TABLE build_info IS 'One row: what the facts stand for.';
COMMENT ON COLUMN build_info.as_of IS 'The facts hold nothing later than this day.';
COMMENT ON COLUMN build_info.built_at IS 'When they were built, UTC.';
COMMENT ON COLUMN build_info.code_map_version IS 'Hash of the code maps used.';
COMMENT ON COLUMN build_info.code_map IS 'The code maps used, with their files and versions, in words.';
COMMENT ON COLUMN build_info.facts_version IS 'Hash of the SQL of the facts used.';

CREATE TABLE IF NOT EXISTS schema_info (
    schema_version VARCHAR,
    created_at TIMESTAMP
);
COMMENT ON TABLE schema_info IS 'One row: the shape this database was made in.';
COMMENT ON COLUMN schema_info.schema_version IS 'Hash of the tables, columns and types above.';
COMMENT ON COLUMN schema_info.created_at IS 'When the database was made, UTC.';
