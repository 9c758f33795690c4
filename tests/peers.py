"""Libraries by others that answers are held against."""

from typing import Any

import pytest


class Peer:
    """A module imported when a test first asks it: to collect the tests, each worker need not.

    The test is skipped where it is not installed.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        return getattr(pytest.importorskip(self._name), name)
