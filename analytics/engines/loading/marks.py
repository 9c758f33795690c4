"""Rows of transaction sets that are taken out: of rejected sets, and of sets that came before."""

from analytics import schema
from analytics.engines.loading.reading import DROPPED
from analytics.engines.loading.stage import LOT
from analytics.engines.loading.views import Views
from analytics.ingest.extract import RECORDS_PER_FILE
from analytics.ingest.rules import REASONS
from analytics.writer import taken_tables


class Marks:
    """The spans of records that go, in the view `ranges`: lot, file, first, last and rule."""

    def __init__(self, views: Views) -> None:
        found = [
            f"""
            SELECT {LOT} AS lot, transaction_id AS first_id,
                transaction_id + segment_count - 1 AS last_id, 'duplicate_transaction' AS rule
            FROM {{sets}} WHERE is_repeated"""
        ]
        if views.has_dropped:
            views.show_new(DROPPED)
            found.append(
                f"SELECT {LOT} AS lot, `first` AS first_id, `last` AS last_id, "
                f"'set_rejected' AS rule FROM {{new_{DROPPED}}}"
            )
        spans = (
            f"SELECT *, first_id DIV {RECORDS_PER_FILE} AS file FROM ("
            f"{' UNION ALL '.join(found)}) AS spans"
        )
        self.are_any = bool(views.sql(f"{spans} LIMIT 1").toArrow().num_rows)
        if self.are_any:
            views.kept("ranges", spans)

    def is_marked(self, table: str) -> bool:
        """Whether rows of the table may be taken out."""
        return self.are_any and table in taken_tables()

    def left(self, table: str) -> str:
        """The new rows of a table that stay."""
        rows = f"SELECT * FROM {{new_{table}}}"
        return f"{self._marked(table)} WHERE rule IS NULL" if self.is_marked(table) else rows

    def taken_out(self, table: str) -> str:
        """Those that go, as rows of `rejected`."""
        reasons = " ".join(
            f"WHEN '{rule}' THEN '{REASONS[rule]}'"
            for rule in ("set_rejected", "duplicate_transaction")
        )
        return f"""
            SELECT file_id, record_no, '{table}' AS table_name, 'rejected' AS severity, rule,
                CASE rule {reasons} END AS reason,
                CAST(NULL AS STRING) AS column_name, CAST(NULL AS STRING) AS raw
            FROM ({self._marked(table)}) AS marked WHERE rule IS NOT NULL"""

    def _marked(self, table: str) -> str:
        """The rows with the rule by which they go.

        Spans lie apart: a row can only be in the one that begins last before it, so a sort of the
        files with spans finds it, where a join would hold each row against each span.
        """
        columns = [LOT, *schema.table(table).column_names]
        names = ", ".join(columns)
        nothing = ", ".join(f"NULL AS {name}" for name in columns)
        files = "(SELECT file FROM {ranges})"
        return f"""
            SELECT * FROM (
                SELECT {names}, CAST(NULL AS STRING) AS rule FROM {{new_{table}}}
                WHERE file_id NOT IN {files}
                UNION ALL
                SELECT {names}, CASE WHEN at_ <= span.last_id THEN span.rule END AS rule
                FROM (
                    SELECT *, max(until) OVER (
                        PARTITION BY file ORDER BY at_, is_row
                        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS span
                    FROM (
                        SELECT {names}, file_id AS file, 1 AS is_row,
                            file_id * {RECORDS_PER_FILE} + record_no AS at_,
                            CAST(NULL AS STRUCT<last_id: BIGINT, rule: STRING>) AS until
                        FROM {{new_{table}}} WHERE file_id IN {files}
                        UNION ALL
                        SELECT {nothing}, file, 0, first_id, struct(last_id, rule) FROM {{ranges}}
                    ) AS both_
                ) AS spanned WHERE is_row = 1
            ) AS marked"""
