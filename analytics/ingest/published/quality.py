"""Specifications of CMS's quality measures that are reported on claims: who is in, what counts.

Two files carry them, in one form: the single source of the claims measures (an object by measure
number) and the data of all measures (a list), of which those without codes are left out.
"""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias, cast

import polars as pl

from analytics.errors import UnreadableFileError
from analytics.ingest.published.release import Release
from analytics.ingest.published.text import decoded, refuse, typed

SINGLE_SOURCE = r'\A\s*\{\s*"\d{3}\w*"\s*:\s*\{\s*"(eligibilityOptions|measureId)"'
ALL_MEASURES = r'\A\s*\[\s*\{\s*"category"\s*:\s*"(aci|cost|ia|pi|quality)"'

Told: TypeAlias = Mapping[str, Any]

_ELIGIBLE = "eligibilityOptions"
_PERFORMANCE = "performanceOptions"
# Keys of an eligible population, and what their codes are for.
_POPULATION = {
    "procedureCodes": "encounter",
    "additionalProcedureCodes": "additional_encounter",
    "diagnosisCodes": "diagnosis",
    "additionalDiagnosisCodes": "additional_diagnosis",
    "diagnosisExclusionCodes": "diagnosis_exclusion",
}
_AGES = {"minAge": "min_age", "maxAge": "max_age"}
_ROLES = {
    "performanceMet": "met",
    "performanceNotMet": "not_met",
    "eligiblePopulationExclusion": "exclusion",
    "eligiblePopulationException": "exception",
}
# What a line with the code must have, or must not: one of the list.
_LINE = {
    "modifiers": "modifiers",
    "modifierExclusions": "excluded_modifiers",
    "placesOfService": "places",
    "placesOfServiceExclusions": "excluded_places",
}
_KNOWN = {
    _ELIGIBLE: {*_POPULATION, *_AGES, "sexCode", "optionGroup"},
    _PERFORMANCE: {"optionGroup", "optionType", "qualityCodes"},
    "code": {"code", *_LINE},
}
_DIAGNOSES = ("diagnosis", "additional_diagnosis", "diagnosis_exclusion")
_WRONG = pl.when(pl.col("role").is_in(_DIAGNOSES)).then(
    ~pl.col("code").str.contains(r"^[A-Z][0-9][0-9A-Z]{1,5}$")
).otherwise(~pl.col("code").str.contains(r"^[0-9A-Z]{5}$"))  # fmt: skip
_TWO = r"^[0-9A-Z]{2}(,[0-9A-Z]{2})*$"
_OLDEST = 150  # years
_WIDTH = dict.fromkeys(
    ("measure_number", "option_group", "role", "code", *_LINE.values()), pl.String
) | {"option_no": pl.Int64}
_PEOPLE = {
    "measure_number": pl.String, "option_group": pl.String, "option_no": pl.Int64,
    "min_age": pl.Float64, "max_age": pl.Float64, "sex_code": pl.String,
}  # fmt: skip


def specification(content: bytes, file_name: str) -> Release:
    """The codes of each measure, and beside them who it is for: ages and sex.

    Raises `UnreadableFileError` for a file cut short, of no known year, or with a part not known
    here: what it says of a measure would else be lost.
    """
    year = _year(file_name)
    measures = list(_measures(_parsed(content, file_name), file_name))
    if not measures:
        raise UnreadableFileError(f"{file_name} has no measure with codes of claims")
    told = [row for number, one in measures for row in _codes(number, one, file_name)]
    of_year = pl.lit(year, pl.Int32).alias("performance_year")
    codes = pl.DataFrame(told, schema=_WIDTH).with_columns(of_year)
    people = [row for number, one in measures for row in _people(number, one, file_name)]
    population = pl.DataFrame(people, schema=_PEOPLE).with_columns(of_year)
    return Release(
        "quality_specification",
        str(year),
        dt.date(year, 1, 1),
        dt.date(year, 12, 31),
        _checked_codes(codes, file_name),
        {"quality_population": _checked_people(population, file_name)},
    )


def _year(file_name: str) -> int:
    """Of the file, else of the folder or archive it is in."""
    for said in reversed(file_name.split("/")):
        if told := re.search(r"(?<!\d)(20\d\d)(?!\d)", said):
            return int(told[1])
    raise UnreadableFileError(
        f"{file_name}: its name does not say which performance year it is of: name it "
        "qpp-single-source-2025.json or measures-data-2025.json, say"
    )


