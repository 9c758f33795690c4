"""The modules of pyspark, which who has a session has: the library is typed without it."""

from importlib import import_module
from typing import Any


def errors() -> Any:
    """What pyspark raises."""
    return import_module("pyspark.errors")


def functions() -> Any:
    """Spark's functions of columns."""
    return import_module("pyspark.sql.functions")


def logger() -> Any:
    """What pyspark logs with."""
    return import_module("pyspark.logger").PySparkLogger
