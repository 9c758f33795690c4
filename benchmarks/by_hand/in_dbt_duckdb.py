"""Three numbers from a mart that dbt-duckdb builds, from the core tables as Parquet.

`build` makes the mart by the models in dbt_mart, whose rules are those of in_polars.py; the numbers
are then asked of it.
"""

import os
import shutil
import tempfile
from pathlib import Path

# What it asks of the network would be part of the time.
os.environ |= {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DBT_VERSION_CHECK": "false"}

import duckdb
from dbt.cli.main import dbtRunner

PROJECT = Path(__file__).with_name("dbt_mart")
SHARE = """
    SELECT canonical_payer, date_trunc('month', first_date)::DATE, count(*) AS n,
           count(*) FILTER (denied > 0) AS hits
    FROM answered GROUP BY ALL ORDER BY ALL
"""
WILSON = f"""
    WITH counted AS ({SHARE}),
    shared AS (SELECT *, hits / n AS share, 1.959963984540054 AS z FROM counted)
    SELECT * EXCLUDE (z),
           (share + z * z / (2 * n)) / (1 + z * z / n) AS middle,
           z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) AS half
    FROM shared ORDER BY ALL
"""
DOLLARS = "SELECT canonical_payer, sum(denied), sum(charge) FROM answered GROUP BY ALL ORDER BY ALL"
AGES = """
    SELECT canonical_payer,
           CASE WHEN age <= 30 THEN '0-30' WHEN age <= 60 THEN '31-60' WHEN age <= 90 THEN '61-90'
                WHEN age <= 120 THEN '91-120' ELSE '>120' END AS bucket,
           sum(open_amount)
    FROM owed WHERE open_amount > 0 GROUP BY ALL
"""


def mart(folder: str) -> Path:
    return Path(folder) / "mart.duckdb"


def build(folder: str) -> None:
    """The mart, made anew.  Raises RuntimeError where a model fails."""
    mart(folder).unlink(missing_ok=True)
    os.environ["MART"] = str(mart(folder))
    with tempfile.TemporaryDirectory() as work:  # it writes beside what it reads
        project = shutil.copytree(PROJECT, Path(work) / "mart")
        place = ["--project-dir", str(project), "--profiles-dir", str(project)]
        done = dbtRunner().invoke(["run", "--vars", f"{{tables: {folder}}}", *place])
    if not done.success:
        raise RuntimeError("dbt did not build the mart")


def asked(folder: str, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(mart(folder)), read_only=True) as connection:
        return connection.execute(query).fetchall()


def initial_denial_rate(folder: str) -> list[list[object]]:
    """Payer, month, n, hits, value, low, high."""
    return [
        [
            str(payer),
            str(month),
            n,
            hits,
            *(f"{x:.9f}" for x in (share, max(0.0, mid - half), mid + half)),
        ]
        for payer, month, n, hits, share, mid, half in asked(folder, WILSON)
    ]


def denied_dollar_rate(folder: str) -> list[list[object]]:
    """Payer, dollars denied, dollars answered."""
    return [[str(cell) for cell in row] for row in asked(folder, DOLLARS)]


def aging(folder: str) -> list[list[object]]:
    """Payer, age, open dollars."""
    return sorted([str(cell) for cell in row] for row in asked(folder, AGES))


STEPS = {
    "build": build,
    "initial_denial_rate": initial_denial_rate,
    "denied_dollar_rate": denied_dollar_rate,
    "ar_aging": aging,
}
