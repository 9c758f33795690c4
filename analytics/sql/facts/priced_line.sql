-- priced_line: one row per service line a payer answered, with what it should have allowed.
--
-- Reads    answered_line, rate_in_force
-- Sources  Medicare Claims Processing Manual ch. 12 s. 40.6 (several procedures: half), 40.7
--          (bilateral: half as much again), 20.4.3 and 110.2 (assistants: 16%, AS 85% of it).
--
-- The contract's rate comes first.  Without one, the amount that most lines of the same payer, kind
-- of claim, procedure, modifiers, units and quarter were allowed stands in: the inferred rate.
-- `usual_amount` is what is left of the expected amount by a usual reduction that the rate itself
-- does not name; `variance_kind` says which.  Where several answers of a line, none taken back,
-- allow together no more than is expected, the last is short by what they leave of it, no other.
WITH judged AS (
    SELECT
        remit_claim_id, line_no, claim_id, file_id, record_no, answer_no, answer_date,
        service_date, payer_name, line_of_business, claim_type, payer_sequence_code,
        facility_state_code, place_of_service_code, billing_provider, rendering_provider,
        specialty, facility, procedure_code, modifier_key, revenue_code, charge_amount,
        allowed_amount, units_billed, units_paid,
        CASE
            WHEN claim_id IS NULL THEN 'tied to no claim'
            WHEN is_taken_back THEN 'taken back'
            WHEN payer_sequence_code <> 'P' THEN 'answered by a second payer'
            WHEN charge_amount <= 0 THEN 'no charge'
            WHEN is_denied OR is_duplicate THEN 'denied'
            WHEN denied_amount > 0 THEN 'denied in part'
            WHEN allowed_amount <= 0 THEN 'nothing allowed and nothing denied'
            WHEN service_date IS NULL THEN 'no day of service'
        END AS unpriced_reason
    FROM answered_line
),

keyed AS (
    -- Lines left out have empty keys, so that no join below finds them.
    SELECT
        remit_claim_id, line_no, claim_id, file_id, record_no, answer_no, answer_date,
        service_date, payer_name, line_of_business, claim_type, payer_sequence_code,
        facility_state_code, place_of_service_code, billing_provider, rendering_provider,
        specialty, facility, procedure_code, modifier_key, revenue_code, charge_amount,
        allowed_amount, units_billed, units_paid, unpriced_reason,
        CASE WHEN unpriced_reason IS NULL THEN payer_name END AS open_payer_name,
        CASE
            WHEN unpriced_reason IS NULL AND procedure_code BETWEEN '10000' AND '69999'
                THEN claim_id
        END AS surgery_claim_id
    FROM judged
),

