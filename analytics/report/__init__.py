"""Reports: a notebook and a database in, one HTML file out that needs nothing else.

The notebook holds the order of things; the numbers come from the library.  The page has no code,
no scripts and asks for nothing from the network.
"""

import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from analytics.errors import AnalyticsError
from analytics.report import needs
from analytics.report.page import page
from analytics.report.parameters import inject
from analytics.report.run import ReportError, read, run

__all__ = ["ReportError", "needs", "render"]


def render(
    notebook: str | Path,
    out: str | Path,
    *,
    database: str | Path,
    parameters: Mapping[str, Any] | None = None,
    title: str | None = None,
    timeout: int = 600,
    progress: Callable[[int, int], None] | None = None,
) -> Path:
    """The path of the report: `notebook` run on `database`, as one HTML file at `out`.

    `parameters` replace the defaults in the notebook's cell tagged ``parameters``.  `progress` is
    told cells done and cells in all; `timeout` is in seconds, for one cell.  The title is the
    notebook's first heading where none is given.

    Raises:
        ReportError: The notebook is missing or a cell failed.  An older report stays as it was.
        UnknownNameError: The notebook has no such parameter.
    """
    source, target = Path(notebook), Path(out)
    book = read(source)
    given = {"database": str(_existing(Path(database)).resolve()), **(parameters or {})}
    inject(book, given, source.name)
    done = run(book, source, timeout=timeout, progress=progress)
    return _write(target, page(done, title, source.stem))


def _existing(database: Path) -> Path:
    if not database.is_file():
        raise AnalyticsError(f"no such database: {database}")
    return database


def _write(target: Path, text: str) -> Path:
    """Whole or not at all: a reader never sees half a report, and a failure leaves the old one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with part.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target
