-- prompt_pay: one row per submission, with the day the payer had to answer it by and the interest.
--
-- Reads    submission_outcome, claim, known_payer, answer, remit_claim, prompt_pay_rule,
--          calendar_day, build_info
-- Sources  prompt-pay laws by state and programme, as the map prompt_pay_rule has them.
--
-- The clock starts on the day the payer says it received the claim (DTM*050), where that lies
-- between sending and answer, else on the day it was sent.  The first rule in force that day
-- decides: the payer's own in the map, the contract's days in payer_map, the line of business, the
-- state of the payer, else of the service.  Business days are Monday to Friday without federal
-- holidays.
WITH rule AS (
    SELECT
        row_number() OVER (
            ORDER BY level ASC NULLS LAST, jurisdiction ASC NULLS LAST, effective_from ASC NULLS FIRST
        ) AS rule_no,
        upper(trim(jurisdiction)) AS jurisdiction,
        level,
        coalesce(effective_from, CAST('0001-01-01' AS DATE)) AS start_date,
        coalesce(effective_to, CAST('9999-12-31' AS DATE)) AS end_date,
        electronic_days AS answer_days,
        electronic_day_type AS day_type,
        interest_basis,
        CASE interest_basis WHEN 'month' THEN 12 ELSE 1 END AS periods,
        interest_rate,
        second_after_days,
        second_rate,
        third_after_days,
        third_rate,
        is_verified,
        confidence
    FROM prompt_pay_rule
),

came AS (
    SELECT
        claim_id,
        payment_date,
        min(received_date) AS received_date,
        sum(CASE WHEN is_taken_back THEN 0 ELSE paid_amount END) AS paid_amount
    FROM answer
    WHERE is_answer AND claim_id IS NOT NULL
    GROUP BY claim_id, payment_date
),

interest_sent AS (
    SELECT answer.claim_id, answer.payment_date, sum(remit_claim.interest_amount) AS amount
    FROM remit_claim
    JOIN answer ON answer.remit_claim_id = remit_claim.remit_claim_id
    WHERE remit_claim.interest_amount IS NOT NULL AND answer.is_answer
    GROUP BY answer.claim_id, answer.payment_date
),

timed AS (
    SELECT
        submission_outcome.submission_id,
        submission_outcome.claim_id,
        submission_outcome.answer_date,
        submission_outcome.line_of_business,
        submission_outcome.payer_name,
        known_payer.prompt_pay_days,
        coalesce(known_payer.state_code, submission_outcome.facility_state_code) AS state_code,
        known_payer.state_code IS NOT NULL AS is_state_of_payer,
        CASE
            WHEN came.received_date >= submission_outcome.submission_date
                AND came.received_date <= submission_outcome.answer_date
                THEN came.received_date
        END AS received_date,
        submission_outcome.submission_date,
        came.paid_amount
    FROM submission_outcome
    JOIN claim ON claim.claim_id = submission_outcome.submission_id
    LEFT JOIN known_payer ON known_payer.payer_id = claim.payer_id
    LEFT JOIN came
        ON came.claim_id = submission_outcome.claim_id
        AND came.payment_date = submission_outcome.answer_date
),

ruled AS (
    SELECT
        timed.submission_id,
        timed.claim_id,
        timed.answer_date,
        timed.received_date,
        timed.paid_amount,
        coalesce(timed.received_date, timed.submission_date) AS clock_date,
        CASE WHEN own.rule_no IS NULL THEN timed.prompt_pay_days END AS contract_days,
        CASE
            WHEN own.rule_no IS NOT NULL THEN own.rule_no
            WHEN timed.prompt_pay_days IS NOT NULL THEN NULL
            ELSE coalesce(line.rule_no, state.rule_no)
        END AS rule_no,
        CASE
            WHEN own.rule_no IS NOT NULL THEN 'payer'
            WHEN timed.prompt_pay_days IS NOT NULL THEN 'contract days'
            WHEN line.rule_no IS NOT NULL THEN 'line of business'
            WHEN state.rule_no IS NULL THEN NULL
            WHEN timed.is_state_of_payer THEN 'state of the payer'
            ELSE 'state of service'
        END AS rule_level
    FROM timed
    LEFT JOIN rule AS own
        ON own.level = 'payer'
        AND own.jurisdiction = upper(trim(timed.payer_name))
        AND own.start_date <= coalesce(timed.received_date, timed.submission_date)
        AND own.end_date >= coalesce(timed.received_date, timed.submission_date)
    LEFT JOIN rule AS line
        ON line.level = 'line_of_business'
        AND line.jurisdiction = upper(trim(timed.line_of_business))
        AND line.start_date <= coalesce(timed.received_date, timed.submission_date)
        AND line.end_date >= coalesce(timed.received_date, timed.submission_date)
    LEFT JOIN rule AS state
        ON state.level = 'state'
        AND state.jurisdiction = upper(trim(timed.state_code))
        AND state.start_date <= coalesce(timed.received_date, timed.submission_date)
        AND state.end_date >= coalesce(timed.received_date, timed.submission_date)
),