def _parsed(content: bytes, file_name: str) -> Any:
    try:
        return json.loads(decoded(content), object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise UnreadableFileError(f"{file_name} is no whole JSON file") from None


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object none of whose names stands twice: which of the two would count, nothing says."""
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError
    return made


def _measures(parsed: Any, file_name: str) -> Iterator[tuple[str, Told]]:
    """Number and specification of each measure with codes of claims."""
    is_single = isinstance(parsed, dict)
    given = cast("Told", parsed).items() if is_single else ((None, one) for one in parsed)
    seen: set[str] = set()
    for number, said in given:
        one = _object(said, "a measure", file_name)
        named = number or one.get("measureId")
        if not isinstance(named, str) or one.get("measureId", named) != named:
            raise UnreadableFileError(f"{file_name} has a measure without its number")
        if number or _ELIGIBLE in one:
            if named in seen:  # the codes of both would be asked for together
                raise UnreadableFileError(f"{file_name} tells of measure {named[:20]} twice")
            seen.add(named)
            yield named, one


def _options(one: Told, key: str, number: str, file_name: str) -> Iterator[tuple[int, Told]]:
    """The options of a measure, numbered from 1."""
    what = f"measure {number[:20]}, {key}"
    for place, option in enumerate(_list(one.get(key), what, file_name), start=1):
        yield place, _known(option, key, what, file_name)


def _codes(number: str, one: Told, file_name: str) -> Iterator[dict[str, Any]]:
    for place, option in _options(one, _ELIGIBLE, number, file_name):
        head = {"measure_number": number, "option_no": place, **_group(option)}
        for key, role in _POPULATION.items():
            yield from _listed(option.get(key, []), {**head, "role": role}, key, file_name)
    for place, option in _options(one, _PERFORMANCE, number, file_name):
        said = option.get("optionType")
        if not isinstance(said, str) or said not in _ROLES:
            raise UnreadableFileError(f"{file_name}: measure {number[:20]} has no known optionType")
        head = {"measure_number": number, "option_no": place, **_group(option)}
        codes = option.get("qualityCodes")
        yield from _listed(codes, {**head, "role": _ROLES[said]}, "qualityCodes", file_name)


def _listed(codes: Any, head: Told, key: str, file_name: str) -> Iterator[dict[str, Any]]:
    """A row a code: it is text, or an object with what its line must have."""
    what = f"measure {head['measure_number'][:20]}, {key}"
    for one in _list(codes, what, file_name):
        item = {"code": one} if isinstance(one, str) else _known(one, "code", what, file_name)
        code = str(item.get("code", "")).strip().upper().replace(".", "")
        lists = {name: _joined(item.get(said), what, file_name) for said, name in _LINE.items()}
        yield {**head, "code": code, **lists}


def _people(number: str, one: Told, file_name: str) -> Iterator[dict[str, Any]]:
    for place, option in _options(one, _ELIGIBLE, number, file_name):
        ages = {name: _age(option.get(said), number, file_name) for said, name in _AGES.items()}
        sex = option.get("sexCode")
        if sex not in (None, "F", "M"):
            raise UnreadableFileError(f"{file_name}: measure {number[:20]} has no known sexCode")
        yield {
            "measure_number": number, "option_no": place, **_group(option), **ages, "sex_code": sex,
        }  # fmt: skip


def _group(option: Told) -> dict[str, str]:
    """Files up to 2020 name no group where there is one."""
    return {"option_group": str(option.get("optionGroup", "00"))}


def _age(said: Any, number: str, file_name: str) -> float | None:
    if said is None:
        return None
    if isinstance(said, bool) or not isinstance(said, int | float) or not 0 <= said <= _OLDEST:
        raise UnreadableFileError(f"{file_name}: measure {number[:20]} has an age that is none")
    return float(said)


def _joined(said: Any, what: str, file_name: str) -> str | None:
    found = _list(said or [], what, file_name)
    return ",".join(sorted(str(one).strip().upper() for one in found)) or None


def _list(said: Any, what: str, file_name: str) -> list[Any]:
    if not isinstance(said, list):
        raise UnreadableFileError(f"{file_name}: {what} is no list")
    return cast("list[Any]", said)


def _object(said: Any, what: str, file_name: str) -> Told:
    if not isinstance(said, dict):
        raise UnreadableFileError(f"{file_name}: {what} is no object")
    return cast("Told", said)


def _known(said: Any, kind: str, what: str, file_name: str) -> Told:
    found = _object(said, what, file_name)
    if unknown := sorted(set(found) - _KNOWN[kind]):
        raise UnreadableFileError(
            f"{file_name}: {what} says something not known here: {unknown[0][:40]}"
        )
    return found


def _checked_codes(codes: pl.DataFrame, file_name: str) -> pl.DataFrame:
    rows = typed(codes, {name: pl.col(name) for name in codes.columns}, "quality_specification",
                 file_name)  # fmt: skip
    refuse(rows, _WRONG, "no code", file_name)
    for column in _LINE.values():
        wrong = pl.col(column).is_not_null() & ~pl.col(column).str.contains(_TWO)
        refuse(rows, wrong, f"no {column.replace('_', ' ')}", file_name)
    return rows.unique(maintain_order=True)


def _checked_people(people: pl.DataFrame, file_name: str) -> pl.DataFrame:
    rows = typed(people, {name: pl.col(name) for name in people.columns}, "quality_population",
                 file_name)  # fmt: skip
    refuse(rows, (pl.col("min_age") > pl.col("max_age")).fill_null(value=False),
           "a first age above the last", file_name)  # fmt: skip
    return rows
