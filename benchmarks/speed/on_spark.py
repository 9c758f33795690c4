"""Steps of benchmarks/spark.py: the same facts and metrics on DuckDB and on Spark."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from analytics import Database, load
from analytics.exporting import export_parquet
from analytics.metrics import CATALOGUE
from analytics.query import Engine

_TEN = (
    "initial_denial_rate", "denied_dollar_rate", "line_denial_rate", "clean_claim_rate",
    "first_pass_rate", "overturn_rate", "days_submission_to_payment", "net_collection_rate",
    "ar_aging", "pmpm",
)  # fmt: skip


def _database(folder: str, told: dict[str, Any]) -> Database:
    limit = told["heap"].replace("g", "GB")
    return Database(Path(folder) / "c.duckdb", memory_limit=limit, threads=told["threads"])


def prepare(folder: str, told: dict[str, Any]) -> dict[str, int]:
    """The files loaded, and their tables as Parquet; how many claims and lines there are."""
    with _database(folder, told) as db:
        load(db, Path(folder) / "files", progress=False)
        export_parquet(db, Path(folder) / "tables")
        return {
            name: db.sql(f"SELECT count(*) FROM {of}").item()
            for name, of in (("claims", "claim"), ("lines", "claim_line"))
        }


def _took(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _ask(db: Engine) -> None:
    for name in _TEN:
        every = {} if name == "ar_aging" else {"every": "month"}
        CATALOGUE[name](db, by="payer_name", **every)


def duckdb(folder: str, told: dict[str, Any]) -> dict[str, Any]:
    with _database(folder, told) as db:
        return {
            "build": _took(lambda: db.build(progress=False)),
            "metrics": _took(lambda: _ask(db)),
        }


def spark(folder: str, told: dict[str, Any]) -> dict[str, Any]:
    """The session is started before the clock is."""
    from pyspark.sql import SparkSession

    from analytics.engines import Spark

    os.environ |= {"SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
    builder = SparkSession.builder.master(f"local[{told['threads']}]")
    settings = {"spark.driver.memory": told["heap"], "spark.ui.enabled": "false",
                "spark.sql.shuffle.partitions": str(2 * told["threads"]),
                "spark.ui.showConsoleProgress": "false",
                "spark.sql.warehouse.dir": f"{folder}/warehouse"}  # fmt: skip
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    made = Spark(session)
    build = _took(lambda: made.build(f"{folder}/tables", progress=False))
    db = made.open(f"{folder}/tables")
    found = {"build": build, "metrics": _took(lambda: _ask(db)), "version": session.version}
    session.stop()
    return found


STEPS = {"prepare": prepare, "duckdb": duckdb, "spark": spark}
