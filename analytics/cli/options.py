"""What one metric or study alone can be asked: ``--with name=value``."""

import datetime as dt
import inspect
from collections.abc import Callable, Iterable
from typing import Annotated, Any, cast

import typer

from analytics.metrics import Metric

With = Annotated[
    list[str] | None,
    typer.Option(
        "--with",
        metavar="NAME=VALUE",
        help="What it alone can be asked, as `revcycle metrics NAME` lists. Commas for several"
        " values or names: at=2026-08-31,edges=30,60.",
    ),
]
_LISTS = ("edges",)


def asked(texts: Iterable[str] | None) -> dict[str, Any]:
    """Arguments from ``name=value`` texts: days, numbers, yes or no, else text."""
    found: dict[str, list[Any]] = {}
    for text in texts or ():
        name, sign, _ = text.partition("=")
        if not sign:
            raise typer.BadParameter(f"{text!r} has no '=': write --with name=value")
        for part in text.split(","):
            before, sign, after = part.partition("=")
            name, written = (before.strip(), after) if sign else (name, part)
            values = found.setdefault(name, [])
            values += [_value(written.strip())] if written.strip() else []
    return {
        name: values[0] if len(values) == 1 and name not in _LISTS else values
        for name, values in found.items()
    }


def of_metric(metric: Metric, given: dict[str, Any], call: Callable[..., Any]) -> dict[str, Any]:
    """The arguments, each known to the metric and to what of it is called."""
    known = [name for name in metric.options if call == metric or name in _named(call)]
    return {name: _dated(name, value) for name, value in _known(metric.name, given, known).items()}


def of_study(name: str, study: Callable[..., Any], given: dict[str, Any]) -> dict[str, Any]:
    """The arguments, each known to the study and of the kind that it takes."""
    defaults = {n: p.default for n, p in inspect.signature(study).parameters.items()}
    known = _known(name, given, own(study))
    return {name: _of_kind(name, value, defaults[name]) for name, value in known.items()}


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


def _dated(name: str, value: Any) -> Any:
    """The value.  Raises BadParameter for an `at` that is no day."""
    days = cast("list[Any]", value if isinstance(value, list) else [value])
    for one in days if name == "at" else ():
        if not isinstance(one, dt.date):
            raise typer.BadParameter(f"{str(one)!r} is not a date: write it as at=2026-10-31")
    return cast("Any", value)


def _of_kind(name: str, value: Any, default: Any) -> Any:
    """The value, of the kind of the default.  Raises BadParameter for one that is not."""
    if isinstance(default, bool) and not isinstance(value, bool):
        raise typer.BadParameter(f"{name} is true or false: write --with {name}=true")
    if isinstance(default, int) and type(value) is not type(default):
        raise typer.BadParameter(f"{name} is a whole number: write --with {name}={default}")
    if isinstance(default, float):
        try:
            return float(value)
        except (TypeError, ValueError):
            raise typer.BadParameter(f"{name} is a number: write --with {name}={default}") from None
    return _dated(name, value)


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
