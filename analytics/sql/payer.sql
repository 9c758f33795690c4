-- Claims as payers settled them, of the feeds that payers and others send: one shape for all.
--
-- A row is what a feed says, copies and cancelled versions included; which version counts is said in
-- the fact settled_claim.  Names of columns as in core.sql.

CREATE TABLE IF NOT EXISTS payer_claim (
    payer_claim_id BIGINT,
    file_id BIGINT,
    record_no BIGINT,
    feed_code VARCHAR,
    claim_number VARCHAR,
    claim_key VARCHAR,
    claim_type VARCHAR,
    claim_type_code VARCHAR,
    patient_id BIGINT,
    payer_name VARCHAR,
    line_of_business VARCHAR,
    adjustment_code VARCHAR,
    is_final BOOLEAN,
    nonpayment_code VARCHAR,
    bill_type_code VARCHAR,
    service_from_date DATE,
    service_to_date DATE,
    admission_date DATE,
    discharge_date DATE,
    paid_date DATE,
    processed_date DATE,
    admission_type_code VARCHAR,
    admission_source_code VARCHAR,
    discharge_status_code VARCHAR,
    drg_code VARCHAR,
    principal_diagnosis_code VARCHAR,
    billing_npi VARCHAR,
    billing_tin VARCHAR,
    provider_number VARCHAR,
    rendering_npi VARCHAR,
    attending_npi VARCHAR,
    referring_npi VARCHAR,
    facility_npi VARCHAR,
    billed_amount DECIMAL(14,2),
    allowed_amount DECIMAL(14,2),
    paid_amount DECIMAL(14,2),
    deductible_amount DECIMAL(14,2),
    coinsurance_amount DECIMAL(14,2),
    copayment_amount DECIMAL(14,2),
    patient_paid_amount DECIMAL(14,2),
    other_payer_paid_amount DECIMAL(14,2),
    pass_through_amount DECIMAL(14,2)
);
COMMENT ON TABLE payer_claim IS 'One row per claim, or version of one, that a payer''s feed tells of.';
COMMENT ON COLUMN payer_claim.payer_claim_id IS 'Id: file_id and record_no.';
COMMENT ON COLUMN payer_claim.file_id IS 'The file it came from.';
COMMENT ON COLUMN payer_claim.record_no IS 'Position of its first record: row (text), resource (FHIR).';
COMMENT ON COLUMN payer_claim.feed_code IS 'cclf, fhir, rif, synpuf, synthea or tuva.';
COMMENT ON COLUMN payer_claim.claim_number IS 'Identity: The payer''s number of this version; lines and codes of other files name it.';
COMMENT ON COLUMN payer_claim.claim_key IS 'Identity: What the versions of one claim have in common beside the member (CCLF: the natural key).';
COMMENT ON COLUMN payer_claim.claim_type IS 'professional, institutional, pharmacy, dental or vision.';
COMMENT ON COLUMN payer_claim.claim_type_code IS 'NCH claim type of a Medicare claim: 60 inpatient, 40 outpatient, 71 carrier ...';
COMMENT ON COLUMN payer_claim.patient_id IS 'The member.';
COMMENT ON COLUMN payer_claim.payer_name IS 'Payer that settled it.';
COMMENT ON COLUMN payer_claim.line_of_business IS 'Kind of cover.';
COMMENT ON COLUMN payer_claim.adjustment_code IS '0 original, 1 cancellation, 2 adjustment (CLM_ADJSMT_TYPE_CD).';
COMMENT ON COLUMN payer_claim.is_final IS 'Whether the feed itself says that this version stands; NULL where it does not say.';
COMMENT ON COLUMN payer_claim.nonpayment_code IS 'Why Medicare paid nothing, as the feed''s own code; NULL where it paid or does not say.';
COMMENT ON COLUMN payer_claim.bill_type_code IS 'Facility type, classification and frequency of an institutional claim: 111, 131 ...';
COMMENT ON COLUMN payer_claim.service_from_date IS 'First day of service.';
COMMENT ON COLUMN payer_claim.service_to_date IS 'Last day of service.';
COMMENT ON COLUMN payer_claim.admission_date IS 'Day of admission.';
COMMENT ON COLUMN payer_claim.discharge_date IS 'Day of discharge.';
COMMENT ON COLUMN payer_claim.paid_date IS 'Day of payment, where the feed has one.';
COMMENT ON COLUMN payer_claim.processed_date IS 'Day this version was processed (CLM_EFCTV_DT, NCH weekly date).';
COMMENT ON COLUMN payer_claim.admission_type_code IS 'Priority of the admission.';
COMMENT ON COLUMN payer_claim.admission_source_code IS 'Where the patient was admitted from.';
COMMENT ON COLUMN payer_claim.discharge_status_code IS 'Where the patient went.';
COMMENT ON COLUMN payer_claim.drg_code IS 'MS-DRG, three digits.';
COMMENT ON COLUMN payer_claim.principal_diagnosis_code IS 'ICD code, upper case, without the dot.';
COMMENT ON COLUMN payer_claim.billing_npi IS 'NPI that billed.';
COMMENT ON COLUMN payer_claim.billing_tin IS 'Its tax number.';
COMMENT ON COLUMN payer_claim.provider_number IS 'CMS certification number (OSCAR) of the facility.';
COMMENT ON COLUMN payer_claim.rendering_npi IS 'NPI that gave the service, where the claim says one.';
COMMENT ON COLUMN payer_claim.attending_npi IS 'NPI of the attending physician.';
COMMENT ON COLUMN payer_claim.referring_npi IS 'NPI that referred or ordered.';
COMMENT ON COLUMN payer_claim.facility_npi IS 'NPI of the facility.';
COMMENT ON COLUMN payer_claim.billed_amount IS 'Charge, dollars; as sent: a CCLF cancellation has the amounts of what it cancels.';
COMMENT ON COLUMN payer_claim.allowed_amount IS 'Allowed, dollars, likewise.';
COMMENT ON COLUMN payer_claim.paid_amount IS 'Paid by the payer, dollars, likewise; negative for money taken back.';
COMMENT ON COLUMN payer_claim.deductible_amount IS 'Deductible, dollars.';
COMMENT ON COLUMN payer_claim.coinsurance_amount IS 'Coinsurance, dollars.';
COMMENT ON COLUMN payer_claim.copayment_amount IS 'Copayment, dollars.';
COMMENT ON COLUMN payer_claim.patient_paid_amount IS 'Paid by or for the patient, dollars.';
COMMENT ON COLUMN payer_claim.other_payer_paid_amount IS 'Paid by payers before this one, dollars.';
COMMENT ON COLUMN payer_claim.pass_through_amount IS 'Paid to the hospital beside the claim (per-diem pass-through times days of utilization), not in paid_amount, dollars.';