rated AS (
    SELECT
        judged.remit_claim_id, judged.line_no, judged.claim_id, judged.file_id, judged.record_no,
        judged.answer_no, judged.answer_date, judged.service_date, judged.payer_name,
        judged.line_of_business, judged.claim_type, judged.payer_sequence_code,
        judged.facility_state_code, judged.place_of_service_code, judged.billing_provider,
        judged.rendering_provider, judged.specialty, judged.facility, judged.procedure_code,
        judged.modifier_key, judged.revenue_code, judged.charge_amount, judged.allowed_amount,
        judged.units_billed, judged.units_paid, judged.surgery_claim_id,
        CASE WHEN rate.method_code IS NULL THEN judged.open_payer_name END AS modal_payer_name,
        CAST(date_trunc('quarter', judged.service_date) AS DATE) AS quarter,
        rate.file_id AS rate_file_id,
        rate.record_no AS rate_record_no,
        rate.method_code,
        CASE
            WHEN judged.unpriced_reason IS NOT NULL THEN judged.unpriced_reason
            WHEN rate.is_ambiguous THEN 'two contract rates apply'
            WHEN rate.method_code <> 'PERCENT_OF_CHARGE'
                AND judged.procedure_code BETWEEN '00100' AND '01999'
                THEN 'anaesthesia, priced by time'
            WHEN rate.method_code = 'PERCENT_OF_MEDICARE' AND rate.unit_amount IS NULL
                THEN 'no Medicare price'
            WHEN rate.method_code <> 'PERCENT_OF_CHARGE' AND rate.unit_code = 'UNIT'
                AND coalesce(judged.units_billed, 0) <= 0 THEN 'units not known'
            WHEN rate.unit_code = 'UNIT'
                AND CAST(rate.unit_amount AS DOUBLE) * abs(judged.units_billed) > 600000000000
                THEN 'expected amount too large to hold'
            WHEN CAST(judged.charge_amount AS DOUBLE) * rate.charge_percent > 60000000000000
                THEN 'expected amount too large to hold'
            WHEN rate.method_code IS NULL AND judged.procedure_code IS NULL THEN 'no procedure'
        END AS unpriced_reason,
        CAST(CASE
            WHEN rate.method_code IS NULL THEN NULL
            -- Beyond what the column holds, with a half more for both sides.
            WHEN CAST(judged.charge_amount AS DOUBLE) * rate.charge_percent > 60000000000000
                THEN NULL
            WHEN rate.unit_code = 'UNIT'
                AND CAST(rate.unit_amount AS DOUBLE) * abs(judged.units_billed) > 600000000000
                THEN NULL
            WHEN rate.method_code = 'PERCENT_OF_CHARGE' THEN round(
                judged.charge_amount * rate.charge_percent * CAST(0.01 AS DECIMAL(3, 2)), 2
            )
            WHEN rate.unit_code = 'LINE' THEN rate.unit_amount
            ELSE round(rate.unit_amount * judged.units_billed, 2)
        END AS DECIMAL(18, 2)) AS contract_amount,
        CAST(CASE
            WHEN rate.unit_code = 'UNIT' AND judged.units_paid < judged.units_billed
                AND CAST(rate.unit_amount AS DOUBLE)
                    * greatest(judged.units_billed, -judged.units_paid) <= 600000000000
                THEN round(rate.unit_amount * judged.units_paid, 2)
        END AS DECIMAL(18, 2)) AS paid_units_amount,
        -- A rate agreed for the modifiers, or inferred from lines with them, has them in it.
        CASE
            WHEN rate.method_code IS NULL OR rate.is_for_modifiers
                OR coalesce(judged.modifier_key, '') = '' THEN NULL
            ELSE concat_ws('', ',', judged.modifier_key, ',')
        END AS open_modifiers
    FROM keyed AS judged
    LEFT JOIN rate_in_force AS rate
        ON rate.payer_name = judged.open_payer_name
        AND rate.claim_type IS NOT DISTINCT FROM judged.claim_type
        AND rate.procedure_code IS NOT DISTINCT FROM judged.procedure_code
        AND rate.modifier_key IS NOT DISTINCT FROM judged.modifier_key
        AND rate.place_of_service_code IS NOT DISTINCT FROM judged.place_of_service_code
        AND rate.facility IS NOT DISTINCT FROM judged.facility
        AND rate.start_date <= judged.service_date
        AND rate.end_date >= judged.service_date
),

open_line AS (
    -- Those of no reason in `judged`, and with a procedure.
    SELECT
        remit_claim_id, line_no, answer_no, claim_id, payer_name, claim_type, procedure_code,
        modifier_key, units_billed, service_date, charge_amount,
        CAST(date_trunc('quarter', service_date) AS DATE) AS quarter, allowed_amount
    FROM answered_line
    WHERE claim_id IS NOT NULL
      AND NOT is_taken_back
      AND payer_sequence_code = 'P'
      AND charge_amount > 0
      AND NOT is_denied
      AND NOT is_duplicate
      AND denied_amount <= 0
      AND allowed_amount > 0
      AND service_date IS NOT NULL
      AND procedure_code IS NOT NULL
),

allowed AS (
    SELECT
        payer_name, claim_type, procedure_code, modifier_key, units_billed, quarter,
        allowed_amount,
        count(*) AS n
    FROM open_line
    GROUP BY
        payer_name, claim_type, procedure_code, modifier_key, units_billed, quarter,
        allowed_amount
    HAVING count(*) > 1  -- what was allowed once is nobody's rate
),

modal AS (
    -- Of amounts allowed equally often the smaller: fewer lines are then called underpaid.
    SELECT
        payer_name, claim_type, procedure_code, modifier_key, units_billed, quarter,
        allowed_amount, n,
        row_number() OVER (
            PARTITION BY
                payer_name, claim_type, procedure_code, modifier_key, units_billed, quarter
            ORDER BY n DESC NULLS LAST, allowed_amount ASC NULLS LAST
        ) AS preference
    FROM allowed
),

