"""A progress bar for long work, where somebody is looking: on a terminal or in a notebook."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TypeAlias

Progress: TypeAlias = Callable[[int, int, str], None]  # done, in all, what is at work now


@contextmanager
def shown(what: str, wanted: Progress | bool | None) -> Generator[Progress]:
    """What to tell the progress of `what` to.

    `wanted` is a function of one's own, True or None for a bar on the error stream (None: only
    where somebody is looking), or False for silence.
    """
    if callable(wanted):
        yield wanted
        return
    # rich is slow to import, and most calls are too short to need it.
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    seen = console.is_terminal or console.is_jupyter or wanted is True
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[now]}"),
    )
    with Bar(*columns, console=console, transient=True, disable=wanted is False or not seen) as bar:
        task = bar.add_task(what, now="")
        yield lambda done, total, now: bar.update(task, completed=done, total=total, now=now)
