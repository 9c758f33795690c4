"""A contract file: whom and which dollars a contract is about, and its terms by year."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from analytics.contracts.amounts import ContractError, dollars, people, year
from analytics.contracts.file import parsed, read_terms, terms_from, text_of, track_terms
from analytics.contracts.terms import Terms
from analytics.errors import UnknownNameError
from analytics.facts_value import SERVICES

MEMBERS = ("covered", "assigned")
EXPENDITURES = ("paid", "allowed")
_YEARS = (1990, 2199)
_OF_CONTRACT = (
    "name", "track", "payer_name", "line_of_business", "members", "expenditure",
    "excluded_services", "year",
)  # fmt: skip
_OF_YEAR = ("benchmark_amount", "benchmark_per_person_year", "beneficiaries")
_OF_TERMS = tuple(one.name for one in fields(Terms) if one.name not in ("name", "performance_year"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractYear:
    """A contract in one performance year, a calendar year.

    The members are those whose cover is of `payer_name` and `line_of_business` (None: of any), all
    of them (``covered``) or those assigned to the network (``assigned``).  Their ``expenditure`` is
    what payers ``paid`` or ``allowed``, of all kinds of service but the excluded ones.  One of the
    two benchmarks is given, in dollars: of the whole year, or of a person for twelve months.
    """

    name: str
    year: int
    terms: Terms
    payer_name: str | None
    line_of_business: str | None
    members: str
    expenditure: str
    excluded_services: tuple[str, ...]
    benchmark_amount: Decimal | None
    benchmark_per_person_year: Decimal | None
    beneficiaries: int | None


def contract_years(text: str, file_name: str) -> tuple[ContractYear, ...]:
    """The years of the contract that a TOML text tells of, in order.

    Keys of the contract and of its terms stand at the top; tables ``[year.2026]`` hold the
    benchmark and what is other in a year.  A contract of one year may do with `performance_year`
    at the top instead.  ``track`` begins with the terms of a track (`mssp_terms`).

    Raises `UnreadableFileError` where it is no TOML, `UnknownNameError` for a key that means
    nothing or a track that is none, `ContractError` for what no contract can say.
    """
    whole = parsed(text, file_name)
    by_year, top = _split(whole)
    found = [_year(key, top | given) for key, given in by_year.items()]
    if len({one.year for one in found}) < len(found):
        raise ContractError("a contract names a year twice: each has one table [year.2026]")
    return tuple(sorted(found, key=lambda one: one.year))


def contract_year(key: Any, given: Mapping[str, Any]) -> ContractYear:
    """One year of a contract of what is said of both, by the keys of a contract file.

    Raises as `contract_years`.
    """
    return _year(key, dict(given))


def contract_terms(path: str | Path, **changed: Any) -> Terms:
    """The terms in a file: of a contract's year, or a file of terms alone; `changed` come first.

    A contract of several years needs the ``performance_year``.  Raises what `read_terms` and
    `contract_years` do.
    """
    text = text_of(path)
    whole = parsed(text, str(path))
    if "year" not in whole and not any(name in whole for name in _OF_YEAR):
        return read_terms(path, **changed)
    asked = changed.pop("performance_year", None)
    years = contract_years(text, str(path))
    found = [one for one in years if asked in (None, one.year)]
    if len(found) != 1:
        known = ", ".join(str(one.year) for one in years)
        raise ContractError(f"give a year of the contract (--year), one of {known}")
    return replace(found[0].terms, **changed)


def _split(whole: Mapping[str, Any]) -> tuple[dict[Any, dict[str, Any]], dict[str, Any]]:
    """What is said of each year, and of all."""
    top = {name: value for name, value in whole.items() if name not in ("year", "performance_year")}
    given = whole.get("year", {})
    if "performance_year" in whole and not given:
        return {year("performance_year", whole["performance_year"]): {}}, top
    if not isinstance(given, dict) or not given or "performance_year" in whole:
        raise ContractError("a contract needs its years: one table [year.2026] a year")
    by_year = cast("dict[Any, Any]", given)
    if not all(isinstance(one, dict) for one in by_year.values()):
        raise ContractError("what is said of a year stands in a table [year.2026]")
    for said in by_year.values():
        for name in said:
            if name not in (*_OF_YEAR, *_OF_TERMS):
                raise UnknownNameError("key of a year", name, (*_OF_YEAR, *_OF_TERMS))
    return by_year, top


def _year(key: Any, given: dict[str, Any]) -> ContractYear:
    for name in given:
        if name not in (*_OF_CONTRACT, *_OF_YEAR, *_OF_TERMS):
            known = (*_OF_CONTRACT, *_OF_YEAR, *_OF_TERMS)
            raise UnknownNameError("key of a contract", name, known)
    number = year("year", key)
    if not _YEARS[0] <= number <= _YEARS[1]:
        raise ContractError(f"year is from {_YEARS[0]} to {_YEARS[1]}, such as 2026")
    name = _text("name", given.get("name"))
    if name is None:
        raise ContractError("a contract needs a name")
    base = track_terms(given["track"]) if "track" in given else {}
    said = {one: given[one] for one in _OF_TERMS if one in given}
    terms = terms_from(base | said | {"name": name, "performance_year": number})
    _ = terms.sequestration_rate  # that there is one for the year is said now, not at year end
    return ContractYear(
        name=name, year=number, terms=terms, **_about(given), **_benchmark(given)
    )  # fmt: skip


def _about(given: Mapping[str, Any]) -> dict[str, Any]:
    """Whose dollars, and which, the contract is about."""
    excluded = given.get("excluded_services", [])
    if not isinstance(excluded, list):
        raise ContractError('excluded_services is a list, such as ["pharmacy"]')
    for one in cast("list[Any]", excluded):
        if one not in SERVICES:
            raise UnknownNameError("kind of service", str(one), SERVICES)
    return {
        "payer_name": _text("payer_name", given.get("payer_name")),
        "line_of_business": _text("line_of_business", given.get("line_of_business")),
        "members": _word("members", given.get("members", "covered"), MEMBERS),
        "expenditure": _word("expenditure", given.get("expenditure", "paid"), EXPENDITURES),
        "excluded_services": tuple(sorted(set(cast("list[str]", excluded)))),
    }


def _benchmark(given: Mapping[str, Any]) -> dict[str, Any]:
    """The benchmark, in one of its two forms, and the people it is for."""
    names = _OF_YEAR[:2]
    told = {name: dollars(name, given[name]) for name in names if name in given}
    if len(told) != 1 or not all(told.values()):
        raise ContractError(f"a year needs one benchmark above 0: {' or '.join(names)}")
    count = people("beneficiaries", given.get("beneficiaries"))
    return {**dict.fromkeys(names), **told, "beneficiaries": count}


def _text(name: str, value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        raise ContractError(f"{name} must be text")
    return value.strip()


def _word(name: str, value: Any, known: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in known:
        raise UnknownNameError(name, str(value), known)
    return value
