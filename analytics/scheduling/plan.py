"""The file that says which reports are made: `reports.toml`.

::

    database = "revcycle.duckdb"    # paths are from the folder of this file
    out = "reports"

    [[report]]
    name = "denials"                # of the library, or a notebook of yours
    every = "month"                 # month, week, or load: whenever what is loaded changed
    formats = ["html", "xlsx"]
    wait = 5                        # days after the period's end before it is due
    since = 2026-01-01              # made for all periods from that day on
    small_cells = "show"            # hide if none, or strict: parts of all rates too
    reason = "..."                  # why they are shown, without names
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analytics import suppression, toml
from analytics.bookshelf import find, short
from analytics.errors import AnalyticsError, UnknownNameError, UnreadableFileError
from analytics.report.content import FORMATS
from analytics.scheduling.periods import EVERY

_KINDS: dict[str, tuple[type, str]] = {
    "name": (str, "a text"),
    "every": (str, "a text"),
    "formats": (list, "a list of texts"),
    "wait": (int, "a number of days, not below 0"),
    "since": (dt.date, "a date, written 2026-01-01 without quotes"),
    "revise": (bool, "true or false"),
    "file": (str, "a text"),
    "small_cells": (str, "a text"),
    "reason": (str, "a text"),
    "parameters": (dict, "a table of the notebook's parameters"),
}


class PlanError(AnalyticsError):
    """A reports.toml asks for what cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One report of the plan."""

    name: str
    notebook: Path
    every: str
    file: str  # how its files' names begin
    formats: tuple[str, ...] = ("html",)
    wait: int = 0  # days after the end of a period until it is due
    since: dt.date | None = None  # the first period to make; else the last one, and what was missed
    revise: bool = False  # whether older periods are made anew when their inputs changed
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
    small_cells: str = suppression.HIDE
    reason: str | None = None  # why small cells are shown

    @property
    def cells(self) -> suppression.Told:
        """The way with small cells; raises AnalyticsError where they are shown without a reason."""
        return suppression.asked(self.small_cells, self.reason)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the file says, its paths put together."""

    database: Path
    out: Path
    log: Path
    reports: tuple[Entry, ...]


def read_plan(path: str | Path) -> Plan:
    """The plan in a file.

    Raises `UnreadableFileError` for a file that is not there or no TOML, `UnknownNameError` for a
    key, report, format or pace there is not, `PlanError` for values that cannot be.
    """
    told, folder = _parsed(Path(path)), Path(path).parent
    _check_names("key of reports.toml", told, ("database", "out", "log", "report"))
    paths = {name: told.get(name, usual) for name, usual in _USUAL.items()}
    for name, value in paths.items():
        if not isinstance(value, str):
            raise PlanError(f"{name} is no text: write the path in quotes")
    listed = told.get("report", [])
    if not isinstance(listed, list) or not listed:
        raise PlanError(f"{path} has no [[report]]: it makes nothing")
    entries = tuple(_entry(one, folder) for one in listed)  # pyright: ignore[reportUnknownVariableType]
    _check_files(entries)
    out = folder / paths["out"]
    return Plan(
        folder / paths["database"], out, folder / (paths["log"] or out / "run.log"), entries
    )


_USUAL = {"database": "revcycle.duckdb", "out": "reports", "log": ""}


def _parsed(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise UnreadableFileError(f"{path} cannot be read: is it a TOML file in UTF-8?") from None
    return toml.parsed(text, str(path))


def _entry(told: Any, folder: Path) -> Entry:
    if not isinstance(told, dict):
        raise PlanError("report is no table: begin each with a line [[report]]")
    given: dict[str, Any] = dict(told)  # pyright: ignore[reportUnknownArgumentType]
    _check_names("key of a report", given, _KINDS)
    for name, value in given.items():
        _check_kind(name, value)
    for name in ("name", "every"):
        if name not in given:
            raise PlanError(f"a report has no {name}")
    _check_names("pace of a report", [given["every"]], EVERY)
    _check_names("format", given.get("formats", ()), FORMATS)
    notebook = find(given["name"], folder)
    if not notebook.is_file():
        raise PlanError(f"no such notebook: {notebook}")
    given["formats"] = tuple(given.get("formats") or ("html",))
    given.setdefault("file", short(notebook))
    made = Entry(notebook=notebook, **given)
    made.cells  # noqa: B018 - raises here what would else fail each run
    return made


def _check_kind(name: str, value: Any) -> None:
    kind, said = _KINDS[name]
    right = type(value) is kind
    if kind is list and right:
        right = all(isinstance(one, str) for one in value)
    if not right or (kind is int and value < 0):
        raise PlanError(f"{name} of a report is not {said}")
    if name == "file" and (not value or set(value) & set("/\\:")):
        raise PlanError("file of a report is a name without folders")


def _check_names(kind: str, given: Any, known: Any) -> None:
    for name in given:
        if name not in known:
            raise UnknownNameError(kind, name, known)


def _check_files(entries: tuple[Entry, ...]) -> None:
    """Raise where two reports would write the same files."""
    seen = set[tuple[str, str]]()
    for entry in entries:
        if (entry.file, entry.every) in seen:
            raise PlanError(f"two reports write {entry.file} every {entry.every}: give one a file")
        seen.add((entry.file, entry.every))
