"""Whether the cells of a line are names of columns, and how to speak of them if they may be values.

A file without names has a patient in its first line: what is not plainly a name is not quoted.
"""

import re
from collections.abc import Iterable, Sequence

from analytics.proposing import words
from analytics.proposing.kinds import ISO, SLASHED

_LONGEST_NAME, _MOST_DIGITS = 80, 4
_VALUE = r"^[($-]*\d[\d,.$)%-]*$"  # an amount, a number, a code of digits
VALUE_FORM = re.compile(f"{_VALUE}|{ISO}|{SLASHED}")
_FEWEST, _ENOUGH = 2, 4  # known names that make a line the one with the names: of few, of many


def is_name(name: str) -> bool:
    """Whether a cell of the header is a name and no value that stands there by mistake."""
    is_value = VALUE_FORM.search(name) is not None or sum(c.isdigit() for c in name) > _MOST_DIGITS
    return bool(name) and len(name) <= _LONGEST_NAME and not is_value


def values(names: Sequence[str]) -> int:
    """How many of the cells are values by their form."""
    return sum(VALUE_FORM.search(name) is not None for name in names)


def are_known(names: Sequence[str]) -> bool:
    """Whether enough of the cells are names as extracts have them."""
    return _known(names) >= max(min(_ENOUGH, len(names) // 4), _FEWEST)


def is_header(names: Sequence[str], also: Iterable[str] = ()) -> bool:
    """Whether the cells are plainly names: none is a value, and half are known.

    `also`: names that are known otherwise, as those of a map.
    """
    filled = [name for name in names if name]
    return not values(filled) and _known(filled, also) >= max(len(filled) / 2, _FEWEST)


def shown(names: Sequence[str], also: Iterable[str] = ()) -> list[str]:
    """Each cell as it may be said: itself where line and cell are plainly names, else its place."""
    said = {key(name) for name in also}
    is_plain = is_header(names, said)
    return [
        name
        if is_plain and (key(name) in said or words.is_made_of_known(name)) and is_name(name)
        else f"column {place}"
        for place, name in enumerate(names, 1)
    ]


def _known(names: Sequence[str], also: Iterable[str] = ()) -> int:
    said = {key(name) for name in also}
    return sum(is_name(n) and (key(n) in said or bool(words.likeness(n))) for n in names)


def key(name: str) -> str:
    """By what names of columns are compared."""
    return " ".join(name.split()).casefold()
