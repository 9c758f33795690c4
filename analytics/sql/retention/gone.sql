-- What goes with the units in gone_unit: the ids of their records, and what belongs to nothing else.
--
-- Reads    retention_record, retention_unit, gone_unit, gone_tie (acknowledgement_tie of all days) and core tables
CREATE TEMP TABLE gone_number AS
SELECT substr(unit, 8) AS number
FROM gone_unit
WHERE starts_with(unit, 'number ');

CREATE TEMP TABLE gone_claim AS
SELECT claim.claim_id, claim.transaction_id
FROM retention_record AS record
JOIN gone_unit ON gone_unit.unit = record.unit
JOIN claim ON claim.claim_id = record.record_id
WHERE record.kind = 'claim';

CREATE TEMP TABLE gone_remit_claim AS
SELECT paid.remit_claim_id, paid.remit_id
FROM retention_record AS record
JOIN gone_unit ON gone_unit.unit = record.unit
JOIN remit_claim AS paid ON paid.remit_claim_id = record.record_id
WHERE record.kind = 'remit_claim';

CREATE TEMP TABLE gone_payer_claim AS
SELECT record.record_id AS payer_claim_id
FROM retention_record AS record
JOIN gone_unit ON gone_unit.unit = record.unit
WHERE record.kind = 'payer_claim';

CREATE TEMP TABLE gone_cover AS
SELECT record.record_id
FROM retention_record AS record
JOIN gone_unit ON gone_unit.unit = record.unit
WHERE record.kind = 'eligibility';

-- A payment goes with the last of its claims; one that never had any stays, as no rule reaches it.
CREATE TEMP TABLE gone_remit AS
SELECT paid.remit_id
FROM remit_claim AS paid
LEFT JOIN gone_remit_claim AS gone ON gone.remit_claim_id = paid.remit_claim_id
GROUP BY paid.remit_id
HAVING count(*) = count(gone.remit_claim_id);

CREATE TEMP TABLE gone_set AS
SELECT claim.transaction_id
FROM claim
LEFT JOIN gone_claim AS gone ON gone.claim_id = claim.claim_id
WHERE claim.transaction_id IS NOT NULL
GROUP BY claim.transaction_id
HAVING count(*) = count(gone.claim_id);

-- One that bears no number goes with its answer, when all sets that this answers have gone: else it would be taken
-- for an answer to a set that is left and has the same numbers.
CREATE TEMP TABLE gone_acknowledgement AS
WITH answering AS (
    SELECT coalesce(said.transaction_id, said.acknowledgement_id) AS answering_id
    FROM gone_tie
    JOIN acknowledgement AS said ON said.acknowledgement_id = gone_tie.acknowledgement_id
    LEFT JOIN gone_set ON gone_set.transaction_id = gone_tie.transaction_id
    WHERE gone_tie.transaction_id IS NOT NULL
    GROUP BY ALL
    HAVING count(*) = count(gone_set.transaction_id)
)

SELECT said.acknowledgement_id
FROM acknowledgement AS said
LEFT JOIN gone_number ON gone_number.number = upper(trim(said.patient_control_number))
LEFT JOIN answering
    ON answering.answering_id = coalesce(said.transaction_id, said.acknowledgement_id)
    AND coalesce(trim(said.patient_control_number), '') = ''
WHERE gone_number.number IS NOT NULL OR answering.answering_id IS NOT NULL;

-- Lines of another file name their claim by its number.
CREATE TEMP TABLE gone_feed_claim AS
SELECT told.feed_code, told.claim_number
FROM payer_claim AS told
LEFT JOIN gone_payer_claim AS gone ON gone.payer_claim_id = told.payer_claim_id
WHERE told.claim_number IS NOT NULL
GROUP BY told.feed_code, told.claim_number
HAVING count(*) = count(gone.payer_claim_id);

-- By what provider-level adjustments may name a claim that goes: its number, or the payer's.
CREATE TEMP TABLE gone_word AS
SELECT number AS word
FROM gone_number
UNION
SELECT upper(trim(paid.payer_claim_number))
FROM remit_claim AS paid
LEFT JOIN gone_remit_claim AS gone ON gone.remit_claim_id = paid.remit_claim_id
WHERE trim(paid.payer_claim_number) <> ''
GROUP BY ALL
HAVING count(*) = count(gone.remit_claim_id);

CREATE TEMP TABLE gone_reference AS
SELECT DISTINCT said.place
FROM (
    SELECT
        rowid AS place,
        unnest(
            list_append(string_split_regex(upper(reference), '[^A-Z0-9]+'), upper(trim(reference)))
        ) AS word
    FROM provider_adjustment
    WHERE reference IS NOT NULL
) AS said
JOIN gone_word ON gone_word.word = said.word;
