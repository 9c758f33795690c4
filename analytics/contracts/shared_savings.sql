-- One row per contract and year: what was saved or lost against the benchmark, and what is paid.
--
-- Reads    settled (amounts and terms, one row each), cms_minimum (CMS's table of minimum rates)
-- Source   42 CFR 425.604 to 425.610.  That the cap is held against savings after sequestration is
--          seen in CMS's results: where it binds, exactly the capped share of the benchmark is paid.
--
-- All is exact: amounts DECIMAL(20,2), rates DECIMAL(19,12), wide enough that DuckDB multiplies them
-- without a limit of 18 digits; cents are rounded once, at the end.
WITH minimum AS (
    SELECT
        settled.*,
        settled.benchmark_amount - settled.expenditure_amount AS difference,
        CASE
            WHEN settled.is_cms_savings_minimum THEN cms_minimum.rate
            ELSE settled.minimum_savings_rate
        END AS savings_minimum,
        CASE
            WHEN settled.is_cms_loss_minimum THEN cms_minimum.rate
            ELSE settled.minimum_loss_rate
        END AS loss_minimum
    FROM settled
    LEFT JOIN (
        SELECT
            counted.row_no,
            CAST(  -- linear inside the band, in whole units of the twelfth decimal
                (
                    band.from_units
                    - (band.from_units - band.to_units)
                    * (counted.beneficiaries - band.from_beneficiaries)
                    // (band.to_beneficiaries - band.from_beneficiaries)
                ) AS DECIMAL(24, 0)
            ) * CAST(0.000000000001 AS DECIMAL(19, 12)) AS rate
        FROM settled AS counted
        JOIN (
            SELECT
                from_beneficiaries,
                to_beneficiaries,
                CAST(from_percent * 10000000000 AS HUGEINT) AS from_units,
                CAST(to_percent * 10000000000 AS HUGEINT) AS to_units
            FROM cms_minimum
        ) AS band
            ON
                counted.beneficiaries BETWEEN band.from_beneficiaries AND band.to_beneficiaries
    ) AS cms_minimum
        ON cms_minimum.row_no = settled.row_no
),

gated AS (
    SELECT
        *,
        CAST(
            CASE
                WHEN difference < 0 AND is_two_sided THEN loss_minimum ELSE savings_minimum
            END AS DECIMAL(19, 12)
        ) AS minimum_rate,
        CASE
            WHEN difference > 0
                THEN difference >= benchmark_amount * CAST(savings_minimum AS DECIMAL(19, 12))
            WHEN difference < 0 AND is_two_sided
                THEN -difference >= benchmark_amount * CAST(loss_minimum AS DECIMAL(19, 12))
            ELSE FALSE
        END AS is_minimum_met,
        CAST(CASE WHEN is_quality_met THEN sharing_rate * quality ELSE 0 END AS DECIMAL(19, 12))
            AS final_sharing_rate
    FROM minimum
),

rated AS (
    SELECT
        *,
        CASE WHEN is_minimum_met THEN difference ELSE 0 END AS generated,
        CASE
            WHEN difference > 0 THEN final_sharing_rate
            WHEN NOT is_two_sided THEN 0
            WHEN NOT is_complement THEN loss_rate
            WHEN NOT is_quality_met THEN loss_rate_ceiling
            ELSE least(greatest(1 - final_sharing_rate, loss_rate_floor), loss_rate_ceiling)
        END AS applied_rate
    FROM gated
),

shared AS (
    SELECT
        *,
        CAST(generated * CAST(applied_rate AS DECIMAL(19, 12)) AS DECIMAL(20, 6)) AS shared_exact,
        CAST(
            CASE
                WHEN generated > 0 THEN savings_cap * benchmark_amount
                WHEN generated < 0
                    THEN least(loss_cap * benchmark_amount, revenue_loss_cap * revenue_amount)
            END AS DECIMAL(20, 6)
        ) AS cap_amount
    FROM rated
),

held AS (
    SELECT
        *,
        CAST(CASE
            WHEN generated > 0
                THEN shared_exact * CAST(1 - sequestration_rate AS DECIMAL(19, 12))
            ELSE shared_exact
        END AS DECIMAL(20, 6)) AS payable
    FROM shared
)

SELECT
    CAST(benchmark_amount AS DECIMAL(14, 2)) AS benchmark_amount,
    CAST(expenditure_amount AS DECIMAL(14, 2)) AS expenditure_amount,
    beneficiaries,
    CAST(difference AS DECIMAL(14, 2)) AS difference_amount,
    CAST(difference AS DOUBLE) / CAST(benchmark_amount AS DOUBLE) AS savings_rate,
    CAST(minimum_rate AS DOUBLE) AS minimum_rate,
    is_minimum_met,
    CAST(generated AS DECIMAL(14, 2)) AS generated_amount,
    CAST(applied_rate AS DOUBLE) AS applied_rate,
    CAST(round(shared_exact, 2) AS DECIMAL(14, 2)) AS shared_amount,
    CAST(
        round(
            CASE
                WHEN generated > 0 THEN least(payable, cap_amount)
                ELSE
                    CAST(greatest(payable, -cap_amount) AS DECIMAL(20, 6))
                    * CAST(1 - loss_waived AS DECIMAL(19, 12))
            END,
            2
        ) AS DECIMAL(14, 2)
    ) AS earned_amount,
    CASE
        WHEN cap_amount IS NULL OR abs(payable) <= cap_amount THEN NULL
        WHEN generated > 0 THEN 'savings_cap'
        WHEN cap_amount = CAST(loss_cap * benchmark_amount AS DECIMAL(20, 6)) THEN 'loss_cap'
        ELSE 'revenue_loss_cap'
    END AS binding_cap
FROM held
ORDER BY row_no
