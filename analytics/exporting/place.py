"""Where an export goes: a file that only its owner reads, there whole or not at all."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from analytics.errors import AnalyticsError


@contextmanager
def placed(path: Path) -> Generator[Path]:
    """An empty file beside `path` to write to, which takes its place at the end.

    Raises AnalyticsError where it cannot be written; what stood at `path` then stays.
    """
    if path.is_dir():
        raise AnalyticsError(f"{path} is a folder: name a file")
    part = path.with_name(f"{path.name}.part")
    try:
        part.unlink(missing_ok=True)  # a file of somebody else's would keep its owner and mode
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            yield part
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise AnalyticsError(f"{path} cannot be written: {reason}") from None