CREATE TABLE IF NOT EXISTS payer_claim_line (
    payer_claim_line_id BIGINT,
    payer_claim_id BIGINT,
    file_id BIGINT,
    record_no BIGINT,
    feed_code VARCHAR,
    claim_number VARCHAR,
    line_no INTEGER,
    procedure_code VARCHAR,
    modifiers VARCHAR[],
    modifier_key VARCHAR,
    revenue_code VARCHAR,
    ndc_code VARCHAR,
    units DECIMAL(14,3),
    days_supply INTEGER,
    place_of_service_code VARCHAR,
    service_from_date DATE,
    service_to_date DATE,
    diagnosis_code VARCHAR,
    specialty_code VARCHAR,
    rendering_npi VARCHAR,
    nonpayment_code VARCHAR,
    billed_amount DECIMAL(14,2),
    allowed_amount DECIMAL(14,2),
    paid_amount DECIMAL(14,2),
    deductible_amount DECIMAL(14,2),
    coinsurance_amount DECIMAL(14,2),
    copayment_amount DECIMAL(14,2),
    patient_paid_amount DECIMAL(14,2),
    other_payer_paid_amount DECIMAL(14,2)
);
COMMENT ON TABLE payer_claim_line IS 'One row per service line of a payer''s claim.';
COMMENT ON COLUMN payer_claim_line.payer_claim_line_id IS 'Id: file_id and record_no; lines of one record (FHIR) share it and differ by line_no.';
COMMENT ON COLUMN payer_claim_line.payer_claim_id IS 'The claim, where it is of the same file; else the claim_number tells.';
COMMENT ON COLUMN payer_claim_line.file_id IS 'The file it came from.';
COMMENT ON COLUMN payer_claim_line.record_no IS 'Position of the record in the file.';
COMMENT ON COLUMN payer_claim_line.feed_code IS 'As in payer_claim.';
COMMENT ON COLUMN payer_claim_line.claim_number IS 'Identity: As in payer_claim.';
COMMENT ON COLUMN payer_claim_line.line_no IS 'Number of the line in its claim, as sent.';
COMMENT ON COLUMN payer_claim_line.procedure_code IS 'HCPCS, CPT or CDT code (Synthea: SNOMED).';
COMMENT ON COLUMN payer_claim_line.modifiers IS 'Modifiers, in order.';
COMMENT ON COLUMN payer_claim_line.modifier_key IS 'Modifiers, sorted and joined by commas.';
COMMENT ON COLUMN payer_claim_line.revenue_code IS 'Revenue code, four digits.';
COMMENT ON COLUMN payer_claim_line.ndc_code IS 'National drug code, eleven digits.';
COMMENT ON COLUMN payer_claim_line.units IS 'Units of service, or quantity dispensed.';
COMMENT ON COLUMN payer_claim_line.days_supply IS 'Days that what was dispensed is for.';
COMMENT ON COLUMN payer_claim_line.place_of_service_code IS 'Place of service.';
COMMENT ON COLUMN payer_claim_line.service_from_date IS 'First day of service; of a drug, the day filled.';
COMMENT ON COLUMN payer_claim_line.service_to_date IS 'Last day of service.';
COMMENT ON COLUMN payer_claim_line.diagnosis_code IS 'Diagnosis of the line, where it has one of its own.';
COMMENT ON COLUMN payer_claim_line.specialty_code IS 'CMS specialty of who gave the service.';
COMMENT ON COLUMN payer_claim_line.rendering_npi IS 'NPI that gave the service.';
COMMENT ON COLUMN payer_claim_line.nonpayment_code IS 'How the payer processed the line, as the feed''s own code: A allowed ...';
COMMENT ON COLUMN payer_claim_line.billed_amount IS 'Charge, dollars; signs as in payer_claim.';
COMMENT ON COLUMN payer_claim_line.allowed_amount IS 'Allowed, dollars.';
COMMENT ON COLUMN payer_claim_line.paid_amount IS 'Paid by the payer, dollars.';
COMMENT ON COLUMN payer_claim_line.deductible_amount IS 'Deductible, dollars.';
COMMENT ON COLUMN payer_claim_line.coinsurance_amount IS 'Coinsurance, dollars.';
COMMENT ON COLUMN payer_claim_line.copayment_amount IS 'Copayment, dollars.';
COMMENT ON COLUMN payer_claim_line.patient_paid_amount IS 'Paid by or for the patient, dollars.';
COMMENT ON COLUMN payer_claim_line.other_payer_paid_amount IS 'Paid by payers before this one, dollars.';

