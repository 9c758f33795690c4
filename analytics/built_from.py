"""What the facts were built of: the rows of each file, and what else they read, as it said.

It is written down with the facts (`built_from`), so that the next build knows what is new.
"""

from functools import cache

from analytics import facts, schema

TABLE = "built_from"

# Of these there is one truth at a time: where it changes, all facts may.
_SETTINGS = frozenset({"payer_map", "provider_map", "roster", "contract", "contract_rate"})
_PUBLISHED = "reference_id"  # rows of published tables carry the number of their release


@cache
def tables() -> frozenset[str]:
    """The core tables that facts read."""
    read = frozenset[str]().union(*(fact.reads for fact in facts.ALL))
    return (read & schema.tables().keys()) - {"build_info"}


@cache
def settings() -> frozenset[str]:
    """Those that hold for all records: maps, rates, what is published; none comes by the month."""
    by_file = {name for name in tables() if "file_id" in schema.table(name).column_names}
    return _SETTINGS | (tables() - by_file)


@cache
def sql() -> str:
    """The query that tells it: rows by table and file, and a hash of what a setting says."""
    return "\nUNION ALL\n".join(_told(name) for name in sorted(tables()))


def _told(name: str) -> str:
    columns = schema.table(name).column_names
    part = "file_id" if name not in settings() else _PUBLISHED
    if part in columns and name != "reference_file":
        return (
            f"SELECT '{name}' AS table_name, {part} AS part, count(*) AS row_count, "
            f"CAST(NULL AS VARCHAR) AS content FROM {name} GROUP BY {part}"
        )
    return (
        f"SELECT '{name}', CAST(NULL AS BIGINT), count(*), "
        f"CAST(sum(CAST(hash(t) AS HUGEINT)) AS VARCHAR) FROM {name} AS t"
    )
