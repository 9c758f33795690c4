"""Several small figures side by side within one pair of axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.plots import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def split(
    ax: Axes, count: int, columns: int, *, left: float, gap: float, below: float, head: float
) -> list[Axes]:
    """`count` axes within `ax`, row by row in so many columns, dressed; `ax` itself is blank.

    As shares of `ax`: `left` before the first column, `gap` between columns, `below` and `head`
    under and above each row.
    """
    ax.axis("off")
    rows = -(-count // columns)
    wide, high = (1 - left - gap * (columns - 1)) / columns, 1 / rows
    panels: list[Axes] = []
    for place in range(count):
        row, column = divmod(place, columns)
        start = left + column * (wide + gap), 1 - (row + 1) * high + below
        panel = ax.inset_axes((*start, wide, high - below - head))
        style.dress(panel)
        panels.append(panel)
    return panels
