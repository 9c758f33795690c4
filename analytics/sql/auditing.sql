-- The audit trail: what was done to this database, and what left it.  Lines are only ever appended, each with the hash of the one before.

CREATE TABLE IF NOT EXISTS audit_log (
    entry_no BIGINT,
    entry_key VARCHAR,
    done_at TIMESTAMP,
    done_by VARCHAR,
    command VARCHAR,
    file_names VARCHAR[],
    row_count BIGINT,
    rejected_count BIGINT,
    detail VARCHAR,
    key_fingerprint VARCHAR,
    previous_hash VARCHAR,
    entry_hash VARCHAR
);
COMMENT ON TABLE audit_log IS 'One row per thing done that the audit trail tells of; never a value of a patient.';
COMMENT ON COLUMN audit_log.entry_no IS 'Number of the line, from 1 without a gap.';
COMMENT ON COLUMN audit_log.entry_key IS 'Random, made when the thing was done: a line that waited beside the file is taken in once.';
COMMENT ON COLUMN audit_log.done_at IS 'When it was done, UTC.';
COMMENT ON COLUMN audit_log.done_by IS 'User of the operating system whose process did it.';
COMMENT ON COLUMN audit_log.command IS 'load, build, report, import, rekey, reference load, export parquet ...';
COMMENT ON COLUMN audit_log.file_names IS 'Files read or written, without folders.';
COMMENT ON COLUMN audit_log.row_count IS 'Rows loaded (claims, lines, claim payments, acknowledgements, or rows of a CSV file), written or copied.';
COMMENT ON COLUMN audit_log.rejected_count IS 'Records kept out by a load.';
COMMENT ON COLUMN audit_log.detail IS 'More of it as JSON: numbers of files, the report, the day the facts stand for, versions.';
COMMENT ON COLUMN audit_log.key_fingerprint IS 'Which key encrypted the database: 8 bytes of scrypt of it, in hex; NULL where none did.';
COMMENT ON COLUMN audit_log.previous_hash IS 'entry_hash of the line before; 64 zeros on the first.';
COMMENT ON COLUMN audit_log.entry_hash IS 'SHA-256 of previous_hash and the columns above as canonical JSON.';

CREATE TABLE IF NOT EXISTS audit_head (
    entry_count BIGINT,
    entry_hash VARCHAR
);
COMMENT ON TABLE audit_head IS 'One row: the end of the audit trail. Two transactions that both append change it, so that one of them fails.';
COMMENT ON COLUMN audit_head.entry_count IS 'Lines of the trail.';
COMMENT ON COLUMN audit_head.entry_hash IS 'Hash of the newest line; 64 zeros while there is none.';

CREATE TABLE IF NOT EXISTS legal_hold (
    hold_id BIGINT,
    patient_ids BIGINT[],
    payer_name VARCHAR,
    payer_ids BIGINT[],
    period_from DATE,
    period_to DATE,
    hold_reason VARCHAR,
    placed_at TIMESTAMP,
    placed_by VARCHAR,
    released_at TIMESTAMP,
    released_by VARCHAR
);
COMMENT ON TABLE legal_hold IS 'One row per legal hold, in force or released: what it covers is not purged, whatever its age.';
COMMENT ON COLUMN legal_hold.hold_id IS 'Number of the hold, from 1.';
COMMENT ON COLUMN legal_hold.patient_ids IS 'Rows of patient it covers: the one named and others of the same member number, or name and birth date; empty for all.';
COMMENT ON COLUMN legal_hold.payer_name IS 'Payer it covers, as reported; NULL for all.';
COMMENT ON COLUMN legal_hold.payer_ids IS 'Rows of payer that were reported so when it was placed: they stay covered, whatever a map calls them later; empty for all.';
COMMENT ON COLUMN legal_hold.period_from IS 'First day it covers; NULL for all days.';
COMMENT ON COLUMN legal_hold.period_to IS 'Last day it covers; NULL for all days.';
COMMENT ON COLUMN legal_hold.hold_reason IS 'Identity: Why, in the words of who placed it: may name a person.';
COMMENT ON COLUMN legal_hold.placed_at IS 'When it was placed, UTC.';
COMMENT ON COLUMN legal_hold.placed_by IS 'User of the operating system who placed it.';
COMMENT ON COLUMN legal_hold.released_at IS 'When it was released, UTC; NULL while in force.';
COMMENT ON COLUMN legal_hold.released_by IS 'User of the operating system who released it.';

CREATE TABLE IF NOT EXISTS purged (
    purge_no BIGINT,
    purged_at TIMESTAMP,
    file_id BIGINT,
    transaction_id BIGINT,
    claim_count BIGINT,
    claim_line_count BIGINT,
    remit_claim_count BIGINT,
    acknowledgement_count BIGINT,
    other_count BIGINT,
    billed_amount DECIMAL(18,2),
    paid_amount DECIMAL(18,2)
);
COMMENT ON TABLE purged IS 'One row per purge, file and transaction set from which it removed records: what they came to. With it what is left adds up to the files.';
COMMENT ON COLUMN purged.purge_no IS 'Number of the purge, from 1; its certificate is a line of audit_log.';
COMMENT ON COLUMN purged.purged_at IS 'When, UTC.';
COMMENT ON COLUMN purged.file_id IS 'The file they came from; it is not loaded again.';
COMMENT ON COLUMN purged.transaction_id IS 'The transaction set or payment they came in; NULL for what came in none.';
COMMENT ON COLUMN purged.claim_count IS 'Rows of claim removed.';
COMMENT ON COLUMN purged.claim_line_count IS 'Rows of claim_line removed.';
COMMENT ON COLUMN purged.remit_claim_count IS 'Rows of remit_claim removed.';
COMMENT ON COLUMN purged.acknowledgement_count IS 'Rows of acknowledgement removed.';
COMMENT ON COLUMN purged.other_count IS 'Rows of side tables, feeds and cover removed.';
COMMENT ON COLUMN purged.billed_amount IS 'Sum of claim.billed_amount removed, dollars.';
COMMENT ON COLUMN purged.paid_amount IS 'Sum of remit_claim.paid_amount removed, dollars.';

CREATE TABLE IF NOT EXISTS deidentified (
    level VARCHAR,
    date_rule VARCHAR,
    is_provider_hidden BOOLEAN,
    key_fingerprint VARCHAR,
    library_version VARCHAR,
    made_at TIMESTAMP
);
COMMENT ON TABLE deidentified IS 'One row where this is a de-identified copy of another database; none else.';
COMMENT ON COLUMN deidentified.level IS 'limited (a limited data set) or safe-harbor.';
COMMENT ON COLUMN deidentified.date_rule IS 'What happened to days: keep, shift (by person) or year.';
COMMENT ON COLUMN deidentified.is_provider_hidden IS 'Whether providers have pseudonyms too.';
COMMENT ON COLUMN deidentified.key_fingerprint IS 'Which key the pseudonyms were made with: 8 bytes of scrypt of it, in hex; NULL where it was thrown away.';
COMMENT ON COLUMN deidentified.library_version IS 'Version of this library that made it.';
COMMENT ON COLUMN deidentified.made_at IS 'When it was made, UTC.';
