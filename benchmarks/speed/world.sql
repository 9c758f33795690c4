-- An invented world straight in the core tables: what loading its 837, 835 and 277CA would leave there.
--
-- Reads the variable `claims`, how many submissions to make.  Every value comes from hash(), so the
-- same number gives the same rows.  Of each 100 submissions 92 are first ones, 5 replace denied
-- ones and 3 go to a second payer; they lie in files by the day they were sent, as they would come.
-- About 12 % are denied in whole or part; some answers come in two payments, are pended before, are
-- taken back and given anew, answer nothing that was sent, or have not come yet.
CREATE TEMP MACRO dice(a, b, sides) AS CAST(hash(a * 1000003 + b) % sides AS BIGINT);
CREATE TEMP MACRO row_id(file, record) AS CAST(file AS BIGINT) * 4294967296 + record;
-- Ten digits of which the last checks the others, as those of every provider (ISO 7812, after 80840).
CREATE TEMP MACRO added(d) AS 2 * d - CASE WHEN d > 4 THEN 9 ELSE 0 END;
CREATE TEMP MACRO npi(n) AS CAST((100000000 + n) * 10 + (
    10 - (24 + 2 + n // 10000000 % 10 + added(n // 1000000 % 10) + n // 100000 % 10
    + added(n // 10000 % 10) + n // 1000 % 10 + added(n // 100 % 10) + n // 10 % 10
    + added(n % 10)) % 10) % 10 AS VARCHAR);
CREATE TEMP MACRO first_day() AS DATE '2025-01-01';
CREATE TEMP MACRO last_day() AS DATE '2026-03-31';

CREATE TEMP TABLE bill AS
WITH drawn AS (
    SELECT
        c,
        CASE WHEN c % 100 < 92 THEN 'first' WHEN c % 100 < 97 THEN 'again' ELSE 'second' END AS role,
        -- What a later one is about: five of each 100 are denied and sent again, three go on.
        CASE
            WHEN c % 100 < 92 THEN c
            WHEN c % 100 < 97 THEN c - c % 100 + (c % 100 - 92) * 10 + 3
            ELSE c - c % 100 + (c % 100 - 97) * 10 + 7
        END AS origin
    FROM range(getvariable('claims')) AS made(c)
),

dated AS (
    SELECT
        c, role, origin,
        first_day() + CAST(origin * 400 // getvariable('claims') AS INTEGER) AS service_date,
        2 + dice(origin, 1, 12) AS days_to_send,
        CASE role WHEN 'first' THEN 0 WHEN 'again' THEN 30 ELSE 25 END + dice(c, 2, 25)
            * CASE role WHEN 'first' THEN 0 ELSE 1 END AS days_after
    FROM drawn
),

sent AS (
    SELECT
        c, role, origin, service_date,
        service_date + CAST(days_to_send + days_after AS INTEGER) AS submission_date,
        1 + dice(origin, 3, 5) AS line_count,
        CASE
            WHEN role = 'again' THEN CASE WHEN dice(c, 4, 10) < 6 THEN 'paid' ELSE 'denied' END
            WHEN role = 'second' THEN 'paid'
            WHEN origin % 10 = 3 AND origin % 100 < 44 THEN 'denied'
            WHEN dice(c, 4, 100) < 4 THEN 'denied'
            WHEN dice(c, 4, 100) < 7 THEN 'cut'
            ELSE 'paid'
        END AS fate,
        dice(c, 5, 1000) AS luck
    FROM dated
),

placed AS (
    SELECT
        sent.*, row_number() OVER (ORDER BY submission_date, c) - 1 AS place
    FROM sent
)

SELECT
    c, role, origin, service_date, submission_date, line_count, fate, luck,
    -- Two of the five come under a number of their own: only the payer's number joins them.
    'ACC' || lpad(CAST(CASE WHEN role = 'again' AND origin % 100 > 23 THEN c ELSE origin END * 7919
        AS VARCHAR), 12, '0') AS control_number,
    place // 20000 + 1 AS file_no,
    place % 20000 // 500 AS set_no,
    (place % 20000) * 30 + 10 AS claim_no
FROM placed
ORDER BY place;

CREATE TEMP TABLE bill_line AS
SELECT
    bill.c, bill.origin, bill.file_no, bill.claim_no, bill.fate, bill.role, bill.service_date,
    CAST(line.n AS INTEGER) AS line_no, bill.line_count,
    CAST(40 + dice(bill.origin, 10 + line.n, 40000) / 100 AS DECIMAL(14, 2)) AS billed_amount,
    CAST(99201 + dice(bill.origin, 20 + line.n, 300) AS VARCHAR) AS procedure_code,
    CASE dice(bill.origin, 30 + line.n, 10) WHEN 0 THEN '25' WHEN 1 THEN '59' END AS modifier_key
FROM bill
JOIN range(1, 6) AS line(n) ON line.n <= bill.line_count
ORDER BY bill.file_no, bill.claim_no, line.n;

CREATE TEMP TABLE total AS
SELECT c, sum(billed_amount) AS billed_amount FROM bill_line GROUP BY c;

-- Who there is: payers as 837s name them and, apart, as 835s do; providers; people.
INSERT INTO payer BY NAME
SELECT
    row_id(1 + n % 2 * 500000, 2 + n) AS payer_id, 1 + n % 2 * 500000 AS file_id, 2 + n AS record_no,
    CASE WHEN n % 2 = 0 THEN 'P' ELSE '1' END || lpad(CAST(n // 2 AS VARCHAR), 5, '0') AS payer_code,
    'PAYER ' || CAST(n // 2 AS VARCHAR) || CASE WHEN n % 2 = 0 THEN '' ELSE ' INC' END AS payer_name
FROM range(80) AS made(n);

INSERT INTO payer_map BY NAME
SELECT
    payer_code, 'Payer ' || CAST((payer_id % 4294967296 - 2) // 2 AS VARCHAR) AS canonical_payer,
    CASE (payer_id % 4294967296 - 2) // 2 % 4
        WHEN 0 THEN 'medicare' WHEN 1 THEN 'medicaid' ELSE 'commercial' END AS line_of_business
FROM payer;

INSERT INTO provider BY NAME
SELECT
    npi(n) AS npi, 1 AS file_id, 5 + n AS record_no,
    'PROVIDER ' || CAST(n AS VARCHAR) AS provider_name
FROM range(2000) AS made(n);

INSERT INTO provider_map BY NAME
SELECT
    npi(n) AS npi, 'Specialty ' || CAST(n % 25 AS VARCHAR) AS specialty,
    'Group ' || CAST(n % 50 AS VARCHAR) AS provider_group,
    'Site ' || CAST(n % 30 AS VARCHAR) AS facility
FROM range(2000) AS made(n);

INSERT INTO patient BY NAME
SELECT
    row_id(1, 100 + n) AS patient_id, 1 AS file_id, 100 + n AS record_no,
    'M' || CAST(n AS VARCHAR) AS member_id, 'LAST' || CAST(n AS VARCHAR) AS last_name,
    'FIRST' AS first_name, DATE '1940-01-01' + CAST(n * 37 % 27000 AS INTEGER) AS birth_date,
    CASE n % 2 WHEN 0 THEN 'F' ELSE 'M' END AS sex_code
FROM range(getvariable('claims') // 4 + 1) AS made(n);

INSERT INTO eligibility BY NAME
SELECT
    900000 AS file_id, 1 + n AS record_no, row_id(1, 100 + n) AS patient_id,
    'Payer ' || CAST(n % 40 AS VARCHAR) AS payer_name,
    CASE n % 40 % 4 WHEN 0 THEN 'medicare' WHEN 1 THEN 'medicaid' ELSE 'commercial' END
        AS line_of_business,
    first_day() + CAST(n % 7 * 30 AS INTEGER) AS start_date,
    CASE WHEN n % 3 = 0 THEN NULL ELSE first_day() + 360 + CAST(n % 60 AS INTEGER) END AS end_date
FROM range(getvariable('claims') // 16 + 1) AS made(n);

-- What was sent.
INSERT INTO claim BY NAME
SELECT
    row_id(file_no, claim_no) AS claim_id, file_no AS file_id, claim_no AS record_no,
    row_id(file_no, set_no * 15000 + 3) AS transaction_id,
    CASE WHEN origin % 5 = 4 THEN 'institutional' ELSE 'professional' END AS claim_type,
    control_number AS patient_control_number,
    row_id(1, 100 + origin % (getvariable('claims') // 4 + 1)) AS patient_id,
    row_id(1, 100 + origin % (getvariable('claims') // 4 + 1)) AS subscriber_id,
    row_id(1, 2 + 2 * ((dice(origin, 6, 40) + CASE role WHEN 'second' THEN 7 ELSE 0 END) % 40))
        AS payer_id,
    CASE role WHEN 'second' THEN 'S' ELSE 'P' END AS payer_sequence_code,
    CASE role WHEN 'again' THEN '7' ELSE '1' END AS frequency_code,
    CASE role WHEN 'again' THEN 'ICN' || CAST(origin AS VARCHAR) END AS original_payer_claim_number,
    npi(dice(origin, 7, 60)) AS billing_npi,
    npi(dice(origin, 8, 2000)) AS rendering_npi,
    CASE dice(origin, 9, 4) WHEN 0 THEN 'CA' WHEN 1 THEN 'NV' WHEN 2 THEN 'OR' ELSE 'WA' END
        AS facility_state_code,
    CASE WHEN origin % 5 <> 4 THEN CASE origin % 3 WHEN 0 THEN '11' ELSE '22' END END
        AS place_of_service_code,
    CASE WHEN origin % 5 = 4 THEN '131' END AS bill_type_code,
    service_date AS service_from_date, service_date AS service_to_date,
    chr(CAST(65 + dice(origin, 11, 20) AS INTEGER)) || CAST(10 + dice(origin, 12, 80) AS VARCHAR)
        || CAST(dice(origin, 13, 10) AS VARCHAR) AS principal_diagnosis_code,
    submission_date, FALSE AS is_predetermination, total.billed_amount,
    0 AS patient_paid_amount
FROM bill
JOIN total USING (c)
ORDER BY file_no, claim_no;

INSERT INTO claim_diagnosis BY NAME
SELECT
    row_id(file_no, claim_no) AS claim_id, file_no AS file_id, claim_no + 2 AS record_no,
    CAST(made.n AS INTEGER) AS position,
    chr(CAST(65 + dice(origin, 11 + 2 * made.n, 20) AS INTEGER))
        || CAST(10 + dice(origin, 12 + 2 * made.n, 80) AS VARCHAR) AS diagnosis_code,
    CASE made.n WHEN 1 THEN 'principal' ELSE 'other' END AS kind, 'icd10' AS code_system
FROM bill
JOIN range(1, 5) AS made(n) ON made.n <= 1 + origin % 4
ORDER BY 2, 3, 4;

INSERT INTO claim_line BY NAME
SELECT
    row_id(file_no, claim_no + 5 + 3 * line_no) AS claim_line_id,
    row_id(file_no, claim_no) AS claim_id, file_no AS file_id,
    claim_no + 5 + 3 * line_no AS record_no, line_no,
    CAST(claim_no * 10 + line_no AS VARCHAR) AS line_control_number, 'HC' AS procedure_qualifier,
    procedure_code, [modifier_key] AS modifiers, modifier_key, 1 AS units, 'UN' AS unit_code,
    billed_amount, service_date AS service_from_date, service_date AS service_to_date
FROM bill_line
ORDER BY 2, 1;

INSERT INTO transaction_set BY NAME
SELECT DISTINCT
    row_id(file_no, set_no * 15000 + 3) AS transaction_id, file_no AS file_id,
    set_no * 15000 + 3 AS record_no, '837' AS type_code,
    lpad(CAST(file_no AS VARCHAR), 9, '0') AS isa_control_number,
    CAST(file_no AS VARCHAR) AS gs_control_number,
    lpad(CAST(set_no + 1 AS VARCHAR), 4, '0') AS st_control_number,
    'SENDER' AS sender_code, 'HOUSE' AS receiver_code, min(submission_date) AS interchange_date,
    FALSE AS is_test, 'B' || CAST(file_no AS VARCHAR) || '-' || CAST(set_no AS VARCHAR)
        AS reference_number, 'loaded' AS status, TRUE AS is_balanced, count(*) AS claim_count
FROM bill
GROUP BY file_no, set_no
ORDER BY 1;

-- What the front end said: 277CA of each submission, 999 of each set.
INSERT INTO acknowledgement BY NAME
SELECT
    row_id(300000 + file_no, claim_no) AS acknowledgement_id, 300000 + file_no AS file_id,
    claim_no AS record_no, row_id(300000 + file_no, 3) AS transaction_id, '277CA' AS source,
    'claim' AS level,
    CASE WHEN role <> 'second' AND luck % 40 = 1 THEN 'rejected' ELSE 'accepted' END AS action,
    submission_date + 1 AS acknowledged_date,
    'B' || CAST(file_no AS VARCHAR) || '-' || CAST(set_no AS VARCHAR) AS reference_number,
    control_number AS patient_control_number,
    total.billed_amount AS charge_amount,
    CASE WHEN luck % 40 = 1 THEN 'A7' ELSE 'A2' END AS category_code, '20' AS status_code
FROM bill
JOIN total USING (c)
WHERE luck % 100 <> 99
ORDER BY 2, 3;

INSERT INTO acknowledgement BY NAME
SELECT
    row_id(400000 + file_id, record_no) AS acknowledgement_id, 400000 + file_id AS file_id,
    record_no, row_id(400000 + file_id, 3) AS transaction_id, '999' AS source, 'set' AS level,
    'accepted' AS action, interchange_date + 1 AS acknowledged_date, gs_control_number,
    st_control_number, '837' AS set_type_code, 'HC' AS functional_code
FROM transaction_set
WHERE type_code = '837'
ORDER BY 1;

-- What came back.  A payment is a CLP: part of an answer on a day.
CREATE TEMP TABLE payment AS
WITH answered AS (
    SELECT
        bill.*,
        submission_date + CAST(7 + dice(c, 40, 12) + CASE WHEN dice(c, 41, 10) < 2
            THEN dice(c, 42, 70) ELSE dice(c, 42, 14) END AS INTEGER) AS answer_date
    FROM bill
    WHERE luck >= 30 AND (role = 'second' OR luck % 40 <> 1)
),

parted AS (
    SELECT *, 'answer' AS kind, answer_date AS payment_date, 0 AS from_line,
        CASE WHEN luck % 100 = 50 AND line_count > 1 THEN line_count - 1 ELSE 9 END AS to_line
    FROM answered
    UNION ALL
    SELECT *, 'answer', answer_date, line_count AS from_line, 9
    FROM answered WHERE luck % 100 = 50 AND line_count > 1
    UNION ALL
    SELECT *, 'pended', answer_date - 5, 0, 9 FROM answered WHERE luck % 100 = 60
    UNION ALL
    SELECT *, 'reversal', answer_date + 21, 0, 9
    FROM answered WHERE luck % 66 = 5 AND luck % 100 <> 50 AND fate = 'paid'
    UNION ALL
    SELECT *, 'anew', answer_date + 21, 0, 9
    FROM answered WHERE luck % 66 = 5 AND luck % 100 <> 50 AND fate = 'paid'
    UNION ALL
    SELECT *, 'stray', answer_date, 0, 9 FROM answered WHERE luck % 100 = 70
),

placed AS (
    SELECT
        parted.*,
        row_number() OVER (ORDER BY payment_date, dice(origin, 6, 40), c, kind, from_line) - 1
            AS place
    FROM parted
    WHERE payment_date <= last_day()
)

SELECT
    * EXCLUDE (place, file_no, set_no, claim_no),
    file_no AS bill_file_no, claim_no AS bill_claim_no,
    500001 + place // 10000 AS file_no, (place % 10000) * 60 + 20 AS claim_no,
    (dice(origin, 6, 40) + CASE role WHEN 'second' THEN 7 ELSE 0 END) % 40 AS payer_no
FROM placed
ORDER BY place;

CREATE TEMP TABLE payment_line AS
SELECT
    payment.file_no, payment.claim_no, payment.kind, payment.role, payment.c,
    bill_line.line_no, bill_line.origin, bill_line.procedure_code, bill_line.modifier_key,
    bill_line.service_date, payment.bill_claim_no * 10 + bill_line.line_no AS line_number,
    CASE payment.kind WHEN 'reversal' THEN -1 ELSE 1 END AS sign,
    bill_line.billed_amount AS charge_amount,
    payment.kind <> 'pended' AND (payment.fate = 'denied' OR (payment.fate = 'cut'
        AND bill_line.line_no = bill_line.line_count)) AS is_denied,
    CAST(bill_line.billed_amount * (30 + dice(payment.origin, 50, 25)) / 100 AS DECIMAL(14, 2))
        AS contractual_amount,
    CASE WHEN dice(payment.c, 50 + bill_line.line_no, 3) = 0
        THEN CAST(bill_line.billed_amount * 0.1 AS DECIMAL(14, 2)) ELSE 0 END AS share_amount
FROM payment
JOIN bill_line ON bill_line.c = payment.c
WHERE bill_line.line_no BETWEEN payment.from_line AND payment.to_line
ORDER BY payment.file_no, payment.claim_no, bill_line.line_no;

CREATE TEMP TABLE settled AS
SELECT
    * EXCLUDE (charge_amount, contractual_amount, share_amount),
    sign * charge_amount AS charge_amount,
    CASE WHEN is_denied OR kind = 'pended' THEN 0 ELSE sign * contractual_amount END
        AS contractual_amount,
    CASE WHEN is_denied OR kind = 'pended' THEN 0 ELSE sign * share_amount END AS share_amount,
    CASE WHEN is_denied OR kind = 'pended' THEN 0
        ELSE sign * (charge_amount - contractual_amount - share_amount) END AS paid_amount
FROM payment_line
ORDER BY file_no, claim_no, line_no;

INSERT INTO remit BY NAME
SELECT
    row_id(file_no, min(claim_no) - 15) AS remit_id, file_no AS file_id,
    min(claim_no) - 15 AS record_no, row_id(500001, 3 + 2 * payer_no) AS payer_id,
    npi(0) AS payee_npi, 'ACH' AS method_code, 'C' AS credit_debit_code, payment_date,
    'T' || CAST(file_no AS VARCHAR) || '-' || CAST(min(claim_no) AS VARCHAR) AS trace_number
FROM payment
GROUP BY file_no, payer_no, payment_date
ORDER BY 1;

INSERT INTO remit_claim BY NAME
WITH summed AS (
    SELECT
        file_no, claim_no, sum(charge_amount) AS charge_amount, sum(paid_amount) AS paid_amount,
        sum(share_amount) AS share_amount
    FROM settled
    GROUP BY file_no, claim_no
)

SELECT
    row_id(payment.file_no, payment.claim_no) AS remit_claim_id,
    row_id(payment.file_no, min(payment.claim_no) OVER (
        PARTITION BY payment.file_no, payment.payer_no, payment.payment_date) - 15) AS remit_id,
    payment.file_no AS file_id, payment.claim_no AS record_no,
    CASE WHEN payment.kind = 'stray' THEN 'OLD' ELSE '' END || payment.control_number
        AS patient_control_number,
    CASE WHEN payment.kind = 'reversal' THEN '22' WHEN payment.role = 'second' THEN '2'
        WHEN payment.fate = 'denied' AND payment.luck % 2 = 0 THEN '4' ELSE '1' END AS status_code,
    summed.charge_amount, summed.paid_amount,
    summed.share_amount AS patient_responsibility_amount,
    'ICN' || CAST(CASE payment.role WHEN 'again' THEN payment.origin ELSE payment.c END AS VARCHAR)
        AS payer_claim_number,
    row_id(1, 100 + payment.origin % (getvariable('claims') // 4 + 1)) AS patient_id,
    payment.submission_date + 1 AS received_date, payment.service_date AS service_from_date,
    payment.service_date AS service_to_date, TRUE AS is_balanced
FROM payment
JOIN summed ON summed.file_no = payment.file_no AND summed.claim_no = payment.claim_no
ORDER BY 1;

INSERT INTO remit_line BY NAME
SELECT
    row_id(file_no, claim_no + 3 + 10 * line_no) AS remit_line_id,
    row_id(file_no, claim_no) AS remit_claim_id, file_no AS file_id,
    claim_no + 3 + 10 * line_no AS record_no, line_no,
    CASE WHEN c % 20 <> 0 THEN CAST(line_number AS VARCHAR) END AS line_control_number,
    'HC' AS procedure_qualifier, procedure_code, [modifier_key] AS modifiers, modifier_key,
    charge_amount, paid_amount,
    CASE WHEN c % 2 = 0 THEN CASE WHEN is_denied OR kind = 'pended' THEN 0
        ELSE paid_amount + share_amount END END AS allowed_amount,
    1 AS units_paid, service_date AS service_from_date, service_date AS service_to_date,
    TRUE AS is_balanced
FROM settled
ORDER BY 1;

INSERT INTO adjustment BY NAME
SELECT
    row_id(file_no, claim_no) AS remit_claim_id,
    row_id(file_no, claim_no + 3 + 10 * line_no) AS remit_line_id, file_no AS file_id,
    claim_no + 3 + 10 * line_no + made.n AS record_no, 1 AS position,
    CASE
        WHEN made.n = 2 THEN 'PR'
        WHEN is_denied AND dice(c, 60, 10) = 0 THEN 'PR'
        WHEN role = 'second' THEN 'OA'
        ELSE 'CO'
    END AS group_code,
    CASE
        WHEN made.n = 2 THEN CASE dice(c, 61, 3) WHEN 0 THEN '1' WHEN 1 THEN '2' ELSE '3' END
        WHEN kind = 'pended' THEN '133'
        WHEN is_denied THEN (['16', '50', '97', '197', '29', '11', '18', '96', '22', '151', '27',
            '4', '236', '252', '109'])[1 + dice(c, 62, 15)]
        WHEN role = 'second' THEN '23'
        ELSE '45'
    END AS carc_code,
    CASE
        WHEN made.n = 2 THEN share_amount
        WHEN is_denied OR kind = 'pended' THEN charge_amount
        ELSE contractual_amount
    END AS amount
FROM settled
JOIN range(1, 3) AS made(n) ON made.n = 1 OR settled.share_amount <> 0
ORDER BY 3, 4;

INSERT INTO remark BY NAME
SELECT
    row_id(file_no, claim_no) AS remit_claim_id,
    row_id(file_no, claim_no + 3 + 10 * line_no) AS remit_line_id, file_no AS file_id,
    claim_no + 3 + 10 * line_no + 5 AS record_no, 1 AS position,
    (['N382', 'M76', 'N115', 'MA130', 'N290', 'M20', 'N30'])[1 + dice(c, 63, 7)] AS rarc_code,
    'LQ' AS source
FROM settled
WHERE (is_denied AND dice(c, 64, 3) > 0) OR dice(c, 64, 10) = 0
ORDER BY 3, 4;

INSERT INTO provider_adjustment BY NAME
SELECT
    remit_id, file_id, record_no + 1 AS record_no, 1 AS position, npi(0) AS provider_code,
    'WO' AS reason_code, CAST(dice(file_id + record_no, 1, 5000) / 100 AS DECIMAL(14, 2)) AS amount
FROM remit
WHERE dice(file_id + record_no, 2, 10) = 0
ORDER BY 1;

INSERT INTO write_off BY NAME
SELECT
    900001 AS file_id, row_number() OVER (ORDER BY c) AS record_no,
    control_number AS patient_control_number,
    submission_date + 120 AS write_off_date, 'small balance' AS reason, 5 AS amount
FROM bill
WHERE role = 'first' AND luck % 200 = 8 AND submission_date + 120 <= last_day();

INSERT INTO patient_payment BY NAME
SELECT
    900002 AS file_id, row_number() OVER (ORDER BY c) AS record_no,
    control_number AS patient_control_number,
    submission_date + 60 AS payment_date, 10 AS amount
FROM bill
WHERE role = 'first' AND luck % 20 = 8 AND submission_date + 60 <= last_day();

INSERT INTO source_file BY NAME
WITH sent AS (
    SELECT file_id, count(*) AS claim_count, sum(billed_amount) AS billed_amount
    FROM claim GROUP BY file_id
),

came AS (
    SELECT file_id, count(*) AS remit_claim_count, sum(paid_amount) AS paid_amount
    FROM remit_claim GROUP BY file_id
)

SELECT
    coalesce(sent.file_id, came.file_id) AS file_id,
    CAST(coalesce(sent.file_id, came.file_id) AS VARCHAR) || '.edi' AS file_name, 'x12' AS format,
    TIMESTAMP '2026-04-01' AS loaded_at, coalesce(sent.claim_count, 0) AS claim_count,
    coalesce(came.remit_claim_count, 0) AS remit_claim_count,
    coalesce(sent.billed_amount, 0) AS billed_amount, coalesce(came.paid_amount, 0) AS paid_amount
FROM sent
FULL JOIN came ON came.file_id = sent.file_id
ORDER BY 1;