surgery AS (
    SELECT claim_id, service_date, max(allowed_amount) AS most_allowed_amount
    FROM open_line
    WHERE procedure_code BETWEEN '10000' AND '69999'
    GROUP BY claim_id, service_date
    HAVING count(*) > 1
),

several AS (
    SELECT DISTINCT claim_id
    FROM open_line
    WHERE answer_no > 1
),

part AS (
    -- Equal lines of one answer are told apart by their order.
    SELECT
        open_line.remit_claim_id, open_line.line_no, open_line.claim_id, open_line.answer_no,
        open_line.service_date, open_line.procedure_code, open_line.modifier_key,
        open_line.charge_amount, open_line.allowed_amount,
        row_number() OVER (
            PARTITION BY
                open_line.claim_id, open_line.answer_no, open_line.service_date,
                open_line.procedure_code, open_line.modifier_key, open_line.charge_amount
            ORDER BY open_line.remit_claim_id ASC NULLS LAST, open_line.line_no ASC NULLS LAST
        ) AS place
    FROM open_line
    JOIN several ON several.claim_id = open_line.claim_id
),

added AS (
    SELECT
        remit_claim_id, line_no,
        sum(allowed_amount) OVER (
            PARTITION BY
                claim_id, service_date, procedure_code, modifier_key, charge_amount, place
        ) AS added_amount,
        count(*) OVER (
            PARTITION BY
                claim_id, service_date, procedure_code, modifier_key, charge_amount, place
        ) AS n,
        row_number() OVER (
            PARTITION BY
                claim_id, service_date, procedure_code, modifier_key, charge_amount, place
            ORDER BY answer_no DESC NULLS LAST
        ) AS from_last
    FROM part
),

expected AS (
    SELECT
        rated.remit_claim_id, rated.line_no, rated.claim_id, rated.file_id, rated.record_no,
        rated.answer_no, rated.answer_date, rated.service_date, rated.payer_name,
        rated.line_of_business, rated.claim_type, rated.payer_sequence_code,
        rated.facility_state_code, rated.place_of_service_code, rated.billing_provider,
        rated.rendering_provider, rated.specialty, rated.facility, rated.procedure_code,
        rated.modifier_key, rated.revenue_code, rated.charge_amount, rated.allowed_amount,
        rated.units_billed, rated.units_paid, rated.unpriced_reason, rated.method_code,
        rated.rate_file_id, rated.rate_record_no, rated.contract_amount,
        rated.paid_units_amount,
        modal.n AS support,
        surgery.most_allowed_amount,
        added.added_amount,
        added.from_last,
        rated.open_modifiers,
        -- Both sides are paid as one and a half.
        CASE
            WHEN rated.open_modifiers LIKE '%,50,%' AND rated.method_code <> 'PERCENT_OF_CHARGE'
                THEN CAST(
                    round(rated.contract_amount * CAST(1.5 AS DECIMAL(2, 1)), 2) AS DECIMAL(18, 2)
                )
            ELSE coalesce(rated.contract_amount, modal.allowed_amount)
        END AS expected_amount
    FROM rated
    LEFT JOIN modal
        ON modal.payer_name = rated.modal_payer_name
        AND modal.claim_type IS NOT DISTINCT FROM rated.claim_type
        AND modal.procedure_code = rated.procedure_code
        AND modal.modifier_key IS NOT DISTINCT FROM rated.modifier_key
        AND modal.units_billed IS NOT DISTINCT FROM rated.units_billed
        AND modal.quarter = rated.quarter
        AND modal.preference = 1
    LEFT JOIN surgery
        ON surgery.claim_id = rated.surgery_claim_id
        AND surgery.service_date = rated.service_date
    LEFT JOIN added
        ON added.remit_claim_id = rated.remit_claim_id
        AND added.line_no = rated.line_no
        AND added.n > 1
),

