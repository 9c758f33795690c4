"""Loading on Spark: the readers of `analytics.load` in the tasks of a cluster, to Parquet."""

from analytics.engines.loading.load import load

__all__ = ["load"]
