"""A report in the formats asked for, with its manifest beside it."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from analytics import suppression
from analytics.database import Database
from analytics.engines.address import Address
from analytics.engines.opening import opened, placed, to_build
from analytics.engines.tables import SparkDatabase
from analytics.errors import AnalyticsError
from analytics.keys import key_given
from analytics.progress import shown
from analytics.report import inputs as made_of
from analytics.report import manifest
from analytics.report.content import FORMATS, Content, key_numbers, known, titled
from analytics.report.found import found, numbers
from analytics.report.parameters import check_engine, inject
from analytics.report.place import put
from analytics.report.run import ReportError, read, run

_COMPARED = ("report", "as_of", "period_end", "numbers", "key_numbers")


def executed(
    notebook: Path,
    database: str | Path,
    parameters: Mapping[str, Any],
    timeout: int,
    progress: Callable[[int, int], None] | bool | None,
    small_cells: str = suppression.HIDE,
    engine: str | None = None,
) -> Any:
    """The notebook with its outputs, run on the database; a bar is shown without `progress`."""
    how: dict[str, Any] = {"timeout": timeout, "small_cells": small_cells}
    book = read(notebook)
    if "engine" in parameters:
        raise AnalyticsError("an engine is no parameter to give: use --engine, or engine=")
    where = {"database": placed(database, engine)}
    if engine is not None:
        check_engine(book, notebook.name)
        where["engine"] = Address.of(engine).text
    inject(book, {**where, **parameters}, notebook.name)
    if callable(progress):
        return run(book, notebook, progress=progress, **how)
    with shown("reporting", progress) as bar:
        return run(book, notebook, progress=lambda done, of: bar(done, of, notebook.stem), **how)


def state(
    notebook: Path,
    database: str | Path,
    parameters: Mapping[str, Any],
    as_of: dt.date | None = None,
    small_cells: suppression.Told | None = None,
    engine: str | None = None,
) -> dict[str, Any]:
    """What the numbers would be made of now; raises AnalyticsError where the facts are not ready.

    The key of an encrypted database is that of `keys.key_given`.
    """
    return _state(notebook, database, parameters, as_of, small_cells, engine)[0]


def _state(
    notebook: Path,
    database: str | Path,
    parameters: Mapping[str, Any],
    as_of: dt.date | None,
    small_cells: suppression.Told | None,
    engine: str | None,
) -> tuple[dict[str, Any], Any]:
    """The same, and what tells that a folder was built anew."""
    with opened(database, engine) as db:
        made_of.check(db, as_of, to_build(database, engine))
        stamp = db.stamp if isinstance(db, SparkDatabase) else None
        return made_of.inputs(db, notebook, parameters, small_cells), stamp


def make(
    notebook: str | Path,
    out: str | Path,
    *,
    database: str | Path,
    formats: Sequence[str] = ("html",),
    parameters: Mapping[str, Any] | None = None,
    as_of: dt.date | None = None,
    title: str | None = None,
    timeout: int = 600,
    progress: Callable[[int, int], None] | bool | None = None,
    compared_with: str | None = None,
    small_cells: str = suppression.HIDE,
    reason: str | None = None,
    engine: str | None = None,
) -> list[Path]:
    """Run `notebook` and write `out` with the ending of each format; gives the files' paths.

    Beside them stands ``.manifest.json``: inputs, key numbers, and the hash of each file.  The same
    inputs give the same bytes.  `parameters`, `title`, `timeout`, `progress` are as in `render`.
    `compared_with` names a report of the same folder, without ending, that a mail tells the change
    from; its own name is the report as it was before.  `small_cells` is ``hide``, ``strict`` (the
    parts of every rate too) or ``show``, for a `reason`, told in the manifest and on the page.
    With `engine`, the address of a Spark (`engines.address.FORMS`), `database` is a folder of
    tables with facts, a path or URL of the cluster's; such a folder has no audit trail.

    Raises:
        ReportError: The notebook is missing, a cell failed, or the database changed meanwhile.
        UnknownNameError: There is no such format, no such parameter, or way with small cells.
        AnalyticsError: The facts are not ready or not as of that day; a format's extra is missing;
            small cells are shown without a reason.
    Nothing is written then, and older files stay as they were.
    """
    source, target = Path(notebook), Path(out)
    wanted, given = known(formats), dict(parameters or {})
    read(source)  # a notebook that is not there is said before all else
    cells = suppression.asked(small_cells, reason)
    now = partial(_state, source, database, given, as_of, cells, engine)
    asked = before, _ = now()
    book = executed(source, database, given, timeout, progress, cells.how, engine)
    if now() != asked:
        raise ReportError("the database changed while the report was made: run it again")
    earlier = _earlier(target, compared_with, before)
    content = _content(book, titled(book, title, source.stem), target, before, earlier, cells)
    files = {
        target.with_name(target.name + ending): made
        for name in wanted
        for ending, made in FORMATS[name](content).items()
    }
    told = manifest.manifest({**content.told, **_place(database, engine)}, before, files)
    beside = target.with_name(target.name + manifest.ENDING)
    told["outputs"] = _still(beside, told) | told["outputs"]
    put({**files, beside: manifest.written(told)})
    if engine is None:
        _note(database, target.name, list(files), told)
    return list(files)


def _place(database: str | Path, engine: str | None) -> dict[str, str]:
    on = {"engine": Address.of(engine).shown} if engine is not None else {}
    return {"database": str(database), **on}


def _note(database: str | Path, report: str, files: list[Path], told: Mapping[str, Any]) -> None:
    """A line of the audit trail, which waits beside the file: no reader is locked out."""
    with Database(database, key=key_given(), read_only=True) as db:
        db.lock_down()
        names = [file.name for file in files]
        # The reason is a text of the user's, which may name someone: it stays in the manifest.
        shown = {"small_cells": told["small_cells"]["how"]}
        db.trail.note("report", files=names, report=report, inputs=told["inputs"], **shown)


def _content(
    book: Any,
    title: str,
    target: Path,
    inputs: Mapping[str, Any],
    earlier: Mapping[str, Any] | None,
    cells: suppression.Told,
) -> Content:
    tables = found(book)
    day, given = inputs["as_of"], inputs["parameters"]
    told = {
        "report": target.name,
        "title": title,
        "period_start": given.get("period_start"),
        "period_end": given.get("period_end"),
        "as_of": day,
        "small_cells": cells.manifest,
        "numbers": numbers(tables),
        "key_numbers": key_numbers(tables),
        "compared_with": earlier,
    }
    made = dt.date.fromisoformat(day) if day else None
    return Content(book, title, tables, told, made, cells)


def _earlier(target: Path, name: str | None, inputs: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What the report compared with said, so that a report made again says the same."""
    told = manifest.read(target.with_name(f"{name}{manifest.ENDING}")) if name else None
    if told and name == target.name and told.get("inputs") == made_of.digest(inputs):
        return told.get("compared_with")
    return {key: told.get(key) for key in _COMPARED} if told else None


def _still(beside: Path, told: Mapping[str, Any]) -> dict[str, str]:
    """Files of other formats made of the same inputs before: they are this report's too."""
    before = manifest.read(beside)
    same = before is not None and before.get("inputs") == told["inputs"]
    return manifest.standing(before, beside.parent) if before and same else {}
