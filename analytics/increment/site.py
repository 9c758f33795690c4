"""Facts of touched records, made by the same SQL where its tables hold those records alone.

Temporary views give the names of the tables to those rows; afterwards they give the names of the
facts to the old rows that stay and the new ones, for the facts that are made as a whole.
"""

from collections.abc import Callable

import duckdb

from analytics import facts, words
from analytics.building import Site
from analytics.duck import transaction
from analytics.fact import Fact
from analytics.increment import people, typing_columns
from analytics.increment.planning import OF_FIRST, Plan
from analytics.increment.reasons import Days
from analytics.increment.touched import OF_WHOLE, ROWS, columns_read, is_most

_OF = "{column} IN (SELECT {id} FROM temp.{table})"
_RECORD = "(file_id, record_no) IN (SELECT (file_id, record_no) FROM temp.touched_record)"
_TOUCHED = {
    **{
        column: _OF.format(column=column, id="claim_id", table="touched_claim")
        for column in ("claim_id", "submission_id", "chain_id")
    },
    "remit_claim_id": _OF.format(
        column="remit_claim_id", id="remit_claim_id", table="touched_payment"
    ),
    "record": _RECORD,
    "movement": f"CASE WHEN claim_id IS NULL THEN {_RECORD} ELSE "
    f"{_OF.format(column='claim_id', id='claim_id', table='touched_claim')} END",
    "person_id": people.GONE,
    "acknowledgement_id": f"{OF_WHOLE} OR "
    "acknowledgement_id IN (FROM temp.touched_acknowledgement)",
}


