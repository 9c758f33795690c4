-- contract_scope: one row per contract that shares savings: whose dollars, and which, it is about.
--
-- Reads    contract
-- A contract told of by several files is as the newest says.
WITH ranked AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY contract_name
            ORDER BY file_id DESC NULLS LAST, record_no ASC NULLS LAST
        ) AS place
    FROM contract
)

SELECT
    CAST(contract_name AS STRING) AS contract_name,
    CAST(payer_name AS STRING) AS payer_name,
    CAST(line_of_business AS STRING) AS line_of_business,
    CAST(coalesce(member_basis, 'covered') = 'assigned' AS BOOLEAN) AS is_assigned_only,
    CAST(coalesce(expenditure_basis, 'paid') = 'allowed' AS BOOLEAN) AS is_of_allowed,
    CAST(excluded_services AS STRING) AS excluded_services,
    CAST(file_id AS BIGINT) AS file_id,
    CAST(record_no AS BIGINT) AS record_no
FROM ranked
WHERE place = 1
