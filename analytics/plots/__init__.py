"""Figures of metric frames.  They draw what they are given: no queries, no statistics, no files.

Every function takes a frame and its metric and gives back the matplotlib axes it drew on: the
`ax` given, else the current one, or those of a new figure where something is drawn on it.
matplotlib is imported when the first figure is drawn.
"""

from analytics.plots.ageing import aging
from analytics.plots.bands import cost_bands
from analytics.plots.bars import pareto
from analytics.plots.competing import outcomes
from analytics.plots.completed import completed
from analytics.plots.forecast import forecast
from analytics.plots.funnel import funnel
from analytics.plots.grid import grid
from analytics.plots.heat import heatmap
from analytics.plots.levels import levels
from analytics.plots.parts import stacked
from analytics.plots.ranking import ranked
from analytics.plots.score import scorecard
from analytics.plots.spread import spread
from analytics.plots.steps import bridge, effects
from analytics.plots.style import alt_text
from analytics.plots.trend import trend
from analytics.plots.waiting import curve

__all__ = [
    "aging",
    "alt_text",
    "bridge",
    "completed",
    "cost_bands",
    "curve",
    "effects",
    "forecast",
    "funnel",
    "grid",
    "heatmap",
    "levels",
    "outcomes",
    "pareto",
    "ranked",
    "scorecard",
    "spread",
    "stacked",
    "trend",
]
