"""Other engines than DuckDB for the same facts and metrics: Spark (extra `spark`)."""
