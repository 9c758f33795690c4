"""Every SQL text keeps to what DuckDB and Spark understand alike; the lint sees what does not."""

import re
from importlib.resources import files

import pytest

from analytics import facts
from analytics.fact import text
from analytics.metrics import CATALOGUE

pytest.importorskip("sqlglot", reason="sqlglot is not installed: pip install revcycle[dev]")
from portable import faults, faults_of_fact  # it needs sqlglot
from reported import QUERIES

BUILD = [p.name.removesuffix(".sql") for p in files("analytics").joinpath("sql/building").iterdir()]
REFUSED = {
    "SELECT a FROM t QUALIFY row_number() OVER (ORDER BY a ASC NULLS LAST) = 1": "QUALIFY",
    "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a ASC NULLS LAST) FROM t": (
        "percentile_cont()"
    ),
    "SELECT quantile_cont(a, 0.5) FROM t": "quantile_cont()",
    "SELECT median(a) FROM t": "median()",
    "SELECT arg_max(a, b) FROM t": "arg_max()",
    "SELECT max_by(a, b) FROM t": "max_by()",
    "SELECT mode(a) FROM t": "mode()",
    "SELECT first(a) FROM t": "first()",
    "SELECT any_value(a) FROM t": "any_value()",
    "SELECT list(a) FROM t": "list()",
    "SELECT array_agg(a) FROM t": "array_agg()",
    "SELECT string_agg(a, ',') FROM t": "string_agg()",
    "SELECT date_diff('month', a, b) FROM t": "date_diff()",
    "SELECT datediff('day', a, b) FROM t": "datediff()",
    "SELECT end_date - start_date AS days FROM t": "date - date",
    "SELECT dayofweek(a) FROM t": "dayofweek()",
    "SELECT isodow(a) FROM t": "isodow()",
    "SELECT CAST(a / 2 AS INTEGER) FROM t": "a quotient cast to a whole number",
    "SELECT regexp_replace(a, 'x', 'y') FROM t": "regexp_replace()",
    "SELECT log(a) FROM t": "log()",
    "SELECT concat(a, b) FROM t": "concat()",
    "SELECT list_contains(a, 'x') FROM t": "list_contains()",
    "SELECT unnest(a) FROM t": "unnest()",
    "SELECT format('{}', a) FROM t": "format()",
    "SELECT hash(a) FROM t": "hash()",
    "SELECT a / b FROM t": "a divisor that may be 0",
    "SELECT a[1] FROM t": "[...]",
    "SELECT [1, 2] AS a": "[...]",
    "SELECT {'a': 1} AS a": "{...}",
    "SELECT a FROM t ORDER BY a": "ORDER BY without NULLS",
    "SELECT a FROM t ORDER BY a ASC": "ASC without NULLS",
    "SELECT a FROM t ORDER BY a DESC": "DESC without NULLS",
    "SELECT DISTINCT ON (a) a, b FROM t": "DISTINCT ON",
    "SELECT t.a FROM t ASOF JOIN u ON t.a >= u.a": "ASOF JOIN",
    "SELECT row_number() OVER () FROM t": "row_number() without ORDER BY",
    "SELECT a + INTERVAL 1 DAY FROM t": "INTERVAL",
    "SELECT time_bucket(b, a) FROM t": "time_bucket()",
    "SELECT a FROM range(3) AS r (a)": "range()",
    "SELECT a FROM generate_series(1, 3) AS r (a)": "generate_series()",
    "SELECT len(a) FROM t": "len()",
    "SELECT list_has_any(a, b) FROM t": "list_has_any()",
    "SELECT list_transform(a, lambda x: x) FROM t": "list_transform()",
    "SELECT * EXCLUDE (a) FROM t": "* EXCLUDE or REPLACE",
    "SELECT * REPLACE (1 AS a) FROM t": "* EXCLUDE or REPLACE",
    "SELECT a FROM t UNION BY NAME SELECT a FROM u": "BY NAME",
    "SELECT a, count(*) FROM t GROUP BY ALL": "GROUP BY ALL",
    "SELECT a FROM t WHERE a GLOB 'x*'": "GLOB",
    "SELECT a FROM t WHERE a SIMILAR TO 'x'": "SIMILAR TO",
    "SELECT a FROM t WHERE a ILIKE 'x'": "ILIKE",
    "SELECT a // 2 FROM t": "//",
    "SELECT CAST(a AS VARCHAR) FROM t": "VARCHAR",
    'SELECT "a" FROM t': '"..."',
    r"SELECT a FROM t WHERE regexp_extract(a, '\d', 0) <> ''": "a backslash in text",
    "SELECT date_trunc('month', a) FROM t": "date_trunc() not cast to DATE",
}


@pytest.mark.parametrize("fact", facts.ALL, ids=[fact.name for fact in facts.ALL])
def test_every_fact_is_portable(fact):
    assert faults_of_fact(fact.sql) == []


@pytest.mark.parametrize("metric", CATALOGUE.values(), ids=CATALOGUE.keys())
def test_every_metric_is_portable(metric):
    sliced = {"by": "payer_name", "every": "month", "where": {"line_of_business": ["a", None]}}
    for query in (metric.query(), metric.query(**sliced), metric.maturity_query(**sliced)):
        assert query is None or faults(query.sql) == []


@pytest.mark.parametrize("name", BUILD)
def test_what_a_build_asks_is_portable(name):
    assert faults(text("building", name)) == []


@pytest.mark.parametrize("name", QUERIES)
def test_what_every_report_reads_is_portable(name):
    assert faults(QUERIES[name]) == []


@pytest.mark.parametrize(("sql", "fault"), REFUSED.items(), ids=REFUSED.values())
def test_what_differs_is_found(sql, fault):
    assert fault in faults(sql)


def test_what_an_engine_would_type_is_found():
    assert faults_of_fact("SELECT count(*) AS n, a + b AS c, CAST(a AS DATE) AS d FROM t") == [
        "c has no type",
        "n has no type",
    ]


def test_macros_are_paired():
    made = [re.findall(r"(?:MACRO|FUNCTION) (\w+)", facts.macros(e)) for e in ("duckdb", "spark")]
    assert made[0] == made[1]
    assert made[0]
