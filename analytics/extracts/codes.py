"""Codes in the form that claims have, whatever a spreadsheet made of them: SQL text by kind."""

from collections.abc import Callable, Mapping

from analytics.extracts.sql import is_one_of

_SEPARATED = r"[\s,;:|/]+"
PAIRS = ("group_together", "carc_together")  # one text that is two values
_GROUPS = ("CO", "PR", "OA", "PI", "CR")
_TOGETHER = rf"^({'|'.join(_GROUPS)})[\s:/_-]*0*([A-Z]?\d{{1,3}})$"
_USUAL = rf"^({'|'.join(_GROUPS)})-[1-9]\d{{0,2}}$"
_KINDS_OF_CLAIM = {
    "professional": ("PROFESSIONAL", "PROF", "P", "837P", "CMS-1500", "CMS1500", "HCFA"),
    "institutional": ("INSTITUTIONAL", "INST", "I", "837I", "UB-04", "UB04", "UB"),
    "dental": ("DENTAL", "D", "837D", "ADA"),
}


def formed(kind: str, text: str) -> str:
    """The expression, plain text, as a value of that kind; null where it can be none."""
    form = _FORMS.get(kind)
    return form(text) if form else text


def _diagnosis(text: str) -> str:
    return f"replace(upper({text}), '.', '')"


def _place(text: str) -> str:
    code = _upper(text)
    return f"CASE WHEN length({code}) = 1 THEN '0' || {code} ELSE {code} END"


def _padded(text: str, width: int) -> str:
    """A code of so many digits, of which a spreadsheet took the zeros before it."""
    code = _upper(text)
    bare = f"regexp_replace({code}, '^0+', '')"
    return (
        f"CASE WHEN length({bare}) BETWEEN 1 AND {width} "
        f"THEN lpad({bare}, {width}, '0') ELSE {code} END"
    )


def _postal(text: str) -> str:
    bare = f"replace({_upper(text)}, '-', '')"
    return f"CASE WHEN length({bare}) < 5 THEN lpad({bare}, 5, '0') ELSE {bare} END"


def _action(text: str) -> str:
    return (
        f"CASE WHEN upper({text}) IN ('A', 'ACCEPTED') THEN 'accepted' "
        f"WHEN upper({text}) IN ('R', 'REJECTED') THEN 'rejected' END"
    )


def _pair(text: str) -> str:
    """A group and a reason as CO-45, however they are written together."""
    group, reason = (
        f"nullif(regexp_extract(upper({text}), '{_TOGETHER}', {part}), '')" for part in (1, 2)
    )
    usual = f"regexp_matches({text}, '{_USUAL}')"
    return f"CASE WHEN {usual} THEN {text} ELSE {group} || '-' || {reason} END"


def part_of_pair(kind: str, pair: str) -> str:
    """The group or the reason of CO-45."""
    if kind == "carc_together":
        return f"substr({pair}, 4)"
    cases = " ".join(f"WHEN prefix({pair}, '{group}') THEN '{group}'" for group in _GROUPS)
    return f"CASE {cases} END"


def code_list(texts: list[str]) -> str:
    """Codes side by side, or in one text with separators or two letters each, as a list."""
    if len(texts) > 1:
        cells = ", ".join(_upper(text) for text in texts)
        return f"list_filter([{cells}], lambda x: x IS NOT NULL)"
    code = _upper(texts[0])
    pairs = f"regexp_extract_all({code}, '..')"
    parts = f"string_split_regex({code}, '{_SEPARATED}')"
    return f"""CASE WHEN {code} IS NULL THEN CAST([] AS VARCHAR[])
        WHEN length({code}) = 2 THEN [{code}]
        WHEN regexp_matches({code}, '^([A-Z0-9]{{2}}){{2,4}}$') THEN {pairs}
        ELSE list_filter({parts}, lambda x: x <> '') END"""


def pointers(texts: list[str]) -> str:
    """Diagnosis pointers, letters or numbers, as positions."""
    joined = texts[0] if len(texts) == 1 else f"concat_ws(',', {', '.join(texts)})"
    code = f"upper({joined})"
    marks = (
        f"CASE WHEN regexp_matches({code}, '{_SEPARATED}') "
        f"THEN string_split_regex({code}, '{_SEPARATED}') ELSE regexp_extract_all({code}, '.') END"
    )
    place = "CASE WHEN x BETWEEN 'A' AND 'L' THEN ascii(x) - 64 ELSE TRY_CAST(x AS INTEGER) END"
    return (
        f"coalesce(list_filter(list_transform({marks}, lambda x: CAST({place} AS INTEGER)), "
        "lambda x: x IS NOT NULL), CAST([] AS INTEGER[]))"
    )


def modifier_key(modifiers: str) -> str:
    """Modifiers sorted and joined: equal sets have equal keys."""
    return (
        f"CASE WHEN len({modifiers}) <= 1 THEN coalesce({modifiers}[1], '') "
        f"ELSE array_to_string(list_sort({modifiers}), ',') END"
    )


def _upper(text: str) -> str:
    """Upper case; what a spreadsheet took for a number (11.0) without its decimal."""
    code = f"upper({text})"
    return f"CASE WHEN suffix({text}, '.0') THEN left({code}, length({code}) - 2) ELSE {code} END"


def _claim_type(text: str) -> str:
    cases = " ".join(
        f"WHEN {is_one_of(f'upper({text})', names)} THEN '{kind}'"
        for kind, names in _KINDS_OF_CLAIM.items()
    )
    return f"CASE WHEN {text} IN ({', '.join(map(repr, _KINDS_OF_CLAIM))}) THEN {text} {cases} END"


_FORMS: Mapping[str, Callable[[str], str]] = {
    "upper": lambda text: f"upper({text})",
    "code": _upper,
    "npi": _upper,
    "diagnosis": _diagnosis,
    "place": _place,
    "revenue": lambda text: _padded(text, 4),
    "drg": lambda text: _padded(text, 3),
    "carc": lambda text: f"regexp_replace({_upper(text)}, '^0+', '')",
    "postal": _postal,
    "claim_type": _claim_type,
    "action": _action,
    "group_together": _pair,
    "carc_together": _pair,
    "boolean": lambda text: f"TRY_CAST({text} AS BOOLEAN)",
}
