"""Reports: a notebook and a database in, files out that need nothing else.

The notebook holds the order of things; the numbers come from the library.  The page shows no
code and asks for nothing from the network; its one script sorts and filters tables.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from analytics import suppression
from analytics.report import needs  # first: it says what is missing
from analytics.report.content import FORMATS, titled
from analytics.report.making import executed, make, state
from analytics.report.page import page
from analytics.report.place import put
from analytics.report.run import ReportError

__all__ = ["FORMATS", "ReportError", "make", "needs", "render", "state"]


def render(
    notebook: str | Path,
    out: str | Path,
    *,
    database: str | Path,
    parameters: Mapping[str, Any] | None = None,
    title: str | None = None,
    timeout: int = 600,
    progress: Callable[[int, int], None] | bool | None = None,
    small_cells: str = suppression.HIDE,
    reason: str | None = None,
    engine: str | None = None,
) -> Path:
    """The path of the report: `notebook` run on `database`, as one HTML file at `out`.

    `parameters` replace the defaults in the notebook's cell tagged ``parameters``.  `progress` is
    told cells done and cells in all; without it a bar is shown, with False none.  `timeout` is in
    seconds, for one cell.  `small_cells`, `reason` and `engine` are as in `make`.  The title is
    the notebook's first heading where none is given.

    Raises:
        ReportError: The notebook is missing or a cell failed.  An older report stays as it was.
        UnknownNameError: The notebook has no such parameter.
    """
    source, target = Path(notebook), Path(out)
    cells = suppression.asked(small_cells, reason)
    done = executed(source, database, parameters or {}, timeout, progress, cells.how, engine)
    put({target: page(done, titled(done, title, source.stem), cells.text).encode()})
    return target