varied AS (
    SELECT
        remit_claim_id, line_no, claim_id, file_id, record_no, answer_no, answer_date,
        service_date, payer_name, line_of_business, claim_type, payer_sequence_code,
        facility_state_code, place_of_service_code, billing_provider, rendering_provider,
        specialty, facility, procedure_code, modifier_key, revenue_code, charge_amount,
        allowed_amount, units_billed, units_paid, method_code, rate_file_id, rate_record_no,
        support, contract_amount, paid_units_amount, added_amount, from_last,
        coalesce(
            unpriced_reason,
            CASE WHEN expected_amount IS NULL THEN 'no rate' END
        ) AS unpriced_reason,
        CASE WHEN unpriced_reason IS NULL THEN expected_amount END AS expected_amount,
        CASE
            WHEN unpriced_reason IS NOT NULL OR expected_amount IS NULL THEN NULL
            WHEN open_modifiers IS NOT NULL AND (
                open_modifiers LIKE '%,80,%' OR open_modifiers LIKE '%,81,%'
                OR open_modifiers LIKE '%,82,%' OR open_modifiers LIKE '%,AS,%'
            ) THEN 'assistant'
            WHEN open_modifiers IS NOT NULL AND (
                open_modifiers LIKE '%,52,%' OR open_modifiers LIKE '%,53,%'
            ) THEN 'reduced'
            WHEN open_modifiers LIKE '%,51,%' THEN 'multiple_procedure'
            WHEN expected_amount > contract_amount THEN 'bilateral'
            WHEN paid_units_amount < contract_amount THEN 'units'
            WHEN added_amount * 100 <= expected_amount * 101 THEN 'several_answers'
            -- Half its rate, to one in a hundred, beside a larger procedure of the same day.
            WHEN most_allowed_amount > allowed_amount
                AND abs(2 * allowed_amount - expected_amount) * 100 <= expected_amount
                THEN 'multiple_procedure'
        END AS variance_kind,
        open_modifiers LIKE '%,AS,%' AS is_by_assistant
    FROM expected
)

SELECT
    CAST(remit_claim_id AS BIGINT) AS remit_claim_id,
    CAST(line_no AS INTEGER) AS line_no,
    CAST(claim_id AS BIGINT) AS claim_id,
    CAST(file_id AS BIGINT) AS file_id,
    CAST(record_no AS BIGINT) AS record_no,
    CAST(answer_no AS INTEGER) AS answer_no,
    CAST(answer_date AS DATE) AS answer_date,
    CAST(service_date AS DATE) AS service_date,
    payer_name,
    line_of_business,
    claim_type,
    payer_sequence_code,
    facility_state_code,
    place_of_service_code,
    billing_provider,
    rendering_provider,
    specialty,
    facility,
    procedure_code,
    modifier_key,
    revenue_code,
    CAST(unpriced_reason AS STRING) AS unpriced_reason,
    CAST(CASE
        WHEN unpriced_reason IS NOT NULL THEN NULL
        WHEN method_code IS NULL THEN 'inferred'
        ELSE 'contract'
    END AS STRING) AS rate_source,
    CAST(method_code AS STRING) AS rate_method,
    CAST(rate_file_id AS BIGINT) AS rate_file_id,
    CAST(rate_record_no AS BIGINT) AS rate_record_no,
    CAST(support AS INTEGER) AS support,
    CAST(variance_kind AS STRING) AS variance_kind,
    CAST(units_billed AS DECIMAL(14, 3)) AS units_billed,
    CAST(units_paid AS DECIMAL(14, 3)) AS units_paid,
    CAST(charge_amount AS DECIMAL(18, 2)) AS charge_amount,
    CAST(allowed_amount AS DECIMAL(18, 2)) AS allowed_amount,
    CAST(expected_amount AS DECIMAL(18, 2)) AS expected_amount,
    CAST(CASE
        WHEN variance_kind IS NULL THEN expected_amount
        WHEN variance_kind = 'assistant' THEN round(expected_amount * CASE
            WHEN is_by_assistant THEN CAST(0.136 AS DECIMAL(4, 3)) ELSE CAST(0.16 AS DECIMAL(4, 3))
        END, 2)
        WHEN variance_kind = 'reduced' THEN 0  -- no share is set
        WHEN variance_kind = 'multiple_procedure'
            THEN round(expected_amount * CAST(0.5 AS DECIMAL(2, 1)), 2)
        WHEN variance_kind = 'bilateral' THEN contract_amount
        WHEN variance_kind = 'several_answers' AND from_last > 1 THEN allowed_amount
        WHEN variance_kind = 'several_answers'
            THEN expected_amount - (added_amount - allowed_amount)
        ELSE paid_units_amount
    END AS DECIMAL(18, 2)) AS usual_amount
FROM varied
