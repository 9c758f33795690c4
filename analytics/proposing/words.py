"""Names of columns as words: `RendProvNPI`, `REND_NPI` and `Rendering NPI` say the same."""

import csv
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

Words = frozenset[str]

# What says little: two names that differ by these alone are nearly one.
_FAINT = frozenset(("amount", "number", "code", "id", "name", "provider", "value", "line", "claim"))
_FAINT_WEIGHT = 0.35
_LEAST, _NOT_SAME, _TURNED = 0.55, 0.95, 0.6
# Words that make another thing of what they stand beside.
_TURNING = frozenset((
    "secondary", "tertiary", "second", "guarantor", "referring", "supervising", "previous",
    "expected", "employer", "emergency", "facility", "pharmacy", "spouse", "contact", "balance",
    "description", "end",
))  # fmt: skip
_DROPPED = frozenset(("of", "the", "a", "an", "for", "and", "in", "s"))
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_PIECE = re.compile(r"[^\W\d_]+\d*[^\W\d_]*|\d+", re.UNICODE)
_SHORTEST = 2  # letters of a piece of a word written together


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one of our lists."""
    text = files("analytics.proposing").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def words(name: str) -> Words:
    """The words of a name, abbreviations written out, numbers and small words left out."""
    found: list[str] = []
    for piece in _PIECE.findall(_CAMEL.sub(" ", name.replace("'", ""))):
        found += _written_out(piece.lower())
    return frozenset(found) - _DROPPED


def is_made_of_known(name: str) -> bool:
    """Whether every word of a name is one of our lists: none is left that could be a person's."""
    pieces = [piece.lower() for piece in _PIECE.findall(_CAMEL.sub(" ", name))]
    every = (re.sub(r"\d+", "", piece) for piece in pieces)
    return bool(pieces) and all(
        not word or word in _short() or word in _vocabulary() or word in _DROPPED for word in every
    )


@cache
def known() -> Mapping[str, tuple[tuple[Words, float], ...]]:
    """Of each concept the ways its column may be named, with their weights."""
    found: dict[str, dict[Words, float]] = {}
    for row in rows("headers.csv"):
        name = words(row["header"])
        found.setdefault(row["concept"], {})[name] = weight(name)
    return {concept: tuple(names.items()) for concept, names in found.items()}


def weight(name: Iterable[str]) -> float:
    """How much a name says."""
    return sum(_FAINT_WEIGHT if word in _FAINT else 1.0 for word in name)


@cache
def likeness(name: str) -> Mapping[str, float]:
    """Concepts that a column of this name may be, 1 for a name that is known word by word."""
    said = words(name)
    own = weight(said)
    scores: dict[str, float] = {}
    for concept, names in known().items():
        best = max(_alike(said, own, other, size) for other, size in names)
        if best >= _LEAST:
            scores[concept] = best
    return scores


def _alike(said: Words, own: float, other: Words, size: float) -> float:
    """How much two names have in common: 1 where they are the same."""
    if said == other:
        return 1.0
    common = 2 * weight(said & other) / (own + size)
    return min(common, _NOT_SAME) * (_TURNED if (said ^ other) & _TURNING else 1)


@cache
def _short() -> Mapping[str, tuple[str, ...]]:
    return {row["short"]: tuple(row["words"].split()) for row in rows("abbreviations.csv")}


@cache
def _vocabulary() -> Words:
    names = (row["header"].split() for row in rows("headers.csv"))
    written = (word for whole in _short().values() for word in whole)
    return frozenset(word for name in names for word in name) | frozenset(written)


def _written_out(piece: str) -> tuple[str, ...]:
    """A piece of a name as words: known, known but for digits, or put together of known ones."""
    for said in (piece, re.sub(r"\d+", "", piece)):
        if said in _short():
            return _short()[said]
        if said in _vocabulary():
            return (said,)
    bare = re.sub(r"\d+", "", piece)
    parts = _parted(bare) if bare else ()
    return tuple(word for part in parts or (bare,) if part for word in _short().get(part, (part,)))


@cache
def _parted(word: str) -> tuple[str, ...]:
    """The fewest known words that a word is put together of; none where it is not."""
    best: list[tuple[str, ...] | None] = [()]
    for end in range(1, len(word) + 1):
        choices = [
            (*before, word[start:end])
            for start in range(max(0, end - 16), end - _SHORTEST + 1)
            if (before := best[start]) is not None
            and (word[start:end] in _short() or word[start:end] in _vocabulary())
        ]
        best.append(min(choices, key=len, default=None))
    return best[-1] or ()
