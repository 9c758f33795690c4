"""Studies: what each is asked, what it tells, and an example."""

from collections.abc import Callable

import polars as pl

import analytics as rc
from pages import examples, source
from pages import markdown as md


def summary(study: Callable[..., pl.DataFrame]) -> str:
    """What a study tells, in a sentence."""
    return md.escaped(source.first_line(study))


def section(name: str, study: Callable[..., pl.DataFrame], db: rc.Database) -> str:
    """The part of a page that tells all of one study."""
    return md.page(
        md.anchor(f"metric.{name}"),
        f"## {name}",
        md.function(f"analytics.metrics.{name}{source.signature(study)}", source.docstring(study)),
        "**Example**",
        examples.shown(examples.of_study(name), db),
    )
