"""TOML of a user's own, whatever an editor made of it; what would take for ever is refused."""

import tomllib
from collections.abc import Callable
from decimal import InvalidOperation
from typing import Any

from analytics.cells import plain_text
from analytics.errors import UnreadableFileError

_MOST_DOTS = 50  # in a key: the time that the parser takes grows with the square of them


def parsed(text: str, name: str, parse_float: Callable[[str], Any] = float) -> dict[str, Any]:
    """What a text says; `name` names its file in messages.

    Raises `UnreadableFileError` where it is no TOML, has a number of more digits than Python
    reads, or is nested deeper than anyone means.
    """
    plain = plain_text(text)
    try:
        if any(_dots(line) > _MOST_DOTS for line in plain.splitlines()):
            raise RecursionError
        return tomllib.loads(plain, parse_float=parse_float)
    except tomllib.TOMLDecodeError as error:  # places and signs, no values
        raise UnreadableFileError(f"{name} is no TOML: {error}") from None
    except (ValueError, InvalidOperation, RecursionError):
        said = "too long a number, or too deep"
        raise UnreadableFileError(f"{name} is no TOML: {said}") from None


def _dots(line: str) -> int:
    """Dots before a value; prose in remarks may have as many as it likes."""
    return 0 if line.lstrip().startswith("#") else line.partition("=")[0].count(".")
