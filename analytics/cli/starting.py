"""Commands of a working folder: init, lab."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from analytics import starting
from analytics.cli.console import app
from analytics.errors import AnalyticsError

Folder = Annotated[Path, typer.Argument(help="The working folder.")]


@app.command("init")
def init(folder: Folder = Path()) -> None:
    """Make a working folder: reports.toml, an example of a map, the notebooks to edit.

    What is there already stays as it is.
    """
    made, kept = starting.start(folder)
    for path in made:
        typer.echo(str(path))
    for path in kept:
        typer.echo(f"{path}: there already, left as it is")
    typer.echo(f"next: put files into {folder / 'extracts'} and run revcycle load extracts --build")


@app.command("lab", context_settings={"ignore_unknown_options": True})
def lab(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FOLDER]", help="The working folder; then options of Jupyter."),
    ] = None,
) -> None:
    """Open Jupyter in a working folder, with this library; further options are Jupyter's own."""
    given = words or []
    first = [] if not given or given[0].startswith("-") else given[:1]
    folder = Path(*first)
    if not folder.is_dir():
        raise AnalyticsError(f"no folder {folder}: make one with revcycle init")
    if find_spec("jupyterlab") is None:
        raise AnalyticsError("lab needs Jupyter: pip install 'revcycle[notebook]'")
    package = str(Path(starting.__file__).resolve().parents[2])
    paths = [package, *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    path = os.pathsep.join(dict.fromkeys(one for one in paths if one))
    # The user's own words for a program of this environment; no shell reads them.
    command = [sys.executable, "-m", "jupyterlab", *given[len(first) :]]
    done = subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONPATH": path}, check=False)  # noqa: S603
    raise typer.Exit(done.returncode)
