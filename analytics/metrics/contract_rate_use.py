"""Which contract rates priced a line, and why others did not."""

import difflib

import polars as pl

from analytics.errors import UnknownNameError
from analytics.metrics._metric import Where, where_lines
from analytics.query import Engine, Query, conditions

UNKNOWN_PAYER = "no answered claim of this payer"
_COLUMNS = (
    "payer_name", "claim_type", "procedure_code", "modifier_key", "place_of_service_code",
    "facility", "method_code", "rate_amount", "rate_percent", "start_date", "end_date",
)  # fmt: skip
_ANSWERED = "SELECT DISTINCT payer_name FROM answered_line WHERE claim_id IS NOT NULL"
_MAPPED = (
    "SELECT DISTINCT upper(trim(payer_name)) AS payer_name, canonical_payer FROM payer_map"
    " WHERE payer_name IS NOT NULL AND canonical_payer IS NOT NULL ORDER BY 1, 2"
)
_USE = f"""-- Contract rates with the lines they priced; else the first test that nothing passes.
WITH answered AS (
    SELECT
        upper(trim(payer_name)) AS payer_name, procedure_code, service_date, count(*) AS n
    FROM answered_line
    WHERE claim_id IS NOT NULL
    GROUP BY upper(trim(payer_name)), procedure_code, service_date
),
priced AS (
    SELECT rate_file_id AS file_id, rate_record_no AS record_no, count(*) AS n
    FROM priced_line
    WHERE rate_record_no IS NOT NULL
    GROUP BY rate_file_id, rate_record_no
),
met AS (
    SELECT
        rate.file_id, rate.record_no,
        count(answered.n) AS of_payer,
        count(answered.n) FILTER (
            WHERE rate.procedure_code IS NULL OR rate.procedure_code = answered.procedure_code
        ) AS of_procedure,
        count(*) FILTER (
            WHERE (rate.procedure_code IS NULL OR rate.procedure_code = answered.procedure_code)
              AND answered.service_date >= rate.start_date
              AND answered.service_date <= coalesce(rate.end_date, answered.service_date)
        ) AS of_day
    FROM contract_rate AS rate
    LEFT JOIN answered ON answered.payer_name = upper(trim(rate.payer_name))
    GROUP BY rate.file_id, rate.record_no
)
SELECT
    source_file.file_name, rate.record_no,
    {", ".join(f"rate.{name}" for name in _COLUMNS)},
    coalesce(priced.n, 0) AS n,
    CASE
        WHEN priced.n > 0 THEN NULL
        WHEN met.of_payer = 0 THEN '{UNKNOWN_PAYER}'
        WHEN met.of_procedure = 0 THEN 'no answered line of this procedure'
        WHEN met.of_day = 0 THEN 'no answered line of these days'
        ELSE 'other modifiers, places or kinds of claim, or another rate came first'
    END AS unused_reason
FROM contract_rate AS rate
JOIN met
    ON met.file_id IS NOT DISTINCT FROM rate.file_id
    AND met.record_no IS NOT DISTINCT FROM rate.record_no
LEFT JOIN priced
    ON priced.file_id IS NOT DISTINCT FROM rate.file_id
    AND priced.record_no IS NOT DISTINCT FROM rate.record_no
LEFT JOIN source_file ON source_file.file_id = rate.file_id
"""


def contract_rate_use(engine: Engine, *, where: Where | None = None) -> pl.DataFrame:
    """Contract rates, unused ones first, with the lines each priced and why it priced none.

    One row per row of contract_rate*.csv: ``file_name, record_no``, its terms (``payer_name,
    claim_type, procedure_code, modifier_key, place_of_service_code, facility, method_code,
    rate_amount, rate_percent, start_date, end_date``), ``n`` (answered lines it priced),
    ``unused_reason`` (null where it priced any) and ``closest_payer_name`` (of the payers with
    answers, where this one has none: the name that payer_map*.csv reports it under, else one spelt
    alike).  `where` filters by those terms.
    Raises `UnknownNameError` for what is none of them.
    Source: the rules of underpayment.
    """
    for name in where or {}:
        if name not in _COLUMNS:
            raise UnknownNameError("term of contract rates", name, _COLUMNS)
    filters, params = conditions(where or {})
    lines = [
        f"SELECT * FROM (\n{_USE}) AS used",
        *where_lines(filters),
        "ORDER BY unused_reason ASC NULLS LAST, file_name ASC, record_no ASC",
    ]
    found = engine.fetch(Query("\n".join(lines), params))
    known = engine.fetch(Query(_ANSWERED))["payer_name"].drop_nulls().to_list()
    mapped: dict[str, str] = dict(engine.fetch(Query(_MAPPED)).iter_rows())
    return found.with_columns(closest_payer_name=_closest(found, known, mapped))


def _closest(found: pl.DataFrame, known: list[str], mapped: dict[str, str]) -> pl.Expr:
    """For payers without answers the name most like it: a loop over payers' names, not rows."""
    is_unknown = pl.col("unused_reason") == UNKNOWN_PAYER
    unknown: list[str] = found.filter(is_unknown)["payer_name"].drop_nulls().unique().to_list()
    near = {name: _nearest(mapped.get(name.strip().upper(), name), known) for name in unknown}
    alike = pl.col("payer_name").replace_strict(near, default=None, return_dtype=pl.String)
    return pl.when(is_unknown).then(alike)


def _nearest(name: str, known: list[str]) -> str | None:
    by_form = {other.upper(): other for other in known}
    near = difflib.get_close_matches(name.strip().upper(), by_form, n=1, cutoff=0.7)
    return by_form[near[0]] if near else None
