"""A part of an extract read into a temporary table: typed values, keys, and the rule a row breaks.

One pass over the file: cells to plain text, text to values, values to faults, layer over layer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import duckdb

from analytics.extracts import codes, days
from analytics.extracts.faults import Faults
from analytics.extracts.kinds import DAYS
from analytics.extracts.layout import Field, Layout
from analytics.extracts.levels import Level, key_of, levels, told_by_key
from analytics.extracts.names import Named
from analytics.extracts.plain import bare, plain
from analytics.extracts.required import answers, conditions, pays
from analytics.extracts.sql import any_of, is_one_of
from analytics.extracts.usual import is_bound, usual
from analytics.extracts.workbook import MARK
from analytics.ingest.limits import MOST
from analytics.maps import FileMap
from analytics.query import literal

TABLE = "extract_stage"


class Raw(NamedTuple):
    """Cells of a file as text: a relation with columns c0, c1 ...; `marked` where cells may be.

    `is_plain`: all letters are of ASCII, and cells end in spaces at most.
    """

    relation: str
    width: int
    marked: bool = False
    is_plain: bool = False
    record: str = ""  # its column with the number of the row; else rows are numbered when staged


@dataclass(slots=True)
class Stage:
    """What was staged, and how to speak of it."""

    layout: Layout
    levels: dict[str, Level]
    faults: Faults
    no: str  # SQL for the number of a row
    blank: int = 0
    trailer: int = 0
    # Faults of days of the other order, by number: of which field, or None of the period.
    other_order: dict[int, Field | None] = field(default_factory=dict[int, Field | None])
    has_period: bool = False
    has_key: bool = False

    @property
    def rows(self) -> str:
        """The rows with their number `no`, as a relation."""
        return f"(SELECT {self.no} AS no, * FROM {TABLE})"

    @property
    def sound(self) -> str:
        """The rows that break no rule, likewise."""
        return f"(SELECT {self.no} AS no, * FROM {TABLE} WHERE fault IS NULL)"


def staged(
    connection: duckdb.DuckDBPyConnection,
    raw: Raw,
    file: FileMap,
    layout: Layout,
    named: Named,
    where: str | None = None,
) -> Stage:
    """Read a part.  `where` keeps to its rows; a part that is alone looks at every row."""
    stage = Stage(layout, levels(layout), Faults(), raw.record or "(rowid + 1)")
    stage.has_period, stage.has_key = file.period is not None, bool(file.row_key)
    alone = where is None
    fault = _fault(stage, raw, file, named, alone=alone)
    columns = [
        *([raw.record] if raw.record else []),
        *(f.name for f in layout.fields),
        *_keys(stage, named),
        *_of_row(file, named),
        f"CAST({fault} AS USMALLINT) AS fault",
    ]
    text = f"SELECT {', '.join(columns)} FROM {_values(raw, file, layout, named, where)}"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {TABLE} AS {text}")
    return stage


def _values(raw: Raw, file: FileMap, layout: Layout, named: Named, where: str | None) -> str:
    """The layers: s plain cells, t what they say, w that read, v in its type."""
    used = {p for f in layout.fields for p in (*f.places, *(place for place, _ in f.when))}
    used = sorted(used | set(_other_places(file, named)))
    of = [f"{bare(layout, p, plain(f'c{p}', is_plain=raw.is_plain))} AS s{p}" for p in used]
    kept = f" WHERE {where}" if where else ""
    cells = f"(SELECT *, {', '.join(of)} FROM {raw.relation})" if of else raw.relation
    single = [f for f in layout.fields if not f.is_list]
    said = {f"t_{f.name}": _text(f) for f in single}
    said |= {"t_period": _period_text(file, named)} if file.period else {}
    layers, at = _layer(f"{cells}{kept}", said)
    read = {f"w_{f.name}": f.reader.parsed(at[f"t_{f.name}"]) for f in single}
    read |= {"w_period": days.parsed("t_period", file.date or "MDY")} if file.period else {}
    layers, at = _layer(layers, read)
    settled = {f.name: _settled(f, at.get(f"w_{f.name}", "")) for f in layout.fields}
    settled |= {"v_period": days.settled("w_period")} if file.period else {}
    layers, _ = _layer(layers, settled)
    return layers


def _layer(below: str, cells: Mapping[str, str]) -> tuple[str, Mapping[str, str]]:
    """A relation with more columns, each expression worked out once; and whose value each has."""
    first: dict[str, str] = {}
    at = {name: first.setdefault(text, name) for name, text in cells.items()}
    if not at:
        return f"(SELECT * FROM {below})", at
    own = ", ".join(f"{text} AS {name}" for text, name in first.items())
    same = "".join(f", {name} AS {other}" for other, name in at.items() if other != name)
    layer = f"(SELECT *, {own} FROM {below})"
    return f"(SELECT *{same} FROM {layer})" if same else layer, at


def _text(field_: Field) -> str:
    text = field_.reader.text([f"s{place}" for place in field_.places])
    return f"CASE WHEN {_applies(field_)} THEN {text} END" if field_.when else text


def _applies(field_: Field) -> str:
    """Whether a row is one of those in which the value says something."""
    return " AND ".join(
        f"coalesce({is_one_of(f'upper(s{place})', values)}, FALSE)" for place, values in field_.when
    )


def _settled(field_: Field, read: str) -> str:
    if not field_.is_list:
        return field_.reader.settled(read)
    cells = [f"s{place}" for place in field_.places] or [literal(field_.reader.value.constant)]
    return codes.code_list(cells) if field_.reader.kind == "modifiers" else codes.pointers(cells)


def _period_text(file: FileMap, named: Named) -> str:
    return f"s{named.places[str(file.period)][0]}"


def _other_places(file: FileMap, named: Named) -> list[int]:
    """Cells that no field is made of, but keys, conditions or the period."""
    names = [*file.row_key, *([file.period] if file.period else [])]
    for part in file.parts:
        names += [*part.where, *(n for key in part.keys.values() for n in key)]
    return named.of(names)


def meets(where: Mapping[str, tuple[str, ...]], named: Named) -> str:
    """Whether a row has the values that a part asks for: SQL over raw cells."""
    conditions_ = [
        f"coalesce({is_one_of(f'upper({plain(cell)})', values)}, FALSE)"
        for name, values in where.items()
        for cell in [f"c{named.places[name][0]}"]
    ]
    return f"({' AND '.join(conditions_)})" if conditions_ else "TRUE"


def _keys(stage: Stage, named: Named) -> list[str]:
    """Hashes of what tells the things of a level apart, and of what a row says of them."""
    found: list[str] = []
    for table, level in stage.levels.items():
        if level.key is None:
            continue
        key = key_of(stage.layout, table, named)
        if table.startswith("remit"):
            there = pays(stage.layout) if table == "remit" else answers(stage.layout)
            key = f"CASE WHEN {there} THEN {key} END"
        apart = told_by_key(stage.layout, table)
        same = [f for f in level.fields if f.places and not f.reader.value.sum]
        same = [f.name for f in same if f.name not in apart]
        found += [f"{key} AS {level.key}", f"hash({', '.join([*same, '0'])}) AS h_{table}"]
    return found


def _of_row(file: FileMap, named: Named) -> list[str]:
    """What tells rows apart from those of other files, and the period that a row is of."""
    found: list[str] = []
    if file.row_key:
        cells = [f"coalesce(upper(s{place}), '')" for place in named.of(file.row_key)]
        text = f"concat_ws(chr(31), {', '.join([literal(file.name), *cells])})"
        found.append(f"CAST(md5_number_lower({text}) >> 1 AS BIGINT) AS row_key")
    if file.period:
        found.append(f"CAST(date_trunc('{file.every}', v_period) AS DATE) AS period_date")
    return found


def _fault(stage: Stage, raw: Raw, file: FileMap, named: Named, *, alone: bool) -> str:
    """The number of the first rule that a row breaks, or null."""
    faults, layout = stage.faults, stage.layout
    cells = ", ".join(f"c{place}" for place in range(raw.width))
    stage.blank = faults.number("row_blank", "")
    cases = [f"WHEN coalesce({cells}) IS NULL THEN {stage.blank}"]
    if file.controls.trailer:
        stage.trailer = faults.number("row_trailer", "")
        begins = f"starts_with(c0, {literal(file.controls.trailer)})"
        cases.append(f"WHEN {begins} THEN {stage.trailer}")
    where = dict(layout.part.where)
    if alone and where:
        number = faults.number("row_not_mapped", "", ", ".join(where))
        cases.append(f"WHEN NOT {meets(where, named)} THEN {number}")
    # Before all else that a row may break, as one row tells how a whole column is to be read.
    cases += _orders(stage, file)
    if raw.marked:
        cases += _marked(layout, faults)
    for f in layout.fields:
        cases += _of_field(stage, f)
    if file.period:
        missing = faults.number("date_unreadable", "", file.period)
        cases.append(f"WHEN v_period IS NULL THEN {missing}")
    met: list[str] = []
    for rule, table, column, sql, enough in conditions(layout, stage.levels):
        cases.append(f"WHEN {sql} THEN {faults.number(rule, table, column)}")
        met.append(enough)
    is_looked_at = file.period or file.controls.trailer or raw.marked or (alone and where)
    first = "" if is_looked_at else usual(layout, met)
    return f"CASE {first} {' '.join(cases)} END"


def _orders(stage: Stage, file: FileMap) -> list[str]:
    """Days that can only be read in the order that was not chosen."""
    dated = [f for f in stage.layout.fields if f.reader.kind in DAYS and f.places and not f.is_list]
    read = [(f.name, f.table, f.source, f.reader.date, f) for f in dated]
    read += [("period", "", file.period, file.date or "MDY", None)] if file.period else []
    cases: list[str] = []
    for name, table, source, order, field_ in read:
        number = stage.faults.number("date_other_order", table, source)
        stage.other_order[number] = field_
        other = days.other(f"t_{name}", order)
        cases.append(f"WHEN w_{name} IS NULL AND t_{name} IS NOT NULL AND {other} IS NOT NULL "
                     f"THEN {number}")  # fmt: skip
    return cases


def _marked(layout: Layout, faults: Faults) -> list[str]:
    """Cells of a workbook that are errors."""
    return [
        f"WHEN {any_of([f's{p} = {literal(MARK)}' for p in f.places])} "
        f"THEN {faults.number('cell_error', f.table, f.source)}"
        for f in layout.fields
        if f.places
    ]


def _of_field(stage: Stage, f: Field) -> list[str]:
    """The rules of one value."""
    faults, text = stage.faults, f"t_{f.name}"
    cases: list[str] = []
    if f.is_list or not f.places:
        return cases
    if f.reader.value.codes is not None and f.reader.value.other is None:
        number = faults.number("value_not_in_map", f.table, f.source)
        cell = any_of([f"s{p} IS NOT NULL" for p in f.places])
        cell = f"{_applies(f)} AND {cell}" if f.when else cell
        cases.append(f"WHEN {text} IS NULL AND {cell} THEN {number}")
    if f.reader.rule:
        number = faults.number(f.reader.rule, f.table, f.source)
        apart = f" AND NOT {days.is_none(text)}" if f.reader.kind in DAYS else ""
        cases.append(f"WHEN {f.name} IS NULL AND {text} IS NOT NULL{apart} THEN {number}")
    if is_bound(f):
        number = faults.number("amount_absurd", f.table, f.source)
        cases.append(f"WHEN abs({f.name}) > {MOST} THEN {number}")
    return cases


def counted(connection: duckdb.DuckDBPyConnection, numbers: Sequence[int]) -> dict[int, int]:
    """How many rows of the stage have each of these faults."""
    found = connection.execute(
        f"SELECT fault, count(*) FROM {TABLE} WHERE fault IN $numbers GROUP BY fault",
        {"numbers": list(numbers)},
    )
    return dict(found.fetchall())
