"""People and their diagnoses of a calendar year, as risk scores ask for them."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from analytics import risk
from analytics.errors import BadQueryError, UnknownNameError
from analytics.facts_value import member_year
from analytics.metrics._metric import Where, listed, where_lines
from analytics.metrics._parts import as_of
from analytics.query import Engine, Query, conditions

GROUPS = ("payer_name", "line_of_business", "sex_code")


class Year(NamedTuple):
    """The people of a data year, and what was coded in it and in the year before."""

    people: pl.DataFrame  # as `hcc_scores` asks, with `GROUPS`
    diagnoses: pl.DataFrame  # person_id, diagnosis_code, last_date
    before: pl.DataFrame  # likewise, of the year before


def payment_year_of(engine: Engine, asked: int | None) -> int:
    """The payment year asked for, else that for which the as-of date's diagnoses count."""
    if asked is not None and type(asked) is not int:
        raise BadQueryError("payment_year is a year, such as 2026")
    day = as_of(engine)
    return asked or (day.year + 1 if day else dt.date.min.year + 1)


def checked(by: str | Sequence[str], where: Where | None) -> list[str]:
    """The groups asked for, once every name is known."""
    for name in (*listed(by), *(where or {})):
        if name not in GROUPS:
            raise UnknownNameError("dimension", name, GROUPS)
    return listed(by)


def year_of(engine: Engine, payment_year: int, where: Where) -> Year:
    """What counts for a payment year: the calendar year before it."""
    return Year(
        engine.fetch(_people(payment_year - 1, where)),
        engine.fetch(_diagnoses(payment_year - 1)),
        engine.fetch(_diagnoses(payment_year - 2)),
    )


def scored(
    people: pl.DataFrame, diagnoses: pl.DataFrame, model: str, tables: str | Path | None
) -> pl.DataFrame:
    """What `hcc_scores` gives for those of the diagnoses that are of these people."""
    of_them = diagnoses.join(people, on="person_id", how="semi")
    return risk.hcc_scores(people, of_them, model, tables=tables)


def _people(year: int, where: Where) -> Query:
    filters, params = conditions(where)
    lines = [
        "-- Who risk scores are of.",
        "SELECT",
        f"    person_id, {', '.join(GROUPS)},",
        "    payment_age AS age, sex_code AS sex,",
        "    coalesce(entitlement_code, '0') AS orec,",
        "    coalesce(dual_status_code, 'NA') AS dual,",
        "    is_new_enrollee AS new_enrollee",
        f"FROM {member_year.name}",
        *where_lines(["year = CAST($year AS DATE)", *filters]),
        "ORDER BY person_id",
    ]
    return Query("\n".join(lines), {**params, "year": dt.date(max(year, 1), 1, 1)})


def _diagnoses(year: int) -> Query:
    text = (
        "-- What counts for risk scores.\n"
        "SELECT person_id, diagnosis_code, last_date FROM risk_diagnosis\n"
        "WHERE is_eligible AND year = CAST($year AS DATE)\n"
        "ORDER BY person_id, diagnosis_code"
    )
    return Query(text, {"year": dt.date(max(year, 1), 1, 1)})
