"""One entry of [columns]: a source column by name, several, or a table that says more."""

from collections.abc import Mapping
from typing import Any, cast

from analytics.maps.language import DATES, Value, is_numbered
from analytics.maps.problems import Place, Problems, meant
from analytics.maps.targets import is_list, repeats

_SOURCES = ("column", "columns", "first_of", "constant")
_KEYS = (*_SOURCES, "date", "decimal", "split", "part", "map", "other", "default", "negate", "sum",
         "where")  # fmt: skip
_NUMBERS = ("amount", "number")
_DAYS = ("date", "day_of_life")


def parsed(
    table: str, column: str, kind: str, said: Any, problems: Problems, place: Place
) -> Value:
    """The value that an entry tells; what is wrong with it is noted."""
    given: dict[str, Any] = (
        cast("dict[str, Any]", said) if isinstance(said, dict) else {_short(said): said}
    )
    for key in given.keys() - set(_KEYS):
        problems.add(place.at(key), f"no such setting{meant(key, _KEYS)}")
    sources = [key for key in _SOURCES if key in given]
    if len(sources) != 1:
        problems.add(place, f"say one of {', '.join(_SOURCES)}")
        return Value("constant")
    value = _value(sources[0], given, problems, place)
    _fits(value, table, column, kind, problems, place)
    return value


def _short(said: Any) -> str:
    """What an entry without braces is: a list of columns, or one."""
    return "columns" if isinstance(said, list) else "column"


def _value(source: str, given: Mapping[str, Any], problems: Problems, place: Place) -> Value:
    words, constant = _words(given[source]), ""
    if source == "constant":
        words, constant = (), str(given[source])
    elif not words:
        problems.add(place, f"{source} is the name of a column, or a list of names, in quotes")
    is_group = source == "columns" or (source == "column" and any(map(is_numbered, words)))
    if source == "column" and len(words) > 1:
        problems.add(place, "column is one name: for several side by side say columns = [...]")
    kind = "group" if is_group else source
    return Value(
        cast("Any", kind),
        words,
        constant,
        date=_text(given, "date", problems, place),
        decimal=_text(given, "decimal", problems, place),
        split=_text(given, "split", problems, place),
        piece=_piece(given, problems, place),
        codes=_codes(given.get("map"), problems, place),
        other=_text(given, "other", problems, place),
        default=_text(given, "default", problems, place),
        negate=_is_on(given, "negate", problems, place),
        sum=_is_on(given, "sum", problems, place),
        where=_where(given["where"], problems, place.at("where")) if "where" in given else {},
    )


def _where(said: Any, problems: Problems, place: Place) -> dict[str, tuple[str, ...]]:
    """In which rows the value says something."""
    if not isinstance(said, dict) or not said:
        problems.add(place, "where is a table: where = { Type = ['PMT'] }")
        return {}
    pairs = {name: _words(values) for name, values in cast("dict[str, Any]", said).items()}
    for name, values in pairs.items():
        if not values:
            problems.add(place.at(name), "is a text, or a list of texts, in quotes")
    return {name: tuple(v.strip().upper() for v in values) for name, values in pairs.items()}


def _words(said: Any) -> tuple[str, ...]:
    """A name or a list of names; nothing for anything else."""
    items = cast("list[Any]", said) if isinstance(said, list) else [said]
    return tuple(items) if items and all(isinstance(i, str) and i.strip() for i in items) else ()


def _text(given: Mapping[str, Any], key: str, problems: Problems, place: Place) -> str | None:
    said = given.get(key)
    if said is None or isinstance(said, str):
        return said
    if key in ("default", "other") and isinstance(said, int) and not isinstance(said, bool):
        return str(said)
    problems.add(place.at(key), f"{key} is a text in quotes")
    return None


def _is_on(given: Mapping[str, Any], key: str, problems: Problems, place: Place) -> bool:
    said = given.get(key, False)
    if not isinstance(said, bool):
        problems.add(place.at(key), f"{key} is true or false")
    return said is True


def _piece(given: Mapping[str, Any], problems: Problems, place: Place) -> int:
    said = given.get("part", 1)
    if not isinstance(said, int) or said == 0 or ("part" in given and "split" not in given):
        problems.add(
            place.at("part"), "part is which piece of a split: 1, 2 ... or -1 for the last"
        )
        return 1
    return said


def _codes(said: Any, problems: Problems, place: Place) -> dict[str, str] | None:
    """Theirs to ours; theirs without case and spaces around."""
    if said is None:
        return None
    if not isinstance(said, dict) or not said:
        problems.add(place.at("map"), "map is a table: map = { theirs = 'ours' }")
        return None
    pairs = cast("dict[str, Any]", said)
    for theirs, ours in pairs.items():
        if not isinstance(ours, str):
            problems.add(place.at("map", theirs), "is a text in quotes")
    return {theirs.strip().upper(): str(ours) for theirs, ours in pairs.items()}


def _fits(
    value: Value, table: str, column: str, kind: str, problems: Problems, place: Place
) -> None:
    """Whether what is said can be said of such a column."""
    if value.kind == "group" and not (repeats(table) or is_list(table, column)):
        problems.add(place, f"several columns side by side cannot fill {table}: name one column")
    if value.date is not None:
        if kind not in _DAYS:
            problems.add(place.at("date"), f"{column} is no date")
        elif not is_date_form(value.date):
            problems.add(place.at("date"), date_forms())
    if value.decimal is not None and (kind not in _NUMBERS or value.decimal not in (".", ",")):
        problems.add(place.at("decimal"), "decimal is '.' or ',', of an amount or a number")
    if value.negate and kind not in _NUMBERS:
        problems.add(place.at("negate"), f"{column} is no amount")
    if value.sum and kind not in _NUMBERS:
        problems.add(place.at("sum"), f"{column} is no amount")
    if value.where and is_list(table, column):
        problems.add(place.at("where"), f"{column} is a list: where is of single values")
    if value.other is not None and value.codes is None:
        problems.add(place.at("other"), "other is for values that map does not name: give a map")


def is_date_form(said: str) -> bool:
    """Whether a text says in which order days are written."""
    return said in DATES or "%" in said


def date_forms() -> str:
    """What to say of a text that does not."""
    return f"date is one of {', '.join(DATES)}, or a form such as %m%d%Y"
