"""What a map says of a column: its name, and what has to be said to read its cells."""

from collections.abc import Mapping

from analytics.maps.language import Target
from analytics.proposing import kinds
from analytics.proposing.columns import Column
from analytics.proposing.entry import listed, quoted
from analytics.proposing.matching import Reading, concepts

_WORDS: Mapping[str, Mapping[str, str]] = {
    "sex": kinds.SEX_WORDS,
    "sequence": kinds.SEQUENCE_WORDS,
    "status": kinds.STATUS_WORDS,
}
_CODES: Mapping[str, tuple[str, ...]] = {
    "sex": ("M", "F", "U"),
    "sequence": ("P", "S", "T"),
    "status": kinds.STATUSES,
}
_HALF = 0.5


def value(reading: Reading, target: Target) -> str:
    """What a map says of a column, as TOML."""
    column = reading.column
    settings: list[str] = []
    if (codes := _codes(reading)) is not None:
        settings.append(f"map = {codes}")
    if _is_taken(reading, target):
        settings.append("negate = true")
    if (form := _date_form(reading)) is not None:
        settings.append(f'date = "{form}"')
    head = "columns" if column.is_group and not column.is_numbered else "column"
    said = source(column)
    return f"{{ {head} = {said}, {', '.join(settings)} }}" if settings else said


def source(column: Column) -> str:
    """The name of a column, or the list of several, as TOML."""
    if column.is_group and not column.is_numbered:
        return listed(list(column.members))
    return quoted(column.name)


def _codes(reading: Reading) -> str | None:
    """Our codes for words of theirs: all that we know, whichever of them are there."""
    kind = concepts()[reading.concept].kind
    if kind not in _WORDS:
        return None
    said = reading.column.cells.drop_nulls().str.to_lowercase()
    if not said.is_in(list(_WORDS[kind])).any():
        return None
    pairs = {**_WORDS[kind], **{code.lower(): code for code in _CODES[kind]}}
    return "{ " + ", ".join(f"{quoted(k)} = {quoted(v)}" for k, v in pairs.items()) + " }"


def _is_taken(reading: Reading, target: Target) -> bool:
    """Whether amounts that reduce or pay are mostly written below zero."""
    if target[1] not in ("paid_amount", "amount") or concepts()[reading.concept].kind != "money":
        return False
    said = reading.column.cells.drop_nulls()
    return kinds.portion(said.str.contains(r"^[$ ]*-|^\(|-$")) > _HALF


def _date_form(reading: Reading) -> str | None:
    """The form of days that cannot be read without one: eight digits, month or day first."""
    if concepts()[reading.concept].kind != "date":
        return None
    said = reading.column.cells.drop_nulls()
    if not len(said) or kinds.portion(said.str.contains(kinds.COMPACT)) > _HALF:
        return None
    forms = {"%m%d%Y": kinds.MONTH_FIRST, "%d%m%Y": kinds.DAY_FIRST}
    return next((f for f, p in forms.items() if bool(said.str.contains(p).all())), None)
