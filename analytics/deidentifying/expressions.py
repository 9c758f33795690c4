"""The SQL that each rule makes of a column.

`who` is the row's person: `who.days`, by how much its days are shifted, and `who.birth_year`.
Where a person is not known, days are cut to the year.
"""

from collections.abc import Sequence

from analytics.deidentifying.plan import Plan
from analytics.deidentifying.pseudonyms import pseudonym
from analytics.query import identifier

_OLDEST = 90  # years: all of that age and over are one group
_GROUPED = f"(getvariable('this_year') - {_OLDEST})"  # the year of birth of that group
_DAYS_OF_MONTH = 30.4375
_OF_PERSON = ("date", "until", "month", "month_no", "birth", "since", "wait")


def needs_person(rule: str, plan: Plan) -> bool:
    """Whether the SQL of the rule asks for the row's person."""
    if rule == "age":
        return not plan.is_limited
    return plan.dates == "shift" and rule in _OF_PERSON


def changes(rule: str, plan: Plan) -> bool:
    """Whether the rule does anything to values at this level."""
    if rule in ("time", "age", "zip3", "zip_amount"):
        return not plan.is_limited
    if rule == "provider":
        return plan.hide_providers
    if rule == "birth":
        return not plan.is_limited or not plan.keeps_dates
    return rule in ("drop", "number", "state") or (
        rule not in ("keep", "own") and not plan.keeps_dates
    )


def expression(name: str, rule: Sequence[str], kind: str, plan: Plan) -> str:
    """The SQL of a column under its rule; `kind` is its type in SQL."""
    column = f"row_of.{identifier(name)}"
    what, *more = rule
    if not changes(what, plan):
        return column
    sql = _changed(what, column, more, plan)
    return f"CAST({sql} AS {kind})"


def _changed(what: str, column: str, more: Sequence[str], plan: Plan) -> str:
    match what:
        case "number":
            return pseudonym(more[0], column)
        case "provider":
            return pseudonym("provider", column)
        case "file":
            return f"coalesce(getvariable('places')[{column}], {column})"
        case "id":
            file = f"({column} >> 32)"
            moved = f"coalesce(getvariable('places')[{file}], {file})"
            return f"{moved} * 4294967296 + ({column} & 4294967295)"
        case "age":
            # At the end of the year: of birth years alone, so that no birthday can be told of it.
            years = f"greatest(0, year(row_of.{identifier(more[0])}) - who.birth_year)"
            return (
                f"CASE WHEN {column} IS NULL OR who.birth_year IS NULL THEN NULL "
                f"WHEN who.birth_year <= {_GROUPED} THEN {_OLDEST} "
                f"ELSE least({_OLDEST}, {years}) END"
            )
        case "state":  # a town, where a file has it in the wrong place
            return f"CASE WHEN regexp_full_match(trim({column}), '[A-Za-z]{{2}}') THEN {column} END"
        case "zip3":
            return _zip3(column, plan)
        case "zip_amount":
            is_zip = "row_of.kind = 'value' AND row_of.code = 'A0'"
            return f"CASE WHEN {is_zip} THEN NULL ELSE {column} END"
        case "drop" | "time":
            return "NULL"
        case _:
            return _day(what, column, more, plan)


def _zip3(column: str, plan: Plan) -> str:
    """Three digits of what is a ZIP code; 000 where few live, nothing of what is none."""
    small = ", ".join(f"'{area}'" for area in plan.small) or "''"
    return (
        f"CASE WHEN NOT regexp_full_match(trim({column}), '[0-9]{{5}}(-?[0-9]{{4}})?') THEN NULL "
        f"WHEN substr(trim({column}), 1, 3) IN ({small}) THEN '000' "
        f"ELSE substr(trim({column}), 1, 3) END"
    )


def _day(what: str, column: str, more: Sequence[str], plan: Plan) -> str:
    """Rules of days; years beyond 9000 stand for an open end, and stay."""
    year = f"CASE WHEN year({column}) >= 9000 THEN {column} ELSE date_trunc('year', {column}) END"
    is_shift = plan.dates == "shift"
    shifted = (
        f"CASE WHEN who.days IS NULL OR year({column}) >= 9000 THEN {year} "
        f"ELSE {column} + CAST(who.days AS INTEGER) END"
    )
    months = f"CAST(round(who.days / {_DAYS_OF_MONTH}) AS INTEGER)"
    match what:
        case "shared":
            return year
        case "birth":
            if plan.is_limited:
                return shifted if is_shift else year
            # Born in that year or before: 90 by the end of the year of the copy, or older.
            born = f"make_date(greatest(year({column}), {_GROUPED}), 1, 1)"
            return f"CASE WHEN {column} IS NOT NULL THEN {born} END"
        case "until":
            moved = shifted if is_shift else year
            return f"CASE WHEN {column} >= getvariable('as_of') THEN {column} ELSE {moved} END"
        case "month" if is_shift:
            return f"CASE WHEN who.days IS NULL THEN {year} ELSE {column} + to_months({months}) END"
        case "month_no":
            return f"{column} + {months}" if is_shift else f"{column} // 12 * 12"
        case "since" | "wait":
            end = f"{column} - who.days" if is_shift else "NULL"
            if what == "since":
                return end
            events = ", ".join(f"row_of.{identifier(event)}" for event in more)
            return f"CASE WHEN coalesce({events}) IS NULL THEN {end} ELSE {column} END"
        case _:
            return shifted if is_shift else year
