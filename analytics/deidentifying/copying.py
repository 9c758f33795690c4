"""One table after another, each column under its rule, from one database into another."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import duckdb

from analytics import building, facts, schema
from analytics.deidentifying.declared import columns, people
from analytics.deidentifying.expressions import changes, expression, needs_person
from analytics.deidentifying.people import joined
from analytics.deidentifying.plan import Plan
from analytics.query import identifier

Rules: TypeAlias = Mapping[str, tuple[str, ...]]

OLD, NEW = "old", "new"
_NOT_OURS = "not of this library"


@dataclass(frozen=True, slots=True)
class Treated:
    """What became of a column: values it had, how many of them are others now, or gone."""

    table: str
    column: str
    rule: str
    values: int
    replaced: int
    removed: int


class Copier:
    """Copies tables and facts; the people's tables are ready on its connection."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        plan: Plan,
        found: Mapping[str, Mapping[str, str]],
    ) -> None:
        self.run = connection.execute
        self.plan = plan
        self.found = found

    @property
    def tables(self) -> list[str]:
        """The tables and facts to copy, without what a database says of itself."""
        built = [fact.name for fact in facts.ALL if not fact.is_view]
        return [name for name in (*schema.tables(), *built) if not self._is_own(name)]

    def copy(self, table: str) -> int:
        """Copy a table; its rows."""
        place = f"{NEW}.main.{identifier(table)}"
        if table in facts.NAMES:
            ((count,),) = self.run(f"CREATE TABLE {place} AS {self._query(table)}").fetchall()
            self.run(f"COMMENT ON TABLE {place} IS '{building.MARK}'")
        else:
            self.run(f"DELETE FROM {place}")  # a new one has the shipped code maps
            sql = f"INSERT INTO {place} BY NAME {self._query(table)}"
            ((count,),) = self.run(sql).fetchall()
        return int(count)

    def views(self) -> None:
        """Make the facts that are views."""
        self.run(f"USE {NEW}.main")
        for fact in facts.ALL:
            if fact.is_view:
                self.run(f"CREATE VIEW {fact.name} AS\n{fact.sql}")
                self.run(f"COMMENT ON VIEW {fact.name} IS '{building.MARK}'")
        self.run("USE memory.main")

    def treated(self, table: str) -> list[Treated]:
        """What became of the columns of a table that have a rule which does something."""
        rules = {
            column: rule
            for column, rule in columns()[table].items()
            if rule[0] not in ("file", "id") and changes(rule[0], self.plan)
        }
        if not rules:
            return []
        counts = ", ".join(f"count({identifier(column)})" for column in rules)
        before, after = (
            self.run(f"SELECT {counts} FROM {name}.main.{identifier(table)}").fetchall()[0]
            for name in (OLD, NEW)
        )
        return [
            Treated(table, column, " ".join(rule), was, now, was - now)
            for (column, rule), was, now in zip(rules.items(), before, after, strict=True)
        ]

    def left_out(self, extra: list[str]) -> list[Treated]:
        """What is not in the copy at all: rows of tables counted, of what is not ours too."""
        gone = [("legal_hold", "legal_hold is of the original")]
        gone += [(name, _NOT_OURS) for name in extra]
        return [self._gone(name, why) for name, why in gone]

    def _gone(self, name: str, why: str) -> Treated:
        table, column = name, ""
        if table not in self.found:
            table, _, column = name.rpartition(".")
        place = ".".join(map(identifier, table.split(".")))
        place = f"{OLD}.{place}" if "." in table else f"{OLD}.main.{place}"
        ((count,),) = self.run(
            f"SELECT count({identifier(column) if column else '*'}) FROM {place}"
        ).fetchall()
        return Treated(table, column or "*", why, count, 0, count)

    def _is_own(self, table: str) -> bool:
        return all(rule == ("own",) for rule in columns()[table].values())

    def _query(self, table: str) -> str:
        rules, types = columns()[table], self.found[table]
        items = [
            f"{expression(column, rules[column], _plain(types[column]), self.plan)} "
            f"AS {identifier(column)}"
            for column in types
            if column in rules
        ]
        lines = ["SELECT", "    " + ",\n    ".join(items), f"FROM {OLD}.main.{table} AS row_of"]
        if any(needs_person(rules[column][0], self.plan) for column in types if column in rules):
            lines.append(joined(*people()[table]))
        if not self.plan.keeps_dates:
            lines += self._reordered(rules, types)
        return "\n".join(lines)

    def _reordered(self, rules: Rules, types: Mapping[str, str]) -> list[str]:
        """Sorted by new ids: the order in which rows came in tells of days."""
        places = [c for what in ("file", "id") for c in rules if rules[c][0] == what and c in types]
        return [f"ORDER BY {identifier(place)}" for place in places[:1]]


def _plain(kind: str) -> str:
    """The type; text for lists of words, which hold none of the new ones."""
    return "VARCHAR" if kind.startswith("ENUM") else kind
