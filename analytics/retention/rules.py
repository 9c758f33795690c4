"""The rules of `retention.toml`: the one shipped, or a user's, checked word by word."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from analytics import toml
from analytics.errors import AnalyticsError, UnknownNameError, UnreadableFileError

KINDS = ("claim", "remit_claim", "payer_claim", "side", "eligibility", "rejected", "audit_log")
OTHER = ""  # the state of who has none, or one that is not listed
_FROM = ("day", "year_end")
_MOST_YEARS = 200
_RULE: Mapping[str, type] = {
    "name": str,
    "records": list,
    "years": int,
    "from": str,
    "source": str,
    "says": str,
    "verified": bool,
    "lines_of_business": list,
    "payers": list,
}
_STATE: Mapping[str, type] = {"majority": int, "years": int, "source": str, "verified": bool}
_FREE = ("lines_of_business", "payers", "says")  # a rule need not have these


class RulesError(AnalyticsError):
    """A retention.toml says what cannot be."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules, ages of majority by state, and whether who has no known age may be a minor."""

    rules: tuple[Mapping[str, Any], ...]
    states: Mapping[str, Mapping[str, Any]]
    unknown_is_minor: bool


def shipped_text() -> str:
    """The rules that come with the library, to be copied and changed."""
    return files("analytics").joinpath("retention", "retention.toml").read_text(encoding="utf-8")


def read_rules(path: str | Path | None = None) -> Rules:
    """The rules in a file, or the shipped ones.

    Raises `UnreadableFileError` for no TOML, `UnknownNameError` for a key, kind or start there is
    not, and `RulesError` for a key that is missing or a value that cannot be.
    """
    told = _parsed(path)
    _check_names("key of retention.toml", told, ("rule", "minors"))
    listed = told.get("rule")
    if not isinstance(listed, list) or not listed:
        raise RulesError("retention.toml has no [[rule]]")
    rules = tuple(_rule(one) for one in listed)  # pyright: ignore[reportUnknownVariableType]
    names = [rule["name"] for rule in rules]
    if len(set(names)) < len(names):
        raise RulesError("two rules of retention.toml have one name")
    return Rules(rules, *_minors(told.get("minors")))


def _parsed(path: str | Path | None) -> dict[str, Any]:
    try:
        text = shipped_text() if path is None else Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise UnreadableFileError(f"{path} cannot be read: is it a TOML file in UTF-8?") from None
    return toml.parsed(text, str(path))


def _rule(told: Any) -> dict[str, Any]:
    given = _checked("rule", told, _RULE, _FREE)
    _check_names("kind of record", given["records"], KINDS)
    _check_names("start of a period", [given["from"]], _FROM)
    if not given["records"]:
        raise RulesError(f"the rule {given['name']} is of no records")
    lines = [_plain(line) for line in given.get("lines_of_business", [])]
    return given | {"lines_of_business": lines, "payers": given.get("payers", [])}


def _minors(told: Any) -> tuple[dict[str, dict[str, Any]], bool]:
    """The states, and whether an unknown age may be a minor's."""
    if not isinstance(told, dict):
        raise RulesError("retention.toml has no [minors]: say at least [minors.other]")
    given: dict[str, Any] = dict(told)  # pyright: ignore[reportUnknownArgumentType]
    _check_names("key of minors", given, ("unknown_age", "other", "state"))
    unknown = given.get("unknown_age", "minor")
    _check_names("unknown_age", [unknown], ("minor", "adult"))
    states = {OTHER: _checked("minors.other", given.get("other"), _STATE)}
    for name, one in given.get("state", {}).items():
        states[name.upper()] = _checked(f"minors.state.{name}", one, _STATE)
    return states, unknown == "minor"


def _checked(
    what: str, told: Any, kinds: Mapping[str, type], free: tuple[str, ...] = ()
) -> dict[str, Any]:
    """A table with all keys it must have, each of its kind."""
    if not isinstance(told, dict):
        raise RulesError(f"{what} of retention.toml is no table")
    given: dict[str, Any] = dict(told)  # pyright: ignore[reportUnknownArgumentType]
    _check_names(f"key of {what}", given, kinds)
    for name, kind in kinds.items():
        if name not in given and name not in free:
            raise RulesError(f"a {what} of retention.toml has no {name}")
        if name in given and not _is(given[name], kind):
            raise RulesError(f"{name} of a {what} of retention.toml is not {_SAID[kind]}")
    return given


_SAID = {
    str: "a text",
    list: "a list of texts",
    int: f"a whole number of years from 0 to {_MOST_YEARS}",
    bool: "true or false",
}


def _is(value: Any, kind: type) -> bool:
    if type(value) is not kind:
        return False
    if kind is list:
        return all(isinstance(one, str) for one in value)
    return kind is not int or 0 <= value <= _MOST_YEARS


def _plain(line: str) -> str:
    """A line of business as it is compared: as records.sql writes it."""
    return line.strip().lower().replace(" ", "_").replace("-", "_")


def _check_names(kind: str, given: Any, known: Any) -> None:
    for name in given:
        if name not in known:
            raise UnknownNameError(kind, name, known)
