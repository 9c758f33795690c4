"""Frames as HTML tables and cards: percent, dollars, intervals, counts.  Markup out; no queries.

What these functions give back shows itself in a notebook and in a report.
"""

from analytics.tables import sheets
from analytics.tables.cards import cards
from analytics.tables.markup import Html, definitions, facts, metric_table, table

__all__ = ["Html", "cards", "definitions", "facts", "metric_table", "sheets", "table"]
