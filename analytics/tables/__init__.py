"""Frames as HTML tables and cards: percent, dollars, intervals, counts.  Markup out; no queries.

What these functions give back shows itself in a notebook and in a report.
"""

from analytics.tables import sheets
from analytics.tables.cards import cards
from analytics.tables.contracts import contract
from analytics.tables.lines import lines
from analytics.tables.markup import Html, Layout, definitions, facts, laid_out, metric_table, table
from analytics.tables.missing import either, sentence
from analytics.tables.turned import turned

__all__ = [
    "Html",
    "Layout",
    "cards",
    "contract",
    "definitions",
    "either",
    "facts",
    "laid_out",
    "lines",
    "metric_table",
    "sentence",
    "sheets",
    "table",
    "turned",
]
