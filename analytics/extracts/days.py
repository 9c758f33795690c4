"""Days as people and spreadsheets write them: SQL text.

Days with slashes, hyphens or dots are read in one order, that of the map or month first; `other`
reads them in the order not chosen, so that a column of two orders is seen, not loaded by chance.
"""

from analytics.extracts.sql import is_one_of
from analytics.query import literal

_NO_DAY = (
    "9999-12-31", "12/31/9999", "31/12/9999", "99991231", "00000000", "0000-00-00",
    "00/00/0000", "0001-01-01", "1/1/0001", "01/01/0001",
)  # fmt: skip
_FORMS = {"MDY": "%m/%d/%Y", "DMY": "%d/%m/%Y", "YMD": "%Y/%m/%d"}
_WORDS = (
    "['%d-%b-%Y', '%d %b %Y', '%d%b%Y', '%b %d, %Y', '%b %d %Y', '%B %d, %Y', '%B %d %Y', "
    "'%d %B %Y', '%d-%b-%y']"
)
# Excel counts days from 1900, and has a 29 February in that year.
_EXCEL = "DATE '1899-12-30' + CAST(floor(TRY_CAST({text} AS DOUBLE)) AS INTEGER)"
FIRST_YEAR, LAST_YEAR = 1850, 2200


def is_none(text: str) -> str:
    """Whether a text stands for no day, such as 12/31/9999 of what goes on."""
    return is_one_of(f"left({text}, 10)", _NO_DAY)


def parsed(text: str, form: str) -> str:
    """The expression as a day; null where it is none.  `form`: MDY, DMY, YMD, excel or with %."""
    if "%" in form:
        return f"CAST(try_strptime({text}, {literal(form)}) AS DATE)"
    # What is usual and can be read at once, before all that a day may look like.
    order = literal(_FORMS.get(form, _FORMS["MDY"]))
    rest = _any_form(text, form)
    return f"""CASE
        WHEN contains({text}, '/') AND {text} >= '0'
            THEN coalesce(CAST(try_strptime({text}, {order}) AS DATE), {rest})
        WHEN {text} LIKE '____-__-__' AND {text} >= '0'
            THEN coalesce(CAST(try_strptime({text}, '%Y-%m-%d') AS DATE), {rest})
        ELSE {rest} END"""


def _any_form(text: str, form: str) -> str:
    serial = f"regexp_matches({text}, '^\\d{{5}}([.]\\d+)?$')"
    if form == "excel":
        serial = f"regexp_matches({text}, '^\\d{{1,6}}([.]\\d+)?$')"
    # Slashes and the like come before the digits in ASCII.
    is_iso = (
        f"substr({text}, 5, 1) IN ('-', '/') AND substr({text}, 2, 1) >= '0' "
        f"AND substr({text}, 3, 1) >= '0'"
    )
    is_short = f"regexp_matches({text}, '^\\d{{1,2}}[-.]\\d{{1,2}}[-.]\\d')"
    return f"""CASE
        WHEN {is_iso} THEN {_iso(text)}
        WHEN contains({text}, '/') THEN {_ordered(text, form)}
        WHEN length({text}) = 8 AND regexp_matches({text}, '^\\d{{8}}$')
            THEN CAST(try_strptime({text}, '%Y%m%d') AS DATE)
        WHEN {serial} THEN {_EXCEL.format(text=text)}
        WHEN {is_short} THEN {_ordered(text, form)}
        ELSE CAST(try_strptime({text}, {_WORDS}) AS DATE)
        END"""


def other(text: str, form: str) -> str:
    """The expression as a day in the order that was not chosen; null where there is none."""
    if form not in ("MDY", "DMY"):
        return "CAST(NULL AS DATE)"
    swapped = "DMY" if form == "MDY" else "MDY"
    is_short = f"regexp_matches({text}, '^\\d{{1,2}}[-./]\\d{{1,2}}[-./]\\d')"
    return f"CASE WHEN {is_short} THEN {_ordered(text, swapped)} END"


def settled(day: str, *, of_life: bool = False) -> str:
    """A parsed day with its century: two digits are of this one, and none for a birth or death."""
    century = "CAST(NULL AS DATE)" if of_life else f"CAST({day} + INTERVAL 2000 YEAR AS DATE)"
    within = f"{day} BETWEEN DATE '{FIRST_YEAR}-01-01' AND DATE '{LAST_YEAR}-12-31'"
    return f"CASE WHEN {within} THEN {day} WHEN {day} < DATE '0100-01-01' THEN {century} END"


def _iso(text: str) -> str:
    """CCYY-MM-DD, perhaps with a time behind it."""
    day = f"split_part(split_part({text}, ' ', 1), 'T', 1)"
    return (
        f"CASE WHEN regexp_matches({day}, '^\\d{{4}}([-/])\\d{{1,2}}[-/]\\d{{1,2}}$') "
        f"THEN TRY_CAST({day} AS DATE) END"
    )


def _ordered(text: str, form: str) -> str:
    """Numbers between slashes, hyphens or dots, perhaps with a time behind them."""
    order = literal(_FORMS.get(form, _FORMS["MDY"]))
    day = f"translate(split_part(split_part({text}, ' ', 1), 'T', 1), '-.', '//')"
    return f"CAST(coalesce(try_strptime({text}, {order}), try_strptime({day}, {order})) AS DATE)"
