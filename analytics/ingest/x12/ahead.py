"""Work done side by side, its results in order and only a few of them at a time."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

_In = TypeVar("_In")
_Out = TypeVar("_Out")

# Each holds a chunk and its rows in memory; numpy and polars leave the interpreter to the others.
THREADS = max(1, min(4, os.cpu_count() or 1))


def in_order(work: Callable[[_In], _Out], items: Iterable[_In]) -> Iterator[_Out]:
    """The result for each item, in order; as many are worked on at a time as there are threads.

    One item more is at hand, so that none waits for the next while an earlier one takes longer.
    """
    with ThreadPoolExecutor(THREADS) as pool:
        running: deque[Future[_Out]] = deque()
        for item in items:
            running.append(pool.submit(work, item))
            if len(running) > THREADS:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()
