"""Frames as HTML tables and cards: percent, dollars, intervals, counts.  Markup out; no queries.

What these functions give back shows itself in a notebook and in a report.
"""

from analytics.tables import sheets
from analytics.tables.cards import cards
from analytics.tables.contracts import contract
from analytics.tables.markup import Html, definitions, facts, metric_table, table
from analytics.tables.missing import either, sentence
from analytics.tables.turned import turned

__all__ = [
    "Html",
    "cards",
    "contract",
    "definitions",
    "either",
    "facts",
    "metric_table",
    "sentence",
    "sheets",
    "table",
    "turned",
]
