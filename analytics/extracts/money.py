"""Amounts and numbers as people and spreadsheets write them, as exact decimals: SQL text.

``1234.5``, ``$1,234.50``, ``(12.00)``, ``12.00-``.  Separators must stand in their places: what
could be meant in two ways is null, and so refused.
"""

import re

_DOLLAR = r"(USD|[$])?"
_NUMBER = r"\s*(\d+|\d{1,3}(,\d{3})+)?([.]\d*)?\s*(USD)?\s*"
_DECORATED = (
    rf"^([-+]?\s*{_DOLLAR}{_NUMBER}|{_DOLLAR}\s*[-+]{_NUMBER}|{_DOLLAR}{_NUMBER}-"
    rf"|[(]\s*{_DOLLAR}{_NUMBER}[)])$"
)
_MARKS = r"[$,()\s+-]|USD"
_PLAIN = r"^-?\d*[.]?\d*$"
_DOLLARS = r"^[$]?\d{1,3}(,\d{3})*([.]\d*)?$"


def parsed(text: str, of_type: str, mark: str = ".") -> str:
    """The expression as a decimal wide enough to see what it says beyond the type; null if none."""
    number = f"translate({text}, ',.', '.,')" if mark == "," else text
    wide = "DECIMAL(18,6)" if _scale(of_type) <= 6 else f"DECIMAL(30,{_scale(of_type)})"
    # From what is frequent and cheap to what is rare; a cast that fails costs most of all.
    return f"""CASE
        WHEN NOT prefix({number}, '$') AND regexp_matches({number}, '{_PLAIN}')
            THEN TRY_CAST({number} AS {wide})
        WHEN regexp_matches({number}, '{_DOLLARS}')
            THEN TRY_CAST({_bare(number)} AS {wide})
        WHEN regexp_matches(upper({number}), '{_DECORATED}') THEN TRY_CAST(
            CASE WHEN contains({number}, '-') OR contains({number}, '(') THEN '-' ELSE '' END
            || regexp_replace(upper({number}), '{_MARKS}', '', 'g') AS {wide})
        END"""


def _bare(number: str) -> str:
    """What is `_DOLLARS` without its sign and separators; most have no separator."""
    unsigned = f"CASE WHEN prefix({number}, '$') THEN substr({number}, 2) ELSE {number} END"
    return (
        f"CASE WHEN contains({number}, ',') THEN replace({unsigned}, ',', '') ELSE {unsigned} END"
    )


def exact(wide: str, of_type: str, *, negate: bool = False) -> str:
    """The wide decimal as the type; null where that would lose a decimal."""
    sign = "-" if negate else ""
    return (
        f"CASE WHEN {wide} = TRY_CAST({wide} AS {of_type}) "
        f"THEN {sign}TRY_CAST({wide} AS {of_type}) END"
    )


def whole(wide: str, of_type: str) -> str:
    """The wide decimal as a whole number; null where it is none."""
    return f"CASE WHEN {wide} = round({wide}, 0) THEN TRY_CAST({wide} AS {of_type}) END"


def _scale(of_type: str) -> int:
    found = re.fullmatch(r"DECIMAL\(\d+,(\d+)\)", of_type)
    return int(found[1]) if found else 0
