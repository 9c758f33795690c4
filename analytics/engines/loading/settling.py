"""The rows of all tasks as rows of the tables: ids, sets that came before, people, `rejected`."""

from collections.abc import Collection, Mapping

from analytics import schema
from analytics.engines.loading import people, sets
from analytics.engines.loading.marks import Marks
from analytics.engines.loading.stage import LOT
from analytics.engines.loading.views import Views
from analytics.ingest.rules import REASONS
from analytics.writer import MAPS

_NEEDED = (
    "transaction_set", "remit", "remit_claim", "claim", "acknowledgement", "patient", "payer",
    "provider",
)  # fmt: skip
_REPEATED = f"""
SELECT file_id, record_no, 'transaction_set' AS table_name, 'rejected' AS severity,
    'duplicate_transaction' AS rule, '{REASONS["duplicate_transaction"]}' AS reason,
    CAST(NULL AS STRING) AS column_name, CAST(NULL AS STRING) AS raw
FROM {{sets}} WHERE is_repeated"""
_APART = ("source_file", "transaction_set", "patient", "payer", "provider", "rejected", *MAPS)


class Settling:
    """Writes the tables of a load, and tells which files then hold which table.

    `gone` are files whose rows leave, as they are read again: their numbers before and now.  `lost`
    are the tables with such rows, which are written anew.
    """

    def __init__(self, views: Views, gone: Mapping[int, int], lost: Collection[str]) -> None:
        self.views = views
        self.files: dict[str, list[str]] = {}
        self._gone, self._lost = gone, lost

    def run(self) -> None:
        """Settle all, and write it; `source_file` comes last, and elsewhere."""
        views = self.views
        for table in {*views.new, *_NEEDED}:
            views.show_new(table)
        for table in {*self._lost, "transaction_set", "patient", "payer", "provider"}:
            views.show_old(table, self._gone)
        people.settle_payers(views)
        sets.settle_sets(views)
        marks = Marks(views)
        people.settle_patients(views, marks)
        self._write(self._rows(marks))
        self._replace_maps()

    def _rows(self, marks: Marks) -> dict[str, str]:
        """The query for the new rows of each table."""
        new = self.views.new
        found = {table: people.fresh(table) for table in ("patient", "payer") if table in new}
        if "transaction_set" in new:
            found["transaction_set"] = sets.written(schema.table("transaction_set").column_names)
        for table in new:
            if table not in _APART:
                found[table] = _identified(table, marks.left(table))
        columns = ", ".join(schema.table("rejected").column_names)
        kept_out = [f"SELECT {columns} FROM {{new_rejected}}"] * ("rejected" in new)
        if marks.are_any:
            kept_out.append(_REPEATED)
            kept_out += [marks.taken_out(table) for table in new if marks.is_marked(table)]
        if kept_out:
            found["rejected"] = " UNION ALL ".join(kept_out)
        return found

    def _write(self, found: Mapping[str, str]) -> None:
        """Write new rows beside those there are, or with them where some of them go."""
        if "provider" in self.views.new or "provider" in self._lost:
            self._replace("provider", people.PROVIDERS)
        for table in [*found, *(t for t in self._lost if t not in found)]:
            columns = ", ".join(schema.table(table).column_names)
            if table in self._lost and table not in ("source_file", "provider"):
                new = f" UNION ALL SELECT {columns} FROM ({found[table]}) AS n" * (table in found)
                self._replace(table, f"SELECT {columns} FROM {{old_{table}}}{new}")
            elif table in found:
                self.views.write(table, found[table])
                self.files[table] = [
                    *self.views.folder.files(table), self.views.folder.own(table)
                ]  # fmt: skip

    def _replace_maps(self) -> None:
        """A map is that of the last file with one, as there is one truth at a time."""
        if "source_file" not in self.views.new:
            return
        formats = self.views.sql("SELECT DISTINCT format FROM {new_source_file}").toArrow()
        for table in set(formats.column("format").to_pylist()) & set(MAPS):
            self.views.show_new(table)
            last = f"SELECT max({LOT}) FROM {{new_source_file}} WHERE format = '{table}'"
            self._replace(table, f"SELECT * FROM {{new_{table}}} WHERE {LOT} = ({last})")

    def _replace(self, table: str, sql: str) -> None:
        """Write a whole table."""
        self.views.write(table, sql)
        self.files[table] = [self.views.folder.own(table)]


def _identified(table: str, rows: str) -> str:
    """The rows with the ids of those they name."""
    named = list(people.named_columns(table).items())
    joins = " ".join(
        f"LEFT JOIN {{{who}_ids}} AS n{i} ON n{i}.before = r.{column}"
        for i, (column, who) in enumerate(named)
    )
    said = {
        column: f"coalesce(n{i}.id, r.{column}) AS {column}" for i, (column, _) in enumerate(named)
    }
    columns = [said.get(name, f"r.{name}") for name in schema.table(table).column_names]
    return f"SELECT {', '.join(columns)} FROM ({rows}) AS r {joins}"
