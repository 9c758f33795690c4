"""The data dictionary of core tables, from the SQL that makes them."""

from collections.abc import Iterator, Sequence
from importlib.resources import files

from analytics import schema
from analytics.schema import Table
from pages import markdown as md

_FILES = {
    "core": "Claims, remittances and side tables",
    "payer": "Payers' claims, cover and contracts",
    "published": "Published tables and code maps",
    "auditing": "Audit trail and legal holds",
}


def pages() -> Iterator[tuple[str, str]]:
    """Path and text of each page."""
    groups = {name: _held(name) for name in _FILES}
    yield "tables/index.md", _index(groups)
    for name, title in _FILES.items():
        yield f"tables/{name}.md", md.page(f"# {title}", *map(_table, groups[name]))


def _held(name: str) -> list[Table]:
    """The tables that a file of the schema makes."""
    sql = files("analytics").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
    return [t for t in schema.tables().values() if f"NOT EXISTS {t.name} (" in sql]


def _index(groups: dict[str, list[Table]]) -> str:
    intro = "What loading fills. A column marked as identity can name a person, or lead to one."
    toc = md.fenced("{toctree}", "\n".join([":hidden:", "", *groups]))
    listed = [_listed(_FILES[name], own) for name, own in groups.items()]
    return md.page("# Core tables", intro, *listed, toc)


def _listed(title: str, own: Sequence[Table]) -> str:
    rows = [[f"[{md.code(t.name)}](#table.{t.name})", md.escaped(t.comment)] for t in own]
    return md.page(f"## {title}", md.table(["table", "what it holds"], rows))


def _table(table: Table) -> str:
    rows = [
        [md.code(c.name), c.type, "yes" if c.is_identity else "no", md.escaped(c.comment)]
        for c in table.columns
    ]
    head = ["column", "type", "identity", "meaning"]
    return md.page(
        md.anchor(f"table.{table.name}"), f"## {table.name}", table.comment, md.table(head, rows)
    )
