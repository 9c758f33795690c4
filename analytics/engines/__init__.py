"""Other engines than DuckDB for the same facts and metrics: Spark (extra `spark`)."""

from analytics.engines.spark import Spark
from analytics.engines.tables import SparkDatabase

__all__ = ["Spark", "SparkDatabase"]