dated AS (
    SELECT
        ruled.submission_id,
        ruled.claim_id,
        ruled.answer_date,
        ruled.received_date,
        ruled.paid_amount,
        ruled.clock_date,
        ruled.rule_level,
        ruled.rule_no,
        coalesce(ruled.contract_days, rule.answer_days) AS answer_days,
        coalesce(rule.day_type, CASE WHEN ruled.contract_days IS NOT NULL THEN 'calendar' END)
            AS day_type,
        rule.jurisdiction,
        -- What payer_map says is the user's own word.
        coalesce(rule.is_verified, ruled.contract_days IS NOT NULL) AS is_verified,
        rule.confidence,
        rule.interest_basis,
        rule.periods,
        rule.interest_rate,
        rule.second_after_days,
        rule.second_rate,
        rule.third_after_days,
        rule.third_rate
    FROM ruled
    LEFT JOIN rule ON rule.rule_no = ruled.rule_no
),

business_due AS (
    -- Per rule and day, not per claim.  From a weekend or a holiday, business days count from the
    -- one before it.
    SELECT
        rule.rule_no,
        clock_day.calendar_date AS clock_date,
        max(days_between(clock_day.calendar_date, last_day.calendar_date)) AS due_days
    FROM rule
    CROSS JOIN build_info
    JOIN calendar_day AS clock_day ON clock_day.calendar_date <= build_info.as_of
    JOIN calendar_day AS last_day
        ON last_day.business_day_no = clock_day.business_day_no + rule.answer_days
    WHERE rule.day_type = 'business' AND last_day.is_business_day
    GROUP BY rule.rule_no, clock_day.calendar_date
),

due AS (
    SELECT
        dated.submission_id, dated.claim_id, dated.answer_date,
        dated.received_date, dated.paid_amount, dated.clock_date,
        dated.rule_level, dated.answer_days, dated.day_type,
        dated.jurisdiction, dated.is_verified, dated.confidence,
        dated.interest_basis, dated.periods, dated.interest_rate,
        dated.second_after_days, dated.second_rate, dated.third_after_days,
        dated.third_rate,
        CAST(coalesce(business_due.due_days, dated.answer_days) AS INTEGER) AS due_days,
        days_between(dated.clock_date, coalesce(dated.answer_date, build_info.as_of)) AS waited_days
    FROM dated
    CROSS JOIN build_info
    LEFT JOIN business_due
        ON business_due.rule_no = dated.rule_no AND business_due.clock_date = dated.clock_date
),

charged AS (
    -- Each rate over its own days, simple: from the day due, from the second, from the third.
    SELECT
        submission_id, claim_id, answer_date, received_date, paid_amount, clock_date, rule_level,
        answer_days, day_type, jurisdiction, is_verified, confidence, interest_basis, periods,
        due_days,
        waited_days,
        waited_days > due_days AS is_late,
        greatest(
            least(waited_days, coalesce(second_after_days, waited_days)) - due_days, 0
        ) * interest_rate
        + coalesce(greatest(
            least(waited_days, coalesce(third_after_days, waited_days))
            - greatest(due_days, second_after_days), 0
        ) * second_rate, 0)
        + coalesce(greatest(waited_days - greatest(due_days, third_after_days), 0) * third_rate, 0)
            AS rate_days
    FROM due
)

