-- contract_cost: one row per contract, month of service and month in which claims became known.
--
-- Reads    contract_scope, incurred_claim, assignment
-- A claim counts in the month of its last day of service if the person is covered in that month.
WITH network AS (
    SELECT person_id, year
    FROM assignment
    WHERE assigned_to = 'network'
),

counted AS (
    SELECT
        contract_scope.contract_name,
        contract_scope.file_id,
        contract_scope.record_no,
        claim.month,
        month_of(claim.known_date) AS known_month,
        CASE WHEN contract_scope.is_of_allowed THEN claim.allowed_amount ELSE claim.paid_amount END
            AS expenditure_amount,
        -- Paid, though no amount allowed was told: such a claim costs nothing here.
        CASE
            WHEN contract_scope.is_of_allowed AND claim.allowed_amount = 0 AND claim.paid_amount > 0
                THEN claim.paid_amount
            ELSE 0
        END AS unpriced_amount,
        claim.claim_count,
        claim.answered_claim_count
    FROM contract_scope
    CROSS JOIN incurred_claim AS claim
    LEFT JOIN network
        ON network.person_id = claim.person_id
        AND network.year = CAST(date_trunc('year', claim.month) AS DATE)
    WHERE claim.is_covered
      AND (contract_scope.payer_name IS NULL OR claim.payer_name = contract_scope.payer_name)
      AND (contract_scope.line_of_business IS NULL
            OR claim.line_of_business = contract_scope.line_of_business)
      AND (NOT contract_scope.is_assigned_only OR network.person_id IS NOT NULL)
      AND concat_ws('', ',', coalesce(contract_scope.excluded_services, ''), ',')
          NOT LIKE concat_ws('', '%,', coalesce(claim.service_category, '-'), ',%')
)

SELECT
    CAST(contract_name AS STRING) AS contract_name,
    CAST(month AS DATE) AS month,
    CAST(known_month AS DATE) AS known_month,
    CAST(date_trunc('year', month) AS DATE) AS year,
    CAST(sum(claim_count) AS BIGINT) AS claim_count,
    CAST(sum(answered_claim_count) AS BIGINT) AS answered_claim_count,
    CAST(sum(expenditure_amount) AS DECIMAL(18, 2)) AS expenditure_amount,
    CAST(sum(unpriced_amount) AS DECIMAL(18, 2)) AS unpriced_amount,
    CAST(min(file_id) AS BIGINT) AS file_id,
    CAST(min(record_no) AS BIGINT) AS record_no
FROM counted
GROUP BY contract_name, month, known_month
