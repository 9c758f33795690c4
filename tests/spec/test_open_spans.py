"""How facts join spans of days that have no end."""

import re

import pytest

from analytics import facts


@pytest.mark.parametrize("fact", facts.ALL, ids=lambda fact: fact.name)
def test_an_open_end_is_a_day_of_its_own(fact):
    """``day <= coalesce(table.end_date, day)`` mixes the two sides of a join.

    The engine then compares all rows with all: 30,000 stays took half a minute instead of half a
    second.  A last day keeps the sides apart.
    """
    mixed = r"<= coalesce\(\s*[\w.]*(?:end_date|effective_to),\s*(?!DATE\b|CAST\b)[\w.]+\s*\)"
    assert not re.findall(mixed, fact.sql)
