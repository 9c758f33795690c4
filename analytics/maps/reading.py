"""A column map read from TOML.  All its mistakes are told together, each with its line."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from analytics import toml
from analytics.cells import plain_text
from analytics.errors import UnreadableFileError
from analytics.maps.checks import check
from analytics.maps.language import (
    GRAINS,
    MODES,
    SPANS,
    Controls,
    FileMap,
    Map,
    Part,
    Target,
    Value,
)
from analytics.maps.problems import MapError, Place, Problems, meant
from analytics.maps.targets import columns, tables
from analytics.maps.values import date_forms, is_date_form, parsed

_PART = ("grain", "columns", "keys", "where")
_FILE = (
    "name", "pattern", "sheet", "delimiter", "encoding", "quote", "header_row", "decimal", "date",
    "mixed_dates", "mode", "period", "every", "row_key", "controls", "part", *_PART,
)  # fmt: skip
_LAST_HEADER = 1_000_000
_CONTROLS = ("trailer", "file", "rows", "sums")
_CHOICES = {
    "decimal": (".", ","),
    "mixed_dates": ("refuse", "reject"),
    "mode": MODES,
    "every": SPANS,
}


def read_map(path: str | Path) -> Map:
    """The column map in a file.  Raises `MapError`, which says what is wrong and in which line."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise MapError(f"{path} cannot be read: is it a TOML file in UTF-8?") from None
    return parse_map(text, str(path))


def parse_map(text: str, path: str = "map") -> Map:
    """The column map that a text says; `path` names it in messages.  Raises `MapError`."""
    name = Path(path).name
    try:
        return _parsed(plain_text(text), path)
    except RecursionError:
        raise MapError(f"{name} is nested too deep: a column map has few levels") from None


def _parsed(text: str, path: str) -> Map:
    name = Path(path).name
    try:
        said = toml.parsed(text, name)
    except UnreadableFileError as error:
        raise MapError(str(error)) from None
    problems = Problems(text, name)
    for key in said.keys() - {"file"}:
        problems.add(Place(key=key), f"no such table{meant(key, ['file'])}")
    entries = _tables(said.get("file"))
    if not entries:
        problems.add(Place(), "says no [[file]]")
    files = tuple(_file(entry, problems, Place(n)) for n, entry in enumerate(entries, 1))
    names = [f.name for f in files]
    for n, file in enumerate(files, 1):
        if file.name in names[: n - 1]:
            problems.add(Place(n, key="name"), "another [[file]] has this name")
    problems.settle()
    return Map(files, path)


def _tables(said: Any) -> list[dict[str, Any]]:
    items = cast("list[Any]", said) if isinstance(said, list) else []
    return [cast("dict[str, Any]", i) for i in items if isinstance(i, dict)]


def _file(said: dict[str, Any], problems: Problems, place: Place) -> FileMap:
    _known(said, _FILE, problems, place)
    patterns = _names(said, "pattern", problems, place)
    if not patterns:
        problems.add(place, 'needs a pattern: the names of its files, as "claims_*.csv"')
    file = FileMap(
        name=_text(said, "name", problems, place) or ", ".join(patterns),
        patterns=patterns,
        parts=_parts(said, problems, place),
        header_row=_header_row(said, problems, place),
        row_key=_names(said, "row_key", problems, place),
        controls=_controls(said.get("controls"), problems, place.at("controls")),
        version=sha256(json.dumps(said, default=str, sort_keys=True).encode()).hexdigest()[:12],
        **_settings(said, problems, place),
    )
    check(file, problems, place)
    return file


def _settings(said: dict[str, Any], problems: Problems, place: Place) -> dict[str, Any]:
    """The settings that are one text each."""
    found: dict[str, Any] = {}
    names = ("sheet", "delimiter", "encoding", "quote", "date", "period", *_CHOICES)
    for key in names:
        text = _text(said, key, problems, place)
        if text is None:
            continue
        if key in _CHOICES and text not in _CHOICES[key]:
            problems.add(place.at(key), f"is one of {', '.join(_CHOICES[key])}")
        elif key == "date" and not is_date_form(text):
            problems.add(place.at(key), date_forms())
        else:
            found[key] = text
    return found


