"""A call of a metric or study, told in Python and on the command line, and made."""

import datetime as dt
import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

import analytics as rc
from analytics.cli.listing import chosen_of, in_cents, in_unit
from analytics.metrics import CATALOGUE, STUDIES

# Of the arguments, those with an option of their own; the others go with --with.
_OPTIONS = ("metric", "by", "every", "period", "before", "after", "strata", "limit")


@dataclass(frozen=True, slots=True)
class Call:
    """A metric or study by name, and its arguments beside the database."""

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def python(self) -> str:
        """The call in Python."""
        is_metric = self.name in CATALOGUE
        called = f'rc.metrics.CATALOGUE["{self.name}"]' if is_metric else f"rc.metrics.{self.name}"
        given = [f"{name}={_literal(value)}" for name, value in self.arguments.items()]
        return f"{called}({', '.join(['db', *given])})"

    @property
    def command(self) -> str:
        """The call on the command line."""
        given = [_option(name, value) for name, value in self.arguments.items()]
        return " ".join(["revcycle show", self.name, *given])

    def frame(self, db: rc.Database) -> pl.DataFrame:
        """What comes of it, numbers in their unit, as the command shows it."""
        if self.name in CATALOGUE:
            metric = CATALOGUE[self.name]
            return in_unit(metric(db, **self.arguments), metric)
        found = STUDIES[self.name](db, **self.arguments)
        return chosen_of(in_cents(found, self.name), self.name, "few")


def _literal(value: Any) -> str:
    if isinstance(value, rc.Between):
        return f"rc.Between({_literal(value.low)}, {_literal(value.high)})"
    if isinstance(value, dt.date):
        return f"dt.date({value.year}, {value.month}, {value.day})"
    return json.dumps(value)


def _option(name: str, value: Any) -> str:
    if name == "where":
        return " ".join(f"--{name} {shlex.quote(f'{k}={v}')}" for k, v in value.items())
    text = _words(value)
    return f"--{name} {text}" if name in _OPTIONS else f"--with {name}={text}"


def _words(value: Any) -> str:
    """A value as the command line takes it; the last day of a span is in it there."""
    if isinstance(value, rc.Between) and isinstance(value.high, dt.date):
        return f"{value.low}..{value.high - dt.timedelta(days=1)}"
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
