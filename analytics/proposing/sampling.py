"""The first rows of an extract as text: delimited, Parquet or a sheet of a workbook."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from analytics.errors import UnreadableFileError
from analytics.ingest.files import Source, find
from analytics.ingest.workbooks import check
from analytics.proposing.delimited import HEAD, ROWS, Text, plain_names, read
from analytics.proposing.header import are_known, is_name, key, values
from analytics.proposing.trailer import without_trailer

_BOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb")
_NAMED = 3  # files of an archive that a message names
_MOST_ABOVE = 30  # lines above the names of a sheet


@dataclass(frozen=True, slots=True)
class Sampled:
    """The first rows of a file: its names as in the file, cells as plain text (null: empty)."""

    source: Source
    text: Text
    sheet: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return self.text.names

    def cells(self, place: int) -> pl.Series:
        """The cells of a column."""
        return self.text.cells.to_series(place)


def sample(path: str | Path, sheet: str | None = None) -> Sampled:
    """The first rows of one file.  Raises `UnreadableFileError`, which says what is wrong."""
    source = _source(Path(path))
    try:
        text, chosen = _text(source, sheet)
        _check_names(text)
    except UnreadableFileError as error:
        raise UnreadableFileError(f"{source.name}: {error}") from None
    return Sampled(source, without_trailer(text), chosen)


def _source(path: Path) -> Source:
    """The one file that a path names, be it in an archive: month.zip/claims.csv."""
    archive = next((p for p in path.parents if p.is_file()), None)
    found = find(archive or path)
    if archive is not None:
        inside = path.relative_to(archive).as_posix()
        found = [source for source in found if source.name.endswith(f"/{inside}")]
    if not found:
        raise UnreadableFileError(f"{archive} holds no such file")
    if len(found) > 1:
        named = ", ".join(path.parent.joinpath(s.name).as_posix() for s in found[:_NAMED])
        raise UnreadableFileError(f"{path} holds {len(found)} files: name one of them, as {named}")
    return found[0]


def _text(source: Source, sheet: str | None) -> tuple[Text, str | None]:
    if source.kind in _BOOKS:
        with source.open_stored() as stream:
            return _book(stream.read(), sheet)
    if sheet is not None:
        raise UnreadableFileError("it is no workbook: it has no sheets")
    if source.kind == ".parquet":
        return _parquet(source), None
    with source.open() as stream:
        head = stream.read(HEAD)
        while len(head) < HEAD and (block := stream.read(HEAD - len(head))):
            head += block
    if head.startswith(b"PAR1"):
        return _parquet(source), None
    if head.lstrip()[:3] == b"ISA":
        raise UnreadableFileError("it is X12, which loads without a map: revcycle load")
    return read(head, is_whole=len(head) < HEAD), None


def _parquet(source: Source) -> Text:
    try:
        if source.places:
            with source.open() as stream:
                rows = pl.read_parquet(io.BytesIO(stream.read()), n_rows=ROWS)
        else:
            rows = pl.scan_parquet(source.path, glob=False).head(ROWS).collect()
    except (pl.exceptions.PolarsError, OSError):
        raise UnreadableFileError("it cannot be read as Parquet") from None
    flat = [name for name, kind in rows.schema.items() if not kind.is_nested()]
    text = rows.select(flat).cast(pl.String, strict=False)
    names = plain_names(flat)
    return Text(names, text.rename(dict(zip(flat, _numbered(len(flat)), strict=True))))


def _book(content: bytes, sheet: str | None) -> tuple[Text, str]:
    """A sheet of a workbook; the names stand in its first row that is full."""
    try:
        from fastexcel import read_excel
    except ImportError:
        raise UnreadableFileError(
            'workbooks need the extra `excel`: pip install "revcycle[excel]"'
        ) from None
    check(content)
    try:
        book: Any = read_excel(content)
        chosen = _chosen(list(book.sheet_names), sheet)
        read_: Any = book.load_sheet(
            chosen, header_row=None, skip_rows=0, n_rows=ROWS + _MOST_ABOVE, dtypes="string"
        )
        cells: pl.DataFrame = read_.to_polars()
    except UnreadableFileError:
        raise
    except Exception as error:  # noqa: BLE001  # of fastexcel, which may quote a cell
        raise UnreadableFileError(f"it is no readable workbook ({type(error).__name__})") from None
    if not cells.height or not cells.width:
        raise UnreadableFileError(f"its sheet {chosen} is empty")
    return _headed(cells), chosen


def _chosen(names: list[str], sheet: str | None) -> str:
    if sheet is not None and sheet not in names:
        raise UnreadableFileError(f"it has no sheet {sheet}; it has {', '.join(names)}")
    if sheet is None and len(names) != 1:
        raise UnreadableFileError(
            f"it has several sheets ({', '.join(names)}): say which with --sheet"
        )
    return sheet or names[0]


def _headed(cells: pl.DataFrame) -> Text:
    """The cells below the first row that has as many of them as rows mostly have."""
    filled = cells.select(pl.sum_horizontal(pl.all().is_not_null())).to_series()
    usual = int(filled.mode().sort()[-1])
    above = int((filled.head(_MOST_ABOVE) >= max(usual * 0.8, 2)).arg_max() or 0)
    names = plain_names(cells.row(above))
    kept = cells.select(cells.columns[: len(names)]).slice(above + 1, ROWS)
    kept.columns = _numbered(len(names))
    return Text(names, kept, header_row=above + 1, is_whole=cells.height < ROWS)


def _numbered(count: int) -> list[str]:
    return [f"c{place}" for place in range(count)]


def _check_names(text: Text) -> None:
    """Raise where the line taken for the names is none: its cells are not quoted then."""
    names = text.names
    if not names:
        raise UnreadableFileError("it has no names of columns")
    # Names are quoted later on; the cells of a row of values must not be.
    if values(names) * 4 > len(names) or _is_data(text):
        raise UnreadableFileError(
            f"line {text.header_row} seems to hold values, not names of columns: put a line with "
            "names above it"
        )
    if not are_known(names):
        raise UnreadableFileError(
            f"hardly a name in line {text.header_row} is one of a billing extract: is it a row of "
            "values? Then put a line with names above it; else write the map by docs/maps.md"
        )
    twice = sorted({n for n in text.names if n and _same(text.names).count(key(n)) > 1})
    if twice:
        shown = ", ".join(name for name in dict.fromkeys(twice) if is_name(name))
        raise UnreadableFileError(f"two of its columns have one name: {shown}; rename one")


def _is_data(text: Text) -> bool:
    """Whether most names are also cells below them: then they are values."""
    met = [
        name in set(text.cells.to_series(place).drop_nulls().to_list())
        for place, name in enumerate(text.names)
        if name
    ]
    return bool(met) and sum(met) * 3 > len(met)


def _same(names: tuple[str, ...]) -> list[str]:
    return [key(name) for name in names]
