"""A Spark session, the sample as Parquet, and its facts built there."""

import shutil
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from small import SETTINGS

from analytics.database import Database
from analytics.exporting import export_parquet

# Beside another program on workers of 768 MB.
_MODEST = {"spark.cores.max": "1", "spark.executor.memory": "512m"}
MISSING = (
    "pyspark is not installed: pip install revcycle[spark]"
    if find_spec("pyspark") is None
    else "java is not installed: apt install openjdk-17-jre-headless"
    if shutil.which("java") is None
    else ""
)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if MISSING and item.get_closest_marker("spark"):
        pytest.skip(MISSING)


@pytest.fixture(scope="session")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Two threads of this machine; a task may fail twice and is tried again."""
    from pyspark.sql import SparkSession

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        patch.setenv("PYSPARK_PYTHON", sys.executable)  # of the workers, which run our readers
        builder = SparkSession.builder.master("local[2, 3]").appName("revcycle")
        for key, value in SETTINGS.items():
            builder = builder.config(key, value)
        warehouse = tmp_path_factory.mktemp("warehouse")
        session = builder.config("spark.sql.warehouse.dir", str(warehouse)).getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="session")
def small_settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Variables by which a Spark of another process, such as a kernel's, is for small data too."""
    folder = tmp_path_factory.mktemp("conf")
    lines = [f"{key} {value}\n" for key, value in {**SETTINGS, **_MODEST}.items()]
    (folder / "spark-defaults.conf").write_text("".join(lines))
    return {"SPARK_CONF_DIR": str(folder), "SPARK_LOCAL_IP": "127.0.0.1"}


@pytest.fixture(scope="session")
def folder(once: Callable, db: Database, request: pytest.FixtureRequest) -> Path:
    """The sample and its facts by Spark, to be read only; made once, as it takes long."""
    from analytics.engines import Spark

    def make(path: Path) -> None:
        export_parquet(db, path, progress=False)
        Spark(request.getfixturevalue("session")).build(path, progress=False)

    return once("spark-tables", make)


@pytest.fixture(scope="session")
def spark(session: Any, folder: Path) -> Any:
    """The facts of the sample that Spark has built, to be read only."""
    from analytics.engines import Spark

    return Spark(session).open(folder)
