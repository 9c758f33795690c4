"""The command `revcycle`.

Exit codes: 0 fine, 1 findings or partly rejected, 2 usage or unreadable.
"""

import os
import traceback
from pathlib import Path

import typer

from analytics.cli import (
    auditing,
    data,
    deidentifying,
    evidencing,
    exporting,
    keys,
    mapping,
    numbers,
    purging,
    reference,
    reporting,
    retention,
    scheduling,
    starting,
    value,
)
from analytics.cli.console import app, fail
from analytics.errors import AnalyticsError

SHOW = "REVCYCLE_TRACEBACK"  # the variable by which one asks to see an error whole

__all__ = [
    "app",
    "auditing",
    "data",
    "deidentifying",
    "evidencing",
    "exporting",
    "keys",
    "main",
    "mapping",
    "numbers",
    "purging",
    "reference",
    "reporting",
    "retention",
    "scheduling",
    "starting",
    "value",
]


def main() -> None:
    """Run the command; a user's mistake ends in one line and exit code 2, never a traceback."""
    try:
        app()
    except AnalyticsError as error:
        fail(str(error))
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        fail(f"{where}{error.strerror or type(error).__name__}")
    except KeyboardInterrupt:
        typer.echo("stopped", err=True)
        raise SystemExit(130) from None
    except Exception as error:
        if os.environ.get(SHOW):
            raise
        fail(_mistake(error))


def _mistake(error: Exception) -> str:
    """Where an error that nobody foresaw was raised; its own words may quote a row."""
    frames = traceback.extract_tb(error.__traceback__)
    package = Path(__file__).parents[1]
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(package)]
    last = (ours or frames)[-1]
    return (
        f"a mistake of the program: {type(error).__name__} at {Path(last.filename).name}, line "
        f"{last.lineno}; its words are withheld, as they may quote data ({SHOW}=1 shows them)"
    )
