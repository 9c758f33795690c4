"""Columns of words: the old rows and the new ones hold numbers of one list.

A list of DuckDB cannot grow; where a word is new, the columns are written once more with a longer
one, before anything else is put in place.  That changes no value.
"""

from collections.abc import Sequence

from analytics.building import MARK, Site
from analytics.duck import transaction
from analytics.fact import Fact
from analytics.increment.reasons import NotPossible

_TYPES = """
SELECT column_name, data_type FROM duckdb_columns()
WHERE table_name = $name AND database_name = $database AND schema_name = 'main'
ORDER BY column_index
"""
_HOME = "SELECT current_database()"


def words_kept(site: Site, givers: Sequence[Fact]) -> dict[str, str | None]:
    """Queries of the words that columns hold already; None for those that hold text."""
    found: dict[str, list[str]] = {}
    texts: set[str] = set()
    for fact in givers:
        if not site.run(f"SELECT 1 FROM {site.home}.{fact.name} LIMIT 1").fetchall():
            continue
        types = _types(site, fact.name, _catalog(site))
        for word in fact.words:
            place = f"(SELECT {word} FROM {site.home}.{fact.name} LIMIT 1)"
            found.setdefault(word, []).append(f"SELECT unnest(enum_range({word})) FROM {place}")
            if not types[word].startswith("ENUM"):
                texts.add(word)
    return {word: None if word in texts else " UNION ".join(q) for word, q in found.items()}


def widen(site: Site, made: Sequence[Fact]) -> None:
    """Give the columns of the facts in place the types of those made.  Raises NotPossible."""
    changes: list[tuple[str, str, str]] = []
    for fact in made:
        old = _types(site, fact.name, _catalog(site))
        new = _types(site, f"{fact.name}_delta", "temp")
        if [*old] != [*new]:
            raise NotPossible("they have other columns")
        for column, kind in new.items():
            if old[column] == kind or (old[column] == "VARCHAR" and kind.startswith("ENUM")):
                continue
            if not (old[column].startswith("ENUM") and kind.startswith("ENUM")):
                raise NotPossible("a column holds more words than fit in a list")
            changes.append((fact.name, column, kind))
    if changes:
        _alter(site, changes)


def _alter(site: Site, changes: Sequence[tuple[str, str, str]]) -> None:
    """Views are made once more, as they hold to the types of what they read."""
    with site.connection.cursor() as own:  # where no temporary name hides those in place
        own.execute(f"USE {site.home}")
        with transaction(own):
            for name, column, kind in changes:
                own.execute(f"ALTER TABLE {name} ALTER {column} SET DATA TYPE {kind}")
            for view in site.views:
                own.execute(f"CREATE OR REPLACE VIEW {view.name} AS\n{view.sql}")
                own.execute(f"COMMENT ON VIEW {view.name} IS '{MARK}'")


def _catalog(site: Site) -> str:
    return str(site.run(_HOME).fetchall()[0][0])


def _types(site: Site, name: str, database: str) -> dict[str, str]:
    return dict(site.run(_TYPES, {"name": name, "database": database}).fetchall())
