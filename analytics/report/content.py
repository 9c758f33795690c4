"""A notebook that has run, as the files of a report: one format at a time."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analytics import suppression
from analytics.errors import UnknownNameError
from analytics.exporting import excel
from analytics.report.found import Found
from analytics.report.mail import mail
from analytics.report.page import page, title_of
from analytics.report.pdf import needs_pdf, pdf
from analytics.report.xlsx import xlsx
from analytics.tables import sheets

# Columns of a card's sheet, and what a manifest calls them.
_KEYS = {"Metric": "metric", "Value": "value", "95% low": "low", "95% high": "high", "n": "n"}


@dataclass(frozen=True, slots=True)
class Content:
    """All that a format may need: the notebook with its outputs and the tables in it."""

    book: Any
    title: str
    tables: Sequence[Found]
    told: Mapping[str, Any] = field(default_factory=dict[str, Any])  # the manifest's own words
    as_of: dt.date | None = None
    cells: suppression.Told = field(default_factory=suppression.Told)


def titled(book: Any, title: str | None, otherwise: str) -> str:
    """The title asked for, else the notebook's first heading, else `otherwise`."""
    return title or title_of(book) or otherwise


def key_numbers(tables: Sequence[Found]) -> list[dict[str, Any]]:
    """The report's cards: metric, value, low, high, n, unit and which is better."""
    rows = list[dict[str, Any]]()
    for table in (t for t in tables if t.kind == sheets.CARDS):
        columns = {column["head"]: column["cells"] for column in table.sheet["columns"]}
        units = next(c["unit"] for c in table.sheet["columns"] if c["head"] == "Value")
        for row, unit in enumerate(units):
            told = {name: columns[head][row] for head, name in _KEYS.items()}
            if (share := columns["Settled"][row]) is not None:
                told["settled"] = share
            rows.append(told | {"unit": unit, "better": columns["Better"][row]})
    return rows


def _html(content: Content) -> dict[str, bytes]:
    return {".html": page(content.book, content.title, content.cells.text).encode()}


def _xlsx(content: Content) -> dict[str, bytes]:
    return {".xlsx": xlsx(content.title, content.tables, content.as_of, content.cells.text)}


def _needs_excel() -> None:
    excel.check(0)


def _pdf(content: Content) -> dict[str, bytes]:
    return {".pdf": pdf(page(content.book, content.title, content.cells.text))}


def _mail(content: Content) -> dict[str, bytes]:
    return mail(content.told, content.tables, content.told["compared_with"], content.cells.text)


# Each gives its files, by the ending of their names.
FORMATS: dict[str, Callable[[Content], dict[str, bytes]]] = {
    "html": _html,
    "mail": _mail,
    "pdf": _pdf,
    "xlsx": _xlsx,
}


ENDINGS = {
    "html": (".html",),
    "mail": (".mail.html", ".mail.txt"),
    "pdf": (".pdf",),
    "xlsx": (".xlsx",),
}
NEEDS: dict[str, Callable[[], object]] = {"pdf": needs_pdf, "xlsx": _needs_excel}


def known(formats: Sequence[str]) -> list[str]:
    """The formats, each once.

    Raises UnknownNameError for one there is not, AnalyticsError where what it needs is missing.
    """
    for name in formats:
        if name not in FORMATS:
            raise UnknownNameError("format", name, FORMATS)
        if name in NEEDS:
            NEEDS[name]()
    return list(dict.fromkeys(formats))