CREATE TABLE IF NOT EXISTS payer_claim_diagnosis (
    payer_claim_id BIGINT,
    file_id BIGINT,
    record_no BIGINT,
    feed_code VARCHAR,
    claim_number VARCHAR,
    position INTEGER,
    diagnosis_code VARCHAR,
    kind VARCHAR,
    code_system VARCHAR,
    present_on_admission_code VARCHAR
);
COMMENT ON TABLE payer_claim_diagnosis IS 'One row per diagnosis on a payer''s claim.';
COMMENT ON COLUMN payer_claim_diagnosis.payer_claim_id IS 'The claim, where it is of the same file; else the claim_number tells.';
COMMENT ON COLUMN payer_claim_diagnosis.file_id IS 'The file it came from.';
COMMENT ON COLUMN payer_claim_diagnosis.record_no IS 'Position of the record in the file.';
COMMENT ON COLUMN payer_claim_diagnosis.feed_code IS 'As in payer_claim.';
COMMENT ON COLUMN payer_claim_diagnosis.claim_number IS 'Identity: As in payer_claim.';
COMMENT ON COLUMN payer_claim_diagnosis.position IS 'Place among the codes of its kind, from 1.';
COMMENT ON COLUMN payer_claim_diagnosis.diagnosis_code IS 'ICD code, upper case, without the dot (Synthea: SNOMED).';
COMMENT ON COLUMN payer_claim_diagnosis.kind IS 'principal, admitting, external or other.';
COMMENT ON COLUMN payer_claim_diagnosis.code_system IS 'icd10, icd9 or snomed; NULL where the feed does not say.';
COMMENT ON COLUMN payer_claim_diagnosis.present_on_admission_code IS 'Y, N, U, W, 1.';

