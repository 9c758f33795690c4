-- What is held that a rule may reach: one row per record, with the unit it is kept or let go with.
--
-- A unit is all that bears one patient control number: submissions, claim payments, acknowledgements and what the billing system
-- says of it, in capitals or not, as facts tie them.  A number used twice joins two claims, which are then kept as long as the longer
-- has to be.  record_id is what the record is known by in its table; of side records their number alone.
WITH payer_name_of AS (
{known_payer}
),

record AS (
    SELECT
        'claim' AS kind,
        claim.claim_id AS record_id,
        coalesce(
            'number ' || nullif(upper(trim(claim.patient_control_number)), ''),
            'claim ' || claim.claim_id
        ) AS unit,
        claim.payer_id, known.payer_name, known.line_of_business, claim.patient_id, claim.subscriber_id,
        claim.facility_state_code AS state_code,
        least(claim.service_from_date, claim.service_to_date, claim.submission_date) AS first_day,
        greatest(claim.service_from_date, claim.service_to_date, claim.submission_date) AS last_day
    FROM claim
    LEFT JOIN payer_name_of AS known ON known.payer_id = claim.payer_id
    UNION ALL
    SELECT
        'remit_claim', paid.remit_claim_id,
        coalesce(
            'number ' || nullif(upper(trim(paid.patient_control_number)), ''),
            'remit_claim ' || paid.remit_claim_id
        ),
        remit.payer_id, known.payer_name, known.line_of_business, paid.patient_id, paid.corrected_patient_id, NULL,
        least(paid.service_from_date, paid.service_to_date, remit.payment_date),
        greatest(paid.service_from_date, paid.service_to_date, paid.received_date, remit.payment_date)
    FROM remit_claim AS paid
    LEFT JOIN remit ON remit.remit_id = paid.remit_id
    LEFT JOIN payer_name_of AS known ON known.payer_id = remit.payer_id
    UNION ALL
    SELECT
        'payer_claim', payer_claim_id,
        'payer_claim ' || coalesce(claim_key, claim_number, CAST(payer_claim_id AS VARCHAR)) || ' of '
        || coalesce(CAST(patient_id AS VARCHAR), ''),
        NULL, payer_name, line_of_business, patient_id, NULL, NULL,
        least(service_from_date, service_to_date, paid_date, processed_date),
        greatest(service_from_date, service_to_date, paid_date, processed_date)
    FROM payer_claim
    UNION ALL
    SELECT
        'side', NULL, 'number ' || upper(trim(patient_control_number)), NULL, NULL, NULL, NULL, NULL,
        NULL, first_day, last_day
    FROM (
        SELECT patient_control_number, write_off_date AS first_day, write_off_date AS last_day
        FROM write_off
        UNION ALL
        SELECT patient_control_number, appeal_date, greatest(appeal_date, decision_date) FROM appeal
        UNION ALL
        SELECT patient_control_number, audit_date, audit_date FROM audit
        UNION ALL
        SELECT patient_control_number, payment_date, payment_date FROM patient_payment
        UNION ALL
        SELECT
            patient_control_number, least(charge_date, service_date),
            greatest(charge_date, service_date)
        FROM charge
        UNION ALL
        SELECT patient_control_number, acknowledged_date, acknowledged_date FROM acknowledgement
        UNION ALL
        SELECT error.patient_control_number, said.acknowledged_date, said.acknowledged_date
        FROM acknowledgement_error AS error
        LEFT JOIN acknowledgement AS said ON said.acknowledgement_id = error.acknowledgement_id
    ) AS said
    WHERE trim(patient_control_number) <> ''
    UNION ALL
    SELECT
        'eligibility', file_id * 4294967296 + record_no,
        'eligibility ' || file_id || ' ' || record_no, NULL, payer_name, line_of_business,
        patient_id, NULL, NULL, start_date, coalesce(end_date, start_date)
    FROM eligibility
    UNION ALL
    SELECT
        'rejected', rejected.file_id, 'rejected ' || rejected.file_id, NULL, NULL, NULL, NULL, NULL,
        NULL, CAST(source_file.loaded_at AS DATE), CAST(source_file.loaded_at AS DATE)
    FROM rejected
    LEFT JOIN source_file ON source_file.file_id = rejected.file_id
    WHERE rejected.raw IS NOT NULL
    UNION ALL
    SELECT
        'audit_log', entry_no, 'audit_log ' || entry_no, NULL, NULL, NULL, NULL, NULL,
        NULL, CAST(done_at AS DATE), CAST(done_at AS DATE)
    FROM audit_log
)

SELECT
    record.kind,
    record.record_id,
    record.unit,
    record.payer_id,
    record.payer_name,
    replace(replace(lower(trim(record.line_of_business)), ' ', '_'), '-', '_') AS line_of_business,
    record.patient_id,
    record.subscriber_id,
    coalesce(record.state_code, patient.state_code) AS state_code,
    patient.birth_date,
    record.first_day,
    record.last_day
FROM record
LEFT JOIN patient ON patient.patient_id = record.patient_id
