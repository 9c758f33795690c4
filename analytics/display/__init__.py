"""What a metric gives back: a polars frame that shows itself, as a table and as a figure.

No queries: what is shown is what the frame holds and what was asked for.
"""

from analytics.display.asked import Asked, Told
from analytics.display.frame import MetricFrame

__all__ = ["Asked", "MetricFrame", "Told"]
