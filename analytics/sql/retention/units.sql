-- How long each unit is kept: one row per unit, with the rule that keeps it longest and the holds that stop its end.
--
-- Reads    retention_record (records.sql), retention_rule, retention_state (the rules as tables), legal_hold, patient, known_payer, person
-- A unit without a known day, or that no rule reaches, has no keep_until: it stays.
WITH unit AS (
    SELECT
        unit,
        list(DISTINCT kind) AS kinds,
        coalesce(list(DISTINCT payer_name) FILTER (WHERE payer_name IS NOT NULL), []) AS payers,
        coalesce(list(DISTINCT payer_id) FILTER (WHERE payer_id IS NOT NULL), []) AS payer_ids,
        coalesce(list(DISTINCT patient_id) FILTER (WHERE patient_id IS NOT NULL), []) AS patients,
        coalesce(list(DISTINCT subscriber_id) FILTER (WHERE subscriber_id IS NOT NULL), [])
            AS subscribers,
        count(birth_date) > 0 AS is_age_known,
        min(first_day) AS first_day,
        max(last_day) AS last_day
    FROM retention_record
    GROUP BY unit
),

told AS (
    SELECT DISTINCT unit, payer_name, line_of_business
    FROM retention_record
    WHERE payer_name IS NOT NULL OR line_of_business IS NOT NULL
),

reached AS (
    SELECT
        unit.unit,
        max(until.day) AS day,
        arg_max(rule.rule, until.day) AS rule
    FROM unit
    LEFT JOIN told ON told.unit = unit.unit
    JOIN retention_rule AS rule
        ON list_has_any(rule.records, unit.kinds)
        AND (
            len(rule.lines_of_business) = 0
            OR told.line_of_business IS NULL
            OR list_contains(rule.lines_of_business, told.line_of_business)
        )
        AND (
            len(rule.payers) = 0
            OR told.payer_name IS NULL
            OR list_contains(rule.payers, told.payer_name)
        )
    CROSS JOIN LATERAL (
        SELECT
            CAST(
                CASE
                    WHEN rule.is_from_year_end THEN make_date(year(unit.last_day), 12, 31)
                    ELSE unit.last_day
                END + to_years(rule.years) AS DATE
            ) AS day
    ) AS until
    GROUP BY unit.unit
),

minor AS (
    -- Born so late that they were no adults on the first day; without any birth date: as if born on the last.
    SELECT
        record.unit,
        max(
            CASE
                WHEN record.birth_date + to_years(state.majority) > record.first_day
                    THEN CAST(record.birth_date + to_years(state.majority + state.years) AS DATE)
                WHEN NOT unit.is_age_known AND $unknown_is_minor
                    THEN CAST(unit.last_day + to_years(state.majority + state.years) AS DATE)
            END
        ) AS day
    FROM retention_record AS record
    JOIN unit ON unit.unit = record.unit
    JOIN retention_state AS state
        ON state.state_code = CASE
            WHEN record.state_code IN (SELECT known.state_code FROM retention_state AS known)
                THEN record.state_code
            ELSE ''
        END
    WHERE record.kind IN ('claim', 'remit_claim', 'payer_claim', 'side')
    GROUP BY record.unit
),

reported AS (
    SELECT payer_name FROM told
    UNION
    SELECT payer_name FROM ({known_payer}) AS known
),

person_of AS (
{person}
),

named AS (
    SELECT hold.hold_id, patient.*
    FROM (
        SELECT hold_id, unnest(patient_ids) AS patient_id FROM legal_hold WHERE released_at IS NULL
    ) AS hold
    JOIN patient ON patient.patient_id = hold.patient_id
),

covered AS (
    -- Rows of the same person that came after the hold was placed are covered too.
    SELECT hold_id, list(DISTINCT patient_id) AS patient_ids
    FROM (
        SELECT hold_id, patient_id FROM named
        UNION ALL
        SELECT named.hold_id, other.patient_id
        FROM named
        JOIN patient AS other ON other.member_id = named.member_id
        UNION ALL
        -- Numbers that a file says are of one person.
        SELECT named.hold_id, other.patient_id
        FROM named
        JOIN person_of AS person ON person.patient_id = named.patient_id
        JOIN person_of AS other ON other.person_id = person.person_id
        UNION ALL
        -- Of whom only the name is known may be anybody of that name.
        SELECT named.hold_id, other.patient_id
        FROM named
        JOIN patient AS other
            ON other.last_name = named.last_name
            AND other.first_name = named.first_name
            AND (
                other.birth_date = named.birth_date
                OR (other.birth_date IS NULL AND coalesce(trim(other.member_id), '') = '')
                OR (named.birth_date IS NULL AND coalesce(trim(named.member_id), '') = '')
            )
    ) AS same
    GROUP BY hold_id
),

held AS (
    SELECT unit.unit, list(hold.hold_id ORDER BY hold.hold_id) AS holds
    FROM unit
    JOIN (
        SELECT
            legal_hold.* EXCLUDE (patient_ids),
            coalesce(covered.patient_ids, legal_hold.patient_ids) AS patient_ids
        FROM legal_hold
        LEFT JOIN covered ON covered.hold_id = legal_hold.hold_id
    ) AS hold
        ON hold.released_at IS NULL
        AND (
            len(hold.patient_ids) = 0
            OR len(unit.patients) + len(unit.subscribers) = 0
            OR list_has_any(hold.patient_ids, unit.patients)
            OR list_has_any(hold.patient_ids, unit.subscribers)
        )
        AND (
            hold.payer_name IS NULL
            OR len(unit.payers) = 0
            OR list_contains(unit.payers, hold.payer_name)
            OR list_has_any(unit.payer_ids, hold.payer_ids)
            -- Renamed by a payer map since: nobody has that name now, and anybody may be meant.
            OR hold.payer_name NOT IN (SELECT payer_name FROM reported WHERE payer_name IS NOT NULL)
        )
        AND (
            hold.period_from IS NULL
            OR unit.last_day IS NULL
            OR list_contains(unit.kinds, 'rejected') -- its day is that of loading
            OR (unit.first_day <= hold.period_to AND unit.last_day >= hold.period_from)
        )
    GROUP BY unit.unit
)

SELECT
    unit.unit,
    greatest(reached.day, CASE WHEN reached.day IS NOT NULL THEN minor.day END) AS keep_until,
    CASE WHEN minor.day > reached.day THEN 'minors' ELSE reached.rule END AS rule,
    held.unit IS NOT NULL AS is_held,
    held.holds
FROM unit
LEFT JOIN reached ON reached.unit = unit.unit
LEFT JOIN minor ON minor.unit = unit.unit
LEFT JOIN held ON held.unit = unit.unit
