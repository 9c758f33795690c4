"""What a column map says, as plain values: a map has files, a file parts, a part columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["column", "group", "first_of", "constant"]
Grain: TypeAlias = Literal["claim", "line", "denial", "transaction", "row"]
Target: TypeAlias = tuple[str, str]  # a table of ours and a column of it

GRAINS: tuple[Grain, ...] = ("claim", "line", "denial", "transaction", "row")
MODES = ("append", "replace_period")
SPANS = ("day", "month", "quarter", "year")
DATES = ("MDY", "DMY", "YMD", "excel")  # or a form such as %m%d%Y
NUMBERS = ("{n}", "{nn}")  # in a name of columns that repeat, in place of 1 or 01, 2 or 02 ...


@dataclass(frozen=True, slots=True)
class Value:
    """Where the value of a column of ours comes from.

    `names` are source columns: one (`column`), the first that says something (`first_of`), or those
    of a repeated group in order (`group`, where a name with ``{n}`` stands for all of its number).
    """

    kind: Kind
    names: tuple[str, ...] = ()
    constant: str = ""
    date: str | None = None
    decimal: str | None = None
    split: str | None = None
    piece: int = 1
    codes: Mapping[str, str] | None = None  # value of theirs, in upper case -> value of ours
    other: str | None = None  # of values that `codes` does not name
    default: str | None = None  # of empty cells
    negate: bool = False
    sum: bool = False
    # Source column -> values in upper case: in rows that have none of them it says nothing.
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])


@dataclass(frozen=True, slots=True)
class Part:
    """What the rows of a file, or those with certain values, are.

    `where`: source column -> values in upper case.  `keys`: table -> the source columns whose
    values tell its rows apart; without one the loader's own rule counts (`targets.KEYS`).
    """

    grain: Grain
    columns: Mapping[Target, Value]
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    @property
    def tables(self) -> frozenset[str]:
        """The tables that the part fills."""
        return frozenset(table for table, _ in self.columns)

    @property
    def main(self) -> str:
        """The table that a row is mostly of, for findings on whole rows."""
        order = ("claim_line", "claim", "remit_line", "remit_claim", "remit")
        return next((t for t in order if t in self.tables), min(self.tables))

    @property
    def names(self) -> tuple[str, ...]:
        """Every source column that the part names, each once; groups with their ``{n}``."""
        named = [n for value in self.columns.values() for n in value.names]
        named += [n for value in self.columns.values() for n in value.where]
        named += [n for key in self.keys.values() for n in key]
        return tuple(dict.fromkeys([*named, *self.where]))


@dataclass(frozen=True, slots=True)
class Controls:
    """Totals that come with a file: in its last line, or in a file beside it.

    `rows` and the values of `sums` (source column -> place) say where a total stands: a place in
    the line from 1, or a column of the file beside.
    """

    trailer: str = ""  # how the last line begins
    file: str = ""  # name of the file beside; {stem} is that of the extract
    rows: int | str | None = None
    sums: Mapping[str, int | str] = field(default_factory=dict[str, int | str])


@dataclass(frozen=True, slots=True)
class FileMap:
    """How files of one kind are read.  `version` is a hash of all that is said here."""

    name: str
    patterns: tuple[str, ...]
    parts: tuple[Part, ...]
    sheet: str | None = None
    delimiter: str | None = None
    encoding: str | None = None
    quote: str = '"'
    header_row: int = 1
    decimal: str = "."
    date: str | None = None
    mixed_dates: Literal["refuse", "reject"] = "refuse"
    mode: Literal["append", "replace_period"] = "append"
    period: str | None = None
    every: Literal["day", "month", "quarter", "year"] = "month"
    row_key: tuple[str, ...] = ()
    controls: Controls = field(default_factory=Controls)
    version: str = ""

    def is_of(self, file_name: str) -> bool:
        """Whether a file of this name, folders left out, is read by this."""
        name = file_name.rsplit("/", 1)[-1].lower()
        plain = name.removesuffix(".gz").removesuffix(".bz2")
        return any(fnmatch(n, p.lower()) for n in (name, plain) for p in self.patterns)

    @property
    def names(self) -> tuple[str, ...]:
        """Every source column that is named, each once; groups with their ``{n}``."""
        named = [name for part in self.parts for name in part.names]
        named += [*self.row_key, *self.controls.sums, *([self.period] if self.period else [])]
        return tuple(dict.fromkeys(named))


@dataclass(frozen=True, slots=True)
class Map:
    """A column map."""

    files: tuple[FileMap, ...]
    path: str = ""

    def of(self, file_name: str) -> tuple[FileMap, ...]:
        """What reads a file of this name: several for the sheets of a workbook."""
        return tuple(f for f in self.files if f.is_of(file_name))


def is_numbered(name: str) -> bool:
    """Whether a name stands for columns 1, 2, 3 ..."""
    return any(number in name for number in NUMBERS)