SELECT
    CAST(sent.submission_id AS BIGINT) AS submission_id,
    CAST(sent.claim_id AS BIGINT) AS claim_id,
    CAST(sent.submission_no AS INTEGER) AS submission_no,
    CAST(sent.file_id AS BIGINT) AS file_id,
    CAST(sent.record_no AS BIGINT) AS record_no,
    sent.payer_name,
    sent.line_of_business,
    sent.claim_type,
    sent.payer_sequence_code,
    sent.facility_state_code,
    sent.place_of_service_code,
    sent.billing_provider,
    sent.rendering_provider,
    sent.specialty,
    sent.facility,
    sent.diagnosis_category,
    sent.diagnosis_chapter,
    CAST(sent.submission_date AS DATE) AS submission_date,
    CAST(sent.service_to_date AS DATE) AS service_to_date,
    CAST(charged.received_date AS DATE) AS received_date,
    CAST(charged.clock_date AS DATE) AS clock_date,
    CAST(CASE WHEN charged.received_date IS NULL THEN 'sent' ELSE 'received' END AS STRING)
        AS clock,
    CAST(charged.clock_date + charged.due_days AS DATE) AS due_date,
    CAST(sent.answer_date AS DATE) AS answer_date,
    CAST(charged.rule_level AS STRING) AS rule_level,
    CAST(charged.jurisdiction AS STRING) AS rule_jurisdiction,
    CAST(charged.answer_days AS INTEGER) AS answer_days,
    CAST(charged.day_type AS STRING) AS day_type,
    CAST(CASE WHEN charged.answer_days IS NOT NULL THEN charged.is_verified END AS BOOLEAN)
        AS is_verified,
    CAST(CASE
        WHEN charged.rule_level = 'contract days' THEN 'payer map'
        ELSE charged.confidence
    END AS STRING) AS rule_confidence,
    CAST(sent.is_void AS BOOLEAN) AS is_void,
    CAST(sent.is_rejected AS BOOLEAN) AS is_rejected,
    CAST(sent.is_resubmitted AS BOOLEAN) AS is_resubmitted,
    CAST(sent.is_denied AS BOOLEAN) AS is_denied,
    CAST(sent.is_duplicate AS BOOLEAN) AS is_duplicate,
    CAST(sent.is_answered AS BOOLEAN) AS is_answered,
    CAST(coalesce(
        charged.clock_date + charged.due_days < build_info.as_of, FALSE
    ) AS BOOLEAN) AS is_due,
    CAST(coalesce(charged.is_late, FALSE) AS BOOLEAN) AS is_late,
    CAST(charged.waited_days AS INTEGER) AS waited_days,
    CAST(CASE WHEN charged.is_late THEN charged.waited_days - charged.due_days END AS INTEGER)
        AS days_late,
    CAST(CASE
        WHEN charged.is_late AND sent.is_answered THEN greatest(charged.paid_amount, 0)
    END AS DECIMAL(18, 2)) AS late_amount,
    CAST(charged.interest_basis AS STRING) AS interest_basis,
    -- Whole cents times whole ten-thousandths of a per cent are exact as doubles; so are halves.
    CAST(CASE
        WHEN charged.is_late AND sent.is_answered AND charged.interest_basis IN ('year', 'month')
            THEN CAST(round(
                CAST(greatest(charged.paid_amount, 0) * 100 AS DOUBLE)
                * CAST(charged.rate_days * 10000 AS DOUBLE) * charged.periods / 365000000
            ) AS DECIMAL(18, 0)) * CAST(0.01 AS DECIMAL(3, 2))
    END AS DECIMAL(18, 2)) AS interest_amount,
    CAST(CASE
        WHEN NOT coalesce(charged.is_late, FALSE) THEN NULL
        WHEN charged.rule_level = 'contract days' THEN 'the rate of the contract is not known'
        WHEN charged.interest_basis = 'none' THEN 'the rule sets no interest'
        WHEN charged.interest_basis = 'penalty' THEN 'the rule sets a penalty, not a rate'
        WHEN charged.interest_basis = 'published' THEN 'the rate is set elsewhere'
        WHEN NOT sent.is_answered THEN 'not answered yet'
    END AS STRING) AS interest_unknown,
    CAST(interest_sent.amount AS DECIMAL(18, 2)) AS interest_sent_amount,
    CAST(sent.billed_amount AS DECIMAL(18, 2)) AS billed_amount
FROM submission_outcome AS sent
JOIN charged ON charged.submission_id = sent.submission_id
LEFT JOIN interest_sent
    ON interest_sent.claim_id = sent.claim_id AND interest_sent.payment_date = sent.answer_date
CROSS JOIN build_info
