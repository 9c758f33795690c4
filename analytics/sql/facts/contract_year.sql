-- contract_year: one row per contract and performance year: its terms, people and dollars to date.
--
-- Reads    contract, contract_scope, contract_month, contract_cost, build_info
-- Source   42 CFR 425.601 to 425.610: person years are member months over twelve.
--
-- To date is up to the as-of date, as known: nothing completed.  A benchmark of the whole year counts
-- by the months that have passed.  What completion and the months to come make of it is not SQL:
-- the study shared_savings.
WITH covered AS (
    SELECT
        contract_name,
        year,
        count(*) AS month_count,
        sum(member_months) AS member_months,
        sum(new_members) AS member_count,
        sum(run_out_months) AS run_out_months
    FROM contract_month
    GROUP BY contract_name, year
),

spent AS (
    SELECT
        contract_name,
        year,
        sum(claim_count) AS claim_count,
        sum(answered_claim_count) AS answered_claim_count,
        sum(expenditure_amount) AS expenditure_amount,
        sum(unpriced_amount) AS unpriced_amount
    FROM contract_cost
    GROUP BY contract_name, year
),

told AS (
    SELECT
        contract.*,
        CAST(concat_ws('', lpad(CAST(contract.performance_year AS STRING), 4, '0'), '-01-01') AS DATE)
            AS year,
        greatest(least(
            12,
            (year(build_info.as_of) - contract.performance_year) * 12 + month(build_info.as_of)
        ), 0) AS elapsed_months
    FROM contract
    JOIN contract_scope
        ON contract_scope.contract_name = contract.contract_name
        AND contract_scope.file_id IS NOT DISTINCT FROM contract.file_id
    CROSS JOIN build_info
)

SELECT
    CAST(told.contract_name AS STRING) AS contract_name,
    CAST(told.year AS DATE) AS year,
    CAST(told.performance_year AS INTEGER) AS performance_year,
    CAST(told.payer_name AS STRING) AS payer_name,
    CAST(told.line_of_business AS STRING) AS line_of_business,
    CAST(told.member_basis AS STRING) AS member_basis,
    CAST(told.expenditure_basis AS STRING) AS expenditure_basis,
    CAST(told.excluded_services AS STRING) AS excluded_services,
    CAST(coalesce(covered.month_count, 0) AS INTEGER) AS month_count,
    CAST(coalesce(covered.member_months, 0) AS BIGINT) AS member_months,
    CAST(coalesce(covered.member_count, 0) AS BIGINT) AS member_count,
    CAST(coalesce(covered.run_out_months, 0) AS BIGINT) AS run_out_months,
    -- Over, and all its claims have had three months to come.
    CAST(coalesce(told.elapsed_months = 12 AND covered.run_out_months = covered.member_months, FALSE)
        AS BOOLEAN) AS is_run_out,
    CAST(coalesce(spent.claim_count, 0) AS BIGINT) AS claim_count,
    CAST(coalesce(spent.answered_claim_count, 0) AS BIGINT) AS answered_claim_count,
    CAST(coalesce(spent.expenditure_amount, 0) AS DECIMAL(18, 2)) AS expenditure_amount,
    CAST(coalesce(spent.unpriced_amount, 0) AS DECIMAL(18, 2)) AS unpriced_amount,
    told.benchmark_amount,
    told.benchmark_per_person_year,
    -- Whole cents are exact as doubles, and so are their halves.
    CAST(CAST(round(
        CASE
            WHEN told.benchmark_amount IS NOT NULL
                THEN CAST(told.benchmark_amount * told.elapsed_months * 100 AS DOUBLE)
            ELSE CAST(
                told.benchmark_per_person_year * coalesce(covered.member_months, 0) * 100 AS DOUBLE
            )
        END / 12
    ) AS DECIMAL(18, 0)) * CAST(0.01 AS DECIMAL(3, 2)) AS DECIMAL(18, 2)) AS benchmark_to_date_amount,
    told.beneficiaries,
    told.sides,
    told.minimum_savings_rate,
    told.minimum_loss_rate,
    told.sharing_rate,
    told.quality,
    told.is_quality_met,
    told.savings_cap,
    told.loss_rate,
    told.loss_rate_floor,
    told.loss_rate_ceiling,
    told.loss_cap,
    told.revenue_loss_cap,
    told.revenue_amount,
    told.loss_waived,
    told.sequestration_rate,
    CAST(told.file_id AS BIGINT) AS file_id,
    CAST(told.record_no AS BIGINT) AS record_no
FROM told
LEFT JOIN covered ON covered.contract_name = told.contract_name AND covered.year = told.year
LEFT JOIN spent ON spent.contract_name = told.contract_name AND spent.year = told.year
