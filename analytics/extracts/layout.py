"""A part of a map held against a file: which cell of a row is which value of ours."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from analytics.errors import UnreadableFileError
from analytics.extracts.kinds import LISTS, Reader, reader
from analytics.extracts.names import Named
from analytics.extracts.sql import MOST_LINES
from analytics.maps import FileMap, Part
from analytics.maps.language import Value
from analytics.maps.targets import is_list, repeats

_TOGETHER = {"group_code": "group_together", "carc_code": "carc_together"}


@dataclass(frozen=True, slots=True)
class Field:
    """A value of a row: the `number`th of its table (from 1), made of the cells at `places`."""

    name: str  # of its column in the stage
    table: str
    column: str
    number: int
    reader: Reader
    places: tuple[int, ...]
    source: str  # the columns as the map names them, for messages
    # Cells and what they must be, in upper case, for the value to say something.
    when: tuple[tuple[int, tuple[str, ...]], ...] = ()

    @property
    def is_list(self) -> bool:
        """Whether the value is a list of codes."""
        return self.reader.kind in LISTS


@dataclass(frozen=True, slots=True)
class Layout:
    """The fields of a part."""

    part: Part
    fields: tuple[Field, ...]
    counts: Mapping[str, int]  # how many rows of a table a row of the file may hold

    def field(self, table: str, column: str, number: int = 1) -> Field | None:
        """The field of that column; None where the map has none."""
        found = [f for f in self.fields if (f.table, f.column) == (table, column)]
        return next((f for f in found if f.number == number), None)

    def name(self, table: str, column: str, number: int = 1) -> str | None:
        """The stage's column of that field; None where the map has none."""
        found = self.field(table, column, number)
        return found.name if found else None

    def of(self, table: str, number: int | None = None) -> tuple[Field, ...]:
        """The fields of a table, or of its `number`th row."""
        return tuple(f for f in self.fields if f.table == table and number in (None, f.number))

    def has(self, *tables: str) -> bool:
        """Whether the part fills any of these tables."""
        return bool(self.part.tables & set(tables))


def layout(file: FileMap, part: Part, named: Named) -> Layout:
    """The fields of a part.  Raises `UnreadableFileError` for columns that repeat unevenly."""
    repeated = _repeated(part)
    counts = dict.fromkeys(part.tables, 1)
    for table in repeated:
        lengths = {
            column: len(named.of(value.names))
            for (owner, column), value in part.columns.items()
            if owner == table and _is_group(part, table, column, value)
        }
        if len(set(lengths.values())) > 1:
            told = ", ".join(f"{column} {count}" for column, count in lengths.items())
            raise UnreadableFileError(f"columns of {table} side by side are not as many: {told}")
        counts[table] = max(lengths.values())
        if table in ("claim_line", "remit_line") and counts[table] > MOST_LINES:
            raise UnreadableFileError(f"more than {MOST_LINES} lines side by side: load it long")
    fields: list[Field] = []
    for (table, column), value in part.columns.items():
        read = reader(table, column, value, date=file.date, decimal=file.decimal)
        reads = {column: read}
        if read.kind == "group_and_carc":  # CO-45 is two values
            reads = {name: replace(read, kind=kind) for name, kind in _TOGETHER.items()}
        for number in range(1, counts[table] + 1):
            places = named.of(value.names)
            if _is_group(part, table, column, value):
                places = places[number - 1 : number]
            source = ", ".join(value.names) or "a constant"
            when = tuple((named.places[name][0], said) for name, said in value.where.items())
            for name, each in reads.items():
                at = f"v{len(fields)}"
                fields.append(Field(at, table, name, number, each, tuple(places), source, when))
    return Layout(part, tuple(fields), counts)


def _repeated(part: Part) -> set[str]:
    return {
        table
        for (table, column), value in part.columns.items()
        if _is_group(part, table, column, value)
    }


def _is_group(part: Part, table: str, column: str, value: Value) -> bool:
    """Whether the columns are of rows side by side, and not of one list."""
    if value.kind != "group" or not repeats(table):
        return False
    in_one_row = part.grain == "claim" and table in ("claim_line", "remit_line")
    return in_one_row or not is_list(table, column)