class Patch(Site):
    """The rows that take the place of old ones, and the facts made as a whole, meanwhile."""

    days: Days
    plan: Plan
    types: dict[str, str]  # of the columns of words, by name
    hidden: list[str]  # tables of which the names mean rows of touched people
    empty_of_all: set[str]

    def __init__(self, connection: duckdb.DuckDBPyConnection, home: str) -> None:
        super().__init__(connection, facts.ALL, home)

    def enter(self) -> None:
        """Let the names of the core tables mean their touched rows."""
        sql = " ".join(fact.sql for fact in self.plan.touched)
        for table, rows in ROWS.items():
            columns = columns_read(table, sql)
            self.run(
                f"CREATE TEMP TABLE {table}_touched AS SELECT {columns} FROM {table} WHERE {rows}"
            )
            self.show(table)
        self.empty = self.empty_sources() | {
            fact.name for fact in self.plan.early if fact.name in self.empty
        }

    def show(self, table: str) -> None:
        """Let the name of a core table mean its touched rows."""
        self.run(f"CREATE TEMP VIEW {table} AS FROM temp.{table}_touched")

    def make_touched(self, fact: Fact) -> None:
        """Compute the rows of touched records; of text that others carry on, when all is known."""
        for table in fact.at_once:
            self.run(f"DROP VIEW temp.{table}")
        form = "text" if fact.words else "delta"
        self._filled(fact, f"CREATE TEMP TABLE {fact.name}_{form} AS\n{self._query(fact)}")
        self.run(f"CREATE TEMP VIEW {fact.name} AS FROM temp.{fact.name}_{form}")
        for table in fact.at_once:
            self.show(table)
        if fact.unit == "acknowledgement_id":
            self.run(f"INSERT INTO temp.{fact.name}_delta FROM temp.acknowledged_whole")
            self.empty.discard(fact.name)
        if fact is self.held_back[-1]:
            self._type_words()

    def _type_words(self) -> None:
        kept = typing_columns.words_kept(self, self.held_back)
        with_rows = [held for held in self.held_back if held.name not in self.empty]
        types = words.make(self.connection, with_rows, kept)
        for held in self.held_back:
            self.run(f"CREATE TEMP TABLE {held.name}_delta AS {words.stored(held, types)}")
            self.run(f"DROP VIEW temp.{held.name}")
            self.run(f"DROP TABLE temp.{held.name}_text")
            self.run(f"CREATE TEMP VIEW {held.name} AS FROM temp.{held.name}_delta")
        self.types = types

    def leave(self) -> None:
        """Let names mean all rows again: of core tables, and of facts as they will be."""
        for table in ROWS:
            self.run(f"DROP VIEW temp.{table}")
            self.run(f"DROP TABLE temp.{table}_touched")
        typing_columns.widen(self, self.plan.touched)
        self.empty = self.empty_sources() | (self.empty & {f.name for f in self.plan.early})
        for fact in self.plan.touched:
            self._show_merged(fact)

    def _show_merged(self, fact: Fact) -> None:
        """The old rows that stay, with their ages on the new day, and the new rows."""
        if fact.unit == "list":
            self._leave_out_known(fact)
        stays = f"WHERE NOT coalesce({self.gone(fact)}, FALSE)" if fact.unit != "list" else ""
        aged = ", ".join(f"{sql} AS {name}" for name, sql in self._ages(fact).items())
        replaced = f" REPLACE ({aged})" if aged else ""
        self.run(f"DROP VIEW temp.{fact.name}")
        self.run(
            f"CREATE TEMP VIEW {fact.name} AS SELECT *{replaced} FROM {self.home}.{fact.name} "
            f"{stays} UNION ALL FROM temp.{fact.name}_delta"
        )
        if not self.run(f"SELECT 1 FROM temp.{fact.name} LIMIT 1").fetchall():
            self.empty.add(fact.name)

    def _leave_out_known(self, fact: Fact) -> None:
        same = " AND ".join(f"old.{k} IS NOT DISTINCT FROM new.{k}" for k in fact.key)
        self.run(
            f"DELETE FROM temp.{fact.name}_delta AS new WHERE EXISTS "
            f"(SELECT 1 FROM {self.home}.{fact.name} AS old WHERE {same})"
        )

    def gone(self, fact: Fact) -> str:
        """Which of the old rows of a fact are made anew."""
        if fact.opens:
            return _OF.format(column=fact.unit, id=fact.unit, table=f"{fact.name}_open")
        return _TOUCHED[fact.unit]

    def _ages(self, fact: Fact) -> dict[str, str]:
        count = (self.days.new - self.days.old).days
        return {
            name: f"CASE WHEN {self.days.said(rows)} THEN {name} + {count} ELSE {name} END"
            for name, rows in fact.ages.items()
            if count
        }

    def enter_people(self) -> None:
        """Let names mean the rows of touched people, if those are not most of all."""
        if not self.plan.members or is_most(*people.find(self)):
            self.plan = self.plan.with_all_members()
            return
        known = (*self.plan.early, *self.plan.touched)
        self.hidden = people.hide_others(self, self.plan.members, known)
        self.empty_of_all = set(self.empty)

    def make_of_people(self, fact: Fact) -> None:
        """Compute the rows of touched people."""
        self._filled(fact, f"CREATE TEMP TABLE {fact.name}_delta AS\n{self._query(fact)}")
        self.run(f"CREATE TEMP VIEW {fact.name} AS FROM temp.{fact.name}_delta")

    def leave_people(self) -> None:
        """Let names mean all rows again, of the facts of members too."""
        if not self.plan.members:
            return
        people.show_others(self, self.hidden, (*self.plan.early, *self.plan.touched))
        self.empty = self.empty_of_all
        typing_columns.widen(self, self.plan.members)
        for fact in self.plan.members:
            self._show_merged(fact)

    def make_late(self, fact: Fact) -> None:
        """Compute a fact as a whole; of one with open rows only those and the touched ones."""
        if not fact.opens:
            self._keep(fact, self._query(fact))
            return
        self.run(
            f"CREATE TEMP TABLE {fact.name}_open AS "
            f"SELECT {fact.unit} FROM {self.home}.{fact.name} WHERE {self.days.said(fact.opens)} "
            "UNION SELECT claim_id FROM temp.touched_claim"
        )
        only = _OF.format(column=fact.unit, id=fact.unit, table=f"{fact.name}_open")
        self.run(f"ALTER VIEW temp.{fact.spine} RENAME TO {fact.spine}_whole")
        self.run(f"CREATE TEMP VIEW {fact.spine} AS FROM temp.{fact.spine}_whole WHERE {only}")
        self.run(f"CREATE TEMP TABLE {fact.name}_delta AS\n{self._query(fact)}")
        self.run(f"DROP VIEW temp.{fact.spine}")
        self.run(f"ALTER VIEW temp.{fact.spine}_whole RENAME TO {fact.spine}")
        self.run(f"CREATE TEMP VIEW {fact.name} AS FROM temp.{fact.name}_delta")
        typing_columns.widen(self, [fact])
        self._show_merged(fact)

    def list_anew(self) -> tuple[Fact, ...]:
        """Lists that may have lost a row, made as a whole: a first submission is one no more."""
        found = self.run(
            f"SELECT 1 FROM {self.home}.submission AS old JOIN temp.submission_delta AS new "
            "ON new.submission_id = old.submission_id AND old.submission_no = 1 "
            "AND new.submission_no > 1 LIMIT 1"
        ).fetchall()
        lists = tuple(fact for fact in self.plan.touched if fact.name in OF_FIRST and found)
        for fact in lists:
            typed = ", ".join(
                f"CAST({word} AS {self.types[word]}) AS {word}"
                for word in fact.words
                if word in self.types
            )
            self.run(f"DROP VIEW temp.{fact.name}")
            replaced = f"REPLACE ({typed})" if typed else ""
            self._keep(fact, f"SELECT * {replaced} FROM (\n{fact.sql}\n) AS made")
        return lists

    def put(
        self, lists: tuple[Fact, ...], note: Callable[[duckdb.DuckDBPyConnection], None]
    ) -> None:
        """Put new rows in the place of old ones, and new facts, and note that.  All or nothing."""
        whole = (*self.plan.whole, *lists)
        for fact in self.tables:
            self.run(f"DROP VIEW temp.{fact.name}")
        with transaction(self.connection):
            for fact in self.tables:
                if fact in whole:
                    self.run(f"DROP TABLE {self.home}.{fact.name}")
                    self.run(f"ALTER TABLE {self.home}.{fact.name}_next RENAME TO {fact.name}")
                else:
                    self._put_rows(fact)
            for fact in self.views:
                self.run(f"DROP VIEW {self.home}.{fact.name}")
            self.run(f"DROP TABLE {self.home}.built_from")
            self.finish(note)

    def _put_rows(self, fact: Fact) -> None:
        place = f"{self.home}.{fact.name}"
        if fact.unit != "list":
            self.run(f"DELETE FROM {place} WHERE {self.gone(fact)}")
        if ages := self._ages(fact):
            sets = ", ".join(f"{name} = {sql}" for name, sql in ages.items())
            where = " OR ".join(f"({rows})" for rows in fact.ages.values())
            self.run(f"UPDATE {place} SET {sets} WHERE {self.days.said(where)}")
        self.run(f"INSERT INTO {place} FROM temp.{fact.name}_delta")
