"""The lines that coding patterns are of: their items, their strata, and those of one pattern."""

from collections.abc import Mapping, Sequence

from analytics.metrics._metric import Where
from analytics.metrics.denials import line_denial_rate
from analytics.query import Query, Value, conditions

PAYER, PROCEDURE, MODIFIER, OTHER, REASON = (
    "payer_name", "procedure_code", "modifier_key", "other_procedure_code", "denial_carc",
)  # fmt: skip
CODE = (PROCEDURE, MODIFIER)
CARE = (
    "diagnosis_category", "diagnosis_chapter", "place_of_service_code", "rendering_provider",
)  # fmt: skip
ITEMS = (PAYER, *CODE, OTHER, *CARE, REASON)
STRATUM = ("payer_name", "claim_type", "service_category", "month")
# Sections of CPT and HCPCS by their ranges; digits sort before letters.
_CATEGORY = """CASE
        WHEN procedure_code IS NULL THEN 'by revenue code'
        WHEN substr(procedure_code, 5, 1) BETWEEN 'A' AND 'Z' THEN 'category II, III or PLA'
        WHEN procedure_code BETWEEN '99202' AND '99499' THEN 'evaluation'
        WHEN procedure_code < '10000' THEN 'anaesthesia'
        WHEN procedure_code < '70000' THEN 'surgery'
        WHEN procedure_code < '80000' THEN 'radiology'
        WHEN procedure_code < '90000' THEN 'laboratory'
        WHEN procedure_code < 'A' THEN 'medicine'
        ELSE substr(procedure_code, 1, 1)
    END"""


def months(where: Where) -> Query:
    """The months with first answers, the last of them the one held out."""
    tests, params = _tests(where)
    lines = [
        "SELECT count(DISTINCT CAST(date_trunc('month', answer_date) AS DATE)) AS months,",
        "    max(CAST(date_trunc('month', answer_date) AS DATE)) AS last",
        f"FROM answered_line WHERE {tests}",
    ]
    return Query("\n".join(lines), params)


def lines_of(
    where: Where, held: Value | None, columns: Sequence[str]
) -> tuple[str, dict[str, Value | None]]:
    """``WITH line, stratum, reason``: lines answered, with these columns; what strata are denied.

    ``stratum`` has the lines of each and those denied; ``reason`` these by the reason too.
    """
    tests, params = _tests(where)
    stratum = ", ".join(STRATUM)
    wanted = sorted(
        {*columns, "claim_id", "is_denied", "denied_amount", REASON} - {OTHER, *STRATUM}
    )
    modifier = "CASE WHEN modifier_key <> '' THEN modifier_key END AS modifier_key"
    text = f"""WITH line AS (
    SELECT payer_name, claim_type, {_CATEGORY} AS service_category,
        CAST(date_trunc('month', answer_date) AS DATE) AS month,
        coalesce(answer_date >= CAST($held AS DATE), FALSE) AS is_held,
        {", ".join(modifier if c == MODIFIER else c for c in wanted)}
    FROM answered_line
    WHERE {tests}
),
stratum AS (
    SELECT {stratum}, count(*) AS stratum_lines, count(*) FILTER (WHERE is_denied) AS stratum_hits
    FROM line GROUP BY {stratum}
),
struck_stratum AS (
    SELECT {stratum}, {REASON}, count(*) AS stratum_hits FROM line
    WHERE is_denied AND {REASON} IS NOT NULL GROUP BY {stratum}, {REASON}
),
reason AS (
    SELECT struck_stratum.*, stratum.stratum_lines
    FROM struck_stratum JOIN stratum ON {same("stratum", STRATUM, "struck_stratum")}
)"""
    return text, {**params, "held": held}


def matches(
    pattern: Mapping[str, str | None], prefix: str = ""
) -> tuple[str, dict[str, Value | None]]:
    """The SQL test of a line being of a pattern, but for the reason of its denial.

    Its parameters are the names of the items after `prefix`.
    """
    wanted = {k: v for k, v in pattern.items() if v is not None and k not in (OTHER, REASON)}
    tests = [f"{name} = ${prefix}{name}" for name in wanted]
    params: dict[str, Value | None] = {f"{prefix}{k}": v for k, v in wanted.items()}
    if pattern.get(OTHER) is not None:
        tests.append(
            f"procedure_code <> ${prefix}{OTHER} AND claim_id IN (SELECT claim_id FROM line "
            f"WHERE procedure_code = ${prefix}{OTHER})"
        )
        params[f"{prefix}{OTHER}"] = pattern[OTHER]
    return " AND ".join(tests), params


def denied_lines(pattern: Mapping[str, str | None], limit: int | None) -> Query:
    """The denied lines of a pattern, with where they stand."""
    columns = (
        *ITEMS,
        "file_id",
        "record_no",
        "remit_claim_id",
        "line_no",
        "answer_date",
        "charge_amount",
    )
    base, params = lines_of({}, None, columns)
    test, values = matches(pattern)
    tests = [test, "is_denied"] if test else ["is_denied"]
    if pattern[REASON] is not None:
        tests.append(f"{REASON} = ${REASON}")
        values[REASON] = pattern[REASON]
    items = ", ".join(item for item in ITEMS if item != OTHER)
    lines = [
        base,
        "SELECT source_file.file_name, line.record_no, remit_claim_id, line_no, claim_id,",
        f"    {items}, answer_date, charge_amount, denied_amount",
        "FROM line LEFT JOIN source_file ON source_file.file_id = line.file_id",
        "WHERE " + " AND ".join(tests),
        "ORDER BY denied_amount DESC, remit_claim_id ASC, line_no ASC",
    ]
    if limit is not None:
        lines.append("LIMIT $row_limit")
        values["row_limit"] = limit
    return Query("\n".join(lines), {**params, **values})


def same(table: str, keys: Sequence[str], other: str) -> str:
    """The SQL test of two tables being alike in some columns, nulls alike too."""
    return " AND ".join(f"{other}.{key} IS NOT DISTINCT FROM {table}.{key}" for key in keys)


def _tests(where: Where) -> tuple[str, dict[str, Value | None]]:
    filters, params = conditions(where)
    population = line_denial_rate.population(include_duplicates=False)
    return " AND ".join([*population, "charge_amount > 0", *filters]), params
