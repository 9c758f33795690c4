"""How far a long statement of DuckDB is, told while it runs: it reads a whole file in one."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread

import duckdb

_EVERY = 0.2  # seconds
_SETTINGS = ("enable_progress_bar", "enable_progress_bar_print")


@dataclass(slots=True)
class Share:
    """The share of the work that is done, of statements whose number is not known.

    The first that lasts reads the file and is `own` of the work; each later one is a quarter of
    what is left.  So it never falls and never ends before the work does.
    """

    own: float = 0.6
    before: float = 0.0
    percent: float = 0.0

    def now(self, percent: float) -> float:
        """The share, 0 to 1, where the statement at work is so far (below 0: not known)."""
        if 0 <= percent < self.percent:
            self.before += (1 - self.before) * self.own
            self.own, self.percent = 0.25, 0.0
        self.percent = max(self.percent, percent)
        return self.before + (1 - self.before) * self.own * self.percent / 100


@contextmanager
def watched(
    connection: duckdb.DuckDBPyConnection, tell: Callable[[float], None] | None
) -> Generator[None]:
    """Tell the share that is done (0 to 1) of what the connection does, from another thread."""
    if tell is None:
        yield
        return
    said = ", ".join(f"current_setting('{name}')" for name in _SETTINGS)
    kept = connection.execute(f"SELECT {said}").fetchall()[0]
    _set(connection, (True, False))  # counted, and no bar of DuckDB's own beside ours
    over = Event()
    thread = Thread(target=_poll, args=(connection, tell, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        _set(connection, kept)


def _poll(
    connection: duckdb.DuckDBPyConnection, tell: Callable[[float], None], over: Event
) -> None:
    share = Share()
    while not over.wait(_EVERY):
        tell(share.now(connection.query_progress()))


def _set(connection: duckdb.DuckDBPyConnection, values: tuple[bool, ...]) -> None:
    for name, value in zip(_SETTINGS, values, strict=True):
        connection.execute(f"SET {name} = {value}")
