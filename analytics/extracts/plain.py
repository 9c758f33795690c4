"""A cell as plain text: what stands for nothing, and spaces and unseen marks at its ends."""

from analytics.extracts.layout import Layout
from analytics.extracts.sql import any_of
from analytics.maps import FileMap
from analytics.query import literal

# Spaces of all kinds, the byte order mark and marks without width, at the ends of a cell.
_UNSEEN = " \t\r\n\xa0\ufeff\u200b\u2007\u202f"
NOTHING = ("NULL", "null", "Null", "NaN", "nan", "None", "none", "N/A", "n/a", "#N/A", "\\N", "NaT",
           "-", "--", "$-", "$ -", "<NA>")  # fmt: skip
_NO_MODIFIERS = ("contract_rate", "modifier_key")


def nothing(file: FileMap) -> tuple[str, ...]:
    """Words for nothing.  Of a rate, none says that it is for lines without modifiers."""
    is_rate = any(_NO_MODIFIERS in part.columns for part in file.parts)
    return tuple(word for word in NOTHING if not (is_rate and word.upper() == "NONE"))


def bare(layout: Layout, place: int, cell: str) -> str:
    """The cell; none is nothing again where it is not the modifiers of a rate."""
    rate = layout.field(*_NO_MODIFIERS)
    if rate is None or place in rate.places:
        return cell
    return f"nullif(nullif(nullif({cell}, 'None'), 'none'), 'NONE')"


def plain(cell: str, *, is_plain: bool = False) -> str:
    """A cell without spaces and unseen marks at its ends; null where nothing is left."""
    # A look at both ends takes a fifth of the time of a trim, which copies the text.
    ends = [f"prefix({cell}, ' ')", f"suffix({cell}, ' ')"]
    if not is_plain:
        ends += [f"strlen({cell}) <> length({cell})", f"contains({cell}, chr(9))"]
        ends += [f"suffix({cell}, chr({mark}))" for mark in (10, 13)]
        ends += [f"prefix({cell}, chr({mark}))" for mark in (10, 13)]
    trimmed = f"nullif(trim({cell}, {literal(_UNSEEN)}), '')"
    return f"CASE WHEN {any_of(ends)} THEN {trimmed} ELSE {cell} END"
