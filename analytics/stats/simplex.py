"""The least value of a function of few numbers, without its derivatives."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
_STEPS, _RESTARTS, _CLOSE = 600, 6, 1e-9


def minimise(function: Callable[[Floats], float], start: ArrayLike) -> Floats:
    """Where `function` is least, near `start`.  Nelder & Mead (1965), begun anew until it stays.

    A simplex can shrink beside the minimum; a fresh one around what was found goes on from there.
    """
    best = np.asarray(start, dtype=np.float64)
    for _ in range(_RESTARTS):
        found = _descend(function, best)
        if function(best) - function(found) < _CLOSE:
            return found
        best = found
    return best


def _descend(function: Callable[[Floats], float], start: Floats) -> Floats:
    corners = np.vstack([start, start + 0.5 * np.eye(len(start))])
    values = np.array([function(corner) for corner in corners])
    for _ in range(_STEPS):
        order = values.argsort(kind="stable")
        corners, values = corners[order], values[order]
        if values[-1] - values[0] < _CLOSE and np.ptp(corners, axis=0).max() < _CLOSE**0.5:
            break
        corners, values = _step(function, corners, values)
    return corners[values.argmin()]


def _step(
    function: Callable[[Floats], float], corners: Floats, values: Floats
) -> tuple[Floats, Floats]:
    """The worst corner reflected, drawn out or in; else all corners drawn to the best."""
    middle = corners[:-1].mean(axis=0)
    away = middle - corners[-1]
    tried = middle + away
    value = function(tried)
    if value < values[0]:
        tried, value = _better(function, middle + 2 * away, tried, value)
    elif value >= values[-2]:
        inward = middle + (0.5 if value < values[-1] else -0.5) * away
        tried, value = inward, function(inward)
        if value >= values[-1]:
            corners = (corners + corners[0]) / 2
            return corners, np.array([function(corner) for corner in corners])
    corners[-1], values[-1] = tried, value
    return corners, values


def _better(
    function: Callable[[Floats], float], other: Floats, tried: Floats, value: float
) -> tuple[Floats, float]:
    found = function(other)
    return (other, found) if found < value else (tried, value)
