"""Terms read from TOML: a contract of yours, or a track of the Medicare Shared Savings Program."""

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

from analytics import toml
from analytics.contracts.amounts import ContractError
from analytics.contracts.terms import Terms
from analytics.errors import UnknownNameError, UnreadableFileError

_KNOWN = tuple(one.name for one in fields(Terms))


def read_terms(path: str | Path, **changed: Any) -> Terms:
    """The terms in a TOML file, whose keys are the fields of `Terms`; `changed` come before them.

    A byte order mark, invisible characters and no-break spaces in it mean nothing.

    Raises `UnreadableFileError` for a file that is not there or no TOML, `UnknownNameError` for a
    key that is no field, `ContractError` for terms that cannot be.
    """
    return terms_from(parsed(text_of(path), str(path)) | changed)


def text_of(path: str | Path) -> str:
    """What the file holds.  Raises `UnreadableFileError` where it is not there or no text."""
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise UnreadableFileError(f"{path} cannot be read: is it a TOML file in UTF-8?") from None


def mssp_terms(track: str, **changed: Any) -> Terms:
    """The terms of a track of the Medicare Shared Savings Program; `changed` come before them.

    Tracks: ``track_1, track_1_plus, track_2, track_3, basic_a`` to ``basic_e, enhanced``.  An ACO
    names its ``performance_year``, its ``quality`` and, where it chose a fixed one, its
    ``minimum_savings_rate``.  The file `mssp.toml` says where each number comes from.
    Raises `UnknownNameError` for another track.
    """
    return terms_from(track_terms(track) | changed)


def track_terms(track: Any) -> dict[str, Any]:
    """What is said of a track, by the fields of `Terms`.  Raises `UnknownNameError` for another."""
    text = files("analytics").joinpath("contracts", "mssp.toml").read_text(encoding="utf-8")
    shipped = parsed(text, "mssp.toml")
    tracks = {name: one for name, one in shipped.items() if name != "sequestration"}
    if not isinstance(track, str) or track not in tracks:
        raise UnknownNameError("track", str(track), tracks)
    return {"sequestration": shipped["sequestration"]} | tracks[track]


def parsed(text: str, file_name: str) -> dict[str, Any]:
    """A text as TOML, numbers as Decimal.  Raises `UnreadableFileError` where it is none."""
    return toml.parsed(text, file_name, Decimal)


def terms_from(given: Mapping[str, Any]) -> Terms:
    """The terms of these fields.  Raises `UnknownNameError`, `ContractError` as `read_terms`."""
    for name in given:
        if name not in _KNOWN:
            raise UnknownNameError("term", name, _KNOWN)
    if "sharing_rate" not in given:
        raise ContractError("a contract needs its sharing_rate")
    return Terms(**given)