def _parts(said: dict[str, Any], problems: Problems, place: Place) -> tuple[Part, ...]:
    parts = _tables(said.get("part"))
    if not parts:
        return (_part(said, problems, place),)
    for key in _PART:
        if key in said:
            problems.add(place.at(key), "belongs into each [[file.part]]")
    return tuple(
        _part(entry, problems, Place(place.file, n), alone=True) for n, entry in enumerate(parts, 1)
    )


def _part(said: dict[str, Any], problems: Problems, place: Place, *, alone: bool = False) -> Part:
    if alone:
        _known(said, _PART, problems, place)
    grain = said.get("grain", "row")
    if grain not in GRAINS:
        problems.add(place.at("grain"), f"is one of {', '.join(GRAINS)}")
        grain = "row"
    keys = _table(said, "keys", problems, place)
    where = _table(said, "where", problems, place)
    return Part(
        grain,
        _columns(_table(said, "columns", problems, place), problems, place.at("columns")),
        {table: _names(keys, table, problems, place.at("keys")) for table in keys},
        {
            name: tuple(v.strip().upper() for v in _names(where, name, problems, place.at("where")))
            for name in where
        },
    )


def _columns(said: dict[str, Any], problems: Problems, place: Place) -> dict[Target, Value]:
    found: dict[Target, Value] = {}
    if not said:
        problems.add(place, "says no columns")
    for table, entries in said.items():
        if table not in tables():
            problems.add(place.at(table), f"no such table{meant(table, tables())}")
        elif not isinstance(entries, dict):
            known = ", ".join(f"{table}.{name}" for name in columns(table))
            problems.add(place.at(table), f"is a table: say which column of it, of {known}")
        else:
            of_table = columns(table)
            for name, entry in cast("dict[str, Any]", entries).items():
                here = place.at(table, name)
                if name not in of_table:
                    problems.add(here, f"no such column of {table}{meant(name, of_table)}")
                else:
                    value = parsed(table, name, of_table[name], entry, problems, here)
                    found[table, name] = value
    return found


def _controls(said: Any, problems: Problems, place: Place) -> Controls:
    if said is None:
        return Controls()
    if not isinstance(said, dict):
        problems.add(place, "is a table: [file.controls]")
        return Controls()
    given = cast("dict[str, Any]", said)
    _known(given, _CONTROLS, problems, place)
    trailer, file = (_text(given, key, problems, place) or "" for key in ("trailer", "file"))
    if bool(trailer) == bool(file):
        problems.add(place, "says where totals are: trailer (how the last line begins) or file")
    if file and (file in (".", "..") or set(file) & set("/\\\0")):
        problems.add(place.at("file"), "is the name of a file beside the extract, without folders")
    sums = _table(given, "sums", problems, place)
    for name, value in {"rows": given.get("rows"), **sums}.items():
        if value is not None and not isinstance(value, int | str):
            problems.add(place.at(name), "is a place in the line, from 1, or a column's name")
        elif trailer and isinstance(value, str):
            problems.add(place.at(name), "a trailer has no names: give the place in it, from 1")
    return Controls(trailer, file, given.get("rows"), cast("dict[str, int | str]", sums))


def _known(said: dict[str, Any], names: tuple[str, ...], problems: Problems, place: Place) -> None:
    for key in said.keys() - set(names):
        problems.add(place.at(key), f"no such setting{meant(key, names)}")


def _header_row(said: dict[str, Any], problems: Problems, place: Place) -> int:
    row = said.get("header_row", 1)
    if not isinstance(row, int) or isinstance(row, bool) or not 1 <= row <= _LAST_HEADER:
        problems.add(place.at("header_row"), "is the line with the names, from 1")
        return 1
    return row


def _text(said: dict[str, Any], key: str, problems: Problems, place: Place) -> str | None:
    found = said.get(key)
    if found is None or isinstance(found, str):
        return found
    problems.add(place.at(key), "is a text in quotes")
    return None


def _names(said: dict[str, Any], key: str, problems: Problems, place: Place) -> tuple[str, ...]:
    """A text or a list of texts."""
    found = said.get(key, [])
    items = cast("list[Any]", found) if isinstance(found, list) else [found]
    if not all(isinstance(item, str) and item for item in items):
        problems.add(place.at(key), "is a text, or a list of texts, in quotes")
        return ()
    return tuple(items)


def _table(said: dict[str, Any], key: str, problems: Problems, place: Place) -> dict[str, Any]:
    found = said.get(key, {})
    if not isinstance(found, dict):
        problems.add(place.at(key), "is a table")
        return {}
    return cast("dict[str, Any]", found)
