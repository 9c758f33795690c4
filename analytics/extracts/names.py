"""Which columns of a file are those of the map, and what is missing, new or renamed.

What is said of a file's columns is said by `shown`: in a file without names they are values.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from analytics.errors import UnreadableFileError
from analytics.maps import FileMap
from analytics.maps.language import is_numbered
from analytics.proposing.entry import FILL_IN
from analytics.proposing.header import is_header, key, shown

_MOST = 99  # columns of one kind side by side


@dataclass(frozen=True, slots=True)
class Named:
    """Where the columns of a map are in a file: name of the map -> places, from 0.

    A name with a number in it has as many places as the file has such columns.
    """

    places: Mapping[str, tuple[int, ...]]
    missing: tuple[str, ...]

    def of(self, names: Iterable[str]) -> list[int]:
        """The places of several names, one after the other."""
        return [place for name in names for place in self.places[name]]


def named(columns: Sequence[str], file: FileMap, *, strict: bool = True) -> Named:
    """The columns of a map in a file with these columns.

    `strict` raises `UnreadableFileError` for what is missing, and for a name that two columns have.
    """
    keys = [key(name) for name in columns]
    first = {name: place for place, name in reversed(list(enumerate(keys)))}
    places = {name: _places(name, first) for name in file.names}
    missing = tuple(name for name, found in places.items() if not found)
    if strict:
        twice = sorted({name for name in keys if name and keys.count(name) > 1})
        if twice:
            told = shown(columns, file.names)
            pairs = [told[at] for name in twice for at, k in enumerate(keys) if k == name]
            raise UnreadableFileError(
                f"two of its columns have one name: {_listed(list(dict.fromkeys(pairs)))}; "
                "rename one"
            )
        if missing:
            raise UnreadableFileError(_said(missing, columns, file))
    return Named(places, missing)


def held_against(columns: Sequence[str], file: FileMap, before: Sequence[str] | None) -> Named:
    """The columns of a map in a file, which must be those of last time (`before`).

    Raises `UnreadableFileError` with what is missing, new or renamed.
    """
    if before is not None and set(map(key, before)) & set(map(key, columns)):
        said = changed(before, columns, file.names)
        if said:
            raise UnreadableFileError(
                f"its columns are not those of last time: {said}; change the map, or take them "
                "as they are with --accept-columns"
            )
    return named(columns, file)


def _places(name: str, first: Mapping[str, int]) -> tuple[int, ...]:
    """The places of a name, or of 1, 2, 3 ... in it as far as they go."""
    if not is_numbered(name):
        return (first[key(name)],) if key(name) in first else ()
    found: list[int] = []
    for number in range(1, _MOST + 1):
        each = name.replace("{nn}", f"{number:02}").replace("{n}", str(number))
        if key(each) not in first:
            break
        found.append(first[key(each)])
    return tuple(found)


def changed(before: Sequence[str], now: Sequence[str], of_map: Sequence[str]) -> str | None:
    """What changed since a file of the same kind was loaded, in words; None for nothing."""
    old, new = {key(n): n for n in before}, {key(n): n for n in now}
    told = dict(zip(map(key, now), shown(now, (*of_map, *before)), strict=True))
    missing = [name for k, name in old.items() if k not in new]
    fresh = [name for k, name in new.items() if k not in old]
    renamed = list[str]()
    for name in list(missing):
        close = get_close_matches(key(name), [key(n) for n in fresh], n=1, cutoff=0.6)
        if close:
            renamed.append(f"{name} (now {told[close[0]]}?)")
            missing.remove(name)
            fresh.remove(new[close[0]])
    fresh = [told[key(name)] for name in fresh]
    every = {"missing": missing, "new": fresh, "renamed": renamed}
    said = [f"{what}: {_listed(names)}" for what, names in every.items() if names]
    return "; ".join(said) or None


def _said(missing: Sequence[str], columns: Sequence[str], file: FileMap) -> str:
    """What is missing, with the nearest names, or their places where they may be values."""
    known = dict(zip(map(key, columns), shown(columns, file.names), strict=True))
    each: list[str] = []
    for name in missing:
        close = get_close_matches(key(name), [k for k in known if k], n=2, cutoff=0.6)
        near = f" (is it {' or '.join(known[k] for k in close)}?)" if close else ""
        each.append(f"{name}{near}")
    said = f"columns of the map that it does not have: {'; '.join(each)}"
    if FILL_IN in missing:
        said += f". The map still says {FILL_IN}: name a column there, or take the line out"
    if is_header(columns, file.names):
        return said
    return (
        f"{said}. Line {file.header_row} does not seem to hold names of columns: say in which line "
        "they stand (header_row), or put a line with names above the rows"
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)
