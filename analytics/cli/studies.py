"""Studies on the command line: the options of `show` as the arguments of their functions."""

import datetime as dt
import inspect
from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
import typer

from analytics.cli.console import write
from analytics.cli.filters import days
from analytics.cli.listing import chosen_of, in_cents, tell_if_short
from analytics.cli.tolerance import within
from analytics.metrics import STUDIES, Priced, named
from analytics.query import Between, Engine

_OPTIONS = (
    "metric", "by", "every", "where", "period", "before", "after", "strata", "limit",
    "include_duplicates", "clock",
)  # fmt: skip


def computed(engine: Engine, name: str, asked: Mapping[str, Any]) -> pl.DataFrame:
    """The frame of a study.  Raises BadParameter for an option it lacks or still needs."""
    study = STUDIES[name]
    others = {option: value for option, value in asked.items() if option != "tolerance"}
    given = _arguments(name, study, others)
    if asked.get("tolerance") is not None:
        about = _parameters(study).get("metric")
        metric = given.get("metric", about.default if about else None)
        given["metric"] = within(metric, asked["tolerance"], name)
    return study(engine, **given)


def tell(
    frame: pl.DataFrame,
    name: str,
    columns: str | None,
    as_of: dt.date | None,
    *,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Write the frame: in a table few columns where it has many, else all, or those asked for."""
    plain = as_json or as_csv
    columns = columns or (None if plain else "few")
    told = chosen_of(frame if plain else in_cents(frame, name), name, columns)
    write(told, as_json=as_json, as_csv=as_csv)
    if not plain:
        more = "  More with --columns all." if told.width < frame.width else ""
        typer.echo(f"\n{summary(name)}  As of {as_of}.{more}")
    tell_if_short(frame)


def refuse(options: Mapping[str, Any], name: str) -> None:
    """Raise BadParameter where options of studies come with a metric."""
    for option, value in options.items():
        if value is not None:
            raise typer.BadParameter(f"--{option} is of studies, not of metrics such as {name}")


def summary(name: str) -> str:
    """The first line of what a study says of itself."""
    return (inspect.getdoc(STUDIES[name]) or "").split("\n", maxsplit=1)[0]


def description(name: str) -> str:
    """All that a study says of itself, and its options on the command line."""
    known = _parameters(STUDIES[name])
    said = [f"--{_dashed(o)}" if o in _OPTIONS else f"--with {o}=" for o in known]
    if "metric" in known and isinstance(known["metric"].default, Priced):
        said.append("--tolerance")
    options = ", ".join(said)
    return f"{name}\n\n{inspect.getdoc(STUDIES[name])}\n\nOptions of show: {options}"


def _arguments(
    name: str, study: Callable[..., pl.DataFrame], asked: Mapping[str, Any]
) -> dict[str, Any]:
    known = _parameters(study)
    given = {option: value for option, value in asked.items() if value not in (None, [], {}, False)}
    for option in given:
        if option not in known and option != "limit":  # it has a value unasked
            raise typer.BadParameter(f"{name} takes no --{_dashed(option)}")
    for option, parameter in known.items():
        if parameter.default is parameter.empty and option not in given:
            raise typer.BadParameter(f"{name} needs --{_dashed(option)}")
    return {option: _meant(option, value) for option, value in given.items() if option in known}


def _parameters(study: Callable[..., pl.DataFrame]) -> dict[str, inspect.Parameter]:
    return dict(list(inspect.signature(study).parameters.items())[1:])  # all but the engine


def _meant(option: str, value: Any) -> Any:
    """The value as the function takes it: a metric by name, days as a range, a list."""
    if option == "metric":
        return named(value)
    if option in ("before", "after", "period"):
        return Between(*days(value), high_included=True)
    return value


def _dashed(option: str) -> str:
    return option.replace("_", "-")
