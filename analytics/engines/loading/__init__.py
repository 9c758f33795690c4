"""Loading on Spark: the readers of `analytics.load` in the tasks of a cluster, to Parquet."""

from analytics.engines.loading.loading import load

__all__ = ["load"]
