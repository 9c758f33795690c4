"""Every condition of a LEFT JOIN in the facts speaks of the table that is joined.

One that speaks of the left side alone makes DuckDB meet every row with every other once the tables
are large, in silence: seconds grow with the square of the claims.
"""

import pytest
import sqlglot
from sqlglot import exp

from analytics import facts
from analytics.fact import text


def strangers(sql: str) -> list[str]:
    """Conditions that say nothing of the table joined."""
    found = []
    for join in sqlglot.parse_one(sql, dialect="duckdb").find_all(exp.Join):
        on = join.args.get("on")
        if join.side == "LEFT" and on:
            parts = on.flatten() if isinstance(on, exp.And) else [on]
            name = join.alias_or_name
            found += [
                part.sql()
                for part in parts
                if name not in {column.table for column in part.find_all(exp.Column)}
            ]
    return found


@pytest.mark.parametrize("name", sorted(fact.name for fact in facts.ALL))
def test_conditions_are_of_the_table_joined(name):
    assert strangers(text("facts", name)) == []


def test_one_of_the_left_side_is_found():
    sql = "SELECT a.x FROM a LEFT JOIN b ON a.kind = 'partial' AND b.id = a.id"
    assert strangers(sql) == ["a.kind = 'partial'"]
