"""What a report's kernel does around the notebook's own cells: figures as SVG, no styles."""

from __future__ import annotations

import io
import signal
import sys
from typing import TYPE_CHECKING, Any

from analytics import identity, progress, suppression
from analytics.engines import opening
from analytics.tables import styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def start(small_cells: str = suppression.HIDE) -> None:
    """Figures as SVG, with their words; looks are left to the page, and no bar is kept in it.

    What is shown is for others to read: `small_cells` says what becomes of counts of few people,
    and SQL reads nothing that names one unless it says so.
    """
    suppression.use(small_cells)
    identity.guard()
    styled.for_report()
    progress.silence()
    figures()
    signal.signal(signal.SIGTERM, _leave)


def end() -> None:
    """What it does after them: give back what a cluster gave."""
    opening.close_all()


def _leave(_number: int, _frame: object) -> None:
    """Told to end, the kernel ends as a program does that closes what it has opened."""
    sys.exit()


def figures() -> None:
    """Show every figure as SVG, its words beside it as metadata."""
    # Only a kernel needs these, and only it can.
    import matplotlib_inline.backend_inline  # noqa: F401  # pyright: ignore[reportUnusedImport]
    from IPython.core.getipython import get_ipython
    from matplotlib.figure import Figure

    shell: Any = get_ipython()
    formatters = shell.display_formatter.formatters
    formatters["image/png"].pop(Figure, None)
    formatters["image/svg+xml"].for_type(Figure, svg)


def svg(figure: Figure) -> tuple[str, dict[str, str]] | None:
    """The figure as SVG, text kept as text, and its alternative text; nothing for an empty one."""
    import matplotlib as mpl

    from analytics.plots import alt_text

    if not figure.axes:
        return None
    # Figures without a layout of their own are cut to what is drawn, as notebooks do.
    box = None if figure.get_layout_engine() else "tight"
    buffer = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "revcycle"}):
        figure.savefig(buffer, format="svg", bbox_inches=box, transparent=True, metadata=QUIET)
    return buffer.getvalue(), {"alt": alt_text(figure)}


# Without a date the same figure is the same bytes.
QUIET: Any = {"Date": None, "Creator": None, "Format": None, "Type": None}
