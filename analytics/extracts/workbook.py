"""A sheet of an Excel workbook as columns of text, and the cells in it that are no values."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from analytics.errors import UnreadableFileError
from analytics.ingest.compression import faults_said
from analytics.ingest.workbooks import check

if TYPE_CHECKING:
    from pathlib import Path

MARK = "\x01"  # in place of a cell that is an error, or a formula that nothing computed
_BLOCK = 4 << 20
_CELL = rb'<c (?=[^>]*\br="([A-Z]{1,3})(\d+)")'
_ERROR = re.compile(_CELL + rb'(?=[^>]*\bt="e")')
_UNCOMPUTED = re.compile(_CELL + rb"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>")
_USED = re.compile(rb'<c [^>]*\br="([A-Z]{1,3})\d+"[^>]*[^/]>')
_MERGED = re.compile(rb'<mergeCell [^>]*ref="([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)"')
_BOOK = "xl/workbook.xml"
_SHEET = re.compile(r'<sheet [^>]*?name="([^"]*)"[^>]*?r:id="([^"]*)"')
_RELATION = re.compile(r"<Relationship [^>]*>")


class Sheet(NamedTuple):
    """The cells of a sheet from its first row and first used column, and ranges of merged ones.

    `merged`: first row and column, last row and column, from 0.  `left`: columns left out.
    """

    cells: pl.DataFrame
    merged: list[tuple[int, int, int, int]]
    left: int = 0


def sheet(path: "str | Path", name: str | None) -> Sheet:
    """A sheet of a workbook.  Raises `UnreadableFileError`, which says what to do."""
    try:
        from fastexcel import read_excel
    except ImportError:
        raise UnreadableFileError(
            'workbooks need the extra `excel`: pip install "revcycle[excel]"'
        ) from None
    with open(path, "rb") as stream:  # noqa: PTH123
        content = stream.read()
    check(content)
    try:
        book: Any = read_excel(content)
        chosen = _chosen(book.sheet_names, name)
        # Without skip_rows the rows above the first used one are left out, and numbers shift.
        read = book.load_sheet(chosen, header_row=None, skip_rows=0, dtypes="string")
        cells: pl.DataFrame = read.to_polars()
    except UnreadableFileError:
        raise
    except Exception as error:  # noqa: BLE001  # of fastexcel's own; they may quote a cell
        raise UnreadableFileError(
            f"it cannot be read as a workbook ({type(error).__name__})"
        ) from None
    if not cells.height:
        raise UnreadableFileError(f"its sheet {printable(chosen)} is empty")
    with faults_said():
        return _marked(cells, content, chosen)


def _chosen(names: list[str], name: str | None) -> str:
    if name in names:
        return str(name)
    listed = ", ".join(map(printable, names))
    if name is not None:
        raise UnreadableFileError(f"it has no sheet {name}; it has {listed}")
    if len(names) != 1:
        raise UnreadableFileError(f'it has several sheets ({listed}): say which, as sheet = "..."')
    return names[0]


def printable(name: str) -> str:
    """The name of a sheet as a terminal may show it."""
    return "".join(c if c.isprintable() else "?" for c in name)


def _marked(cells: pl.DataFrame, content: bytes, name: str) -> Sheet:
    """The cells with a mark where one is no value, found in the sheet's own XML."""
    bad: dict[int, list[int]] = {}
    merged: list[tuple[int, int, int, int]] = []
    used: set[bytes] = set()
    for block in _xml(content, name):
        used |= set(_USED.findall(block))
        for found in (*_ERROR.findall(block), *_UNCOMPUTED.findall(block)):
            bad.setdefault(_column(found[0]), []).append(int(found[1]) - 1)
        for first, top, last, bottom in _MERGED.findall(block):
            merged.append((int(top) - 1, _column(first), int(bottom) - 1, _column(last)))
    # The reader leaves out columns before the first that has a cell.
    left = min(map(_column, used), default=0)
    merged = [(top, first - left, bottom, last - left) for top, first, bottom, last in merged]
    row = pl.int_range(pl.len())
    columns = [
        pl.when(row.is_in(bad[place + left]))
        .then(pl.lit(MARK))
        .otherwise(pl.col(column))
        .alias(column)
        for place, column in enumerate(cells.columns)
        if place + left in bad
    ]
    return Sheet(cells.with_columns(columns), merged, left)


def _xml(content: bytes, name: str) -> Iterator[bytes]:
    """The XML of a sheet, cut where cells end."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        target = _target(archive, name)
        if target not in archive.namelist():
            return
        rest = b""
        with archive.open(target) as stream:
            while block := stream.read(_BLOCK):
                rest += block
                cut = rest.rfind(b"</c>") + 4 if b"</c>" in rest else 0
                yield rest[:cut]
                rest = rest[cut:]
        yield rest


def _target(archive: zipfile.ZipFile, name: str) -> str:
    """Where in the archive a sheet is."""
    book = archive.read(_BOOK).decode("utf-8", "replace")
    links = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    ids = {_plain(sheet): link for sheet, link in _SHEET.findall(book)}
    for relation in _RELATION.findall(links):
        said = dict(re.findall(r'(\w+)="([^"]*)"', relation))
        if said.get("Id") == ids.get(name):
            target = said.get("Target", "").lstrip("/")
            return target if target.startswith("xl/") else f"xl/{target}"
    return ""


def _plain(text: str) -> str:
    for name, mark in (
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", '"'),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ):
        text = text.replace(name, mark)
    return text


def _column(letters: bytes) -> int:
    """The place of a column, from 0: A, B ... Z, AA ..."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - ord("A") + 1
    return place - 1
