"""A Spark session of this machine."""

import shutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest

MISSING = (
    "pyspark is not installed: pip install revcycle[spark]"
    if find_spec("pyspark") is None
    else "java is not installed: apt install openjdk-17-jre-headless"
    if shutil.which("java") is None
    else ""
)
# Small data: plans are what takes time, and compiling them what takes most of it.
SMALL = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.session.timeZone": "America/Los_Angeles",
    "spark.driver.memory": "1g",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}


@pytest.fixture(scope="session", autouse=True)
def needed(request: pytest.FixtureRequest) -> None:
    if MISSING and any(item.get_closest_marker("spark") for item in request.session.items):
        pytest.skip(MISSING)


@pytest.fixture(scope="session")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Two threads of this machine; a task may fail twice and is tried again."""
    from pyspark.sql import SparkSession

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        patch.setenv("PYSPARK_PYTHON", sys.executable)  # of the workers, which run our readers
        builder = SparkSession.builder.master("local[2, 3]").appName("revcycle")
        for key, value in SMALL.items():
            builder = builder.config(key, value)
        warehouse = tmp_path_factory.mktemp("warehouse")
        session = builder.config("spark.sql.warehouse.dir", str(warehouse)).getOrCreate()
    yield session
    session.stop()
