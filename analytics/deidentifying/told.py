"""What was done to make a copy, told: as a frame, as text, as a page."""

from analytics import tables
from analytics.copies import date_rule
from analytics.database import Database
from analytics.deidentifying.declared import unequal
from analytics.deidentifying.making import Deidentified

_LEVELS = {
    "limited": "limited data set (45 CFR 164.514(e)): still protected health information, given "
    "out under a data use agreement only",
    "safe-harbor": "Safe Harbor (45 CFR 164.514(b)(2)): the listed identifiers are taken out; that "
    "you know of no way to tell a person from the rest is yours to say",
}
_DATES = {
    "keep": "days are as they were",
    "shift": "days of a person are moved by whole weeks, days of many people cut to the year",
    "year": "days are cut to the year",
}
_SHIFT_NOTE = (
    "Moved days are days: Safe Harbor allows years only, so this copy needs an expert's "
    "determination (164.514(b)(1))"
)


def summary(made: Deidentified) -> dict[str, str]:
    """What the copy is, in words."""
    plan = made.plan
    said = {
        "Copy": f"{made.path}, {made.rows:,} rows",
        "Level": _LEVELS[plan.level],
        "Days": _DATES[plan.dates],
        "Providers": "pseudonyms" if plan.hide_providers else "as they were",
    }
    if plan.dates == "shift" and not plan.is_limited:
        said["Beware"] = _SHIFT_NOTE
    if others := unequal(plan.dates):
        said["Metrics that say another thing of it"] = ", ".join(others)
    return said


def beware(db: Database, name: str, *, by_time: bool) -> str | None:
    """What to say beside a number of a copy that is not the original's; None where there is none.

    `by_time`: it is one of a period, or may hold such.
    """
    dates = date_rule(db.connection)
    why = unequal(dates or "keep").get(name)
    if why is None and by_time and dates in ("shift", "year"):
        why = "days are not those of the original, nor are numbers by time"
    return (
        f"a de-identified copy, dates: {dates}; {name} is not the original's: {why}"
        if why
        else None
    )


def to_dict(made: Deidentified) -> dict[str, object]:
    """The same for programs, with what became of each column."""
    plan = made.plan
    return {
        "copy": made.path,
        "rows": made.rows,
        "level": plan.level,
        "dates": plan.dates,
        "providers_hidden": plan.hide_providers,
        "other_metrics": unequal(plan.dates),
        "columns": made.frame.to_dicts(),
    }


def page(made: Deidentified) -> str:
    """The same as one HTML page."""
    shown = tables.table(made.frame, "What became of each column", note="Numbers count values.")
    parts = [part.outputs["text/html"] for part in (tables.facts(summary(made)), shown)]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>De-identified copy</title></head><body>{''.join(parts)}</body></html>\n"
    )


def text(made: Deidentified) -> str:
    """The same as lines, columns split by tabs."""
    frame = made.frame
    said = [f"{name}: {what}" for name, what in summary(made).items()]
    rows = ["\t".join(map(str, row)) for row in [tuple(frame.columns), *frame.iter_rows()]]
    return "\n".join([*said, "", *rows]) + "\n"
