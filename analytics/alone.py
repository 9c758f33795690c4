"""One run at a time: a lock on a file, which the system lets go of when the program ends."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from analytics.errors import AnalyticsError


@contextmanager
def alone(path: Path) -> Generator[None]:
    """Hold the lock at `path`; the file stays, as another run may already wait to open it.

    Raises AnalyticsError where another run holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        try:
            _take(file)
        except OSError:
            raise AnalyticsError(f"another run holds {path}: nothing was made") from None
        yield


if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    def _take(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