CREATE TABLE IF NOT EXISTS payer_claim_procedure (
    payer_claim_id BIGINT,
    file_id BIGINT,
    record_no BIGINT,
    feed_code VARCHAR,
    claim_number VARCHAR,
    position INTEGER,
    procedure_code VARCHAR,
    procedure_date DATE,
    code_system VARCHAR
);
COMMENT ON TABLE payer_claim_procedure IS 'One row per ICD procedure on a payer''s institutional claim.';
COMMENT ON COLUMN payer_claim_procedure.payer_claim_id IS 'The claim, where it is of the same file; else the claim_number tells.';
COMMENT ON COLUMN payer_claim_procedure.file_id IS 'The file it came from.';
COMMENT ON COLUMN payer_claim_procedure.record_no IS 'Position of the record in the file.';
COMMENT ON COLUMN payer_claim_procedure.feed_code IS 'As in payer_claim.';
COMMENT ON COLUMN payer_claim_procedure.claim_number IS 'Identity: As in payer_claim.';
COMMENT ON COLUMN payer_claim_procedure.position IS 'Place among the procedures, from 1.';
COMMENT ON COLUMN payer_claim_procedure.procedure_code IS 'ICD-10-PCS (or ICD-9) code.';
COMMENT ON COLUMN payer_claim_procedure.procedure_date IS 'Day of the procedure.';
COMMENT ON COLUMN payer_claim_procedure.code_system IS 'icd10 or icd9; NULL where the feed does not say.';

CREATE TABLE IF NOT EXISTS member_link (
    file_id BIGINT,
    record_no BIGINT,
    patient_id BIGINT,
    previous_patient_id BIGINT,
    start_date DATE,
    end_date DATE
);
COMMENT ON TABLE member_link IS 'One row per statement that two member numbers are of one person (CCLF9, beneficiary files).';
COMMENT ON COLUMN member_link.file_id IS 'The file it came from.';
COMMENT ON COLUMN member_link.record_no IS 'Position of the record in the file.';
COMMENT ON COLUMN member_link.patient_id IS 'The person under the current number.';
COMMENT ON COLUMN member_link.previous_patient_id IS 'The person under the previous, or the other, number.';
COMMENT ON COLUMN member_link.start_date IS 'First day the previous number was in use.';
COMMENT ON COLUMN member_link.end_date IS 'Day it went out of use.';

CREATE TABLE IF NOT EXISTS payer_claim_amount (
    file_id BIGINT,
    record_no BIGINT,
    feed_code VARCHAR,
    claim_number VARCHAR,
    line_no INTEGER,
    kind VARCHAR,
    amount DECIMAL(14,2)
);
COMMENT ON TABLE payer_claim_amount IS 'One row per amount that a file beside the claims says of one (CCLFA, CCLFB).';
COMMENT ON COLUMN payer_claim_amount.file_id IS 'The file it came from.';
COMMENT ON COLUMN payer_claim_amount.record_no IS 'Position of the record in the file.';
COMMENT ON COLUMN payer_claim_amount.feed_code IS 'As in payer_claim.';
COMMENT ON COLUMN payer_claim_amount.claim_number IS 'Identity: As in payer_claim.';
COMMENT ON COLUMN payer_claim_amount.line_no IS 'The line, NULL for the claim.';
COMMENT ON COLUMN payer_claim_amount.kind IS 'CMS''s name of the amount: CLM_SQSTRTN_RDCTN_AMT ...';
COMMENT ON COLUMN payer_claim_amount.amount IS 'Dollars.';

CREATE TABLE IF NOT EXISTS feed_control (
    file_id BIGINT,
    record_no BIGINT,
    file_label VARCHAR,
    file_description VARCHAR,
    declared_count INTEGER,
    declared_length INTEGER
);
COMMENT ON TABLE feed_control IS 'One row per file that a delivery says it has (CCLF0).';
COMMENT ON COLUMN feed_control.file_id IS 'The file it came from.';
COMMENT ON COLUMN feed_control.record_no IS 'Data row in the file.';
COMMENT ON COLUMN feed_control.file_label IS 'CCLF1, CCLF2 ...';
COMMENT ON COLUMN feed_control.file_description IS 'What the file is, as the delivery says.';
COMMENT ON COLUMN feed_control.declared_count IS 'Records it says to have.';
COMMENT ON COLUMN feed_control.declared_length IS 'Characters of a record.';
