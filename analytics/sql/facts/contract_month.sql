-- contract_month: one row per contract and month in which anybody is covered under it.
--
-- Reads    contract_scope, member_month, assignment
-- Months before the first performance year are in it too: what they cost is what is compared with.
WITH network AS (
    SELECT person_id, year
    FROM assignment
    WHERE assigned_to = 'network'
),

covered AS (
    SELECT
        contract_scope.contract_name,
        contract_scope.file_id,
        contract_scope.record_no,
        member_month.person_id,
        member_month.month,
        member_month.is_run_out,
        row_number() OVER (
            PARTITION BY
                contract_scope.contract_name, member_month.person_id, year(member_month.month)
            ORDER BY member_month.month ASC NULLS LAST
        ) AS place
    FROM contract_scope
    CROSS JOIN member_month
    LEFT JOIN network
        ON network.person_id = member_month.person_id
        AND network.year = CAST(date_trunc('year', member_month.month) AS DATE)
    WHERE (contract_scope.payer_name IS NULL
            OR member_month.payer_name = contract_scope.payer_name)
      AND (contract_scope.line_of_business IS NULL
            OR member_month.line_of_business = contract_scope.line_of_business)
      AND (NOT contract_scope.is_assigned_only OR network.person_id IS NOT NULL)
)

SELECT
    CAST(contract_name AS STRING) AS contract_name,
    CAST(month AS DATE) AS month,
    CAST(date_trunc('year', month) AS DATE) AS year,
    CAST(count(*) AS BIGINT) AS member_months,
    -- Of the people of the year so far, those not seen in an earlier month of it: they add up.
    CAST(sum(CASE WHEN place = 1 THEN 1 ELSE 0 END) AS BIGINT) AS new_members,
    CAST(sum(CASE WHEN is_run_out THEN 1 ELSE 0 END) AS BIGINT) AS run_out_months,
    CAST(min(file_id) AS BIGINT) AS file_id,
    CAST(min(record_no) AS BIGINT) AS record_no
FROM covered
GROUP BY contract_name, month
