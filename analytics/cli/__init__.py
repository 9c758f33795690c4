"""The command `revcycle`.

Exit codes: 0 fine, 1 findings or partly rejected, 2 usage or unreadable.
"""

import typer

from analytics.cli import (
    auditing,
    data,
    deidentifying,
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

__all__ = [
    "app",
    "auditing",
    "data",
    "deidentifying",
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
