"""A folder that Spark loaded, beside a database that DuckDB loaded."""

from analytics import parquet, schema
from analytics.database import Database


def rows(db, table):
    """All rows of a table in order, without the time of the load."""
    columns = [c for c in schema.table(table).column_names if c != "loaded_at"]
    return db.sql(f"SELECT {', '.join(columns)} FROM {table} ORDER BY ALL")


def differing(folder, db):
    """The tables that differ; and there are some to compare."""
    with Database.from_parquet(folder) as found:
        assert found.sql("SELECT count(*) FROM source_file").item()
        return [t for t in parquet.kept() if not rows(found, t).equals(rows(db, t))]
