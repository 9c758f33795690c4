"""A progress bar for long work, where somebody is looking: on a terminal or in a notebook."""

import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from html import escape
from typing import Any, TypeAlias

Progress: TypeAlias = Callable[[int, int, str], None]  # done, in all, what is at work now

_OFTEN = 0.2  # seconds between two looks of a bar in a notebook: each is a message to the page
_state = {"silent": False}  # of this process


def silence() -> None:
    """No bars from now on, as in a report: what a cell shows there is kept."""
    _state["silent"] = True


@contextmanager
def shown(what: str, wanted: Progress | bool | None) -> Generator[Progress]:
    """What to tell the progress of `what` to.

    `wanted` is a function of one's own, True or None for a bar in the notebook's cell or on the
    error stream (None: only where somebody is looking), or False for silence.  When the work is
    done the bar is gone.
    """
    if callable(wanted):
        yield wanted
    elif wanted is False or _state["silent"]:
        yield _unheard
    else:
        with _in_cell(what) if _notebook() else _on_terminal(what, wanted) as tell:
            yield tell


def _unheard(done: int, total: int, now: str) -> None:
    del done, total, now


@contextmanager
def _on_terminal(what: str, wanted: bool | None) -> Generator[Progress]:
    # rich is slow to import, and most calls are too short to need it.
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[now]}"),
    )
    is_seen = console.is_terminal or wanted is True
    with Bar(*columns, console=console, transient=True, disable=not is_seen) as bar:
        task = bar.add_task(what, now="")
        yield lambda done, total, now: bar.update(task, completed=done, total=total, now=now)


def _notebook() -> bool:
    """Whether a notebook's kernel runs this, however it is shown."""
    module: Any = sys.modules.get("IPython")  # where there is a notebook it is imported
    shell = module.get_ipython() if module else None
    return hasattr(shell, "kernel")


@contextmanager
def _in_cell(what: str) -> Generator[Progress]:
    """A bar of plain HTML: it needs no widgets, and a saved notebook keeps nothing of it."""
    from IPython import display  # only where a notebook runs

    page: Any = display
    handle = page.display(page.HTML(_bar(what, 0, 0, "")), display_id=True)
    last = time.monotonic()

    def tell(done: int, total: int, now: str) -> None:
        nonlocal last
        if time.monotonic() - last >= _OFTEN:
            handle.update(page.HTML(_bar(what, done, total, now)))
            last = time.monotonic()

    try:
        yield tell
    finally:
        handle.update(page.HTML(""))


def _bar(what: str, done: int, total: int, now: str) -> str:
    size = f' value="{done}" max="{total}"' if total else ""
    said = f" {done / total:.0%} {escape(now)}" if total else ""
    return f"<label>{escape(what)} <progress{size}></progress></label>{said}"
