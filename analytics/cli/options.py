"""What one metric or study alone can be asked: ``--with name=value``."""

import datetime as dt
import inspect
from collections.abc import Callable, Iterable
from typing import Annotated, Any

import typer

from analytics.metrics import Metric

With = Annotated[
    list[str] | None,
    typer.Option(
        "--with",
        metavar="NAME=VALUE",
        help="What it alone can be asked, as `revcycle metrics NAME` lists. Commas between days or "
        "other values of one name; repeat --with for another name.",
    ),
]
_LISTS = ("edges",)


def asked(texts: Iterable[str] | None) -> dict[str, Any]:
    """Arguments from ``name=value`` texts: days, numbers, yes or no, else text."""
    found: dict[str, Any] = {}
    for text in texts or ():
        name, sign, written = text.partition("=")
        if not sign:
            raise typer.BadParameter(f"{text!r} has no '=': write --with name=value")
        values = [_value(part.strip()) for part in written.split(",") if part.strip()]
        if any(isinstance(value, str) and "=" in value for value in values):
            raise typer.BadParameter(f"{text!r} sets two names: repeat --with for each")
        is_list = len(values) != 1 or name.strip() in _LISTS
        found[name.strip()] = values if is_list else values[0]
    return found


def of_metric(metric: Metric, given: dict[str, Any], call: Callable[..., Any]) -> dict[str, Any]:
    """The arguments, each known to the metric and to what of it is called."""
    known = [name for name in metric.options if call == metric or name in _named(call)]
    return _known(metric.name, given, known)


def of_study(name: str, study: Callable[..., Any], given: dict[str, Any]) -> dict[str, Any]:
    """The arguments, each known to the study."""
    return _known(name, given, own(study))


def own(study: Callable[..., Any]) -> list[str]:
    """The arguments of a study that have no option of their own."""
    common = (
        "engine",
        "metric",
        "by",
        "every",
        "where",
        "period",
        "before",
        "after",
        "strata",
        "clock",
    )
    return [name for name in _named(study) if name not in (*common, "limit", "include_duplicates")]


def _known(what: str, given: dict[str, Any], known: list[str]) -> dict[str, Any]:
    for name in given:
        if name not in known:
            these = f"it takes {', '.join(known)}" if known else "it takes none"
            raise typer.BadParameter(f"{what} takes no --with {name}: {these}")
    return given


def _named(call: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(call).parameters)


def _value(text: str) -> Any:
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    if text.isdecimal():
        return int(text)
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return text
